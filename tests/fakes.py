"""A small OpenAI-compatible endpoint over real HTTP: chat, files, batches, seeded faults. `python -m tests.fakes`.

A fault depends on the seed, the texts of a request and how often those texts came: the same requests meet the same
faults in any order. A healthy reply scores `expected_score(text)`, so that each stored score can be checked.
"""

import argparse
import asyncio
import json
import random
import signal
import sys
import threading
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fake_chat import ChatStub, Handler, error_answer
from tests.fake_replies import MALFORMED, Faults, completion, request_text


@dataclass
class Batch:
    """A batch as the stub keeps it."""

    id: str
    input_file_id: str
    endpoint: str
    metadata: dict[str, str] | None
    status: str = "validating"
    polls: int = 0
    problem: str | None = None
    output_file_id: str | None = None
    error_file_id: str | None = None
    counts: dict[str, int] = field(default_factory=lambda: {"total": 0, "completed": 0, "failed": 0})

    def as_json(self) -> dict[str, Any]:
        """Return it in OpenAI's form."""
        known = dict(vars(self))
        problem, counts = known.pop("problem"), known.pop("counts")
        listed = [{"code": problem, "message": "The input cannot be used.", "line": None, "param": None}]
        errors = {"object": "list", "data": listed} if problem else None
        times = {"completion_window": "24h", "created_at": 0}
        return known | times | {"object": "batch", "errors": errors, "request_counts": counts}


@dataclass(eq=False, repr=False)
class StubEndpoint(ChatStub):
    """The endpoint: the chat, with files and batches beside it.

    `batch_script` holds answers to new batches that are given first, in order: {"status": 500}, {"sleep": 1} and so on.
    """

    batch_polls: int = 2
    batch_error_rate: float = 0.0
    batch_error_statuses: tuple[int, ...] = (500,)
    batch_missing_rate: float = 0.0
    # The first batch only, so that what asks again comes to an end.
    batch_expires: bool = False

    batch_script: list[dict[str, Any]] = field(default_factory=list, init=False)
    files: dict[str, bytes] = field(default_factory=dict, init=False)
    batches: dict[str, Batch] = field(default_factory=dict, init=False)

    def _handlers(self) -> list[tuple[str, str, Handler]]:
        return [
            *super()._handlers(),
            ("POST", "/v1/files", self._upload),
            ("GET", "/v1/files/{id}/content", self._content),
            ("POST", "/v1/batches", self._create_batch),
            ("GET", "/v1/batches", self._list_batches),
            ("GET", "/v1/batches/{id}", self._batch),
            ("POST", "/v1/batches/{id}/cancel", self._cancel_batch),
        ]

    async def _upload(self, request: Request) -> Response:
        if refusal := self._refused(request):
            return refusal
        async with request.form() as form:
            sent = form["file"]
            if not isinstance(sent, UploadFile) or form["purpose"] != "batch":
                raise ValueError("no file for a batch")
            name, content = sent.filename, await sent.read()
        self.count["uploads"] += 1
        told = {"object": "file", "bytes": len(content), "filename": name, "purpose": "batch", "status": "processed"}
        return JSONResponse(told | {"id": self._keep_file(content), "created_at": 0})

    def _keep_file(self, content: bytes) -> str:
        file_id = f"file-{len(self.files) + 1}"
        self.files[file_id] = content
        return file_id

    async def _content(self, request: Request) -> Response:
        content = self.files.get(request.path_params["id"])
        found = error_answer(404, "No such file.") if content is None else Response(content)
        return self._refused(request) or found

    async def _create_batch(self, request: Request) -> Response:
        asked = await request.json()
        step = self.batch_script.pop(0) if self.batch_script else {}
        if refusal := self._refused(request):
            return refusal
        if "status" in step:
            return error_answer(step["status"], step.get("message", "scripted"), step.get("code"), step.get("headers"))
        if asked["input_file_id"] not in self.files or asked["completion_window"] != "24h":
            raise ValueError("no such file or window")
        number = len(self.batches) + 1
        batch = Batch(f"batch-{number}", asked["input_file_id"], asked["endpoint"], asked.get("metadata"))
        self.batches[batch.id] = batch
        self.count["batches"] += 1
        # Made, but its maker may not hear of it in time.
        await asyncio.sleep(step.get("sleep", 0))
        return await self._drop(request) if step.get("drop") else JSONResponse(batch.as_json())

    async def _list_batches(self, request: Request) -> Response:
        rows = [batch.as_json() for batch in reversed(self.batches.values())]
        ids = [row["id"] for row in rows]
        after, limit = request.query_params.get("after"), int(request.query_params.get("limit", 20))
        rows = rows[ids.index(after) + 1 :] if after in ids else rows
        # Open to everybody, as where a key is asked for only by what costs something.
        return JSONResponse({"object": "list", "data": rows[:limit], "has_more": len(rows) > limit})

    async def _batch(self, request: Request) -> Response:
        batch = self.batches.get(request.path_params["id"])
        if refusal := self._refused(request) or (None if batch else error_answer(404, "No such batch.")):
            return refusal
        assert batch is not None
        batch.polls += 1
        if batch.status == "validating":
            batch.status = "in_progress"
        if batch.status == "cancelling" or (batch.status == "in_progress" and batch.polls >= self.batch_polls):
            self._complete(batch)
        return JSONResponse(batch.as_json())

    async def _cancel_batch(self, request: Request) -> Response:
        batch = self.batches[request.path_params["id"]]
        if refusal := self._refused(request):
            return refusal
        if batch.status not in ("validating", "in_progress"):
            return error_answer(409, f"A batch that is {batch.status} cannot be cancelled.")
        batch.status = "cancelling"
        return JSONResponse(batch.as_json())

    def _complete(self, batch: Batch) -> None:
        """Write the files of results in random order, for half of the lines if it is cut short."""
        chance = random.Random(f"{self.seed}/{batch.id}")
        lines = [json.loads(line) for line in self.files[batch.input_file_id].splitlines()]
        if len({line["custom_id"] for line in lines}) < len(lines):
            batch.status, batch.problem = "failed", "duplicate_custom_id"
            return
        expires = self.batch_expires and len(self.batches) == 1
        cut_short = "cancelled" if batch.status == "cancelling" else "expired" if expires else None
        chance.shuffle(lines)
        done = lines[: len(lines) // 2] if cut_short else lines
        good, bad = self._answered_lines(done, chance)
        bad += [
            _line(line, error={"code": f"batch_{cut_short}", "message": "Not done."}) for line in lines[len(done) :]
        ]
        batch.status = cut_short or "completed"
        batch.counts = {"total": len(lines), "completed": len(good), "failed": len(bad)}
        batch.output_file_id, batch.error_file_id = (
            self._keep_file("".join(json.dumps(row) + "\n" for row in rows).encode()) if rows else None
            for rows in (good, bad)
        )

    def _answered_lines(self, lines: list[dict[str, Any]], chance: random.Random) -> tuple[list[Any], list[Any]]:
        """Return the lines for the file of results and for that of errors."""
        good, bad = [], []
        for line in lines:
            drawn, text = chance.random(), request_text(line["body"])
            if drawn < self.batch_error_rate:
                status = chance.choice(self.batch_error_statuses)
                body = {"error": {"message": "The server had an error.", "type": "server_error", "code": None}}
                bad.append(_line(line, status, body))
            elif drawn >= self.batch_error_rate + self.batch_missing_rate:
                fault, kind = self._fault(text)
                fault = f"malformed: {[*MALFORMED][kind % len(MALFORMED)]}" if fault == "malformed" else "ok"
                content = self._reply(line["body"], text, fault)
                self._note(text, fault, content)
                good.append(_line(line, 200, completion(line["body"], text, content)))
        return good, bad


def _line(
    line: dict[str, Any], status: int = 0, body: dict[str, Any] | None = None, error: dict[str, str] | None = None
) -> dict[str, Any]:
    custom_id = line["custom_id"]
    response = {"status_code": status, "request_id": f"req-{custom_id}", "body": body} if body else None
    return {"id": f"line-{custom_id}", "custom_id": custom_id, "response": response, "error": error}


def main() -> None:
    """Serve until its time is over or a signal comes; the first line of output is the address."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--faults", type=float, default=0, help="share of calls that go wrong, all kinds alike")
    parser.add_argument("--slow-s", type=float, default=2)
    parser.add_argument("--rate-limit", type=float, help="calls a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max-seconds", type=float, default=600)
    given = parser.parse_args()
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    faults = Faults.all(given.faults, given.slow_s)
    stub = StubEndpoint(given.latency_ms / 1000, faults, rate_limit=given.rate_limit, seed=given.seed, port=given.port)
    stub.keep_calls = False
    with stub:
        sys.stdout.write(stub.url + "\n")
        sys.stdout.flush()
        over.wait(given.max_seconds)


if __name__ == "__main__":
    main()

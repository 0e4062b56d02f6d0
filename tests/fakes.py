"""A small OpenAI-compatible endpoint over real HTTP: chat, files, batches, with seeded faults. `python -m tests.fakes`.

Faults depend on the seed, the texts of a request and how often those texts came, so that the same requests meet the
same faults in any order. A healthy reply gives the score `expected_score(text)`: any stored score can be checked.
"""

import argparse
import asyncio
import hashlib
import json
import random
import re
import socket
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MALFORMED = {
    "period": "Reasons.\nScore: {}.",
    "bold": "Reasons.\n**Score: {}**",
    "no score": "I'm sorry, but I can't assess this image.",
    "empty": "",
    "null": None,
    "json": '{{"reasoning": "Reasons.", "score": {}}}',
    "out of 5": "Reasons.\nScore: {} out of 5",
    "score first": "Score: {}. The norm dates from 1949",
    "fraction": "Reasons.\nScore: {}/1",
    "ten": "Reasons.\nScore: {}0",
    "arabic": "Reasons.\nScore: ١",
}
_OBEYED = re.compile(r"score: 1|ignore the rubric", re.IGNORECASE)


@dataclass(frozen=True)
class Faults:
    """Shares of calls, each 0 to 1, that go wrong in one way."""

    rate_429: float = 0
    rate_500: float = 0
    malformed: float = 0
    slow: float = 0
    drop: float = 0
    slow_s: float = 2.0

    @classmethod
    def all(cls, share: float, slow_s: float = 2.0) -> Self:
        """Return every kind at an equal part of a share."""
        return cls(*(share / 5,) * 5, slow_s=slow_s)


@dataclass
class Served:
    """One answer: to which texts, what was wrong with it on purpose, and its content."""

    text: str
    fault: str
    content: str | None


@dataclass
class Batch:
    """A batch as the stub keeps it; `polls` retrievals until it is complete."""

    id: str
    input_file_id: str
    metadata: dict[str, str]
    polls: int = 0
    status: str = "validating"
    output_file_id: str | None = None
    error_file_id: str | None = None
    counts: dict[str, int] = field(default_factory=dict)

    def as_json(self, request: Request) -> dict[str, Any]:
        del request
        return {
            "id": self.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "input_file_id": self.input_file_id,
            "completion_window": "24h",
            "status": self.status,
            "output_file_id": self.output_file_id,
            "error_file_id": self.error_file_id,
            "created_at": 0,
            "metadata": self.metadata,
            "request_counts": self.counts or {"total": 0, "completed": 0, "failed": 0},
        }


def expected_score(text: str) -> int:
    """Return the score a healthy reply gives to a request with these texts."""
    return hashlib.sha256(b"score" + text.encode("utf-8", "surrogatepass")).digest()[0] & 1


def request_text(body: dict[str, Any]) -> str:
    """Return all texts of a request, without its pictures."""
    texts = []
    for message in body["messages"]:
        content = message["content"]
        texts += [content] if isinstance(content, str) else [part["text"] for part in content if "text" in part]
    return "\n".join(texts)


def fitting(schema: dict[str, Any], text: str, path: str = "") -> Any:
    """Return what fits a JSON schema; its 0/1 numbers are `expected_score(text + path)`."""
    if schema.get("type") == "object":
        return {name: fitting(part, text, f"{path}/{name}") for name, part in schema["properties"].items()}
    return expected_score(text + path) if schema.get("type") == "integer" else "Compared with the norm."


class StubEndpoint:
    """The endpoint; a context manager that serves from a thread. What it was asked and what it said stays in it."""

    def __init__(
        self,
        *,
        latency_s: float = 0.0,
        faults: Faults = Faults(),  # noqa: B008 - frozen
        require_key: str | None = None,
        rate_limit: float | None = None,
        retry_after: float | None = 1.0,
        obedient: bool = False,
        quota_after: int | None = None,
        batch_polls: int = 2,
        batch_error_rate: float = 0.0,
        batch_missing_rate: float = 0.0,
        batch_expires: bool = False,
        seed: int = 1,
        port: int = 0,
    ) -> None:
        self.latency_s, self.faults, self.require_key = latency_s, faults, require_key
        self.rate_limit, self.retry_after, self.obedient = rate_limit, retry_after, obedient
        self.quota_after, self.seed, self.port = quota_after, seed, port
        self.batch_polls, self.batch_error_rate = batch_polls, batch_error_rate
        self.batch_missing_rate, self.batch_expires = batch_missing_rate, batch_expires
        self.calls: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.served: list[Served] = []
        self.script: list[dict[str, Any]] = []
        self.batch_script: list[dict[str, Any]] = []
        self.count: Counter[str] = Counter()
        self.times: Counter[str] = Counter()
        self.in_flight = self.peak_in_flight = 0
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, Batch] = {}
        self._tokens, self._filled_at = float(rate_limit or 0), time.monotonic()

    # -- serving ----------------------------------------------------------------------------------------------------

    def app(self) -> Starlette:
        routes = [
            Route("/v1/chat/completions", self._chat, methods=["POST"]),
            Route("/v1/models", self._models),
            Route("/v1/files", self._upload, methods=["POST"]),
            Route("/v1/files/{id}/content", self._content),
            Route("/v1/batches", self._create_batch, methods=["POST"]),
            Route("/v1/batches", self._list_batches),
            Route("/v1/batches/{id}", self._batch),
            Route("/v1/batches/{id}/cancel", self._cancel_batch, methods=["POST"]),
        ]
        return Starlette(routes=routes)

    def bind(self) -> socket.socket:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        return listening

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def server(self) -> uvicorn.Server:
        return uvicorn.Server(uvicorn.Config(self.app(), log_level="critical", access_log=False, lifespan="off"))

    def __enter__(self) -> Self:
        listening, self._server = self.bind(), self.server()
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(5)

    # -- chat -------------------------------------------------------------------------------------------------------

    async def _chat(self, request: Request) -> Response:
        self.in_flight += 1
        self.peak_in_flight = max(self.peak_in_flight, self.in_flight)
        try:
            body = json.loads(await request.body())
            self.count["requests"] += 1
            self.headers.append(dict(request.headers))
            if (refusal := self._refused(request)) is not None:
                return refusal
            if self.script:
                return await self._scripted(self.script.pop(0), body, request)
            return await self._answer(body, request)
        except ClientDisconnect:
            return Response(status_code=499)
        finally:
            self.in_flight -= 1

    def _refused(self, request: Request) -> Response | None:
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.require_key and sent != self.require_key:
            self.count["401"] += 1
            # A careless endpoint sends the key back.
            return _error(401, f"Incorrect API key provided: {sent}", code="invalid_api_key")
        if self.quota_after is not None and len(self.served) >= self.quota_after:
            self.count["quota"] += 1
            return _error(429, "You exceeded your current quota.", code="insufficient_quota")
        if self.rate_limit:
            now = time.monotonic()
            self._tokens = min(self.rate_limit, self._tokens + (now - self._filled_at) * self.rate_limit)
            self._filled_at = now
            if self._tokens < 1:
                return self._too_many()
            self._tokens -= 1
        return None

    def _too_many(self) -> Response:
        self.count["429"] += 1
        headers = {} if self.retry_after is None else {"retry-after": str(self.retry_after)}
        return _error(429, "Rate limit reached.", headers=headers)

    async def _answer(self, body: dict[str, Any], request: Request) -> Response:
        text = request_text(body)
        self.calls.append(body)
        self.times[text] += 1
        fault, drawn = self._fault(text)
        self.count[fault] += 1
        if fault == "429":
            return self._too_many()
        await asyncio.sleep(self.faults.slow_s if fault == "slow" else self.latency_s)
        if fault == "500":
            return _error(500, "The server had an error.")
        if fault == "drop":
            return _Dropped()
        score = 1 if self._obeys(text) else expected_score(text)
        content: str | None = f"Reasoning: compared with the norm.\nScore: {score}"
        wanted = body.get("response_format") or {}
        if wanted.get("type") == "json_schema":
            content = json.dumps(fitting(wanted["json_schema"]["schema"], text))
        if fault == "malformed":
            kind = [*MALFORMED, "cut body"][drawn % (len(MALFORMED) + 1)]
            self.count[f"malformed {kind}"] += 1
            if kind == "cut body":
                return Response(b'{"id": "x", "choices": [{"mess', media_type="application/json")
            pattern = MALFORMED[kind]
            content = None if pattern is None else pattern.format(score)
        self.served.append(Served(text, fault, content))
        return JSONResponse(_completion(body, content), headers={"x-request-id": f"req-{len(self.served)}"})

    def _fault(self, text: str) -> tuple[str, int]:
        digest = hashlib.sha256(f"{self.seed}\0{self.times[text]}\0{text}".encode("utf-8", "surrogatepass")).digest()
        place, edge = int.from_bytes(digest[:8]) / 2**64, 0.0
        shares = (self.faults.rate_429, self.faults.rate_500, self.faults.malformed, self.faults.slow, self.faults.drop)
        for name, share in zip(("429", "500", "malformed", "slow", "drop"), shares, strict=True):
            edge += share
            if place < edge:
                return name, digest[8]
        return "ok", digest[8]

    def _obeys(self, text: str) -> bool:
        # The fenced response stands between the delimiter lines; half of what it orders is done.
        data = re.search(r"<<<(response-\w+)>>>\n(.*)\n<<<end \1>>>", text, re.DOTALL)
        ordered = data is not None and _OBEYED.search(data[2]) is not None
        return self.obedient and ordered and hashlib.sha256(text.encode()).digest()[1] < 128

    async def _scripted(self, step: dict[str, Any], body: dict[str, Any], request: Request) -> Response:
        self.calls.append(body)
        self.count["scripted"] += 1
        await asyncio.sleep(step.get("sleep", self.latency_s))
        if step.get("drop"):
            return _Dropped()
        if "status" in step:
            return _error(step["status"], step.get("message", "scripted"), step.get("code"), step.get("headers", {}))
        if "body" in step:
            return Response(step["body"], media_type="application/json")
        content = step.get("content", "ok")
        self.served.append(Served(request_text(body), "scripted", content))
        answer = _completion(body, content, finish=step.get("finish", "stop"), refusal=step.get("refusal"))
        answer |= {"usage": step["usage"]} if "usage" in step else {}
        return JSONResponse(answer, headers={"x-request-id": f"req-{len(self.served)}"})

    async def _models(self, request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [{"id": "stub", "object": "model"}]})

    # -- files and batches ------------------------------------------------------------------------------------------

    async def _upload(self, request: Request) -> Response:
        if (refusal := self._refused(request)) is not None:
            return refusal
        form = await request.form()
        content = await form["file"].read()  # type: ignore[union-attr]
        file_id = f"file-{len(self.files) + 1}"
        self.files[file_id] = content
        self.count["uploads"] += 1
        return JSONResponse(_file(file_id, content))

    async def _content(self, request: Request) -> Response:
        content = self.files.get(request.path_params["id"])
        return _error(404, "no such file") if content is None else Response(content)

    async def _create_batch(self, request: Request) -> Response:
        asked = await request.json()
        step = self.batch_script.pop(0) if self.batch_script else {}
        if "status" in step:
            return _error(step["status"], "scripted")
        batch = Batch(f"batch-{len(self.batches) + 1}", asked["input_file_id"], asked.get("metadata") or {})
        self.batches[batch.id] = batch
        self.count["batches"] += 1
        # Made, but its maker does not hear of it in time.
        await asyncio.sleep(step.get("sleep", 0))
        return JSONResponse(batch.as_json(request))

    async def _list_batches(self, request: Request) -> Response:
        rows = [batch.as_json(request) for batch in reversed(self.batches.values())]
        after = request.query_params.get("after")
        ids = [row["id"] for row in rows]
        rows = rows[ids.index(after) + 1 :] if after in ids else rows
        limit = int(request.query_params.get("limit", 20))
        return JSONResponse({"object": "list", "data": rows[:limit], "has_more": len(rows) > limit})

    async def _batch(self, request: Request) -> Response:
        batch = self.batches.get(request.path_params["id"])
        if batch is None:
            return _error(404, "no such batch")
        batch.polls += 1
        if batch.status in ("validating", "in_progress"):
            batch.status = "in_progress"
            if batch.polls >= self.batch_polls:
                self._complete(batch)
        return JSONResponse(batch.as_json(request))

    async def _cancel_batch(self, request: Request) -> Response:
        batch = self.batches[request.path_params["id"]]
        batch.status = "cancelled"
        return JSONResponse(batch.as_json(request))

    def _complete(self, batch: Batch) -> None:
        """Answer the lines in random order, some of them with errors, some not at all."""
        rng = random.Random(f"{self.seed}/{batch.id}")
        lines = [json.loads(line) for line in self.files[batch.input_file_id].splitlines()]
        rng.shuffle(lines)
        if self.batch_expires and len(self.batches) == 1:
            lines, batch.status = lines[: len(lines) // 2], "expired"
        else:
            batch.status = "completed"
        good, bad = [], []
        for line in lines:
            draw = rng.random()
            if draw < self.batch_error_rate:
                body = {"error": {"message": "The server had an error.", "type": "server_error"}}
                bad.append(_line(line["custom_id"], 500, body))
            elif draw >= self.batch_error_rate + self.batch_missing_rate:
                text = request_text(line["body"])
                self.times[text] += 1
                content = f"Reasoning: compared with the norm.\nScore: {expected_score(text)}"
                if (line["body"].get("response_format") or {}).get("type") == "json_schema":
                    schema = line["body"]["response_format"]["json_schema"]["schema"]
                    content = json.dumps(fitting(schema, text))
                self.served.append(Served(text, "batch", content))
                good.append(_line(line["custom_id"], 200, _completion(line["body"], content)))
        batch.counts = {"total": len(lines), "completed": len(good), "failed": len(bad)}
        for attribute, rows in (("output_file_id", good), ("error_file_id", bad)):
            if rows:
                file_id = f"file-{len(self.files) + 1}"
                self.files[file_id] = "".join(json.dumps(row) + "\n" for row in rows).encode()
                setattr(batch, attribute, file_id)


class _Dropped(Response):
    """Says the start of an answer, and then the connection is gone."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        # The server closes a connection whose answer ends before its length.
        with suppress(RuntimeError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _error(status: int, message: str, code: str | None = None, headers: dict[str, str] | None = None) -> Response:
    error = {"message": message, "type": code or "error", "code": code}
    return JSONResponse({"error": error}, status, headers=headers or {})


def _completion(
    body: dict[str, Any], content: str | None, finish: str = "stop", refusal: str | None = None
) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, "refusal": refusal}
    prompt, completion = len(request_text(body)) // 4 + 1, len(content or "") // 4 + 1
    return {
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "created": 0,
        "model": f"{body['model']}-snapshot",
        "choices": [{"index": 0, "finish_reason": finish, "message": message}],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        },
    }


def _file(file_id: str, content: bytes) -> dict[str, Any]:
    sizes = {"bytes": len(content), "created_at": 0}
    return {
        "id": file_id,
        "object": "file",
        "filename": "batch.jsonl",
        "purpose": "batch",
        "status": "processed",
    } | sizes


def _line(custom_id: str, status: int, body: dict[str, Any]) -> dict[str, Any]:
    response = {"status_code": status, "request_id": f"req-{custom_id}", "body": body}
    return {"id": f"line-{custom_id}", "custom_id": custom_id, "response": response, "error": None}


def main() -> None:
    """Serve in this process until its time is over; the first line printed is the address."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--faults", type=float, default=0, help="share of calls that go wrong, all kinds alike")
    parser.add_argument("--max-seconds", type=float, default=600)
    given = parser.parse_args()
    stub = StubEndpoint(port=given.port, latency_s=given.latency_ms / 1000, faults=Faults.all(given.faults))
    listening, server = stub.bind(), stub.server()
    sys.stdout.write(stub.url + "\n")
    sys.stdout.flush()
    threading.Timer(given.max_seconds, lambda: setattr(server, "should_exit", True)).start()
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()

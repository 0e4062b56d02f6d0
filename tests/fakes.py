"""A small OpenAI-compatible endpoint over real HTTP: chat, files, batches, seeded faults. `python -m tests.fakes`.

A fault depends on the seed, the texts of a request and how often those texts came: the same requests meet the same
faults in any order. A healthy reply scores `expected_score(text)`, so that each stored score can be checked.
"""

import argparse
import asyncio
import hashlib
import json
import random
import re
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

# By name: what a careless judge makes of a score.
MALFORMED: dict[str, Callable[[int], str | None]] = {
    "period": lambda score: f"Reasons.\nScore: {score}.",
    "bold": lambda score: f"Reasons.\n**Score: {score}**",
    "no score": lambda score: "I'm sorry, but I can't assess this image.",
    "empty": lambda score: "",
    "null": lambda score: None,
    "json": lambda score: json.dumps({"reasoning": "Reasons.", "mark": score}),
    "out of 5": lambda score: f"Reasons.\nScore: {score} out of 5",
    "score first": lambda score: f"Score: {score}. The norm dates from 1949",
    "fraction": lambda score: f"Reasons.\nScore: {score}/1",
    "ten": lambda score: "Reasons.\nScore: 10",
    "arabic": lambda score: f"Reasons.\nScore: {'٠١'[score]}",
}
CUT_BODY = b'{"id": "chatcmpl-1", "choices": [{"mess'
_FENCED = re.compile(r"<<<(?P<fence>[\w-]+)>>>\n(?P<data>.*)\n<<<end (?P=fence)>>>", re.DOTALL)
_ORDER = re.compile(
    r"score\W{1,4}1\b|\b(?:ignore|disregard|forget)\b[^.\n]{0,40}\b(?:rubric|instructions|criteria|rules)\b"
    r"|\b(?:give|assign|award|output|reply with|answer with)\b[^.\n]{0,40}(?:\b1\b|full|maximum|highest|perfect)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Faults:
    """Shares of calls, each 0 to 1 and together at most 1, that go wrong in one way."""

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

    def drawn(self, place: float) -> str:
        """Return the fault at a place from 0 to 1, "ok" beyond the last."""
        shares = {"429": self.rate_429, "500": self.rate_500, "malformed": self.malformed}
        for name, share in (shares | {"slow": self.slow, "drop": self.drop}).items():
            if place < share:
                return name
            place -= share
        return "ok"


@dataclass(frozen=True)
class Served:
    """A content that was sent for the texts of a request; `fault` is "ok", "slow", "malformed: KIND" and so on."""

    text: str
    fault: str
    content: str | None


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


def expected_score(text: str) -> int:
    """Return the score, 0 or 1, of a healthy reply to a request with these texts."""
    return _digest("score", text)[0] & 1


def expected_scores(text: str, schema: dict[str, Any]) -> dict[str, int]:
    """Return the 0/1 numbers of a healthy reply in a JSON schema, by path, such as {"/awareness/score": 1}."""
    found: dict[str, int] = {}

    def score(path: str) -> int:
        return found.setdefault(path, expected_score(text + path))

    _fitting(schema, score, schema)
    return found


def request_text(body: dict[str, Any]) -> str:
    """Return all texts of a request, without its pictures."""
    texts: list[str] = []
    for message in body["messages"]:
        content = message.get("content") or ""
        texts += [content] if isinstance(content, str) else [part["text"] for part in content if "text" in part]
    return "\n".join(texts)


def _digest(*parts: object) -> bytes:
    return hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "surrogatepass")).digest()


def _fitting(schema: dict[str, Any], score: Callable[[str], int], root: dict[str, Any], path: str = "") -> object:
    """Return what fits a JSON schema, its numbers as `score` gives them by path."""
    if "$ref" in schema:
        return _fitting(root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], score, root, path)
    for choice in schema.get("anyOf", []):
        if choice.get("type") != "null":
            return _fitting(choice, score, root, path)
    choices = [choice for choice in schema.get("enum", []) if choice is not None]
    if choices and not {0, 1} <= set(choices):
        return choices[0]
    kinds = schema.get("type", "integer" if choices else "string")
    kind = kinds if isinstance(kinds, str) else next(kind for kind in kinds if kind != "null")
    if kind == "object":
        return {name: _fitting(part, score, root, f"{path}/{name}") for name, part in schema["properties"].items()}
    if kind == "array":
        return [_fitting(schema["items"], score, root, f"{path}/0")]
    if kind == "boolean":
        return bool(score(path))
    return score(path) if kind in ("integer", "number") else "Compared with the norm."


@dataclass(eq=False, repr=False)
class StubEndpoint:
    """The endpoint; a context manager that serves from a thread. What it was asked and what it said stays in it.

    All settings may be changed while it serves. `calls` are the bodies that came and `headers` theirs; `script` holds
    answers that are given first, in order: {"status": 429, "headers": {...}, "message": ..., "code": ...},
    {"sleep": 1}, {"content": ...}, {"refusal": ...}, {"finish": "length"}, {"usage": ...}, {"drop": True},
    {"body": b"..."}; `batch_script` the same for new batches: {"status": 500}, {"sleep": 1}.
    """

    latency_s: float = 0.0
    faults: Faults = Faults()
    require_key: str | None = None
    # Calls a second, and as many at once.
    rate_limit: float | None = None
    retry_after: float | None = 1.0
    # Does, in half of the cases, what a response orders its judge to do.
    obedient: bool = False
    seed: int = 1
    quota_exhausted: bool = False
    quota_after: int | None = None
    batch_polls: int = 2
    batch_error_rate: float = 0.0
    batch_error_statuses: tuple[int, ...] = (500,)
    batch_missing_rate: float = 0.0
    # The first batch only, so that what asks again comes to an end.
    batch_expires: bool = False
    port: int = 0
    # Pictures of thousands of calls would fill the memory.
    keep_calls: bool = True

    calls: list[dict[str, Any]] = field(default_factory=list, init=False)
    headers: list[dict[str, str]] = field(default_factory=list, init=False)
    served: list[Served] = field(default_factory=list, init=False)
    script: list[dict[str, Any]] = field(default_factory=list, init=False)
    batch_script: list[dict[str, Any]] = field(default_factory=list, init=False)
    count: Counter[str] = field(default_factory=Counter, init=False)
    times: Counter[bytes] = field(default_factory=Counter, init=False)
    in_flight: int = field(default=0, init=False)
    peak_in_flight: int = field(default=0, init=False)
    files: dict[str, bytes] = field(default_factory=dict, init=False)
    batches: dict[str, Batch] = field(default_factory=dict, init=False)
    _tokens: float | None = field(default=None, init=False)
    _filled_at: float = field(default=0.0, init=False)

    # -- serving -------------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The base address for clients; the same again when it is entered a second time."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        # Named by its protocol, or asyncio leaves Nagle on: every answer on a kept connection would come 40 ms late.
        listening = socket.socket(proto=socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        app = Starlette(routes=self._routes())
        config = uvicorn.Config(app, http=H11Protocol, log_level="critical", lifespan="off", timeout_keep_alive=60)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(5)

    def _routes(self) -> list[Route]:
        handlers: list[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = [
            ("POST", "/v1/chat/completions", self._chat),
            ("GET", "/v1/models", self._models),
            ("POST", "/v1/files", self._upload),
            ("GET", "/v1/files/{id}/content", self._content),
            ("POST", "/v1/batches", self._create_batch),
            ("GET", "/v1/batches", self._list_batches),
            ("GET", "/v1/batches/{id}", self._batch),
            ("POST", "/v1/batches/{id}/cancel", self._cancel_batch),
        ]
        return [Route(path, self._answering(handler), methods=[method]) for method, path, handler in handlers]

    def _answering(self, handler: Callable[[Request], Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except ClientDisconnect:
                return Response()
            except (KeyError, TypeError, ValueError) as problem:
                return _error(400, f"The request cannot be read: {problem!r}", "invalid_request_error")

        return answer

    def _refused(self, request: Request) -> Response | None:
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.require_key is not None and sent != self.require_key:
            self.count["401"] += 1
            # A careless endpoint sends the key back.
            return _error(401, f"Incorrect API key provided: {sent}", "invalid_api_key")
        if self.quota_exhausted or (self.quota_after is not None and self.count["good"] >= self.quota_after):
            self.count["quota"] += 1
            return _error(429, "You exceeded your current quota.", "insufficient_quota")
        if self.rate_limit and not self._token_taken(self.rate_limit):
            self.count["rate limit"] += 1
            return self._too_many()
        return None

    def _token_taken(self, rate: float) -> bool:
        most, now = max(1.0, rate), time.monotonic()
        held = most if self._tokens is None else min(most, self._tokens + (now - self._filled_at) * rate)
        self._filled_at, self._tokens = now, held - 1 if held >= 1 else held
        return held >= 1

    def _too_many(self) -> Response:
        headers = {} if self.retry_after is None else {"retry-after": f"{self.retry_after:g}"}
        return _error(429, "Rate limit reached.", "rate_limit_exceeded", headers)

    async def _models(self, request: Request) -> Response:
        model = {"id": "stub", "object": "model", "created": 0, "owned_by": "tests"}
        return self._refused(request) or JSONResponse({"object": "list", "data": [model]})

    # -- chat ----------------------------------------------------------------------------------------------------------

    async def _chat(self, request: Request) -> Response:
        self.in_flight += 1
        self.peak_in_flight = max(self.peak_in_flight, self.in_flight)
        try:
            body = json.loads(await request.body())
            self.count["requests"] += 1
            request_id = f"req-{self.count['requests']}"
            if self.keep_calls:
                self.calls.append(body)
                self.headers.append(dict(request.headers))
            if self.script:
                response = await self._scripted(self.script.pop(0), body, request)
            else:
                response = self._refused(request) or await self._answer(body, request)
            response.headers["x-request-id"] = request_id
            return response
        finally:
            self.in_flight -= 1

    async def _answer(self, body: dict[str, Any], request: Request) -> Response:
        text = request_text(body)
        fault, drawn = self._fault(text)
        if fault == "malformed":
            fault = f"malformed: {[*MALFORMED, 'cut body'][drawn % (len(MALFORMED) + 1)]}"
        self.count[fault] += 1
        if fault == "429":
            return self._too_many()
        # Counted before the wait: calls at once must not pass the quota together.
        self.count["good"] += fault not in ("500", "drop")
        await asyncio.sleep(self.faults.slow_s if fault == "slow" else self.latency_s)
        if fault == "500":
            return _error(500, "The server had an error.", "server_error")
        if fault == "drop":
            return await self._drop(request)
        if fault == "malformed: cut body":
            return Response(CUT_BODY, media_type="application/json")
        content = self._reply(body, text, fault)
        self._note(text, fault, content)
        return JSONResponse(_completion(body, text, content))

    def _fault(self, text: str) -> tuple[str, int]:
        key = _digest(text)
        self.times[key] += 1
        digest = _digest(self.seed, self.times[key], text)
        return self.faults.drawn(int.from_bytes(digest[:8]) / 2**64), digest[8]

    def _reply(self, body: dict[str, Any], text: str, fault: str) -> str | None:
        obeys = self.obedient and self._obeys(text)
        score = 1 if obeys else expected_score(text)
        if fault.startswith("malformed: "):
            return MALFORMED[fault.removeprefix("malformed: ")](score)
        self.count["obeyed"] += obeys
        wanted = body.get("response_format") or {}
        if wanted.get("type") != "json_schema":
            return f"Reasoning: compared with the norm.\nScore: {score}"
        schema = wanted["json_schema"]["schema"]
        return json.dumps(_fitting(schema, lambda path: 1 if obeys else expected_score(text + path), schema))

    def _obeys(self, text: str) -> bool:
        # The judge's own prompt speaks of scores too: only what stands between the lines of its fence orders anything.
        fenced = _FENCED.search(text)
        return bool(_ORDER.search(fenced["data"] if fenced else text)) and _digest("obeys", text)[0] < 128

    def _note(self, text: str, fault: str, content: str | None) -> None:
        if self.keep_calls:
            self.served.append(Served(text, fault, content))

    async def _scripted(self, step: dict[str, Any], body: dict[str, Any], request: Request) -> Response:
        self.count["scripted"] += 1
        await asyncio.sleep(step.get("sleep", self.latency_s))
        headers, text = step.get("headers"), request_text(body)
        if step.get("drop"):
            return await self._drop(request)
        if "body" in step:
            return Response(step["body"], step.get("status", 200), headers, "application/json")
        if "status" in step:
            return _error(step["status"], step.get("message", "scripted"), step.get("code"), headers)
        content = None if "refusal" in step else self._reply(body, text, "scripted")
        content = step.get("content", content)
        answer = _completion(body, text, content, step.get("finish", "stop"), step.get("refusal"))
        answer |= {"usage": step["usage"]} if "usage" in step else {}
        self._note(text, "scripted", content)
        return JSONResponse(answer, headers=headers)

    async def _drop(self, request: Request) -> Response:
        """Cut the connection without a word; the response is sent to nobody."""
        for connection in list(self._server.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.client == request.scope["client"]:
                connection.transport.abort()
        await asyncio.sleep(0.001)
        return Response()

    # -- files and batches ---------------------------------------------------------------------------------------------

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
        found = _error(404, "No such file.") if content is None else Response(content)
        return self._refused(request) or found

    async def _create_batch(self, request: Request) -> Response:
        asked = await request.json()
        step = self.batch_script.pop(0) if self.batch_script else {}
        if refusal := self._refused(request):
            return refusal
        if "status" in step:
            return _error(step["status"], step.get("message", "scripted"), step.get("code"), step.get("headers"))
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
        if refusal := self._refused(request) or (None if batch else _error(404, "No such batch.")):
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
            return _error(409, f"A batch that is {batch.status} cannot be cancelled.")
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
                good.append(_line(line, 200, _completion(line["body"], text, content)))
        return good, bad


def _error(status: int, message: str, code: str | None = None, headers: dict[str, str] | None = None) -> Response:
    error = {"message": message, "type": code or "error", "param": None, "code": code}
    return JSONResponse({"error": error}, status, headers)


def _completion(
    body: dict[str, Any], text: str, content: str | None, finish: str = "stop", refusal: str | None = None
) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, "refusal": refusal}
    asked, said = len(text) // 4 + 1, len(content or "") // 4 + 1
    return {
        "id": f"chatcmpl-{_digest(text).hex()[:12]}",
        "object": "chat.completion",
        "created": 0,
        "model": f"{body['model']}-snapshot",
        "choices": [{"index": 0, "finish_reason": finish, "message": message, "logprobs": None}],
        "usage": {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said},
    }


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

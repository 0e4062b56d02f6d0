"""The stub's chat over real HTTP, with latency, limits, seeded faults and scripted answers."""

import asyncio
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.fake_replies import (
    CUT_BODY,
    MALFORMED,
    Faults,
    Served,
    completion,
    digest,
    expected_score,
    healthy_reply,
    is_obeyed,
    request_text,
)

Handler = Callable[[Request], Awaitable[Response]]


def error_answer(status: int, message: str, code: str | None = None, headers: dict[str, str] | None = None) -> Response:
    """Return an error in OpenAI's form."""
    error = {"message": message, "type": code or "error", "param": None, "code": code}
    return JSONResponse({"error": error}, status, headers)


@dataclass(eq=False, repr=False)
class ChatStub:
    """The endpoint; a context manager that serves from a thread. What it was asked and what it said stays in it.

    All settings may be changed while it serves. `calls` are the bodies that came and `headers` theirs; `script` holds
    answers that are given first, in order: {"status": 429, "headers": {...}, "message": ..., "code": ...},
    {"sleep": 1}, {"content": ...}, {"refusal": ...}, {"finish": "length"}, {"usage": ...}, {"drop": True},
    {"body": b"..."}.
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
    port: int = 0
    # Pictures of thousands of calls would fill the memory.
    keep_calls: bool = True

    calls: list[dict[str, Any]] = field(default_factory=list, init=False)
    headers: list[dict[str, str]] = field(default_factory=list, init=False)
    served: list[Served] = field(default_factory=list, init=False)
    script: list[dict[str, Any]] = field(default_factory=list, init=False)
    count: Counter[str] = field(default_factory=Counter, init=False)
    times: Counter[bytes] = field(default_factory=Counter, init=False)
    in_flight: int = field(default=0, init=False)
    peak_in_flight: int = field(default=0, init=False)
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
        routes = [Route(path, self._answering(handler), methods=[method]) for method, path, handler in self._handlers()]
        app = Starlette(routes=routes)
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

    def _handlers(self) -> list[tuple[str, str, Handler]]:
        return [("POST", "/v1/chat/completions", self._chat), ("GET", "/v1/models", self._models)]

    def _answering(self, handler: Handler) -> Callable[..., Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except ClientDisconnect:
                return Response()
            except (KeyError, TypeError, ValueError) as problem:
                return error_answer(400, f"The request cannot be read: {problem!r}", "invalid_request_error")

        return answer

    def _refused(self, request: Request) -> Response | None:
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.require_key is not None and sent != self.require_key:
            self.count["401"] += 1
            # A careless endpoint sends the key back.
            return error_answer(401, f"Incorrect API key provided: {sent}", "invalid_api_key")
        if self.quota_exhausted or (self.quota_after is not None and self.count["good"] >= self.quota_after):
            self.count["quota"] += 1
            return error_answer(429, "You exceeded your current quota.", "insufficient_quota")
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
        return error_answer(429, "Rate limit reached.", "rate_limit_exceeded", headers)

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
            return error_answer(500, "The server had an error.", "server_error")
        if fault == "drop":
            return await self._drop(request)
        if fault == "malformed: cut body":
            return Response(CUT_BODY, media_type="application/json")
        content = self._reply(body, text, fault)
        self._note(text, fault, content)
        return JSONResponse(completion(body, text, content))

    def _fault(self, text: str) -> tuple[str, int]:
        key = digest(text)
        self.times[key] += 1
        drawn = digest(self.seed, self.times[key], text)
        return self.faults.drawn(int.from_bytes(drawn[:8]) / 2**64), drawn[8]

    def _reply(self, body: dict[str, Any], text: str, fault: str) -> str | None:
        obeys = self.obedient and is_obeyed(text)
        if fault.startswith("malformed: "):
            return MALFORMED[fault.removeprefix("malformed: ")](1 if obeys else expected_score(text))
        self.count["obeyed"] += obeys
        return healthy_reply(body, text, always_1=obeys)

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
            return error_answer(step["status"], step.get("message", "scripted"), step.get("code"), headers)
        content = None if "refusal" in step else self._reply(body, text, "scripted")
        content = step.get("content", content)
        answer = completion(body, text, content, step.get("finish", "stop"), step.get("refusal"))
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

"""One request to a chat endpoint -> its reply, or why there is none."""

import asyncio
import email.utils
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Self

import openai

from core.chat.client import AnswerTooLong, client_for
from core.chat.exchange import QUOTA_CODES, CallFailure, ChatModel, FailureKind, Reply, Request, body_of, reply_in
from core.chat.keys import needed_key, scrubbed

TIMEOUT_S = 120.0
LONGEST_MESSAGE = 500
_TEXTS = ("text", "refusal", "finish_reason", "model", "request_id")


class Asker:
    """An open client for one model. Use as an asynchronous context manager; its repr never shows the key."""

    def __init__(self, model: ChatModel, *, timeout_s: float = TIMEOUT_S) -> None:
        """Find the key.

        Raises:
            UserError: the variable that should hold it is not set.
        """
        self.model = model
        self._key = needed_key(model.api_key_env)
        self.client = client_for(model, self._key, timeout_s=timeout_s)
        self._timeout_s = timeout_s

    async def __aenter__(self) -> Self:
        """Return this."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self.client.close()

    def scrubbed(self, text: str) -> str:
        """Return a text of the endpoint without the key."""
        return scrubbed(text, self._key)

    async def ask(self, request: Request) -> Reply | CallFailure:
        """Return the reply to one request, or why there is none; asks once."""
        started = time.perf_counter()
        try:
            # Around all of it: the client's own bound begins anew with every byte that comes.
            async with asyncio.timeout(self._timeout_s):
                raw = await self.client.chat.completions.with_raw_response.create(**body_of(self.model, request))
            answer = json.loads(raw.content)
        except TimeoutError:
            return CallFailure("timeout", "no answer in time")
        except openai.APIError as error:
            return self.failure(error)
        except (ValueError, RecursionError):
            return CallFailure("unreadable answer", "the answer is no JSON")
        reply = reply_in(answer, latency_s=time.perf_counter() - started, request_id=raw.headers.get("x-request-id"))
        return self.without_key(reply) if isinstance(reply, Reply) else reply

    def without_key(self, reply: Reply) -> Reply:
        """Return a reply in which the key does not stand, should the endpoint have sent it back."""
        texts = {name: getattr(reply, name) for name in _TEXTS}
        return Reply(**vars(reply) | {name: self.scrubbed(text) if text else text for name, text in texts.items()})

    def failure(self, error: openai.APIError) -> CallFailure:
        """Return what an error of the client means."""
        if isinstance(error, openai.APITimeoutError):
            return CallFailure("timeout", "no answer in time")
        if not isinstance(error, openai.APIStatusError):
            cause = error.__cause__
            if isinstance(cause, AnswerTooLong):
                return CallFailure("unreadable answer", "the answer is too long")
            said = f"{type(cause).__name__}: {cause}" if cause else str(error)
            return CallFailure("connection", self._message(said))
        said = f"{error.status_code}: {error.message}"
        return CallFailure(_kind(error), self._message(said), wait_asked_for(error.response.headers))

    def _message(self, said: str) -> str:
        whole = said.replace("\0", "").encode("utf-8", "replace").decode()
        return " ".join(self.scrubbed(whole).split())[:LONGEST_MESSAGE]


def wait_asked_for(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a Retry-After header asks for, given as seconds or as a date; None where there is none."""
    if text := headers.get("retry-after-ms"):
        return _seconds(text, 1000)
    text = headers.get("retry-after")
    if text is None:
        return None
    if (seconds := _seconds(text, 1)) is not None:
        return seconds
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _seconds(text: str, parts: int) -> float | None:
    try:
        seconds = float(text) / parts
    except ValueError:
        return None
    return seconds if 0 <= seconds < 86_400 else None


def _kind(error: openai.APIStatusError) -> FailureKind:
    status = error.status_code
    if status in (401, 403):
        return "wrong key"
    if status == 402 or error.code in QUOTA_CODES or error.type in QUOTA_CODES:
        return "quota used up"
    if status == 429:
        return "rate limit"
    if status == 404:
        return "model not found"
    if status == 408:
        return "timeout"
    return "server error" if status >= 500 or status == 409 else "request refused"

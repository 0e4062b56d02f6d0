"""Files of requests -> the Batch API of an OpenAI-compatible endpoint, and files of what came of them."""

import asyncio
import itertools
import random
import threading
from collections.abc import Awaitable, Callable
from typing import Any, BinaryIO, Final, Self, TypeVar

import httpx2
import openai

from core.chat.asking import LONGEST_MESSAGE, Asker
from core.chat.batch_state import MARKER, BatchState, batch_state_in, id_in, object_in
from core.chat.exchange import NO_BATCH_API, PASSING, CallFailure, Reply

Answer = TypeVar("Answer")

URL: Final = "/v1/chat/completions"
MOST_TRIES = 10
# An endpoint that never answered at all: its address is wrong, or it is not running.
MOST_TRIES_WITH_A_STRANGER = 4
LONGEST_WAIT_S = 30.0
MOST_DOWNLOADED = 2**30
_LOOK_S = 0.1
_PAGE = 100


class StopAsked(Exception):
    """A stop was asked for while something was asked of the endpoint."""


class BatchProblem(Exception):
    """The endpoint's Batch API cannot be used now, with words for people.

    `is_certain`: the endpoint surely did not do what it was asked. `is_not_there`: it knows no such address.
    """

    def __init__(self, failure: CallFailure, *, is_certain: bool = False, said: str | None = None) -> None:
        """Say it; a 404 means something else here than it does for a chat."""
        self.failure, self.is_certain = failure, is_certain
        self.is_not_there = failure.kind == "model not found" or failure.message.startswith("405: ")
        kind = "not found" if failure.kind == "model not found" else failure.kind
        super().__init__(said or f"Batch API, {kind}: {failure.message}")


class Batches:
    """The batches of one endpoint. Use as a context manager; every wait ends within 0.2 s of a stop asked for."""

    def __init__(self, asker: Asker, stop_asked: threading.Event) -> None:
        """Take over the client, which is closed in the end."""
        self._asker, self._stop_asked = asker, stop_asked
        self._runner = asyncio.Runner()
        self._has_answered = False

    def __enter__(self) -> Self:
        """Return this."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._runner.run(self._asker.client.close())
        self._runner.close()

    def raise_if_stop_asked(self) -> None:
        """End the work if a stop was asked for.

        Raises:
            StopAsked: it was.
        """
        if self._stop_asked.is_set():
            raise StopAsked

    def greet(self) -> None:
        """Find out whether the endpoint lets us in, before a large file is made ready.

        Raises:
            BatchProblem: it does not, or it has no Batch API.
            StopAsked: a stop was asked for.
        """

        async def ask() -> None:
            object_in((await self._asker.client.batches.with_raw_response.list(limit=1)).content)

        try:
            self._tried(ask)
        except BatchProblem as problem:
            if problem.is_not_there:
                raise BatchProblem(problem.failure, is_certain=True, said=NO_BATCH_API) from problem
            raise

    def cleaned(self, said: str) -> str:
        """Return what an endpoint said in one line that can be stored, without the key."""
        whole = said.replace("\0", "").encode("utf-8", "replace").decode()
        return " ".join(self._asker.scrubbed(whole).split())[:LONGEST_MESSAGE]

    def without_key(self, reply: Reply) -> Reply:
        """Return a reply in which the key does not stand."""
        return self._asker.without_key(reply)

    def upload(self, content: BinaryIO, name: str) -> str:
        """Return the id of a file of requests that was read from its beginning and given to the endpoint.

        Raises:
            BatchProblem: it was not taken.
            StopAsked: a stop was asked for.
        """

        async def ask() -> str:
            content.seek(0)
            raw = await self._asker.client.files.with_raw_response.create(file=(name, content), purpose="batch")
            return id_in(object_in(raw.content))

        return self._tried(ask)

    def create(self, file_id: str, marker: str) -> BatchState:
        """Return a new batch of an uploaded file; raises as `upload`, and never makes a second one knowingly."""
        is_first = True

        async def ask() -> BatchState:
            nonlocal is_first
            # The answer to an earlier try may have been all that was lost.
            if not is_first and (found := await self._marked(marker)):
                return found
            is_first = False
            raw = await self._asker.client.batches.with_raw_response.create(
                input_file_id=file_id, endpoint=URL, completion_window="24h", metadata={MARKER: marker}
            )
            return self._state_in(object_in(raw.content))

        return self._tried(ask)

    def state(self, batch_id: str) -> BatchState:
        """Return a batch as it is now; raises as `upload`."""

        async def ask() -> BatchState:
            raw = await self._asker.client.batches.with_raw_response.retrieve(batch_id)
            return self._state_in(object_in(raw.content))

        return self._tried(ask)

    def marked(self, marker: str) -> BatchState | None:
        """Return the batch that was created with a marker, None if there is none; raises as `upload`."""
        return self._tried(lambda: self._marked(marker))

    def download(self, file_id: str, into: BinaryIO) -> None:
        """Write a file of the endpoint; raises as `upload`."""

        async def ask() -> None:
            into.seek(0)
            into.truncate()
            async with self._asker.client.files.with_streaming_response.content(file_id) as raw:
                async for part in raw.iter_bytes():
                    if into.tell() + len(part) > MOST_DOWNLOADED:
                        raise ValueError("no file of replies is that long")
                    into.write(part)

        self._tried(ask)
        into.seek(0)

    async def _marked(self, marker: str) -> BatchState | None:
        after: str | openai.Omit = openai.omit
        seen: set[str] = set()
        while True:
            raw = await self._asker.client.batches.with_raw_response.list(limit=_PAGE, after=after)
            page = object_in(raw.content)
            found = [self._state_in(batch) for batch in page.get("data") or [] if isinstance(batch, dict)]
            for state in found:
                if state.marker == marker:
                    return state
            # An endpoint that knows no pages sends the same one again.
            if page.get("has_more") is not True or not found or found[-1].id in seen:
                return None
            seen.add(after := found[-1].id)

    def _state_in(self, answer: dict[str, Any]) -> BatchState:
        return batch_state_in(answer, self.cleaned)

    def _tried(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask, and again after what may pass."""
        for tried in itertools.count(1):
            try:
                answer = self._runner.run(self._unless_stopped(ask()))
            except openai.APIError as error:
                failure = self._asker.failure(error)
            except httpx2.HTTPError as error:
                failure = CallFailure("connection", self.cleaned(f"{type(error).__name__}: {error}"))
            except (ValueError, RecursionError):
                failure = CallFailure("unreadable answer", "the answer is none of a Batch API")
            else:
                self._has_answered = True
                return answer
            is_stranger = failure.kind == "connection" and not self._has_answered
            is_passing = failure.kind in PASSING
            if not is_passing or tried >= (MOST_TRIES_WITH_A_STRANGER if is_stranger else MOST_TRIES):
                # What an earlier try did, whose answer was lost, nobody knows.
                raise BatchProblem(failure, is_certain=tried == 1 and not is_passing)
            longest = min(LONGEST_WAIT_S, 0.5 * 2 ** (tried - 1))
            if self._stop_asked.wait((failure.wait_s or 0.0) + random.uniform(longest / 2, longest)):
                raise StopAsked
        raise AssertionError

    async def _unless_stopped(self, asking: Awaitable[Answer]) -> Answer:
        task = asyncio.ensure_future(asking)
        try:
            while not task.done():
                if self._stop_asked.is_set():
                    raise StopAsked
                await asyncio.wait({task}, timeout=_LOOK_S)
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

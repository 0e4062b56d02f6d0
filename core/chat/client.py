"""A client of the `openai` library that sends what we say and nothing else, and reads no more than it should."""

from collections.abc import AsyncIterator

import httpx2
import openai

from core.chat.address import is_this_machine
from core.chat.exchange import ChatModel

CONNECT_TIMEOUT_S = 10.0
# More than any reply; whoever sends more wants to fill our memory. Files of batches are longer.
LONGEST_ANSWER = 4 * 2**20
LONGEST_FILE = 2**30
_NO_KEY_NEEDED = "none"
# The library adds what it finds in the environment: organisation, project, headers of the user's own. Those belong to
# another endpoint perhaps, as do cookies. By the last one of these the library itself knows how to give an answer back.
_SENT = (
    *("host", "accept", "connection", "content-type", "content-length", "transfer-encoding", "user-agent"),
    "x-stainless-raw-response",
)


class AnswerTooLong(httpx2.DecodingError):
    """An answer went on beyond what is read."""


class _Bounded(httpx2.AsyncByteStream):
    """A stream that ends with a problem when it is too long."""

    def __init__(self, stream: httpx2.AsyncByteStream, most: int) -> None:
        self._stream, self._left = stream, most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            self._left -= len(chunk)
            if self._left < 0:
                raise AnswerTooLong("the answer is too long")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def client_for(model: ChatModel, key: str | None, *, timeout_s: float) -> openai.AsyncOpenAI:
    """Return a client that tries once, follows no redirect, and sends this key to this address only."""
    # Without a key of its own the library would take OPENAI_API_KEY, and send it to whatever address this is.
    sent_key = key or _NO_KEY_NEEDED

    async def only_ours(request: httpx2.Request) -> None:
        for name in [name for name in request.headers if name.lower() not in _SENT]:
            del request.headers[name]
        request.headers["authorization"] = f"Bearer {sent_key}"
        # Unpacking could make a small answer a large one.
        request.headers["accept-encoding"] = "identity"

    async def bounded(response: httpx2.Response) -> None:
        response.headers.pop("content-encoding", None)
        # Whatever an answer says of itself, it is read as UTF-8 with marks for what is none.
        response.encoding = "utf-8"
        is_file = response.request.url.path.endswith("/content")
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Bounded(response.stream, LONGEST_FILE if is_file else LONGEST_ANSWER)

    return openai.AsyncOpenAI(
        api_key=sent_key,
        base_url=model.base_url,
        max_retries=0,
        timeout=openai.Timeout(timeout_s, connect=CONNECT_TIMEOUT_S),
        http_client=openai.DefaultAsyncHttpxClient(
            # A redirect would take pictures and responses to an address nobody has agreed to.
            follow_redirects=False,
            # What is for this machine goes through no proxy.
            trust_env=not is_this_machine(model.base_url),
            event_hooks={"request": [only_ours], "response": [bounded]},
        ),
    )

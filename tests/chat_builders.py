"""One call of a stub through the real client, and many of them at once."""

import asyncio
import threading
import time
from collections.abc import Callable

from core.chat.asking import Asker
from core.chat.exchange import CallFailure, ChatModel, Reply, Request, Sampling
from core.chat.ledger import Ledger
from core.chat.many import Answered, Call, Ending, ManyCalls
from tests.fakes import StubEndpoint

KEY = "sk-CANARY-0123456789"


def request(text: str = "How do I greet?", **given) -> Request:
    return Request([{"role": "user", "content": text}], Sampling(max_tokens=100, **given))


def ask(stub: StubEndpoint, *, key_env: str | None = None, what: Request | None = None, timeout_s: float = 10):
    async def once() -> Reply | CallFailure:
        async with Asker(ChatModel(stub.url, "some-model", key_env), timeout_s=timeout_s) as asker:
            return await asker.ask(what or request())

    return asyncio.run(once())


class Run:
    """Asks `count` questions of a stub and keeps what came."""

    def __init__(
        self,
        stub: StubEndpoint,
        count: int,
        *,
        concurrency: int = 8,
        ledger: Ledger | None = None,
        asked: Callable[[int], Request] = lambda key: request(f"Question {key}"),
    ) -> None:
        self.asked = asked
        self.kept: list[Answered[int]] = []
        self.ledger = ledger or Ledger()
        self.stop = threading.Event()
        self.stub, self.count, self.concurrency = stub, count, concurrency
        self.limits: list[float] = []
        self.storing = 0.0

    def go(self) -> Ending:
        async def run() -> Ending:
            async with Asker(ChatModel(self.stub.url, "some-model")) as asker:
                self.many = ManyCalls(
                    asker,
                    concurrency=self.concurrency,
                    ledger=self.ledger,
                    is_readable=lambda _key, reply: (reply.text or "").endswith(("Score: 0", "Score: 1")),
                    store=self.store,
                    stop_asked=self.stop,
                )
                return await self.many.run(Call(key, self.asked(key)) for key in range(self.count))

        return asyncio.run(run())

    def store(self, answered) -> None:
        time.sleep(self.storing)
        self.limits.append(self.many.pace.limit)
        self.kept += answered

    @property
    def last(self) -> dict[int, Answered[int]]:
        settled = [one for one in self.kept if one.is_last]
        assert len({one.key for one in settled}) == len(settled), "a key was settled twice"
        return {one.key: one for one in settled}

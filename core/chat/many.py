"""Many requests -> their replies, some at once, each kept as it comes; slowed, asked again or ended as need be."""

import asyncio
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from core.chat.asking import Asker
from core.chat.exchange import BUDGET_USED_UP, FATAL, PASSING, CallFailure, Reply, Request
from core.chat.ledger import Ledger
from core.chat.pace import Pace

Key = TypeVar("Key")
EndReason = Literal["all asked", "stopped", "budget used up", "gave up"]

MOST_REPLIES = 3
MOST_TRIES = 9
# "Too many" is no sign that a call will fail: it waits its turn for longer.
MOST_TRIES_IF_REFUSED = 60
LONGEST_WAIT_S = 30.0
# An endpoint that asks for more is left alone: the run ends and says when to go on.
LONGEST_WAIT_OBEYED_S = 600.0
# One failure says nothing about the next call; so many in a row, and no reply for so long, do.
MOST_FAILED_IN_A_ROW = 20
PATIENCE_S = 60.0
# An endpoint that never gave a reply gets less: its address is wrong, or it is not running.
PATIENCE_WITH_A_STRANGER_S = 3.0
# How long calls under way may still come in after a stop.
GRACE_S = 3.0
_LOOK_S = 0.1


@dataclass(frozen=True)
class Call(Generic[Key]):
    """One request to make. `attempt` is 1 for the first reply wanted, 2 and 3 after replies that could not be read."""

    key: Key
    request: Request
    attempt: int = 1


@dataclass(frozen=True)
class Answered(Generic[Key]):
    """What came of a call: a reply or a failure. `is_last`: this settles the key, nothing more is asked for it."""

    key: Key
    attempt: int
    reply: Reply | None
    failure: CallFailure | None
    cost_usd: float | None
    is_last: bool


@dataclass(frozen=True)
class Ending:
    """Why the asking ended, with words for people where it was not because all is asked."""

    reason: EndReason
    message: str = ""


class ManyCalls(Generic[Key]):
    """Asks many requests of one endpoint, `concurrency` at once at most.

    A call keeps its place until what came of it is stored, so that a kill loses at most `concurrency` calls.
    """

    def __init__(
        self,
        asker: Asker,
        *,
        concurrency: int,
        ledger: Ledger,
        is_readable: Callable[[Key, Reply], bool],
        store: Callable[[Sequence[Answered[Key]]], None],
        stop_asked: threading.Event,
    ) -> None:
        """Prepare; `store` is called in a thread of its own, never twice at once, and may take several at a time."""
        self._asker, self._ledger, self._stop_asked = asker, ledger, stop_asked
        self._is_readable, self._store = is_readable, store
        self._concurrency = concurrency
        self.pace = Pace(concurrency)
        # With a budget in dollars the first picture goes alone: its reply shows how many tokens one really is.
        self._knows_pictures = ledger.budget_usd is None
        self._first_picture = asyncio.Lock()
        self._to_ask: asyncio.Queue[Call[Key] | None] = asyncio.Queue(maxsize=concurrency)
        self._to_store: asyncio.Queue[tuple[Answered[Key] | None, asyncio.Future[None]]] = asyncio.Queue()
        self._ending: Ending | None = None
        self._failed_in_a_row = 0
        self._replied_at: float | None = None
        self._began_at = time.monotonic()

    async def run(self, calls: Iterator[Call[Key]]) -> Ending:
        """Ask everything and return why it ended; a problem in `calls` or `store` is raised."""
        # A call that waits before it is tried again holds no place, so there are more workers than places.
        workers = [asyncio.create_task(self._work()) for _ in range(2 * self._concurrency)]
        aides = [
            asyncio.create_task(self._bring(calls, len(workers))),
            asyncio.create_task(self._keep()),
            asyncio.create_task(self._watch(workers)),
        ]
        try:
            await self._until_done(workers, aides)
            await self._to_store.join()
        finally:
            for task in (*workers, *aides):
                task.cancel()
            await asyncio.gather(*workers, *aides, return_exceptions=True)
        return self._ending or Ending("all asked")

    async def _until_done(self, workers: list[asyncio.Task[None]], aides: list[asyncio.Task[None]]) -> None:
        """Wait for all workers; a problem of any task is raised at once."""
        left = {*workers}
        while left:
            ended, _ = await asyncio.wait({*left, *aides}, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                if not task.cancelled() and (problem := task.exception()):
                    raise problem
            left -= ended
            aides = [aide for aide in aides if aide not in ended]

    async def _bring(self, calls: Iterator[Call[Key]], workers: int) -> None:
        """Take calls from the iterator in a thread: it reads the database and pictures."""
        while chunk := await asyncio.to_thread(list, itertools.islice(calls, 8)):
            for call in chunk:
                await self._to_ask.put(call)
        for _ in range(workers):
            await self._to_ask.put(None)

    async def _work(self) -> None:
        while self._ending is None and (call := await self._to_ask.get()) is not None:
            await self._settle(call)

    async def _settle(self, call: Call[Key]) -> None:
        """Ask until there is a reply that can be read, or no hope of one."""
        attempt = call.attempt
        tries: Counter[bool] = Counter()
        while self._ending is None:
            answered = await self._ask_once(call, attempt, tries)
            if answered is None or answered.is_last:
                return
            if answered.failure is None:
                attempt += 1
            elif self._ending is None:
                await asyncio.sleep(_wait_s(answered.failure, tries.total()))

    async def _ask_once(self, call: Call[Key], attempt: int, tries: Counter[bool]) -> Answered[Key] | None:
        """Make one call and keep what came of it; None when nothing may be asked any more.

        Args:
            call: what to ask.
            attempt: which reply this would be.
            tries: failures of this call so far, by whether they were a mere "too many"; counted on here.
        """
        if call.request.has_picture and not self._knows_pictures:
            async with self._first_picture:
                if not self._knows_pictures:
                    return await self._ask_in_a_place(call, attempt, tries)
        return await self._ask_in_a_place(call, attempt, tries)

    async def _ask_in_a_place(self, call: Call[Key], attempt: int, tries: Counter[bool]) -> Answered[Key] | None:
        await self.pace.enter()
        try:
            most_usd = await self._put_aside(call.request)
            if most_usd is None:
                return None
            # Here and not where it was planned: the run may have ended in between.
            self._ledger.retries += attempt > 1 or bool(tries)
            try:
                outcome = await self._asker.ask(call.request)
            except asyncio.CancelledError:
                self._ledger.end_unknown(most_usd)
                raise
            answered = self._noted(call, attempt, outcome, most_usd, tries)
            await self._kept(answered)
            return answered
        finally:
            self.pace.leave()

    async def _put_aside(self, request: Request) -> float | None:
        """Put aside the most a call can cost, waiting for others to end if that makes room; None when it cannot."""
        while self._ending is None:
            most_usd = self._ledger.most_usd(request)
            if self._ledger.has_room_for(most_usd):
                is_largest = most_usd > self._ledger.largest_call_usd
                self._ledger.begin(most_usd)
                if is_largest:
                    # Written down before it is asked: after a kill every call under way is reckoned with this.
                    await self._kept(None)
                return most_usd
            if not self._ledger.under_way:
                self._end("budget used up", BUDGET_USED_UP)
                break
            await asyncio.sleep(_LOOK_S)
        return None

    def _noted(
        self, call: Call[Key], attempt: int, outcome: Reply | CallFailure, most_usd: float, tries: Counter[bool]
    ) -> Answered[Key]:
        """Enter an outcome in the account and return it with what it means for this key."""
        if isinstance(outcome, Reply):
            cost_usd = self._ledger.end_with_reply(most_usd, call.request, outcome)
            self._failed_in_a_row, self._replied_at = 0, time.monotonic()
            self._knows_pictures = self._knows_pictures or call.request.has_picture
            self.pace.went_well()
            is_last = outcome.is_refused or attempt >= MOST_REPLIES or self._is_readable(call.key, outcome)
            return Answered(call.key, attempt, outcome, None, cost_usd, is_last)
        self._ledger.end_with_failure(most_usd, outcome)
        is_too_many = outcome.kind == "rate limit"
        tries[is_too_many] += 1
        if is_too_many:
            self.pace.was_refused()
        self._failed_in_a_row += not is_too_many
        is_sent_away = outcome.wait_s is not None and outcome.wait_s > LONGEST_WAIT_OBEYED_S
        is_hopeless = outcome.kind in FATAL or self._is_hopeless() or is_sent_away
        if is_hopeless:
            later = f" It asks to wait {outcome.wait_s:,.0f} s: go on then." if is_sent_away else ""
            self._end("gave up", f"{outcome.kind}: {outcome.message}{later}")
        is_last = outcome.kind not in PASSING or tries[is_too_many] >= (
            MOST_TRIES_IF_REFUSED if is_too_many else MOST_TRIES
        )
        return Answered(call.key, attempt, None, outcome, None, is_last and not is_hopeless)

    def _is_hopeless(self) -> bool:
        """Whether so much has failed for so long that the next call would fail as well."""
        since, patience = self._replied_at, PATIENCE_S
        if since is None:
            since, patience = self._began_at, PATIENCE_WITH_A_STRANGER_S
        return self._failed_in_a_row >= MOST_FAILED_IN_A_ROW and time.monotonic() - since >= patience

    def _end(self, reason: EndReason, message: str = "") -> None:
        self._ending = self._ending or Ending(reason, message)

    async def _kept(self, answered: Answered[Key] | None) -> None:
        """Wait until an outcome is stored; None stores the account alone."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._to_store.put((answered, stored))
        # A stop must not part a reply from its being stored.
        await asyncio.shield(stored)

    async def _keep(self) -> None:
        """Store what has come in, all that waits in one go."""
        while True:
            waiting = [await self._to_store.get()]
            while not self._to_store.empty():
                waiting.append(self._to_store.get_nowait())
            await asyncio.to_thread(self._store, [answered for answered, _ in waiting if answered is not None])
            for _, stored in waiting:
                self._to_store.task_done()
                if not stored.done():
                    stored.set_result(None)

    async def _watch(self, workers: list[asyncio.Task[None]]) -> None:
        """End the workers some seconds after a stop was asked for, or the run has ended itself."""
        while self._ending is None:
            if self._stop_asked.is_set():
                self._end("stopped")
            await asyncio.sleep(_LOOK_S)
        end = asyncio.get_running_loop().time() + GRACE_S
        while (self._ledger.under_way or not self._to_store.empty()) and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(_LOOK_S)
        for worker in workers:
            worker.cancel()


def _wait_s(failure: CallFailure, tried: int) -> float:
    """Return how long to wait before trying again: what the endpoint asks for, else longer each time, with jitter."""
    backoff = min(LONGEST_WAIT_S, 0.5 * 2 ** (tried - 1))
    if failure.wait_s is not None:
        # All who were sent away at once must not come back at once.
        return failure.wait_s + random.uniform(0, 0.25 * max(failure.wait_s, 1.0))
    return random.uniform(backoff / 2, backoff)

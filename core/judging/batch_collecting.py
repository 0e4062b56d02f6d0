"""What an ended batch brought -> replies and failures, each stored once, with the run's account."""

import itertools
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from core.call_runs import write_ledger
from core.chat.batch_state import BatchState
from core.chat.batches import Batches, BatchProblem
from core.chat.exchange import FATAL, CallFailure, Reply
from core.chat.ledger import Ledger
from core.chat.many import MOST_REPLIES, Answered
from core.config import settings
from core.db import transaction
from core.judging.asking import CallKey
from core.judging.batch_files import CallName, call_named, lines_of, read_line
from core.models import JudgeBatch, JudgeRun, utc_now

# So many batches may bring a call no reply.
MOST_BATCHES = 3
# How many outcomes are stored in one go: a page that wants to save waits no longer than that takes.
_CHUNK = 300


@dataclass(frozen=True)
class _Outcome:
    """What came of one call. `may_have_cost`: nobody knows what it cost, so what was put aside for it stays so."""

    custom_id: str
    result: Reply | CallFailure
    may_have_cost: bool = False


def name_of(custom_id: str) -> CallName:
    """Return what a `custom_id` that we have stored asks."""
    name = call_named(custom_id)
    assert name is not None
    return name


def key_of(custom_id: str) -> CallKey:
    """Return the key of a `custom_id` that we have stored."""
    name = name_of(custom_id)
    return CallKey(name.response_id, name.asked, name.round)


class Collector:
    """Stores what batches of one run brought.

    A batch's row lists the calls that it still owes: what is stored leaves the list in the same transaction, so that
    collecting goes on where it was interrupted, and nothing is stored twice.
    """

    def __init__(
        self,
        run: JudgeRun,
        desk: Batches,
        ledger: Ledger,
        *,
        is_readable: Callable[[CallKey, Reply], bool],
        keep: Callable[[Session, Sequence[Answered[CallKey]]], None],
        log: Callable[[str], None],
    ) -> None:
        """Take over the run's account."""
        self._run, self._desk, self._ledger = run, desk, ledger
        self._is_readable, self._keep, self._log = is_readable, keep, log
        self._tries: Counter[str] = Counter()
        self._replies_here = 0
        self._problem: CallFailure | None = None
        self.replies = self.settled = 0
        # Keys that this process asks for no more, though nothing could be read.
        self.given_up: set[CallKey] = set()
        # Keys that another run has settled while these calls were waiting at the endpoint.
        self.settled_elsewhere: set[CallKey] = set()
        # Why the endpoint did not even begin with a batch, if that was for want of room.
        self.full_queue: CallFailure | None = None

    def collect(self, batch: JudgeBatch, state: BatchState) -> None:
        """Store everything an ended batch brought, its failures included, and close its row.

        Raises:
            BatchProblem: what it brought cannot be had, or every call failed for a reason that does not pass.
            StopAsked: a stop was asked for; what is left of it can be collected later.
        """
        self._replies_here, self._problem = 0, state.problem
        if state.problem is not None and state.problem.kind == "rate limit":
            self.full_queue = state.problem
        fatal: CallFailure | None = None
        outcomes = self._outcomes(batch, state)
        is_end = False
        while not is_end:
            self._desk.raise_if_stop_asked()
            chunk = list(itertools.islice(outcomes, _CHUNK))
            is_end = len(chunk) < _CHUNK
            self._store(batch, state, chunk, is_end=is_end)
            failed = (one.result for one in chunk if isinstance(one.result, CallFailure))
            fatal = fatal or next((failure for failure in failed if failure.kind in FATAL), None)
        self._log(f"Batch {state.id} ended: {state.status}. It brought {self._replies_here} replies.")
        if fatal is not None and not self._replies_here:
            raise BatchProblem(fatal)

    def _outcomes(self, batch: JudgeBatch, state: BatchState) -> Iterator[_Outcome]:
        """Yield what came of each call the batch owes, in the order of the files, and then what did not come."""
        owed = dict.fromkeys(batch.custom_ids)
        replies, unreadable, foreign = 0, 0, 0
        for file_id in (state.output_file_id, state.error_file_id):
            if file_id is None:
                continue
            with tempfile.TemporaryFile(dir=settings().workspace) as content:
                self._desk.download(file_id, content)
                for line in lines_of(content):
                    found = read_line(line)
                    if found is None:
                        unreadable += 1
                    elif found.custom_id not in owed:
                        foreign += 1
                    else:
                        del owed[found.custom_id]
                        outcome = self._outcome(found.custom_id, found.outcome)
                        replies += isinstance(outcome.result, Reply)
                        yield outcome
        if unreadable or foreign:
            self._log(f"Ignored: {unreadable} lines that are none, {foreign} that were not asked for or came before.")
        # Only what was completed is charged for.
        unknown = len(owed) if state.completed is None else max(0, state.completed - replies)
        for number, custom_id in enumerate(owed):
            yield _Outcome(custom_id, _not_there(state), number < unknown)

    def _outcome(self, custom_id: str, said: Reply | CallFailure) -> _Outcome:
        if isinstance(said, Reply):
            known = said.prompt_tokens is not None and said.completion_tokens is not None
            return _Outcome(custom_id, self._desk.without_key(said), not known or self._ledger.price is None)
        said = replace(said, message=self._desk.cleaned(said.message))
        return _Outcome(custom_id, said, said.kind == "unreadable answer")

    def _store(self, batch: JudgeBatch, state: BatchState, chunk: Sequence[_Outcome], *, is_end: bool) -> None:
        """Store some outcomes, and with the last of them that the batch is collected, in one transaction."""
        answered = [self._answered(outcome) for outcome in chunk]
        wanted = [one for one in answered if one.key not in self.settled_elsewhere]
        stored = {outcome.custom_id for outcome in chunk}
        batch.custom_ids = [custom_id for custom_id in batch.custom_ids if custom_id not in stored]
        unknown = sum(outcome.may_have_cost for outcome in chunk)
        # What stays put aside for good is the run's from now on, no longer the batch's.
        batch.reserved_usd -= min(batch.reserved_usd, unknown * self._ledger.largest_call_usd)
        if is_end:
            self._ledger.reserved_usd = max(0.0, self._ledger.reserved_usd - batch.reserved_usd)
            batch.reserved_usd, batch.status, batch.collected_at = 0.0, state.status, utc_now()
            batch.state = "collected" if state.status == "completed" else "failed"
        with transaction() as session:
            self._keep(session, wanted)
            session.add(batch)
            write_ledger(session, JudgeRun, self._run.id, self._ledger, in_flight=0, concurrency_now=None)
        self.settled += sum(one.is_last for one in wanted)

    def _answered(self, outcome: _Outcome) -> Answered[CallKey]:
        """Enter an outcome in the account and return it with what it means for its key."""
        name, key, result = name_of(outcome.custom_id), key_of(outcome.custom_id), outcome.result
        if isinstance(result, CallFailure):
            is_last = self._is_last_try(outcome.custom_id, result)
            is_hopeless, cost_usd = is_last, None
        else:
            self.replies += 1
            self._replies_here += 1
            is_readable = result.is_refused or self._is_readable(key, result)
            is_last = is_readable or name.attempt >= MOST_REPLIES
            is_hopeless, cost_usd = is_last and not is_readable, self._cost_usd(result)
        if is_hopeless:
            self.given_up.add(key)
        self._ledger.retries += not is_last and result is not self.full_queue
        if isinstance(result, CallFailure):
            return Answered(key, name.attempt, None, result, None, is_last)
        return Answered(key, name.attempt, result, None, cost_usd, is_last)

    def _is_last_try(self, custom_id: str, failure: CallFailure) -> bool:
        """Enter a failure in the account and return whether the call is not tried again."""
        # A batch that failed as a whole has asked nothing.
        self._ledger.calls -= failure is self._problem
        if failure is self.full_queue:
            return False
        self._ledger.failures[failure.kind] += 1
        self._tries[custom_id] += 1
        is_for_all = failure.kind in FATAL and not self._replies_here
        return self._tries[custom_id] >= MOST_BATCHES and not is_for_all

    def _cost_usd(self, reply: Reply) -> float | None:
        price = self._ledger.price
        if price is None or reply.prompt_tokens is None or reply.completion_tokens is None:
            self._ledger.is_price_known = False
            return None
        cost_usd = price.cost_usd(reply.prompt_tokens, reply.completion_tokens)
        self._ledger.cost_usd += cost_usd
        return cost_usd


def _not_there(state: BatchState) -> CallFailure:
    """Return why a call has no line."""
    if state.problem is not None:
        return state.problem
    if state.status == "expired":
        return CallFailure("timeout", "the batch expired before the endpoint came to this call")
    if state.status == "cancelled":
        return CallFailure("server error", "the batch was cancelled at the endpoint")
    return CallFailure("unreadable answer", "the batch brought no line for this call")

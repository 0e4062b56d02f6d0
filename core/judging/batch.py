"""A judge run's calls -> batches at its endpoint's Batch API, and what they bring; safe to kill at any moment."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence, Set

from sqlmodel import Session

from core.call_runs import opened_ledger
from core.chat.asking import Asker
from core.chat.batch_state import BatchState
from core.chat.batches import URL, Batches, BatchProblem, StopAsked
from core.chat.exchange import BUDGET_USED_UP, ChatModel, Reply, body_of
from core.chat.ledger import Ledger, Price
from core.chat.many import Answered, Call, Ending
from core.config import settings
from core.job_process import JobContext
from core.judging.asking import CallKey
from core.judging.batch_collecting import Collector, key_of
from core.judging.batch_files import CallName, RequestFile, request_line
from core.judging.batch_giving import Giver
from core.judging.batch_left import CallsLeft
from core.models import JudgeBatch, JudgeRun

# Below what endpoints take, which is 50,000 requests and 200 MB.
MOST_LINES = 40_000
MOST_BYTES = 150_000_000
# The first look comes soon: small batches at a server of one's own end at once.
FIRST_POLL_S = 0.5
POLL_S = 20.0


def work_off_batches(
    context: JobContext,
    run: JudgeRun,
    chat_model: ChatModel,
    calls: Iterator[Call[CallKey]],
    *,
    price: Price | None,
    total: int,
    done: int,
    is_readable: Callable[[CallKey, Reply], bool],
    keep: Callable[[Session, Sequence[Answered[CallKey]]], None],
) -> Ending:
    """Make a run's calls through batches and return why it ended; the parameters are those of `make_calls`.

    A run that is stopped, or given up, leaves its batches with the endpoint: they go on there, and are paid for.

    Raises:
        UserError: the key is not set.
    """
    ledger = opened_ledger(run, price)
    with Batches(Asker(chat_model), context.stop_asked) as desk:
        giver = Giver(run, desk, ledger, context.log)
        collector = Collector(run, desk, ledger, is_readable=is_readable, keep=keep, log=context.log)
        work = _BatchWork(
            context,
            chat_model,
            desk,
            ledger,
            giver,
            collector,
            CallsLeft(run),
            run_tag=run.id[-8:],
            total=total,
            done=done,
        )
        try:
            ending = work.run(calls)
        except StopAsked:
            ending = Ending("stopped")
        except BatchProblem as problem:
            ending = Ending("gave up", str(problem))
    for batch in giver.open:
        context.log(f"{giver.called(batch)} stays with the endpoint. It is collected when the run goes on.")
    return ending


class _BatchWork:
    """The batches of one run, while one process is at work on them."""

    def __init__(
        self,
        context: JobContext,
        chat_model: ChatModel,
        desk: Batches,
        ledger: Ledger,
        giver: Giver,
        collector: Collector,
        left: CallsLeft,
        *,
        run_tag: str,
        total: int,
        done: int,
    ) -> None:
        self._run_tag = run_tag
        self._context, self._chat_model, self._desk, self._ledger = context, chat_model, desk, ledger
        self._giver, self._collector, self._left = giver, collector, left
        self._total, self._done_before = total, done
        self._is_short = False

    def run(self, calls: Iterator[Call[CallKey]]) -> Ending:
        """Ask everything, in as many rounds of batches as it takes, and return why it ended."""
        self._desk.greet()
        self._giver.take_up()
        held = {key_of(custom_id) for batch in self._giver.open for custom_id in batch.custom_ids}
        # Gone through to the end even when nothing fits: whoever stores replies learns from it what they replace.
        missing = set[CallKey]()
        self._fill(_others(calls, held, missing))
        self._collector.settled_elsewhere = self._left.judged(held - missing)
        while self._giver.open:
            before, self._collector.full_queue = self._collector.replies, None
            self._see_through()
            if self._collector.full_queue is not None and self._collector.replies == before:
                raise BatchProblem(self._collector.full_queue)
            self._fill(_others(self._left.calls(), self._collector.given_up, set()))
        if self._is_short:
            return Ending("budget used up", BUDGET_USED_UP)
        self._context.progress(self._done, self._total, force=True)
        return Ending("all asked")

    @property
    def _done(self) -> int:
        return self._done_before + self._collector.settled

    def _fill(self, calls: Iterator[Call[CallKey]]) -> None:
        """Put calls into files, one at a time, and give those to the endpoint, as far as the budget goes."""
        # With a budget in dollars the first picture goes alone: it shows how many tokens one really is.
        is_trial = not self._left.learn_picture_tokens(self._ledger)
        self._is_short, is_over = False, False
        file = _new_file()
        try:
            for call in calls:
                self._desk.raise_if_stop_asked()
                most_usd = self._ledger.most_usd(call.request)
                if is_over or not self._ledger.has_room_for(most_usd):
                    self._is_short = True
                    continue
                name = CallName(self._run_tag, call.key.response_id, call.key.asked, call.key.round, call.attempt)
                line = request_line(name, URL, body_of(self._chat_model, call.request))
                if not file.has_room_for(line):
                    self._giver.give(file)
                    file.content.close()
                    file = _new_file()
                self._ledger.begin(most_usd)
                file.add(name, line, most_usd)
                is_over = is_trial and call.request.has_picture
                self._context.progress(self._done, self._total, f"preparing batch {self._giver.next_number}")
            if file.custom_ids:
                self._giver.give(file)
        finally:
            file.content.close()

    def _see_through(self) -> None:
        """Look after the open batches until each has ended and is collected."""
        pause_s = FIRST_POLL_S
        while self._giver.open:
            states = {batch.id: self._desk.state(batch.batch_id or "") for batch in self._giver.open}
            for batch in [batch for batch in self._giver.open if states[batch.id].has_ended]:
                self._collect(batch, states[batch.id])
            self._say_progress(states)
            if self._giver.open and self._context.stop_asked.wait(pause_s):
                raise StopAsked
            pause_s = min(POLL_S, 1.5 * pause_s)

    def _collect(self, batch: JudgeBatch, state: BatchState) -> None:
        try:
            self._collector.collect(batch, state)
        finally:
            # It may have been collected to the end, and still tell that there is no going on.
            if batch.collected_at is not None:
                self._giver.open.remove(batch)

    def _say_progress(self, states: Mapping[int, BatchState]) -> None:
        note = ""
        if self._giver.open:
            first = self._giver.open[0]
            state, asked = states[first.id], len(first.custom_ids)
            note = f"{self._giver.called(first)}: {state.status.replace('_', ' ')}, {state.completed or 0} of {asked}"
        self._context.progress(self._done, self._total, note)


def _others(calls: Iterator[Call[CallKey]], held: Set[CallKey], met: set[CallKey]) -> Iterator[Call[CallKey]]:
    """Yield the calls whose keys are not held, and note the held ones that come by."""
    for call in calls:
        if call.key in held:
            met.add(call.key)
        else:
            yield call


def _new_file() -> RequestFile:
    # A file without a name: whatever becomes of this process, nothing of it stays on the disk.
    return RequestFile(tempfile.TemporaryFile(dir=settings().workspace), MOST_LINES, MOST_BYTES)

"""Files of calls -> batches at the endpoint, each with a row that is stored before anything is sent."""

import secrets
from collections.abc import Callable

from sqlmodel import col, select

from core.call_runs import write_ledger
from core.chat.batch_state import BatchState
from core.chat.batches import Batches, BatchProblem, StopAsked
from core.chat.ledger import Ledger
from core.db import reading, transaction
from core.judging.batch_files import RequestFile
from core.models import JudgeBatch, JudgeRun


class Giver:
    """Gives one run's batches to its endpoint, and knows which are there.

    Whoever goes on after a kill finds by the row's marker whether the endpoint has the batch. A call is in one open
    batch at most, so none is paid for twice.
    """

    def __init__(self, run: JudgeRun, desk: Batches, ledger: Ledger, log: Callable[[str], None]) -> None:
        """Take over the run's account."""
        self._run, self._desk, self._ledger, self._log = run, desk, ledger, log
        self.open: list[JudgeBatch] = []
        # All batches that the endpoint has taken, or may have, oldest first.
        self._ids: list[int] = []

    @property
    def next_number(self) -> int:
        """The number of the batch that would be given next."""
        return len(self._ids) + 1

    def called(self, batch: JudgeBatch) -> str:
        """Return what people call a batch, such as "batch 2 of 3"."""
        return f"batch {self._ids.index(batch.id) + 1} of {len(self._ids)}"

    def take_up(self) -> None:
        """Take over the batches an earlier process left, and find out what became of one it was about to give.

        Raises:
            BatchProblem: the endpoint does not say.
            StopAsked: a stop was asked for.
        """
        with reading() as session:
            rows = session.exec(
                select(JudgeBatch).where(JudgeBatch.run_id == self._run.id).order_by(col(JudgeBatch.id))
            ).all()
        self._ids = [row.id for row in rows if row.state == "prepared" or row.batch_id is not None]
        self.open = [row for row in rows if row.state == "submitted"]
        for batch in (row for row in rows if row.state == "prepared"):
            state = self._desk.marked(batch.marker)
            self._ledger.calls += len(batch.custom_ids)
            self._ledger.under_way += len(batch.custom_ids)
            if state is None:
                # Its calls are missing, so they go into a new one.
                self._withdraw(batch)
            else:
                self._note_given(batch, state)

    def give(self, file: RequestFile) -> None:
        """Give a file to the endpoint; the account has noted that its calls begin.

        Raises:
            BatchProblem: the endpoint did not take it, or it is not known whether it did.
            StopAsked: a stop was asked for in between.
        """
        batch = self._prepared(file)
        try:
            batch.input_file_id = self._desk.upload(file.content, f"{batch.marker}.jsonl")
        except (BatchProblem, StopAsked):
            self._withdraw(batch)
            raise
        self._write(batch)
        try:
            state = self._desk.create(batch.input_file_id, batch.marker)
        except BatchProblem as problem:
            if problem.is_certain:
                self._withdraw(batch)
            raise
        self._note_given(batch, state)

    def _prepared(self, file: RequestFile) -> JudgeBatch:
        batch = JudgeBatch(run_id=self._run.id, marker=secrets.token_hex(16), custom_ids=file.custom_ids)
        batch.reserved_usd = file.most_usd
        self._ledger.reserved_usd += file.most_usd
        self._ledger.under_way_usd = max(0.0, self._ledger.under_way_usd - file.most_usd)
        self._write(batch)
        self._ids.append(batch.id)
        return batch

    def _note_given(self, batch: JudgeBatch, state: BatchState) -> None:
        """Store that the endpoint has a batch: its calls count as made."""
        batch.state, batch.batch_id, batch.status = "submitted", state.id, state.status
        self._ledger.under_way -= len(batch.custom_ids)
        self._write(batch)
        self.open.append(batch)
        self._log(f"Given to the endpoint: {self.called(batch)} ({state.id}) with {len(batch.custom_ids)} calls.")

    def _withdraw(self, batch: JudgeBatch) -> None:
        """Store that the endpoint surely has no such batch."""
        self._ledger.calls -= len(batch.custom_ids)
        self._ledger.under_way -= len(batch.custom_ids)
        self._ledger.reserved_usd = max(0.0, self._ledger.reserved_usd - batch.reserved_usd)
        batch.state, batch.status, batch.reserved_usd = "failed", "never given", 0.0
        self._write(batch)
        self._ids.remove(batch.id)

    def _write(self, batch: JudgeBatch) -> None:
        with transaction() as session:
            session.add(batch)
            write_ledger(session, JudgeRun, self._run.id, self._ledger, in_flight=0, concurrency_now=None)

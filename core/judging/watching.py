"""Runs of both kinds, collecting and judging -> as a person watches them: newest first, how fast, what is possible."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.budgets import change_budget
from core.call_runs import give_up_run, run_with_id
from core.chat.exchange import BUDGET_USED_UP
from core.jobs import ALIVE, look_at_job, progress_of
from core.judging.judge_run import judge_run_overview, judge_runs, resume_judge_run
from core.models import AnchorSet, Job, Judge, JudgeRun, Person, ResponseRun
from core.prices import price_of
from core.responses.collecting import response_runs, resume_response_run

_JUDGE_ID = "judge-"


@dataclass(frozen=True)
class WatchedRun:
    """A run of either kind with its job as it truly is now.

    `judge` is None where responses are collected; `anchor_set` names the set whose responses are scored anew.
    """

    run: JudgeRun | ResponseRun
    job: Job
    judge: Judge | None
    anchor_set: str | None = None

    @property
    def name(self) -> str:
        """Who it is about: the judge, or the model as its responses name it."""
        return self.judge.name if self.judge else _collected(self.run).stored_as

    @property
    def model(self) -> str:
        """The model that is asked, as its endpoint knows it."""
        return self.judge.model if self.judge else _collected(self.run).model

    @property
    def is_alive(self) -> bool:
        """Whether it is under way."""
        return self.job.state in ALIVE

    @property
    def can_go_on(self) -> bool:
        """Whether it can be resumed, bounded anew or given up."""
        return not self.is_alive and self.job.state != "done" and self.run.closed_at is None

    @property
    def is_out_of_budget(self) -> bool:
        """Whether it ended because its budget is used up, and not because something failed."""
        return self.job.state == "failed" and (self.job.reason or "").startswith(BUDGET_USED_UP)

    @property
    def has_budget_left(self) -> bool:
        """Whether its budget, perhaps raised since it ended, has room for another call."""
        run = self.run
        used_usd = (run.cost_usd or 0.0) + run.reserved_usd + run.largest_call_usd
        has_calls = run.budget_calls is None or run.calls < run.budget_calls
        return has_calls and (run.budget_usd is None or used_usd <= run.budget_usd)

    @property
    def answers_per_s(self) -> float | None:
        """The mean pace since it was started or resumed; None where it cannot be told."""
        job = self.job
        moved = job.progress_done - job.progress_from
        if job.state != "running" or moved <= 0 or job.progress_since is None or job.heartbeat_at is None:
            return None
        elapsed = (job.heartbeat_at - job.progress_since).total_seconds()
        return moved / elapsed if elapsed > 0 else None

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1; 0 while nobody knows."""
        return progress_of(self.job).share or 0.0


def watched_runs(session: Session, *, limit: int) -> list[WatchedRun]:
    """Return the newest runs of both kinds, newest first. Needs `reading()`."""
    judged = judge_runs(session, limit=limit)
    names = _anchor_set_names(session, [found.run for found in judged])
    runs = [WatchedRun(one.run, one.job, one.judge, names.get(one.run.anchor_set_id)) for one in judged]
    runs += [WatchedRun(found.run, found.job, None) for found in response_runs(session, limit=limit)]
    return sorted(runs, key=lambda watched: watched.run.created_at, reverse=True)[:limit]


def watched_run(session: Session, *, run_id: str) -> WatchedRun:
    """Return one run. Needs `reading()`.

    Raises:
        NotFoundError: there is none with that id.
    """
    if run_id.startswith(_JUDGE_ID):
        found = judge_run_overview(session, run_id=run_id)
        names = _anchor_set_names(session, [found.run])
        return WatchedRun(found.run, found.job, found.judge, names.get(found.run.anchor_set_id))
    run = run_with_id(session, ResponseRun, run_id)
    return WatchedRun(run, look_at_job(run.job_id), None)


def resume_run(session: Session, *, run_id: str, author: Person) -> None:
    """Make a run of either kind ready to go on; then give its job a process.

    Raises:
        UserError: it is finished, given up or under way.
    """
    resume = resume_judge_run if run_id.startswith(_JUDGE_ID) else resume_response_run
    resume(session, run_id=run_id, author=author)


def bound_run(
    session: Session, *, run_id: str, budget_usd: float | None, budget_calls: int | None, author: Person
) -> None:
    """Set the budget of a run of either kind."""
    change_budget(session, _row(session, run_id), budget_usd=budget_usd, budget_calls=budget_calls, author=author)


def close_run(session: Session, *, run_id: str, author: Person) -> None:
    """Give up a run of either kind for good; what it has brought stays."""
    give_up_run(session, _row(session, run_id), author=author)


def price_is_known(session: Session, *, model: str) -> bool:
    """Return whether a budget in dollars can be kept for a model."""
    return price_of(session, model) is not None


def _anchor_set_names(session: Session, runs: Sequence[JudgeRun]) -> dict[int | None, str]:
    """Return the names of the anchor sets of some runs by their ids; ended sets too."""
    wanted = {run.anchor_set_id for run in runs} - {None}
    if not wanted:
        return {}
    return dict(session.exec(select(AnchorSet.id, AnchorSet.name).where(col(AnchorSet.id).in_(wanted))).all())


def _row(session: Session, run_id: str) -> JudgeRun | ResponseRun:
    if run_id.startswith(_JUDGE_ID):
        return run_with_id(session, JudgeRun, run_id)
    return run_with_id(session, ResponseRun, run_id)


def _collected(run: JudgeRun | ResponseRun) -> ResponseRun:
    assert isinstance(run, ResponseRun)
    return run

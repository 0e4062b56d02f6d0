"""A run and its bounds -> where its budget would end it, and a new budget for it."""

from sqlmodel import Session

from core.call_runs import RunBounds, check_bounds
from core.errors import JobError, UserError
from core.estimates import RunEstimate
from core.jobs import ALIVE, job_now
from core.models import CallRun, Person
from core.people import needs_lead, record_event


def answers_in_budget(estimate: RunEstimate, bounds: RunBounds, *, used: CallRun | None = None) -> int | None:
    """Return about how many of the missing answers come before the budget ends the run; None where all of them do.

    Args:
        estimate: of what is missing.
        bounds: of the run.
        used: the run where one goes on: what it has used counts.
    """
    calls, usd = (used.calls + used.lost_calls, (used.cost_usd or 0.0) + used.reserved_usd) if used else (0, 0.0)
    limits: list[float] = []
    if bounds.budget_calls is not None:
        limits.append(bounds.budget_calls - calls)
    if bounds.budget_usd is not None and estimate.cost_usd:
        limits.append((bounds.budget_usd - usd) * estimate.calls / estimate.cost_usd)
    fewest = max(0, int(min(limits, default=estimate.calls)))
    return fewest if fewest < estimate.calls else None


def budget_sentence(estimate: RunEstimate, bounds: RunBounds, *, used: CallRun | None = None) -> str | None:
    """Return the same in words for people; None where the budget lets all answers come."""
    answers = answers_in_budget(estimate, bounds, used=used)
    if answers is None:
        return None
    return (
        f"The budget ends this run at about {answers:,} of {estimate.calls:,} answers. "
        "What has come then stays; with a higher budget it goes on."
    )


def bound_anew(run: CallRun, bounds: RunBounds) -> None:
    """Give a run other bounds before it goes on; its rounds stay, and what was used before counts.

    Raises:
        UserError: a budget is below what the run has used already.
    """
    cost_usd = run.cost_usd or 0.0
    if bounds.budget_calls is not None and bounds.budget_calls < run.calls:
        raise _too_low(run, f"made {run.calls:,} calls", f"{bounds.budget_calls:,} calls")
    if bounds.budget_usd is not None and bounds.budget_usd < cost_usd:
        raise _too_low(run, f"cost {cost_usd:.4f} dollars", f"{bounds.budget_usd:g} dollars")
    run.concurrency, run.budget_usd, run.budget_calls = bounds.concurrency, bounds.budget_usd, bounds.budget_calls


def _too_low(run: CallRun, used: str, budget: str) -> UserError:
    return UserError(
        f"The run {run.id} has {used} so far, and that counts: a budget of {budget} is below it. Raise it, or leave it "
        "out."
    )


def change_budget(
    session: Session, run: CallRun, *, budget_usd: float | None, budget_calls: int | None, author: Person
) -> None:
    """Set the budget of a run that is not under way; what was used before counts.

    Raises:
        UserError: a number is out of its range, the run is under way, or the person is an expert.
    """
    needs_lead(author, "change the budget of a run")
    if job_now(session, run.job_id).state in ALIVE:
        raise JobError(f"The run {run.id} is under way with the budget it began with. Pause it first.")
    bounds = RunBounds(run.rounds, run.concurrency, budget_usd, budget_calls)
    check_bounds(bounds)
    bound_anew(run, bounds)
    session.add(run)
    record_event(session, person=author, kind="budget", subject=f"run/{run.id}", usd=budget_usd, calls=budget_calls)

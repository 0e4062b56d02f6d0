"""What the commands that ask models share: what is said before, the work itself, what is said after."""

from collections.abc import Callable
from dataclasses import asdict

from core.call_runs import CallsMade
from core.cli.outcome import Outcome, detach, progress_bar
from core.db import reading
from core.errors import UserError
from core.estimates import Outlook
from core.job_process import run_here
from core.models import CallRun, Job


def tell_outlook(result: Outcome, outlook: Outlook) -> None:
    """Say before a run starts what it will use and what leaves this machine."""
    estimate = outlook.estimate
    result.fields["outlook"] = {
        "calls": estimate.calls,
        "cost_usd": estimate.cost_usd,
        "duration_s": estimate.duration_s,
        "sends": outlook.departure.sentence,
    }
    money = "cost unknown (no price)" if estimate.cost_usd is None else f"about {estimate.cost_usd:.4f} dollars"
    time = "time unknown" if estimate.duration_s is None else f"about {estimate.duration_s:,.0f} s"
    result.say(outlook.departure.sentence)
    result.say(f"{estimate.calls:,} calls are missing: {money}, {time}. {estimate.explained}")


def is_worked_off(result: Outcome, run: CallRun, so_far: Callable[[str], CallsMade], *, detached: bool) -> bool:
    """Do a run's work here, or give its job a process of its own; return whether the work is done.

    Args:
        result: what the command has to say; what the run has brought is added, however it ended.
        run: with its job.
        so_far: what a run has brought, by its id.
        detached: give the job a process of its own.

    Raises:
        UserError: it ended before it was done.
    """
    result.fields["run_id"] = run.id
    with reading() as session:
        job = session.get_one(Job, run.job_id)
    if detached:
        detach(result, job)
        return False
    try:
        with progress_bar(not result.as_json) as show:
            ended = run_here(job.id, lambda job: show(job.progress_done, job.progress_total, job.progress_note))
    finally:
        result.fields |= asdict(so_far(run.id))
    if ended.state != "done":
        raise UserError(f"{ended.state.capitalize()}. What was finished is kept; run the same again to go on.")
    return True


def used(run: CallRun, made: CallsMade) -> str:
    """Return in words what a run has used."""
    money = "cost unknown (no price)" if made.cost_usd is None else f"{made.cost_usd:.4f} dollars"
    return f"{made.calls:,} calls, {made.retries:,} of them again, {money}. Run {run.id}."

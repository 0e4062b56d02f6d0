"""What the commands that ask models share: what is said before, the work itself, what is said after."""

import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from core.budgets import answers_in_budget, budget_sentence
from core.call_reasons import reason_of
from core.call_runs import CallsMade, RunBounds
from core.cli.outcome import Outcome, detach, progress_bar
from core.db import reading
from core.errors import UserError
from core.estimates import Outlook
from core.job_process import run_here
from core.models import CallRun, Job


def tell_outlook(result: Outcome, outlook: Outlook, bounds: RunBounds, *, used: CallRun | None = None) -> None:
    """Say before a run starts what it will use, what leaves this machine, and where its budget would end it."""
    result.fields["outlook"] = outlook_fields(outlook, bounds, used=used)
    say_outlook(result, outlook, bounds, used=used)


def outlook_fields(outlook: Outlook, bounds: RunBounds, *, used: CallRun | None = None) -> dict[str, Any]:
    """Return an outlook as JSON; `answers_in_budget` is None where all answers come before the budget is used up."""
    estimate = outlook.estimate
    return {
        "calls": estimate.calls,
        "cost_usd": estimate.cost_usd,
        "duration_s": estimate.duration_s,
        "answers_in_budget": answers_in_budget(estimate, bounds, used=used),
        "sends": outlook.departure.sentence,
    }


def say_outlook(result: Outcome, outlook: Outlook, bounds: RunBounds, *, used: CallRun | None = None) -> None:
    """Say an outlook to people."""
    estimate = outlook.estimate
    money = "cost unknown (no price)" if estimate.cost_usd is None else f"about {estimate.cost_usd:.4f} dollars"
    time = "time unknown" if estimate.duration_s is None else f"about {math.ceil(estimate.duration_s):,} s"
    result.say(outlook.departure.sentence)
    result.say(f"{estimate.calls:,} calls are missing: {money}, {time}. {estimate.explained}")
    if (ends := budget_sentence(estimate, bounds, used=used)) is not None:
        result.say(ends)


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
    before = so_far(run.id)
    try:
        with progress_bar(not result.as_json) as show:
            ended = run_here(job.id, lambda job: show(job.progress_done, job.progress_total, job.progress_note))
    except UserError as problem:
        raise UserError(reason_of(str(problem), variable=run.api_key_env).line) from problem
    finally:
        after = so_far(run.id)
        result.fields |= asdict(after) | {"this_command": _made_since(before, after)}
    if ended.state != "done":
        raise UserError(f"{ended.state.capitalize()}. What was finished is kept; run the same again to go on.")
    return True


def used(run: CallRun, made: CallsMade) -> str:
    """Return in words what a run has used."""
    money = "cost unknown (no price)" if made.cost_usd is None else f"{made.cost_usd:.4f} dollars"
    lost = f", at most {made.lost_calls:,} more lost when a process was killed" if made.lost_calls else ""
    return f"{made.calls:,} calls, {made.retries:,} of them again{lost}, {money}. Run {run.id}."


def _made_since(before: CallsMade, after: CallsMade) -> dict[str, Any]:
    is_known = before.cost_usd is not None and after.cost_usd is not None
    cost_usd = (after.cost_usd or 0.0) - (before.cost_usd or 0.0) if is_known else None
    return {"calls": after.calls - before.calls, "retries": after.retries - before.retries, "cost_usd": cost_usd}

"""The command that schedules the monthly re-judging of anchor sets."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from core.cli.outcome import AsJson, Outcome, outcome
from core.cli.runs import outlook_fields, say_outlook
from core.db import reading, transaction
from core.errors import UserError
from core.jobs import start_job
from core.judging.anchor_outlooks import AnchorOutlook, anchor_outlook, due_outlooks, outlook_if_drawn
from core.judging.anchors import (
    AnchorState,
    anchor_sets,
    create_anchor_set,
    end_anchor_set,
    start_anchor_run,
    start_due_anchor_runs,
)
from core.people import current_person


def anchors_command(
    create: Annotated[str | None, typer.Option(help="Draw a new set of this name; needs --judge.")] = None,
    judge: Annotated[str | None, typer.Option(help="The judge that is to score it every month.")] = None,
    count: Annotated[int, typer.Option(help="How many responses, evenly over countries.")] = 200,
    budget_usd: Annotated[float | None, typer.Option(help="Dollars each re-judging may cost.")] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Start what is due: for a timer, where the app is not on.")
    ] = False,
    now: Annotated[str | None, typer.Option(help="Score the set of this name anew now.")] = None,
    end: Annotated[str | None, typer.Option(help="End the monthly re-judging of this set.")] = None,
    as_json: AsJson = False,
) -> None:
    """List, draw, score anew or end anchor sets: the same responses every month show how a judge drifts."""
    with outcome(as_json) as result:
        outlooks: dict[str, AnchorOutlook] = {}
        started: list[str] = []
        if create is not None:
            outlooks |= _create(result, create, judge, count, budget_usd)
        if now is not None:
            outlooks |= _say_before(result, _of_set(now))
            with transaction() as session:
                run = start_anchor_run(session, name=now, author=current_person(session))
            start_job(run.job_id)
            started.append(run.id)
        if end is not None:
            with transaction() as session:
                end_anchor_set(session, name=end, author=current_person(session))
        if due:
            with reading() as session:
                coming = due_outlooks(session)
            outlooks |= _say_before(result, coming)
            started += start_due_anchor_runs()
        with reading() as session:
            states = anchor_sets(session)
        _tell(result, states, started, outlooks)


def _create(
    result: Outcome, name: str, judge: str | None, count: int, budget_usd: float | None
) -> dict[str, AnchorOutlook]:
    """Draw a set, once it is said what leaves this machine every month from then on; return that by the set's name."""
    if judge is None:
        raise UserError("A new anchor set needs --judge.")
    with reading() as session:
        coming = {name: outlook_if_drawn(session, judge=judge, count=count, budget_usd=budget_usd)}
    result.say("Every month, while the app is on or a timer calls `anchors --due`, without asking again:")
    _say_before(result, coming)
    with transaction() as session:
        author = current_person(session)
        create_anchor_set(session, name=name, judge=judge, count=count, author=author, budget_usd=budget_usd)
    return coming


def _of_set(name: str) -> dict[str, AnchorOutlook]:
    with reading() as session:
        return {name: anchor_outlook(session, name=name)}


def _say_before(result: Outcome, coming: dict[str, AnchorOutlook]) -> dict[str, AnchorOutlook]:
    """Say of each set what is about to leave this machine and what it costs; return the same."""
    for name, one in coming.items():
        result.say(f"{name}:")
        say_outlook(result, one.outlook, one.bounds)
    return coming


def _tell(
    result: Outcome, states: Sequence[AnchorState], started: list[str], outlooks: dict[str, AnchorOutlook]
) -> None:
    listed: list[dict[str, Any]] = []
    for state in states:
        anchors, size = state.anchors, len(state.anchors.response_ids)
        listed.append(
            {
                "name": anchors.name,
                "judge": state.judge.name,
                "responses": size,
                "times": state.times,
                "next_due_at": anchors.next_due_at.isoformat(),
            }
        )
        told = f"{size:,} responses, scored anew {state.times} times, next due {anchors.next_due_at:%Y-%m-%d}"
        result.say(f"{anchors.name}: {state.judge.name}, {told}")
    for run_id in started:
        result.say(f"Run {run_id} started.")
    said = {name: outlook_fields(one.outlook, one.bounds) for name, one in outlooks.items()}
    result.fields = {"started": started, "anchor_sets": listed, "outlooks": said}

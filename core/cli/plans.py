"""The command that shows what a sampling plan would bring, freezes it, and says how far it is."""

from dataclasses import asdict
from typing import Annotated

import typer

from core.cli.filter_options import splits_named
from core.cli.outcome import AsJson, Outcome, outcome
from core.db import reading, transaction
from core.errors import NotFoundError, UserError
from core.labels.plan_draws import PlanWish
from core.labels.plan_frame import candidates
from core.labels.plan_preview import Foreseen, foreseen
from core.labels.plan_progress import CountryProgress, PlanState, plan_progress, plans_here
from core.labels.plans import check_wish, freeze_plan
from core.people import current_person
from core.people_shown import LEAST_PEOPLE

Several = Annotated[list[str] | None, typer.Option(help="May be given again; all if none.")]


def plan_command(
    name: Annotated[str, typer.Argument(help="Name of the plan.")],
    share: Annotated[float | None, typer.Option(help="Of each country's responses, above 0 and at most 1.")] = None,
    count: Annotated[int | None, typer.Option(help="Responses of each country, instead of a share.")] = None,
    model: Several = None,
    country: Several = None,
    setting: Several = None,
    subset: Several = None,
    split: Several = None,
    rounds: Annotated[list[int] | None, typer.Option("--round", help="May be given again; all if none.")] = None,
    by_model: Annotated[bool, typer.Option("--by-model", help="The same share of each model.")] = False,
    by_language: Annotated[bool, typer.Option("--by-language", help="The same share of each language.")] = False,
    least: Annotated[int, typer.Option(help="At least so many of each country.")] = 0,
    balance: Annotated[list[str] | None, typer.Option(help="A dimension; needs --judge. Again for more.")] = None,
    judge: Annotated[str | None, typer.Option(help="Whose scores are balanced, and foretell the intervals.")] = None,
    least_failing: Annotated[int, typer.Option(help="Failures at least, by country and balanced dimension.")] = 10,
    differ: Annotated[tuple[str, str] | None, typer.Option(help="Two judges: all on which they differ.")] = None,
    experts: Annotated[int, typer.Option(help="How many experts label a response of the overlap.")] = 2,
    overlap: Annotated[float, typer.Option(help="The share that so many label; the others go to one.")] = 1.0,
    retest: Annotated[float, typer.Option(help="The share that comes back to the same expert after a week.")] = 0.05,
    seed: Annotated[int, typer.Option(help="The same seed draws the same responses.")] = 1,
    preview: Annotated[bool, typer.Option("--preview", help="Show what it would bring, and freeze nothing.")] = False,
    progress: Annotated[bool, typer.Option("--progress", help="Say how far the frozen plan of that name is.")] = False,
    as_json: AsJson = False,
) -> None:
    """Draw responses for experts by chance and freeze them as a plan, each with how likely it was to be drawn."""
    with outcome(as_json) as result:
        if progress:
            _tell_progress(result, _state_of(name))
            return
        wish = PlanWish(
            models=tuple(model or ()),
            countries=tuple(country or ()),
            settings=tuple(setting or ()),
            subsets=tuple(subset or ()),
            splits=splits_named(split),
            rounds=tuple(rounds or ()),
            share=share,
            count=count,
            by_model=by_model,
            by_language=by_language,
            least=least,
            balance=tuple(balance or ()),
            judge=judge if balance else None,
            least_failing=least_failing if balance else 0,
            differing=differ or (),
        )
        check_wish(wish)
        if preview:
            with reading() as session:
                frame = candidates(session, wish, judge=judge)
                found = foreseen(session, frame=frame, wish=wish, seed=seed, experts_each=experts, overlap=overlap)
            _tell(result, found)
            return
        with transaction() as session:
            plan = freeze_plan(
                session,
                wish=wish,
                name=name,
                seed=seed,
                author=current_person(session),
                experts_each=experts,
                overlap_share=overlap,
                retest_share=retest,
            )
            state = plan_progress(session, plan_id=plan.id)
        result.say(f"Plan {plan.name} is frozen. Experts get its responses in their sessions.")
        if state.total.given or state.total.from_elsewhere:
            _tell_progress(result, state)
        result.fields = {"plan_id": plan.id, "name": plan.name, "seed": seed} | _progress_fields(state)


def _tell(result: Outcome, found: Foreseen) -> None:
    if not found.responses:
        raise UserError("No response fits that can be labelled. Choose fewer conditions, or import more responses.")
    result.fields = asdict(found)
    hours = found.labels * found.pace_s / 3600
    result.say(f"{found.responses:,} of {found.candidates:,} responses, {found.labels:,} answers, about {hours:.1f} h")
    for row in found.work:
        place = row.country or "no country"
        people = f"fewer than {LEAST_PEOPLE}" if row.people is None else f"{row.people:,}"
        result.say(f"  {place}: {row.responses:,} responses, {row.labels:,} answers, {people} experts from there")


def _state_of(name: str) -> PlanState:
    with reading() as session:
        found = [state for state in plans_here(session) if state.plan.name == name]
    if not found:
        raise NotFoundError(f"There is no sampling plan named {name}. The page Sampling plans lists them.")
    return found[0]


def _tell_progress(result: Outcome, state: PlanState) -> None:
    result.fields = {"plan_id": state.plan.id, "name": state.plan.name} | _progress_fields(state)
    result.say(f"{state.plan.name}: {_progress_words(state.total)}")
    for row in state.countries:
        result.say(f"  {row.country or 'no country'}: {_progress_words(row)}")


def _progress_fields(state: PlanState) -> dict[str, object]:
    rows = [asdict(row) | {"left": row.left} for row in (state.total, *state.countries)]
    return {"progress": {name: count for name, count in rows[0].items() if name != "country"}, "countries": rows[1:]}


def _progress_words(row: CountryProgress) -> str:
    apart = (
        f"; {row.from_elsewhere:,} answer{'s' * (row.from_elsewhere != 1)} of people from elsewhere, kept apart"
        if row.from_elsewhere
        else ""
    )
    return (
        f"{row.given:,} of {row.labels:,} answers; of {row.responses:,} responses {row.labelled:,} labelled, "
        f"{row.settled:,} settled, {row.left:,} left{apart}"
    )

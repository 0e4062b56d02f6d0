"""The command that says the numbers of the Failures page."""

from typing import Annotated

import typer

from core.cli.corrected_scores import tell_corrected
from core.cli.filter_options import check_known_here, splits_named
from core.cli.mixed import tell_mixed
from core.cli.outcome import AsJson, Outcome, outcome
from core.db import reading
from core.errors import UserError
from core.judges import judges_here
from core.measures.score_filter import Errata, ScoreFilter
from core.measures.scores import Cell, cells, what_counts
from core.people import person_here

Several = Annotated[list[str] | None, typer.Option(help="May be given again; all if none.")]


def scores_command(
    by: Annotated[
        str | None, typer.Option(help="What to break the numbers down by, with commas; country,dimension if not said.")
    ] = None,
    judge: Annotated[str | None, typer.Option(help="One judge; each judge for itself if none is named.")] = None,
    experts: Annotated[bool, typer.Option("--experts", help="Blind labels of people from the country.")] = False,
    model: Several = None,
    dimension: Several = None,
    country: Several = None,
    domain: Several = None,
    language: Several = None,
    region: Several = None,
    subset: Several = None,
    split: Several = None,
    setting: Annotated[
        list[str] | None, typer.Option(help="english, translation or text-only; the first two if none.")
    ] = None,
    rounds: Annotated[list[int] | None, typer.Option("--round", help="May be given again; all if none.")] = None,
    without_errata: Annotated[
        bool, typer.Option("--without-errata", help="Leave out items with a correction that is open or accepted.")
    ] = False,
    corrected: Annotated[
        bool,
        typer.Option("--corrected", help="Judge, experts, and both together, by model, dimension and (--by) country."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show how models score, each for itself, by country and dimension or whatever is asked for."""
    with outcome(as_json) as result:
        if judge and experts:
            raise UserError("Choose one judge, or the experts: scores of different raters are never mixed.")
        errata: Errata = "without" if without_errata else "with"
        wanted = ScoreFilter(
            experts=experts,
            models=tuple(model or ()),
            dimensions=tuple(dimension or ()),
            countries=tuple(country or ()),
            domains=tuple(domain or ()),
            languages=tuple(language or ()),
            regions=tuple(region or ()),
            subsets=tuple(subset or ()),
            splits=splits_named(split),
            settings=tuple(setting or ()),
            rounds=tuple(rounds or ()),
            errata=errata,
        )
        check_known_here(wanted, judge)
        if corrected:
            tell_corrected(result, wanted, judge, _keys(by or ""))
        else:
            _tell(result, wanted, [judge] if judge else None, _keys("country,dimension" if by is None else by))


def _keys(by: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in by.split(",") if part.strip()))


def _tell(result: Outcome, wanted: ScoreFilter, judges: list[str] | None, keys: list[str]) -> None:
    """Say the cells of the raters; a mean over several models would be nobody's, so each model has its own."""
    by = [*keys, *(["model"] if "model" not in keys else [])]
    person = person_here()
    result.fields["cells"], result.fields["made_of"] = [], []
    with reading() as session:
        if wanted.experts:
            raters = [wanted]
        else:
            names = judges or [judge.name for judge in judges_here(session)]
            raters = [ScoreFilter(**(vars(wanted) | {"judge": name})) for name in names]
        for rater in raters:
            _tell_cells(result, cells(session, person=person, wanted=rater, by=by))
            tell_mixed(result, {"rater": rater.rater}, what_counts(session, person=person, wanted=rater))
    if not result.fields["cells"]:
        result.say("Nothing is scored yet that fits.")


def _tell_cells(result: Outcome, found: list[Cell]) -> None:
    result.fields["cells"] += [
        {
            **cell.keys,
            "rater": cell.rater,
            "n": cell.n,
            "n_unscored": cell.n_unscored,
            "families": cell.families,
            "mean": cell.mean,
            "low": cell.low,
            "high": cell.high,
            "method": cell.method,
            "too_few": cell.is_small or cell.low is None,
        }
        for cell in found
    ]
    for cell in found:
        keys = ", ".join("unknown" if label is None else str(label) for label in cell.keys.values())
        result.say(f"{keys}, {cell.rater}: {_words(cell)}")


def _words(cell: Cell) -> str:
    if cell.mean is None:
        return f"no score, {cell.n_unscored:,} unscored"
    unscored = f", {cell.n_unscored:,} unscored" if cell.n_unscored else ""
    base = f"{cell.n:,} responses of {cell.families:,} families{unscored}"
    if cell.is_small or cell.low is None or cell.high is None:
        return f"too few to say, {base}"
    return f"{cell.mean:.1%} ({cell.low:.1%} to {cell.high:.1%}), {base}"

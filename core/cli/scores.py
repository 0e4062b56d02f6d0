"""The command that says the numbers of the Failures page."""

from typing import Annotated

import typer

from core.cli.corrected_scores import tell_corrected
from core.cli.outcome import AsJson, Outcome, outcome
from core.db import reading
from core.errors import UserError
from core.judges import judges_here
from core.measures.score_filter import Errata, ScoreFilter
from core.measures.scores import Cell, cells
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
            splits=tuple(split or ()),
            settings=tuple(setting or ()),
            rounds=tuple(rounds or ()),
            errata=errata,
        )
        if corrected:
            tell_corrected(result, wanted, judge, _keys(by or ""))
        else:
            _tell(result, _cells(wanted, [judge] if judge else None, _keys("country,dimension" if by is None else by)))


def _keys(by: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in by.split(",") if part.strip()))


def _cells(wanted: ScoreFilter, judges: list[str] | None, keys: list[str]) -> list[Cell]:
    """Return the cells of the raters; a mean over several models would be nobody's, so each model has its own."""
    by = [*keys, *(["model"] if "model" not in keys else [])]
    person = person_here()
    with reading() as session:
        if wanted.experts:
            raters = [wanted]
        else:
            names = judges or [judge.name for judge in judges_here(session)]
            raters = [ScoreFilter(**(vars(wanted) | {"judge": name})) for name in names]
        return [cell for rater in raters for cell in cells(session, person=person, wanted=rater, by=by)]


def _tell(result: Outcome, found: list[Cell]) -> None:
    result.fields["cells"] = [
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
        }
        for cell in found
    ]
    for cell in found:
        keys = ", ".join("unknown" if label is None else str(label) for label in cell.keys.values())
        result.say(f"{keys}, {cell.rater}: {_words(cell)}")
    if not found:
        result.say("Nothing is scored yet that fits.")


def _words(cell: Cell) -> str:
    if cell.mean is None:
        return f"no score, {cell.n_unscored:,} unscored"
    spread = "no interval" if cell.low is None or cell.high is None else f"{cell.low:.1%} to {cell.high:.1%}"
    unscored = f", {cell.n_unscored:,} unscored" if cell.n_unscored else ""
    return f"{cell.mean:.1%} ({spread}), {cell.n:,} responses of {cell.families:,} families{unscored}"

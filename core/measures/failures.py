"""Cells -> where models fail worst, and where two of them differ."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from core.errors import UserError
from core.measures.pairing import differences, frame_at, units
from core.measures.score_filter import ScoreFilter
from core.measures.score_frame import rows_wanted
from core.measures.scores import Cell, cells, cells_of, rated_frame
from core.measures.tabulating import tabulated
from core.models import Person

# Two responses are a pair if they answer one item in one setting and round.
_PAIRED_BY = ("setting", "round")


@dataclass(frozen=True)
class WorstCells:
    """Cells by the upper end of their interval, the surely worst first; `small` ones are too few to be ranked."""

    ranked: tuple[Cell, ...]
    small: int


def worst_cells(
    session: Session, *, person: Person, wanted: ScoreFilter, by: Sequence[str] = ("country", "dimension")
) -> WorstCells:
    """Return the cells of what is wanted, the surely worst first: a lower mean with a wider interval may come later.

    Raises:
        UserError: an expert asks, or the filter has no meaning.
        NotFoundError: there is no such judge.
    """
    return ranked_by_upper_end(cells(session, person=person, wanted=wanted, by=by))


def ranked_by_upper_end(found: Sequence[Cell]) -> WorstCells:
    """Return cells in the order of their upper ends; equal ones by mean, then as they came."""
    large = [cell for cell in found if cell.high is not None and cell.mean is not None and not cell.is_small]
    ranked = sorted(large, key=lambda cell: (cell.high, cell.mean))
    return WorstCells(tuple(ranked), len(found) - len(large))


def difference(
    session: Session,
    *,
    person: Person,
    wanted: ScoreFilter,
    first: str,
    second: str,
    by: Sequence[str] = ("country", "dimension"),
) -> list[Cell]:
    """Return how much higher the second model scores than the first, on the same items, settings and rounds.

    `n` counts pairs of which both are scored, `n_unscored` pairs that were both rated and lack a score. Means and
    intervals are of the differences, from -1 to 1; the interval takes families as independent.

    Raises:
        UserError: an expert asks, the models are one, or the numbers are to be broken down by model.
        NotFoundError: there is no such judge.
    """
    if first == second:
        raise UserError("Choose two different models to see how they differ.")
    if "model" in by:
        raise UserError("A difference of two models has no model of its own. Leave it out.")
    asked = replace(wanted, models=(first, second))
    frame, scores, picked = rated_frame(session, person=person, wanted=asked, by=by)
    model = frame.of_responses["model"]
    sides = [picked & model.code_set([name])[model.codes] for name in (first, second)]
    found, stands = differences(scores, units(frame, facts=_PAIRED_BY), *sides)
    pairs = frame_at(frame, stands)
    everything = stands >= 0
    rows = rows_wanted(scores, asked)
    return cells_of(tabulated(pairs, found, everything, by=by, rows=rows, bounds=(-1.0, 1.0)), asked.rater)

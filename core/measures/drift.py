"""Scores of a model that was asked again and again -> how it changes over rounds or months.

A judge drifts too: `core.judging.bridge.drift` says how it scores one and the same responses over time, and belongs
beside every line drawn from here. What moves in both may be the judge.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlmodel import Session

from core.measures.pairing import differences, frame_at, units
from core.measures.score_filter import ScoreFilter
from core.measures.score_frame import Label, rows_wanted
from core.measures.scores import Cell, cells, cells_of, rated_frame
from core.measures.tabulating import tabulated
from core.models import Person

Period = Literal["round", "month"]


@dataclass(frozen=True)
class DriftCell:
    """A model's mean in one period, and its change since its first one on the items both have; None in the first."""

    period: Label
    score: Cell
    change: Cell | None


def model_drift(
    session: Session, *, person: Person, wanted: ScoreFilter, model: str, period: Period = "month"
) -> list[DriftCell]:
    """Return a model's scores by period and dimension, in the order of time.

    Means of two periods may be over other items. The change is paired: over the items and settings that were answered
    in both periods, each by the mean of its responses in a period. Months are those the responses were collected in.

    Raises:
        UserError: an expert asks, or the filter has no meaning.
        NotFoundError: there is no such judge.
    """
    asked = replace(wanted, models=(model,))
    found = cells(session, person=person, wanted=asked, by=(period, "dimension"))
    periods = list(dict.fromkeys(cell.keys[period] for cell in found))
    changes = {
        (later, cell.keys["dimension"]): cell
        for later in periods[1:]
        for cell in _changes(session, person, asked, period, (periods[0], later))
    }
    return [
        DriftCell(cell.keys[period], cell, changes.get((cell.keys[period], cell.keys["dimension"]))) for cell in found
    ]


def _changes(
    session: Session, person: Person, asked: ScoreFilter, period: Period, periods: Sequence[Label]
) -> list[Cell]:
    frame, scores, picked = rated_frame(session, person=person, wanted=asked)
    column = frame.of_responses[period]
    sides = [picked & (column.codes == column.labels.index(label)) for label in periods]
    found, stands = differences(scores, units(frame, facts=("setting",)), *sides)
    rows = rows_wanted(scores, asked)
    table = tabulated(frame_at(frame, stands), found, stands >= 0, by=("dimension",), rows=rows, bounds=(-1.0, 1.0))
    return cells_of(table, asked.rater)

"""What is labelled so far -> where more labels narrow an interval most, and the plan that asks for them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from core.measures.corrected_cells import KeyedCell, keyed_cells
from core.measures.corrected_scores import FEWEST_LABELS
from core.measures.label_gains import MORE_LABELS, LabelGain, label_gain
from core.measures.score_filter import ScoreFilter
from core.measures.score_frame import Label
from core.measures.statistics import FEWEST_FOR_INTERVAL
from core.models import Person


@dataclass(frozen=True)
class NextLabels:
    """A cell and what to expect of 20 more labels there; `left` of its `responses` wait for a label still.

    `gain.now` and `gain.after` are half the width of the corrected score's interval, None where there is none yet:
    then `gain.missing_labels` are needed first.
    """

    keys: Mapping[str, Label]
    judge: str
    responses: int
    labelled: int
    left: int
    gain: LabelGain


def next_labels(session: Session, *, person: Person, wanted: ScoreFilter, by_country: bool = True) -> list[NextLabels]:
    """Return the cells that more labels would help, the best first.

    First come those whose interval would become narrower, by how much; then those that have none so far, by how few
    labels are missing. Cells without a response left to label, or with fewer than are missing, are left out.

    Raises:
        UserError: an expert asks, the filter names no judge, or has no meaning.
        NotFoundError: there is no such judge.
    """
    cells = keyed_cells(session, person=person, wanted=wanted, by_country=by_country)
    found = [
        NextLabels(cell.keys, wanted.judge, len(cell.judge), cell.labelled, cell.left, _gain(cell)) for cell in cells
    ]
    helped = [one for one in found if _is_helped(one)]
    return sorted(helped, key=lambda one: (-one.gain.narrower, one.gain.missing_labels))


def responses_to_draw(cell: NextLabels) -> int:
    """Return how many responses of a cell to draw, so that enough of them can be expected to have no label yet.

    Enough are 20, or as many as are missing: a plan draws from all responses, labelled or not.
    """
    labels = min(max(MORE_LABELS, cell.gain.missing_labels), cell.left)
    return min(cell.responses, math.ceil(labels * cell.responses / max(1, cell.left)))


def _gain(cell: KeyedCell) -> LabelGain:
    """Return the cell's gain; what too few labels make plain needs no statistics."""
    missing = max(0, FEWEST_LABELS - cell.labelled, FEWEST_FOR_INTERVAL - cell.labelled_families)
    return LabelGain(None, None, min(MORE_LABELS, cell.left), missing) if missing else label_gain(cell.scored())


def _is_helped(cell: NextLabels) -> bool:
    return cell.gain.narrower > 0 or 0 < cell.gain.missing_labels <= cell.left

"""What is labelled so far -> where more labels narrow an interval most, and how much a plan has to draw for them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from sqlmodel import Session

from core.measures.corrected_cells import KeyedCell, keyed_cells
from core.measures.corrected_scores import FEWEST_LABELS
from core.measures.label_gains import MORE_LABELS, LabelGain, label_gain
from core.measures.score_filter import ScoreFilter
from core.measures.score_frame import Label
from core.measures.statistics import FEWEST_FOR_INTERVAL
from core.models import Person

# The least share that the form of a plan takes.
_LEAST_SHARE = 0.001
# Below, most rounds of a judge say no.
_FAILING = 0.5


@dataclass(frozen=True)
class NextLabels:
    """A cell and what to expect of 20 more labels there; `left` of its `responses` wait for a label still.

    A plan draws from each of the `parts` for itself, sizes that add up to the responses: what the judge said no to and
    the others, or the countries where the cell is of all together. `gain.now` and `gain.after` are half the width of
    the corrected score's interval, None where there is none yet: then `gain.missing_labels` are needed first.
    """

    keys: Mapping[str, Label]
    judge: str
    responses: int
    labelled: int
    left: int
    gain: LabelGain
    parts: tuple[int, ...]


def next_labels(session: Session, *, person: Person, wanted: ScoreFilter, by_country: bool = True) -> list[NextLabels]:
    """Return the cells that more labels would help, the best first.

    First come those whose interval would become narrower, by how much; then those that have none so far, by how few
    labels are missing. Cells without a response left to label, or with fewer than are missing, are left out, and so
    is what has no country: nobody is from there.

    Raises:
        UserError: an expert asks, the filter names no judge, or has no meaning.
        NotFoundError: there is no such judge.
    """
    cells = keyed_cells(session, person=person, wanted=wanted, by_country=by_country)
    found = [
        NextLabels(cell.keys, wanted.judge, len(cell.judge), cell.labelled, cell.left, _gain(cell), _parts(cell))
        for cell in cells
    ]
    helped = [one for one in found if _is_helped(one)]
    return sorted(helped, key=lambda one: (-one.gain.narrower, one.gain.missing_labels))


def responses_to_draw(cell: NextLabels) -> int:
    """Return how many responses of a cell to draw, so that enough of them can be expected to have no label yet.

    Enough are 20, or as many as are missing: a plan draws from all responses, labelled or not.
    """
    labels = min(max(MORE_LABELS, cell.gain.missing_labels), cell.left)
    return min(cell.responses, math.ceil(labels * cell.responses / max(1, cell.left)))


def share_to_draw(cell: NextLabels) -> float:
    """Return the share of a cell's responses that is as many; rounded down, as each part's share is rounded up."""
    return max(_LEAST_SHARE, math.floor(1e6 * responses_to_draw(cell) / max(1, cell.responses)) / 1e6)


def responses_drawn(cell: NextLabels) -> int:
    """Return how many responses a plan for a cell draws: of each part its share, rounded up."""
    count = Fraction(responses_to_draw(cell), max(1, cell.responses))
    # By its digits, as a plan takes it.
    share = count if "country" in cell.keys else Fraction(str(share_to_draw(cell)))
    return sum(math.ceil(share * size) for size in cell.parts)


def _parts(cell: KeyedCell) -> tuple[int, ...]:
    if "country" in cell.keys:
        failing = int((cell.judge < _FAILING).sum())
        return (failing, len(cell.judge) - failing)
    return tuple(np.unique(cell.countries, return_counts=True)[1].tolist())


def _gain(cell: KeyedCell) -> LabelGain:
    """Return the cell's gain; what too few labels make plain needs no statistics."""
    missing = max(0, FEWEST_LABELS - cell.labelled, FEWEST_FOR_INTERVAL - cell.labelled_families)
    return LabelGain(None, None, min(MORE_LABELS, cell.left), missing) if missing else label_gain(cell.scored())


def _is_helped(cell: NextLabels) -> bool:
    if cell.keys.get("country", "") is None:
        return False
    return cell.gain.narrower > 0 or 0 < cell.gain.missing_labels <= cell.left

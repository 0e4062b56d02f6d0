"""Two sides that agree or not -> how an address names them, and the responses both of them scored."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from core.measures.agreement_cache import kept_labels
from core.measures.agreement_labels import POOLS
from core.measures.score_frame import FIRST_LEVEL, Frame, Scores
from core.rubric import Pool

_WITH_JUDGE, _EXPERTS = "both", "among"


@dataclass(frozen=True)
class Sides:
    """An expert of the `first` pool, and on the other side a judge, or where that is "" an expert of the `second`."""

    first: Pool
    second: Pool = "from"
    judge: str = ""

    @property
    def named(self) -> str:
        """Return how an address names both."""
        return f"{_WITH_JUDGE}/{self.first}/{self.judge}" if self.judge else f"{_EXPERTS}/{self.first}/{self.second}"


def sides_named(named: str) -> Sides | None:
    """Return the sides that an entry of an address names; None if it names no two."""
    kind, _, rest = named.partition("/")
    first, _, second = rest.partition("/")
    pools = {str(pool): pool for pool in POOLS}
    if kind == _WITH_JUDGE and first in pools and second:
        return Sides(pools[first], judge=second)
    if kind == _EXPERTS and first in pools and second in pools:
        return Sides(pools[first], pools[second])
    return None


def compared_places(
    session: Session, frame: Frame, scores: Scores, *, rows: Sequence[int], sides: Sides
) -> NDArray[np.bool_]:
    """Return which responses both sides gave a score on the same one of these rows; "can't say" is none."""
    first = _labels_at(session, frame, scores, sides.first)
    if sides.judge:
        compared = (first > 0) & (scores.codes >= FIRST_LEVEL)
    elif sides.first == sides.second:
        compared = first > 1
    else:
        compared = (first > 0) & (_labels_at(session, frame, scores, sides.second) > 0)
    return np.any(compared[list(rows)], axis=0)


def _labels_at(session: Session, frame: Frame, scores: Scores, pool: Pool) -> NDArray[np.int64]:
    """Return how many people of a pool scored each response blind, by row."""
    labels = kept_labels(session)
    said = labels.at((labels.pools == POOLS.index(pool)) & ~np.isnan(labels.scores))
    found = np.zeros(scores.codes.shape, dtype=np.int64)
    np.add.at(found, (said.rows, np.searchsorted(frame.response_ids, said.responses)), 1)
    return found

"""A cell's scores and labels -> how far more labels would narrow its interval. Pure: numbers in, numbers out."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.measures.corrected_scores import FEWEST_LABELS
from core.measures.resampling import Numbers, effective_number
from core.measures.scored_cells import CellArrays, ScoredCell, checked
from core.measures.statistics import FEWEST_FOR_INTERVAL, student_t_bound

MORE_LABELS = 20


@dataclass(frozen=True)
class LabelGain:
    """Half the width of a cell's 95 % interval (0 to 1) now and after `more` labels; None where there is none.

    `more` is less than asked where fewer responses are left; `missing_labels` are needed before there is an interval.
    """

    now: float | None
    after: float | None
    more: int
    missing_labels: int

    @property
    def narrower(self) -> float:
        """How much narrower half the interval would become; 0 where that cannot be told."""
        return 0.0 if self.now is None or self.after is None else max(0.0, self.now - self.after)


def label_gain(cell: ScoredCell, *, more: int = MORE_LABELS, fewest_labels: int = FEWEST_LABELS) -> LabelGain:
    """Return what to expect of more labels on responses of this cell drawn at random among those without.

    The variance of the corrected score has a part that labels do not change (the judge's scores, and what they have in
    common with the labels) and the variance of the labels' weighted mean distance from the judge. Of that, the share
    that answers of one family have in common falls with the number of families, the rest with the number of labels.

    Args:
        cell: its responses.
        more: how many labels.
        fewest_labels: below so many, or 10 labelled families, there is no interval.

    Raises:
        ValueError: see `checked`.

    Sources: Kish (1965), Survey Sampling, chapter 5 (design effect of clusters); Donner and Koval (1980), Biometrics
    36(1) (correlation within families).
    """
    arrays = checked(cell)
    labelled = int(arrays.is_labelled.sum())
    sums = arrays.sums()
    families = int((sums.weights > 0).sum())
    left = np.isnan(arrays.probabilities)
    more = min(more, int(left.sum()))
    missing = max(0, fewest_labels - labelled, FEWEST_FOR_INTERVAL - families)
    if missing or not arrays.is_judged.any():
        return LabelGain(None, None, more, missing)
    reliance = sums.reliance()
    residuals = sums.labels - reliance * sums.labelled_judge
    weight = float(sums.weights.sum())
    distance = float((((residuals - residuals.sum() / weight * sums.weights) / weight) ** 2).sum())
    total = float(((sums.label_part() + reliance * sums.judge_part()) ** 2).sum())
    new_families = families + _families_met(arrays, left, more)
    alone, together = (labelled / (labelled + more) if labelled else 1.0), families / new_families
    common = _common_share(arrays, reliance)
    shrunk = _shrinkage(arrays, sums.weights, common, alone, together)
    after = max(0.0, total - distance) + distance * shrunk
    return LabelGain(_half(total, families), _half(after, round(new_families)), more, 0)


def _shrinkage(arrays: CellArrays, family_weights: Numbers, common: float, alone: float, together: float) -> float:
    """Return what remains of a variance whose part of responses shrinks by one factor, that of families by another."""
    of_responses = (1 - common) / effective_number(arrays.weights())
    of_families = common / effective_number(family_weights)
    return (of_responses * alone + of_families * together) / (of_responses + of_families)


def _half(variance: float, families: int) -> float:
    return min(0.5, student_t_bound(families - 1) * math.sqrt(families / (families - 1) * variance))


def _families_met(arrays: CellArrays, left: NDArray[np.bool_], more: int) -> float:
    """Return how many families without a label so far to expect among `more` responses of those that are left."""
    unlabelled = np.bincount(arrays.families, weights=arrays.is_labelled) == 0
    of_families = np.bincount(arrays.families, weights=left)[unlabelled]
    responses = int(left.sum())
    return float((1 - (1 - of_families / responses) ** more).sum()) if responses else 0.0


def _common_share(arrays: CellArrays, reliance: float) -> float:
    """Return the correlation within families of labels' distances from the judge, 0 to 1; 1 if nothing tells it."""
    labelled = arrays.is_labelled
    distances = arrays.labels[labelled] - reliance * arrays.filled_judge()[labelled]
    _, family = np.unique(arrays.families[labelled], return_inverse=True)
    sizes = np.bincount(family)
    between_df, within_df = len(sizes) - 1, len(family) - len(sizes)
    if not within_df:
        return 1.0
    means = np.bincount(family, weights=distances) / sizes
    between = float((sizes * (means - distances.mean()) ** 2).sum()) / between_df
    within = float(((distances - means[family]) ** 2).sum()) / within_df
    size = (len(family) - float((sizes**2).sum()) / len(family)) / between_df
    spread = between + (size - 1) * within
    return min(1.0, max(0.0, (between - within) / spread)) if spread > 0 else 1.0

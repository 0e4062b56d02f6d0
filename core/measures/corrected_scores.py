"""A judge's scores of all responses and experts' labels of some -> what experts would say of all. Pure.

The judge's mean over all responses is moved by how far the experts' labels lie from the judge's scores where both are
known: consistent however wrong the judge is, and narrower than the labels alone where the judge is right.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from core.measures.family_intervals import (
    NO_DIFFERENCE,
    NO_SCORES,
    FamilySums,
    Statistic,
    statistic_by_families,
    statistic_of,
)
from core.measures.resampling import REPLICATES, Numbers
from core.measures.scored_cells import CellArrays, CellSums, ScoredCell, checked
from core.measures.statistics import FEWEST_FOR_INTERVAL, clustered_mean

FEWEST_LABELS = 30

_BOUNDS = (0.0, 1.0)
_NOTHING = 1e-12


@dataclass(frozen=True)
class CorrectedScore:
    """What experts would say of a cell, beside the labels alone and the raw judge.

    `reliance` is how far the judge is relied on, 0 to 1 (lambda). `lowest` and `highest` are the corrected value if
    experts had said 0, or 1, of all the `unsaid` responses they skipped, `labels_lowest` and `labels_highest` the same
    of the labels alone, wherever something was drawn. Where `missing_labels` is above 0 there is no corrected value:
    so many more are needed, from `missing_families` more families at least.
    """

    corrected: Statistic
    labels_only: Statistic
    judge: Statistic
    unsaid: int
    missing_labels: int
    missing_families: int
    reliance: float | None = None
    lowest: float | None = None
    highest: float | None = None
    labels_lowest: float | None = None
    labels_highest: float | None = None


def corrected_score(
    cell: ScoredCell, *, fewest_labels: int = FEWEST_LABELS, seed: int = 0, replicates: int = REPLICATES
) -> CorrectedScore:
    """Return the corrected score of a cell, with the labels alone and the raw judge.

    With weights w = 1 / inclusion probability: lambda * mean(judge, all) + w-weighted mean(label - lambda * judge,
    labelled). A response the judge did not score counts as one with the judge's mean: as consistent, less narrow.

    Args:
        cell: its responses.
        fewest_labels: below so many labels, or 10 labelled families, nothing is corrected.
        seed: the same seed gives the same intervals.
        replicates: of the bootstrap.

    Raises:
        ValueError: the sequences differ in length, a score is not between 0 and 1, a probability is not above 0 and up
            to 1, or a label has none.

    Sources: Angelopoulos, Bates, Fannjiang, Jordan and Zrnic (2023), Science 382; Angelopoulos, Duchi and Zrnic
    (2023), PPI++; Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, chapter 6 (difference
    estimator) and section 5.5 (its variance by Taylor's method).
    """
    arrays = checked(cell)
    found = _uncorrected(arrays, fewest_labels, seed=seed, replicates=replicates)
    if found.missing_labels or not found.judge.n:
        return found
    sums = arrays.sums()
    reliance = sums.reliance()
    value = _corrected(sums, reliance, found.labels_only.n, seed=seed, replicates=replicates)
    lowest, highest = (arrays.with_unsaid(score).sums().corrected(reliance) for score in _BOUNDS)
    return replace(found, corrected=value, reliance=reliance, lowest=max(0.0, lowest), highest=min(1.0, highest))


def _uncorrected(arrays: CellArrays, fewest_labels: int, *, seed: int, replicates: int) -> CorrectedScore:
    sums, judged = arrays.sums(), arrays.judged_sums()
    pairs = [(sums.labels, sums.weights), (judged[:, 0], judged[:, 1])]
    labels, judge = (
        clustered_mean(total.tolist(), weight.tolist(), bounds=_BOUNDS, seed=seed, replicates=replicates)
        for total, weight in pairs
    )
    labelled = int(arrays.is_labelled.sum())
    missing_families = max(0, FEWEST_FOR_INTERVAL - labels.families)
    missing = max(0, fewest_labels - labelled, missing_families)
    note = f"{missing} more labels needed" if judge.n else NO_SCORES
    nothing = Statistic(None, None, None, labelled, labels.families, note)
    of_labels, of_judge = statistic_of(labels, n=labelled), statistic_of(judge, n=judge.n)
    unsaid = int(arrays.is_unsaid.sum())
    found = CorrectedScore(nothing, of_labels, of_judge, unsaid, missing, missing_families)
    lowest, highest = (_labels_mean(arrays.with_unsaid(score).sums()) for score in _BOUNDS)
    return replace(found, labels_lowest=lowest, labels_highest=highest)


def _labels_mean(sums: CellSums) -> float | None:
    weight = float(sums.weights.sum())
    return float(sums.labels.sum()) / weight if weight else None


def _corrected(sums: CellSums, reliance: float, labelled: int, *, seed: int, replicates: int) -> Statistic:
    def statistic(totals: Numbers) -> Numbers:
        responses, judge, weights, labels, labelled_judge = np.moveaxis(totals, -1, 0)
        weights = np.where(weights > 0, weights, np.nan)
        values: Numbers = labels / weights + reliance * (judge / responses - labelled_judge / weights)
        return values

    columns = np.column_stack([sums.responses, sums.judge, sums.weights, sums.labels, sums.labelled_judge])
    influence = sums.label_part() + reliance * sums.judge_part()
    of_families = FamilySums(columns, sums.weights, labelled, seed, replicates)
    found = statistic_by_families(of_families, statistic, bounds=_BOUNDS, influence=influence)
    residuals = sums.labels - reliance * sums.labelled_judge
    off = residuals - residuals.sum() / sums.weights.sum() * sums.weights
    return _widened(found) if np.abs(off).max() <= _NOTHING * sums.weights.max() else found


def _widened(found: Statistic) -> Statistic:
    """Return an interval that allows for labels unlike the judge's scores, none of which was met so far."""
    if found.value is None:
        return found
    value = found.value
    unmet = clustered_mean([value] * found.families, [1.0] * found.families, bounds=_BOUNDS)
    below, above = (0.0 if bound is None else abs(value - bound) for bound in (unmet.low, unmet.high))
    before, after = (0.0 if bound is None else abs(value - bound) for bound in (found.low, found.high))
    low, high = value - math.hypot(below, before), value + math.hypot(above, after)
    return replace(found, low=max(0.0, low), high=min(1.0, high), note=NO_DIFFERENCE)

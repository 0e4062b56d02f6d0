"""A judge's scores and experts' labels of a cell -> checked arrays and their sums per family. Pure."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.measures.family_intervals import family_sums, numbered
from core.measures.resampling import Numbers

_NOTHING = 1e-12


@dataclass(frozen=True)
class ScoredCell:
    """All responses of a cell, in one order: scores from 0 to 1, NaN for none.

    `judge` is the mean of a judge's rounds, `labels` the mean of the experts' blind labels. `probabilities` say how
    likely a response was to be drawn for labelling; NaN where it was not drawn, or its turn is still to come. Drawn
    and without a label is one that experts skipped or could not say.
    """

    judge: Sequence[float]
    labels: Sequence[float]
    probabilities: Sequence[float]
    families: Sequence[Hashable]


@dataclass(frozen=True)
class CellSums:
    """Sums per family: responses, judge scores, and of the labelled ones weights, labels, judge scores."""

    responses: Numbers
    judge: Numbers
    weights: Numbers
    labels: Numbers
    labelled_judge: Numbers

    def judge_part(self) -> Numbers:
        """Return how far each family moves the judge's mean over all, less its mean over the labelled."""
        total, weight = float(self.responses.sum()), float(self.weights.sum())
        over_all = (self.judge - self.judge.sum() / total * self.responses) / total
        over_labelled = (self.labelled_judge - self.labelled_judge.sum() / weight * self.weights) / weight
        moved: Numbers = over_all - over_labelled
        return moved

    def label_part(self) -> Numbers:
        """Return how far each family moves the mean of the labels."""
        weight = float(self.weights.sum())
        moved: Numbers = (self.labels - self.labels.sum() / weight * self.weights) / weight
        return moved

    def reliance(self) -> float:
        """Return the lambda from 0 to 1 with the smallest variance, families being independent.

        Source: Angelopoulos, Duchi and Zrnic (2023), PPI++: Efficient Prediction-Powered Inference, section 5; here
        for families, unequal weights, and labelled responses that are part of all.
        """
        judge, labels = self.judge_part(), self.label_part()
        squares = float((judge**2).sum())
        return min(1.0, max(0.0, -float((judge * labels).sum()) / squares)) if squares > _NOTHING else 0.0

    def corrected(self, reliance: float) -> float:
        """Return reliance * mean(judge, all) + weighted mean(label - reliance * judge, labelled)."""
        residuals = float(self.labels.sum() - reliance * self.labelled_judge.sum()) / float(self.weights.sum())
        return residuals + reliance * float(self.judge.sum() / self.responses.sum())


@dataclass(frozen=True)
class CellArrays:
    """A checked cell; `families` are numbered from 0."""

    judge: Numbers
    labels: Numbers
    probabilities: Numbers
    families: NDArray[np.intp]

    @property
    def is_judged(self) -> NDArray[np.bool_]:
        """Which responses the judge scored."""
        return ~np.isnan(self.judge)

    @property
    def is_labelled(self) -> NDArray[np.bool_]:
        """Which responses experts labelled."""
        return ~np.isnan(self.labels)

    @property
    def is_unsaid(self) -> NDArray[np.bool_]:
        """Which responses were drawn, and experts skipped them or could not say."""
        return ~np.isnan(self.probabilities) & np.isnan(self.labels)

    def with_unsaid(self, score: float) -> "CellArrays":
        """Return the cell as if experts had given this score to what they left unsaid."""
        return replace(self, labels=np.where(self.is_unsaid, score, self.labels))

    def weights(self) -> Numbers:
        """Return 1 / inclusion probability of what is labelled, 0 elsewhere."""
        return np.where(self.is_labelled, 1 / np.where(self.is_labelled, self.probabilities, 1.0), 0.0)

    def filled_judge(self) -> Numbers:
        """Return the judge's scores, and their mean where there is none."""
        mean = float(self.judge[self.is_judged].mean()) if self.is_judged.any() else 0.0
        return np.where(self.is_judged, self.judge, mean)

    def sums(self) -> CellSums:
        """Return the sums of each family."""
        judge, weights = self.filled_judge(), self.weights()
        rows = [np.ones(len(judge)), judge, weights, weights * np.nan_to_num(self.labels), weights * judge]
        return CellSums(*family_sums(np.column_stack(rows), self.families).T)

    def judged_sums(self) -> Numbers:
        """Return each family's sum of the judge's scores, and how many it gave."""
        return family_sums(np.column_stack([np.nan_to_num(self.judge), self.is_judged]), self.families)


def checked(cell: ScoredCell) -> CellArrays:
    """Return the cell as arrays.

    Raises:
        ValueError: the sequences differ in length, a score is not between 0 and 1, a probability is not above 0 and up
            to 1, or a label has none.
    """
    judge, labels, probabilities = (
        np.asarray(row, dtype=float) for row in (cell.judge, cell.labels, cell.probabilities)
    )
    if not len(judge) == len(labels) == len(probabilities) == len(cell.families):
        raise ValueError("A cell needs a score, a label, a probability (or NaN) and a family for each response.")
    scores = np.concatenate([judge, labels])
    if ((scores < 0) | (scores > 1)).any() or ((probabilities <= 0) | (probabilities > 1)).any():
        raise ValueError("Scores lie between 0 and 1; probabilities are above 0 and up to 1.")
    if (~np.isnan(labels) & np.isnan(probabilities)).any():
        raise ValueError("A label needs the probability with which its response was drawn.")
    return CellArrays(judge, labels, probabilities, numbered(cell.families))

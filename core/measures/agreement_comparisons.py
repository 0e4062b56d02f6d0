"""Scores of a judge and labels of experts in one cell -> how the two sides agree. Pure: arrays in, numbers out."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from core.measures.agreement_statistics import Agreement, agreement_of_many, agreement_of_two, share_statistics
from core.measures.family_intervals import NO_DIFFERENCE, Statistic
from core.measures.resampling import Numbers
from core.measures.score_tallies import RatedResponses
from core.measures.statistics import FEWEST_FOR_BOOTSTRAP, FEWEST_FOR_INTERVAL, Method


@dataclass(frozen=True, slots=True)
class Compared:
    """How two sides agree on `n` responses of `families` families, with `labels` labels by `experts` experts.

    Each statistic has its interval and its note; `percent` is a share, 0 to 1. The matrices hold the scores 0 and 1 in
    this order, rows the first side and columns the second: `shares` is weighted and adds up to 1, `counts` counts
    pairs of scores as they are; a judge that scored a response several times is one score of it, shared out over the
    rows as often as it gave each. `shares` is empty where there is nothing to compare. Where experts are compared
    among themselves, both orders of each pair stand in the matrices.
    """

    n: int
    labels: int
    experts: int
    families: int
    percent: Statistic
    kappa: Statistic
    alpha: Statistic
    ac1: Statistic
    shares: tuple[tuple[float, ...], ...]
    counts: tuple[tuple[int, ...], ...]
    tables: Numbers = field(compare=False, repr=False)

    def share_statistics(self) -> tuple[tuple[Statistic, ...], ...]:
        """Return the shares with their intervals by families; made when asked for, a grid of cells needs none."""
        return share_statistics(self.tables, n=self.n)


@dataclass(frozen=True)
class CellScores:
    """The labelled responses of a cell: a judge's scores (NaN for none), labels and who gave them, a column per label.

    Where a judge scored a response several times, its score is the mean: one of them drawn at random, like an expert.
    `labels` are NaN and `experts` -1 where there is none; a "can't say" has its expert and no score, as what an expert
    gave back has.
    """

    judge: Numbers
    labels: Numbers
    experts: NDArray[np.int64]
    families: Sequence[Hashable]
    weights: Numbers

    @property
    def responses(self) -> RatedResponses:
        """Return the responses as statistics want them."""
        return RatedResponses(self.families, self.weights)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class PercentRange:
    """What a percentage were if all who did not answer had spoken against it, or for it; None without any label."""

    worst: float | None
    best: float | None


def compared_with_judge(cell: CellScores) -> Compared:
    """Return how the judge agrees with an expert drawn at random among those who labelled a response."""
    agreement = agreement_of_two(cell.judge.tolist(), cell.labels, cell.responses)  # type: ignore[arg-type]
    used = ~np.isnan(cell.labels) & ~np.isnan(cell.judge)[:, None]
    judge = np.broadcast_to(cell.judge[:, None], cell.labels.shape)
    counts = _counted(judge[used], cell.labels[used])
    return _compared(agreement, int(used.sum()), cell.experts[used], counts)


def compared_among_experts(cell: CellScores) -> Compared:
    """Return how two experts drawn at random among those who labelled a response agree."""
    agreement = agreement_of_many(cell.labels, cell.responses)  # type: ignore[arg-type]
    said = ~np.isnan(cell.labels)
    used = said & (said.sum(axis=1) >= 2)[:, None]
    times = np.stack([(cell.labels == score).sum(axis=1) for score in (0, 1)], axis=1)
    pairs = times[:, :, None] * (times[:, None, :] - np.eye(2, dtype=int))
    return _compared(agreement, int(used.sum()), cell.experts[used], pairs.sum(axis=0))


def compared_between(cell: CellScores, is_first: NDArray[np.bool_]) -> Compared:
    """Return how an expert drawn at random from the first of two groups agrees with one drawn from the others.

    Args:
        cell: labels of both groups.
        is_first: which labels are by the first group.
    """
    said = ~np.isnan(cell.labels)
    first, others = said & is_first, said & ~is_first
    both = (first.sum(axis=1) > 0) & (others.sum(axis=1) > 0)
    # Each label of the first group stands for its share of its response, so that a response weighs the same however
    # many labelled it.
    rows, columns = np.nonzero(first & both[:, None])
    weights = (cell.weights / np.maximum(first.sum(axis=1), 1))[rows]
    names = [cell.families[row] for row in rows.tolist()]
    ones, labels = cell.labels[rows, columns], np.where(others, cell.labels, np.nan)[rows]
    agreement = agreement_of_two(ones.tolist(), labels, RatedResponses(names, weights.tolist()))  # type: ignore[arg-type]
    used = ~np.isnan(labels)
    counts = _counted(np.broadcast_to(ones[:, None], labels.shape)[used], labels[used])
    held = (first | others) & both[:, None]
    return _compared(_over(agreement, int(both.sum())), int(held.sum()), cell.experts[held], counts)


def percent_range(cell: CellScores) -> PercentRange:
    """Return what the judge's percentage were with every answer that was not given against the judge, or for it.

    Not given are "can't say", and what somebody gave back as not for them.
    """
    judged = ~np.isnan(cell.judge)
    yes = np.where(judged, cell.judge, 0.0)
    agreed = (cell.labels == 1).sum(axis=1) * yes + (cell.labels == 0).sum(axis=1) * (1 - yes)
    unsaid = ((cell.experts >= 0) & np.isnan(cell.labels)).sum(axis=1)
    given = (cell.experts >= 0).sum(axis=1)
    weights = np.where(judged & (given > 0), cell.weights, 0.0)
    total = float(weights.sum())
    if not total:
        return PercentRange(None, None)
    ends = (agreed + unsaid * np.minimum(yes, 1 - yes), agreed + unsaid * np.maximum(yes, 1 - yes))
    worst, best = (float((weights * part / np.maximum(given, 1)).sum()) / total for part in ends)
    return PercentRange(worst, best)


def method_of(statistic: Statistic) -> Method:
    """Return how a statistic's interval was made, in the words of `scores`."""
    if not statistic.n:
        return "none"
    if statistic.families < FEWEST_FOR_INTERVAL:
        return "too few families"
    if statistic.low is None:
        return "no spread"
    if statistic.note == NO_DIFFERENCE:
        return "Wilson, families"
    return "t, families" if statistic.families < FEWEST_FOR_BOOTSTRAP else "cluster bootstrap"


def _compared(agreement: Agreement, labels: int, experts: NDArray[np.int64], counts: NDArray[np.int64]) -> Compared:
    percent = agreement.percent
    return Compared(
        percent.n,
        labels,
        len(np.unique(experts)),
        percent.families,
        percent,
        agreement.kappa,
        agreement.alpha,
        agreement.ac1,
        agreement.confusion,
        tuple(tuple(int(count) for count in row) for row in counts),
        agreement.tables,
    )


def _counted(first: Numbers, second: Numbers) -> NDArray[np.int64]:
    said = np.bincount(second.astype(np.int64), minlength=2)
    yes = np.rint(np.bincount(second.astype(np.int64), weights=first, minlength=2)).astype(np.int64)
    return np.stack([said - yes, yes])


def _over(agreement: Agreement, n: int) -> Agreement:
    """Return the agreement with its number of responses, where several rows stood for one."""
    percent, kappa, alpha, ac1 = (
        replace(one, n=n) for one in (agreement.percent, agreement.kappa, agreement.alpha, agreement.ac1)
    )
    return Agreement(percent, kappa, alpha, ac1, agreement.confusion, agreement.tables)

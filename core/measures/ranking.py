"""Scores of several models on the same items -> which ranks each can have. Pure: numbers in, numbers out."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from core.measures.intervals import resampled_means
from core.measures.pairing import units
from core.measures.resampling import Numbers, effective_number
from core.measures.score_frame import FIRST_LEVEL, Frame, Scores
from core.measures.statistics import FEWEST_FOR_BOOTSTRAP, bootstrap_deviations, clustered_mean

_CONFIDENCE = 0.95
_NORMAL_BOUND = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2)


@dataclass(frozen=True)
class RankRange:
    """The ranks a model can have among `of` models, 1 being best; equal ends are a rank that is sure."""

    best: int
    worst: int
    of: int


@dataclass(frozen=True)
class _Pairs:
    """Every two models over what both were scored on, by family: sums of differences, and how many."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    totals: Numbers
    weights: Numbers


def rank_ranges(frame: Frame, scores: Scores, picked: NDArray[np.bool_], row: int) -> dict[str, RankRange]:
    """Return by model the ranks its paired differences leave open; models that cannot be compared are left out.

    A model stands before another only where the difference on the items, settings and rounds both were scored on is
    surely above 0. Sure means: all statements of one board hold together with 95 % confidence, by the largest of the
    standardised differences in a bootstrap of whole families, with the tails of Student's t. Two models with fewer
    than 40 families in common are not told apart; a model that has so many with no other gets no rank.

    Source: Mogstad, Romano, Shaikh and Wilhelm (2024), Inference for Ranks, Review of Economic Studies 91(1).
    """
    models, values, weights, families = _wide(frame, scores, picked, row)
    if len(models) < 2:
        return {}
    pairs = _pairs(values, weights, families)
    comparable = (pairs.weights > 0).sum(axis=0) >= FEWEST_FOR_BOOTSTRAP
    better = _surely(pairs, comparable)
    ranks: dict[str, RankRange] = {}
    for place, model in enumerate(models):
        as_first, as_second = pairs.first == place, pairs.second == place
        if (comparable & (as_first | as_second)).any():
            above = int(((as_first & (better > 0)) | (as_second & (better < 0))).sum())
            below = int(((as_first & (better < 0)) | (as_second & (better > 0))).sum())
            ranks[model] = RankRange(1 + above, len(models) - below, len(models))
    return ranks


def _wide(
    frame: Frame, scores: Scores, picked: NDArray[np.bool_], row: int
) -> tuple[list[str], Numbers, Numbers, NDArray[np.int64]]:
    """Return models, and by item, setting and round: their scores, NaN for none, their weights, and the family."""
    held = np.flatnonzero(picked & (scores.codes[row] >= FIRST_LEVEL))
    lines, line = np.unique(units(frame, facts=("setting", "round"))[held], return_inverse=True)
    codes, place = np.unique(frame.of_responses["model"].codes[held], return_inverse=True)
    values, weights = np.full((len(lines), len(codes)), np.nan), np.zeros((len(lines), len(codes)))
    values[line, place] = scores.levels[scores.codes[row, held]]
    weights[line, place] = 1.0 if scores.weights is None else scores.weights[held]
    family = np.zeros(len(lines), dtype=np.int64)
    family[line] = frame.of_items["family"].codes[frame.item_of[held]]
    labels = frame.of_responses["model"].labels
    return [str(labels[code]) for code in codes], values, weights, np.unique(family, return_inverse=True)[1]


def _pairs(values: Numbers, weights: Numbers, family: NDArray[np.int64]) -> _Pairs:
    count = values.shape[1]
    order = np.argsort(family, kind="stable")
    starts = np.flatnonzero(np.diff(family[order], prepend=-1))
    values, weights = values[order], weights[order]
    totals, summed = [], []
    # One model against all behind it at a time: no array grows with the number of pairs.
    for one in range(count - 1):
        change = values[:, one + 1 :] - values[:, [one]]
        weight = np.maximum(weights[:, one + 1 :], weights[:, [one]]) * ~np.isnan(change)
        totals.append(np.add.reduceat(np.nan_to_num(change) * weight, starts))
        summed.append(np.add.reduceat(weight, starts))
    first, second = np.triu_indices(count, k=1)
    return _Pairs(first, second, np.concatenate(totals, axis=1), np.concatenate(summed, axis=1))


def _surely(pairs: _Pairs, comparable: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return 1 where the second model is surely better, -1 where it is surely worse, 0 where nobody can say."""
    better = np.zeros(len(pairs.first), dtype=np.int64)
    if not comparable.any():
        return better
    totals, weights = pairs.totals[:, comparable], pairs.weights[:, comparable]
    means = totals.sum(axis=0) / weights.sum(axis=0)
    off = resampled_means(totals, weights) - means
    error = off.std(axis=0, ddof=1)
    spread = error > 1e-12
    sure = np.zeros(len(means), dtype=bool)
    if spread.any():
        largest = (np.abs(off[:, spread]) / error[spread]).max(axis=1)
        farthest = float(np.quantile(largest, _CONFIDENCE)) * _stretch(weights[:, spread])
        sure[spread] = np.abs(means[spread]) > farthest * error[spread]
    for place in np.flatnonzero(~spread):
        count = int((weights[:, place] > 0).sum())
        alike = clustered_mean([means[place]] * count, [1] * count, bounds=(-1.0, 1.0))
        sure[place] = alike.low is not None and alike.high is not None and (alike.low > 0 or alike.high < 0)
    better[comparable] = np.where(sure, np.sign(means), 0).astype(np.int64)
    return better


def _stretch(weights: Numbers) -> Numbers:
    """Return by difference how much farther out than a normal one its bound lies, as in the interval of one mean."""
    told = [bootstrap_deviations(int((column > 0).sum()), effective_number(column)) for column in weights.T]
    return np.array(told) / _NORMAL_BOUND

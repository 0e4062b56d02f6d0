"""Scores of raters -> what their agreement is computed from, added up per family. Pure: numbers in, numbers out."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.measures.family_intervals import family_sums, numbered
from core.measures.resampling import Numbers

Scores = Sequence[float] | Sequence[Sequence[float]]


@dataclass(frozen=True)
class RatedResponses:
    """The responses that raters scored, none missing.

    `families` and `weights` (1 / inclusion probability; all alike if not given, only their ratios matter) stand in the
    order of the responses; `categories` are all scores there are, used or not.
    """

    families: Sequence[Hashable]
    weights: Sequence[float] | None = None
    categories: Sequence[float] = (0, 1)


@dataclass(frozen=True)
class Tallies:
    """Totals of any number of families, along the last axis of `columns`; `size` is the number of categories.

    Weighted: how much agrees, how much is compared, what scores the first and the second of two raters give, which
    scores stand beside another, and how many of those equal the other. Unweighted: scores that stand beside another,
    and responses with two at least.
    """

    columns: Numbers
    size: int

    @property
    def agreed(self) -> Numbers:
        """What agrees, of what is compared."""
        return self.columns[..., 0]

    @property
    def compared(self) -> Numbers:
        """What is compared: each response with two scores at its weight."""
        return self.columns[..., 1]

    @property
    def together(self) -> Numbers:
        """Of the paired scores, those equal to another of their response."""
        return self.columns[..., 2]

    @property
    def scores(self) -> Numbers:
        """How many scores stand beside another, unweighted."""
        return self.columns[..., 3]

    @property
    def responses(self) -> Numbers:
        """How many responses have two scores at least, unweighted."""
        return self.columns[..., 4]

    @property
    def first(self) -> Numbers:
        """What the first of two raters gives, per category."""
        return self._block(0)

    @property
    def second(self) -> Numbers:
        """What the second of two raters gives, per category."""
        return self._block(1)

    @property
    def paired(self) -> Numbers:
        """The scores that stand beside another, per category."""
        return self._block(2)

    def _block(self, number: int) -> Numbers:
        start = 5 + number * self.size
        return self.columns[..., start : start + self.size]


def tallies_of_two(first: Scores, second: Scores, responses: RatedResponses) -> tuple[Tallies, Numbers]:
    """Return the tallies of each family, and its weighted confusion matrix: rows the first rater.

    Args:
        first: one score per response, NaN for none; see `shares_of` for a rater that scored several times.
        second: one score per response too, or one row with the scores of several others. A response weighs the same
            however many others scored it.
        responses: in the order of the scores.

    Raises:
        ValueError: the sequences differ in length, a weight is not positive, a score is none of the categories, or
            there are not two categories at least.
    """
    ones, times = shares_of(first, responses.categories), times_of(second, responses.categories)
    weights = weights_of(responses, len(ones), len(times))
    others = times / np.maximum(times.sum(axis=1), 1)[:, None] * weights[:, None]
    table = ones[:, :, None] * others[:, None, :]
    margins = [table.sum(axis=2), table.sum(axis=1)]
    agreed, compared = table.trace(axis1=1, axis2=2), table.sum(axis=(1, 2))
    counted = compared > 0
    singles = [agreed, compared, 2 * agreed, 2 * counted, counted]
    return _by_family(singles, [*margins, margins[0] + margins[1]], table, responses)


def tallies_of_many(scores: Scores, responses: RatedResponses) -> tuple[Tallies, Numbers]:
    """Return the tallies of each family, and its weighted confusion matrix with both orders of each pair of raters.

    Args:
        scores: responses x raters, NaN for none.
        responses: in the order of the scores.

    Raises:
        ValueError: the sequences differ in length, a weight is not positive, a score is none of the categories, or
            there are not two categories at least.
    """
    times = times_of(scores, responses.categories)
    weights = weights_of(responses, len(times), len(times))
    size = len(responses.categories)
    raters = times.sum(axis=1)
    counted = raters >= 2
    pairs = times[:, :, None] * (times[:, None, :] - np.eye(size))
    table = pairs / np.maximum(raters * (raters - 1), 1)[:, None, None] * weights[:, None, None]
    common = times / np.maximum(raters, 1)[:, None] * weights[:, None]
    paired = times * (weights * counted)[:, None]
    together = pairs.trace(axis1=1, axis2=2) / np.maximum(raters - 1, 1) * weights
    singles = [table.trace(axis1=1, axis2=2), table.sum(axis=(1, 2)), together, raters * counted, counted]
    return _by_family(singles, [common, common, paired], table, responses)


def _by_family(
    singles: Sequence[Numbers], blocks: Sequence[Numbers], table: Numbers, responses: RatedResponses
) -> tuple[Tallies, Numbers]:
    size, numbers = len(responses.categories), numbered(responses.families)
    sums = family_sums(np.concatenate([np.column_stack(singles), *blocks], axis=1), numbers)
    tables = family_sums(table.reshape(len(table), size * size), numbers).reshape(-1, size, size)
    said = sums.any(axis=1)
    return Tallies(sums[said], size), tables[said]


def weights_of(responses: RatedResponses, first: int, second: int) -> Numbers:
    """Return the weight of each response, of which `first` and `second` scores were given.

    Raises:
        ValueError: the sequences differ in length, or a weight is not positive.
    """
    if not first == second == len(responses.families):
        raise ValueError("Agreement needs one family and the scores of all raters for each response.")
    weights = np.ones(first) if responses.weights is None else np.asarray(responses.weights, dtype=float)
    if len(weights) != first or not (np.isfinite(weights).all() and (weights > 0).all()):
        raise ValueError("Agreement needs one weight for each response: 1 / its inclusion probability, above 0.")
    return weights


def times_of(scores: Scores, categories: Sequence[float]) -> Numbers:
    """Return how many raters gave each of the categories, responses x categories.

    Raises:
        ValueError: a score is none of the categories, or there are not two categories at least.
    """
    codes = codes_of(scores, categories)
    return np.stack([(codes == place).sum(axis=1) for place in range(len(categories))], axis=1).astype(float)


def shares_of(scores: Scores, categories: Sequence[float]) -> Numbers:
    """Return the chance that a rater's score is each of the categories, responses x categories; 0 of all for none.

    Args:
        scores: one per response, NaN for none. Of two categories it may be the mean of several scores that the rater
            gave: then one of those is drawn at random, as one is of several raters.
        categories: all scores there are.

    Raises:
        ValueError: a score is none of the categories nor between two, or there are not two categories at least.
    """
    levels = np.asarray(scores, dtype=float)
    if len(categories) != 2 or categories[0] == categories[1]:
        return times_of(scores, categories)
    second = (levels - categories[0]) / (categories[1] - categories[0])
    if ((second < 0) | (second > 1)).any():
        raise ValueError(f"A score is none of {', '.join(map(str, categories))}, nor between them.")
    return np.nan_to_num(np.stack([1 - second, second], axis=1))


def codes_of(scores: Scores, categories: Sequence[float]) -> NDArray[np.intp]:
    """Return the place of each score among the categories, responses x raters, -1 for none.

    Raises:
        ValueError: a score is none of the categories, or there are not two categories at least.
    """
    if len(set(categories)) != len(categories) or len(categories) < 2:
        raise ValueError("Agreement needs two different categories at least.")
    table = np.asarray(scores, dtype=float)
    table = table.reshape(len(table), -1) if len(table) else np.empty((0, 1))
    codes = np.full(table.shape, -1, dtype=np.intp)
    for number, category in enumerate(categories):
        codes[table == category] = number
    if (~np.isnan(table) & (codes < 0)).any():
        raise ValueError(f"A score is none of {', '.join(map(str, categories))}.")
    return codes

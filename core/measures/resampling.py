"""Families drawn anew -> replicates, and replicates -> the bounds of an interval. Pure: numbers in, numbers out."""

from collections.abc import Iterator
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

REPLICATES = 2000

_NORMAL = NormalDist()
# Drawn families held at a time: 2,000 replicates of thousands of families need not fit into memory.
_DRAWS_AT_ONCE = 1_000_000
# Draws of up to so many families are kept in memory, a byte each.
_MOST_KEPT = 1_000_000
# A replicate below or above which all others lie says that a bound is far away, not that it is infinitely far.
_RAREST = 1e-4


def resampled_totals(sums: Numbers, *, replicates: int = REPLICATES, seed: int = 0) -> Numbers:
    """Return the totals of each replicate: as many families as there are, drawn with replacement.

    All columns share the draws, so that what is computed from two of them is paired.

    Args:
        sums: families x columns, one family at least.
        replicates: how many.
        seed: the same seed gives the same draws for the same number of families.

    Returns:
        replicates x columns.

    Source: Davison and Hinkley (1997), Bootstrap Methods and their Application, section 3.8 (clusters).
    """
    families = len(sums)
    at_once = max(1, _DRAWS_AT_ONCE // families)
    kept = families * replicates <= _MOST_KEPT
    draws = _kept_draws(families, replicates, seed) if kept else _draws(families, replicates, seed, at_once)
    return np.concatenate([times.astype(float) @ sums for times in draws])


@lru_cache(maxsize=16)
def _kept_draws(families: int, replicates: int, seed: int) -> tuple[NDArray[np.uint8], ...]:
    """Return the draws at once: the statistics of a screen share few numbers of families, and draws take longest."""
    return tuple(_draws(families, replicates, seed, replicates))


def _draws(families: int, replicates: int, seed: int, at_once: int) -> Iterator[NDArray[np.uint8]]:
    """Yield how often each family is drawn, some replicates at a time."""
    random = np.random.default_rng(seed)
    for done in range(0, replicates, at_once):
        rows = min(at_once, replicates - done)
        drawn = random.integers(0, families, size=(rows, families)) + np.arange(rows)[:, None] * families
        times = np.bincount(drawn.ravel(), minlength=rows * families).reshape(rows, families)
        # No family of 256 or more is drawn 256 times.
        yield times.astype(np.uint8)


def bootstrap_bounds(
    value: float, replicates: Numbers, influence: Numbers, *, deviations: float
) -> tuple[float, float]:
    """Return the lower and the upper bound that replicates give one statistic, see `bounds_of_columns`."""
    columns = (np.array([value]), replicates[:, None], influence[:, None])
    low, high = bounds_of_columns(*columns, deviations=np.array([deviations]))
    return float(low[0]), float(high[0])


def bounds_of_columns(
    values: Numbers, replicates: Numbers, influence: Numbers, *, deviations: Numbers
) -> tuple[Numbers, Numbers]:
    """Return the lower and the upper bounds that replicates give statistics, one of each per column.

    The percentiles are corrected for bias and for skewness (BCa), and lie as many standard deviations out as Student's
    t of the families demands instead of the normal 1.96: plain percentiles of 40 families of unequal weight held the
    truth in 90 to 93 of 100 simulations.

    Args:
        values: the statistics themselves.
        replicates: the statistics of each replicate (replicates x columns), none missing.
        influence: how far each family moves them (families x columns), in any unit; a column adds up to about 0.
        deviations: how many standard deviations a bound lies away, 1.96 for 95 % of a normal distribution.

    Sources: Efron (1987), JASA 82(397) (BCa); Hesterberg (2015), The American Statistician 69(4), section 5.3
    (expanded percentiles).
    """
    below = ((replicates < values).mean(axis=0) + (replicates <= values).mean(axis=0)) / 2
    cubes, squares = (influence**3).sum(axis=0), (influence**2).sum(axis=0)
    skewness = np.divide(cubes, 6 * squares**1.5, out=np.zeros_like(cubes), where=squares > 0)
    ordered = np.sort(replicates, axis=0)
    shares = [
        [_share_below(*column, side=side) for side in (-1, 1)]
        for column in zip(below.tolist(), skewness.tolist(), deviations.tolist(), strict=True)
    ]
    low, high = (_at_share(ordered, np.array(side)) for side in zip(*shares, strict=True))
    return low, high


def jackknife_influence(sums: Numbers, left_out: Numbers) -> Numbers:
    """Return how far each family moves a statistic, its mean over the families 0.

    Args:
        sums: families x columns.
        left_out: the statistic without each family in turn.

    Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 11.
    """
    families = len(sums)
    moved: Numbers = (families - 1) / families * (left_out.mean() - left_out)
    return moved


def effective_number(weights: Numbers) -> float:
    """Return how many equal weights tell as much as these; 0 without any.

    Source: Kish (1965), Survey Sampling, section 11.7.
    """
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def _share_below(below: float, skewness: float, deviations: float, *, side: int) -> float:
    """Return the share of replicates that lie below a bound; `side` is -1 for the lower one, 1 for the upper."""
    bias = _NORMAL.inv_cdf(min(max(below, _RAREST), 1 - _RAREST))
    shifted = bias + side * deviations
    stretch = 1 - skewness * shifted
    if stretch <= 0:
        return 0.0 if side < 0 else 1.0
    return _NORMAL.cdf(bias + shifted / stretch)


def _at_share(ordered: Numbers, shares: Numbers) -> Numbers:
    """Return the number below which each share of its column lies, between two neighbours in proportion."""
    place = shares * (len(ordered) - 1)
    before = np.floor(place).astype(np.intp)
    columns = np.arange(ordered.shape[1])
    lower, upper = ordered[before, columns], ordered[np.minimum(before + 1, len(ordered) - 1), columns]
    found: Numbers = lower + (place - before) * (upper - lower)
    return found

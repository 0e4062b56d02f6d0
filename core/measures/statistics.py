"""Numbers per family -> means with intervals. Pure: numbers in, numbers out.

Families, not responses, are independent: responses to wordings of one question agree with one another. So every
function here takes one entry per family, and the interval depends on how many families there are.
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Method = Literal["cluster bootstrap", "t, families", "Wilson, families", "too few families", "no spread", "none"]

FEWEST_FOR_BOOTSTRAP = 40
FEWEST_FOR_INTERVAL = 10
REPLICATES = 2000

_CONFIDENCE = 0.95
_NORMAL_BOUND = NormalDist().inv_cdf(0.5 + _CONFIDENCE / 2)
# Resampled families held at a time: 2,000 replicates of thousands of families need not fit into memory.
_DRAWS_AT_ONCE = 1_000_000
_NO_SPREAD = 1e-12


@dataclass(frozen=True)
class Estimate:
    """A mean over `n` responses of `families` families, and its 95 % interval; None where there is none to give."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    families: int
    method: Method


@dataclass(frozen=True)
class PairedSums:
    """Two raters on the responses of one family, summed over the `n` that both scored, each score from 0 to 1.

    `agreed` adds up the chance that a score of the one, drawn from its rounds, equals one of the other. Flips are
    responses on other sides of 0.5, up where the second is higher; `unscored` responses lack a score of one rater.
    """

    n: int = 0
    agreed: float = 0.0
    first: float = 0.0
    second: float = 0.0
    flips_up: int = 0
    flips_down: int = 0
    unscored: int = 0

    def __add__(self, other: "PairedSums") -> "PairedSums":
        """Return the sums of both."""
        return PairedSums(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class _Interval:
    low: float | None
    high: float | None
    method: Method


def clustered_mean(
    sums: Sequence[float],
    counts: Sequence[float],
    *,
    bounds: tuple[float, float] | None = None,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> Estimate:
    """Return the mean over all responses, with an interval that takes families, not responses, as independent.

    Args:
        sums: per family, the sum of what is averaged.
        counts: per family, how many responses were summed. A family of 0 says nothing and is left out.
        bounds: the least and the greatest value one response can have: (0, 1) for a share, (-1, 1) for a difference
            of two shares. The interval stays within them.
        seed: the same seed gives the same interval.
        replicates: of the bootstrap.

    Returns:
        The ratio sum(sums) / sum(counts), and by the number of families:

        - from 40 on, a percentile bootstrap of whole families ("cluster bootstrap");
        - from 10 on, Student's t with families - 1 degrees of freedom on the linearised variance of a ratio
          ("t, families");
        - below 10, no interval ("too few families"); without any response, no value either ("none").

        Where all families have one and the same mean, both would give an interval of no width, as if nothing else
        could ever be seen. There the share of families that may differ is bounded by Wilson's interval for 0 of
        `families` ("Wilson, families"), and those are put at the bounds. The effective sample size is then the
        number of families: without spread nothing shows that a second response of a family adds anything. Without
        bounds no interval can be given ("no spread").

    Raises:
        ValueError: the sequences differ in length, or a count is negative.

    Sources: Cochran (1977), Sampling Techniques, chapter 6 (ratio estimator and its variance); Davison and Hinkley
    (1997), Bootstrap Methods and their Application, section 3.8 (clusters); Wilson (1927), JASA 22(158).
    """
    if len(sums) != len(counts) or any(count < 0 for count in counts):
        raise ValueError("clustered_mean needs one sum and one count of 0 or more for each family.")
    weights = np.asarray(counts, dtype=float)
    totals = np.asarray(sums, dtype=float)[weights > 0]
    weights = weights[weights > 0]
    families = len(weights)
    if not families:
        return Estimate(None, None, None, 0, 0, "none")
    value = float(totals.sum() / weights.sum())
    residuals = totals - value * weights
    if families < FEWEST_FOR_INTERVAL:
        interval = _Interval(None, None, "too few families")
    elif np.abs(residuals).max() <= _NO_SPREAD * max(1.0, np.abs(totals).max()):
        interval = _without_spread(value, families, bounds)
    elif families < FEWEST_FOR_BOOTSTRAP:
        interval = _linearised(value, residuals, float(weights.sum()))
    else:
        interval = _bootstrapped(totals, weights, seed=seed, replicates=replicates)
    interval = _within(interval, bounds)
    return Estimate(value, interval.low, interval.high, round(float(weights.sum())), families, interval.method)


def agreement_and_shift(families: Sequence[PairedSums]) -> tuple[Estimate, Estimate]:
    """Return how often two raters agree, and how much higher the second one's mean is, each with its interval."""
    counts = [sums.n for sums in families]
    agreement = clustered_mean([sums.agreed for sums in families], counts, bounds=(0.0, 1.0))
    shift = clustered_mean([sums.second - sums.first for sums in families], counts, bounds=(-1.0, 1.0))
    return agreement, shift


def _within(interval: _Interval, bounds: tuple[float, float] | None) -> _Interval:
    if bounds is None or interval.low is None or interval.high is None:
        return interval
    return _Interval(max(interval.low, bounds[0]), min(interval.high, bounds[1]), interval.method)


def _without_spread(value: float, families: int, bounds: tuple[float, float] | None) -> _Interval:
    if bounds is None:
        return _Interval(None, None, "no spread")
    low, high = bounds
    share = _NORMAL_BOUND**2 / (families + _NORMAL_BOUND**2)
    return _Interval(value - share * (value - low), value + share * (high - value), "Wilson, families")


def _linearised(value: float, residuals: NDArray[np.float64], weight: float) -> _Interval:
    families = len(residuals)
    variance = families / (families - 1) * float((residuals**2).sum()) / weight**2
    margin = student_t_bound(families - 1) * math.sqrt(variance)
    return _Interval(value - margin, value + margin, "t, families")


def _bootstrapped(
    totals: NDArray[np.float64], weights: NDArray[np.float64], *, seed: int, replicates: int
) -> _Interval:
    families = len(weights)
    random = np.random.default_rng(seed)
    at_once = max(1, _DRAWS_AT_ONCE // families)
    means: list[NDArray[np.float64]] = []
    for done in range(0, replicates, at_once):
        drawn = random.integers(0, families, size=(min(at_once, replicates - done), families))
        means.append(totals[drawn].sum(axis=1) / weights[drawn].sum(axis=1))
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.quantile(np.concatenate(means), [tail, 1 - tail])
    return _Interval(float(low), float(high), "cluster bootstrap")


@lru_cache(maxsize=128)
def student_t_bound(degrees_of_freedom: int) -> float:
    """Return the t that 95 % of Student's distribution lies within, on both sides of 0: its 97.5 % quantile.

    Raises:
        ValueError: there is not a single degree of freedom.
    """
    if degrees_of_freedom < 1:
        raise ValueError("Student's t needs at least one degree of freedom.")
    low, high = 0.0, 16.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if _share_within(middle, degrees_of_freedom) < _CONFIDENCE else (low, middle)
    return (low + high) / 2


def _share_within(bound: float, degrees_of_freedom: int) -> float:
    """Return the share of Student's distribution between -bound and bound, exactly.

    Source: Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
    """
    angle = math.atan(bound / math.sqrt(degrees_of_freedom))
    odd = degrees_of_freedom % 2
    term = math.cos(angle) if odd else 1.0
    series = 0.0
    for exponent in range(odd, degrees_of_freedom - 1, 2):
        if exponent > 1:
            term *= (exponent - 1) / exponent * math.cos(angle) ** 2
        series += term
    share = math.sin(angle) * series
    return 2 / math.pi * (angle + share) if odd else share

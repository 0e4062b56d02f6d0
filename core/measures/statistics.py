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

from core.measures.resampling import REPLICATES, Numbers, bootstrap_bounds, effective_number, resampled_totals

Method = Literal["cluster bootstrap", "t, families", "Wilson, families", "too few families", "no spread", "none"]

FEWEST_FOR_BOOTSTRAP = 40
FEWEST_FOR_INTERVAL = 10

_CONFIDENCE = 0.95
_NORMAL_BOUND = NormalDist().inv_cdf(0.5 + _CONFIDENCE / 2)
_NO_SPREAD = 1e-12
# From here on the expansion of Student's t is exact to 1e-11, and the series would be long.
_MANY_DEGREES = 1000


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

        - from 40 on, a bootstrap of whole families, see `bootstrap_bounds` ("cluster bootstrap");
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
        drawn = resampled_totals(np.column_stack([totals, weights]), replicates=replicates, seed=seed)
        deviations = bootstrap_deviations(families, effective_number(weights))
        bounds_found = bootstrap_bounds(value, drawn[:, 0] / drawn[:, 1], residuals, deviations=deviations)
        interval = _Interval(*bounds_found, "cluster bootstrap")
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


def _linearised(value: float, residuals: Numbers, weight: float) -> _Interval:
    families = len(residuals)
    variance = families / (families - 1) * float((residuals**2).sum()) / weight**2
    margin = student_t_bound(families - 1) * math.sqrt(variance)
    return _Interval(value - margin, value + margin, "t, families")


def bootstrap_deviations(families: int, effective: float) -> float:
    """Return how many standard deviations a 95 % bootstrap interval of families reaches to each side.

    A replicate's variance is that over all families, not over one less; and few heavy families are known less well
    than their number says.

    Args:
        families: that are drawn, two at least.
        effective: how many of equal weight would tell as much, see `effective_number`.
    """
    return math.sqrt(families / (families - 1)) * student_t_bound(max(1, round(effective) - 1))


@lru_cache(maxsize=4096)
def student_t_bound(degrees_of_freedom: int) -> float:
    """Return the t that 95 % of Student's distribution lies within, on both sides of 0: its 97.5 % quantile.

    Raises:
        ValueError: there is not a single degree of freedom.
    """
    if degrees_of_freedom < 1:
        raise ValueError("Student's t needs at least one degree of freedom.")
    if degrees_of_freedom >= _MANY_DEGREES:
        return _expanded_bound(degrees_of_freedom)
    low, high = 0.0, 16.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if _share_within(middle, degrees_of_freedom) < _CONFIDENCE else (low, middle)
    return (low + high) / 2


def student_t_p(deviations: float, degrees_of_freedom: int) -> float:
    """Return the share of Student's distribution that lies at least so far from 0, on both sides: a two-sided p."""
    if degrees_of_freedom < 1:
        raise ValueError("Student's t needs at least one degree of freedom.")
    return max(0.0, 1.0 - _share_within(abs(deviations), degrees_of_freedom))


def _expanded_bound(degrees_of_freedom: int) -> float:
    """Source: Abramowitz and Stegun (1964), 26.7.5."""
    normal, n = _NORMAL_BOUND, degrees_of_freedom
    terms = (
        (normal**3 + normal) / 4,
        (5 * normal**5 + 16 * normal**3 + 3 * normal) / 96,
        (3 * normal**7 + 19 * normal**5 + 17 * normal**3 - 15 * normal) / 384,
    )
    return normal + sum(term / n**power for power, term in enumerate(terms, start=1))


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

"""A judge's and experts' scores -> whether the judge agrees less with an expert than experts do. Pure."""

import math
from dataclasses import dataclass

import numpy as np

from core.measures.family_intervals import NO_DIFFERENCE, NO_SCORES, family_sums, numbered, too_few_families
from core.measures.resampling import Numbers
from core.measures.score_tallies import RatedResponses, Scores, shares_of, times_of, weights_of
from core.measures.statistics import FEWEST_FOR_INTERVAL, clustered_mean, student_t_bound, student_t_p

_NO_SPREAD = 1e-12


@dataclass(frozen=True)
class DifferenceTest:
    """A difference of two shares with its 95 % interval and its two-sided p; None where there is none to give.

    `first` and `second` are the shares themselves, over the same `n` responses of `families` families.
    """

    first: float | None
    second: float | None
    value: float | None
    low: float | None
    high: float | None
    p: float | None
    n: int
    families: int
    note: str = ""


def judge_against_experts(judge: Scores, experts: Scores, responses: RatedResponses) -> DifferenceTest:
    """Return the judge's agreement with one expert minus that of one expert with another: below 0, the judge is worse.

    Both on the responses that the judge and two experts at least scored: the judge with an expert drawn at random, and
    two of the experts drawn at random. The p is that of the difference being 0. Interval and p come from Student's t
    with families - 1 degrees of freedom at any number of families, so that both say the same: a p small enough for
    64 tests at a time cannot come from 2,000 replicates. Where every family shows the same difference, the p is that
    of the sign test, and the interval that of `clustered_mean`; no p where that difference is 0.

    Args:
        judge: one score per response, NaN for none; or the mean of several, of which one is drawn at random.
        experts: responses x experts, NaN for none.
        responses: in the order of the scores.

    Raises:
        ValueError: the sequences differ in length, a weight is not positive, a score is none of the categories, or
            there are not two categories at least.

    Sources: Cochran (1977), Sampling Techniques, chapter 6 (ratio estimator and its variance); Calderon, Reichart and
    Dror (2025), ACL (the judge against a left-out expert).
    """
    ones, times = shares_of(judge, responses.categories), times_of(experts, responses.categories)
    weights = weights_of(responses, len(ones), len(times))
    count = times.sum(axis=1)
    used = ones.any(axis=1) & (count >= 2)
    times, count, weights = times[used], count[used], weights[used]
    with_judge = (ones[used] * times).sum(axis=1) / count
    with_expert = (times * (times - 1)).sum(axis=1) / (count * (count - 1))
    families = numbered([family for family, is_used in zip(responses.families, used, strict=True) if is_used])
    sums = family_sums(np.column_stack([weights * with_judge, weights * with_expert, weights]), families)
    return _tested(sums[:, 0], sums[:, 1], sums[:, 2], n=int(used.sum()))


def _tested(first: Numbers, second: Numbers, weights: Numbers, *, n: int) -> DifferenceTest:
    families = len(weights)
    if not families:
        return DifferenceTest(None, None, None, None, None, None, 0, 0, NO_SCORES)
    total = float(weights.sum())
    means = (float(first.sum()) / total, float(second.sum()) / total)
    value = means[0] - means[1]
    if families < FEWEST_FOR_INTERVAL:
        return DifferenceTest(*means, value, None, None, None, n, families, too_few_families(families))
    residuals = first - second - value * weights
    error = math.sqrt(families / (families - 1) * float((residuals**2).sum())) / total
    if error <= _NO_SPREAD and abs(value) <= _NO_SPREAD:
        return DifferenceTest(*means, value, None, None, None, n, families, NO_DIFFERENCE)
    if error <= _NO_SPREAD:
        span = clustered_mean((first - second).tolist(), weights.tolist(), bounds=(-1.0, 1.0))
        # Of all ways the signs of the families could fall, these two are as far from 0.
        return DifferenceTest(*means, value, span.low, span.high, 2 * 0.5**families, n, families, NO_DIFFERENCE)
    margin = student_t_bound(families - 1) * error
    low, high = max(-1.0, value - margin), min(1.0, value + margin)
    return DifferenceTest(*means, value, low, high, student_t_p(value / error, families - 1), n, families)

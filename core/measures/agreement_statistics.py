"""Scores of two raters or more -> how far they agree, beyond chance too, with intervals. Pure: numbers in, numbers out.

Every response weighs as much as it stands for: 1 / its inclusion probability. Every coefficient is
1 - (observed disagreement) / (disagreement by chance); they differ in what they call chance.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from core.measures.family_intervals import (
    NO_DIFFERENCE,
    NO_VARIATION,
    FamilySums,
    Statistic,
    statistic_by_families,
    statistic_of,
)
from core.measures.resampling import REPLICATES, Numbers
from core.measures.score_tallies import RatedResponses, Scores, Tallies, tallies_of_many, tallies_of_two
from core.measures.statistics import clustered_mean

ONE_SCORE_ONLY = "one side gives a single score only: no better than chance, however often they agree"

_NOTHING = 1e-12


@dataclass(frozen=True)
class Agreement:
    """How two raters or more agree on the responses that two at least of them scored.

    `percent` is a share, 0 to 1. `confusion` holds shares that add up to 1, in the order of the categories: rows the
    first rater, columns the second; with more raters, both orders of each pair alike. It is empty where there is
    nothing to compare. `tables` are the weighted matrices of the families, of which intervals are made when asked for.
    """

    percent: Statistic
    kappa: Statistic
    alpha: Statistic
    ac1: Statistic
    confusion: tuple[tuple[float, ...], ...]
    tables: Numbers = field(compare=False, repr=False)


class _Disagreement(NamedTuple):
    observed: Numbers
    by_chance: Numbers


_Coefficient = Callable[[Tallies], _Disagreement]


def agreement_of_two(
    first: Scores, second: Scores, responses: RatedResponses, *, seed: int = 0, replicates: int = REPLICATES
) -> Agreement:
    """Return the agreement of two raters, or of one rater with any one of several.

    Args:
        first: one score per response, NaN for none; a mean of several of its scores stands for one drawn at random.
        second: the other's scores of the same responses; or per response one row with the scores of several others,
            NaN for none. Then the agreement is that with one of them drawn at random.
        responses: in the order of the scores.
        seed: the same seed gives the same intervals.
        replicates: of the bootstrap.

    Returns:
        Percent agreement, Cohen's kappa, Krippendorff's alpha for nominal scores, and Gwet's AC1. Kappa and alpha are
        undefined where all scores are the same.

    Raises:
        ValueError: the sequences differ in length, a weight is not positive, or a score is none of the categories.

    Sources: Cohen (1960), Educational and Psychological Measurement 20(1); Krippendorff (2011), Computing
    Krippendorff's Alpha-Reliability; Gwet (2008), British Journal of Mathematical and Statistical Psychology 61(1).
    """
    tallies, tables = tallies_of_two(first, second, responses)
    found = _agreement(tallies, tables, seed=seed, replicates=replicates)
    used = [int((tables.sum(axis=(0, axis)) > 0).sum()) for axis in (1, 2)]
    if min(used) == 1 and found.kappa.value is not None:
        return replace(found, kappa=replace(found.kappa, low=None, high=None, note=ONE_SCORE_ONLY))
    return found


def agreement_of_many(
    scores: Scores, responses: RatedResponses, *, seed: int = 0, replicates: int = REPLICATES
) -> Agreement:
    """Return the agreement of any number of raters among themselves; each may have scored any of the responses.

    Args:
        scores: responses x raters, NaN for none.
        responses: in the order of the scores.
        seed: the same seed gives the same intervals.
        replicates: of the bootstrap.

    Returns:
        As `agreement_of_two`, over the pairs of raters of each response. Kappa is Fleiss', for raters that vary: its
        chance is how common scores are among all raters. Responses with one score only tell what scores are common
        (for kappa and AC1), not how far raters agree; they are not in n.

    Raises:
        ValueError: the sequences differ in length, a weight is not positive, or a score is none of the categories.

    Sources: Fleiss (1971), Psychological Bulletin 76(5); Gwet (2014), Handbook of Inter-Rater Reliability, 4th
    edition, chapter 2 (missing scores); Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
    """
    return _agreement(*tallies_of_many(scores, responses), seed=seed, replicates=replicates)


def share_statistics(tables: Numbers, *, n: int) -> tuple[tuple[Statistic, ...], ...]:
    """Return each share of a confusion matrix with its interval by families; empty where there is nothing to compare.

    Args:
        tables: families x rows x columns, weighted.
        n: responses that are compared.
    """
    compared = tables.sum(axis=(1, 2))
    if not compared.sum():
        return ()
    size = tables.shape[1]
    return tuple(
        tuple(
            statistic_of(clustered_mean(tables[:, row, column].tolist(), compared.tolist(), bounds=(0.0, 1.0)), n=n)
            for column in range(size)
        )
        for row in range(size)
    )


def _agreement(tallies: Tallies, tables: Numbers, *, seed: int, replicates: int) -> Agreement:
    n = round(float(tallies.responses.sum()))
    agreed, compared = tallies.agreed.tolist(), tallies.compared.tolist()
    mean = clustered_mean(agreed, compared, bounds=(0.0, 1.0), seed=seed, replicates=replicates)
    percent = statistic_of(mean, n=n)
    sums = FamilySums(tallies.columns, tallies.compared, n, seed, replicates)
    coefficients = (_for_kappa, _for_alpha, _for_ac1)
    kappa, alpha, ac1 = (_beyond_chance(sums, tallies.size, each, percent) for each in coefficients)
    if n and alpha.value is None:
        ac1 = replace(ac1, note=NO_VARIATION)
    total = float(tables.sum())
    shares = tuple(tuple(float(cell) / total for cell in row) for row in tables.sum(axis=0)) if total else ()
    return Agreement(percent, kappa, alpha, ac1, shares, tables)


def _beyond_chance(sums: FamilySums, size: int, coefficient: _Coefficient, percent: Statistic) -> Statistic:
    def statistic(columns: Numbers) -> Numbers:
        observed, by_chance = coefficient(Tallies(columns, size))
        return 1 - observed / np.where(by_chance > _NOTHING, by_chance, np.nan)

    found = statistic_by_families(sums, statistic, bounds=(-1.0, 1.0))
    if found.note != NO_DIFFERENCE or percent.low is None or percent.high is None:
        return found
    # No family differs from another: as many might as the bounds of the percentage leave open.
    by_chance = float(coefficient(Tallies(sums.columns.sum(axis=0), size)).by_chance)
    low, high = (1 - (1 - share) / by_chance for share in (percent.low, percent.high))
    return replace(found, low=max(-1.0, low), high=min(1.0, high))


def _for_kappa(tallies: Tallies) -> _Disagreement:
    by_chance = 1 - (_shares(tallies.first) * _shares(tallies.second)).sum(axis=-1)
    return _Disagreement(_share_differing(tallies), by_chance)


def _for_ac1(tallies: Tallies) -> _Disagreement:
    common = (_shares(tallies.first) + _shares(tallies.second)) / 2
    return _Disagreement(_share_differing(tallies), 1 - (common * (1 - common)).sum(axis=-1) / (tallies.size - 1))


def _for_alpha(tallies: Tallies) -> _Disagreement:
    observed = 1 - tallies.together / np.maximum(tallies.paired.sum(axis=-1), _NOTHING)
    # Of a score and another one, itself not among them.
    others = tallies.scores / np.maximum(tallies.scores - 1, 1)
    return _Disagreement(observed, (1 - (_shares(tallies.paired) ** 2).sum(axis=-1)) * others)


def _share_differing(tallies: Tallies) -> Numbers:
    differing: Numbers = 1 - tallies.agreed / np.maximum(tallies.compared, _NOTHING)
    return differing


def _shares(totals: Numbers) -> Numbers:
    shares: Numbers = totals / np.maximum(totals.sum(axis=-1, keepdims=True), _NOTHING)
    return shares

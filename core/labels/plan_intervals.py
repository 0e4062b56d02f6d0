"""A sample and a judge's scores -> how narrow the intervals of experts' labels will be. Pure: numbers in, numbers out.

The variance of a weighted mean is foreseen as s2 * ((1 - r) * A + r * B): s2 of one answer, r how alike answers of one
family are, A the sum of squared weights of the responses and B that of the families, both over the squared sum.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from core.labels.plan_draws import Candidate, Drawn
from core.measures.statistics import FEWEST_FOR_INTERVAL, clustered_mean, student_t_bound
from core.rubric import DIMENSIONS


@dataclass(frozen=True)
class HalfWidth:
    """Half the width of a 95 % interval, 0 to 1, between `least` and `most`; None below 10 families.

    From a judge's scores the two are one. Without, `least` is for responses of a family that are no more alike than
    others, `most` for such as are all the same, and half of all answers are yes: the widest of all shares.
    """

    least: float | None
    most: float | None


@dataclass(frozen=True)
class Spread:
    """How a judge's scores lie: the share of yes, and the correlation within families, 0 to 1."""

    share: float
    likeness: float


@dataclass
class _Tally:
    yes: int = 0
    scored: int = 0


Tallies = dict[str, _Tally]


def spreads(candidates: Sequence[Candidate]) -> tuple[Spread | None, ...]:
    """Return the spread of each dimension, in their order; None where the judge scored fewer than half of these."""
    tallies: list[defaultdict[str, _Tally]] = [defaultdict(_Tally) for _ in DIMENSIONS]
    for candidate in candidates:
        for of_dimension, score in zip(tallies, candidate.scores, strict=True):
            if score is not None:
                tally = of_dimension[candidate.family]
                tally.scored += 1
                # One expert says yes or no; the mean of a judge's rounds would vary less.
                tally.yes += score >= 0.5
    return tuple(_spread(of_dimension, len(candidates)) for of_dimension in tallies)


def half_width(responses: Sequence[Drawn], spread: Spread | None) -> HalfWidth:
    """Return what to expect of one dimension with labels of these responses, if answers spread as told."""
    families: defaultdict[str, float] = defaultdict(float)
    weights = [1 / row.inclusion_probability for row in responses]
    for row, weight in zip(responses, weights, strict=True):
        families[row.candidate.family] += weight
    if len(families) < FEWEST_FOR_INTERVAL:
        return HalfWidth(None, None)
    alone, together = _squares(weights), _squares(families.values())
    bound = student_t_bound(len(families) - 1)
    if spread is None:
        return HalfWidth(*(min(0.5, bound * sqrt(0.25 * part)) for part in (alone, together)))
    variance = spread.share * (1 - spread.share)
    if not variance:
        half = _without_spread(len(families))
    else:
        half = min(0.5, bound * sqrt(variance * ((1 - spread.likeness) * alone + spread.likeness * together)))
    return HalfWidth(half, half)


def likeness(families: Sequence[tuple[int, int]]) -> float:
    """Return the correlation of two answers of one family, 0 to 1; 1 where nothing can be told.

    Args:
        families: (yes, answers) of each, at least one answer in each.

    Source: the analysis-of-variance estimator, Donner and Koval (1980), Biometrics 36(1).
    """
    count = sum(answers for _, answers in families)
    between_df, within_df = len(families) - 1, count - len(families)
    if between_df < 1 or within_df < 1:
        return 1.0
    mean = sum(yes for yes, _ in families) / count
    between = sum(answers * (yes / answers - mean) ** 2 for yes, answers in families) / between_df
    within = sum(yes * (answers - yes) / answers for yes, answers in families) / within_df
    size = (count - sum(answers**2 for _, answers in families) / count) / between_df
    total = between + (size - 1) * within
    return min(1.0, max(0.0, (between - within) / total)) if total else 1.0


def _spread(tallies: Tallies, responses: int) -> Spread | None:
    scored = sum(tally.scored for tally in tallies.values())
    if not scored or scored * 2 < responses:
        return None
    share = sum(tally.yes for tally in tallies.values()) / scored
    return Spread(share, likeness([(tally.yes, tally.scored) for tally in tallies.values()]))


def _squares(weights: Iterable[float]) -> float:
    held = list(weights)
    return sum(weight**2 for weight in held) / sum(held) ** 2


def _without_spread(families: int) -> float:
    """Return half the width where the judge said one and the same of all: as if each family said it once."""
    estimate = clustered_mean([0.0] * families, [1.0] * families, bounds=(0.0, 1.0))
    return ((estimate.high or 0.0) - (estimate.low or 0.0)) / 2

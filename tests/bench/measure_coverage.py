"""How often 95 % intervals hold the truth, by simulation: clustered answers, unequal sampling, a biased judge.

`python -m tests.bench.measure_coverage` prints the table of all, with those under 40 families that no goal is set for.
"""

import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.measures.agreement_statistics import agreement_of_two
from core.measures.corrected_scores import corrected_score
from core.measures.family_intervals import Statistic, statistic_of
from core.measures.score_tallies import RatedResponses
from core.measures.scored_cells import ScoredCell
from core.measures.statistics import FEWEST_FOR_BOOTSTRAP, clustered_mean
from tests.bench.figures import Figure

RATES = (0.2, 0.5, 0.8)
FAMILIES = (10, 20, 40, 80)
LEAST, MOST = 93.0, 97.0

# Where a judge that is too kind and too strict by the following says yes to 10 in 100 too many.
_OFF_BY_TEN = 0.5
_LIKENESS = 0.3
_SIZES = (8, 17)
_TOO_KIND, _TOO_STRICT = 0.3, 0.1
# What the judge says no to is drawn over three times as often as what it says yes to.
_DRAWN = (0.8, 0.25)
# A few families get no label: so many are made that as many are labelled as asked for.
_MADE = 1.04

Random = np.random.Generator
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Coverage:
    """Of `simulations` with an interval, how many in 100 held the truth; `bias` is in points of 100."""

    name: str
    families: int
    rate: float
    covered: float
    bias: float
    simulations: int

    def line(self) -> str:
        """Return the row as text."""
        place = f"{self.name:<16} {self.families:>3} families, rate {self.rate:.1f}"
        return f"{place}: covered {self.covered:5.1f} %, bias {self.bias:+5.2f} points, {self.simulations} simulations"


@dataclass(frozen=True)
class Answers:
    """Responses with what experts and a judge say of them; `drawn` by `probabilities`."""

    family: NDArray[np.intp]
    expert: Bools
    judge: Bools
    drawn: Bools
    probabilities: NDArray[np.float64]


def answers(random: Random, *, families: int, rate: float, drawn: tuple[float, float] = _DRAWN) -> Answers:
    """Return answers whose families differ (beta, correlation 0.3), judged too kindly, drawn by what the judge says."""
    spread = 1 / _LIKENESS - 1
    family = np.repeat(np.arange(families), random.integers(*_SIZES, families))
    shares = random.beta(rate * spread, (1 - rate) * spread, families)[family]
    expert = random.random(len(family)) < shares
    judge = np.where(expert, random.random(len(family)) >= _TOO_STRICT, random.random(len(family)) < _TOO_KIND)
    probabilities = np.where(judge, drawn[1], drawn[0])
    return Answers(family, expert, judge, random.random(len(family)) < probabilities, probabilities)


def biased_cell(random: Random, *, families: int, rate: float, drawn: tuple[float, float] = _DRAWN) -> ScoredCell:
    """Return a cell in which experts would say yes to `rate` of all, and the judge to 0.3 + 0.6 * rate."""
    told = answers(random, families=families, rate=rate, drawn=drawn)
    labels = np.where(told.drawn, told.expert, np.nan)
    probabilities = np.where(told.drawn, told.probabilities, np.nan)
    return ScoredCell(told.judge.astype(float).tolist(), labels.tolist(), probabilities.tolist(), told.family.tolist())


def mean_found(random: Random, families: int, rate: float) -> list[tuple[str, Statistic, float]]:
    """Return the mean of all responses, beside its truth."""
    told = answers(random, families=families, rate=rate)
    sums, counts = np.bincount(told.family, weights=told.expert), np.bincount(told.family)
    mean = clustered_mean(sums.tolist(), counts.tolist(), bounds=(0, 1))
    return [("clustered mean", statistic_of(mean, n=mean.n), rate)]


def correction_found(random: Random, families: int, rate: float) -> list[tuple[str, Statistic, float]]:
    """Return the corrected score, the labels alone and the raw judge, beside the truth; families are the labelled."""
    cell = biased_cell(random, families=math.ceil(families * _MADE), rate=rate)
    found = corrected_score(cell)
    named = (("corrected score", found.corrected), ("labels alone", found.labels_only), ("raw judge", found.judge))
    return [(name, statistic, rate) for name, statistic in named]


def agreement_found(random: Random, families: int, rate: float) -> list[tuple[str, Statistic, float]]:
    """Return the agreement of judge and expert on the responses drawn, weighted, beside the truth."""
    told = answers(random, families=math.ceil(families * _MADE), rate=rate)
    drawn = told.drawn
    responses = RatedResponses(told.family[drawn].tolist(), (1 / told.probabilities[drawn]).tolist())
    found = agreement_of_two(
        told.judge[drawn].astype(float).tolist(), told.expert[drawn].astype(float).tolist(), responses
    )
    both, neither = rate * (1 - _TOO_STRICT), (1 - rate) * (1 - _TOO_KIND)
    kind = both + (1 - rate) * _TOO_KIND
    percent, middle = both + neither, (rate + kind) / 2
    by_chance = {
        "kappa": rate * kind + (1 - rate) * (1 - kind),
        "alpha": middle**2 + (1 - middle) ** 2,
        "ac1": 2 * middle * (1 - middle),
    }
    truths = {name: (percent - chance) / (1 - chance) for name, chance in by_chance.items()}
    return [(name, getattr(found, name), truth) for name, truth in {"percent": percent, **truths}.items()]


Simulated = Callable[[Random, int, float], list[tuple[str, Statistic, float]]]


def coverages(simulated: Simulated, *, families: int, rate: float, simulations: int, seed: int) -> list[Coverage]:
    """Return the coverage of each statistic that a simulation gives."""
    random = np.random.default_rng([seed, families, round(rate * 100)])
    held: dict[str, list[bool]] = {}
    off: dict[str, list[float]] = {}
    for _ in range(simulations):
        for name, found, truth in simulated(random, families, rate):
            if found.value is not None and found.low is not None and found.high is not None:
                held.setdefault(name, []).append(found.low <= truth <= found.high)
                off.setdefault(name, []).append(found.value - truth)
    return [
        Coverage(name, families, rate, 100 * float(np.mean(hits)), 100 * float(np.mean(off[name])), len(hits))
        for name, hits in held.items()
    ]


def all_coverages(simulations: int, *, families: tuple[int, ...] = FAMILIES, seed: int = 1) -> Iterator[Coverage]:
    """Yield the coverage of every statistic at every number of families and rate."""
    for count in families:
        for rate in RATES:
            for simulated in (mean_found, correction_found, agreement_found):
                yield from coverages(simulated, families=count, rate=rate, simulations=simulations, seed=seed)


def coverage_figures(simulations: int = 1500) -> Iterator[Figure]:
    """Print the coverage of every statistic; yield the extremes from 40 families on, and the corrected score's bias."""
    found = []
    for each in all_coverages(simulations):
        sys.stdout.write(each.line() + "\n")
        if each.families >= FEWEST_FOR_BOOTSTRAP and each.name != "raw judge":
            found.append(each)
    covered = [each.covered for each in found]
    yield Figure("Lowest coverage of a 95 % interval, 40 families or more", LEAST, [min(covered)], "%", 0.95, True)
    yield Figure("Highest coverage of a 95 % interval, 40 families or more", MOST, [max(covered)], "%")
    biases = [abs(each.bias) for each in found if each.name == "corrected score" and each.rate == _OFF_BY_TEN]
    yield Figure("Greatest bias of a corrected score, judge off by 10", 0.5, [max(biases)], "pts")


if __name__ == "__main__":
    for figure in coverage_figures(int(sys.argv[1]) if len(sys.argv) > 1 else 1500):
        sys.stdout.write(figure.line() + "\n")

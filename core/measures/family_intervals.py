"""Sums per family and a statistic of their totals -> the statistic with its interval. Pure: numbers in, numbers out."""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.measures.resampling import (
    REPLICATES,
    Numbers,
    bootstrap_bounds,
    effective_number,
    jackknife_influence,
    resampled_totals,
)
from core.measures.statistics import (
    FEWEST_FOR_BOOTSTRAP,
    FEWEST_FOR_INTERVAL,
    Estimate,
    bootstrap_deviations,
    student_t_bound,
)

NO_SCORES = "no scores"
NO_VARIATION = "scores do not vary"
HARDLY_ANY_VARIATION = "scores hardly vary"
NO_DIFFERENCE = "no difference between families"

Statistics = Callable[[Numbers], Numbers]

_NO_SPREAD = 1e-12
# Resamples in which the scores do not vary say nothing; up to so many are left out.
_MOST_UNDEFINED = 0.05


@dataclass(frozen=True)
class Statistic:
    """A statistic of `n` responses of `families` families with its 95 % interval; None where there is none to give.

    `note` says why a value or an interval is missing, or what is unusual about it; else it is empty.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    families: int
    note: str = ""


@dataclass(frozen=True)
class FamilySums:
    """Sums per family (families x columns) that several statistics are computed from, over `n` responses.

    `weights` are what the families weigh: those above 0 are counted, and their number decides about the method. The
    same seed and number of replicates give the same intervals.
    """

    columns: Numbers
    weights: Numbers
    n: int
    seed: int = 0
    replicates: int = REPLICATES

    @cached_property
    def drawn(self) -> Numbers:
        """The totals of each replicate (replicates x columns)."""
        return resampled_totals(self.columns, replicates=self.replicates, seed=self.seed)


def too_few_families(families: int) -> str:
    """Return the note for an interval that is missing because there are too few families."""
    return f"too few families for an interval: {families} of {FEWEST_FOR_INTERVAL}"


def statistic_of(estimate: Estimate, *, n: int) -> Statistic:
    """Return a clustered mean as a statistic of n responses, with the note its method calls for."""
    notes = {
        "none": NO_SCORES,
        "too few families": too_few_families(estimate.families),
        "no spread": NO_DIFFERENCE,
        "Wilson, families": NO_DIFFERENCE,
    }
    note = notes.get(estimate.method, "")
    return Statistic(estimate.value, estimate.low, estimate.high, n, estimate.families, note)


def family_sums(rows: Numbers, families: NDArray[np.intp]) -> Numbers:
    """Return the sums of the rows of each family (families x columns), families numbered from 0."""
    sums: Numbers = np.zeros((int(families.max(initial=-1)) + 1, rows.shape[1]))
    np.add.at(sums, families, rows)
    return sums


def numbered(families: Sequence[Hashable]) -> NDArray[np.intp]:
    """Return the number of each row's family, from 0, in the order of their names, however the rows stand."""
    names = {family: number for number, family in enumerate(sorted(set(families), key=str))}
    return np.array([names[family] for family in families], dtype=np.intp)


def statistic_by_families(
    sums: FamilySums, statistic: Statistics, *, bounds: tuple[float, float], influence: Numbers | None = None
) -> Statistic:
    """Return a statistic of totals with its 95 % interval by families.

    Args:
        sums: of the families.
        statistic: totals (any shape x columns) -> values, NaN where it is undefined.
        bounds: the least and the greatest value there can be.
        influence: how far each family moves the statistic; if not given, it is found by leaving out each in turn.

    Returns:
        An interval from a cluster bootstrap from 40 families on, by Student's t with families - 1 degrees of freedom
        from 10 on, none below. Without any difference between families there is none either: a width of 0 would
        claim to know all.

    Sources: see `bootstrap_bounds`; Efron and Tibshirani (1993), chapter 11 (jackknife).
    """
    families = int((sums.weights > 0).sum())
    if not sums.n:
        return Statistic(None, None, None, 0, 0, NO_SCORES)
    totals = sums.columns.sum(axis=0)
    value = float(statistic(totals))
    if math.isnan(value):
        return Statistic(None, None, None, sums.n, families, NO_VARIATION)
    if families < FEWEST_FOR_INTERVAL:
        return Statistic(value, None, None, sums.n, families, too_few_families(families))
    if influence is None:
        influence = jackknife_influence(sums.columns, statistic(totals - sums.columns))
    if np.isnan(influence).any():
        return Statistic(value, None, None, sums.n, families, HARDLY_ANY_VARIATION)
    if np.abs(influence).max() <= _NO_SPREAD:
        return Statistic(value, None, None, sums.n, families, NO_DIFFERENCE)
    if families < FEWEST_FOR_BOOTSTRAP:
        margin = student_t_bound(families - 1) * math.sqrt(families / (families - 1) * float((influence**2).sum()))
        return Statistic(value, max(value - margin, bounds[0]), min(value + margin, bounds[1]), sums.n, families)
    drawn = statistic(sums.drawn)
    defined = drawn[~np.isnan(drawn)]
    if len(defined) < (1 - _MOST_UNDEFINED) * sums.replicates:
        return Statistic(value, None, None, sums.n, families, HARDLY_ANY_VARIATION)
    deviations = bootstrap_deviations(families, effective_number(sums.weights))
    low, high = bootstrap_bounds(value, defined, influence, deviations=deviations)
    return Statistic(value, max(low, bounds[0]), min(high, bounds[1]), sums.n, families)

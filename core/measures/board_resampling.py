"""Sums of a whole leaderboard per family -> its intervals, paired differences and ranks, from one set of draws. Pure.

Every replicate draws families once, for all cells: what two models have in common (the same questions) cancels in
their difference.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

from core.measures.resampling import (
    REPLICATES,
    Numbers,
    bootstrap_bounds,
    bounds_of_columns,
    effective_number,
    resampled_totals,
)
from core.measures.statistics import (
    FEWEST_FOR_BOOTSTRAP,
    FEWEST_FOR_INTERVAL,
    Estimate,
    bootstrap_deviations,
    clustered_mean,
)

_NO_SPREAD = 1e-12
_NORMAL_BOUND = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Places:
    """The best and the worst rank a model may have, 1 being the highest mean."""

    best: int
    worst: int


@dataclass(frozen=True)
class Board:
    """The cells of a leaderboard: sums of scores and numbers of responses, both families x cells, 0 where none."""

    sums: Numbers
    counts: Numbers
    bounds: tuple[float, float] = (0.0, 1.0)
    seed: int = 0
    replicates: int = REPLICATES

    def estimates(self) -> list[Estimate]:
        """Return the mean of each cell and its interval, as `clustered_mean` gives it.

        From 40 families on the replicates draw among the families of the whole board, not of the cell alone.
        """
        found = [self._alone(cell) for cell in range(self.sums.shape[1])]
        drawn = [cell for cell, estimate in enumerate(found) if estimate.method == "cluster bootstrap"]
        if drawn:
            deviations = np.array([self._deviations(cell) for cell in drawn])
            columns = (self._values[drawn], self._replicates[:, drawn], self._influence[:, drawn])
            for cell, low, high in zip(drawn, *bounds_of_columns(*columns, deviations=deviations), strict=True):
                bounds = (max(self.bounds[0], float(low)), min(self.bounds[1], float(high)))
                alone = found[cell]
                found[cell] = Estimate(alone.value, *bounds, alone.n, alone.families, alone.method)
        return found

    def difference(self, first: int, second: int) -> Estimate:
        """Return the mean of the second cell minus that of the first, paired by family.

        Where the two do not hold the same responses this is the difference of the means, not the mean difference of
        the responses both have; for that, give `clustered_mean` the differences themselves.
        """
        widest = self.bounds[1] - self.bounds[0]
        both = (self.counts[:, first] > 0) & (self.counts[:, second] > 0)
        n, families = round(float(np.minimum(*self.counts[both][:, [first, second]].T).sum())), int(both.sum())
        value = float(self._values[second] - self._values[first])
        if not families:
            return Estimate(None, None, None, 0, 0, "none")
        if families < FEWEST_FOR_INTERVAL:
            return Estimate(value, None, None, n, families, "too few families")
        influence = self._influence[:, second] - self._influence[:, first]
        if np.abs(influence).max() <= _NO_SPREAD:
            bound = clustered_mean([value] * families, [1.0] * families, bounds=(-widest, widest))
            return Estimate(value, bound.low, bound.high, n, families, bound.method)
        deviations = bootstrap_deviations(families, min(self._effective(first), self._effective(second)))
        if families < FEWEST_FOR_BOOTSTRAP:
            margin = deviations * math.sqrt(float((influence**2).sum()))
            bounds = (max(-widest, value - margin), min(widest, value + margin))
            return Estimate(value, *bounds, n, families, "t, families")
        replicates = self._replicates[:, second] - self._replicates[:, first]
        low, high = bootstrap_bounds(value, replicates, influence, deviations=deviations)
        return Estimate(value, max(-widest, low), min(widest, high), n, families, "cluster bootstrap")

    def places(self, cells: Sequence[int]) -> list[Places | None]:
        """Return the ranks each of these cells may have among them: None under 10 families, and these are not ranked.

        A model stands above another where the interval of their paired difference lies above 0. Those of one model
        with all others hold together: its places are right in 95 of 100 samples, not each comparison by itself.

        Source: Mogstad, Romano, Shaikh and Wilhelm (2024), The Review of Economic Studies 91(1).
        """
        ranked = [cell for cell in cells if int((self.counts[:, cell] > 0).sum()) >= FEWEST_FOR_INTERVAL]
        values, replicates = self._values[ranked], self._replicates[:, ranked]
        found: dict[int, Places] = {}
        for place, cell in enumerate(ranked):
            differences = values - values[place]
            moved = np.abs(replicates - replicates[:, [place]] - differences)
            error = np.sqrt((moved**2).mean(axis=0))
            farthest = np.divide(moved, error, out=np.zeros_like(moved), where=error > _NO_SPREAD).max(axis=1)
            stretch = max(self._deviations(other) for other in ranked) / _NORMAL_BOUND
            margin = float(np.quantile(farthest, 0.95)) * stretch * error
            above, below = differences > np.maximum(margin, _NO_SPREAD), -differences > np.maximum(margin, _NO_SPREAD)
            found[cell] = Places(1 + int(above.sum()), len(ranked) - int(below.sum()))
        return [found.get(cell) for cell in cells]

    @cached_property
    def _values(self) -> Numbers:
        totals, counts = self.sums.sum(axis=0), self.counts.sum(axis=0)
        return np.divide(totals, counts, out=np.full(len(totals), np.nan), where=counts > 0)

    @cached_property
    def _influence(self) -> Numbers:
        counts = self.counts.sum(axis=0)
        moved = self.sums - np.nan_to_num(self._values) * self.counts
        influence: Numbers = moved / np.maximum(counts, _NO_SPREAD)
        return influence

    @cached_property
    def _replicates(self) -> Numbers:
        cells = self.sums.shape[1]
        columns = np.concatenate([self.sums, self.counts], axis=1)
        totals = resampled_totals(columns, replicates=self.replicates, seed=self.seed)
        sums, counts = totals[:, :cells], totals[:, cells:]
        # A replicate without any family of a small cell says nothing about it.
        return np.divide(sums, counts, out=np.tile(self._values, (len(sums), 1)), where=counts > 0)

    def _alone(self, cell: int) -> Estimate:
        # The draws come from the whole board; one replicate is enough to learn the method.
        sums, counts = self.sums[:, cell].tolist(), self.counts[:, cell].tolist()
        return clustered_mean(sums, counts, bounds=self.bounds, replicates=2)

    def _deviations(self, cell: int) -> float:
        return bootstrap_deviations(int((self.counts[:, cell] > 0).sum()), self._effective(cell))

    def _effective(self, cell: int) -> float:
        return effective_number(self.counts[:, cell])

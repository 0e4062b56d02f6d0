"""Sums of many cells' families -> all their means and intervals at once. Pure: numbers in, numbers out.

What `clustered_mean` says of one cell, for thousands: the same formulas, the same draws, the same words.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.measures.resampling import Numbers, bounds_of_columns, effective_number, resampled_totals
from core.measures.statistics import (
    FEWEST_FOR_BOOTSTRAP,
    FEWEST_FOR_INTERVAL,
    Method,
    bootstrap_deviations,
    clustered_mean,
    student_t_bound,
)

_NO_SPREAD = 1e-12


@dataclass(frozen=True)
class Intervals:
    """One entry per cell; NaN where there is no number to give."""

    values: Numbers
    lows: Numbers
    highs: Numbers
    families: NDArray[np.int64]
    methods: list[Method]


def clustered_means(
    totals: Numbers, weights: Numbers, cell_of: NDArray[np.int64], cells: int, *, bounds: tuple[float, float]
) -> Intervals:
    """Return for each cell what `clustered_mean(totals, weights, bounds=bounds)` says of its families.

    Args:
        totals: per family of a cell, the sum of what is averaged.
        weights: per family of a cell, how many responses were summed, above 0.
        cell_of: per family of a cell, the cell, ascending.
        cells: how many cells there are; one without families has no number.
        bounds: the least and the greatest value one response can have.
    """
    families = np.bincount(cell_of, minlength=cells)
    starts = np.concatenate([[0], np.cumsum(families)[:-1]]).astype(np.int64)
    weight: Numbers = np.bincount(cell_of, weights=weights, minlength=cells).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.bincount(cell_of, weights=totals, minlength=cells) / weight
    found = Intervals(values, np.full(cells, np.nan), np.full(cells, np.nan), families, _plain_methods(families))
    if not len(totals):
        return found
    residuals = totals - values[cell_of] * weights
    enough = families >= FEWEST_FOR_INTERVAL
    spread = enough & (_largest(residuals, families, starts) > _NO_SPREAD * _largest(totals, families, starts, 1.0))
    _put_wilson(found, enough & ~spread, bounds)
    _put_t(found, spread & (families < FEWEST_FOR_BOOTSTRAP), residuals, weight, cell_of)
    _put_bootstrap(found, spread & (families >= FEWEST_FOR_BOOTSTRAP), totals, weights, starts)
    np.clip(found.lows, *bounds, out=found.lows)
    np.clip(found.highs, *bounds, out=found.highs)
    return found


def resampled_means(totals: Numbers, weights: Numbers) -> Numbers:
    """Return the mean of each column in every replicate: one row per replicate, one column per cell.

    All columns share the draws of families, so that differences between them are paired. NaN where a replicate holds
    nothing of a column.

    Args:
        totals: one row per family, one column per cell.
        weights: likewise; a family a cell does not have weighs 0.
    """
    # Where nothing is missing all cells have the same weights, and adding them up once is half the work.
    kind, first = _kinds(weights)
    drawn = resampled_totals(np.concatenate([totals, weights[:, first]], axis=1))
    count = totals.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Numbers = drawn[:, :count] / drawn[:, count:][:, kind]
    return means


def _kinds(weights: Numbers) -> tuple[list[int], list[int]]:
    """Return for each column which kind it is, and for each kind the first column of it; by bytes, for speed."""
    places: dict[bytes, int] = {}
    first: list[int] = []
    kind = []
    for column, held in enumerate(np.ascontiguousarray(weights.T)):
        place = places.setdefault(held.tobytes(), len(first))
        if place == len(first):
            first.append(column)
        kind.append(place)
    return kind, first


def _plain_methods(families: NDArray[np.int64]) -> list[Method]:
    return ["none" if not count else "too few families" for count in families.tolist()]


def _largest(numbers: Numbers, families: NDArray[np.int64], starts: NDArray[np.int64], least: float = 0.0) -> Numbers:
    """Return each cell's largest absolute number, at least `least`."""
    largest = np.full(len(families), least)
    held = families > 0
    largest[held] = np.maximum(np.maximum.reduceat(np.abs(numbers), starts[held]), least)
    return largest


def _put(found: Intervals, where: NDArray[np.bool_], method: Method) -> None:
    for place in np.flatnonzero(where).tolist():
        found.methods[place] = method


def _put_wilson(found: Intervals, where: NDArray[np.bool_], bounds: tuple[float, float]) -> None:
    """Cells without spread are few kinds: one call of `clustered_mean` for each value and number of families."""
    for place in np.flatnonzero(where).tolist():
        count, value = int(found.families[place]), float(found.values[place])
        alike = clustered_mean([value] * count, [1] * count, bounds=bounds)
        found.lows[place] = np.nan if alike.low is None else alike.low
        found.highs[place] = np.nan if alike.high is None else alike.high
        found.methods[place] = alike.method


def _put_t(
    found: Intervals, where: NDArray[np.bool_], residuals: Numbers, weight: Numbers, cell_of: NDArray[np.int64]
) -> None:
    count = found.families[where]
    if not len(count):
        return
    squares = np.bincount(cell_of, weights=residuals**2, minlength=len(where))[where]
    bounds = {number: student_t_bound(number - 1) for number in set(count.tolist())}
    error = np.sqrt(count / (count - 1) * squares) / weight[where]
    margin = np.array([bounds[number] for number in count.tolist()]) * error
    found.lows[where], found.highs[where] = found.values[where] - margin, found.values[where] + margin
    _put(found, where, "t, families")


def _put_bootstrap(
    found: Intervals, where: NDArray[np.bool_], totals: Numbers, weights: Numbers, starts: NDArray[np.int64]
) -> None:
    for count in sorted(set(found.families[where].tolist())):
        places = np.flatnonzero(where & (found.families == count))
        rows = starts[places][None, :] + np.arange(count)[:, None]
        values = found.values[places]
        deviations = [bootstrap_deviations(count, effective_number(column)) for column in weights[rows].T]
        found.lows[places], found.highs[places] = bounds_of_columns(
            values,
            resampled_means(totals[rows], weights[rows]),
            totals[rows] - values * weights[rows],
            deviations=np.array(deviations),
        )
    _put(found, where, "cluster bootstrap")

"""Scores of responses -> one row per cell with its families. Pure: numbers in, numbers out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.measures.intervals import Intervals, clustered_means
from core.measures.score_filter import ITEM_KEYS
from core.measures.score_frame import FIRST_LEVEL, UNSCORED, Column, Frame, Label, Scores
from core.rubric import DIMENSIONS

# Beyond so many places the responses' own are numbered anew instead of being counted on.
_MOST_PLACES = 4_000_000
_LARGEST = 2**62


@dataclass(frozen=True)
class Table:
    """One entry per cell, in the order of its keys: the keys' labels, the counts and the intervals.

    `unsaid` is what the responses without a score weigh, of all the cell's rated ones: from 0 to 1.
    """

    labels: Mapping[str, list[Label]]
    n: NDArray[np.int64]
    unscored: NDArray[np.int64]
    unsaid: NDArray[np.float64]
    intervals: Intervals


@dataclass(frozen=True)
class _Strata:
    """What one family adds to one cell: sums of one row of the scores over its responses."""

    row: NDArray[np.int64]
    place: NDArray[np.int64]
    totals: NDArray[np.float64]
    weights: NDArray[np.float64]
    n: NDArray[np.int64]
    unscored: NDArray[np.int64]
    unscored_weights: NDArray[np.float64]


def tabulated(
    frame: Frame,
    scores: Scores,
    picked: NDArray[np.bool_],
    *,
    by: Sequence[str],
    rows: Sequence[int],
    bounds: tuple[float, float] = (0.0, 1.0),
) -> Table:
    """Return the cells of the picked responses; only cells that the rater has rated at all.

    Args:
        frame: items and responses.
        scores: of one rater, one column per response of the frame.
        picked: which responses count.
        by: keys; "dimension" stands for the rows of the scores, which are put together without it.
        rows: which rows of the scores count.
        bounds: the least and the greatest score there can be.
    """
    items, combos = _combined([frame.of_items[key] for key in by if key in ITEM_KEYS] + [frame.of_items["family"]])
    keys = [key for key in by if key in frame.of_responses]
    sizes = [len(frame.of_responses[key].labels) for key in keys]
    places = items[frame.item_of].astype(np.int64)
    for key, size in zip(keys, sizes, strict=True):
        places *= size
        places += frame.of_responses[key].codes
    strata = _strata(scores, picked, places, len(combos) * int(np.prod(sizes, dtype=np.int64)), rows)
    if "dimension" not in by:
        strata = _put_together(strata)
    codes = _codes_of(strata.place, sizes, combos)
    family = codes.pop()
    names = [key for key in by if key in ITEM_KEYS] + keys
    columns = {key: (code, _labels(frame, key)) for key, code in zip(names, codes, strict=True)}
    columns["dimension"] = (strata.row, scores.rows)
    family = _ranks(frame.of_items["family"].labels)[family]
    return _table({key: columns[key] for key in by}, family, strata, bounds)


def _labels(frame: Frame, key: str) -> Sequence[Label]:
    return (frame.of_items if key in ITEM_KEYS else frame.of_responses)[key].labels


def _combined(columns: Sequence[Column]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each item its combination's number, and for each combination its codes."""
    codes = np.stack([column.codes for column in columns], axis=1).astype(np.int64)
    packed = _packed([(column.codes, len(column.labels)) for column in columns])
    _, first, number = np.unique(packed, return_index=True, return_inverse=True)
    return number.reshape(-1), codes[first]


def _packed(columns: Sequence[tuple[NDArray[np.integer[Any]], int]], length: int = 0) -> NDArray[np.int64]:
    """Return one number per entry for all its codes together, in the order of the codes, the first weighing most."""
    packed = np.zeros(len(columns[0][0]) if columns else length, dtype=np.int64)
    largest = 1
    for codes, size in columns:
        if largest * max(1, size) > _LARGEST:
            packed = np.unique(packed, return_inverse=True)[1].reshape(-1).astype(np.int64)
            largest = len(packed) + 1
        largest *= max(1, size)
        packed = packed * max(1, size) + codes
    return packed


def _strata(
    scores: Scores, picked: NDArray[np.bool_], places: NDArray[np.int64], size: int, rows: Sequence[int]
) -> _Strata:
    codes, weights = scores.codes, scores.weights
    if not picked.all():
        chosen = np.flatnonzero(picked)
        places, codes = places[chosen], codes[:, chosen]
        weights = None if weights is None else weights[chosen]
    names = np.arange(size)
    if size > _MOST_PLACES:
        names, places = np.unique(places, return_inverse=True)
    parts = [_row_strata(codes[row], scores.levels, weights, places, len(names)) for row in rows]
    kept = [np.flatnonzero(part[2] + part[3]) for part in parts]
    columns = [_joined([part[column][keep] for part, keep in zip(parts, kept, strict=True)]) for column in range(5)]
    row = _joined([np.full(len(keep), row) for row, keep in zip(rows, kept, strict=True)]).astype(np.int64)
    place = names[_joined(kept).astype(np.int64)]
    n, unscored = (column.astype(np.int64) for column in columns[2:4])
    return _Strata(row, place, columns[0], columns[1], n, unscored, columns[4])


def _joined(parts: Sequence[NDArray[np.generic]]) -> NDArray[np.float64]:
    return np.concatenate(parts) if parts else np.zeros(0)


def _row_strata(
    codes: NDArray[np.unsignedinteger],
    levels: NDArray[np.float64],
    weights: NDArray[np.float64] | None,
    places: NDArray[np.int64],
    size: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return totals, weights, scored and unscored per place of one row of the scores, and what the unscored weigh."""
    if weights is None and len(levels) * size <= max(_MOST_PLACES, 8 * len(places)):
        # One pass over whole numbers counts every level at once.
        counted = np.bincount(places * len(levels) + codes, minlength=size * len(levels)).reshape(size, len(levels))
        n = counted[:, FIRST_LEVEL:].sum(axis=1)
        totals = (counted[:, FIRST_LEVEL:] @ levels[FIRST_LEVEL:]).astype(float)
        unscored = counted[:, UNSCORED].astype(np.int64)
        return totals, n.astype(float), n.astype(np.int64), unscored, unscored.astype(float)
    scored, unsaid = codes >= FIRST_LEVEL, codes == UNSCORED
    n = np.bincount(places[scored], minlength=size)
    unscored = np.bincount(places[unsaid], minlength=size)
    each = np.ones(len(places)) if weights is None else weights
    totals = np.bincount(places[scored], weights=(each * levels[codes])[scored], minlength=size).astype(float)
    weight = np.bincount(places[scored], weights=each[scored], minlength=size).astype(float)
    without = np.bincount(places[unsaid], weights=each[unsaid], minlength=size).astype(float)
    return totals, weight, n.astype(np.int64), unscored.astype(np.int64), without


def _put_together(strata: _Strata) -> _Strata:
    """Return the strata with all rows of the scores added up."""
    place, number = np.unique(strata.place, return_inverse=True)
    totals, weights, n, unscored, without = (
        np.bincount(number, weights=numbers, minlength=len(place)).astype(float)
        for numbers in (strata.totals, strata.weights, strata.n, strata.unscored, strata.unscored_weights)
    )
    return _Strata(np.zeros_like(place), place, totals, weights, n.astype(np.int64), unscored.astype(np.int64), without)


def _codes_of(place: NDArray[np.int64], sizes: Sequence[int], combos: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the codes behind places: the items' keys, the responses' keys, the family last."""
    codes: list[NDArray[np.int64]] = []
    for size in reversed(sizes):
        place, code = np.divmod(place, size)
        codes.insert(0, code)
    of_items = [combos[place, column] for column in range(combos.shape[1])]
    return [*of_items[:-1], *codes, of_items[-1]]


def _ranks(labels: Sequence[Label]) -> NDArray[np.int64]:
    """Return each label's place in order: dimensions in theirs, names and numbers in theirs, nothing said last."""

    def order(code: int) -> tuple[bool, int, str]:
        label = labels[code]
        if isinstance(label, int):
            return False, label, ""
        return label is None, DIMENSIONS.index(label) if label in DIMENSIONS else 0, label or ""

    ranks = np.zeros(len(labels), dtype=np.int64)
    ranks[sorted(range(len(labels)), key=order)] = np.arange(len(labels))
    return ranks


def _table(
    columns: Mapping[str, tuple[NDArray[np.int64], Sequence[Label]]],
    family: NDArray[np.int64],
    strata: _Strata,
    bounds: tuple[float, float],
) -> Table:
    key = _packed([(_ranks(held)[codes], len(held)) for codes, held in columns.values()], len(family))
    # Families in their order within each cell: another order would draw others in the bootstrap.
    order = np.argsort(_packed([(key, int(key.max(initial=0)) + 1), (family, int(family.max(initial=0)) + 1)]))
    new = np.diff(key[order], prepend=-1) != 0
    cell_of = np.cumsum(new) - 1
    cells = int(new.sum())
    first = order[new]
    n, unscored, said, without = (
        np.bincount(cell_of, weights=part[order], minlength=cells)
        for part in (strata.n, strata.unscored, strata.weights, strata.unscored_weights)
    )
    has = strata.weights[order] > 0
    found = clustered_means(strata.totals[order][has], strata.weights[order][has], cell_of[has], cells, bounds=bounds)
    labels = {key: [held[code] for code in codes[first].tolist()] for key, (codes, held) in columns.items()}
    unsaid = without / np.maximum(said + without, np.finfo(float).tiny)
    return Table(labels, n.astype(np.int64), unscored.astype(np.int64), unsaid, found)

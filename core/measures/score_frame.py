"""All responses with their items and one rater's scores as whole numbers in arrays. Pure: no storage.

One response is one column of the scores, so that a table over millions of scores is a few passes over small numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.measures.score_filter import CHOSEN_BY, ITEM_KEYS, WITH_PICTURE, ScoreFilter, as_label
from core.rubric import DIMENSIONS

Label = str | int | None
Codes = NDArray[np.int32]

# What a code of a score means; codes from the third on name a level.
NOT_RATED, UNSCORED, FIRST_LEVEL = 0, 1, 2


@dataclass(frozen=True)
class Column:
    """One fact about every item or response: `labels[codes[i]]`; each label stands once."""

    codes: Codes
    labels: tuple[Label, ...]

    def code_set(self, wanted: Sequence[str | int]) -> NDArray[np.bool_]:
        """Return for every code whether its label is among the wanted entries of a filter."""
        labels = {as_label(entry) for entry in wanted}
        return np.array([label in labels for label in self.labels], dtype=bool)


@dataclass(frozen=True)
class Frame:
    """Items in the order of their ids, responses in the order of theirs; `item_of` says which item a response is of."""

    item_ids: tuple[str, ...]
    of_items: Mapping[str, Column]
    has_erratum: NDArray[np.bool_]
    response_ids: NDArray[np.int64]
    item_of: Codes
    of_responses: Mapping[str, Column]


@dataclass(frozen=True)
class Scores:
    """A rater's word on each response: `codes[row, response]` names a level, `UNSCORED` or `NOT_RATED`.

    Rows are dimensions, or whatever else is counted in their place. A level is the mean of a response's scores of
    that rater: over the rounds of a judge, over the experts. `weights` are one per response, None for all alike.
    """

    rows: tuple[str, ...]
    codes: NDArray[np.unsignedinteger[Any]]
    levels: NDArray[np.float64]
    weights: NDArray[np.float64] | None = None


def coded(labels: Sequence[Label]) -> Column:
    """Return a column of these labels; codes in the order of their first standing there."""
    places: dict[Label, int] = {}
    codes = np.fromiter((places.setdefault(label, len(places)) for label in labels), dtype=np.int32, count=len(labels))
    return Column(codes, tuple(places))


def scores_of(
    totals: NDArray[np.int16],
    counts: NDArray[np.int16],
    rated: NDArray[np.bool_],
    weights: NDArray[np.float64] | None = None,
) -> Scores:
    """Return the scores of sums and counts per dimension and response; rated without a count is not scored."""
    if not counts.size or counts.max() <= 1:
        levels = np.array([0.0, 0.0, 0.0, 1.0])
        codes = (np.where(counts > 0, FIRST_LEVEL + totals, rated)).astype(np.uint8)
        return Scores(DIMENSIONS, codes, levels, weights)
    most = int(counts.max()) + 1
    pairs = totals.astype(np.int64) * most + counts
    held = np.flatnonzero(np.bincount(pairs.ravel(), minlength=most * most))
    levels = np.concatenate([[0.0, 0.0], held // most / np.maximum(held % most, 1)])
    places = np.zeros(most * most, dtype=np.int64)
    places[held] = np.arange(len(held)) + FIRST_LEVEL
    codes = np.where(counts > 0, places[pairs], rated)
    small = codes.astype(np.uint8) if len(levels) < 256 else codes.astype(np.uint16)
    return Scores(DIMENSIONS, small, levels, weights)


def scores_of_values(rows: tuple[str, ...], values: NDArray[np.float64], rated: NDArray[np.bool_]) -> Scores:
    """Return scores of any numbers, NaN where there is none; `rated` without a number is not scored."""
    is_number = ~np.isnan(values)
    levels, place = np.unique(values[is_number], return_inverse=True)
    codes = rated.astype(np.uint16)
    codes[is_number] = place + FIRST_LEVEL
    return Scores(rows, codes, np.concatenate([[0.0, 0.0], levels]))


def values_of(scores: Scores) -> NDArray[np.float64]:
    """Return the scores as numbers, NaN where there is none."""
    levels = scores.levels.copy()
    levels[:FIRST_LEVEL] = np.nan
    return levels[scores.codes]


def chosen(frame: Frame, wanted: ScoreFilter) -> NDArray[np.bool_]:
    """Return for each response whether the filter wants it, whoever rated it."""
    items = np.ones(len(frame.item_ids), dtype=bool)
    if wanted.errata == "without":
        items &= ~frame.has_erratum
    responses = np.ones(len(frame.response_ids), dtype=bool)
    for name, key in CHOSEN_BY.items():
        entries = getattr(wanted, name)
        if key == "setting":
            entries = entries or WITH_PICTURE
        if not entries or key == "dimension":
            continue
        if key in ITEM_KEYS:
            column = frame.of_items[key]
            items &= column.code_set(entries)[column.codes]
        else:
            column = frame.of_responses[key]
            fits = column.code_set(entries)
            if not fits.all():
                responses &= fits[column.codes]
    if not items.all():
        responses &= items[frame.item_of]
    return responses


def rows_wanted(scores: Scores, wanted: ScoreFilter) -> list[int]:
    """Return the rows of the dimensions a filter wants, in their order."""
    return [row for row, name in enumerate(scores.rows) if not wanted.dimensions or name in wanted.dimensions]

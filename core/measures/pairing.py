"""Scores of responses -> differences of what belongs together: the same item, asked alike. Pure: no storage."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.measures.score_frame import Codes, Frame, Scores, scores_of_values, values_of

Flags = NDArray[np.bool_]


def units(frame: Frame, *, facts: Sequence[str]) -> NDArray[np.int64]:
    """Return a number per response: equal for responses to one item that share these facts."""
    number = frame.item_of.astype(np.int64)
    for name in facts:
        column = frame.of_responses[name]
        number = number * max(1, len(column.labels)) + column.codes
    return number


def differences(
    scores: Scores, unit: NDArray[np.int64], first: Flags, second: Flags
) -> tuple[Scores, NDArray[np.int64]]:
    """Return second minus first per unit that both have, and the response of the second that stands for each unit.

    The scores have one column per such unit. Where a side has several responses in a unit, their mean counts. A unit
    that both sides have and the rater rated on both, but did not score on both, is not scored. A unit weighs as much
    as the weightier of its responses: the pair was drawn at most as often as the rarer one.
    """
    places = [np.flatnonzero(side & (scores.codes > 0).any(axis=0)) for side in (first, second)]
    shared = np.intersect1d(unit[places[0]], unit[places[1]])
    values, rated = values_of(scores), scores.codes > 0
    means, was_rated, weights = [], [], []
    for place in places:
        place = place[np.isin(unit[place], shared)]
        number = np.searchsorted(shared, unit[place])
        means.append(np.stack([_means(row[place], number, len(shared)) for row in values]))
        was_rated.append(np.stack([np.bincount(number[row[place]], minlength=len(shared)) > 0 for row in rated]))
        weights.append(_largest(scores.weights, place, number, len(shared)))
    found = scores_of_values(scores.rows, means[1] - means[0], was_rated[0] & was_rated[1])
    order = np.searchsorted(shared, unit[places[1]][::-1])
    stands = np.zeros(len(shared), dtype=np.int64)
    held = np.isin(unit[places[1]][::-1], shared)
    stands[order[held]] = places[1][::-1][held]
    weight = None if scores.weights is None else np.maximum(*weights)
    return Scores(found.rows, found.codes, found.levels, weight), stands


def frame_at(frame: Frame, responses: NDArray[np.int64]) -> Frame:
    """Return the frame with only these responses, in this order."""
    item_of: Codes = frame.item_of[responses]
    columns = {
        name: type(column)(column.codes[responses], column.labels) for name, column in frame.of_responses.items()
    }
    return Frame(frame.item_ids, frame.of_items, frame.has_erratum, frame.response_ids[responses], item_of, columns)


def _means(values: NDArray[np.float64], number: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Return the mean of the values of each number, NaN where there is none."""
    held = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.bincount(number[held], weights=values[held], minlength=count) / np.bincount(
            number[held], minlength=count
        )


def _largest(
    weights: NDArray[np.float64] | None, place: NDArray[np.int64], number: NDArray[np.int64], count: int
) -> NDArray[np.float64]:
    largest = np.zeros(count)
    if weights is not None:
        np.maximum.at(largest, number, weights[place])
    return largest

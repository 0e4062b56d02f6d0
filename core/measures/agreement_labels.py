"""Rows of the database -> blind labels as arrays, each with its expert; and the labels of each response of a choice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session, col

from core.measures.blind_labels import blind_labels
from core.measures.inclusion import overall_inclusion
from core.measures.score_frame import Frame
from core.models import Label
from core.rubric import DIMENSIONS, Pool

POOLS: tuple[Pool, ...] = get_args(Pool)
# Draws bring responses to people from the country apart from all others.
_KINDS: tuple[tuple[Pool, ...], ...] = (("from",), ("knows", "outside"))


@dataclass(frozen=True)
class BlindLabels:
    """Labels in one order: response, row of its dimension, expert, place of the pool, score (NaN: can't say).

    `given_back` ones are none: somebody had the response, and gave it back as not for them; they have no score.
    `probabilities` say how likely any draw was to bring the response to people of that kind; NaN: picked by hand.
    """

    responses: NDArray[np.int64]
    rows: NDArray[np.int64]
    experts: NDArray[np.int64]
    pools: NDArray[np.int64]
    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    given_back: NDArray[np.bool_]

    def at(self, kept: NDArray[np.bool_]) -> "BlindLabels":
        """Return only these labels."""
        return BlindLabels(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Labelled:
    """Responses on one dimension each, with the labels each was given: one column per label, NaN for none.

    `places` and `rows` say where in the frame's scores they stand; `experts` and `pools` are -1 where there is no
    label; a "can't say" has both and no score, as what was `given_back` has. A response weighs 1 / how likely any draw
    was to bring it, as everywhere (`expert_scores`); 1 where it was picked by hand.
    """

    places: NDArray[np.int64]
    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    experts: NDArray[np.int64]
    pools: NDArray[np.int64]
    given_back: NDArray[np.bool_]
    weights: NDArray[np.float64]


def all_blind_labels(session: Session) -> BlindLabels:
    """Return all blind labels of all pools: of each expert, response and dimension the newest before the judge."""
    columns = (Label.response_id, Label.dimension, Label.person_id, Label.pool, Label.score)
    query = blind_labels(*map(col, columns), col(Label.inclusion_probability), pools=POOLS)
    query = query.order_by(col(Label.response_id), col(Label.dimension), col(Label.person_id))
    found = session.execute(query).all()
    responses, dimensions, experts, pools, scores, probabilities = zip(*found, strict=True) if found else [()] * 6
    labels = BlindLabels(
        np.array(responses, dtype=np.int64),
        np.array([DIMENSIONS.index(name) for name in dimensions], dtype=np.int64),
        np.array(experts, dtype=np.int64),
        np.array([POOLS.index(name) for name in pools], dtype=np.int64),
        np.array([np.nan if score is None else score for score in scores], dtype=float),
        np.array([chance or np.nan for chance in probabilities], dtype=float),
        np.zeros(len(found), dtype=bool),
    )
    return replace(labels, probabilities=overall_probabilities(session, labels))


def overall_probabilities(session: Session, labels: BlindLabels) -> NDArray[np.float64]:
    """Return how likely any draw was to bring each label's response to people from the country, or to all others."""
    found = np.full(len(labels.responses), np.nan)
    for pools in _KINDS:
        of_these = np.isin(labels.pools, [POOLS.index(name) for name in pools])
        responses, number = np.unique(labels.responses[of_these], return_inverse=True)
        stored = np.full(len(responses), np.nan)
        np.fmax.at(stored, number, labels.probabilities[of_these])
        likely = overall_inclusion(session, responses=responses, stored=stored, pools=pools)
        found[of_these] = likely[number]
    return found


def labelled_responses(
    labels: BlindLabels, frame: Frame, picked: NDArray[np.bool_], *, rows: Sequence[int], pools: Sequence[Pool]
) -> Labelled:
    """Return the picked responses with a label by one of the pools on one of the rows; "can't say" is one too."""
    labels = labels.at(np.isin(labels.pools, [POOLS.index(name) for name in pools]))
    places = np.searchsorted(frame.response_ids, labels.responses)
    weights = _weights(labels, places, len(picked))
    kept = picked[places] & np.isin(labels.rows, rows)
    labels, places = labels.at(kept), places[kept]
    unit, number = np.unique(labels.rows * len(picked) + places, return_inverse=True)
    order = np.lexsort((labels.experts, number))
    counts = np.bincount(number, minlength=len(unit))
    column = np.empty(len(number), dtype=np.int64)
    column[order] = np.arange(len(number)) - np.repeat(np.cumsum(counts) - counts, counts)
    shape = (len(unit), int(counts.max(initial=1)))
    scores, experts, held = np.full(shape, np.nan), np.full(shape, -1), np.full(shape, -1)
    scores[number, column], experts[number, column] = labels.scores, labels.experts
    held[number, column] = labels.pools
    given_back = np.zeros(shape, dtype=bool)
    given_back[number, column] = labels.given_back
    row, place = np.divmod(unit, max(1, len(picked)))
    return Labelled(place, row, scores, experts, held, given_back, weights[place])


def _weights(labels: BlindLabels, places: NDArray[np.int64], responses: int) -> NDArray[np.float64]:
    likely = np.zeros(responses)
    drawn = ~np.isnan(labels.probabilities)
    np.maximum.at(likely, places[drawn], labels.probabilities[drawn])
    return np.divide(1.0, likely, out=np.ones(responses), where=likely > 0)

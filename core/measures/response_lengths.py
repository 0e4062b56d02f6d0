"""How long the answers are that two models are compared on: a difference of scores may be one of length."""

from dataclasses import dataclass, replace

import numpy as np
from sqlmodel import Session, col, func, select

from core.measures.items_behind import ASKED_ALIKE
from core.measures.pairing import units
from core.measures.score_filter import ScoreFilter
from core.measures.score_frame import rows_wanted
from core.measures.scores import rated_frame
from core.models import Person, Response


@dataclass(frozen=True)
class PairedLengths:
    """Mean characters of each model's answers to what both have answered alike; `items` so asked, both rated."""

    first: float
    second: float
    items: int


def paired_lengths(
    session: Session, *, person: Person, wanted: ScoreFilter, first: str, second: str
) -> PairedLengths | None:
    """Return how long the answers are that `core.measures.failures.difference` compares; None where there are none.

    Raises:
        UserError: an expert asks, or the filter has no meaning.
        NotFoundError: there is no such judge.
    """
    asked = replace(wanted, models=(first, second))
    frame, scores, picked = rated_frame(session, person=person, wanted=asked)
    picked &= (scores.codes[rows_wanted(scores, asked)] > 0).any(axis=0)
    model, unit = frame.of_responses["model"], units(frame, facts=ASKED_ALIKE)
    sides = [picked & model.code_set([name])[model.codes] for name in (first, second)]
    shared = np.intersect1d(unit[sides[0]], unit[sides[1]])
    if not len(shared):
        return None
    query = select(Response.id, func.length(Response.text)).where(col(Response.model).in_((first, second)))
    lengths = dict(session.exec(query).all())
    held = [frame.response_ids[side & np.isin(unit, shared)].tolist() for side in sides]
    means = [float(np.mean([lengths[response_id] for response_id in ids])) for ids in held]
    return PairedLengths(means[0], means[1], len(shared))

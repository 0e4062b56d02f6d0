"""Which judge there is something to say of, and what numbers of agreement are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from core.judges import judges_here
from core.measures.agreement_cache import kept_labels
from core.measures.agreement_labels import POOLS
from core.measures.blind_labels import labels_asked_for
from core.measures.score_filter import ITEM_KEYS, ScoreFilter
from core.measures.score_frame import FIRST_LEVEL, Frame, Label, rows_wanted
from core.measures.scores import Counted, rated_frame
from core.models import Label as LabelRow
from core.models import Person
from core.rubric import DIMENSIONS, Pool


@dataclass(frozen=True)
class AgreementBase:
    """The blind labels of a choice; `mixed` tells of the responses they are of.

    `judged` of the labelled `responses` have a score of the judge too. `by_hand` of them were not drawn by chance:
    nobody knows how likely they were to be labelled, and each counts as one. `asked_for` labels more are left out: one
    more expert gave them because others differ.
    """

    mixed: Counted
    labels: int
    experts: int
    responses: int
    judged: int
    by_hand: int
    asked_for: int


def agreement_base(
    session: Session, *, person: Person, wanted: ScoreFilter, pools: Sequence[Pool] = ("from",)
) -> AgreementBase:
    """Return what the numbers of agreement of a choice are made of.

    Raises:
        UserError: an expert asks, or the filter has no meaning.
        NotFoundError: there is no such judge.
    """
    frame, scores, picked = rated_frame(session, person=person, wanted=wanted)
    labels = kept_labels(session)
    labels = labels.at(np.isin(labels.pools, [POOLS.index(name) for name in pools]))
    places = np.searchsorted(frame.response_ids, labels.responses)
    rows = rows_wanted(scores, wanted)
    kept = picked[places] & np.isin(labels.rows, rows)
    labels, places = labels.at(kept), places[kept]
    drawn = np.unique(places[~np.isnan(labels.probabilities)])
    held = np.unique(places)
    judged = (scores.codes[rows][:, held] >= FIRST_LEVEL).any(axis=0)
    return AgreementBase(
        mixed_of(frame, held),
        len(places),
        len(np.unique(labels.experts)),
        len(held),
        0 if wanted.experts else int(judged.sum()),
        len(held) - len(drawn),
        _asked_for(session, frame, picked, rows, pools),
    )


def mixed_of(frame: Frame, held: NDArray[np.integer]) -> Counted:
    """Return what responses mix, by their places in a frame; each stands there once."""
    items = np.unique(frame.item_of[held])
    splits, settings, models, rounds = (
        _entries(frame, key, items if key in ITEM_KEYS else held) for key in ("split", "setting", "model", "round")
    )
    with_errata = int(frame.has_erratum[items].sum())
    return Counted(len(items), len(held), with_errata, splits, settings, models, rounds)  # type: ignore[arg-type]


def picked_by_hand(session: Session, *, person: Person, wanted: ScoreFilter) -> int:
    """Return how many responses of a choice people from the country labelled without any draw having brought them.

    Raises:
        UserError: an expert asks, or the filter has no meaning.
        NotFoundError: there is no such judge.
    """
    return agreement_base(session, person=person, wanted=wanted).by_hand


def judge_beside_labels(session: Session, *, person: Person) -> str:
    """Return the first judge, by name, that has scored a response with a blind label; "" where there is none.

    Raises:
        UserError: an expert asks.
    """
    labels = kept_labels(session)
    for judge in judges_here(session):
        frame, scores, _ = rated_frame(session, person=person, wanted=ScoreFilter(judge=judge.name))
        places = np.searchsorted(frame.response_ids, labels.responses)
        if (scores.codes[labels.rows, places] >= FIRST_LEVEL).any():
            return judge.name
    return ""


def _asked_for(
    session: Session, frame: Frame, picked: NDArray[np.bool_], rows: Sequence[int], pools: Sequence[Pool]
) -> int:
    """Return how many labels of a choice are left out for having been asked for."""
    found = session.execute(labels_asked_for(LabelRow.response_id, LabelRow.dimension, pools=pools)).all()
    wanted = {DIMENSIONS[row] for row in rows}
    places = np.searchsorted(frame.response_ids, [response_id for response_id, name in found if name in wanted])
    return int(picked[places].sum())


def _entries(frame: Frame, key: str, places: NDArray[np.integer]) -> tuple[Label, ...]:
    """Return the entries of a key among some items or responses, in order."""
    column = frame.of_items.get(key) or frame.of_responses[key]
    return tuple(sorted({column.labels[code] for code in np.unique(column.codes[places]).tolist()}, key=str))

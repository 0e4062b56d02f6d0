"""One judge's scores of all responses and experts' labels of some -> what experts would say of each model's answers.

Only leads see such numbers. Each model has its own correction: a judge can be wrong about one model and right about
another. The labels are the blind ones of people from the country, each response weighted by how it was drawn.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlmodel import Session, col

from core.backgrounds import counts_still, is_from
from core.errors import UserError
from core.measures.blind_labels import was_asked_for
from core.measures.corrected_scores import CorrectedScore, corrected_score
from core.measures.frame_cache import frame_and_scores
from core.measures.inclusion import overall_inclusion
from core.measures.resampling import Numbers
from core.measures.score_filter import ScoreFilter
from core.measures.score_frame import FIRST_LEVEL, NOT_RATED, Frame, Label, Scores, rows_wanted, values_of
from core.measures.scored_cells import ScoredCell
from core.measures.scores import rated_frame
from core.models import Assignment, Item, Person, Response, ReviewSession, SkippedResponse
from core.passed import can_be_labelled

# What is read while somebody else's screen reads what came in the meantime has other responses: read anew then.
_MOST_LOOKS = 20


@dataclass(frozen=True)
class CorrectedCell:
    """One model on one dimension, of all countries or of one: what a judge says, what experts say, and both together.

    `keys` hold model, country where asked for, and dimension. `score.judge`, `score.labels_only` and
    `score.corrected` each have value, low, high, n, families and a note (why something is missing); `score.reliance`
    is lambda. Where `score.missing_labels` is above 0 there is no corrected value. `responses` is how many of
    the cell can be labelled or are, judged or not.
    """

    keys: Mapping[str, Label]
    judge: str
    responses: int
    score: CorrectedScore


@dataclass(frozen=True)
class KeyedCell:
    """The responses of one cell with what a judge and what experts said of them.

    `families` and `countries` are codes of a frame.
    """

    keys: Mapping[str, Label]
    judge: Numbers
    labels: Numbers
    probabilities: Numbers
    families: NDArray[np.intp]
    family_names: NDArray[np.object_]
    countries: NDArray[np.intp]

    @property
    def labelled(self) -> int:
        """Return how many responses experts labelled."""
        return int((~np.isnan(self.labels)).sum())

    @property
    def labelled_families(self) -> int:
        """Return in how many families there is a labelled response."""
        return len(np.unique(self.families[~np.isnan(self.labels)]))

    @property
    def left(self) -> int:
        """Return how many responses wait for a label still."""
        return int(np.isnan(self.probabilities).sum())

    def scored(self) -> ScoredCell:
        """Return it as the statistics take it."""
        names = self.family_names[self.families].tolist()
        return ScoredCell(self.judge.tolist(), self.labels.tolist(), self.probabilities.tolist(), names)


@dataclass(frozen=True)
class _Said:
    """What judge and experts said of all responses: dimensions x responses."""

    rows: list[int]
    names: tuple[str, ...]
    judge: Numbers
    labels: Numbers
    probabilities: Numbers


def corrected_cells(
    session: Session, *, person: Person, wanted: ScoreFilter, by_country: bool = False
) -> list[CorrectedCell]:
    """Return the corrected scores of what is wanted, in the order of dimension, model (and country).

    Cells that the judge has not scored and experts have not labelled are left out; a cell with too few labels is among
    them, and says how many are missing.

    Raises:
        UserError: an expert asks, the filter names no judge, or has no meaning.
        NotFoundError: there is no such judge.
    """
    return [
        CorrectedCell(cell.keys, wanted.judge, len(cell.judge), corrected_score(cell.scored()))
        for cell in keyed_cells(session, person=person, wanted=wanted, by_country=by_country)
    ]


def keyed_cells(session: Session, *, person: Person, wanted: ScoreFilter, by_country: bool) -> Iterator[KeyedCell]:
    """Yield the cells that corrected scores are made from, see `corrected_cells`.

    Raises:
        UserError: an expert asks, the filter names no judge, or has no meaning.
        NotFoundError: there is no such judge.
    """
    if wanted.experts or not wanted.judge:
        raise UserError("Choose one judge: it is a judge's scores that experts' labels correct.")
    frame, judge, experts, picked = _both(session, person, wanted)
    picked = picked & _labelled_or_can_be(session, frame, experts)
    said = _said(session, frame, judge, experts, wanted)
    families, countries = frame.of_items["family"], frame.of_items["country"].codes.astype(np.intp)
    names = np.array([str(name) for name in families.labels], dtype=object)
    groups = _groups(frame, picked, by_country=by_country)
    for place, row in enumerate(said.rows):
        for keys, held in groups:
            scores, labels = said.judge[place, held], said.labels[place, held]
            likely = said.probabilities[place, held]
            if np.isnan(scores).all() and np.isnan(labels).all():
                continue
            items = frame.item_of[held]
            of_families = families.codes[items].astype(np.intp)
            named = {**keys, "dimension": said.names[row]}
            yield KeyedCell(named, scores, labels, likely, of_families, names, countries[items])


def _both(session: Session, person: Person, wanted: ScoreFilter) -> tuple[Frame, Scores, Scores, NDArray[np.bool_]]:
    for _ in range(_MOST_LOOKS):
        frame, judge, picked = rated_frame(session, person=person, wanted=wanted)
        of_experts, experts = frame_and_scores(session, replace(wanted, judge="", experts=True))
        if of_experts is frame:
            return frame, judge, experts, picked
    raise UserError("New responses come in faster than they can be counted. Try again in a moment.")


def _said(session: Session, frame: Frame, judge: Scores, experts: Scores, wanted: ScoreFilter) -> _Said:
    rows = rows_wanted(judge, wanted)
    drawn = np.full(len(frame.response_ids), np.nan)
    put_aside = _put_aside(session)
    given_back = np.array(sorted(put_aside), dtype=np.int64)
    stored = np.array([put_aside[response_id] for response_id in given_back.tolist()], dtype=float)
    likely = overall_inclusion(session, responses=given_back, stored=stored, pools=("from",))
    drawn[np.searchsorted(frame.response_ids, given_back)] = likely
    weights = np.ones(len(drawn)) if experts.weights is None else experts.weights
    rated = experts.codes[rows] > NOT_RATED
    probabilities = np.where(rated, 1 / weights, drawn)
    labels = np.where(experts.codes[rows] >= FIRST_LEVEL, values_of(experts)[rows], np.nan)
    return _Said(rows, judge.rows, values_of(judge)[rows], labels, probabilities)


def _put_aside(session: Session) -> dict[int, float]:
    """Return how likely responses were to be drawn that people from the country gave back as not for them."""
    query = (
        select(col(SkippedResponse.response_id), func.max(Assignment.inclusion_probability))
        .join(ReviewSession, col(ReviewSession.person_id) == SkippedResponse.person_id)
        .join(
            Assignment,
            (col(Assignment.session_id) == ReviewSession.id)
            & (col(Assignment.response_id) == SkippedResponse.response_id),
        )
        .join(Response, col(Response.id) == SkippedResponse.response_id)
        .join(Item, col(Item.id) == Response.item_id)
        .where(
            col(SkippedResponse.kind) == "not_for_me",
            col(SkippedResponse.taken_back_at).is_(None),
            col(Assignment.is_retest).is_(False),
            col(Assignment.inclusion_probability) > 0,
            is_from(col(SkippedResponse.person_id), col(Item.country)).is_(True),
            counts_still(col(SkippedResponse.person_id)),
            ~was_asked_for(col(SkippedResponse.response_id), col(SkippedResponse.created_at)),
        )
        .group_by(col(SkippedResponse.response_id))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _labelled_or_can_be(session: Session, frame: Frame, experts: Scores) -> NDArray[np.bool_]:
    """Return for each response whether experts said something of it, or can: of others nobody can be asked."""
    # Those that cannot are few: an answer is tens of thousands of rows shorter.
    query = select(col(Response.id)).join(Item, col(Item.id) == Response.item_id).where(~can_be_labelled())
    cannot = np.isin(frame.response_ids, np.array(session.execute(query).scalars().all(), dtype=np.int64))
    found: NDArray[np.bool_] = ~cannot | (experts.codes > NOT_RATED).any(axis=0)
    return found


def _groups(
    frame: Frame, picked: NDArray[np.bool_], *, by_country: bool
) -> list[tuple[dict[str, Label], NDArray[np.intp]]]:
    """Return the responses of each model (and country), by name, what names no country last."""
    model, country = frame.of_responses["model"], frame.of_items["country"]
    places = np.flatnonzero(picked)
    codes = model.codes[places].astype(np.int64)
    many = max(1, len(country.labels)) if by_country else 1
    if by_country:
        codes = codes * many + country.codes[frame.item_of[places]]
    order = np.argsort(codes, kind="stable")
    found, starts = np.unique(codes[order], return_index=True)
    groups: list[tuple[dict[str, Label], NDArray[np.intp]]] = []
    # Nothing at all would be split into one empty part.
    for code, held in zip(found.tolist(), np.split(places[order], starts[1:])[: len(found)], strict=True):
        keys: dict[str, Label] = {"model": model.labels[code // many]}
        groups.append((keys | ({"country": country.labels[code % many]} if by_country else {}), held))
    return sorted(groups, key=lambda group: [(name is None, str(name)) for name in group[0].values()])

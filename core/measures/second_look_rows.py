"""Rows of the database -> each blind answer with the judge's score it met, and with the answer given again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, and_, case, select
from sqlmodel import Session, col, func

from core.backgrounds import counts_still
from core.models import Item, Judge, Judgement, Label, LockedResponse, Response, RetestLabel
from core.rubric import DIMENSIONS, LAST_SCORING_ROUND

CANT_SAY = -1
_NO_SCORE = -1
# The state of an answer; one that was taken back is none.
_NONE, _BLIND, _UNBLINDED = range(3)
# Ids of people stay below: each response and person has a number of its own.
_MOST_PEOPLE = 2**31


@dataclass(frozen=True, slots=True)
class ShownAnswers:
    """Blind answers, the judge's score shown after each, and the answers that stand now: one place per answer.

    `people` and `responses` are ids, `dimensions` places in DIMENSIONS, `families` codes. Scores are 0 or 1, and
    `CANT_SAY`. Of each dimension, `unblinded` answers were given by people who had seen the judge or others' labels
    before.
    """

    people: NDArray[np.int64]
    dimensions: NDArray[np.int64]
    families: NDArray[np.int64]
    first: NDArray[np.int64]
    judge: NDArray[np.int64]
    now: NDArray[np.int64]
    unblinded: Mapping[str, int]
    responses: NDArray[np.int64]

    @property
    def is_revised(self) -> NDArray[np.bool_]:
        """Return which answers were changed."""
        return self.now != self.first

    @property
    def differed(self) -> NDArray[np.bool_]:
        """Return which answers were not the judge's."""
        return self.first != self.judge

    @property
    def moved_towards(self) -> NDArray[np.bool_]:
        """Return which were changed to the judge's score."""
        return self.differed & (self.now == self.judge)

    @property
    def moved_away(self) -> NDArray[np.bool_]:
        """Return which were the judge's score and are no more."""
        return ~self.differed & self.is_revised


@dataclass(frozen=True, slots=True)
class GivenAgain:
    """A blind answer and the answer to the same response given again later; None is "can't say"."""

    person_id: int
    dimension: str
    family: str
    first: int | None
    again: int | None
    response_id: int


@dataclass(frozen=True)
class _Locked:
    """Locked responses in the order of their keys, each with its person and the code of its family."""

    keys: NDArray[np.int64]
    people: NDArray[np.int64]
    families: NDArray[np.int64]

    @property
    def size(self) -> int:
        """Return how many places there are: one for each locked response and dimension."""
        return len(self.keys) * len(DIMENSIONS)

    def places(
        self, keys: NDArray[np.int64], dimensions: NDArray[np.int64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which answers are locked, and the places of these."""
        row = np.searchsorted(self.keys, keys)
        held = row < len(self.keys)
        held[held] = self.keys[row[held]] == keys[held]
        return held, row[held] * len(DIMENSIONS) + dimensions[held]


def shown_labels(session: Session, *, judge: Judge) -> ShownAnswers:
    """Return the blind answers that met a score of a judge that was there as they were given."""
    locked = _locked(session)
    states, first = _answers(session, locked, is_revised=False)
    states_after, changed = _answers(session, locked, is_revised=True)
    judged = _judged(session, judge, locked)
    at = np.flatnonzero((states == _BLIND) & (judged != _NO_SCORE))
    row, dimension = np.divmod(at, len(DIMENSIONS))
    now = np.where(states_after == _NONE, first, changed)
    unblinded = (states == _UNBLINDED).reshape(-1, len(DIMENSIONS)).sum(axis=0)
    counts = dict(zip(DIMENSIONS, unblinded.tolist(), strict=True))
    people, families, responses = locked.people[row], locked.families[row], locked.keys[row] // _MOST_PEOPLE
    return ShownAnswers(people, dimension, families, first[at], judged[at], now[at], counts, responses)


def given_again(session: Session) -> list[GivenAgain]:
    """Return the blind answers that were given again to a response that came back, each time it did."""
    place = (RetestLabel.session_id, RetestLabel.response_id, RetestLabel.dimension)
    newest = select(func.max(RetestLabel.id)).group_by(*map(col, place))
    is_same = and_(
        col(RetestLabel.person_id) == Label.person_id,
        col(RetestLabel.response_id) == Label.response_id,
        col(RetestLabel.dimension) == Label.dimension,
    )
    columns = (Label.person_id, Label.dimension, Item.family_id, Label.score, RetestLabel.score, Label.response_id)
    query = (
        _blind(*map(col, columns))
        .join(RetestLabel, is_same)
        .where(col(RetestLabel.id).in_(newest), col(RetestLabel.retracted).is_(False))
        .order_by(col(RetestLabel.id))
    )
    return [GivenAgain(*row) for row in session.execute(query)]


def _blind(*columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of any type
    """Return the query for columns of blind first answers that are locked, by people who still count."""
    return (
        select(*columns)
        .select_from(Label)
        .join(LockedResponse, _is_locked())
        .join(Response, col(Response.id) == Label.response_id)
        .join(Item, col(Item.id) == Response.item_id)
        .where(_is_first_version(), col(Label.phase) == "blind", counts_still(col(Label.person_id)))
    )


def _is_locked() -> ColumnElement[bool]:
    return and_(col(LockedResponse.person_id) == Label.person_id, col(LockedResponse.response_id) == Label.response_id)


def _is_first_version() -> ColumnElement[bool]:
    newest = select(func.max(Label.id)).where(col(Label.phase) != "revised")
    newest = newest.group_by(col(Label.person_id), col(Label.response_id), col(Label.dimension))
    return and_(col(Label.id).in_(newest), col(Label.retracted).is_(False))


def _locked(session: Session) -> _Locked:
    """Return what people who still count have locked."""
    key = _key(LockedResponse.response_id, LockedResponse.person_id)
    query = (
        select(key, col(LockedResponse.person_id), col(Item.family_id))
        .join(Response, col(Response.id) == LockedResponse.response_id)
        .join(Item, col(Item.id) == Response.item_id)
        .where(counts_still(col(LockedResponse.person_id)))
        .order_by(key)
    )
    rows = session.execute(query).all()
    keys, people, families = zip(*rows, strict=True) if rows else [()] * 3
    # By name, so that the same families are drawn anew whatever stands before them.
    codes = {name: code for code, name in enumerate(sorted(set(families)))}
    numbers = [np.array(held, dtype=np.int64) for held in (keys, people, [codes[name] for name in families])]
    return _Locked(*numbers)


def _answers(session: Session, locked: _Locked, *, is_revised: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return state and score of the newest answer, or of the newest revision, on each locked response and dimension."""
    state = case((col(Label.retracted), _NONE), (col(Label.phase) == "unblinded", _UNBLINDED), else_=_BLIND)
    score = func.coalesce(Label.score, CANT_SAY) - CANT_SAY
    query = (
        select(_key(Label.response_id, Label.person_id), _place_of(Label.dimension) * 16 + state * 4 + score)
        .where((col(Label.phase) == "revised") == is_revised)
        .order_by(col(Label.id))
    )
    keys, packed = _numbers(session.execute(query), 2)
    held, place = locked.places(keys, packed // 16)
    found = np.full(locked.size, _NONE), np.full(locked.size, CANT_SAY)
    for array, values in zip(found, (packed // 4 % 4, packed % 4 + CANT_SAY), strict=True):
        # Of what goes to one place several times, the last stays: the newest.
        array[place] = values[held]
    return found


def _judged(session: Session, judge: Judge, locked: _Locked) -> NDArray[np.int64]:
    """Return the judge's score that met each locked response and dimension: of most rounds, and none where they tie.

    It is that of the prompt version that stands today, if it had scored the response when it was locked; if not, of
    the newest that had.
    """
    is_todays = case((col(Judgement.prompt_version) == judge.prompt_version, 1), else_=0)
    packed = _place_of(Judgement.dimension) * 4 + func.coalesce(Judgement.score, _NO_SCORE) - _NO_SCORE
    query = (
        select(_key(Judgement.response_id, LockedResponse.person_id), packed, col(Judgement.prompt_version))
        .join(LockedResponse, col(LockedResponse.response_id) == Judgement.response_id)
        .where(
            col(Judgement.judge) == judge.name,
            col(Judgement.judge_round) <= LAST_SCORING_ROUND,
            col(Judgement.created_at) <= LockedResponse.locked_at,
        )
        .order_by(is_todays, col(Judgement.id))
    )
    codes: dict[str, int] = {}
    rows = ((key, said, codes.setdefault(version, len(codes))) for key, said, version in session.execute(query))
    keys, said, versions = _numbers(rows, 3)
    held, place = locked.places(keys, said // 4)
    return _majority(locked.size, place, said[held] % 4 + _NO_SCORE, versions[held])


def _majority(
    size: int, place: NDArray[np.int64], scores: NDArray[np.int64], versions: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return what most rounds of the last version on each response say; no score where they tie."""
    row = place // len(DIMENSIONS)
    stood = np.zeros(size // len(DIMENSIONS), dtype=np.int64)
    stood[row] = versions
    held = (versions == stood[row]) & (scores != _NO_SCORE)
    rounds = np.bincount(place[held], minlength=size)
    twice_yes = 2 * np.bincount(place[held & (scores == 1)], minlength=size)
    return np.where(twice_yes == rounds, _NO_SCORE, twice_yes > rounds).astype(np.int64)


def _place_of(dimension: str) -> ColumnElement[int]:
    """Return the place of a dimension in their order."""
    return case(*((col(dimension) == name, place) for place, name in enumerate(DIMENSIONS)))


def _key(response_id: int, person_id: int) -> ColumnElement[int]:
    """Return a number for each response and person, in the order of responses, then people."""
    key: ColumnElement[int] = col(response_id) * _MOST_PEOPLE + col(person_id)
    return key


def _numbers(rows: Iterable[Sequence[int]], count: int) -> tuple[NDArray[np.int64], ...]:
    """Return the columns of rows of whole numbers."""
    return tuple(np.fromiter(chain.from_iterable(rows), dtype=np.int64).reshape(-1, count).T)

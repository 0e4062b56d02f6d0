"""Blind labels, and what was made of them, kept in this process for as long as the database says the same.

Reading tens of thousands of labels takes most of a second, a checksum over their rows 17 ms: it is taken wherever a
connection has seen a commit since, so that labels added, taken back or opened to their experts count at once.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Integer, case, cast, select
from sqlmodel import Session, col, func

from core.config import settings
from core.measures.agreement_labels import BlindLabels, all_blind_labels
from core.measures.blind_labels import was_asked_for
from core.measures.frame_cache import _commits_seen
from core.measures.given_back import all_given_back
from core.measures.score_frame import Frame, Scores
from core.models import Assignment, Background, Label, LockedResponse, PlannedResponse, SkippedResponse
from core.rubric import DIMENSIONS

_MOST_DATABASES = 2
_MOST_RESULTS = 32
_SEEN = "cross_review_labels_seen"
# Sums of products of remainders stay within 64 bits for any number of rows that can be stored.
_FIRST_PRIME, _SECOND_PRIME = 10_007, 100_003
_MILLION = 1_000_000

_Mark = tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True)
class _Kept:
    mark: _Mark
    labels: BlindLabels
    given_back: BlindLabels


Result = TypeVar("Result")
# What numbers are made of: all responses, a judge's scores, the labels. The same objects for as long as they stand.
Sources = tuple[Frame, Scores, BlindLabels]

_LOCK = threading.Lock()
_KEPT: OrderedDict[str, _Kept] = OrderedDict()
_RESULTS: OrderedDict[Hashable, tuple[Sources, Sequence[Any]]] = OrderedDict()


def kept_labels(session: Session) -> BlindLabels:
    """Return all blind labels as they stand now; the same object for as long as nothing changed."""
    return _kept(session).labels


def kept_given_back(session: Session) -> BlindLabels:
    """Return what was given back unlabelled as it stands now; whenever it changes, `kept_labels` is another object."""
    return _kept(session).given_back


def _kept(session: Session) -> _Kept:
    commits = _commits_seen(session)
    held = session.connection().info.get(_SEEN)
    if commits is not None and held is not None and held[0] == commits:
        seen: _Kept = held[1]
        return seen
    found = _kept_here(session)
    if commits is not None:
        session.connection().info[_SEEN] = (commits, found)
    return found


def _kept_here(session: Session) -> _Kept:
    mark = _mark(session)
    with _LOCK:
        kept = _KEPT.get(settings().database_url)
    if kept is not None and kept.mark == mark:
        return kept
    found = _Kept(mark, all_blind_labels(session), all_given_back(session))
    with _LOCK:
        _KEPT[settings().database_url] = found
        while len(_KEPT) > _MOST_DATABASES:
            _KEPT.popitem(last=False)
    return found


def kept_result(sources: Sources, asked: Hashable, make: Callable[[], Sequence[Result]]) -> list[Result]:
    """Return what is made of the sources for this question, made anew only where one of them is another object."""
    key = (settings().database_url, asked)
    with _LOCK:
        held = _RESULTS.get(key)
    if held is not None and all(one is other for one, other in zip(held[0], sources, strict=True)):
        return list(held[1])
    made = make()
    with _LOCK:
        # What was made of an older state would keep all its arrays in memory.
        for old in [one for one, (held_by, _) in _RESULTS.items() if held_by[0] is not sources[0]]:
            del _RESULTS[old]
        _RESULTS[key] = (sources, made)
        _RESULTS.move_to_end(key)
        while len(_RESULTS) > _MOST_RESULTS:
            _RESULTS.popitem(last=False)
    return list(made)


def _mark(session: Session) -> _Mark:
    """Return numbers that move when any label, lock, giving back, asking for one more expert or withdrawal does.

    So do they when more is drawn: how likely a response was to be labelled is of all draws.
    """
    dimension = case(*((col(Label.dimension) == name, place) for place, name in enumerate(DIMENSIONS)))
    decided = func.coalesce(Label.score, 2) * 4 + dimension + case((col(Label.retracted), 16), else_=0)
    known = func.length(Label.pool) * 64 + func.length(Label.phase) * 32
    drawn = cast(func.coalesce(Label.inclusion_probability, 0) * _MILLION, Integer)
    facts = col(Label.response_id) * 769 + col(Label.person_id) * 12_289 + decided + known + drawn
    labels = func.sum((col(Label.id) % _FIRST_PRIME) * (facts % _SECOND_PRIME))
    locks = func.sum((col(LockedResponse.person_id) % _FIRST_PRIME) * (col(LockedResponse.response_id) % _SECOND_PRIME))
    gone = col(Background.withdrawn_at).is_not(None)
    queries = (
        select(func.count(), func.max(Label.id), labels),
        select(func.count(), locks).select_from(LockedResponse),
        select(func.count(), func.sum(Background.person_id)).where(gone),
        select(func.count(), locks).where(was_asked_for(LockedResponse.response_id, LockedResponse.locked_at)),
        select(func.count(), func.sum(SkippedResponse.id)).where(col(SkippedResponse.taken_back_at).is_(None)),
        select(func.count()).select_from(Assignment),
        select(func.count()).select_from(PlannedResponse),
    )
    return tuple(tuple(session.execute(query).one()) for query in queries)

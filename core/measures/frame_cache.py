"""The arrays numbers are counted from, kept in this process for as long as the database says the same.

Reading 323,568 scores takes seconds, counting them milliseconds. What is kept is held against the database before each
use: a connection that has seen no commit since it last looked costs microseconds; otherwise a checksum over the rows
decides, so that scores made anew, taken away or newly standing count at once. Rows that only came on top are added.
"""

import itertools
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from core.config import settings
from core.db import read_engine
from core.judges import judge_named
from core.measures.frame_loading import (
    JudgeSums,
    Mark,
    expert_scores,
    extended,
    item_columns,
    judge_mark,
    judge_sums,
    response_mark,
    responses_after,
)
from core.measures.score_filter import EXPERTS, RESPONSE_KEYS, ScoreFilter
from core.measures.score_frame import Column, Frame, Scores

# One workspace at a time is the rule; tests change it.
_MOST_DATABASES = 2
_MOST_RATERS = 6
_SEEN = "cross_review_scores_seen"
_NUMBERS = itertools.count(1)


@dataclass
class _Kept:
    """What is kept of one database; `number` is another one after every change of it, and of no other database."""

    frame: Frame | None = None
    mark: Mark = Mark()
    number: int = field(default_factory=lambda: next(_NUMBERS))
    sums: OrderedDict[tuple[str, str], JudgeSums] = field(default_factory=OrderedDict)
    scores: OrderedDict[tuple[str, str], Scores] = field(default_factory=OrderedDict)


_LOCK = threading.RLock()
_KEPT: OrderedDict[str, _Kept] = OrderedDict()


def frame_and_scores(session: Session, wanted: ScoreFilter) -> tuple[Frame, Scores]:
    """Return all responses and the scores of the filter's rater, as they stand now.

    Raises:
        NotFoundError: there is no such judge.
    """
    version = "" if wanted.experts else judge_named(session, wanted.judge).prompt_version
    rater = (EXPERTS if wanted.experts else f"judge/{wanted.judge}", version)
    with _LOCK:
        kept = _kept_here()
        if not _is_seen(session, kept, rater):
            _look(session, kept, rater)
            _note_seen(session, kept, rater)
        assert kept.frame is not None
        return kept.frame, kept.scores[rater]


def frame_of(session: Session) -> Frame:
    """Return all responses with their items, whoever rated them."""
    with _LOCK:
        kept = _kept_here()
        if not _is_seen(session, kept, None):
            _look_at_responses(session, kept)
            _note_seen(session, kept, None)
        assert kept.frame is not None
        return kept.frame


def forget_scores() -> None:
    """Drop all that is kept; the next number reads the database anew."""
    with _LOCK:
        _KEPT.clear()


def _kept_here() -> _Kept:
    kept = _KEPT.setdefault(settings().database_url, _Kept())
    _KEPT.move_to_end(settings().database_url)
    while len(_KEPT) > _MOST_DATABASES:
        _KEPT.popitem(last=False)
    return kept


def _commits_seen(session: Session) -> int | None:
    """Return a number that moves when anybody else commits; None where the connection cannot tell, or may write."""
    if session.get_bind() is not read_engine() or session.get_bind().dialect.name != "sqlite":
        return None
    return int(session.connection().exec_driver_sql("PRAGMA data_version").scalar_one())


def _seen(session: Session) -> dict[str, Any]:
    return session.connection().info


def _is_seen(session: Session, kept: _Kept, rater: tuple[str, str] | None) -> bool:
    commits = _commits_seen(session)
    if commits is None or kept.frame is None or (rater is not None and rater not in kept.scores):
        return False
    held = _seen(session).get(_SEEN)
    return held is not None and held[:2] == (kept.number, commits) and (rater is None or rater in held[2])


def _note_seen(session: Session, kept: _Kept, rater: tuple[str, str] | None) -> None:
    commits = _commits_seen(session)
    if commits is None:
        return
    sign = (kept.number, commits)
    held = _seen(session).get(_SEEN)
    before = held[2] if held is not None and held[:2] == sign else frozenset()
    _seen(session)[_SEEN] = (*sign, before | ({rater} if rater else frozenset()))


def _look(session: Session, kept: _Kept, rater: tuple[str, str]) -> None:
    """Bring what is kept of one rater up to what the database says."""
    _look_at_responses(session, kept)
    frame = kept.frame
    assert frame is not None
    if rater[0] == EXPERTS:
        found = expert_scores(session, frame)
        if rater not in kept.scores or not _same_scores(kept.scores[rater], found):
            kept.scores[rater] = found
            kept.number = next(_NUMBERS)
        return
    judge = rater[0].removeprefix("judge/")
    before = kept.sums.get(rater)
    if before is not None and judge_mark(session, judge, up_to=before.mark.last_id) != before.mark:
        before = None
    sums = judge_sums(session, judge, frame, before)
    if before is None or sums.mark != before.mark or sums.rated.shape != before.rated.shape:
        kept.sums[rater], kept.scores[rater] = sums, sums.scores()
        kept.number = next(_NUMBERS)
    kept.sums.move_to_end(rater)
    while len(kept.sums) > _MOST_RATERS:
        dropped, _ = kept.sums.popitem(last=False)
        kept.scores.pop(dropped, None)


def _look_at_responses(session: Session, kept: _Kept) -> None:
    ids, of_items, has_erratum = item_columns(session)
    before = kept.frame
    if before is not None and (before.item_ids != ids or response_mark(session, up_to=kept.mark.last_id) != kept.mark):
        before = None
    if before is None:
        kept.sums.clear()
        kept.scores.clear()
        nothing = np.zeros(0, dtype=np.int32)
        no_facts: dict[str, Column] = {key: Column(nothing, ()) for key in RESPONSE_KEYS}
        before = Frame(ids, of_items, has_erratum, np.zeros(0, dtype=np.int64), nothing, no_facts)
    rows = responses_after(session, int(before.response_ids[-1]) if len(before.response_ids) else 0)
    if before is kept.frame and not rows and _same_items(before, of_items, has_erratum):
        return
    kept.frame = extended(replace(before, of_items=of_items, has_erratum=has_erratum), rows)
    kept.mark = response_mark(session)
    kept.number = next(_NUMBERS)


def _same_scores(first: Scores, second: Scores) -> bool:
    if (first.weights is None) != (second.weights is None):
        return False
    alike = np.array_equal(first.codes, second.codes) and np.array_equal(first.levels, second.levels)
    return alike and (first.weights is None or np.array_equal(first.weights, second.weights))  # type: ignore[arg-type]


def _same_items(frame: Frame, of_items: dict[str, Column], has_erratum: NDArray[np.bool_]) -> bool:
    alike = all(
        column.labels == frame.of_items[name].labels and np.array_equal(column.codes, frame.of_items[name].codes)
        for name, column in of_items.items()
    )
    return alike and bool(np.array_equal(has_erratum, frame.has_erratum))

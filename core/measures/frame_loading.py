"""Rows of the database -> the arrays numbers are counted from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Integer, case, cast, extract, select
from sqlalchemy.sql.expression import SQLColumnExpression
from sqlmodel import Session, col, func

from core.judges import judge_named, stands_for
from core.measures.blind_labels import blind_labels
from core.measures.inclusion import overall_inclusion
from core.measures.score_frame import Column, Frame, Scores, coded, scores_of
from core.models import Erratum, ImportedFile, Item, Judgement, Label, Response
from core.rubric import DIMENSIONS

# Rows held as Python objects at a time.
_AT_ONCE = 20_000
# Sums of products of remainders stay within 64 bits for any number of rows that can be stored.
_FIRST_PRIME, _SECOND_PRIME = 10_007, 100_003
_ITEM_COLUMNS: dict[str, Any] = {
    "country": Item.country,
    "domain": Item.domain,
    "language": Item.language,
    "region": Item.region,
    "subset": Item.subset,
    "split": Item.split,
    "wording": Item.wording,
    "family": Item.family_id,
}


@dataclass(frozen=True)
class Mark:
    """What rows looked like when they were read: how many, the last id, and a sum that moves when any one changes."""

    count: int = 0
    last_id: int = 0
    checksum: int = 0


@dataclass(frozen=True)
class JudgeSums:
    """A judge's scores per dimension and response, added up over its rounds; `rated` counts what holds no score too."""

    mark: Mark
    totals: NDArray[np.int16]
    counts: NDArray[np.int16]
    rated: NDArray[np.bool_]

    def scores(self) -> Scores:
        """Return the judge's word on each response."""
        return scores_of(self.totals, self.counts, self.rated)


def item_columns(session: Session) -> tuple[tuple[str, ...], dict[str, Column], NDArray[np.bool_]]:
    """Return the ids of all items in order, what is known of each, and which have a correction open or accepted."""
    columns: tuple[Any, ...] = (Item.id, *_ITEM_COLUMNS.values(), Item.norm_key, Item.norm)
    rows = session.execute(select(*columns).order_by(col(Item.id))).all()
    ids, *held = zip(*rows, strict=True) if rows else [()] * len(columns)
    *plain, norm_keys, norms = held
    found = {name: coded(labels) for name, labels in zip(_ITEM_COLUMNS, plain, strict=True)}
    # One norm may stand there with other blanks or capitals: it is shown as the first item has it.
    shown: dict[str | None, str | None] = {}
    found["norm"] = coded([shown.setdefault(key or norm, norm) for key, norm in zip(norm_keys, norms, strict=True)])
    doubted = set(session.execute(select(col(Erratum.item_id)).where(col(Erratum.status) != "rejected")).scalars())
    return tuple(ids), found, np.array([item in doubted for item in ids], dtype=bool)


def response_mark(session: Session, *, up_to: int | None = None) -> Mark:
    """Return the mark of all responses, or of those up to an id.

    It reads an index only: which item, model, setting and round a response is of stands there, its text does not.
    """
    lengths = func.length(Response.item_id) * 31 + func.length(Response.model) * 7 + func.length(Response.setting)
    facts = (lengths * 53 + col(Response.round)) % _SECOND_PRIME
    imports = session.execute(select(func.count(), func.coalesce(func.max(ImportedFile.id), 0))).one()
    mark = _mark(session, col(Response.id), facts, col(Response.id) <= up_to if up_to is not None else None)
    return Mark(mark.count, mark.last_id, mark.checksum + imports[0] * 131 + imports[1] * 137)


def responses_after(session: Session, last_id: int) -> list[tuple[int, str, str, str, int, str]]:
    """Return id, item, model, setting, round and month of the responses after one, by id."""
    month = cast(extract("year", col(Response.created_at)), Integer) * 12
    month = month + cast(extract("month", col(Response.created_at)), Integer) - 1
    columns = (Response.id, Response.item_id, Response.model, Response.setting, Response.round)
    query = select(*map(col, columns), month).where(col(Response.id) > last_id).order_by(col(Response.id))
    months: dict[int, str] = {}
    return [
        (*facts, months.setdefault(number, f"{number // 12:04}-{number % 12 + 1:02}"))
        for *facts, number in session.execute(query.execution_options(yield_per=_AT_ONCE))
    ]


def extended(frame: Frame, rows: Sequence[tuple[int, str, str, str, int, str]]) -> Frame:
    """Return the frame with these responses behind its own."""
    ids, items, *facts = zip(*rows, strict=True) if rows else [()] * 6
    places = {item: place for place, item in enumerate(frame.item_ids)}
    return Frame(
        frame.item_ids,
        frame.of_items,
        frame.has_erratum,
        np.concatenate([frame.response_ids, np.array(ids, dtype=np.int64)]),
        np.concatenate([frame.item_of, np.array([places[item] for item in items], dtype=np.int32)]),
        {
            name: _extended_column(frame.of_responses[name], labels)
            for name, labels in zip(frame.of_responses, facts, strict=True)
        },
    )


def judge_mark(session: Session, judge: str, *, up_to: int) -> Mark:
    """Return the mark of a judge's standing judgements up to an id."""
    stands = stands_for(judge_named(session, judge))
    return _mark(session, col(Judgement.id), _packed() % _SECOND_PRIME, stands & (col(Judgement.id) <= up_to))


def judge_sums(session: Session, judge: str, frame: Frame, before: JudgeSums | None = None) -> JudgeSums:
    """Return a judge's scores of the responses of a frame.

    Args:
        session: to look with.
        judge: name of the judge.
        frame: with all responses.
        before: sums over the same frame, or over one with fewer responses; only judgements after them are read.
    """
    shape = (len(DIMENSIONS), len(frame.response_ids))
    sums = JudgeSums(Mark(), np.zeros(shape, np.int16), np.zeros(shape, np.int16), np.zeros(shape, bool))
    if before is not None:
        held = before.rated.shape[1]
        for new, old in ((sums.totals, before.totals), (sums.counts, before.counts), (sums.rated, before.rated)):
            new[:, :held] = old
    mark = before.mark if before is not None else Mark()
    stands = stands_for(judge_named(session, judge))
    query = select(col(Judgement.id), _packed()).where(stands, col(Judgement.id) > mark.last_id)
    numbers = _as_numbers(session.execute(query.execution_options(yield_per=_AT_ONCE)))
    ids, packed = numbers[:, 0], numbers[:, 1]
    score, row = packed % 4, packed // 4 % 4
    place = np.searchsorted(frame.response_ids, packed // 16)
    for array, kind in ((sums.totals, score == 1), (sums.counts, score < 2)):
        array += _counted(row[kind], place[kind], shape)
    sums.rated[row, place] = True
    checksum = int(((ids % _FIRST_PRIME) * (packed % _SECOND_PRIME)).sum())
    last = max(mark.last_id, int(ids.max())) if len(ids) else mark.last_id
    return JudgeSums(Mark(mark.count + len(ids), last, mark.checksum + checksum), sums.totals, sums.counts, sums.rated)


def expert_scores(session: Session, frame: Frame) -> Scores:
    """Return the mean blind label of people from the country on each response, weighted by how it was drawn.

    A response weighs the inverse of how likely any draw was to bring it to them (`overall_inclusion`); 1 where it was
    picked by hand. "Can't say" is no score.
    """
    columns = (Label.response_id, Label.dimension, Label.score, Label.inclusion_probability)
    rows = session.execute(blind_labels(*map(col, columns))).all()
    shape = (len(DIMENSIONS), len(frame.response_ids))
    totals, counts, rated = np.zeros(shape, np.int16), np.zeros(shape, np.int16), np.zeros(shape, bool)
    stored: dict[int, float] = {}
    for response_id, dimension, score, probability in rows:
        row, place = DIMENSIONS.index(dimension), int(np.searchsorted(frame.response_ids, response_id))
        rated[row, place] = True
        if score is not None:
            totals[row, place] += score
            counts[row, place] += 1
        if probability:
            stored[place] = max(stored.get(place, 0.0), probability)
    places = np.array(sorted(stored), dtype=np.int64)
    likely = overall_inclusion(
        session,
        responses=frame.response_ids[places],
        stored=np.array([stored[place] for place in places.tolist()]),
        pools=("from",),
    )
    weights = np.ones(shape[1])
    weights[places] = 1 / likely
    return scores_of(totals, counts, rated, weights if stored else None)


def _extended_column(column: Column, labels: Sequence[Any]) -> Column:
    places = {label: place for place, label in enumerate(column.labels)}
    codes = np.array([places.setdefault(label, len(places)) for label in labels], dtype=np.int32)
    return Column(np.concatenate([column.codes, codes]), tuple(places))


def _packed() -> ColumnElement[int]:
    """Return response, dimension and score of a judgement as one whole number; a score of 2 is none."""
    places = case(*((col(Judgement.dimension) == name, place) for place, name in enumerate(DIMENSIONS)))
    return col(Judgement.response_id) * 16 + places * 4 + func.coalesce(Judgement.score, 2)


def _mark(
    session: Session, row_id: SQLColumnExpression[int], facts: ColumnElement[int], condition: ColumnElement[bool] | None
) -> Mark:
    summed = func.coalesce(func.sum((row_id % _FIRST_PRIME) * facts), 0)
    query = select(func.count(), func.coalesce(func.max(row_id), 0), summed)
    count, last_id, checksum = session.execute(query if condition is None else query.where(condition)).one()
    return Mark(count, last_id, int(checksum))


def _as_numbers(rows: Iterable[Sequence[int]]) -> NDArray[np.int64]:
    return np.fromiter(chain.from_iterable(rows), dtype=np.int64).reshape(-1, 2)


def _counted(row: NDArray[np.int64], place: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.int16]:
    counted = np.bincount(row * shape[1] + place, minlength=shape[0] * shape[1])
    return counted.reshape(shape).astype(np.int16)

"""Rows of a table -> responses; what is stored already stays as it is, so that a second import changes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from core.benchmark.response_flags import Marked, marked_texts, store_flags
from core.models import Item, Person, Response, ResponseRun, utc_now
from core.people import needs_lead, record_event
from core.responses.table_rows import ColumnMapping, RefusedRow, ResponseRecord, records_of
from core.responses.tables import Table
from core.rubric import ResponseSetting

# SQLite takes 32,766 values a statement, and one statement names the items and the models of so many rows.
_CHUNK = 5000
_Key = tuple[str, str, str, int]
_State = tuple[str, str, str | None]


@dataclass(frozen=True)
class ChangedRow:
    """A row that differs from what is stored for the same item, model, setting and round; `fields` name where."""

    row: int
    item_id: str
    model: str
    setting: str
    round: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class TableReport:
    """What became of the rows of a table."""

    accepted: int
    unchanged: int
    changed: list[ChangedRow]
    refused: list[RefusedRow]


@dataclass(frozen=True)
class Preview:
    """What an import would do; `rows` are the first that would enter, as they would be stored."""

    rows: list[ResponseRecord]
    report: TableReport


def preview(session: Session, table: Table, mapping: ColumnMapping, limit: int = 5) -> Preview:
    """Return what an import would do, with so many of its rows.

    Raises:
        BenchmarkFormatError: the mapping is not complete, or names a column that is not there.
    """
    records = records_of(table, mapping)
    sorting = _Sorting(session)
    shown: list[ResponseRecord] = []
    while chunk := list(islice(records, _CHUNK)):
        shown += sorting.new_among(chunk)[: limit - len(shown)]
    return Preview(shown, sorting.report())


def import_table(session: Session, *, table: Table, mapping: ColumnMapping, author: Person) -> TableReport:
    """Add the responses that are not stored yet and return what became of each row.

    Raises:
        UserError: the mapping is not complete, names a column that is not there, or the author is an expert.
    """
    needs_lead(author, "import responses")
    # All rows are understood before the database is touched, so that nobody waits for that.
    understood = list(records_of(table, mapping))
    marked = marked_texts(entry.text for entry in understood if isinstance(entry, ResponseRecord))
    records = iter(understood)
    sorting = _Sorting(session)
    while chunk := list(islice(records, _CHUNK)):
        if new := sorting.new_among(chunk):
            session.execute(insert(Response), [_row(record) for record in new])
            if suspicious := [record for record in new if record.text in marked]:
                _flag(session, suspicious, marked)
    report = sorting.report()
    if report.accepted:
        record_event(
            session, person=author, kind="import", subject="responses", file=table.name, accepted=report.accepted
        )
    return report


def _row(record: ResponseRecord) -> dict[str, Any]:
    row = {name: value for name, value in vars(record).items() if name != "row"}
    return row | {"created_at": record.created_at or utc_now()}


def _flag(session: Session, suspicious: Sequence[ResponseRecord], marked: Marked) -> None:
    """Flag responses that were just added; they are looked up, as adding many at once names no ids."""
    wanted = {_key(record) for record in suspicious}
    rows = session.exec(
        select(  # type: ignore[call-overload]
            *(Response.item_id, Response.model, Response.setting, Response.round, Response.id, Response.text)
        ).where(
            col(Response.item_id).in_({record.item_id for record in suspicious}),
            col(Response.model).in_({record.model for record in suspicious}),
        )
    )
    store_flags(session, [(row[4], row[5]) for row in rows if tuple(row[:4]) in wanted], marked)


class _Sorting:
    """Parts the rows of one table, a chunk at a time, into those to add and those that stay out."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._collected = set(session.exec(select(ResponseRun.stored_as).distinct()))
        self._first_rows: dict[_Key, int] = {}
        self._accepted = self._unchanged = 0
        self._changed: list[ChangedRow] = []
        self._refused: list[RefusedRow] = []

    def report(self) -> TableReport:
        """Return what became of the rows so far."""
        return TableReport(self._accepted, self._unchanged, self._changed, self._refused)

    def new_among(self, chunk: Sequence[ResponseRecord | RefusedRow]) -> list[ResponseRecord]:
        """Return the responses to add, their settings settled, and note what becomes of the other rows."""
        understood = [entry for entry in chunk if isinstance(entry, ResponseRecord)]
        wordings = self._wordings({record.item_id for record in understood})
        stored = self._stored(wordings.keys(), {record.model for record in understood})
        new: list[ResponseRecord] = []
        for entry in chunk:
            if isinstance(entry, RefusedRow):
                self._refused.append(entry)
                continue
            by_wording: ResponseSetting = "translation" if wordings.get(entry.item_id) == "translation" else "english"
            record = replace(entry, setting=entry.setting or by_wording)
            before = stored.get(_key(record))
            if problem := self._problem(record, is_here=record.item_id in wordings, is_new=before is None):
                self._refused.append(RefusedRow(record.row, problem))
            elif before is None:
                new.append(record)
            else:
                self._compare(record, before)
        self._accepted += len(new)
        return new

    def _problem(self, record: ResponseRecord, *, is_here: bool, is_new: bool) -> str | None:
        if not is_here:
            return f"no item here is named {record.item_id}: import the items first"
        first = self._first_rows.setdefault(_key(record), record.row)
        if first != record.row:
            return f"answers as row {first} does: item, model, setting and round are the same"
        if is_new and record.model in self._collected:
            return f"responses of {record.model} were collected here: import these under another model's name"
        return None

    def _compare(self, record: ResponseRecord, before: _State) -> None:
        now = (record.status, record.text, record.error)
        names = ("status", "text", "error")
        different = tuple(name for name, old, new in zip(names, before, now, strict=True) if old != new)
        if different:
            setting = record.setting or ""
            self._changed.append(ChangedRow(record.row, record.item_id, record.model, setting, record.round, different))
        else:
            self._unchanged += 1

    def _wordings(self, item_ids: Collection[str]) -> dict[str, str]:
        """Return the wordings of those items that are here."""
        return dict(self._session.exec(select(Item.id, Item.wording).where(col(Item.id).in_(item_ids))).all())

    def _stored(self, item_ids: Collection[str], models: Collection[str]) -> dict[_Key, _State]:
        """Return what is stored of these models for these items."""
        rows = self._session.exec(
            select(  # type: ignore[call-overload]
                *(Response.item_id, Response.model, Response.setting, Response.round),
                *(Response.status, Response.text, Response.error),
            ).where(col(Response.item_id).in_(item_ids), col(Response.model).in_(models))
        )
        return {tuple(row[:4]): (row[4], row[5], row[6] or None) for row in rows}


def _key(record: ResponseRecord) -> _Key:
    return record.item_id, record.model, record.setting or "", record.round

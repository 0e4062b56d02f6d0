"""Turn the rows of a table and a mapping of its columns into responses, or refusals with reasons. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import get_args

from core.benchmark.fields import has_no_text_characters, kind_of
from core.benchmark.reader import is_failed_call, item_address
from core.errors import BenchmarkFormatError
from core.responses.tables import Table, TableRow
from core.rubric import RESPONSE_SETTINGS, ResponseSetting, ResponseStatus

_STATUSES: tuple[ResponseStatus, ...] = get_args(ResponseStatus)
_ROUND = re.compile(r"[1-9][0-9]{0,2}")
_LONGEST_NAME = 300


@dataclass(frozen=True)
class ColumnMapping:
    """Which column holds what. An item is named by `item`, or else by `subset`, `index` and `wording` together.

    `model_name` and `setting_name` stand for all rows where there is no column. Without a round it is 1; without a
    setting, that of the item's wording; without a status, what the text shows.
    """

    text: str = ""
    item: str | None = None
    subset: str | None = None
    index: str | None = None
    wording: str | None = None
    model: str | None = None
    model_name: str = ""
    setting: str | None = None
    setting_name: ResponseSetting | None = None
    round: str | None = None
    status: str | None = None
    error: str | None = None
    created_at: str | None = None

    def problem(self, columns: Sequence[str]) -> str | None:
        """Return what is still to be chosen, or does not fit these columns."""
        named = {field: getattr(self, field) for field in COLUMN_FIELDS}
        unknown = next((column for column in named.values() if column and column not in columns), None)
        if unknown is not None:
            return f"There is no column named {unknown}. There are {', '.join(columns)}."
        if not self.text:
            return "Choose the column that holds the text of the responses."
        if not (self.item or (self.subset and self.index and self.wording)):
            return "Choose the column that names the item, or those of its subset, index and wording."
        if not (self.model or self.model_name.strip()):
            return "Choose the column that names the model, or give the name of the model that wrote all responses."
        return None if self.model else _model_problem(self.model_name.strip())


COLUMN_FIELDS = tuple(field.name for field in fields(ColumnMapping) if not field.name.endswith("_name"))
# Beside what other tools write, these are the fields of our own exports.
_USUAL_NAMES = {
    "text": ("text", "response", "model_response", "output", "answer", "completion"),
    "item": ("item_id", "item"),
    "subset": ("subset",),
    "index": ("source_index", "index"),
    "wording": ("wording",),
    "model": ("response_model", "model", "model_name"),
    "setting": ("setting",),
    "round": ("response_round", "round"),
    "status": ("status",),
    "error": ("error",),
    "created_at": ("created_at",),
}


@dataclass(frozen=True)
class ResponseRecord:
    """One response as a row says it; `setting` is None where the item's wording decides."""

    row: int
    item_id: str
    model: str
    setting: ResponseSetting | None
    round: int
    status: ResponseStatus
    text: str
    error: str | None
    created_at: datetime | None


@dataclass(frozen=True)
class RefusedRow:
    """A row that does not enter, and why."""

    row: int
    reason: str


class _UnusableRowError(Exception):
    """The reason why a row is refused."""


def guessed_mapping(columns: Sequence[str]) -> ColumnMapping:
    """Return the mapping that the usual names of columns suggest; what none suggests is left open."""
    known = {re.sub(r"[\s-]+", "_", column.strip().lower()): column for column in reversed(columns)}
    found = {
        field: next((known[name] for name in names if name in known), None) for field, names in _USUAL_NAMES.items()
    }
    if not found["item"] and not (found["subset"] and found["index"] and found["wording"]):
        found["item"] = known.get("id")
    return ColumnMapping(**(found | {"text": found["text"] or ""}))  # type: ignore[arg-type]


def records_of(table: Table, mapping: ColumnMapping) -> Iterator[ResponseRecord | RefusedRow]:
    """Return each row as a response or a refusal, in the order of the file.

    Raises:
        BenchmarkFormatError: the mapping is not complete, or names a column that is not there.
    """
    if problem := mapping.problem(table.columns):
        raise BenchmarkFormatError(f"{table.name}: {problem}")
    places = {
        field: table.columns.index(column) for field in COLUMN_FIELDS if (column := getattr(mapping, field)) is not None
    }
    return (_record(row, len(table.columns), places, mapping) for row in table.rows)


def _record(
    row: TableRow, columns: int, places: Mapping[str, int], mapping: ColumnMapping
) -> ResponseRecord | RefusedRow:
    if len(row.cells) != columns:
        many = "more" if len(row.cells) > columns else "fewer"
        return RefusedRow(row.number, f"has {many} cells than there are columns; are its quotes right?")
    try:
        held = {field: _text_of(field, row.cells[place]) for field, place in places.items()}
        status, text, error = _state(held.get("status", "").strip(), held["text"], held.get("error") or None)
        return ResponseRecord(
            row=row.number,
            item_id=_item_id(held),
            model=_model(held["model"] if "model" in held else mapping.model_name),
            setting=_setting(held.get("setting", "").strip()) or mapping.setting_name,
            round=_round(held.get("round", "").strip()),
            status=status,
            text=text,
            error=error,
            created_at=_moment(held.get("created_at", "").strip()),
        )
    except _UnusableRowError as problem:
        return RefusedRow(row.number, str(problem))


def _text_of(field: str, cell: object) -> str:
    """Return a cell as text; a whole number may be a name, but never what a model wrote."""
    if cell is None:
        return ""
    if isinstance(cell, int) and not isinstance(cell, bool) and field not in ("text", "error"):
        return str(cell)
    if not isinstance(cell, str):
        raise _UnusableRowError(f"its {field} is {kind_of(cell)} where a text is expected")
    if has_no_text_characters(cell):
        raise _UnusableRowError(f"its {field} holds characters that are no text (half a surrogate pair or NUL)")
    return cell


def _item_id(held: Mapping[str, str]) -> str:
    if "item" in held:
        parts = [held["item"].strip()]
    else:
        parts = [held[field].strip() for field in ("subset", "index", "wording")]
    if not all(parts):
        raise _UnusableRowError("names no item")
    if any(len(part) > _LONGEST_NAME for part in parts):
        raise _UnusableRowError(f"the name of its item is longer than {_LONGEST_NAME} characters")
    return parts[0] if "item" in held else item_address(*parts)


def _model(name: str) -> str:
    if problem := _model_problem(name.strip()):
        raise _UnusableRowError(problem)
    return name.strip()


def _model_problem(name: str) -> str | None:
    if not name:
        return "names no model"
    if len(name) > _LONGEST_NAME or not name.isprintable():
        return f"the name of a model is one line of at most {_LONGEST_NAME} characters"
    return None


def _setting(word: str) -> ResponseSetting | None:
    if word and word not in RESPONSE_SETTINGS:
        raise _UnusableRowError(f"its setting is {word[:50]!r}; known are {', '.join(RESPONSE_SETTINGS)}")
    return word or None


def _round(word: str) -> int:
    if word and not _ROUND.fullmatch(word):
        raise _UnusableRowError(f"its round is {word[:50]!r} and no whole number from 1 to 999")
    return int(word or 1)


def _moment(word: str) -> datetime | None:
    """Return a time; one without a zone is taken for UTC."""
    if not word:
        return None
    try:
        moment = datetime.fromisoformat(word)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _UnusableRowError(f"its time is {word[:50]!r}; write it as 2026-11-21T10:00:00+00:00") from error


def _state(word: str, text: str, error: str | None) -> tuple[ResponseStatus, str, str | None]:
    """Return status, text and error; what stands in place of an answer is an error, never a text."""
    if word and word not in _STATUSES:
        raise _UnusableRowError(f"its status is {word[:50]!r}; known are {', '.join(_STATUSES)}")
    has_text = bool(text.strip())
    if not word:
        if has_text and not is_failed_call(text):
            return "ok", text, error
        return ("failed", "", error or text.strip()[:500]) if has_text or error else ("empty", "", None)
    if has_text != (word in ("ok", "cut_off")) and word in ("ok", "cut_off", "empty"):
        raise _UnusableRowError(f"its status is {word}, but it has {'a' if has_text else 'no'} text")
    if word in ("failed", "refused") and not error:
        return word, "", text.strip() or None
    return word, text if has_text else "", error

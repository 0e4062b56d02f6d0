"""Turn a CSV or JSONL file into a table. Pure: bytes in, rows out."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from core.benchmark.fields import has_no_text_characters, kind_of
from core.benchmark.reader import MAX_FILE_BYTES
from core.errors import BenchmarkFormatError

MAX_ROWS = 500_000
MAX_COLUMNS = 200
MAX_CELL = 2**20
# A cell takes far more memory than its bytes in the file.
MAX_CELLS = 10_000_000
LONGEST_LINE = 16 * 2**20
_LONGEST_COLUMN = 300
_NOTHING_ENTERED = "Nothing of it was imported."

Cell = str | int | float | bool | list[Any] | dict[str, Any] | None


@dataclass(frozen=True)
class TableRow:
    """One row; `number` is its line in JSONL, in CSV its row as a spreadsheet counts, where the head is row 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """What a file holds. A CSV row may have more or fewer cells than there are columns: it will be refused."""

    name: str
    columns: tuple[str, ...]
    rows: list[TableRow]


def read_table(content: bytes, name: str) -> Table:
    """Return what a file holds; its name says whether it is CSV or JSONL.

    Raises:
        BenchmarkFormatError: the file is beyond a limit, no valid UTF-8, or no valid CSV or JSONL.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        columns, rows = _json_rows(_decoded(content, name), name)
    elif suffix in (".csv", ".tsv"):
        columns, rows = _csv_rows(_decoded(content, name), name)
    else:
        raise BenchmarkFormatError(
            f"{name}: neither .csv nor .jsonl. Save it as one of them; CROSS's own .json files come in by Import."
        )
    if not rows:
        raise BenchmarkFormatError(f"{name}: holds no rows. {_NOTHING_ENTERED}")
    return Table(name, columns, rows)


def _decoded(content: bytes, name: str) -> str:
    if len(content) > MAX_FILE_BYTES:
        raise BenchmarkFormatError(f"{name}: larger than {MAX_FILE_BYTES // 2**20} MB. Split it and import the parts.")
    if content.startswith(b"PK\x03\x04"):
        raise BenchmarkFormatError(f"{name}: is a workbook or a zip archive. Save its sheet as CSV, UTF-8.")
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise BenchmarkFormatError(
            f"{name}: not valid UTF-8 at byte {error.start}. Save it as UTF-8 and import again; nothing was imported."
        ) from error


def _lines(text: str, name: str) -> Iterator[str]:
    """Yield lines with their ends; only a line feed ends one, since JSON holds other separators as they are."""
    start = number = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        number += 1
        if end - start > LONGEST_LINE:
            raise BenchmarkFormatError(f"{name}, line {number}: longer than {LONGEST_LINE // 2**20} MB.")
        yield text[start:end]
        start = end


def _check_size(name: str, rows: int, columns: int) -> None:
    for many, limit, what in (
        (columns, MAX_COLUMNS, "columns"),
        (rows, MAX_ROWS, "rows"),
        (rows * columns, MAX_CELLS, "cells"),
    ):
        if many > limit:
            raise BenchmarkFormatError(f"{name}: more than {limit:,} {what}. Import it in parts. {_NOTHING_ENTERED}")


def _check_column(where: str, column: str) -> None:
    if len(column) > _LONGEST_COLUMN or has_no_text_characters(column):
        raise BenchmarkFormatError(f"{where}: the name of a column is too long or no text. {_NOTHING_ENTERED}")


def _csv_rows(text: str, name: str) -> tuple[tuple[str, ...], list[TableRow]]:
    # Python's own bound is 131,072 characters, which long responses pass; it holds for the whole process.
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(_lines(text, name), delimiter=_delimiter(text, name), strict=True)
    columns: tuple[str, ...] = ()
    rows: list[TableRow] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if not cells:
                continue
            if not columns:
                columns = _head(cells, name)
                continue
            rows.append(TableRow(number, tuple(cells[: len(columns) + 1])))
            _check_size(name, len(rows), len(columns))
    except csv.Error as error:
        raise BenchmarkFormatError(
            f"{name}, line {reader.line_num}: no valid CSV ({error}). A cell has at most {MAX_CELL:,} characters; "
            f"one with quotes or line breaks in it stands in quotes. {_NOTHING_ENTERED}"
        ) from error
    return columns, rows


def _delimiter(text: str, name: str) -> str:
    """Return the delimiter that parts the head into most columns."""
    best, most = ",", 0
    for delimiter in ",;\t":
        try:
            reader = csv.reader(_lines(text, name), delimiter=delimiter, strict=True)
            head = next((cells for cells in reader if cells), [])
        except csv.Error:
            continue
        if len(head) > most:
            best, most = delimiter, len(head)
    return best


def _head(cells: list[str], name: str) -> tuple[str, ...]:
    _check_size(name, 0, len(cells))
    columns = tuple(cell.strip() or f"column {number}" for number, cell in enumerate(cells, start=1))
    for place, column in enumerate(columns):
        _check_column(f"{name}, head", column)
        if column in columns[:place]:
            raise BenchmarkFormatError(f"{name}: two columns are named {column}. Rename one. {_NOTHING_ENTERED}")
    return columns


def _json_rows(text: str, name: str) -> tuple[tuple[str, ...], list[TableRow]]:
    places: dict[str, int] = {}
    found: list[tuple[int, list[Cell]]] = []
    for number, line in enumerate(_lines(text, name), start=1):
        if not line.strip():
            continue
        record = _object(line, f"{name}, line {number}")
        for column in record.keys() - places.keys():
            _check_column(f"{name}, line {number}", column)
        cells: list[Cell] = [None] * len(places)
        for column, value in record.items():
            if column not in places:
                places[column] = len(places)
                cells.append(None)
            cells[places[column]] = _flat(value, f"{name}, line {number}")
        found.append((number, cells))
        _check_size(name, len(found), len(places))
    rows = [TableRow(number, (*cells, *[None] * (len(places) - len(cells)))) for number, cells in found]
    return tuple(places), rows


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line, parse_constant=_refuse_constant, object_pairs_hook=_unique_fields)
    except json.JSONDecodeError as error:
        raise BenchmarkFormatError(f"{where}, column {error.colno}: {error.msg}. {_NOTHING_ENTERED}") from error
    except (RecursionError, ValueError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error).split(";")[0]
        raise BenchmarkFormatError(f"{where}: no usable JSON ({reason}). {_NOTHING_ENTERED}") from error
    if not isinstance(record, dict):
        raise BenchmarkFormatError(f"{where}: holds {kind_of(record)} where an object is expected. {_NOTHING_ENTERED}")
    return record


def _flat(value: Any, where: str) -> Cell:  # noqa: ANN401 - a parsed JSON value
    """Return a value; a list or an object empty, since no field of a response is one and it may be large."""
    if isinstance(value, str) and len(value) > MAX_CELL:
        raise BenchmarkFormatError(f"{where}: a text is longer than {MAX_CELL:,} characters. {_NOTHING_ENTERED}")
    return type(value)() if isinstance(value, list | dict) else value


def _unique_fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, value in pairs:
        if name in record:
            raise ValueError(f"two fields are named {name[:100]!r}")
        record[name] = value
    return record


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")

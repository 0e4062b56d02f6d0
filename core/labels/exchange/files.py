"""A file of labels -> its entries and what of it cannot be one. Pure: bytes in, entries out; files are hostile."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from core.benchmark.reader import MAX_FILE_BYTES
from core.csv_text import without_guard
from core.errors import BenchmarkFormatError
from core.labels.exchange.argilla import argilla_entries
from core.labels.exchange.checks import UnusableError, parsed
from core.labels.exchange.label_studio import label_studio_entries
from core.labels.exchange.shapes import LabelEntry
from core.labels.exchange.tables import flat_entries
from core.responses.table_rows import RefusedRow
from core.responses.tables import read_table

FILE_TYPES = ("csv", "tsv", "json", "jsonl", "ndjson")
_NOTHING = "Nothing of it was imported."


def read_labels(content: bytes, name: str) -> list[LabelEntry | RefusedRow]:
    """Return the labels of a file in its order; its name and first record say which format it has.

    Raises:
        BenchmarkFormatError: it is beyond a limit, no valid UTF-8, no valid CSV or JSON, or holds no labels.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix.removeprefix(".") not in FILE_TYPES:
        raise BenchmarkFormatError(f"{name}: none of {', '.join(FILE_TYPES)}. Save it as one of them.")
    if suffix in (".csv", ".tsv"):
        found = list(flat_entries(_rows(content, name)))
    else:
        records = _records(content, name, is_lines=suffix != ".json")
        first = next((record for _, record in records if isinstance(record, dict)), {})
        if "data" in first and ("annotations" in first or "predictions" in first):
            found = list(label_studio_entries(records))
        elif "fields" in first:
            found = list(argilla_entries(records))
        else:
            found = list(flat_entries(records))
    if not found:
        raise BenchmarkFormatError(f"{name}: holds no labels. {_NOTHING}")
    return found


def _rows(content: bytes, name: str) -> Iterator[tuple[int, Any]]:
    table = read_table(content, name)
    for row in table.rows:
        cells = [without_guard(cell) if isinstance(cell, str) else cell for cell in row.cells]
        # A row of another length may have its values under the wrong names.
        yield row.number, dict(zip(table.columns, cells, strict=True)) if len(cells) == len(table.columns) else None


def _records(content: bytes, name: str, *, is_lines: bool) -> list[tuple[int, Any]]:
    if len(content) > MAX_FILE_BYTES:
        raise BenchmarkFormatError(f"{name}: larger than {MAX_FILE_BYTES // 2**20} MB. Split it and import the parts.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BenchmarkFormatError(
            f"{name}: not valid UTF-8 at byte {error.start}. Save it as UTF-8 and import again. {_NOTHING}"
        ) from error
    if is_lines:
        lines = enumerate(text.split("\n"), start=1)
        return [(row, _value(line, f"{name}, line {row}")) for row, line in lines if line.strip()]
    records = _value(text, name)
    if not isinstance(records, list):
        raise BenchmarkFormatError(f"{name}: holds no list of tasks or records. {_NOTHING}")
    return list(enumerate(records, start=1))


def _value(text: str, where: str) -> Any:  # noqa: ANN401 - a parsed JSON value
    try:
        return parsed(text)
    except UnusableError as problem:
        raise BenchmarkFormatError(f"{where}: {problem}. {_NOTHING}") from problem

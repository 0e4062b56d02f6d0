"""A table as CSV for spreadsheets, in which no text from data is taken for a formula. Pure: rows in, text out."""

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | float | None
# The last four are full-width: spreadsheets of Japanese and Chinese read them alike.
_FORMULA = tuple("=+-@＝＋－＠")
_CONTROL = tuple("\t\r\n\0")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return the table as CSV; a text that a spreadsheet would reckon with gets a quote before it, numbers stay."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([_inert(name) for name in header])
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return file.getvalue()


def without_guard(cell: str) -> str:
    """Return a cell of such a table as it was before it got its quote."""
    return cell[1:] if cell.startswith("'") and _is_risky(cell) else cell


def _inert(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    # Python's own reader refuses a NUL, and no spreadsheet shows one.
    return ("'" if _is_risky(cell) else "") + cell.replace("\0", "")


def _is_risky(cell: str) -> bool:
    """Return whether a text begins like a formula; quotes before that do not count, or reading back were a guess."""
    inner = cell.lstrip("'")
    return inner.startswith(_CONTROL) or inner.lstrip().startswith(_FORMULA)

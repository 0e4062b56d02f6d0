"""A table as CSV for spreadsheets, in which no text from data is taken for a formula. Pure but for the button."""

import csv
import io
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

Cell = str | int | float | None
# The last four are full-width: spreadsheets of Japanese and Chinese read them alike.
_FORMULA = tuple("=+-@＝＋－＠")
_CONTROL = tuple("\t\r\n\0")


def csv_text(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return the table as CSV; a text that a spreadsheet would reckon with gets a quote before it, numbers stay."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([_inert(name) for name in header])
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return file.getvalue()


def _inert(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    risky = cell.startswith(_CONTROL) or cell.lstrip().startswith(_FORMULA)
    # Python's own reader refuses a NUL, and no spreadsheet shows one.
    return ("'" if risky else "") + cell.replace("\0", "")


def frame_button(frame: pd.DataFrame, *, file_name: str, key: str) -> None:
    """Draw a button that downloads a table as it is shown."""

    def table() -> str:
        rows = frame.astype(object).where(frame.notna(), None).map(lambda cell: cell if _is_cell(cell) else str(cell))
        return csv_text([str(name) for name in frame.columns], rows.to_numpy().tolist())

    csv_button("Download as CSV", table, file_name=file_name, key=key)


def _is_cell(cell: object) -> bool:
    return cell is None or isinstance(cell, str | int | float)


def csv_button(label: str, table: Callable[[], str], *, file_name: str, key: str) -> None:
    """Draw a button that downloads a table; it is made when the button is pressed."""
    # With a byte order mark: without one, Excel reads names in other scripts as something else.
    st.download_button(
        label,
        lambda: table().encode("utf-8-sig"),
        file_name=file_name,
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=key,
    )

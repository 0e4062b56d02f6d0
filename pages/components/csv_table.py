"""Buttons that download a table as CSV, in which no text from data is taken for a formula."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.csv_text import Cell as Cell
from core.csv_text import csv_text as csv_text


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

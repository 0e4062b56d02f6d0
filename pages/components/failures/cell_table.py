"""Cells as a table that sorts and downloads, each row with its way to the items behind it."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.measures.items_behind import browse_address
from core.measures.score_filter import ScoreFilter
from core.measures.scores import Cell
from pages.components.csv_table import frame_button
from pages.components.failures.cell_words import KEY_TITLES, is_small, label_title
from pages.components.leaving import page_address
from pages.components.plain import visible

READ = "Read"
_NOTE = "Too few to say"


def cell_table(
    cells: Sequence[Cell],
    wanted: ScoreFilter,
    *,
    name: str,
    unit: str = "Mean, %",
    read: str = READ,
    more: Mapping[str, Sequence[object]] | None = None,
) -> None:
    """Draw cells as a table with a download below it.

    Args:
        cells: at least one, all with the same keys.
        wanted: their filter, for the way to the items.
        name: unique on the page, and the file's name.
        unit: what the mean is called.
        read: what the way to the items is called.
        more: further columns, an entry for each cell.
    """
    frame = cell_frame(cells, unit=unit, more=more or {})
    shown = frame.assign(**{read: [page_address("browse", browse_address(wanted, cell.keys)) for cell in cells]})
    numbers = {title: st.column_config.NumberColumn(format="%.1f") for title in frame.select_dtypes("float")}
    link = st.column_config.LinkColumn(display_text=read, width="small" if read == READ else "medium")
    st.dataframe(shown, hide_index=True, column_config={**numbers, read: link}, key=f"{name}-table")
    frame_button(frame, file_name=f"{name}.csv", key=f"{name}-csv")


def cell_frame(cells: Sequence[Cell], *, unit: str, more: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """Return cells as rows; a small one has no mean and no interval."""
    columns: dict[str, Sequence[object]] = {
        KEY_TITLES[key]: [visible(label_title(key, cell.keys[key])) for cell in cells] for key in cells[0].keys
    }
    told: dict[str, Sequence[object]] = {
        unit: _percents(cells, [cell.mean for cell in cells]),
        "From": _percents(cells, [cell.low for cell in cells]),
        "To": _percents(cells, [cell.high for cell in cells]),
        "n": [cell.n for cell in cells],
        "Without a score": [cell.n_unscored for cell in cells],
        "Families": [cell.families for cell in cells],
    }
    notes: dict[str, Sequence[object]] = {
        "Note": [_NOTE if is_small(cell) else "" for cell in cells],
        "Scores by": [visible(cell.rater) for cell in cells],
    }
    return pd.DataFrame(columns | told | dict(more) | notes)


def _percents(cells: Sequence[Cell], shares: Sequence[float | None]) -> Sequence[object]:
    told = [None if share is None or is_small(cell) else share * 100 for cell, share in zip(cells, shares, strict=True)]
    return pd.array(told, dtype="Float64")

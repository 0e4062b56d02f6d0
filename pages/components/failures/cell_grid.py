"""Cells as a coloured grid; a press on one opens its items in Browse."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.measures.items_behind import browse_address
from core.measures.score_filter import ScoreFilter
from core.measures.score_frame import Label
from core.measures.scores import Cell
from pages.components.charts import GridCell, grid_chart, show_chart
from pages.components.failures.cell_words import (
    hover_lines,
    is_clear,
    is_small,
    keys_title,
    label_title,
    short_difference,
    short_words,
)

# Differences of more than this get no darker colour.
WIDEST = 0.5
LONGEST = 30


@dataclass(frozen=True)
class GridWords:
    """How a grid is drawn: which keys are rows and columns, the file's name, what one sees, whose scores they are."""

    row: str
    column: str
    name: str
    title: str
    rater: str
    is_difference: bool = False
    # A share of what should not be is worse the higher it is.
    is_bad: bool = False


def cell_grid(cells: Sequence[Cell], wanted: ScoreFilter, words: GridWords) -> bool:
    """Draw cells as a grid of at most 30 rows, those with numbers first; one that is pressed opens in Browse.

    Return whether there is a grid: many rows without any number are only told.
    """
    rows, columns = (list(dict.fromkeys(cell.keys[key] for cell in cells)) for key in (words.row, words.column))
    whole, told = len(rows), {cell.keys[words.row] for cell in cells if not is_small(cell)}
    if whole > LONGEST and not told:
        few = f"None of these {whole:,} has enough responses to say. The table below has how many each has."
        st.info(few, icon=":material/info:")
        return False
    if whole > LONGEST:
        rows = sorted(rows, key=lambda row: row not in told)[:LONGEST]
    shown = [cell for cell in cells if cell.keys[words.row] in set(rows)]
    figure = grid_chart(
        [label_title(words.row, one) for one in rows],
        [label_title(words.column, one) for one in columns],
        [_field(cell, words, rows, columns) for cell in shown],
    )
    chosen = show_chart(figure, key=words.name, alt=grid_in_words(shown, words))
    if whole > LONGEST:
        st.caption(
            f"{LONGEST} of {whole:,} rows are drawn, those with enough responses first. The table below has all."
        )
    if chosen is not None and chosen[1] < len(shown):
        st.switch_page("pages/browse.py", query_params=browse_address(wanted, shown[chosen[1]].keys))
    return True


def grid_in_words(cells: Sequence[Cell], words: GridWords) -> str:
    """Return what the grid shows, for those who cannot see it: what it is of, its lowest and its highest cell."""
    large = sorted((cell for cell in cells if not is_small(cell)), key=lambda cell: cell.mean or 0.0)
    told = f"{words.title}: {len(cells)} cells, {len(cells) - len(large)} of them with too few responses to say."
    if large:
        ends = (("Lowest", large[0]), ("Highest", large[-1]))
        told += "".join(f" {name}: {keys_title(cell.keys)}, {(cell.mean or 0.0) * 100:.0f}." for name, cell in ends)
    return f"{told} The table below has all numbers."


def _field(cell: Cell, words: GridWords, rows: Sequence[Label], columns: Sequence[Label]) -> GridCell:
    mean = cell.mean or 0.0
    place = 0.5 + mean / (2 * WIDEST) if words.is_difference else 1 - mean if words.is_bad else mean
    is_gray = words.is_difference and not is_clear(cell)
    return GridCell(
        rows.index(cell.keys[words.row]),
        columns.index(cell.keys[words.column]),
        place,
        short_difference(cell) if words.is_difference else short_words(cell),
        hover_lines(cell, rater=words.rater, is_difference=words.is_difference),
        "small" if is_small(cell) else "unclear" if is_gray else "scaled",
    )

"""Cells as a coloured grid; a press on one opens its items in Browse."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.measures.items_behind import browse_address
from core.measures.score_filter import ScoreFilter
from core.measures.score_frame import Label
from core.measures.scores import FEWEST_RESPONSES, Cell
from core.measures.statistics import FEWEST_FOR_INTERVAL
from core.words import counted, shortened
from pages.components.charts import GridCell, grid_chart, show_chart
from pages.components.failures.cell_words import (
    hover_lines,
    interval_words,
    is_clear,
    is_small,
    keys_title,
    label_title,
    short_difference,
    short_words,
)
from pages.components.failures.read_line import read_line
from pages.components.leaving import leave_for_answers

# Differences of more than this get no darker colour.
WIDEST = 0.5
LONGEST = 30
_MOST_LISTED = 12
_LONGEST_LISTED = 160


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
    # What a press opens, where it is not plainly the answers counted.
    opens: str = ""


def cell_grid(cells: Sequence[Cell], wanted: ScoreFilter, words: GridWords) -> bool:
    """Draw cells as a grid of at most 30 rows, those with numbers first; one that is pressed opens in Browse.

    Return whether there is a grid: many rows without any number are only told.
    """
    rows, columns = (list(dict.fromkeys(cell.keys[key] for cell in cells)) for key in (words.row, words.column))
    whole, told = len(rows), {cell.keys[words.row] for cell in cells if not is_small(cell)}
    if whole > LONGEST and not told:
        _without_numbers(cells, wanted, words)
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
        leave_for_answers(browse_address(wanted, shown[chosen[1]].keys))
    return True


def _without_numbers(cells: Sequence[Cell], wanted: ScoreFilter, words: GridWords) -> None:
    """Say why none of many rows has a number, and list those with the most scores with a way to their answers."""
    most: dict[Label, Cell] = {}
    for cell in sorted(cells, key=lambda cell: -cell.n):
        most.setdefault(cell.keys[words.row], cell)
    why = "has enough responses to say"
    if any(cell.n >= FEWEST_RESPONSES for cell in cells):
        why = f"has answers on {FEWEST_FOR_INTERVAL} families of items, which it takes to say how sure a mean is"
    why += ". A norm is one family: read its answers" if words.row == "norm" else ""
    st.info(f"None of these {len(most):,} {why}. The table below has all of them.", icon=":material/info:")
    st.markdown("**Those with the most answers**")
    for place, (label, cell) in enumerate(list(most.items())[:_MOST_LISTED]):
        told = f"n {cell.n:,} in {counted(cell.families, 'family', 'families')}"
        address = browse_address(wanted, {words.row: label})
        title = shortened(label_title(words.row, label), _LONGEST_LISTED)
        read_line(title, told, address, key=f"{words.name}-read-{place}")


def grid_in_words(cells: Sequence[Cell], words: GridWords) -> str:
    """Return what the grid shows, for those who cannot see it: what it is of, its lowest and its highest cell."""
    large = sorted((cell for cell in cells if not is_small(cell)), key=lambda cell: cell.mean or 0.0)
    told = f"{words.title}: {len(cells)} cells, {len(cells) - len(large)} of them with too few responses to say."
    if large:
        ends = (("Lowest", large[0]), ("Highest", large[-1]))
        for name, cell in ends:
            said = interval_words(cell, is_difference=words.is_difference)
            told += f" {name}: {keys_title(cell.keys)}, {said}, n {cell.n:,}."
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
        hover_lines(cell, rater=words.rater, is_difference=words.is_difference) + [words.opens] * bool(words.opens),
        "small" if is_small(cell) else "unclear" if is_gray else "scaled",
    )

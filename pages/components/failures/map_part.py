"""One dimension's numbers on a map of the world; a press on a country opens its items in Browse."""

from collections.abc import Sequence

import streamlit as st

from core.measures.items_behind import browse_address
from core.measures.scores import Cell
from pages.components.charts import show_chart
from pages.components.failures.cell_grid import GridWords, grid_in_words
from pages.components.failures.cell_words import hover_lines, is_small
from pages.components.failures.choice import Choice
from pages.components.failures.map_chart import MapCell, map_chart
from pages.components.failures.outlines import name_on_map
from pages.components.leaving import leave_for_answers
from pages.components.plain import plain

_MOST_NAMED = 6


def map_part(found: Sequence[Cell], dimension: str, choice: Choice) -> None:
    """Draw the cells of one dimension on the map, and name the countries that the map does not have."""
    cells = [cell for cell in found if cell.keys["dimension"] == dimension]
    placed: dict[str, Cell] = {}
    elsewhere = []
    for cell in cells:
        name = name_on_map(str(cell.keys["country"])) if cell.keys["country"] else None
        if name is None or name in placed:
            elsewhere.append(str(cell.keys["country"] or "country unknown"))
        else:
            placed[name] = cell
    figure, shown = map_chart([_on_map(name, cell, choice) for name, cell in placed.items()])
    title = f"Map of the world: scores of {choice.model} by country, {choice.rater_words}"
    words = GridWords("country", "dimension", "failures-map", title, choice.rater_words)
    chosen = show_chart(figure, key=words.name, alt=grid_in_words(list(placed.values()), words))
    st.caption("Gray with a border: too few responses to say. Press a country to read its answers.")
    if elsewhere:
        more = f" and {len(elsewhere) - _MOST_NAMED:,} more" if len(elsewhere) > _MOST_NAMED else ""
        st.caption(f"Not on the map: {', '.join(plain(name) for name in elsewhere[:_MOST_NAMED])}{more}.")
    if chosen is not None and chosen[0] < len(shown) and chosen[1] < len(shown[chosen[0]]):
        cell = placed[shown[chosen[0]][chosen[1]].name]
        leave_for_answers(browse_address(choice.wanted, cell.keys))


def _on_map(name: str, cell: Cell, choice: Choice) -> MapCell:
    told = hover_lines(cell, rater=choice.rater_words)
    return MapCell(name, 100 * (cell.mean or 0.0), told, "small" if is_small(cell) else "scaled")

"""Where a model fails: a map, countries by dimensions, and the cells that are surely worst."""

from collections.abc import Sequence

import streamlit as st

from core.db import reading
from core.measures.failures import WorstCells, ranked_by_upper_end
from core.measures.items_behind import browse_address
from core.measures.score_filter import ScoreFilter
from core.measures.scores import Cell, cells
from core.models import Person
from core.words import counted
from pages.components.address import put_in_address
from pages.components.failures.cell_grid import GridWords, cell_grid
from pages.components.failures.cell_table import cell_table
from pages.components.failures.cell_words import keys_title, number, reaches_all
from pages.components.failures.choice import Choice
from pages.components.failures.map_part import map_part
from pages.components.failures.read_line import read_line
from pages.components.failures.switch import switch
from pages.components.judging.label_chip import dimension_title
from pages.components.problems import user_errors_shown
from pages.components.stacked_columns import stacked_columns

_BY = ("country", "dimension")
_MOST = 6
_SHOWN_IN_ADDRESS = "worst"


def where_part(choice: Choice, person: Person) -> None:
    """Draw the map of one dimension, the worst cells, the grid of countries and dimensions, and it as a table."""
    with user_errors_shown(), reading() as session:
        found = cells(session, person=person, wanted=choice.wanted, by=_BY)
    left, right = stacked_columns([1, 1.04], key="where", gap="medium")
    with left:
        dimensions = dict.fromkeys(str(cell.keys["dimension"]) for cell in found)
        # Not "dimension": that name in the address narrows the numbers themselves.
        shown = switch("shown", {name: dimension_title(name) for name in dimensions}, label="Dimension on the map")
        map_part(found, shown, choice)
        _worst(ranked_by_upper_end(found), choice.wanted)
    with right:
        st.markdown("**Country and dimension** · % that did well, 95 % interval, n")
        title = f"Scores of {choice.model} by country and dimension, {choice.rater_words}"
        cell_grid(found, choice.wanted, GridWords("country", "dimension", "failures", title, choice.rater_words))
        st.caption("Dashed: too few responses to say. Press a field to read its answers.")
    with st.expander("The same as a table", icon=":material/table_rows:"):
        cell_table(found, choice.wanted, name="failures-by-country")


def _worst(worst: WorstCells, wanted: ScoreFilter) -> None:
    with st.container(border=True, gap="small"):
        st.markdown("**Surely worst**")
        low = [cell for cell in worst.ranked if not reaches_all(cell)]
        if not worst.ranked:
            st.caption("No field has enough responses to be ranked.")
        elif not low:
            st.caption("None: the interval of every field reaches 100 %, so all answers there may do well.")
        is_whole = st.query_params.get(_SHOWN_IN_ADDRESS) == "all"
        _lines(low if is_whole else low[:_MOST], wanted)
        if len(low) > _MOST:
            words, entry = ("Show fewer", None) if is_whole else (f"Show all {len(low):,}", "all")
            st.button(words, key="worst-all", on_click=put_in_address, kwargs={_SHOWN_IN_ADDRESS: entry})
        _left_out(len(worst.ranked) - len(low), worst.small)


def _left_out(reaching: int, small: int) -> None:
    if reaching:
        st.caption(f"{counted(reaching, 'field')} whose interval reaches 100 % left out: nothing there is surely bad.")
    if small:
        st.caption(f"{counted(small, 'field')} with too few responses left out.")


def _lines(ranked: Sequence[Cell], wanted: ScoreFilter) -> None:
    for place, cell in enumerate(ranked):
        interval = f"{number(cell.mean or 0)} % ({number(cell.low or 0)} to {number(cell.high or 0)}) · n {cell.n:,}"
        read_line(keys_title(cell.keys), interval, browse_address(wanted, cell.keys), key=f"read-{place}")

"""In which manner models fail: patterns made of the four scores of a response together."""

from dataclasses import replace

import streamlit as st

from core.db import reading
from core.measures.patterns import PATTERN_WORDS, pattern_cells
from core.measures.scores import Cell
from core.models import Person
from pages.components.failures.cell_grid import GridWords, cell_grid
from pages.components.failures.cell_table import cell_table
from pages.components.failures.choice import Choice
from pages.components.failures.switch import switch
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

_OPENS = "Press: opens all it was counted over"
_BY = {"model": "By model", "country": "By country"}


def pattern_part(choice: Choice, person: Person) -> None:
    """Draw how often each model, or the chosen one in each country, shows each pattern, and what the patterns are."""
    by = switch("patterns", _BY, label="By what")
    wanted = choice.over_all if by == "model" else choice.wanted
    with user_errors_shown(), reading() as session:
        found = pattern_cells(session, person=person, wanted=wanted, by=(by,))
    held = [_named(cell, PATTERN_WORDS[name].title) for name, cells in found.items() for cell in cells]
    whose = "all models" if by == "model" else str(choice.model)
    st.markdown(f"**Share of responses of {plain(whose)} that show it** · %, 95 % interval, n")
    title = f"Patterns of failing of {whose} by {by}, {choice.rater_words}"
    words = GridWords(by, "pattern", "failures-patterns", title, choice.rater_words, is_bad=True, opens=_OPENS)
    cell_grid(held, wanted, words)
    st.caption(
        "Press a field to read all answers that its share was counted over, not only those that show the pattern. The "
        "patterns overlap: their shares do not add up. A response that lacks a deciding score is left out."
    )
    for pattern in PATTERN_WORDS.values():
        st.markdown(f"**{pattern.title}.** {pattern.meaning}")
    with st.expander("The same as a table", icon=":material/table_rows:"):
        cell_table(held, wanted, name="failures-patterns-all", unit="Share, %", read="Read all counted over")


def is_of_all_models() -> bool:
    """Return whether the part shows all models, as the address says."""
    return st.query_params.get("patterns") != "country"


def _named(cell: Cell, title: str) -> Cell:
    return replace(cell, keys={**cell.keys, "pattern": title})

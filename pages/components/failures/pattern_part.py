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
from pages.components.problems import user_errors_shown


def pattern_part(choice: Choice, person: Person) -> None:
    """Draw how often each model shows each pattern, and what the patterns are."""
    with user_errors_shown(), reading() as session:
        found = pattern_cells(session, person=person, wanted=choice.over_all)
    held = [_named(cell, PATTERN_WORDS[name].title) for name, cells in found.items() for cell in cells]
    st.markdown("**Share of responses that show it** · %, 95 % interval, n")
    title = f"Patterns of failing by model, {choice.rater_words}"
    words_of_grid = GridWords("model", "pattern", "failures-patterns", title, choice.rater_words, is_bad=True)
    cell_grid(held, choice.over_all, words_of_grid)
    st.caption("The patterns overlap: their shares do not add up. A response that lacks a deciding score is left out.")
    for words in PATTERN_WORDS.values():
        st.markdown(f"**{words.title}.** {words.meaning}")
    with st.expander("The same as a table", icon=":material/table_rows:"):
        cell_table(held, choice.over_all, name="failures-patterns-all", unit="Share, %")


def _named(cell: Cell, title: str) -> Cell:
    return replace(cell, keys={**cell.keys, "pattern": title})

"""Where a model fails, by anything but the country: domain, language, part of CROSS, wording, round and more."""

import streamlit as st

from core.db import reading
from core.measures.scores import cells
from core.models import Person
from pages.components.failures.cell_grid import GridWords, cell_grid
from pages.components.failures.cell_table import cell_table
from pages.components.failures.cell_words import KEY_TITLES
from pages.components.failures.choice import Choice
from pages.components.failures.switch import switch
from pages.components.problems import user_errors_shown

BY = ("domain", "language", "subset", "wording", "round", "region", "norm", "setting", "split")


def breakdown_part(choice: Choice, person: Person) -> None:
    """Ask what to break the numbers down by, and draw them by that and dimension."""
    by = switch("by", {key: KEY_TITLES[key] for key in BY}, label="By what")
    with user_errors_shown(), reading() as session:
        found = cells(session, person=person, wanted=choice.wanted, by=(by, "dimension"))
    st.markdown(f"**{KEY_TITLES[by]} and dimension** · % that did well, 95 % interval, n")
    title = f"Scores of {choice.model} by {KEY_TITLES[by].lower()} and dimension, {choice.rater_words}"
    if cell_grid(found, choice.wanted, GridWords(by, "dimension", f"failures-by-{by}", title, choice.rater_words)):
        few = "a norm is one family of items, and so too little to say" if by == "norm" else "too few responses to say"
        st.caption(f"Dashed: {few}. Press a field to read its answers.")
    with st.expander("The same as a table", icon=":material/table_rows:"):
        cell_table(found, choice.wanted, name=f"failures-by-{by}-all")

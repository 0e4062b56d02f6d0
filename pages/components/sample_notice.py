"""The button that empties the sample workspace, with a question before it."""

import streamlit as st

from core.db import reading
from core.models import Person
from core.sample_workspace import empty_sample, sample_contents
from pages.components.problems import user_errors_shown


def empty_sample_button(person: Person) -> None:
    """Draw the button; what it removes is said before it does."""
    if st.button("Empty the sample", icon=":material/delete_sweep:"):
        _ask(person)


@st.dialog("Empty the sample workspace?")
def _ask(person: Person) -> None:
    with reading() as session:
        contents = sample_contents(session)
    st.markdown(
        f"This removes the {contents.items} sample items and everything made from them: "
        f"{contents.responses} responses, "
        f"{contents.labels} labels, {contents.pairs} pairs, {contents.training_sets} training sets and "
        f"{contents.runs} training runs. What you imported yourself stays."
    )
    if st.button("Empty it", type="primary", icon=":material/delete_sweep:"):
        with user_errors_shown():
            empty_sample(person=person)
        st.rerun()

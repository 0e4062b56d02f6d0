"""The way back to what a person put aside for later."""

import streamlit as st

from core.db import transaction
from core.labels.skipping import take_put_aside
from core.models import Person
from pages.components.problems import user_errors_shown
from pages.components.words import counted


def put_aside_button(person: Person, count: int) -> None:
    """Draw the button that begins a session of the responses put aside."""
    if st.button(f"Take up {counted(count, 'response')} you skipped", icon=":material/schedule:"):
        with user_errors_shown(), transaction() as session:
            take_put_aside(session, person=person)
        st.session_state.pop("ended_review", None)
        st.rerun()

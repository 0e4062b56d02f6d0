"""The way back to what a person put aside for later."""

import streamlit as st

from core.db import transaction
from core.labels.content_warning import record_warning
from core.labels.skipping import take_put_aside
from core.models import Person
from core.words import counted
from pages.components.problems import user_errors_shown


def put_aside_button(person: Person, count: int, *, is_warned: bool = False) -> None:
    """Draw the button that begins a session of the responses put aside.

    Args:
        person: whose they are.
        count: how many they are.
        is_warned: the content warning stands beside the button.
    """
    if st.button(f"Take up {counted(count, 'response')} you skipped", icon=":material/schedule:"):
        with user_errors_shown(), transaction() as session:
            take_put_aside(session, person=person)
            if is_warned:
                record_warning(session, person=person)
        st.session_state.pop("ended_review", None)
        st.rerun()

"""The button that opens responses to a lead before they are labelled, and says what that means."""

from collections.abc import Collection

import streamlit as st

from core.db import transaction
from core.models import Person
from core.people import reveal_scores
from pages.components.problems import user_errors_shown


def open_closed_button(what: str, response_ids: Collection[int], person: Person, *, key: str) -> None:
    """Draw the button; pressed, it opens the responses and draws the page anew.

    Args:
        what: our own words for them, such as "these 25".
        response_ids: the responses that are closed.
        person: who looks.
        key: unique on the page.
    """
    words = f"Open {what} (labels you give afterwards count as unblinded)"
    if st.button(words, icon=":material/visibility:", key=key):
        with user_errors_shown(), transaction() as session:
            reveal_scores(session, person=person, response_ids=sorted(response_ids))
        st.rerun()

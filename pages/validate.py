"""Validate: one response after another, four keys each; the judge appears once the four answers are given."""

import streamlit as st

from core.db import reading, transaction
from core.labels.picking import start_item_session
from core.labels.review_sessions import open_session
from core.models import Person
from pages.components.frame import page_frame
from pages.components.problems import user_errors_shown
from pages.components.review.review import review_screen
from pages.components.sessions.content_warning import warning_card, warning_is_due
from pages.components.sessions.end_screen import end_screen
from pages.components.sessions.start_card import start_card


def start_item_of_address(person: Person) -> None:
    """Begin a session if the address names an item, and make the address plain, so that a refresh goes on."""
    item_id = st.query_params.get("item")
    if item_id is None:
        return
    del st.query_params["item"]
    with user_errors_shown(), transaction() as session:
        start_item_session(session, person=person, item_id=item_id)
    st.session_state.pop("ended_review", None)


expert = page_frame("Validate")
start_item_of_address(expert)
with reading() as session:
    review = open_session(session, person=expert)
if "ended_review" in st.session_state:
    end_screen(expert, st.session_state["ended_review"])
elif review and warning_is_due(expert, review):
    warning_card(expert, review)
elif review:
    review_screen(expert, review)
else:
    start_card(expert)

"""An expert who has answered nothing yet -> a welcome and a session to begin with, instead of numbers."""

from datetime import UTC, datetime

import streamlit as st

from core.db import reading
from core.labels.today import answered_since
from core.models import Person
from core.overview import waiting_for
from core.people import MAY_LEAD
from core.words import counted
from pages.components.frame import page_frame
from pages.components.plain import plain
from pages.components.sessions.start_card import start_card


def is_new(person: Person) -> bool:
    """Return whether this is an expert who has answered nothing yet."""
    if person.id is None or person.role in MAY_LEAD:
        return False
    with reading() as session:
        return not answered_since(session, person=person, since=datetime.min.replace(tzinfo=UTC))


def welcome(person: Person) -> None:
    """Let somebody new begin at once, and end the page there; once they have begun, Validate goes on with it."""
    with reading() as session:
        waiting = waiting_for(session, person=person)
    if waiting.open_session_left:
        st.switch_page("pages/validate.py")
    number = f"{counted(waiting.unlabelled, 'response')} to validate." if waiting.unlabelled else ""
    page_frame("Validate", f"Welcome, {plain(person.name)}. {number}")
    start_card(person)
    st.stop()

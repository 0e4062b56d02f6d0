"""The name of whoever is here, in the frame of every page, and the choice of somebody else under it."""

import streamlit as st

from core.db import reading
from core.errors import NotFoundError
from core.models import Person
from core.people import MAY_LEAD, people, person_named
from core.words import shortened
from pages.components.people.remember import remember
from pages.components.plain import plain, visible
from pages.components.problems import user_errors_shown

_LONGEST_SHOWN = 24
_ICON = ":material/account_circle:"


def who_is_here(person: Person) -> None:
    """Draw who is here; a press asks who else it is: in the sidebar for leads, in the head of the page for experts."""
    if person.role in MAY_LEAD:
        place = st.sidebar.container(key="who-is-here-lead")
    else:
        place = st.container(key="who-is-here")
    name = plain(shortened(person.name, _LONGEST_SHOWN))
    box = place.popover(f"{name} · Not you?", type="tertiary", icon=_ICON, key="not-you", on_change="rerun")
    # Drawn once it is opened: no page pays for a list of people that nobody looks at.
    if box.open:
        with box:
            _ask(person)


def _ask(person: Person) -> None:
    st.markdown(f"This browser works as **{plain(person.name)}**.")
    st.page_link("pages/people.py", label="Your profile", icon=":material/badge:", query_params={"part": "profile"})
    if person.role in MAY_LEAD:
        _choose(person)
    else:
        name_field()


def ask_who_it_is() -> None:
    """Say that this browser names nobody who works here, and ask for the name."""
    with st.container(border=True, width=560):
        st.subheader("Who are you?", anchor=False)
        st.markdown("This browser is remembered under a name that is not known here any more. Say yours to go on.")
        name_field()
        st.caption("New here? Ask a lead of this project for a link.")


def name_field() -> None:
    """Ask for the name somebody joined with, and let this browser be that person."""
    with st.form("who", border=False):
        name = st.text_input("Your name, as you gave it when you joined", key="who-name")
        pressed = st.form_submit_button("This is me", type="primary")
    if pressed:
        with user_errors_shown(), reading() as session:
            found = person_named(session, name=name)
            if found is None:
                raise NotFoundError("Nobody of this name works here. Check the spelling, or ask a lead for a link.")
        remember(found)


def _choose(person: Person) -> None:
    with reading() as session:
        others = [one for one in people(session, author=person) if one.id != person.id]
    if not others:
        st.caption("Nobody else works here yet. Invite people under People.")
        return
    chosen = st.selectbox(
        "Go on as",
        others,
        index=None,
        format_func=lambda one: visible(f"{one.name} ({one.role})"),
        placeholder="Choose, and the page opens anew",
        key="who-chosen",
    )
    if chosen is not None:
        remember(chosen)

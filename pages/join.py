"""Join by a link: what one agrees to, one's name and background, and in. The link works once."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.backgrounds import Told, ToldCountry
from core.consent import CONSENT_VERSION
from core.db import reading, transaction
from core.errors import UserError
from core.invitations import Joining, accept_invitation, joined_with, usable_invitation
from core.models import Invitation, Person
from core.people import LONGEST_NAME
from pages.components.frame import page_frame
from pages.components.people.background_fields import background_fields
from pages.components.people.consent_words import consent_words
from pages.components.people.remember import remember
from pages.components.people.who_is_here import name_field
from pages.components.plain import plain
from pages.components.problems import user_errors_shown


def enter(person: Person) -> None:
    """Leave the link behind and open the start page as this person."""
    st.session_state["joined"] = person
    st.success(f"Welcome, {plain(person.name)}. One moment: Validate opens.", icon=":material/waving_hand:")
    remember(person)


def open_again(token: str, here: Person) -> None:
    """Let in whoever has used this link before, or say why it does not work."""
    with reading() as session:
        joined = joined_with(session, token=token)
    if joined and joined.id == here.id:
        enter(joined)
        st.stop()
    if joined:
        st.info(
            "This link was used already; each works once. If it was you, say your name:", icon=":material/link_off:"
        )
        name_field()
        st.stop()


def form(invitation: Invitation) -> tuple[Joining, DeltaGenerator] | None:
    """Return what was typed once Join is pressed, and the place beside the tick for what is wrong with it."""
    left, right = st.columns([1, 1.1], gap="large")
    with left, st.container(border=True):
        st.subheader("What you agree to", anchor=False)
        consent_words()
    with right:
        st.subheader("About you", anchor=False)
        name = st.text_input("Your name", max_chars=LONGEST_NAME, key="join-name")
        prefilled = Told(
            tuple(ToldCountry(country, True) for country in invitation.countries), tuple(invitation.languages)
        )
        told = background_fields(prefilled, key="join")
        agrees = st.checkbox("I have read what I agree to, and agree", key="join-agree")
        # Before the button, so that whoever presses it sees what is missing without scrolling.
        refused = st.container()
        if st.button("Join", type="primary", key="join"):
            return Joining(name, told, CONSENT_VERSION if agrees else None), refused
    return None


here = page_frame("Welcome", "You are invited to say whether AI answers fit the culture you know", is_guest=True)
token = st.query_params.get("invite", "")
if joined := st.session_state.get("joined"):
    enter(joined)
    st.stop()
open_again(token, here)
with user_errors_shown():
    if not token:
        raise UserError("This page needs the link you were sent. Open it from your message.")
    with reading() as session:
        invitation = usable_invitation(session, token=token)
pressed = form(invitation)
if pressed:
    joining, refused = pressed
    with refused, user_errors_shown(), transaction() as session:
        person = accept_invitation(session, token=token, joining=joining)
    enter(person)

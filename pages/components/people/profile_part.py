"""One's own profile: background, wishes, what one agreed to, and how to withdraw."""

import streamlit as st

from core.backgrounds import MOST_A_DAY, background_of, save_background, save_wishes, told_by
from core.benchmark.own_kept import forget_drafts
from core.consent import CONSENT_VERSION, agree, consent_state, withdraw
from core.db import reading, transaction
from core.models import Background, Person
from core.people import MAY_LEAD
from pages.components.moment import moment_text
from pages.components.people.background_fields import background_fields
from pages.components.people.consent_words import consent_words
from pages.components.plain import plain
from pages.components.problems import user_errors_shown


def profile_part(person: Person) -> None:
    """Draw what the person here told, wishes and agreed to."""
    with reading() as session:
        held = background_of(session, person=person)
        told = told_by(session, person=person)
    state = consent_state(held)
    st.caption(f"In files, and to other experts, you are {plain(person.pseudonym)} instead of your name.")
    if state == "withdrawn":
        st.info("You have withdrawn. Your answers are left out, and what you told of yourself is deleted.")
    if state == "withdrawn" or (state != "given" and person.role not in MAY_LEAD):
        _agree_part(person, held)
        return
    left, right = st.columns([1.4, 1], gap="large")
    with left:
        st.subheader("About you", anchor=False)
        changed = background_fields(told, key="own")
        if st.button("Save", type="primary", key="save-background"):
            with user_errors_shown(), transaction() as session:
                save_background(session, person=person, told=changed)
            st.toast("Saved", icon=":material/check:")
    with right:
        _wishes_part(person, held)
        _agreed_part(person, held)


def _agree_part(person: Person, held: Background) -> None:
    state = consent_state(held)
    with st.container(border=True, width=720):
        st.subheader("Before you go on", anchor=False)
        if state == "older":
            st.caption("The text has changed since you agreed.")
        consent_words()
        if state == "withdrawn":
            st.caption("If you agree anew, your earlier answers count again.")
        _agree_button(person, "I have read this and agree")
    if held.consented_at and held.consent_version:
        with st.expander(f"What you agreed to on {moment_text(held.consented_at)}", width=720):
            consent_words(held.consent_version)


def _agree_button(person: Person, words: str) -> None:
    if st.button(words, type="primary", key="agree"):
        with user_errors_shown(), transaction() as session:
            agree(session, person=person, version=CONSENT_VERSION)
        st.rerun()


def _wishes_part(person: Person, held: Background) -> None:
    st.subheader("How you like to work", anchor=False)
    # Not given as the field's value: one that has such a value cannot be emptied.
    st.session_state.setdefault("goal", held.daily_goal)
    with st.form("wishes", border=False):
        blur = st.toggle("Blur pictures until I want to see them", held.blur_pictures, key="blur")
        goal = st.number_input("My goal for a day, in responses", 1, MOST_A_DAY, None, placeholder="none", key="goal")
        pressed = st.form_submit_button("Save")
    if pressed:
        with user_errors_shown(), transaction() as session:
            save_wishes(session, person=person, blur_pictures=blur, daily_goal=goal)
        st.toast("Saved", icon=":material/check:")


def _agreed_part(person: Person, held: Background) -> None:
    st.subheader("What you agreed to", anchor=False)
    if held.consented_at and held.consent_version:
        st.markdown(f"You agreed on {moment_text(held.consented_at)}, to version {plain(held.consent_version)}.")
        with st.expander("Read the text"):
            consent_words(held.consent_version)
    else:
        st.caption("You were not asked yet: you did not come by a link.")
    if held.consent_version != CONSENT_VERSION:
        with st.expander("Read the text of today" if held.consented_at else "Read the text"):
            consent_words()
            _agree_button(person, "I agree")
    with st.popover("Withdraw", icon=":material/logout:"):
        st.markdown(
            "- You get no more responses, and a session under way ends.\n"
            "- What you told of yourself is deleted at once.\n"
            "- Your answers are left out of every number and file made from now on.\n"
            "- What was published, decided or trained with them before stays as it is.\n\n"
            "You need no reason, and you may agree anew later."
        )
        if st.button("Withdraw now", key="withdraw-now"):
            with user_errors_shown(), transaction() as session:
                withdraw(session, person=person)
                forget_drafts(session, person=person)
            st.rerun()

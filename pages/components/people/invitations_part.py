"""Invitations, for the leads: make a link, copy it, see which are used, take one back."""

from urllib.parse import urlsplit

import streamlit as st

from core.config import settings
from core.db import reading, transaction
from core.invitations import (
    DAYS,
    MOST_DAYS,
    InvitationState,
    InvitationStatus,
    Wish,
    invitation_states,
    join_link,
    make_invitation,
    revoke_invitation,
)
from core.models import Invitation, Person
from pages.components.copy_button import copy_button
from pages.components.moment import moment_text
from pages.components.people.background_fields import country_field, language_field, language_name
from pages.components.people.people_part import role_field
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

_MADE = "made-invitation"
_SHOWN = 50
_COLOURS: dict[InvitationStatus, str] = {"waiting": "yellow", "accepted": "green", "expired": "gray", "revoked": "gray"}
_TITLES: dict[InvitationStatus, str] = {
    "waiting": "not used yet",
    "accepted": "joined",
    "expired": "too old",
    "revoked": "taken back",
}


def invitations_part(person: Person) -> None:
    """Draw the form for a link, the link just made, and all that were made."""
    left, right = st.columns([1, 1.3], gap="large")
    with left:
        _make_part(person)
    with right:
        st.subheader("Links so far", anchor=False)
        with user_errors_shown(), reading() as session:
            states = invitation_states(session, author=person)
        if not states:
            st.caption("None yet. Make one, and send it to the person it is for by mail or message.")
        for state in states[:_SHOWN]:
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                _row(state, person)


def _make_part(person: Person) -> None:
    st.subheader("Invite somebody", anchor=False)
    made = st.session_state.get(_MADE)
    if made:
        _made_link(st.session_state["made-link"])
    # Fields of their own after each link, so that the next invitation begins empty.
    key = f"invite-{made.id if made else 0}"
    note = st.text_input("Whom is it for? (only leads read this)", max_chars=200, key=f"{key}-note")
    role = role_field("expert", key=f"{key}-role", author=person)
    countries = country_field("Countries, if you know them", [], key=key, help="They can change this when they join.")
    languages = language_field([], key=key, title="Languages, if you know them")
    days = st.number_input("Good for so many days", 1, MOST_DAYS, DAYS, key=f"{key}-days")
    if st.button("Make the link", type="primary", icon=":material/add_link:", key="make-link"):
        wish = Wish(role, tuple(countries), languages, note, int(days))
        with user_errors_shown(), transaction() as session:
            new = make_invitation(session, author=person, wish=wish)
        st.session_state[_MADE] = new.invitation
        st.session_state["made-link"] = join_link(_origin(), new.token)
        st.rerun()


def _made_link(link: str) -> None:
    with st.container(border=True):
        st.markdown(":material/check: **Copy this link now; it is not shown again.** It works once, for one person.")
        st.code(link, language=None, wrap_lines=True)
        copy_button("Copy the link", link, key="copy-link")
        if urlsplit(link).hostname in ("127.0.0.1", "localhost"):
            st.caption("It opens on this computer only, as the app does.")


def _origin() -> str:
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}" if here.netloc else f"http://127.0.0.1:{settings().port}"


def _row(state: InvitationState, person: Person) -> None:
    invitation = state.invitation
    title = invitation.note or f"Invitation {invitation.id}"
    st.markdown(f"**{plain(title)}**  \n:small[:gray[{plain(_details(state))}]]", width="stretch")
    with st.container(width=215, horizontal=True, vertical_alignment="center"):
        st.badge(_TITLES[state.status], color=_COLOURS[state.status])  # type: ignore[arg-type]
        if state.status == "waiting":
            with st.popover("Take back"):
                st.markdown("The link then lets nobody in.")
                st.button("Take it back", key=f"revoke-{invitation.id}", on_click=_revoke, args=(invitation, person))


def _revoke(invitation: Invitation, person: Person) -> None:
    with user_errors_shown(toast=True), transaction() as session:
        revoke_invitation(session, author=person, invitation_id=invitation.id)


def _details(state: InvitationState) -> str:
    invitation = state.invitation
    who = [invitation.role, *invitation.countries, *map(language_name, invitation.languages)]
    when = f"good until {moment_text(invitation.expires_at)}"
    if invitation.accepted_at:
        name = state.joined.name if state.joined else "somebody"
        when = f"{name} joined on {moment_text(invitation.accepted_at)}"
    elif invitation.revoked_at:
        when = f"taken back on {moment_text(invitation.revoked_at)}"
    return " · ".join([*who, when])

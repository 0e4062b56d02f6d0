"""What the Compare page is told: which responses, answers or differences, and whether to look before labelling."""

from collections.abc import Sequence

import streamlit as st

from core.db import transaction
from core.models import Person
from core.people import MAY_LEAD, reveal_scores
from core.responses.views import ResponseView
from pages.components.address import put_in_address
from pages.components.problems import user_errors_shown
from pages.components.response_card import response_name

MOST = 6


def chosen_responses(responses: Sequence[ResponseView]) -> list[ResponseView]:
    """Return the responses the address names by letter; else the first three that can be read."""
    named = st.query_params.get("responses", "").upper().split(",")
    found = [response for response in responses if response.letter in named][:MOST]
    readable = [response for response in responses if response.is_readable]
    return found if len(found) > 1 else (readable or list(responses))[:3]


def choose_responses(responses: Sequence[ResponseView], shown: Sequence[ResponseView]) -> None:
    """Ask which responses to show; the choice goes to the address."""
    by_letter = {response.letter: response for response in responses}
    st.session_state["shown"] = [response.letter for response in shown]
    with st.popover(f"**Answers** {len(shown)} of {len(responses)}"):
        st.multiselect(
            f"Two to {MOST} of them",
            list(by_letter),
            format_func=lambda letter: response_name(by_letter[letter]),
            max_selections=MOST,
            key="shown",
            width=420,
            on_change=lambda: put_in_address(responses=",".join(st.session_state["shown"])),
        )


def differences_switch(shown: Sequence[ResponseView]) -> ResponseView | None:
    """Ask whether to show answers or differences, and return what the others are compared with."""
    readable = {response.letter: response for response in shown if response.is_readable}
    against = st.query_params.get("against", "").upper()
    view = "Differences" if against else "Answers"
    st.session_state["compare-view"] = view
    st.segmented_control(
        "Show",
        ["Answers", "Differences"],
        required=True,
        label_visibility="collapsed",
        key="compare-view",
        on_change=lambda: put_in_address(
            against=next(iter(readable), "") if st.session_state["compare-view"] == "Differences" else None
        ),
    )
    if view == "Answers" or not readable:
        return None
    base = against if against in readable else next(iter(readable))
    st.session_state["against"] = base
    st.selectbox(
        "Compared with",
        list(readable),
        format_func=lambda letter: f"from {response_name(readable[letter])}",
        label_visibility="collapsed",
        key="against",
        width=190,
        on_change=lambda: put_in_address(against=st.session_state["against"]),
    )
    return readable[base]


def reveal_popover(shown: Sequence[ResponseView], person: Person) -> None:
    """Offer a lead to open scores and names before labelling, and say what that means."""
    closed = [response.id for response in shown if not response.is_open]
    if not closed or person.role not in MAY_LEAD:
        return
    with st.popover("Show scores and names", type="tertiary"):
        st.markdown(
            "You have not labelled these answers yet. If you look now, labels you give them later count as unblinded."
        )
        if st.button("Show them", key="reveal"):
            with user_errors_shown(), transaction() as session:
                reveal_scores(session, person=person, response_ids=closed)
            st.rerun()

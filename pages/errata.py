"""Corrections of items: what is wrong, as it is and as proposed; people of the country agree, a lead decides."""

import streamlit as st

from core.backgrounds import countries_known
from core.benchmark.corrected import corrected
from core.benchmark.errata import decide_erratum, errata_of, take_back_erratum, take_back_vote, vote
from core.benchmark.errata_lists import PAGE_SIZE, ErratumView, errata_counts, errata_here
from core.benchmark.item_views import item_details
from core.db import reading, transaction
from core.models import Erratum, Person
from core.people import MAY_LEAD
from core.rubric import ErratumStatus
from pages.components.address import put_in_address
from pages.components.errata.erratum_card import Pressed, erratum_card
from pages.components.errata.propose_form import propose_form
from pages.components.frame import page_frame
from pages.components.item_head import item_head
from pages.components.pages import page_count, page_in_address, page_switch
from pages.components.problems import user_errors_shown

STATUSES: dict[ErratumStatus, str] = {"open": "Open", "accepted": "Accepted", "rejected": "Rejected"}


def status_in_address() -> ErratumStatus:
    return next((status for status in STATUSES if status == st.query_params.get("status")), "open")


def do(pressed: Pressed, view: ErratumView, person: Person) -> None:
    number = view.erratum.id
    with user_errors_shown(toast=True), transaction() as session:
        match pressed.deed:
            case "agree" | "disagree":
                after = vote(session, person=person, erratum_id=number, agrees=pressed.deed == "agree")
            case "undo":
                after = take_back_vote(session, person=person, erratum_id=number)
            case "take_back":
                after = take_back_erratum(session, person=person, erratum_id=number)
            case "accept":
                after = decide_erratum(session, person=person, erratum_id=number, status="accepted")
            case "reject":
                after = decide_erratum(
                    session, person=person, erratum_id=number, status="rejected", reason=pressed.reason
                )
    st.session_state["erratum-said"] = what_came(pressed, after)
    st.rerun()


def what_came(pressed: Pressed, after: Erratum) -> str:
    if pressed.deed in ("agree", "disagree"):
        return (
            "Your vote is saved. The correction is accepted." if after.status == "accepted" else "Your vote is saved."
        )
    words = {"undo": "Your vote is taken back.", "take_back": "The correction is taken back."}
    return words.get(pressed.deed) or f"The correction is {after.status}."


def about_one_item(item_id: str, person: Person, *, expanded: bool) -> None:
    st.button(
        "All corrections",
        type="tertiary",
        icon=":material/arrow_back:",
        key="all",
        on_click=put_in_address,
        kwargs={"item": None, "page": None},
    )
    with user_errors_shown(), reading() as session:
        item = item_details(session, item_id=item_id).item
        accepted = errata_of(session, item_ids=[item_id], status="accepted")
    item_head(item, key="corrected-item")
    with st.expander("Something is wrong with this item", icon=":material/edit_note:", expanded=expanded):
        if propose_form(item, corrected(item, accepted), person):
            st.session_state["erratum-said"] = "Thank you. Two experts from the country, or a lead, decide about it."
            put_in_address(status=None, page=None)
            st.rerun()


def nothing_here(person: Person, *, knows_none: bool, any_at_all: bool) -> None:
    with st.container(horizontal_alignment="center"), st.container(width=470, gap="small"):
        if any_at_all:
            st.markdown("No correction here. Look at the other two lists above.")
            return
        st.markdown("### :material/edit_note: Nothing to correct")
        st.markdown(
            "Where a norm is wrong, a picture does not show it or a translation is bad, say so beside the item. "
            "What is proposed for the countries you know comes here."
        )
        if knows_none and person.role not in MAY_LEAD:
            st.page_link("pages/people.py", label="Tell which countries you know", icon=":material/person:")
        st.page_link("pages/browse.py", label="Look at items", icon=":material/grid_view:")


person = page_frame("Corrections", "What experts say is wrong in an item. The item itself stays as it came.")
if said := st.session_state.pop("erratum-said", None):
    st.toast(said, icon=":material/check:")
item_id, status = st.query_params.get("item", ""), status_in_address()
with reading() as session:
    counts = errata_counts(session, person=person, item_id=item_id)
    pages = page_count(counts[status], PAGE_SIZE)
    found = errata_here(session, person=person, status=status, item_id=item_id, page=page_in_address(pages))
    knows_none = not countries_known(session, person=person)
if item_id:
    about_one_item(item_id, person, expanded=not counts["open"])
if counts:
    st.session_state["errata-status"] = status
    st.segmented_control(
        "Which",
        list(STATUSES),
        required=True,
        label_visibility="collapsed",
        format_func=lambda name: f"{STATUSES[name]} · {counts[name]:,}",
        key="errata-status",
        on_change=lambda: put_in_address(status=st.session_state["errata-status"], page=None),
    )
for view in found:
    if pressed := erratum_card(view, leads=person.role in MAY_LEAD, with_item=not item_id):
        do(pressed, view, person)
page_switch(pages)
if not found and not item_id:
    nothing_here(person, knows_none=knows_none, any_at_all=bool(counts))

"""Find items, and see all that is known about one of them. Filters, page and item stand in the address."""

from dataclasses import replace
from typing import Literal

import streamlit as st

from core.benchmark.item_address import address_of, filter_from_address
from core.benchmark.item_views import item_cards, item_details
from core.benchmark.items import ItemFilter, Listing, judge_meant, judges_known_to, listing, models_known_to
from core.db import reading, transaction
from core.measures.items_behind import behind, note_models_told
from core.models import Person
from core.people import MAY_LEAD
from core.responses.views import responses_of
from pages.components.address import given_in_address, put_in_address
from pages.components.behind_number import responses_to_show
from pages.components.frame import page_frame
from pages.components.gallery import gallery
from pages.components.item_filters import chips, filter_row
from pages.components.item_table import item_table
from pages.components.item_view import item_view
from pages.components.pages import page_in_address, page_switch
from pages.components.plain import plain
from pages.components.problems import user_errors_shown


def open_item(item_id: str) -> None:
    put_in_address(item=item_id, responses=None)


def step(title: str, side: Literal["left", "right"], item_id: str | None) -> None:
    st.button(
        title,
        icon=f":material/chevron_{side}:",
        icon_position=side,
        key=f"go-{side}",
        disabled=item_id is None,
        on_click=open_item,
        args=(item_id or "",),
        shortcut=side,
    )


def show_item(item_id: str, found: Listing, person: Person) -> None:
    before, after = found.around(item_id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("All items", icon=":material/arrow_back:", key="back", on_click=open_item, args=("",))
        st.space("stretch")
        if item_id in found.item_ids:
            place = f"{found.item_ids.index(item_id) + 1:,} of {len(found.item_ids):,}"
            st.caption(place, width="content")
        step("Previous", "left", before)
        step("Next", "right", after)
    if counts and item_id in counts.items:
        with user_errors_shown(), transaction() as session:
            note_models_told(session, person=person, item_id=item_id, models=wanted.answered_by)
    with user_errors_shown(), reading() as session:
        details = item_details(session, item_id=item_id)
        responses = responses_of(session, item_id=item_id, person=person)
    if wanted.flagged and item_id in found.item_ids and not any(response.flags for response in responses):
        st.caption("An answer here reads like instructions to a judge. Which one shows once it is open to you.")
    if counts is None:
        item_view(details, responses)
    else:
        item_view(details, responses, choose=lambda held: responses_to_show(held, counts.responses, wanted, person))


def show_nothing(found: Listing, person: Person) -> None:
    with st.container(horizontal_alignment="center"), st.container(width=470, gap="small"):
        if found.all_count:
            st.markdown("### Nothing fits")
            st.markdown("No item fits all these filters together. Take one away above, or clear them all.")
            return
        st.markdown("### :material/grid_view: No items yet")
        st.markdown("An item is a picture with a question about it, from a country with its own customs.")
        if person.role in MAY_LEAD and st.button("Import items", type="primary", icon=":material/upload_file:"):
            st.switch_page("pages/import_benchmark.py")


def show_list(wanted: ItemFilter, found: Listing, person: Person) -> None:
    page = page_in_address(found.page_count)
    view = "table" if st.query_params.get("view") == "table" else "gallery"
    with reading() as session:
        models = tuple(models_known_to(session, person=person))
        judges = tuple(judge.name for judge in judges_known_to(session, person=person))
        meant = judge_meant(session, wanted=wanted, person=person)
        cards = item_cards(session, item_ids=found.page(page), person=person, models=wanted.models, judge=meant)
    judge = meant.name if meant else None
    filter_row(wanted, found, models=models, judges=judges, judge=judge, view=view)
    chips(wanted, judge)
    if not cards:
        show_nothing(found, person)
        return
    if view == "table":
        item_table(cards, on_open=open_item, key="items-table")
    else:
        if judge and any(card.marks for card in cards):
            words = "awareness, education, compliance and helpfulness, only where open to you"
            st.caption(f"Marks by **{plain(judge)}**: {words}.")
        kept = address_of(wanted) | ({"page": [str(page)]} if page > 1 else {})
        gallery(cards, address=kept, on_open=open_item, key="items")
    page_switch(found.page_count)


person = page_frame("Browse")
with reading() as session:
    wanted = filter_from_address(session, given=given_in_address(), person=person)
    counts = behind(session, person=person, wanted=wanted)
    found = listing(session, wanted=wanted, person=person, among=counts.items if counts else None)
if st.query_params.get("item"):
    show_item(st.query_params["item"], found, person)
else:
    narrowed = replace(wanted, judge="") != ItemFilter()
    st.caption(f"{len(found.item_ids):,} of {found.all_count:,} items" if narrowed else f"{found.all_count:,} items")
    show_list(wanted, found, person)

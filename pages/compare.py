"""Responses to one item side by side, and a pair of two of them. Item, responses and view stand in the address."""

from collections.abc import Sequence

import streamlit as st

from core.benchmark.item_views import item_cards, item_details
from core.db import reading
from core.models import Item, Person
from core.responses.views import ResponseView, comparable_items, responses_of
from pages.components.address import put_in_address
from pages.components.compare_columns import compare_columns, ticked
from pages.components.compare_tools import choose_responses, chosen_responses, differences_switch, reveal_popover
from pages.components.frame import page_with_actions
from pages.components.gallery import gallery
from pages.components.item_head import item_head, split_note
from pages.components.item_words import wording_title
from pages.components.make_pair import make_pair_if_open, open_make_pair
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

FIRST = 12


def pick_item(person: Person) -> None:
    st.caption("Choose an item whose answers you want to see side by side.")
    search = st.text_input(
        "Search question, norm or id",
        st.query_params.get("q", ""),
        icon=":material/search:",
        label_visibility="collapsed",
        placeholder="Search question, norm or id",
        width=360,
        key="compare-search",
    )
    with reading() as session:
        item_ids = comparable_items(session, search=search)
        cards = item_cards(session, item_ids=item_ids[:FIRST], person=person)
    if cards:
        if len(item_ids) > FIRST:
            st.caption(f"The first {FIRST} of {len(item_ids):,} items. Search for others, by country too.")
        gallery(cards, address={}, on_open=lambda item_id: put_in_address(item=item_id), key="comparable")
        return
    st.markdown("### Nothing to compare yet" if not search else "### Nothing fits")
    st.markdown(
        "An item needs two or more answers that can be read. Look for other words, or at all items under Browse."
    )
    if st.button("Browse items", icon=":material/grid_view:"):
        st.switch_page("pages/browse.py")


def compare(item: Item, responses: Sequence[ResponseView], person: Person) -> None:
    shown = chosen_responses(responses)
    if len(shown) < 2:
        st.markdown("This item has fewer than two answers, so there is nothing to compare yet.")
        return
    base: list[ResponseView | None] = []

    def tools() -> None:
        choose_responses(responses, shown)
        base.append(differences_switch(shown))
        reveal_popover(shown, person)

    item_head(item, key="compared", tools=tools)
    split_note(item)
    compare_columns(item.id, shown, language=item.language, base=base[0])
    two = ticked(item.id, shown)
    actions.button(
        "Make a pair of these two",
        type="primary",
        icon=":material/compare_arrows:",
        key="make-pair",
        disabled=len(two) != 2,
        help=None if len(two) == 2 else "Tick two answers",
        on_click=open_make_pair,
        args=(item.id,),
    )
    make_pair_if_open(item, two, person)


person, actions = page_with_actions("Compare")
if not st.query_params.get("item"):
    pick_item(person)
    st.stop()
actions.button("Other item", icon=":material/grid_view:", on_click=st.query_params.clear)
with user_errors_shown(), reading() as session:
    details = item_details(session, item_id=st.query_params["item"])
    responses = responses_of(session, item_id=details.item.id, person=person)
st.caption(f"{plain(details.item.id)} · {wording_title(details.item.wording)} · {len(responses)} answers")
compare(details.item, responses, person)

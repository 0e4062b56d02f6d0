"""A pair written by hand: choose an item, write both answers."""

import streamlit as st

from core.benchmark.item_views import item_cards, item_details
from core.benchmark.items import ItemFilter, listing
from core.db import reading, transaction
from core.models import Person
from core.pairs.contents import LONGEST_TEXT, Answer
from core.pairs.pairs import create_pair
from pages.components.address import put_in_address
from pages.components.gallery import gallery
from pages.components.item_head import item_head, split_note
from pages.components.pair_fields import negative_type_pills, reason_input
from pages.components.problems import user_errors_shown
from pages.components.reading import reading_text


def pair_by_hand(person: Person) -> None:
    """Draw the choice of an item, then the form."""
    st.button("All pairs", icon=":material/arrow_back:", key="leave", on_click=_leave)
    item_id = st.query_params.get("item", "")
    if item_id:
        _write(item_id, person)
    else:
        _choose(person)


def _leave() -> None:
    put_in_address(new=None, item=None)


def _choose(person: Person) -> None:
    st.subheader("Which item is the pair about?", anchor=False)
    search = st.text_input("Search question, norm or id", icon=":material/search:", width=360, key="by-hand-search")
    pool = ItemFilter(search=search, splits=("training_pool",))
    with reading() as session:
        found = listing(session, wanted=pool, person=person)
        cards = item_cards(session, item_ids=found.item_ids[:10], person=person)
    if not cards:
        st.markdown("No item of the training pool fits. Try other words.")
        return
    st.caption(f"{len(cards)} of {len(found.item_ids):,} items of the training pool")
    gallery(cards, address={"new": ["yes"]}, on_open=lambda item_id: put_in_address(item=item_id), key="by-hand-items")


def _write(item_id: str, person: Person) -> None:
    with user_errors_shown(), reading() as session:
        item = item_details(session, item_id=item_id).item
    item_head(item, key="by-hand")
    split_note(item)
    if item.norm:
        with st.container(border=True, gap="small"):
            st.markdown(":small[:gray[The norm]]")
            reading_text(item.norm, key="by-hand-norm")
    with st.form("by-hand-form", border=False):
        left, right = st.columns(2, gap="small")
        texts = [
            column.text_area(title, height=220, max_chars=LONGEST_TEXT, key=f"by-hand-{name}")
            for column, title, name in (
                (left, "Chosen: the answer a model should give", "chosen"),
                (right, "Rejected: the answer to avoid", "rejected"),
            )
        ]
        kind = negative_type_pills(key="by-hand-type")
        reason = reason_input(key="by-hand-reason")
        submitted = st.form_submit_button("Propose this pair", type="primary", icon=":material/compare_arrows:")
    if not submitted:
        return
    with user_errors_shown(), transaction() as session:
        pair = create_pair(
            session,
            person=person,
            item_id=item_id,
            chosen=Answer(text=texts[0]),
            rejected=Answer(text=texts[1]),
            negative_type=kind,
            reason=reason,
        )
    put_in_address(new=None, item=None, pair=pair.id)
    st.rerun()

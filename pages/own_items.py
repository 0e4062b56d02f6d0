"""Items that people here write, also for countries that CROSS lacks; a second person checks each."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.benchmark.own_items import review_own_item
from core.benchmark.own_lists import OwnView, own_item_here, own_items_here
from core.db import reading, transaction
from core.models import Person
from pages.components.address import put_in_address
from pages.components.frame import page_with_actions
from pages.components.own_items.own_card import own_card
from pages.components.own_items.own_writing import SAID, change, leave, write
from pages.components.problems import user_errors_shown


def one_item(base: str, person: Person) -> None:
    leave()
    with user_errors_shown(), reading() as session:
        view = own_item_here(session, person=person, base_item_id=base)
    card(view, person)
    if view.is_mine and view.status == "returned":
        st.subheader("Change it", anchor=False)
        change(view, person)


def card(view: OwnView, person: Person, *, on_change: Callable[[], None] | None = None) -> None:
    decision = own_card(view, on_change=on_change)
    base = view.english.base_item_id
    if decision is None:
        return
    with user_errors_shown(toast=True), transaction() as session:
        review_own_item(session, person=person, base_item_id=base, accepts=decision.accepts, note=decision.note)
    words = "accepted: models may be asked about it now" if decision.accepts else "returned to its author"
    st.session_state[SAID] = f"The item is {words}."
    st.rerun()


def group(title: str, views: Sequence[OwnView], person: Person) -> None:
    if views:
        st.subheader(f"{title} · {len(views)}", anchor=False)
    for view in views:
        card(view, person, on_change=partial(put_in_address, item=view.english.base_item_id))


def nothing_yet() -> None:
    with st.container(horizontal_alignment="center"), st.container(width=470, gap="small"):
        st.markdown("### :material/add_photo_alternate: No own items yet")
        st.markdown(
            "An item is a picture with a question about it, and the norm one should know to answer well. "
            "Write one about a country you know, also where the benchmark has none."
        )
        st.caption("Takes about five minutes. A second person checks it before anything uses it.")


person, actions = page_with_actions("Own items")
if said := st.session_state.pop(SAID, None):
    st.toast(said, icon=":material/check:")
if "new" in st.query_params:
    write(person)
elif st.query_params.get("item"):
    one_item(st.query_params["item"], person)
else:
    actions.button(
        "Write an item",
        type="primary",
        icon=":material/add_photo_alternate:",
        key="write",
        on_click=put_in_address,
        kwargs={"new": "yes"},
    )
    with reading() as session:
        views = own_items_here(session, person=person)
    group("For you to check", [view for view in views if view.may_decide], person)
    group("Written by you", [view for view in views if view.is_mine], person)
    group("Others", [view for view in views if not view.may_decide and not view.is_mine], person)
    if not views:
        nothing_yet()

"""One item that somebody here wrote, with what may be done about it."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.benchmark.errata_checks import LONGEST_REASON
from core.benchmark.own_lists import OwnView
from pages.components.moment import moment_text
from pages.components.own_items.own_face import own_face
from pages.components.picture import item_picture
from pages.components.plain import plain
from pages.components.reading import reading_text

STATES = {
    "proposed": ("waits for a second person", "hourglass_empty", "yellow"),
    "accepted": ("accepted", "check", "green"),
    "returned": ("returned to its author", "undo", "orange"),
}


@dataclass(frozen=True)
class Decision:
    """What a second person says: accepted, or returned with a note."""

    accepts: bool
    note: str = ""


def own_card(view: OwnView, *, on_change: Callable[[], None] | None = None) -> Decision | None:
    """Draw an item with its state and return the decision, if one was pressed; nothing is saved here.

    Args:
        view: the item.
        on_change: opens the form of a returned one of the person's own; None where the form stands below.
    """
    base = view.english.base_item_id
    with st.container(border=True, gap="small"):
        _head(view)
        _note(view)
        own_face(view.draft, lambda: item_picture(view.shown, large=True, key=f"picture-{base}"), key=base)
        if on_change and view.is_mine and view.status == "returned":
            st.button("Change it", icon=":material/edit:", key=f"change-{base}", on_click=on_change)
        return _decision(base) if view.may_decide else None


def _head(view: OwnView) -> None:
    words, icon, colour = STATES[view.status]
    who = "you" if view.is_mine else plain(view.author) if view.author else "another expert"
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.badge(words, icon=f":material/{icon}:", color=colour)  # type: ignore[arg-type]
        st.caption(f"Written by {who} on {moment_text(view.created_at)}", width="content")


def _note(view: OwnView) -> None:
    if not view.note:
        return
    said = {"returned": "What is to be changed", "proposed": "What was to be changed"}
    with st.container(border=True, gap="xxsmall"):
        st.markdown(f":small[:gray[{said.get(view.status, 'Note')}]]")
        reading_text(view.note, look="small", key=f"note-{view.english.base_item_id}")


def _decision(base: str) -> Decision | None:
    st.caption("Is it true of the country, does the picture show it, would somebody ask like that?")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        pressed = None
        with st.popover("Return with a note", icon=":material/undo:"):
            title = "What is to be changed? The author reads this."
            note = st.text_area(title, max_chars=LONGEST_REASON, height=100, key=f"why-{base}")
            if st.button("Return it", icon=":material/undo:", key=f"return-{base}"):
                pressed = Decision(accepts=False, note=note)
        if st.button("Accept", type="primary", icon=":material/check:", key=f"accept-{base}"):
            pressed = Decision(accepts=True)
    return pressed

"""One erratum as people decide about it: the item, what would change, why, who stands behind it, what to do."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from core.benchmark.errata import EXPERTS_NEEDED
from core.benchmark.errata_checks import LONGEST_REASON
from core.benchmark.errata_lists import ErratumView
from core.rubric import ERRATUM_TITLES
from core.words import counted
from pages.components.errata.change_view import change_view
from pages.components.item_head import place_of
from pages.components.moment import moment_text
from pages.components.picture import item_picture
from pages.components.plain import plain
from pages.components.reading import reading_text

Deed = Literal["agree", "disagree", "undo", "take_back", "accept", "reject"]


@dataclass(frozen=True)
class Pressed:
    """What a person wants done with an erratum."""

    deed: Deed
    reason: str = ""


def erratum_card(view: ErratumView, *, leads: bool, with_item: bool = True) -> Pressed | None:
    """Draw one erratum and return which of its buttons was pressed; nothing is saved here.

    Args:
        view: the erratum.
        leads: whether a lead looks.
        with_item: draw picture and question; not where the item stands above.
    """
    erratum, item = view.erratum, view.item
    with st.container(border=True, gap="small"):
        if with_item:
            picture, words = st.columns([1, 4.2], gap="medium")
            with picture:
                item_picture(item, key=f"picture-{erratum.id}")
            with words, st.container(gap="small"):
                _head(view, with_item)
                reading_text(item.query, language=item.language, look="small", key=f"query-{erratum.id}")
        else:
            _head(view, with_item)
        change_view(view)
        _said("Why", erratum.reason, key=f"reason-{erratum.id}")
        rejected = erratum.status == "rejected"
        _said("Why it was rejected" if rejected else "Note", erratum.decision_note, key=f"note-{erratum.id}")
        st.caption(f"{_backing(view)}  \n{_came(view)}")
        return _buttons(view, leads)


def _head(view: ErratumView, with_item: bool) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.badge(ERRATUM_TITLES[view.erratum.kind], icon=":material/edit_note:", color="yellow")  # type: ignore[index]
        if with_item:
            st.badge(place_of(view.item), icon=":material/location_on:", color="gray")
        _state(view)
        if with_item:
            st.space("stretch")
            named = {"item": view.item.id}
            st.page_link("pages/browse.py", label="See the item", icon=":material/open_in_new:", query_params=named)


def _said(title: str, text: str, *, key: str) -> None:
    if text:
        with st.container(gap="xxsmall"):
            st.markdown(f":small[:gray[{title}]]")
            reading_text(text, look="small", key=key)


def _state(view: ErratumView) -> None:
    if view.erratum.status == "rejected":
        st.badge("rejected", icon=":material/close:", color="gray")
    elif view.erratum.status == "accepted" and view.stands:
        st.badge("accepted", icon=":material/check:", color="green")
    elif view.erratum.status == "accepted":
        st.badge("accepted, then replaced by a newer one", icon=":material/history:", color="gray")


def _came(view: ErratumView) -> str:
    who = "you" if view.is_mine else plain(view.proposer) if view.proposer else "another expert"
    words = f"Proposed by {who} on {moment_text(view.erratum.created_at)}"
    if view.erratum.decided_at and view.erratum.status != "open":
        by = "two experts from the country" if view.erratum.decided_by is None else "decision"
        words += f" · {view.erratum.status} by {by} on {moment_text(view.erratum.decided_at)}"
    return words


def _backing(view: ErratumView) -> str:
    """Return who stands behind an erratum as counts: no name of an expert is said."""
    country = " or ".join(plain(name) for name in view.asked)
    words = f"{counted(view.behind, 'person', 'people')} for it"
    words += f", {view.from_country} from {country}" if country else ""
    words += f" · {view.against} against" if view.against else ""
    if view.erratum.status != "open":
        return words
    rule = f"{EXPERTS_NEEDED} experts from {country}, or a lead, accept it" if country else "A lead accepts it"
    return f"{words}. {rule}."


def _buttons(view: ErratumView, leads: bool) -> Pressed | None:
    number, pressed = view.erratum.id, None
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if view.erratum.status == "open" and not view.is_mine:
            pressed = _vote_buttons(view) or pressed
        if (
            view.my_vote is not None
            and view.erratum.decided_by is None
            and st.button("Undo my vote", type="tertiary", icon=":material/undo:", key=f"undo-{number}")
        ):
            pressed = Pressed("undo")
        if (
            view.is_mine
            and view.erratum.status == "open"
            and st.button("Take it back", type="tertiary", icon=":material/undo:", key=f"take-back-{number}")
        ):
            pressed = Pressed("take_back")
        if leads:
            st.space("stretch")
            pressed = _lead_buttons(view) or pressed
    return pressed


def _vote_buttons(view: ErratumView) -> Pressed | None:
    number = view.erratum.id
    looks: tuple[tuple[Deed, str, str, bool], ...] = (
        ("agree", "Agree", "thumb_up", True),
        ("disagree", "Disagree", "thumb_down", False),
    )
    pressed = None
    for deed, words, icon, agrees in looks:
        mine = view.my_vote is agrees
        label = f"You {deed}" if mine else words
        if st.button(label, icon=f":material/{icon}:", key=f"{deed}-{number}", disabled=mine):
            pressed = Pressed(deed)
    return pressed


def _lead_buttons(view: ErratumView) -> Pressed | None:
    number, pressed = view.erratum.id, None
    if view.erratum.status != "rejected":
        with st.popover("Reject", icon=":material/close:"):
            reason = st.text_area(
                "Why? Whoever proposed it reads this.", max_chars=LONGEST_REASON, key=f"why-{number}", height=90
            )
            if st.button("Reject it", key=f"reject-{number}", icon=":material/close:"):
                pressed = Pressed("reject", reason)
    if view.erratum.status != "accepted" and st.button(
        "Accept", type="primary", icon=":material/check:", key=f"accept-{number}"
    ):
        pressed = Pressed("accept")
    return pressed

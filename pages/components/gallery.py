"""Items as a gallery of cards: one element for all of them, each card a real link."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from core.benchmark.countries import LANGUAGE_NAMES
from core.benchmark.item_views import ItemCard
from core.rubric import RUBRIC, SPLIT_TITLES, Dimension, Tally
from pages.components.plain import visible

_HERE = Path(__file__).parent
_GALLERY = st.components.v2.component(
    "cross_review_gallery",
    html="<div class='gallery'></div>",
    css=(_HERE / "gallery.css").read_text(encoding="utf-8"),
    js=(_HERE / "gallery.js").read_text(encoding="utf-8"),
)
NO_PICTURE = {"missing": "No picture", "rejected": "Picture refused"}


def gallery(
    cards: Sequence[ItemCard], *, address: Mapping[str, Sequence[str]], on_open: Callable[[str], None], key: str
) -> None:
    """Draw cards that open on a click; a middle click or "open in a new tab" works as with any link.

    Args:
        cards: at most a page of them.
        address: what stays in the address beside the item.
        on_open: told the id of the item that was clicked.
        key: unique on the page.
    """
    known = {card.item_id for card in cards}

    def opened() -> None:
        item_id = st.session_state[key].opened
        if item_id in known:
            on_open(item_id)

    _GALLERY(key=key, data={"cards": [_card(card, address) for card in cards]}, on_opened_change=opened)


def _card(card: ItemCard, address: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    pictured = card.image_status == "ok" and card.image_sha256
    return {
        "id": card.item_id,
        "link": urlencode({**address, "item": card.item_id}, doseq=True),
        "picture": f"/pictures/{card.image_sha256}/thumb" if pictured else None,
        "alt": card.image_alt or "Picture the question is about",
        "no_picture": NO_PICTURE.get(card.image_status, "No picture"),
        "country": card.country or "Country unknown",
        "language": card.language,
        "language_name": LANGUAGE_NAMES.get(card.language, card.language),
        "query": card.query[:400],
        "marks": [_mark(RUBRIC[name].title, found, card.marks_by) for name, found in _in_order(card.marks)],
        "notes": _notes(card),
    }


def _in_order(marks: Mapping[str, Tally]) -> list[tuple[Dimension, Tally]]:
    return [(name, marks[name]) for name in RUBRIC if name in marks]


def _mark(title: str, found: Tally, judge: str) -> dict[str, str]:
    if not found.scored:
        return {"look": "none", "text": f"{title[0]} –", "title": f"{title}: not scored by {visible(judge)}"}
    look = {1: "yes", 0: "no", None: "mixed"}[found.unanimous]
    sign = {"yes": "✓", "no": "✕", "mixed": f"{found.yes}/{found.scored}"}[look]
    return {
        "look": look,
        "text": f"{title[0]} {sign}",
        "title": f"{title}: yes in {found.yes} of {found.scored} scores by {visible(judge)}",
    }


def _notes(card: ItemCard) -> list[dict[str, str]]:
    notes = []
    if card.split != "training_pool":
        sign = {"held_out": "held out", "quarantined": "quarantined"}.get(card.split, card.split)
        notes.append({"look": "split", "text": sign, "title": SPLIT_TITLES.get(card.split, card.split)})
    if card.warnings:
        many = f"{len(card.warnings)} warnings" if len(card.warnings) > 1 else "1 warning"
        notes.append({"look": "warning", "text": f"⚠ {len(card.warnings)}", "title": many})
    return notes

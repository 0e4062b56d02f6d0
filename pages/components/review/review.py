"""A person's review session -> the Validate screen, and what it sends back -> the store.

The browser keeps each answer until it is named as stored, and sends all it keeps as one state value: a trigger would
lose answers while a run is under way. A message may arrive twice, and after a restart it comes without its callback.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from core.db import reading, transaction
from core.labels.cards import cards, last_decisions
from core.labels.places import place_to_begin
from core.labels.review_sessions import close_session, session_progress
from core.labels.saving import Receipt, store_message
from core.models import Person, ReviewSession, utc_now
from core.rubric import RUBRIC

_HERE = Path(__file__).parent
_SCRIPTS = ("texts.js", "outbox.js", "pieces.js", "review.js")


def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


_REVIEW = st.components.v2.component(
    "cross_review_validate",
    html=_file("review.html"),
    css=_file("review.css"),
    js="\n".join(_file(name) for name in _SCRIPTS),
)
_DIMENSIONS = [asdict(words) for words in RUBRIC.values()]


@dataclass
class _Place:
    """Where this browser tab is, kept in the session state: a refresh begins where `place_to_begin` says."""

    at: int | None = None
    seen: int | None = None
    receipt: Receipt | None = None
    ended: bool = False


@st.fragment
def review_screen(person: Person, review: ReviewSession) -> None:
    """Draw the session's current response and take in what was answered; rerun the page once the session is ended."""
    key = f"review-{review.id}"
    place: _Place = st.session_state.setdefault(f"place-{review.id}", _Place())

    def on_outbox() -> None:
        _take_in(person, review, place, st.session_state[key].outbox)

    taken = False
    if not place.ended:
        result = _REVIEW(key=key, data=_screen(person, review, place), on_outbox_change=on_outbox)
        # After a restart of the server the state is there again, but no callback was called for it.
        taken = _take_in(person, review, place, result.outbox)
    if place.ended:
        st.session_state["ended_review"] = review.id
    if taken or place.ended:
        st.rerun()


def go_on(review_id: int) -> None:
    """Let the screen of a session be drawn again that was ended in this browser tab."""
    st.session_state.setdefault(f"place-{review_id}", _Place()).ended = False


def _take_in(person: Person, review: ReviewSession, place: _Place, message: object) -> bool:
    """Store a message that was not seen yet and return whether there was one; whatever its shape, it is harmless."""
    if not isinstance(message, dict) or not isinstance(number := message.get("n"), int) or number == place.seen:
        return False
    entries, at = message.get("entries"), message.get("at")
    place.seen = number
    place.at = at if isinstance(at, int) else place.at
    place.receipt = store_message(person, entries if isinstance(entries, list) else [])
    if message.get("finish") is True and place.receipt.problem is None:
        with transaction() as session:
            close_session(session, person=person, session_id=review.id)
        place.ended = True
    return True


def _screen(person: Person, review: ReviewSession, place: _Place) -> dict[str, Any]:
    """Return all that the browser gets: the response in view and its neighbours; no judge before its lock."""
    with reading() as session:
        progress = session_progress(session, review=review)
        at = place_to_begin(session, review=review) if place.at is None else max(0, min(place.at, progress.total - 1))
        shown = cards(session, person=person, review=review, positions=range(at - 1, at + 3))
        history = last_decisions(session, person=person, review=review)
    place.at = at
    receipt = place.receipt
    return {
        "person": person.pseudonym,
        "title": review.title,
        "dimensions": _DIMENSIONS,
        "pictures": f"/{st.get_option('server.baseUrlPath')}/pictures".replace("//", "/"),
        **asdict(progress),
        "at": at,
        "cards": [asdict(card) for card in shown],
        "history": [asdict(decision) for decision in history],
        "seen": place.seen,
        "stored": receipt.stored if receipt else [],
        "refused": receipt.refused if receipt else {},
        "problem": receipt.problem if receipt else None,
        "saved_at": _milliseconds(receipt.saved_at.timestamp()) if receipt else None,
        "now": _milliseconds(utc_now().timestamp()),
    }


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)

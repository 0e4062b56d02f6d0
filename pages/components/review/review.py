"""A person's review session -> the Validate screen, and what it sends back -> the store.

The browser keeps each answer until it is named as stored, and sends all it keeps as one state value: a trigger would
lose answers while a run is under way. A message may arrive twice, and after a restart it comes without its callback.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

import streamlit as st
from sqlmodel import Session

from core.backgrounds import background_of
from core.config import settings
from core.db import reading, transaction
from core.labels.cards import cards
from core.labels.decisions import last_decisions
from core.labels.places import place_to_begin
from core.labels.review_sessions import close_session, session_progress
from core.labels.saving import Receipt, store_message
from core.labels.today import answered_since
from core.labels.waiting import is_home, team_progress
from core.models import Person, ReviewSession, utc_now
from core.rubric import CONFIDENCE, RUBRIC
from pages.components.moment import midnight
from pages.components.review.faults import faults
from pages.components.review.packaged import mount_review

_DIMENSIONS = [asdict(words) for words in RUBRIC.values()]
# It is slow to count, and moves slowly.
_TEAM_KEPT_S = 30.0
# A browser that finds a restarted server asks for the whole page, and so for this screen, only if the screen is drawn
# anew by the clock or was the last thing drawn; else all it sends is dropped. How often matters little.
_DRAWN_ANEW_S = 600.0


@dataclass
class _Place:
    """Where this browser tab is, kept in the session state: a refresh begins where `place_to_begin` says."""

    at: int | None = None
    seen: int | None = None
    receipt: Receipt | None = None
    ended: bool = False
    faults: list[dict[str, Any]] = field(default_factory=list)


@st.fragment(run_every=_DRAWN_ANEW_S)
def review_screen(person: Person, review: ReviewSession) -> None:
    """Draw the session's current response and take in what was answered; rerun the page once the session is ended."""
    key = f"review-{review.id}"
    place: _Place = st.session_state.setdefault(f"place-{review.id}", _Place())

    def on_outbox() -> None:
        _take_in(person, review, place, st.session_state[key].outbox)

    taken = False
    if not place.ended:
        result = mount_review(key=key, data=_screen(person, review, place), on_outbox_change=on_outbox)
        # After a restart of the server the state is there again, but no callback was called for it.
        taken = _take_in(person, review, place, result.outbox)
    if place.ended:
        st.session_state["ended_review"] = review.id
    if taken or place.ended:
        st.rerun()


def go_on(review_id: int) -> None:
    """Let the screen of a session be drawn again that was ended in this browser tab."""
    st.session_state.setdefault(f"place-{review_id}", _Place()).ended = False


def is_drawn_here(review_id: int) -> bool:
    """Return whether this browser tab has drawn the screen of a session before."""
    return f"place-{review_id}" in st.session_state


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
        wishes = _wishes(session, person)
        home = is_home(session, review)
        place.faults = place.faults or faults(session)
    place.at = at
    receipt = place.receipt
    return {
        "person": person.pseudonym,
        "title": review.title,
        "dimensions": _DIMENSIONS,
        "faults": place.faults,
        "sure": list(CONFIDENCE.values()),
        "team": _team(settings().database_url, review.plan_id, review.country, home, _review=review),
        **wishes,
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


def _wishes(session: Session, person: Person) -> dict[str, Any]:
    """Return how the person wishes to work, and how far they are with their goal for the day."""
    told = background_of(session, person=person)
    since = midnight(st.context.timezone)
    done = answered_since(session, person=person, since=since) if told.daily_goal else 0
    return {"blur_pictures": told.blur_pictures, "daily_goal": told.daily_goal, "done_today": done}


@st.cache_data(ttl=_TEAM_KEPT_S, max_entries=256, show_spinner=False)
def _team(
    database_url: str, plan_id: int | None, country: str | None, home: bool, *, _review: ReviewSession
) -> dict[str, Any]:
    """Return how far experts are with a plan or a country, who they are, and what it is called.

    It is counted once for all people from there, and once for all who are not.
    """
    with reading() as session:
        progress = team_progress(session, review=_review)
    of = "the plan" if plan_id is not None else (country or "").replace("_", " ") or "all countries"
    return asdict(progress) | {"of": of, "who": "team" if home else "people from elsewhere"}


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)

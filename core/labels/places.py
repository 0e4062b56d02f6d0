"""Places of a review session <-> the numbers that name them to the browser.

Ids of responses follow one another through an imported file, so an id would tell an expert the model. The browser
gets the place in the session instead; places are drawn at random.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from core.labels.review_sessions import first_open_place, places_done
from core.models import Assignment, Label, Person, ReviewSession, utc_now

# More than any session has places.
_PLACES = 1_000_000
_HIGHEST = 2**53
_AT = (
    select(Assignment.position, Assignment.response_id)
    .join(ReviewSession, col(ReviewSession.id) == Assignment.session_id)
    .where(
        Assignment.session_id == bindparam("session"),
        col(Assignment.position).in_(bindparam("positions", expanding=True)),
        ReviewSession.person_id == bindparam("person"),
    )
)
# The judge is shown again after a refresh that comes this soon after the fourth answer.
JUST_LOCKED = timedelta(minutes=2)


def handle_of(session_id: int, position: int) -> int:
    """Return the number by which the browser names a place of a session; no two places share it."""
    return session_id * _PLACES + position


def with_response_ids(session: Session, *, person: Person, entries: Sequence[object]) -> list[object]:
    """Return the browser's entries with the response and the session that each handle stands for.

    Both are 0 where the place is none of the person's.
    """
    named = [_handle(raw) for raw in entries]
    responses = _responses(session, person=person, handles={handle for handle in named if handle is not None})
    return [
        raw | {"response": responses.get(handle, 0), "session": handle // _PLACES if handle in responses else 0}
        if isinstance(raw, dict) and handle is not None
        else raw
        for raw, handle in zip(entries, named, strict=True)
    ]


def place_to_begin(session: Session, *, review: ReviewSession) -> int:
    """Return where the screen of a session begins: its first open place, the last place when none is open.

    A response locked a moment ago is shown once more as long as the open one has no answer, so that a refresh does
    not take away the judge's view.
    """
    places = places_done(session, review=review)
    first_open = first_open_place(places)
    locked = [(place.answered_at, number) for number, place in enumerate(places) if place.answered_at is not None]
    if not locked or utc_now() - max(locked)[0] > JUST_LOCKED:
        return first_open
    labels = select(func.count(col(Label.id))).join(Assignment, col(Assignment.response_id) == Label.response_id)
    of_open = labels.where(Assignment.session_id == review.id, Assignment.position == first_open)
    answered = session.exec(of_open.where(Label.person_id == review.person_id)).one()
    return first_open if answered else max(locked)[1]


def _handle(raw: object) -> int | None:
    """Return an entry's handle; 0, which names nothing, where it is none; None where the entry is no entry."""
    if not isinstance(raw, dict):
        return None
    handle = raw.get("handle")
    return handle if type(handle) is int and 0 < handle < _HIGHEST else 0


def _responses(session: Session, *, person: Person, handles: Iterable[int]) -> dict[int, int]:
    """Return the responses at places of the person's sessions, by handle."""
    places: dict[int, list[int]] = {}
    for handle in handles:
        session_id, position = divmod(handle, _PLACES)
        places.setdefault(session_id, []).append(position)
    found: dict[int, int] = {}
    for session_id, positions in places.items():
        rows = session.execute(_AT, {"session": session_id, "positions": positions, "person": person.id})
        found |= {handle_of(session_id, position): response_id for position, response_id in rows}
    return found

"""Responses that are still a person's to label -> a review session with its assignments and its progress."""

import hashlib
import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Select
from sqlmodel import Session, col, func, select

from core.errors import NotFoundError, UserError
from core.models import Assignment, Item, Label, LockedResponse, Note, Person, Response, ReviewSession, utc_now
from core.people import left_to_label, record_event

SESSION_SIZES = (30, 60, 100)
# A gap between two locked responses longer than this is a break, not work.
BREAK = timedelta(minutes=10)


@dataclass(frozen=True)
class CountryToLabel:
    """How many responses of one country a person has not labelled yet; None stands for items without a country."""

    country: str | None
    responses: int


@dataclass(frozen=True)
class SessionProgress:
    """Where a review session stands.

    `first_open` is the place of the first response that is not locked, the last place when all are. `left_s` assumes
    the mean pace of this session, breaks left out; None until it can be told.
    """

    total: int
    done: int
    first_open: int
    left_s: float | None


@dataclass(frozen=True)
class SessionSummary:
    """What was done in a review session; `worked_s` leaves breaks out."""

    title: str
    total: int
    labelled: int
    cant_say: int
    revised: int
    notes: int
    worked_s: float


def _to_label(person: Person, *columns: Any) -> Select[Any]:  # noqa: ANN401 - any column or count
    """Return the query for responses that can be labelled and that this person has not locked."""
    joined = select(*columns).select_from(Item).join(Response, col(Response.item_id) == Item.id)
    return joined.where(left_to_label(person))


def countries_to_label(session: Session, *, person: Person) -> Sequence[CountryToLabel]:
    """Return the countries with responses still to label, by name; items without a country come last."""
    rows = session.execute(_to_label(person, Item.country, func.count()).group_by(col(Item.country))).all()
    return [CountryToLabel(country, count) for country, count in sorted(rows, key=lambda r: (r[0] is None, r[0] or ""))]


def open_session(session: Session, *, person: Person) -> ReviewSession | None:
    """Return the person's review session that is under way: the newest that is not closed."""
    under_way = select(ReviewSession).where(
        ReviewSession.person_id == person.id, col(ReviewSession.closed_at).is_(None)
    )
    return session.exec(under_way.order_by(col(ReviewSession.id).desc()).limit(1)).first()


def start_random_session(session: Session, *, person: Person, country: str | None, count: int) -> ReviewSession:
    """Draw responses at random and return the session; the one under way is returned instead if there is one.

    A country of None draws from all; fewer than `count` are drawn if there are fewer.

    Raises:
        UserError: nothing is left to label there, or the count is not positive.
    """
    if under_way := open_session(session, person=person):
        return under_way
    if count < 1:
        raise UserError("Choose how many responses the session should have.")
    query = _to_label(person, Response.id)
    if country is not None:
        query = query.where(col(Item.country) == country)
    eligible: Sequence[int] = session.execute(query).scalars().all()
    if not eligible:
        raise UserError("Nothing is left to label there. Choose another country, or import more responses.")
    # A stable order per person: the same draw whatever process makes it, and another one for each person.
    drawn = heapq.nsmallest(count, eligible, key=lambda response_id: _draw_key(person, response_id))
    return _add_session(
        session,
        person=person,
        title=country or "All countries",
        country=country,
        response_ids=drawn,
        inclusion_probability=len(drawn) / len(eligible),
    )


def start_item_session(session: Session, *, person: Person, item_id: str) -> ReviewSession:
    """Return a hand-picked session of an item's responses not locked yet; repeating it changes nothing.

    A session under way stays open and goes on when this one ends.

    Raises:
        NotFoundError: there is no such item.
        UserError: the item has nothing for this person to label.
    """
    item = session.get(Item, item_id)
    if item is None:
        raise NotFoundError("There is no such item. Look it up in Browse.")
    title = f"{item.country or 'No country'}, one question ({item.id})"
    under_way = open_session(session, person=person)
    if under_way and under_way.title == title:
        return under_way
    query = _to_label(person, Response.id).where(col(Item.id) == item_id).order_by(col(Response.id))
    response_ids: Sequence[int] = session.execute(query).scalars().all()
    if not response_ids:
        raise UserError("This item has no response left for you to label. Choose another one in Browse.")
    mixed = sorted(response_ids, key=lambda response_id: _draw_key(person, response_id))
    return _add_session(session, person=person, title=title, country=item.country, response_ids=mixed)


def close_session(session: Session, *, person: Person, session_id: int) -> None:
    """End a review session of this person; what was labelled stays, and closing it again changes nothing."""
    review = session.get(ReviewSession, session_id)
    if review and review.person_id == person.id and review.closed_at is None:
        review.closed_at = utc_now()
        record_event(session, person=person, kind="review session ended", subject=f"review_session/{session_id}")


def reopen_session(session: Session, *, person: Person, session_id: int) -> None:
    """Go on with a review session of this person that was ended.

    Raises:
        UserError: a newer session is under way.
    """
    review = session.get(ReviewSession, session_id)
    if review is None or review.person_id != person.id or review.closed_at is None:
        return
    newest = open_session(session, person=person)
    if newest and newest.id > review.id:
        raise UserError("You have started another session since. End that one first.")
    review.closed_at = None
    record_event(session, person=person, kind="review session reopened", subject=f"review_session/{review.id}")


def session_progress(session: Session, *, review: ReviewSession) -> SessionProgress:
    """Return where a review session stands for its person."""
    locked = locked_times(session, review=review)
    done = [at for at in locked if at is not None]
    gaps = _working_gaps(review, done)
    left_s = sum(gaps) / len(gaps) * (len(locked) - len(done)) if gaps else None
    first_open = next((place for place, at in enumerate(locked) if at is None), max(0, len(locked) - 1))
    return SessionProgress(total=len(locked), done=len(done), first_open=first_open, left_s=left_s)


def session_summary(session: Session, *, person: Person, session_id: int) -> SessionSummary:
    """Return what a person did in one of their review sessions.

    Raises:
        NotFoundError: the person has no such session.
    """
    review = session.get(ReviewSession, session_id)
    if review is None or review.person_id != person.id:
        raise NotFoundError("There is no such review session. Start a new one.")
    locked = locked_times(session, review=review)
    done = [at for at in locked if at is not None]
    of_session = select(Assignment.response_id).where(Assignment.session_id == session_id)
    labels = session.exec(
        select(Label)
        .where(Label.person_id == person.id, col(Label.response_id).in_(of_session))
        .order_by(col(Label.id))
    ).all()
    standing = {(label.response_id, label.dimension): label for label in labels}.values()
    notes = session.exec(
        select(func.count(func.distinct(Note.response_id))).where(
            Note.person_id == person.id, col(Note.response_id).in_(of_session), Note.text != ""
        )
    ).one()
    return SessionSummary(
        title=review.title,
        total=len(locked),
        labelled=len(done),
        cant_say=sum(label.cant_say for label in standing if not label.retracted),
        revised=sum(label.phase == "revised" for label in standing),
        notes=notes,
        worked_s=sum(_working_gaps(review, done)),
    )


def locked_times(session: Session, *, review: ReviewSession) -> Sequence[datetime | None]:
    """Return for each place of the session when its response was locked."""
    query = (
        select(LockedResponse.locked_at)
        .select_from(Assignment)
        .outerjoin(
            LockedResponse,
            (col(LockedResponse.response_id) == Assignment.response_id)
            & (col(LockedResponse.person_id) == review.person_id),
        )
        .where(Assignment.session_id == review.id)
        .order_by(col(Assignment.position))
    )
    return session.exec(query).all()


def _draw_key(person: Person, response_id: int) -> bytes:
    return hashlib.blake2b(b"%d/%d" % (person.id, response_id), digest_size=8).digest()


def _add_session(
    session: Session,
    *,
    person: Person,
    title: str,
    country: str | None,
    response_ids: Sequence[int],
    inclusion_probability: float | None = None,
) -> ReviewSession:
    review = ReviewSession(person_id=person.id, title=title, country=country, planned=len(response_ids))
    session.add(review)
    session.flush()
    session.add_all(
        Assignment(
            session_id=review.id,
            position=place,
            response_id=response_id,
            inclusion_probability=inclusion_probability,
        )
        for place, response_id in enumerate(response_ids)
    )
    record_event(session, person=person, kind="review session started", subject=f"review_session/{review.id}")
    session.flush()
    return review


def _working_gaps(review: ReviewSession, locked: Sequence[datetime]) -> list[float]:
    """Return the seconds between the start and each lock of this session, breaks left out."""
    times = [review.created_at, *sorted(at for at in locked if at >= review.created_at)]
    return [(later - sooner).total_seconds() for sooner, later in pairwise(times) if later - sooner <= BREAK]

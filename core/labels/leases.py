"""A session at work, ended or resumed -> how long its responses are held for its person."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, SelectBase, Subquery, case, union
from sqlmodel import Session, col, func, select, update

from core.backgrounds import counts_still, is_from, pool_named
from core.models import Item, Lease, LockedResponse, Response, ReviewSession, utc_now

# A session that has not moved for so long lets others have what it holds.
LEASE = timedelta(hours=12)
# Leases are moved on when this much of them has passed: not with every answer.
_RENEW_AFTER = timedelta(minutes=15)


def takers() -> Subquery:
    """Return who has labelled a response or holds it now: rows of response_id, person_id and pool, each once.

    Who has withdrawn is not among them: their labels do not count, and others are wanted in their place.
    """
    held = select(Lease.response_id, Lease.person_id, Lease.pool).where(
        col(Lease.ended_at).is_(None), col(Lease.expires_at) > utc_now()
    )
    labelled = select(LockedResponse.response_id, LockedResponse.person_id, LockedResponse.pool)
    return union(labelled.where(counts_still(LockedResponse.person_id)), held).subquery()


def answers_given() -> Subquery:
    """Return how many people labelled each response: rows of response_id, from_there and others; who withdrew not.

    Those from the country and all others are counted apart: one wants the answers of the former.
    """
    is_from_there = col(LockedResponse.pool) == "from"
    labelled = select(
        LockedResponse.response_id,
        func.sum(case((is_from_there, 1), else_=0)).label("from_there"),
        func.sum(case((is_from_there, 0), else_=1)).label("others"),
    ).where(counts_still(LockedResponse.person_id))
    return labelled.group_by(col(LockedResponse.response_id)).subquery()


def hold(session: Session, *, review: ReviewSession, response_ids: list[int]) -> None:
    """Hold responses for the person of a session."""
    expires_at = utc_now() + LEASE
    query = select(Response.id, is_from(review.person_id, col(Item.country))).join(Item)
    for response_id, from_there in session.execute(query.where(col(Response.id).in_(response_ids))).all():
        session.add(
            Lease(
                session_id=review.id,
                response_id=response_id,
                person_id=review.person_id,
                pool=pool_named(from_there),
                expires_at=expires_at,
            )
        )
    session.flush()


def renew_leases(session: Session, *, review: ReviewSession, held_until: datetime | None) -> None:
    """Hold a session's responses on, as its person is at work; called with every message, it hardly ever writes.

    What ran out in the meantime is not held again: others may have it.

    Args:
        session: to change with.
        review: the session.
        held_until: when the first of what it still holds goes back; None if it holds nothing.
    """
    now = utc_now()
    if held_until is None or held_until > now + LEASE - _RENEW_AFTER:
        return
    still_held = (col(Lease.session_id) == review.id) & col(Lease.ended_at).is_(None) & (col(Lease.expires_at) > now)
    session.execute(update(Lease).where(still_held).values(expires_at=now + LEASE))


def give_back(session: Session, *, review: ReviewSession) -> None:
    """Let others have what a session holds; what was labelled stays."""
    _end(session, col(Lease.session_id) == review.id)


def give_back_response(session: Session, *, person_id: int, response_id: int) -> None:
    """Let others have one response."""
    _end(session, (col(Lease.person_id) == person_id) & (col(Lease.response_id) == response_id))


def hold_again(session: Session, *, review: ReviewSession, waiting: SelectBase, response_id: int | None = None) -> None:
    """Hold the responses of a session, or one of them, that goes on after it was given back.

    Args:
        session: to change with.
        review: the session.
        waiting: what waits for its person; what others have taken meanwhile is not among it, and is not held.
        response_id: this one only.
    """
    query = update(Lease).where(col(Lease.session_id) == review.id, col(Lease.response_id).in_(waiting))
    if response_id is not None:
        query = query.where(col(Lease.response_id) == response_id)
    session.execute(query.values(ended_at=None, expires_at=utc_now() + LEASE))


def _end(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(update(Lease).where(which, col(Lease.ended_at).is_(None)).values(ended_at=utc_now()))

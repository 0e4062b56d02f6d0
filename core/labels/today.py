"""Locked responses of a person -> how many they answered since a moment, for the goal they set themselves."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from core.models import LockedResponse, Person, RetestLabel
from core.rubric import DIMENSIONS


def answered_since(session: Session, *, person: Person, since: datetime) -> int:
    """Return how many responses a person gave four answers to since a moment.

    Those that came back as a retest count like the others: a number that stood still would tell which they are.
    """
    locked = session.exec(
        select(func.count())
        .select_from(LockedResponse)
        .where(LockedResponse.person_id == person.id, col(LockedResponse.locked_at) >= since)
    ).one()
    again = (
        select(RetestLabel.response_id)
        .where(RetestLabel.person_id == person.id, col(RetestLabel.submitted_at) >= since)
        .group_by(col(RetestLabel.session_id), col(RetestLabel.response_id))
        .having(func.count(func.distinct(RetestLabel.dimension)) == len(DIMENSIONS))
    )
    return locked + len(session.exec(again).all())

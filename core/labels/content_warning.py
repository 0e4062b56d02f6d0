"""What a person may meet in the responses -> whether they were told today; the event log says when."""

from datetime import datetime

from sqlmodel import Session, col, select

from core.models import Event, Person
from core.people import record_event

_KIND = "content warning seen"


def was_warned(session: Session, *, person: Person, since: datetime) -> bool:
    """Return whether a person has seen the content warning since a moment."""
    seen = select(Event.id).where(Event.kind == _KIND, Event.person_id == person.id, col(Event.created_at) >= since)
    return session.exec(seen.limit(1)).first() is not None


def record_warning(session: Session, *, person: Person) -> None:
    """Write down that a person went on past the content warning."""
    record_event(session, person=person, kind=_KIND, subject=person.pseudonym)

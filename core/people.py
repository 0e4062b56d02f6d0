"""People who work here, what they have seen, and what they did. Sign-in is not built yet: one person at a time."""

import hashlib
from typing import Any

from sqlalchemy import ColumnElement, and_, exists
from sqlmodel import Session, col, func, select

from core.config import settings
from core.db import reading, transaction
from core.errors import UserError
from core.models import Event, Item, LockedResponse, Person, Response, ScoresSeen
from core.rubric import Role

MAY_LEAD: tuple[Role, ...] = ("lead", "engineer", "admin")


def current_person(session: Session) -> Person:
    """Return who uses this workspace now: the person `CROSS_REVIEW_PERSON` names, added as admin if new."""
    name = settings().person
    person = session.exec(select(Person).where(Person.name == name)).first()
    return person or add_person(session, name=name, role="admin")


def person_here() -> Person:
    """Return the current person for a page; only the very first visit writes."""
    with reading() as session:
        person = session.exec(select(Person).where(Person.name == settings().person)).first()
    if person is not None:
        return person
    with transaction() as session:
        return current_person(session)


def add_person(session: Session, *, name: str, role: Role) -> Person:
    """Add a person.

    Raises:
        UserError: the name is blank or taken.
    """
    if not name.strip():
        raise UserError("A person needs a name.")
    if session.exec(select(Person).where(Person.name == name)).first():
        raise UserError(f"There is a person named {name} already. Choose another name.")
    count = session.exec(select(func.count()).select_from(Person)).one()
    digest = hashlib.blake2b(f"{count}/{name}".encode(), digest_size=4).hexdigest()
    person = Person(name=name, role=role, pseudonym=f"expert-{digest}")
    session.add(person)
    session.flush()
    return person


def record_event(session: Session, *, person: Person | None, kind: str, subject: str, **detail: Any) -> None:  # noqa: ANN401
    """Write down who did what; `detail` is stored as JSON."""
    session.add(Event(person_id=person.id if person else None, kind=kind, subject=subject, detail=detail))


def needs_lead(person: Person, what: str) -> None:
    """Refuse what experts do not do; the data layer asks, whatever page or command came here.

    Args:
        person: who wants to.
        what: for the message, such as "decide about pairs".

    Raises:
        UserError: the person is an expert.
    """
    if person.role not in MAY_LEAD:
        raise UserError(f"Only the leads of this project {what}. Ask one of them.")


def open_responses(session: Session, *, person: Person, response_ids: list[int]) -> set[int]:
    """Return those of the responses whose scores and model names this person may see.

    They are the ones the person has locked, or has chosen to see before (`reveal_scores`).
    """
    locked = select(LockedResponse.response_id).where(
        LockedResponse.person_id == person.id, col(LockedResponse.response_id).in_(response_ids)
    )
    seen = select(ScoresSeen.response_id).where(
        ScoresSeen.person_id == person.id, col(ScoresSeen.response_id).in_(response_ids)
    )
    return set(session.exec(locked)) | set(session.exec(seen))


def left_to_label(person: Person) -> ColumnElement[bool]:
    """Return the condition, on Response joined with Item, that this person can still label a response.

    It can be read whole, its model saw the picture, its item has a norm, and the person's four answers are not given
    yet.
    """
    locked = exists().where(
        and_(col(LockedResponse.person_id) == person.id, col(LockedResponse.response_id) == Response.id)
    )
    is_whole = and_(col(Response.status) == "ok", col(Response.setting) != "text-only")
    return and_(is_whole, func.trim(func.coalesce(Item.norm, "")) != "", ~locked)


def reveal_scores(session: Session, *, person: Person, response_ids: list[int]) -> None:
    """Open scores and model names of responses to a person before labelling; later labels are `unblinded`.

    Raises:
        UserError: the person is an expert; experts answer first.
    """
    if person.role not in MAY_LEAD:
        raise UserError("Scores open after your own four answers. Validate the response first.")
    already = open_responses(session, person=person, response_ids=response_ids)
    for response_id in sorted(set(response_ids) - already):
        session.add(ScoresSeen(person_id=person.id, response_id=response_id))

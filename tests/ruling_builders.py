"""Locked labels and responses to rule on, for tests; a test names only what it is about."""

from datetime import datetime
from uuid import uuid4

from sqlmodel import Session

from core.labels.disputed import open_labels
from core.labels.rulings import Decision, rule
from core.models import Label, LockedResponse, Person, Response, Ruling, utc_now
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_person, build_response

YES = Decision("settled", 1, "misread", "One of them read over it.")


def build_labels(
    session: Session,
    response: Response,
    marks: str,
    *,
    person: Person | None = None,
    locked_at: datetime | None = None,
    **given: object,
) -> Person:
    """Lock one expert's four labels; marks as four characters of 1, 0 and ? (can't say). Return the expert."""
    person = person or build_person(session)
    for dimension, mark in zip(DIMENSIONS, marks, strict=True):
        add_label(session, response, person, dimension, mark, **given)
    session.add(LockedResponse(person_id=person.id, response_id=response.id, locked_at=locked_at or utc_now()))
    session.flush()
    return person


def add_label(
    session: Session, response: Response, person: Person, dimension: str, mark: str, **given: object
) -> Label:
    """Add one label row."""
    values: dict[str, object] = {"phase": "blind", "pool": "from", "language_shown": "en"} | given
    label = Label(
        person_id=person.id,
        response_id=response.id,
        dimension=dimension,
        form_id=str(uuid4()),
        score=None if mark == "?" else int(mark),
        cant_say=mark == "?",
        **values,
    )
    session.add(label)
    session.flush()
    return label


def build_disputed(session: Session, *marks: str, country: str | None = "Morocco", **given: object) -> Response:
    """Add a response with so many experts' labels; two who differ on education unless given."""
    response = build_response(session, build_item(session, country=country), **given)
    for four in marks or ("1111", "1011"):
        build_labels(session, response, four)
    return response


def build_ruling(
    session: Session, response: Response, dimension: str = "education", decision: Decision = YES, **given: object
) -> Ruling:
    """Rule as a new lead, or as the `person` given, on what the person sees standing."""
    person = given.get("person") or build_person(session, "lead")
    assert isinstance(person, Person)
    open_labels(session, person=person, response_id=response.id)
    replaces = given.get("replaces", 0)
    assert isinstance(replaces, int)
    return rule(
        session, person=person, response_id=response.id, dimension=dimension, decision=decision, replaces=replaces
    )

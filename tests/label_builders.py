"""Entries as the browser sends them, sessions of a person, and what was stored; for tests of labels."""

import uuid

from sqlmodel import Session, col, select

from core.labels.picking import start_item_session
from core.labels.places import handle_of
from core.labels.saving import save_entries
from core.models import Assignment, Label, Person, Response, ReviewSession
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_judgements, build_response

NOBODYS = "This response is in none of your sessions. Load the page again."


def answer(response: Response | int, dimension: str = "awareness", choice: str = "yes", **given: object) -> dict:
    response_id = response if isinstance(response, int) else response.id
    entry = {"kind": "answer", "response": response_id, "dimension": dimension, "choice": choice}
    return {"form_id": str(uuid.uuid4())} | entry | given


def four(response: Response, choices: str = "yyyy", **given: object) -> list[dict]:
    words = {"y": "yes", "n": "no", "c": "cant_say"}
    return [answer(response, d, words[c], **given) for d, c in zip(DIMENSIONS, choices, strict=True)]


def by_place(review: ReviewSession, position: int, *entries: dict) -> list[dict]:
    """Return entries as the browser sends them: with the handle of a place, without the response's id."""
    unnamed = [{name: entry[name] for name in entry if name != "response"} for entry in entries]
    return [entry | {"handle": handle_of(review.id, position)} for entry in unnamed]


def assigned(session: Session, person: Person, count: int = 1, **given: object) -> list[Response]:
    """Return responses of one item that are in an open session of the person, in their order there."""
    item = build_item(session, **given)
    for _ in range(count):
        build_judgements(session, build_response(session, item))
    review = start_item_session(session, person=person, item_id=item.id)
    places = select(Response).join(Assignment).where(Assignment.session_id == review.id)
    return list(session.exec(places.order_by(col(Assignment.position))))


def save(session: Session, person: Person, *entries: object) -> list[str]:
    receipt = save_entries(session, person=person, entries=entries)
    assert receipt.refused == {}
    return receipt.stored


def refusals(session: Session, person: Person, *entries: object) -> list[str]:
    return list(save_entries(session, person=person, entries=entries).refused.values())


def lines(session: Session) -> list[tuple[str, str, int | None, bool]]:
    return [(r.dimension, r.phase, r.score, r.retracted) for r in session.exec(select(Label).order_by(col(Label.id)))]


def note(response: Response, text: str, **given: object) -> dict:
    return {"kind": "note", "form_id": str(uuid.uuid4()), "response": response.id, "text": text} | given

"""Labels of several experts for tests of exports and imports: blind, revised, undone, unfinished."""

import uuid
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from core.models import Label, LockedResponse, Person, Response
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_judgements, build_person, build_response

BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)
POOLS = ("from", "outside", "knows")
TEXTS = ("Start with the bread.", '=SUM(A1) said the host: "wait".', "نان را با دست راست بردارید، می‌شود")


def build_labelled(session: Session, experts: int = 2) -> tuple[list[Response], list[Person]]:
    """Add three judged responses and experts with four answers to each; reasons and texts are awkward ones."""
    responses = []
    for number, text in enumerate(TEXTS):
        item = build_item(session, id=f"own/Morocco_x{number}/1", norm=f"Norm {number}")
        responses.append(build_response(session, item, text=text, model=f"model-{number}"))
        build_judgements(session, responses[-1], "10-1")
    people = [build_person(session) for _ in range(experts)]
    for place, person in enumerate(people):
        for number, response in enumerate(responses):
            add_labels(session, person, response, "ync"[place] * 4, at=number * 10 + place, pool=POOLS[place])
    return responses, people


def add_labels(session: Session, person: Person, response: Response, answers: str, at: int = 0, **given) -> list[Label]:
    """Add one label for each letter: y, n, c (can't say) or - for none; four of them lock the response."""
    moment = BEGIN + timedelta(minutes=at)
    labels = [
        add_label(session, person, response, dimension, answer, submitted_at=moment, **given)
        for dimension, answer in zip(DIMENSIONS, answers, strict=True)
        if answer != "-"
    ]
    if len(labels) == len(DIMENSIONS):
        session.add(LockedResponse(person_id=person.id, response_id=response.id, locked_at=moment))
    session.flush()
    return labels


def add_label(
    session: Session, person: Person, response: Response, dimension: str, answer: str, **given: object
) -> Label:
    """Add one label."""
    values: dict[str, object] = {
        "phase": "blind",
        "score": {"y": 1, "n": 0}.get(answer),
        "cant_say": answer == "c",
        "confidence": 2,
        "reason": "=1+1, she said\n'twice' – می‌شود",
        "language_shown": "fa",
        "translation_shown": True,
        "inclusion_probability": 0.25,
        "opened_at": BEGIN - timedelta(minutes=1),
        "submitted_at": BEGIN,
    }
    values |= {"person_id": person.id, "response_id": response.id, "dimension": dimension}
    label = Label(form_id=str(uuid.uuid4()), **(values | given))
    session.add(label)
    session.flush()
    return label

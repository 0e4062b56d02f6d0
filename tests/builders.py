"""Rows for tests; a test names only what it is about."""

import itertools

from sqlmodel import Session

from core.consent import CONSENT_VERSION
from core.judges import settled_judge
from core.models import Background, Item, Judgement, Pair, Person, Response, utc_now
from core.people import add_person
from core.rubric import DIMENSIONS

_numbers = itertools.count(1)


def build_item(session: Session, **given: object) -> Item:
    """Add an item of the training pool without a picture."""
    number = next(_numbers)
    base = f"own/Morocco_{number}"
    values: dict[str, object] = {
        "id": f"{base}/1",
        "base_item_id": base,
        "subset": "own",
        "source_index": f"Morocco_{number}",
        "wording": "1",
        "country": "Morocco",
        "language": "en",
        "domain": "meal_planning",
        "query": f"Which of these dishes do I serve first in Morocco? ({number})",
        "query_english": f"Which of these dishes do I serve first in Morocco? ({number})",
        "norm": f"Norm {number}: one eats from the part of the dish in front of oneself.",
        "family_id": f"family-{number}",
        "split": "training_pool",
        "content_hash": f"hash-{number}",
        "raw": {"index": f"Morocco_{number}"},
    }
    item = Item(**(values | given))
    session.add(item)
    session.flush()
    return item


def build_response(session: Session, item: Item, **given: object) -> Response:
    """Add a response that can be read."""
    values: dict[str, object] = {
        "item_id": item.id,
        "model": f"model-{next(_numbers)}",
        "setting": "english",
        "round": 1,
        "status": "ok",
        "text": "Start with the bread and wait for the host.",
    }
    response = Response(**(values | given))
    session.add(response)
    session.flush()
    return response


def build_judgements(session: Session, response: Response, scores: str = "1111", judge: str = "judge-a") -> None:
    """Add one judge's four judgements; scores as four characters of 1, 0 and - (not scored)."""
    settled_judge(session, name=judge, model="judge-model", prompt_version="one-call-1")
    for dimension, mark in zip(DIMENSIONS, scores, strict=True):
        session.add(
            Judgement(
                response_id=response.id,
                dimension=dimension,
                judge=judge,
                judge_model="judge-model",
                prompt_version="one-call-1",
                score=None if mark == "-" else int(mark),
                status="unreadable" if mark == "-" else "scored",
                rationale=f"secret-reason-{response.id}-{dimension}",
            )
        )
    session.flush()


def build_person(session: Session, role: str = "expert", **given: object) -> Person:
    """Add a person who has agreed to what experts agree to."""
    number = next(_numbers)
    person = Person(**({"name": f"person-{number}", "role": role, "pseudonym": f"expert-{number}"} | given))
    session.add(person)
    session.flush()
    build_background(session, person)
    return person


def build_expert(session: Session, name: str) -> Person:
    """Add an expert of that name who has agreed to what experts agree to."""
    person = add_person(session, name=name, role="expert")
    build_background(session, person)
    return person


def build_background(session: Session, person: Person, **given: object) -> Background:
    """Add, or change, what a person told of themselves; they have agreed unless it says otherwise."""
    background = session.get(Background, person.id) or Background(person_id=person.id)
    for name, held in ({"consent_version": CONSENT_VERSION, "consented_at": utc_now()} | given).items():
        setattr(background, name, held)
    session.add(background)
    session.flush()
    return background


def build_pair(session: Session, item: Item, **given: object) -> Pair:
    """Add an accepted pair written by hand."""
    values: dict[str, object] = {
        "item_id": item.id,
        "chosen": "Wait for the host, and eat from your own side.",
        "rejected": "Take the best piece from the far side.",
        "chosen_kind": "written",
        "chosen_author": "Reviewer",
        "rejected_kind": "written",
        "rejected_author": "Reviewer",
        "negative_type": "non-compliant",
        "status": "accepted",
    }
    pair = Pair(**(values | given))
    session.add(pair)
    session.flush()
    return pair

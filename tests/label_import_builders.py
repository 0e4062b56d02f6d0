"""Files of labels to read or import, as texts, bytes or records, and what became of them."""

import json

from sqlmodel import Session, col, select

from core.labels.exchange.files import read_labels
from core.labels.exchange.importing import LabelReport, import_labels
from core.labels.exchange.shapes import LabelEntry
from core.models import Label, Person, Response
from core.responses.table_rows import RefusedRow
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_person, build_response

ANSWERS = dict.fromkeys(DIMENSIONS, 1)


def read(content: str | bytes | list, name: str = "a.jsonl") -> list[LabelEntry | RefusedRow]:
    if isinstance(content, list):
        content = "".join(json.dumps(record) + "\n" for record in content)
    return read_labels(content if isinstance(content, bytes) else content.encode(), name)


def imported(session: Session, content: str | bytes | list, name: str = "a.jsonl") -> LabelReport:
    lead = session.exec(select(Person).where(Person.role == "lead")).first() or build_person(session, "lead")
    return import_labels(session, read(content, name), author=lead, name=name)


def why(session: Session, *records: dict, name: str = "a.jsonl") -> list[str]:
    return [row.reason for row in imported(session, list(records), name).refused]


def response(session: Session, **given: object) -> Response:
    return build_response(session, build_item(session), **given)


def told(answers: Response, **given: object) -> dict:
    named = {"response_id": answers.id, "item_id": answers.item_id, "response_model": answers.model}
    return named | {"dimension": "education", "expert": "Ana", "score": 1} | given


def stored(session: Session) -> list[Label]:
    return list(session.exec(select(Label).order_by(col(Label.id))))

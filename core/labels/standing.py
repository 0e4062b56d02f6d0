"""Labels as they were saved -> the ones that stand, and the records of an export."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session, col, func, select

from core.consent import withdrawn
from core.labels.chunks import in_chunks
from core.labels.exchange.shapes import LabelRecord
from core.labels.exchange.tables import label_record
from core.models import Label, LockedResponse, Person, Response, RetestLabel

# Columns, not whole rows of the table: an export of many thousands is twice as fast.
_FACTS: tuple[Any, ...] = (
    *(Label.id, Label.retracted, Label.person_id, Label.response_id, Label.dimension, Label.phase, Label.score),
    *(Label.cant_say, Label.confidence, Label.reason, Label.language_shown, Label.translation_shown),
    *(Label.inclusion_probability, Label.opened_at, Label.submitted_at, Label.pool, Response.item_id),
    col(Person.pseudonym).label("expert"),
    col(LockedResponse.response_id).is_not(None).label("locked"),
)


def standing_labels(session: Session, *, person: Person, response_ids: Sequence[int]) -> Sequence[Label]:
    """Return a person's labels that stand: the newest per response and dimension, unless it was taken back.

    Ordered by response, then in the order the decisions were made.
    """
    newest: dict[tuple[int, str], Label] = {}
    for chunk in _in_order(response_ids):
        query = select(Label).where(Label.person_id == person.id, col(Label.response_id).in_(chunk))
        newest |= {(row.response_id, row.dimension): row for row in session.exec(query.order_by(col(Label.id)))}
    standing = [label for label in newest.values() if not label.retracted]
    return sorted(standing, key=lambda label: (label.response_id, label.id))


def labels_of(session: Session, *, response_ids: Sequence[int] | None = None) -> Sequence[LabelRecord]:
    """Return everybody's labels of responses, all responses unless some are named, in the order they were saved.

    Earlier versions are among them, marked as superseded; the marks of undoing themselves are not, nor are the labels
    of people who have withdrawn.
    """
    left = withdrawn(session)
    is_theirs = (col(LockedResponse.response_id) == Label.response_id) & (LockedResponse.person_id == Label.person_id)
    query = (
        select(*_FACTS)
        .join(Response, col(Response.id) == Label.response_id)
        .join(Person, col(Person.id) == Label.person_id)
        .outerjoin(LockedResponse, is_theirs)
        .order_by(col(Label.id))
    )
    chunks = [None] if response_ids is None else _in_order(response_ids)
    asked = (query if chunk is None else query.where(col(Label.response_id).in_(chunk)) for chunk in chunks)
    rows = [dict(row) for one in asked for row in session.execute(one).mappings()]
    rows.sort(key=lambda row: row["id"])
    newest = {(row["person_id"], row["response_id"], row["dimension"]): row["id"] for row in rows}
    records = []
    for row in rows:
        is_newest = row.pop("id") == newest[row["person_id"], row["response_id"], row["dimension"]]
        if not row.pop("retracted") and row["person_id"] not in left:
            records.append(LabelRecord(**row, superseded=not is_newest))
    return records


def label_records(session: Session) -> Iterator[dict[str, Any]]:
    """Yield everybody's labels as records of the export format, in the order they were saved; people by pseudonym."""
    for record in labels_of(session):
        yield label_record(record)


def retest_records(session: Session) -> Iterator[dict[str, Any]]:
    """Yield answers given anew to responses that came back, in the order they were saved; people by pseudonym.

    They are no labels: held beside a person's label of the same response, they show how steady answers are.
    """
    left = withdrawn(session)
    place = (RetestLabel.session_id, RetestLabel.response_id, RetestLabel.dimension)
    newest = set(session.exec(select(func.max(RetestLabel.id)).group_by(*map(col, place))))
    rows = session.exec(
        select(RetestLabel, Response.item_id, Person.pseudonym)
        .join(Response, col(Response.id) == RetestLabel.response_id)
        .join(Person, col(Person.id) == RetestLabel.person_id)
        .order_by(col(RetestLabel.id))
    )
    for label, item_id, expert in rows:
        if label.retracted or label.person_id in left:
            continue
        yield {
            "item_id": item_id,
            "response_id": label.response_id,
            "dimension": label.dimension,
            "expert": expert,
            "score": label.score,
            "cant_say": label.cant_say,
            "submitted_at": label.submitted_at.isoformat(),
            "superseded": label.id not in newest,
        }


def _in_order(response_ids: Sequence[int]) -> Iterator[list[int]]:
    return in_chunks(sorted(set(response_ids)))

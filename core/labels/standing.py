"""Labels as they were saved -> the ones that stand, and the records of an export."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from core.models import Label, LockedResponse, Person, Response

# SQLite takes some 32,000 values in one statement.
_CHUNK = 5000


@dataclass(frozen=True)
class LabelRecord:
    """One label with the names an export needs.

    `superseded`: the same expert decided the same dimension anew later, or took the decision back. `locked`: all four
    answers to the response are given; labels of a response that is not are unfinished.
    """

    item_id: str
    response_id: int
    dimension: str
    person_id: int
    expert: str
    phase: str
    score: int | None
    cant_say: bool
    confidence: int | None
    reason: str | None
    language_shown: str
    translation_shown: bool
    inclusion_probability: float | None
    opened_at: datetime | None
    submitted_at: datetime
    superseded: bool
    locked: bool


def standing_labels(session: Session, *, person: Person, response_ids: Sequence[int]) -> Sequence[Label]:
    """Return a person's labels that stand: the newest per response and dimension, unless it was taken back.

    Ordered by response, then in the order the decisions were made.
    """
    newest: dict[tuple[int, str], Label] = {}
    for chunk in _chunks(response_ids):
        query = select(Label).where(Label.person_id == person.id, col(Label.response_id).in_(chunk))
        newest |= {(row.response_id, row.dimension): row for row in session.exec(query.order_by(col(Label.id)))}
    standing = [label for label in newest.values() if not label.retracted]
    return sorted(standing, key=lambda label: (label.response_id, label.id))


def labels_of(session: Session, *, response_ids: Sequence[int] | None = None) -> Sequence[LabelRecord]:
    """Return everybody's labels of responses, all responses unless some are named, in the order they were saved.

    Earlier versions are among them, marked as superseded; the marks of undoing themselves are not.
    """
    locked = LockedResponse.response_id
    query = (
        select(Label, Response.item_id, Person.pseudonym, locked)
        .join(Response, col(Response.id) == Label.response_id)
        .join(Person, col(Person.id) == Label.person_id)
        .outerjoin(
            LockedResponse, (col(locked) == Label.response_id) & (col(LockedResponse.person_id) == Label.person_id)
        )
        .order_by(col(Label.id))
    )
    chunks = [None] if response_ids is None else list(_chunks(response_ids))
    rows = [
        row
        for chunk in chunks
        for row in session.exec(query if chunk is None else query.where(col(Label.response_id).in_(chunk)))
    ]
    rows.sort(key=lambda row: row[0].id)
    newest = {(label.person_id, label.response_id, label.dimension): label.id for label, *_ in rows}
    return [
        _record(label, item_id, expert, newest[(label.person_id, label.response_id, label.dimension)], is_locked)
        for label, item_id, expert, is_locked in rows
        if not label.retracted
    ]


def label_records(session: Session) -> Iterator[dict[str, Any]]:
    """Yield everybody's labels as records of the export format, in the order they were saved; people by pseudonym."""
    for record in labels_of(session):
        fields = asdict(record)
        del fields["person_id"]
        for name in ("opened_at", "submitted_at"):
            fields[name] = fields[name].isoformat() if fields[name] else None
        yield fields


def _record(label: Label, item_id: str, expert: str, newest_id: int, locked: int | None) -> LabelRecord:
    return LabelRecord(
        item_id=item_id,
        response_id=label.response_id,
        dimension=label.dimension,
        person_id=label.person_id,
        expert=expert,
        phase=label.phase,
        score=label.score,
        cant_say=label.cant_say,
        confidence=label.confidence,
        reason=label.reason,
        language_shown=label.language_shown,
        translation_shown=label.translation_shown,
        inclusion_probability=label.inclusion_probability,
        opened_at=label.opened_at,
        submitted_at=label.submitted_at,
        superseded=label.id != newest_id,
        locked=locked is not None,
    )


def _chunks(response_ids: Sequence[int]) -> Iterator[list[int]]:
    ids = sorted(set(response_ids))
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]

"""What a person decided in a review session -> the decisions that stand, so that undo outlives a refresh."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from core.labels.card_parts import Decision
from core.labels.entries import UNDONE
from core.labels.places import handle_of
from core.models import Assignment, Label, Person, RetestLabel, ReviewSession, SkippedResponse


@dataclass(frozen=True)
class _Step:
    """One thing done at a place; `dimension` is None where the response was put aside, `choice` where it was undone."""

    at: datetime
    id: int
    position: int
    form_id: str
    dimension: str | None
    choice: str | None


def last_decisions(session: Session, *, person: Person, review: ReviewSession, count: int = 20) -> Sequence[Decision]:
    """Return the newest decisions of a session that stand, oldest first, each with the answer it took the place of."""
    standing: dict[tuple[str, str | None], Decision] = {}
    choices: dict[tuple[int, str | None], str | None] = {}
    for step in sorted(_steps(session, person, review), key=lambda step: (step.at, step.id)):
        place = step.position, step.dimension
        undone = step.form_id.removesuffix(UNDONE)
        if undone != step.form_id:
            standing.pop((undone, step.dimension), None)
        elif step.choice is None:
            standing = {key: one for key, one in standing.items() if (one.position, one.dimension) != place}
        else:
            handle, before = handle_of(review.id, step.position), choices.get(place)
            decision = Decision(step.position, handle, step.dimension, before, step.form_id)
            standing[step.form_id, step.dimension] = decision
        choices[place] = step.choice
    return list(standing.values())[-count:]


def _steps(session: Session, person: Person, review: ReviewSession) -> Iterator[_Step]:
    """Yield what was done in a session; responses put aside and taken back are left out."""
    given = (col(Label.person_id) == person.id, col(Assignment.is_retest).is_(False))
    yield from _answers(session, review, Label, *given)
    yield from _answers(session, review, RetestLabel, col(RetestLabel.session_id) == review.id)
    skipped = (
        select(SkippedResponse, Assignment.position)
        .join(Assignment, col(Assignment.response_id) == SkippedResponse.response_id)
        .where(
            Assignment.session_id == review.id,
            SkippedResponse.person_id == person.id,
            SkippedResponse.created_at >= review.created_at,
            col(SkippedResponse.taken_back_at).is_(None),
        )
    )
    for row, position in session.exec(skipped):
        yield _Step(row.created_at, row.id, position, row.form_id, None, "aside")


def _answers(
    session: Session, review: ReviewSession, table: type[Label | RetestLabel], *given: ColumnElement[bool]
) -> Iterator[_Step]:
    when: tuple[Any, ...] = (table.submitted_at, table.id, Assignment.position, table.form_id, table.dimension)
    said: tuple[Any, ...] = (table.score, table.cant_say, table.retracted)
    query = (
        sa_select(*when, *said)
        .join(Assignment, col(Assignment.response_id) == table.response_id)
        .where(col(Assignment.session_id) == review.id, *given)
    )
    for at, number, position, form_id, dimension, score, cant_say, retracted in session.execute(query):
        choice = None if retracted else "cant_say" if cant_say else "yes" if score else "no"
        yield _Step(at, number, position, form_id, dimension, choice)

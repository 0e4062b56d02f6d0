"""A lead's decisions on disagreements -> rulings: added, replaced, taken back; nothing is overwritten.

A ruling names the one it saw as newest. If another came in between, it is refused, and the page shows both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.errors import NotFoundError, UserError
from core.labels.disagreements import all_standing, newest_rulings
from core.labels.disputed import disagreement_of
from core.labels.entries import MAX_REASON
from core.models import LabelsSeen, OpinionAsked, Person, Response, Ruling, ScoresSeen
from core.people import open_responses, record_event
from core.rubric import CAUSE_TITLES, OUTCOME_TITLES


class StaleRulingError(UserError):
    """Somebody else ruled on the same dimension since this person opened it."""


@dataclass(frozen=True)
class Decision:
    """What a lead decides on one dimension; `score` is 1 or 0 where one answer is right, else None."""

    outcome: str
    score: int | None
    cause: str
    reason: str = ""


@dataclass(frozen=True)
class RulingsDone:
    """What one person has ruled, as it stands."""

    responses: int
    rulings: int
    by_outcome: dict[str, int]


def rule(
    session: Session, *, person: Person, response_id: int, dimension: str, decision: Decision, replaces: int
) -> Ruling:
    """Store a ruling and return it; sending the same again changes nothing.

    The last one of a response opens its judge and its model's name to the person.

    Args:
        session: to store with.
        person: a lead who has opened the labels.
        response_id: whose labels differ.
        dimension: one they differ on.
        decision: outcome, score, cause and reason.
        replaces: id of the newest ruling on it that the person saw, 0 for none.

    Raises:
        NotFoundError: the labels do not differ there.
        StaleRulingError: another ruling came in between; nothing is stored.
        UserError: the person may not rule here, or the decision is not whole.
    """
    decision = _checked(decision)
    about = disagreement_of(session, person=person, response_id=response_id)
    if dimension not in about.dimensions:
        raise NotFoundError("The labels do not differ on this any more. Load the page again.")
    if session.get(LabelsSeen, (person.id, response_id)) is None:
        raise UserError("Open the labels of this response first.")
    ruling = Ruling(
        response_id=response_id,
        dimension=dimension,
        replaces=replaces,
        outcome=decision.outcome,
        score=decision.score,
        cause=decision.cause,
        reason=decision.reason,
        judge_seen=bool(open_responses(session, person=person, response_ids=[response_id])),
        ruled_by=person.id,
    )
    stored = _stored(session, person, ruling)
    if not [name for name in about.unruled if name != dimension]:
        _open_to(session, person, response_id)
    return stored


def take_back_ruling(session: Session, *, person: Person, ruling_id: int) -> Ruling:
    """Add the row that says none stands in place of a ruling, and return it.

    Raises:
        NotFoundError: there is no such ruling.
        StaleRulingError: it does not stand any more.
        UserError: the person is an expert.
    """
    ruling = session.get(Ruling, ruling_id)
    if ruling is None or ruling.retracted:
        raise NotFoundError("There is no such ruling that could be taken back. Load the page again.")
    disagreement_of(session, person=person, response_id=ruling.response_id)
    copied = ruling.model_dump(exclude={"id", "created_at", "replaces", "retracted", "ruled_by"})
    return _stored(session, person, Ruling(**copied, replaces=ruling_id, retracted=True, ruled_by=person.id))


def undo_last_ruling(session: Session, *, person: Person) -> Ruling:
    """Take back this person's newest ruling that stands and return it.

    Raises:
        UserError: there is none.
    """
    last = session.exec(_standing_of(person).order_by(col(Ruling.id).desc()).limit(1)).first()
    if last is None:
        raise UserError("There is no ruling of yours to take back.")
    take_back_ruling(session, person=person, ruling_id=last.id)
    return last


def ask_opinion(session: Session, *, person: Person, response_id: int) -> None:
    """Ask for one more expert; the response waits until one who counts has labelled.

    Asking again changes nothing: since when it was first asked, labels are none that statistics count.

    Raises:
        UserError: all is ruled, or one more expert was asked before and has labelled since.
    """
    about = disagreement_of(session, person=person, response_id=response_id)
    asked = session.get(OpinionAsked, response_id)
    if asked is not None and about.waiting:
        return
    if asked is not None:
        raise UserError("One more expert was asked before, and has labelled it. Rule on it, or leave it for later.")
    if not about.unruled:
        raise UserError("Everything here is ruled already. Take a ruling back first.")
    session.add(OpinionAsked(response_id=response_id, asked_by=person.id))
    record_event(session, person=person, kind="opinion_asked", subject=f"response/{response_id}")


def take_back_opinion(session: Session, *, person: Person, response_id: int) -> None:
    """Ask for no further expert after all, as long as none has labelled; else nothing changes."""
    about = disagreement_of(session, person=person, response_id=response_id)
    asked = session.get(OpinionAsked, response_id)
    if about.waiting and asked is not None:
        session.delete(asked)
        record_event(session, person=person, kind="opinion_asked_undone", subject=f"response/{response_id}")


def rulings_done(session: Session, *, person: Person, since: datetime) -> RulingsDone:
    """Return what this person has ruled since a time, taken-back rulings left out."""
    rows = session.exec(_standing_of(person).where(Ruling.created_at >= since)).all()
    counts: dict[str, int] = {name: sum(row.outcome == name for row in rows) for name in OUTCOME_TITLES}
    return RulingsDone(len({row.response_id for row in rows}), len(rows), counts)


def ruling_records(session: Session) -> Iterator[dict[str, Any]]:
    """Yield every ruling as one record, in the order they were made; people by pseudonym.

    `superseded`: a later row on the same dimension stands in its place, or took it back. `retracted`: this row is such
    a taking back. `judge_seen`: its author could have seen the judge before.
    """
    rows = session.exec(
        select(Ruling, Response.item_id, Person.pseudonym)
        .join(Response, col(Response.id) == Ruling.response_id)
        .join(Person, col(Person.id) == Ruling.ruled_by)
        .order_by(col(Ruling.id))
    ).all()
    newest = {(row.response_id, row.dimension): row.id for row, *_ in rows}
    for row, item_id, pseudonym in rows:
        fields = row.model_dump(exclude={"id", "created_at", "ruled_by"})
        yield {"item_id": item_id, "ruling_id": row.id, **fields} | {
            "ruled_by": pseudonym,
            "created_at": row.created_at.isoformat(),
            "superseded": newest[row.response_id, row.dimension] != row.id,
        }


def _checked(decision: Decision) -> Decision:
    if decision.outcome not in OUTCOME_TITLES or decision.cause not in CAUSE_TITLES:
        raise UserError("Choose an outcome, and what the disagreement comes from.")
    if (decision.outcome == "settled") != (decision.score in (0, 1)):
        raise UserError("Say yes or no where one answer is right, and neither where it is not.")
    reason = decision.reason.replace("\0", "").strip()
    if len(reason) > MAX_REASON:
        raise UserError(f"The reason has {len(reason):,} characters; {MAX_REASON} are kept. Shorten it.")
    return Decision(decision.outcome, decision.score, decision.cause, reason)


def _stored(session: Session, person: Person, ruling: Ruling) -> Ruling:
    """Add a ruling if the one it replaces is still the newest; the same again gives the one that is there."""
    newest = _newest(session, ruling)
    if newest is not None and _is_same(newest, ruling):
        return newest
    if (newest.id if newest else 0) != ruling.replaces:
        raise StaleRulingError(_who_ruled(session, newest))
    try:
        with session.begin_nested():
            session.add(ruling)
            session.flush()
    except IntegrityError as error:
        raise StaleRulingError(_who_ruled(session, _newest(session, ruling))) from error
    kind = "ruling_taken_back" if ruling.retracted else "ruled"
    record_event(session, person=person, kind=kind, subject=f"response/{ruling.response_id}", ruling=ruling.id)
    return ruling


def _newest(session: Session, ruling: Ruling) -> Ruling | None:
    rows = newest_rulings(session, response_ids=[ruling.response_id])
    return next((row for row in rows if row.dimension == ruling.dimension), None)


def _is_same(one: Ruling, other: Ruling) -> bool:
    told_apart = {"id", "created_at", "judge_seen"}
    return one.model_dump(exclude=told_apart) == other.model_dump(exclude=told_apart)


def _who_ruled(session: Session, newest: Ruling | None) -> str:
    who = session.get_one(Person, newest.ruled_by).name if newest else "Somebody"
    return f"{who} ruled on this since you opened it. Yours is not saved, and kept here: compare the two."


def _standing_of(person: Person) -> SelectOfScalar[Ruling]:
    return all_standing().where(Ruling.ruled_by == person.id)


def _open_to(session: Session, person: Person, response_id: int) -> None:
    if not open_responses(session, person=person, response_ids=[response_id]):
        session.add(ScoresSeen(person_id=person.id, response_id=response_id))

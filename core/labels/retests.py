"""A response labelled a week ago comes back unseen -> answers kept apart, which show how steady a person's are."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from core.errors import UserError
from core.labels.entries import SCORES, AnswerEntry, ConfidenceEntry
from core.models import RetestLabel, ReviewSession
from core.rubric import DIMENSIONS


def save_retest(session: Session, *, review: ReviewSession, entry: AnswerEntry, now: datetime) -> None:
    """Store a decision given anew; sent again, it changes nothing.

    Raises:
        UserError: its four answers are given: it came back to see how steady answers are, and is not revised.
    """
    if session.exec(select(RetestLabel).where(RetestLabel.form_id == entry.form_id)).first() is not None:
        return
    standing = standing_retests(session, review=review, response_ids=[entry.response])
    if len(standing) == len(DIMENSIONS):
        raise UserError("This response came back to see how steady answers are. Its answers stay as they are.")
    if entry.choice == "undone" and entry.dimension not in {row.dimension for row in standing}:
        return
    session.add(
        RetestLabel(
            person_id=review.person_id,
            response_id=entry.response,
            session_id=review.id,
            dimension=entry.dimension,
            form_id=entry.form_id,
            score=SCORES.get(entry.choice),
            cant_say=entry.choice == "cant_say",
            retracted=entry.choice == "undone",
            confidence=entry.confidence,
            submitted_at=now,
        )
    )
    session.flush()


def save_retest_confidence(session: Session, *, review: ReviewSession, entry: ConfidenceEntry) -> None:
    """Write beside the answers given anew how sure their expert is; those given first keep theirs."""
    for row in standing_retests(session, review=review, response_ids=[entry.response]):
        row.confidence = entry.level


def standing_retests(
    session: Session, *, review: ReviewSession, response_ids: Sequence[int] | None = None
) -> list[RetestLabel]:
    """Return the answers given anew in a session that stand: the newest per response and dimension, unless undone.

    All responses of the session unless some are named.
    """
    query = select(RetestLabel).where(RetestLabel.session_id == review.id)
    if response_ids is not None:
        query = query.where(col(RetestLabel.response_id).in_(response_ids))
    rows = session.exec(query.order_by(col(RetestLabel.id)))
    newest = {(row.response_id, row.dimension): row for row in rows}
    return [row for row in newest.values() if not row.retracted]


def retests_done(session: Session, *, review: ReviewSession) -> dict[int, datetime]:
    """Return when the fourth answer was given anew, by response; those with fewer are left out."""
    times: dict[int, list[datetime]] = {}
    for row in standing_retests(session, review=review):
        times.setdefault(row.response_id, []).append(row.submitted_at)
    return {response_id: max(held) for response_id, held in times.items() if len(held) == len(DIMENSIONS)}

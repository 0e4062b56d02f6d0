"""Answers of the browser -> labels and locks, and what is written beside them: reasons, confidence."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Exists, exists
from sqlmodel import Session, col, select

from core.backgrounds import pool_of
from core.consent import refuse_without_consent
from core.errors import UserError
from core.labels.entries import SCORES, AnswerEntry, ConfidenceEntry, ReasonEntry, said
from core.models import Assignment, Item, Label, LabelsSeen, LockedResponse, Person, Response, ReviewSession, ScoresSeen
from core.rubric import DIMENSIONS, RUBRIC, Phase, Pool

# How far a browser's clock, set by the server's, may still be off.
CLOCK_SLACK = timedelta(seconds=5)


@dataclass
class Assigned:
    """What is known of a response that is in one of the person's sessions; read once for a message, kept up to date."""

    review: ReviewSession
    item: Item
    text: str
    is_retest: bool
    pool: Pool
    languages: frozenset[str]
    inclusion_probability: float | None
    locked: bool
    scores_seen: bool
    labels: list[Label]


def assigned_response(session: Session, *, person: Person, response_id: int, session_id: int = 0) -> Assigned:
    """Return what is known of a response in one of the person's sessions; in the newest that holds it where 0 is named.

    Raises:
        UserError: it is in none of the person's sessions, or the person has withdrawn or not agreed.
    """
    refuse_without_consent(session, person=person)
    query = (
        select(Assignment, ReviewSession, Response, Item)
        .join(ReviewSession, col(ReviewSession.id) == Assignment.session_id)
        .join(Response, col(Response.id) == Assignment.response_id)
        .join(Item, col(Item.id) == Response.item_id)
        .where(Assignment.response_id == response_id, ReviewSession.person_id == person.id)
        .order_by(col(ReviewSession.id).desc())
        .limit(1)
    )
    row = session.exec(query.where(ReviewSession.id == session_id) if session_id else query).first()
    if row is None:
        raise UserError("This response is in none of your sessions. Load the page again.")
    place, review, response, item = row
    languages = session.exec(select(Item.language).where(Item.base_item_id == item.base_item_id)).all()
    labels = select(Label).where(Label.person_id == person.id, Label.response_id == response_id)
    locked, scores_seen, labels_seen = session.exec(
        select(
            _is_there(LockedResponse, person, response_id),
            _is_there(ScoresSeen, person, response_id),
            _is_there(LabelsSeen, person, response_id),
        )
    ).one()
    return Assigned(
        review=review,
        item=item,
        text=response.text,
        is_retest=place.is_retest,
        pool=pool_of(session, person=person, country=item.country),
        languages=frozenset((*languages, "en")),
        inclusion_probability=place.inclusion_probability,
        locked=locked,
        scores_seen=scores_seen or labels_seen,
        labels=list(session.exec(labels.order_by(col(Label.id)))),
    )


def _is_there(table: type[LockedResponse | ScoresSeen | LabelsSeen], person: Person, response_id: int) -> Exists:
    return exists().where(col(table.person_id) == person.id, col(table.response_id) == response_id)


def save_answer(session: Session, *, person: Person, entry: AnswerEntry, assigned: Assigned, now: datetime) -> None:
    """Store a decision, or its undoing; the fourth answer locks the response. Sent again, it changes nothing.

    Raises:
        UserError: the four answers are locked and one was to be undone, or another answer was given elsewhere.
    """
    if any(row.form_id == entry.form_id and row.dimension == entry.dimension for row in assigned.labels):
        return
    if entry.choice == "undone" and assigned.locked:
        raise UserError("These four answers are locked. Press M to revise one of them.")
    standing = {row.dimension: row for row in assigned.labels}
    _refuse_if_stale(entry, standing.get(entry.dimension))
    label = _label(person, entry, assigned, now)
    if entry.choice == "undone":
        undone = standing.get(entry.dimension)
        if undone is None or undone.retracted:
            return
        label.score, label.cant_say, label.retracted = undone.score, undone.cant_say, True
    session.add(label)
    assigned.labels.append(label)
    standing[entry.dimension] = label
    if not assigned.locked and all(d in standing and not standing[d].retracted for d in DIMENSIONS):
        session.add(LockedResponse(person_id=person.id, response_id=entry.response, locked_at=now))
        assigned.locked = True


def _refuse_if_stale(entry: AnswerEntry, standing: Label | None) -> None:
    """Refuse an answer that was given without knowing of one given elsewhere: both are named, nothing is overwritten.

    Raises:
        UserError: another answer stands than the one the browser knew, and it says something else.
    """
    if entry.replaces is None or standing is None or standing.retracted or standing.form_id == entry.replaces:
        return
    if entry.choice != "undone" and (standing.score, standing.cant_say) == (
        SCORES.get(entry.choice),
        entry.choice == "cant_say",
    ):
        return
    there = said(standing.score, standing.cant_say)
    here = "nothing" if entry.choice == "undone" else said(SCORES[entry.choice], entry.choice == "cant_say")
    raise UserError(
        f"{RUBRIC[entry.dimension].title}: in another window you answered {there}, here {here}. "
        f"The answer {there} stands; give yours again if you mean it."
    )


def _label(person: Person, entry: AnswerEntry, assigned: Assigned, now: datetime) -> Label:
    phase: Phase = "revised" if assigned.locked else "unblinded" if assigned.scores_seen else "blind"
    earliest = assigned.review.created_at - CLOCK_SLACK
    opened_at = _plausible(entry.opened_at, earliest, now)
    return Label(
        person_id=person.id,
        response_id=entry.response,
        dimension=entry.dimension,
        form_id=entry.form_id,
        phase=phase,
        score=SCORES.get(entry.choice),
        cant_say=entry.choice == "cant_say",
        confidence=entry.confidence,
        pool=assigned.pool,
        reason=entry.reason.strip() or None,
        language_shown=entry.language_shown if entry.language_shown in assigned.languages else assigned.item.language,
        translation_shown=entry.translation_shown,
        inclusion_probability=assigned.inclusion_probability,
        opened_at=opened_at,
        first_key_at=_plausible(entry.first_key_at, opened_at or earliest, now),
        submitted_at=now,
    )


def _plausible(milliseconds: int | None, earliest: datetime, now: datetime) -> datetime | None:
    """Return a time the browser named, or None when it lies before the session or after now."""
    if milliseconds is None:
        return None
    named = datetime.fromtimestamp(min(milliseconds, 4_102_444_800_000) / 1000, UTC)
    return min(named, now) if earliest <= named <= now + CLOCK_SLACK else None


def save_reason(*, entry: ReasonEntry, assigned: Assigned) -> None:
    """Write a reason beside a revision that has none yet; a reason once given stays."""
    labels = [row for row in assigned.labels if row.form_id == entry.label and row.phase == "revised"]
    if not labels:
        raise UserError("The revision this reason belongs to is not stored. Revise the answer again.")
    for label in labels:
        label.reason = label.reason or entry.text.strip() or None


def save_confidence(*, entry: ConfidenceEntry, assigned: Assigned) -> None:
    """Write beside the answers that stand how sure their expert is."""
    for label in {row.dimension: row for row in assigned.labels}.values():
        if not label.retracted:
            label.confidence = entry.level

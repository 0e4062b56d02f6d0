"""Answers of the browser -> labels and locks, and what is written beside them: reasons, confidence."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, select

from core.errors import UserError
from core.labels.assigned import Assigned
from core.labels.entries import SCORES, AnswerEntry, ConfidenceEntry, ReasonEntry, said
from core.models import Item, Label, LockedResponse, Person
from core.rubric import DIMENSIONS, RUBRIC, Phase

# How far a browser's clock, set by the server's, may still be off.
CLOCK_SLACK = timedelta(seconds=5)


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
    label.language_shown = _language_shown(session, entry, assigned)
    if entry.choice == "undone":
        undone = standing.get(entry.dimension)
        if undone is None or undone.retracted:
            return
        label.score, label.cant_say, label.retracted = undone.score, undone.cant_say, True
    session.add(label)
    assigned.labels.append(label)
    standing[entry.dimension] = label
    if not assigned.locked and all(d in standing and not standing[d].retracted for d in DIMENSIONS):
        session.add(LockedResponse(person_id=person.id, response_id=entry.response, pool=assigned.pool, locked_at=now))
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
        language_shown=assigned.language,
        translation_shown=entry.translation_shown,
        inclusion_probability=assigned.inclusion_probability,
        opened_at=opened_at,
        first_key_at=_plausible(entry.first_key_at, opened_at or earliest, now),
        submitted_at=now,
    )


def _language_shown(session: Session, entry: AnswerEntry, assigned: Assigned) -> str:
    """Return the language the browser named if the item can be read in it, else the item's own."""
    named = entry.language_shown
    if not named or named in (assigned.language, "en"):
        return named or assigned.language
    wording = select(Item.id).where(Item.base_item_id == assigned.base_item_id, col(Item.language) == named)
    return named if session.exec(wording.limit(1)).first() else assigned.language


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

"""Entries of the browser -> labels, locks and notes, once each however often they arrive."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col, select

from core.db import transaction
from core.errors import UserError
from core.labels.entries import (
    MAX_ENTRIES,
    MAX_OF_A_RESPONSE,
    SCORES,
    AnswerEntry,
    NoteEntry,
    ReasonEntry,
    form_id_of,
    read_entry,
)
from core.labels.places import with_response_ids
from core.models import (
    Assignment,
    Item,
    Label,
    LockedResponse,
    Note,
    Person,
    Response,
    ReviewSession,
    ScoresSeen,
    utc_now,
)
from core.rubric import DIMENSIONS, Phase

# How far a browser's clock, set by the server's, may still be off.
CLOCK_SLACK = timedelta(seconds=5)


@dataclass(frozen=True)
class Receipt:
    """What became of a message: ids of entries now stored, reasons by id of those refused, or one problem for all."""

    saved_at: datetime
    stored: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    problem: str | None = None


@dataclass
class _Assigned:
    """What is known of a response that is in one of the person's sessions; read once for a message, kept up to date."""

    language: str
    languages: frozenset[str]
    inclusion_probability: float | None
    session_created_at: datetime
    locked: bool
    scores_seen: bool
    labels: list[Label]


def store_message(person: Person, entries: Sequence[object]) -> Receipt:
    """Store the browser's message in one transaction and return its receipt; sending it again changes nothing.

    A database that cannot be written to now is a problem named in the receipt; the browser keeps its entries then.
    """
    try:
        with transaction() as session:
            named = with_response_ids(session, person=person, entries=entries[:MAX_ENTRIES])
            return save_entries(session, person=person, entries=named)
    except (OperationalError, IntegrityError):
        return Receipt(
            saved_at=utc_now(), problem="the workspace cannot be written to right now (busy, or its disk is full)"
        )


def save_entries(session: Session, *, person: Person, entries: Sequence[object]) -> Receipt:
    """Store entries in the order given and return the receipt; an entry that is not allowed is refused by itself.

    What is beyond the bounds of a message is neither stored nor refused: the browser sends it again.
    """
    receipt = Receipt(saved_at=utc_now())
    known: dict[int, _Assigned] = {}
    counts: Counter[int] = Counter()
    for raw in entries[:MAX_ENTRIES]:
        form_id = form_id_of(raw)
        try:
            entry = read_entry(raw)
            counts[entry.response] += 1
            if counts[entry.response] > MAX_OF_A_RESPONSE:
                continue
            if entry.response not in known:
                known[entry.response] = _assigned(session, person=person, response_id=entry.response)
            _save_entry(session, person=person, entry=entry, assigned=known[entry.response], now=receipt.saved_at)
            receipt.stored.append(entry.form_id)
        except UserError as error:
            if form_id:
                receipt.refused[form_id] = str(error)
    session.flush()
    return receipt


def _save_entry(
    session: Session,
    *,
    person: Person,
    entry: AnswerEntry | ReasonEntry | NoteEntry,
    assigned: _Assigned,
    now: datetime,
) -> None:
    if isinstance(entry, AnswerEntry):
        _save_answer(session, person=person, entry=entry, assigned=assigned, now=now)
    elif isinstance(entry, NoteEntry):
        _save_note(session, person=person, entry=entry, now=now)
    else:
        _save_reason(entry=entry, assigned=assigned)


def _assigned(session: Session, *, person: Person, response_id: int) -> _Assigned:
    """Return what is known of a response; the newest session that holds it counts.

    Raises:
        UserError: it is in none of the person's sessions.
    """
    row = session.exec(
        select(Item.language, Item.base_item_id, Assignment.inclusion_probability, ReviewSession.created_at)
        .select_from(Assignment)
        .join(ReviewSession, col(ReviewSession.id) == Assignment.session_id)
        .join(Response, col(Response.id) == Assignment.response_id)
        .join(Item, col(Item.id) == Response.item_id)
        .where(Assignment.response_id == response_id, ReviewSession.person_id == person.id)
        .order_by(col(ReviewSession.id).desc())
        .limit(1)
    ).first()
    if row is None:
        raise UserError("This response is in none of your sessions. Load the page again.")
    language, base_item_id, inclusion_probability, created_at = row
    languages = session.exec(select(Item.language).where(Item.base_item_id == base_item_id)).all()
    labels = select(Label).where(Label.person_id == person.id, Label.response_id == response_id)
    return _Assigned(
        language=language,
        languages=frozenset((*languages, "en")),
        inclusion_probability=inclusion_probability,
        session_created_at=created_at,
        locked=session.get(LockedResponse, (person.id, response_id)) is not None,
        scores_seen=session.get(ScoresSeen, (person.id, response_id)) is not None,
        labels=list(session.exec(labels.order_by(col(Label.id)))),
    )


def _save_answer(session: Session, *, person: Person, entry: AnswerEntry, assigned: _Assigned, now: datetime) -> None:
    if any(row.form_id == entry.form_id and row.dimension == entry.dimension for row in assigned.labels):
        return
    if entry.choice == "undone" and assigned.locked:
        raise UserError("These four answers are locked. Press M to revise one of them.")
    standing = {row.dimension: row for row in assigned.labels}
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


def _label(person: Person, entry: AnswerEntry, assigned: _Assigned, now: datetime) -> Label:
    phase: Phase = "revised" if assigned.locked else "unblinded" if assigned.scores_seen else "blind"
    earliest = assigned.session_created_at - CLOCK_SLACK
    opened_at = _plausible(entry.opened_at, earliest, now)
    return Label(
        person_id=person.id,
        response_id=entry.response,
        dimension=entry.dimension,
        form_id=entry.form_id,
        phase=phase,
        score=SCORES.get(entry.choice),
        cant_say=entry.choice == "cant_say",
        reason=entry.reason.strip() or None,
        language_shown=entry.language_shown if entry.language_shown in assigned.languages else assigned.language,
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


def _save_note(session: Session, *, person: Person, entry: NoteEntry, now: datetime) -> None:
    known = session.exec(select(Note).where(Note.form_id == entry.form_id)).first()
    if known is None:
        session.add(
            Note(
                person_id=person.id,
                response_id=entry.response,
                form_id=entry.form_id,
                text=entry.text.strip(),
                created_at=now,
            )
        )
    elif (known.person_id, known.response_id, known.text) != (person.id, entry.response, entry.text.strip()):
        raise UserError("The page sent two notes under one name. Load the page again, and write the note again.")


def _save_reason(*, entry: ReasonEntry, assigned: _Assigned) -> None:
    """Write a reason beside a revision that has none yet; a reason once given stays."""
    labels = [row for row in assigned.labels if row.form_id == entry.label and row.phase == "revised"]
    if not labels:
        raise UserError("The revision this reason belongs to is not stored. Revise the answer again.")
    for label in labels:
        label.reason = label.reason or entry.text.strip() or None

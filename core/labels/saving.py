"""Entries of the browser -> labels, locks and notes, once each however often they arrive."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, select

from core.benchmark.errata import propose_erratum
from core.db import transaction
from core.errors import UserError
from core.labels.answers import save_answer, save_confidence, save_reason
from core.labels.assigned import Assigned, assigned_response
from core.labels.entries import (
    MAX_ENTRIES,
    MAX_OF_A_RESPONSE,
    UNDONE,
    AnswerEntry,
    ConfidenceEntry,
    Entry,
    ErratumEntry,
    NoteEntry,
    PhraseEntry,
    ReasonEntry,
    SkipEntry,
    form_id_of,
    read_entry,
)
from core.labels.leases import renew_leases
from core.labels.phrases import save_phrase
from core.labels.places import with_response_ids
from core.labels.retests import save_retest, save_retest_confidence
from core.labels.skipping import skip_response, take_back_skip
from core.models import (
    Note,
    Person,
    SkippedResponse,
    utc_now,
)


@dataclass(frozen=True)
class Receipt:
    """What became of a message: ids of entries now stored, reasons by id of those refused, or one problem for all."""

    saved_at: datetime
    stored: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    problem: str | None = None


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
    known: dict[tuple[int, int], Assigned] = {}
    counts: Counter[int] = Counter()
    for number, raw in enumerate(entries[:MAX_ENTRIES]):
        # So their times tell the order of a message's entries, whatever table each lies in.
        now = receipt.saved_at + timedelta(microseconds=number)
        form_id = form_id_of(raw)
        try:
            entry = read_entry(raw)
            counts[entry.response] += 1
            if counts[entry.response] > MAX_OF_A_RESPONSE:
                continue
            place = (entry.response, entry.session)
            if place not in known:
                known[place] = assigned_response(session, person=person, response_id=place[0], session_id=place[1])
            _save_entry(session, person=person, entry=entry, assigned=known[place], now=now)
            receipt.stored.append(entry.form_id)
        except UserError as error:
            if form_id:
                receipt.refused[form_id] = str(error)
    for assigned in {assigned.review.id: assigned for assigned in known.values()}.values():
        renew_leases(session, review=assigned.review, held_until=assigned.held_until)
    session.flush()
    return receipt


def _save_entry(session: Session, *, person: Person, entry: Entry, assigned: Assigned, now: datetime) -> None:
    match entry:
        case AnswerEntry() if assigned.is_retest:
            save_retest(session, review=assigned.review, entry=entry, now=now)
        case AnswerEntry():
            save_answer(session, person=person, entry=entry, assigned=assigned, now=now)
        case NoteEntry():
            _save_note(session, person=person, entry=entry, now=now)
        case ReasonEntry():
            save_reason(entry=entry, assigned=assigned)
        case ConfidenceEntry() if assigned.is_retest:
            save_retest_confidence(session, review=assigned.review, entry=entry)
        case ConfidenceEntry():
            save_confidence(entry=entry, assigned=assigned)
        case PhraseEntry():
            save_phrase(session, person=person, entry=entry, text=assigned.text, now=now)
        case SkipEntry():
            _save_skip(session, person=person, entry=entry, assigned=assigned, now=now)
        case ErratumEntry():
            propose_erratum(
                session,
                person=person,
                item_id=assigned.item_id,
                kind=entry.fault,
                proposed=entry.proposed.strip() or None,
                reason=entry.reason,
                form_id=entry.form_id,
            )


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


def _save_skip(session: Session, *, person: Person, entry: SkipEntry, assigned: Assigned, now: datetime) -> None:
    if entry.how == "back":
        named = select(SkippedResponse).where(SkippedResponse.form_id == entry.form_id.removesuffix(UNDONE))
        known = session.exec(named).first()
        # Sent again, it must not take back what was put aside since.
        if known is None or known.taken_back_at is None:
            take_back_skip(session, review=assigned.review, response_id=entry.response)
        return
    row = skip_response(
        session,
        person=person,
        response_id=entry.response,
        # There is no later for a retest; that it is one must not show.
        kind="not_for_me" if assigned.is_retest else entry.how,
        reason=entry.reason,
        form_id=entry.form_id,
        is_retest=assigned.is_retest,
    )
    # One that was stored before keeps its time.
    row.created_at = min(row.created_at, now)

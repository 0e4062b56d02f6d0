"""Corrections of items by people: proposed, agreed with, accepted. The item and its raw record stay as they came."""

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, delete, select

from core.backgrounds import pool_of
from core.benchmark.corrected import CorrectedItem, corrected
from core.benchmark.errata_checks import LONGEST_FORM_ID, LONGEST_REASON, checked_passage, checked_proposal
from core.benchmark.places import known_places
from core.consent import refuse_without_consent
from core.errors import NotFoundError, UserError
from core.models import Erratum, ErratumVote, Item, Person, utc_now
from core.passed import is_passed
from core.people import needs_lead, record_event
from core.rubric import ErratumStatus

# So many experts from the country accept an erratum without a lead.
EXPERTS_NEEDED = 2


def propose_erratum(
    session: Session, *, person: Person, item_id: str, kind: str, proposed: str | None, reason: str, form_id: str
) -> Erratum:
    """Return the stored erratum; the same form_id again returns the one from before.

    Who proposes what somebody else has proposed already agrees with that one.

    Args:
        session: to write with.
        person: who proposes it; from the country, they count as one of the two experts.
        item_id: what it is about.
        kind: one of `ERRATUM_TITLES`.
        proposed: how it should read: the whole norm or query, a country's name, a domain. None where a norm does not
            hold at all, and for `not_shown`.
        reason: in the person's words.
        form_id: made by the screen for one proposal.

    Raises:
        NotFoundError: there is no such item.
        UserError: the person has withdrawn or not agreed, a text is missing, too long or no text, the country or
            domain is not known, or nothing would change.
    """
    refuse_without_consent(session, person=person)
    if not form_id or len(form_id) > LONGEST_FORM_ID:
        raise UserError("This correction came without its number. Load the page again and send it anew.")
    stored = session.exec(select(Erratum).where(Erratum.form_id == form_id)).first()
    if stored is not None:
        return stored
    item = _item_open_to_errata(session, item_id)
    text = checked_proposal(
        kind,
        proposed,
        item=item,
        now=corrected(item, errata_of(session, item_ids=[item_id], status="accepted")),
        countries=known_places(session),
    )
    reason = checked_passage(reason, "reason", LONGEST_REASON)
    if not text and not reason:
        raise UserError("Say in a sentence what is wrong, so that others can agree or disagree.")
    same = (Erratum.item_id == item_id, Erratum.kind == kind, Erratum.proposed == text, Erratum.status == "open")
    known = session.exec(select(Erratum).where(*same)).first()
    if known is not None:
        return known if known.person_id == person.id else vote(session, person=person, erratum_id=known.id, agrees=True)
    erratum = Erratum(item_id=item_id, kind=kind, proposed=text, reason=reason, form_id=form_id, person_id=person.id)
    session.add(erratum)
    session.flush()
    record_event(session, person=person, kind="erratum_proposed", subject=f"erratum/{erratum.id}", item=item_id)
    return erratum


def vote(session: Session, *, person: Person, erratum_id: int, agrees: bool) -> Erratum:
    """Keep one person's vote, in place of their earlier one; the second expert from the country accepts the erratum.

    Raises:
        UserError: the person has withdrawn or not agreed, it is their own, or it is decided.
    """
    refuse_without_consent(session, person=person)
    erratum = _erratum(session, erratum_id)
    if erratum.person_id == person.id:
        raise UserError("You proposed this correction: others agree or disagree. You can take it back.")
    if erratum.status != "open":
        raise UserError("This correction is decided by now. Load the page again to see how.")
    held = session.get(ErratumVote, (erratum_id, person.id))
    if held is None:
        session.add(ErratumVote(erratum_id=erratum_id, person_id=person.id, agrees=agrees))
    else:
        held.agrees, held.created_at = agrees, utc_now()
    record_event(session, person=person, kind="erratum_vote", subject=f"erratum/{erratum_id}", agrees=agrees)
    return _counted_anew(session, erratum)


def take_back_vote(session: Session, *, person: Person, erratum_id: int) -> Erratum:
    """Remove a person's own vote; an erratum that two experts accepted by it is open again.

    Raises:
        UserError: a lead has decided since, or there is no vote of theirs.
    """
    erratum = _erratum(session, erratum_id)
    if erratum.decided_by is not None:
        raise UserError("This correction is decided by now. Ask a lead if it should be another way.")
    chosen = (col(ErratumVote.erratum_id) == erratum_id, col(ErratumVote.person_id) == person.id)
    found = session.exec(delete(ErratumVote).where(*chosen))
    if not found.rowcount:
        raise UserError("There is no vote of yours to take back.")
    record_event(session, person=person, kind="erratum_vote_undone", subject=f"erratum/{erratum_id}")
    return _counted_anew(session, erratum)


def take_back_erratum(session: Session, *, person: Person, erratum_id: int) -> Erratum:
    """Close a person's own erratum that is still open.

    Raises:
        UserError: it is somebody else's, or decided.
    """
    erratum = _erratum(session, erratum_id)
    if erratum.person_id != person.id or erratum.status != "open":
        raise UserError("Only an open correction of your own can be taken back.")
    return _decided(session, erratum, person, "rejected", "Taken back by who proposed it.")


def decide_erratum(
    session: Session, *, person: Person, erratum_id: int, status: ErratumStatus, reason: str = ""
) -> Erratum:
    """Accept or reject an erratum as a lead; an accepted one can be rejected later, and the other way round.

    Raises:
        UserError: the person is an expert, or it is to be rejected without a reason.
    """
    needs_lead(person, "decide about corrections")
    erratum = _erratum(session, erratum_id)
    reason = checked_passage(reason, "reason", LONGEST_REASON)
    if status == "open" or (status == "rejected" and not reason):
        raise UserError("Say why you reject it: whoever proposed it will read that.")
    return _decided(session, erratum, person, status, reason)


def open_errata(session: Session, *, item_ids: Collection[str]) -> Sequence[Erratum]:
    """Return the open errata of items, oldest first."""
    return errata_of(session, item_ids=item_ids, status="open")


def errata_of(session: Session, *, item_ids: Collection[str], status: ErratumStatus) -> Sequence[Erratum]:
    """Return the errata of items that have this status, oldest first."""
    wanted = select(Erratum).where(col(Erratum.item_id).in_(item_ids), Erratum.status == status)
    return session.exec(wanted.order_by(col(Erratum.id))).all()


def items_with_errata(session: Session, *, status: ErratumStatus) -> set[str]:
    """Return the ids of items that have an erratum of this status."""
    return set(session.exec(select(Erratum.item_id).where(Erratum.status == status).distinct()))


def corrected_items(session: Session) -> dict[str, CorrectedItem]:
    """Return how the items that have accepted errata read corrected, by id; all other items are as they came."""
    rows = session.exec(
        select(Item, Erratum)
        .join(Erratum, col(Erratum.item_id) == Item.id)
        .where(Erratum.status == "accepted")
        .order_by(col(Erratum.id))
    ).all()
    by_item: dict[str, list[Erratum]] = {}
    for item, erratum in rows:
        by_item.setdefault(item.id, []).append(erratum)
    return {item.id: corrected(item, by_item[item.id]) for item, _ in rows}


def is_from_any(session: Session, person: Person, countries: Collection[str]) -> bool:
    """Return whether a person is from one of the countries."""
    return any(pool_of(session, person=person, country=country) == "from" for country in countries)


def countries_asked(item: Item, erratum: Erratum, now: CorrectedItem) -> set[str]:
    """Return whose experts decide: those of the country the item is of now, and of the one it is said to be of."""
    named = {now.country or item.country, erratum.proposed if erratum.kind == "wrong_country" else None}
    return {country for country in named if country}


def _item_open_to_errata(session: Session, item_id: str) -> Item:
    item = session.get(Item, item_id)
    if item is None:
        raise NotFoundError(f"There is no item {item_id[:80]} in this workspace. Choose one in Browse.")
    if not is_passed(session, item_id=item_id):
        raise UserError("This item waits for a second person. Whoever checks it can return it with a note.")
    return item


def _erratum(session: Session, erratum_id: int) -> Erratum:
    """Return an erratum as it is now; no second vote is counted until this one is."""
    erratum = session.get(Erratum, erratum_id, populate_existing=True, with_for_update=True)
    if erratum is None:
        raise NotFoundError(f"There is no correction {erratum_id} in this workspace. Choose one of the list.")
    return erratum


def _counted_anew(session: Session, erratum: Erratum) -> Erratum:
    """Accept an erratum that enough experts from the country stand behind, and open it again where they do not."""
    session.flush()
    item = session.get_one(Item, erratum.item_id)
    others = errata_of(session, item_ids=[item.id], status="accepted")
    asked = countries_asked(item, erratum, corrected(item, [row for row in others if row.id != erratum.id]))
    agreeing = select(ErratumVote.person_id).where(ErratumVote.erratum_id == erratum.id, col(ErratumVote.agrees))
    people = session.exec(select(Person).where(col(Person.id).in_({erratum.person_id, *session.exec(agreeing)}))).all()
    enough = sum(is_from_any(session, person, asked) for person in people) >= EXPERTS_NEEDED
    if enough != (erratum.status == "accepted"):
        erratum.status, erratum.decided_at = ("accepted", utc_now()) if enough else ("open", None)
        record_event(session, person=None, kind=f"erratum_{erratum.status}", subject=f"erratum/{erratum.id}")
    session.flush()
    return erratum


def _decided(session: Session, erratum: Erratum, person: Person, status: ErratumStatus, note: str) -> Erratum:
    before = erratum.status
    erratum.status, erratum.decided_by, erratum.decided_at = status, person.id, utc_now()
    erratum.decision_note = note
    subject = f"erratum/{erratum.id}"
    record_event(session, person=person, kind=f"erratum_{status}", subject=subject, before=before, note=note)
    session.flush()
    return erratum

"""Items that people here write: stored like imported ones, and used once a second person has accepted them."""

import hashlib

from sqlalchemy import insert
from sqlmodel import Session, col, delete, select

from core.backgrounds import countries_known, pool_of
from core.benchmark.errata_checks import LONGEST_FORM_ID, LONGEST_REASON, checked_passage
from core.benchmark.images import SUFFIXES, StoredImage
from core.benchmark.importer import add_images, item_row
from core.benchmark.own_drafts import OwnDraft, checked_draft, records_of
from core.benchmark.pictures import Picture
from core.benchmark.reader import ItemRecord
from core.benchmark.settling import mark_duplicates, settle_families
from core.consent import refuse_without_consent
from core.errors import NotFoundError, UserError
from core.models import Image, Item, ItemWarning, OwnItem, Person, utc_now
from core.people import MAY_LEAD, record_event


def propose_own_item(
    session: Session, *, person: Person, draft: OwnDraft, picture: StoredImage, form_id: str
) -> list[Item]:
    """Return the new item's wordings, English first; the same form_id again returns those stored.

    Nothing uses it before `review_own_item` has accepted it.

    Raises:
        UserError: something in it is missing, an expert writes for a country they have not named, or the person has
            withdrawn or not agreed.
    """
    refuse_without_consent(session, person=person)
    if not form_id or len(form_id) > LONGEST_FORM_ID:
        raise UserError("This item came without its number. Load the page again and send it anew.")
    index = _index(form_id)
    stored = _wordings(session, f"own/{index}")
    if stored:
        return stored
    draft = checked_draft(draft)
    _needs_to_know(session, person, draft.country)
    records = records_of(draft, index=index, picture=_place(picture))
    add_images(session, [Picture("ok", stored=picture)])
    session.execute(insert(Item), [item_row(record, Picture("ok", stored=picture)) for record in records])
    for record in records:
        session.add(OwnItem(item_id=record.item_id, author_id=person.id))
    _settle(session, records)
    record_event(session, person=person, kind="own_item_proposed", subject=f"own_item/{index}")
    return _wordings(session, f"own/{index}")


def change_own_item(
    session: Session, *, person: Person, base_item_id: str, draft: OwnDraft, picture: StoredImage | None = None
) -> list[Item]:
    """Return the wordings of a returned item as its author changed them; it waits for a second person again.

    The records from before stand in the event. The language stays: another one is another item.

    Args:
        session: to write with.
        person: the author.
        base_item_id: of the item.
        draft: all of it anew.
        picture: None keeps the one it has.

    Raises:
        NotFoundError: there is no such item.
        UserError: it is not theirs, not returned, something is missing, or they have withdrawn or not agreed.
    """
    refuse_without_consent(session, person=person)
    rows, own = _own_rows(session, base_item_id)
    if own[0].author_id != person.id or own[0].status != "returned":
        raise UserError("Only who wrote an item changes it, once it was returned.")
    if draft.language != rows[-1].language:
        raise UserError("The language of an item stays. Write a new item for another language.")
    draft = checked_draft(draft)
    _needs_to_know(session, person, draft.country)
    kept = picture or _stored_picture(session, rows[0])
    records = records_of(draft, index=rows[0].source_index, picture=_place(kept))
    before = [row.raw for row in rows]
    add_images(session, [Picture("ok", stored=kept)])
    for row, record in zip(rows, records, strict=True):
        # A family without a name is settled as if it had just come in.
        for name, held in item_row(record, Picture("ok", stored=kept)).items():
            setattr(row, name, held)
    for state in own:
        state.status = "proposed"
    _settle(session, records)
    subject = f"own_item/{rows[0].source_index}"
    record_event(session, person=person, kind="own_item_changed", subject=subject, before=before)
    return _wordings(session, base_item_id)


def review_own_item(session: Session, *, person: Person, base_item_id: str, accepts: bool, note: str = "") -> None:
    """Accept a proposed item, or return it to its author with a note; never the author, of experts only the country's.

    Raises:
        NotFoundError: there is no such item.
        UserError: the person may not, it is decided by now, or it is to be returned without a note.
    """
    refuse_without_consent(session, person=person)
    rows, own = _own_rows(session, base_item_id)
    note = checked_passage(note, "note", LONGEST_REASON)
    if own[0].author_id == person.id:
        raise UserError("You wrote this item: a second person checks it.")
    if not may_review(session, person=person, country=rows[0].country):
        raise UserError(f"An expert from {rows[0].country}, or a lead, checks this item.")
    if own[0].status != "proposed":
        raise UserError("Somebody has checked this item by now. Load the page again to see it.")
    if not accepts and not note:
        raise UserError("Say what is to be changed: the author reads your note.")
    for state in own:
        state.status = "accepted" if accepts else "returned"
        state.reviewer_id, state.review_note, state.reviewed_at = person.id, note, utc_now()
    kind = f"own_item_{own[0].status}"
    record_event(session, person=person, kind=kind, subject=f"own_item/{rows[0].source_index}", note=note)
    session.flush()


def may_review(session: Session, *, person: Person, country: str | None) -> bool:
    """Return whether a person may check items of a country that others wrote."""
    return person.role in MAY_LEAD or pool_of(session, person=person, country=country) == "from"


def _needs_to_know(session: Session, person: Person, country: str) -> None:
    known = {name.casefold() for name in countries_known(session, person=person)}
    if person.role not in MAY_LEAD and country.casefold() not in known:
        raise UserError(f"You have not named {country} among the countries you know. Write about one of those.")


def _index(form_id: str) -> str:
    """Return the index of the item a form made: digits as CROSS has them, the same for the same form."""
    return f"written_{int.from_bytes(hashlib.blake2b(form_id.encode(), digest_size=6).digest())}"


def _place(picture: StoredImage) -> str:
    return f"images/own/{picture.sha256}.{SUFFIXES[picture.media_type]}"


def _stored_picture(session: Session, row: Item) -> StoredImage:
    image = session.get_one(Image, row.image_sha256)
    return StoredImage(image.sha256, image.media_type, image.width, image.height, image.byte_count)


def _settle(session: Session, records: list[ItemRecord]) -> None:
    """Write the warnings of the records anew, and settle what depends on all items together."""
    session.flush()
    ids = [record.item_id for record in records]
    session.exec(delete(ItemWarning).where(col(ItemWarning.item_id).in_(ids)))
    for record in records:
        for code, detail in record.warnings:
            session.add(ItemWarning(item_id=record.item_id, code=code, detail=detail))
    session.flush()
    settle_families(session)
    mark_duplicates(session)
    session.expire_all()


def _wordings(session: Session, base_item_id: str) -> list[Item]:
    """Return the English wording and the translation of one of our own items."""
    wanted = select(Item).join(OwnItem, col(OwnItem.item_id) == Item.id).where(Item.base_item_id == base_item_id)
    return list(session.exec(wanted.order_by(Item.wording)))


def _own_rows(session: Session, base_item_id: str) -> tuple[list[Item], list[OwnItem]]:
    rows = _wordings(session, base_item_id)
    if not rows:
        raise NotFoundError(f"There is no item {base_item_id[:80]} that somebody here wrote. Choose one of the list.")
    locked = select(OwnItem).where(col(OwnItem.item_id).in_([row.id for row in rows])).order_by(OwnItem.item_id)
    return rows, list(session.exec(locked.with_for_update().execution_options(populate_existing=True)))

"""Words of a response that an expert marks as offending."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from core.errors import UserError
from core.labels.entries import PhraseEntry
from core.models import MarkedPhrase, Person

LONGEST_PHRASE = 1000


def save_phrase(session: Session, *, person: Person, entry: PhraseEntry, text: str, now: datetime) -> None:
    """Store a mark, or take one of the same name away; sent again, it changes nothing.

    Args:
        session: to store with.
        person: whose mark it is.
        entry: the mark; its places are code points of the text.
        text: of the response.
        now: the time it came.

    Raises:
        UserError: there are no such places in the text, or too many, or the name belongs to another mark.
    """
    stored = session.exec(select(MarkedPhrase).where(MarkedPhrase.form_id == entry.form_id)).first()
    if stored is None and not entry.removed:
        if not entry.begins < entry.ends <= len(text) or entry.ends - entry.begins > LONGEST_PHRASE:
            raise UserError(f"Mark words of the response, at most {LONGEST_PHRASE:,} characters of it.")
        session.add(
            MarkedPhrase(
                person_id=person.id,
                response_id=entry.response,
                form_id=entry.form_id,
                begins=entry.begins,
                ends=entry.ends,
                phrase=text[entry.begins : entry.ends],
                created_at=now,
            )
        )
        session.flush()
    elif stored is not None:
        if (stored.person_id, stored.response_id) != (person.id, entry.response):
            raise UserError("The page sent two marks under one name. Load the page again.")
        stored.removed = stored.removed or entry.removed


def phrases_of(session: Session, *, person: Person, response_ids: Sequence[int]) -> Sequence[MarkedPhrase]:
    """Return a person's marks that stand, in the order of the text."""
    return session.exec(
        select(MarkedPhrase)
        .where(
            MarkedPhrase.person_id == person.id,
            col(MarkedPhrase.response_id).in_(response_ids),
            col(MarkedPhrase.removed).is_(False),
        )
        .order_by(col(MarkedPhrase.begins), col(MarkedPhrase.id))
    ).all()

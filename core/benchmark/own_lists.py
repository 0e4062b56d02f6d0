"""Own items as people see them: those they may check, those they wrote, and what came of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from core.backgrounds import countries_known
from core.benchmark.own_drafts import OwnDraft, draft_of
from core.errors import NotFoundError
from core.models import Item, OwnItem, Person
from core.people import MAY_LEAD

# No screen lists more; older accepted ones stand in Browse.
LONGEST_LIST = 200


@dataclass(frozen=True)
class OwnView:
    """One item that somebody here wrote; `author` is empty for experts, `may_decide` says whether they may check it."""

    english: Item
    translation: Item | None
    status: str
    note: str
    created_at: datetime
    is_mine: bool
    may_decide: bool
    author: str

    @property
    def shown(self) -> Item:
        """The wording in the language it was written for."""
        return self.translation or self.english

    @property
    def draft(self) -> OwnDraft:
        """What its form held when it was written."""
        raw = {item.wording: item.raw for item in (self.english, self.translation) if item}
        return draft_of(raw, language=self.shown.language)


def own_items_here(session: Session, *, person: Person) -> list[OwnView]:
    """Return the items that people here wrote, newest first: for an expert their own and those they may check."""
    rows = session.exec(_query().order_by(col(OwnItem.created_at).desc(), col(Item.base_item_id))).all()
    seen = _seen_by(session, person)
    theirs = [row for row in rows if seen(row[0]) or row[1].author_id == person.id]
    return [_view(session, *row, person=person, seen=seen) for row in theirs[:LONGEST_LIST]]


def own_item_here(session: Session, *, person: Person, base_item_id: str) -> OwnView:
    """Return one item that somebody here wrote.

    Raises:
        NotFoundError: there is none, or the person neither wrote it nor may check it.
    """
    row = session.exec(_query().where(Item.base_item_id == base_item_id)).first()
    seen = _seen_by(session, person)
    if row is None or not (seen(row[0]) or row[1].author_id == person.id):
        raise NotFoundError(f"There is no item {base_item_id[:80]} for you here. Choose one of the list.")
    return _view(session, *row, person=person, seen=seen)


def _query() -> Select[Item, OwnItem, str]:
    return (
        select(Item, OwnItem, Person.name)
        .join(OwnItem, col(OwnItem.item_id) == Item.id)
        .join(Person, col(Person.id) == OwnItem.author_id)
        .where(Item.wording == "1")
    )


def _seen_by(session: Session, person: Person) -> Callable[[Item], bool]:
    """Return whether an item of others is one that the person may check."""
    home = {name.casefold() for name, known in countries_known(session, person=person).items() if known.is_from}
    return lambda item: person.role in MAY_LEAD or (item.country or "").casefold() in home


def _view(
    session: Session, english: Item, own: OwnItem, author: str, *, person: Person, seen: Callable[[Item], bool]
) -> OwnView:
    is_mine = own.author_id == person.id
    return OwnView(
        english=english,
        translation=session.get(Item, f"{english.base_item_id}/translation"),
        status=own.status,
        note=own.review_note,
        created_at=own.created_at,
        is_mine=is_mine,
        may_decide=own.status == "proposed" and not is_mine and seen(english),
        author=author if person.role in MAY_LEAD else "",
    )

"""Errata as people see them: those of their countries, what each would change, and who stands behind it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, true
from sqlmodel import Session, col, func, select

from core.backgrounds import countries_known
from core.benchmark.corrected import FIELDS, corrected, standing_errata
from core.benchmark.errata import countries_asked, is_from_any
from core.models import Erratum, ErratumVote, Item, Person
from core.people import MAY_LEAD
from core.rubric import ErratumStatus

PAGE_SIZE = 6


@dataclass(frozen=True)
class ErratumView:
    """One erratum; `before` is what it would replace, `proposer` is empty for experts.

    `from_country` of the people behind it are from one of the countries `asked`; who proposed it counts.
    """

    erratum: Erratum
    item: Item
    before: str | None
    asked: tuple[str, ...]
    behind: int
    from_country: int
    against: int
    my_vote: bool | None
    is_mine: bool
    stands: bool
    proposer: str


def errata_counts(session: Session, *, person: Person, item_id: str = "") -> Counter[str]:
    """Return how many errata a person may see have which status; of one item, if it is named."""
    rows = session.exec(
        select(Erratum.status, func.count())
        .join(Item, col(Item.id) == Erratum.item_id)
        .where(_seen_by(session, person), _of_item(item_id))
        .group_by(Erratum.status)
    )
    return Counter(dict(rows.all()))


def errata_here(
    session: Session, *, person: Person, status: ErratumStatus, item_id: str = "", page: int = 1
) -> list[ErratumView]:
    """Return a page of the errata a person may see: open ones oldest first, decided ones newest first."""
    order = col(Erratum.id) if status == "open" else col(Erratum.decided_at).desc()
    rows = session.exec(
        select(Erratum, Item)
        .join(Item, col(Item.id) == Erratum.item_id)
        .where(Erratum.status == status, _seen_by(session, person), _of_item(item_id))
        .order_by(order, col(Erratum.id))
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    ).all()
    return [_view(session, erratum, item, person) for erratum, item in rows]


def _of_item(item_id: str) -> ColumnElement[bool]:
    return col(Erratum.item_id) == item_id if item_id else true()


def _seen_by(session: Session, person: Person) -> ColumnElement[bool]:
    """Return the condition, on Erratum joined with Item, that an erratum is theirs or of a country they know."""
    if person.role in MAY_LEAD:
        return true()
    # People type names of countries as they like.
    known = [country.lower() for country in countries_known(session, person=person)]
    named = and_(col(Erratum.kind) == "wrong_country", func.lower(Erratum.proposed).in_(known))
    return or_(func.lower(Item.country).in_(known), named, col(Erratum.person_id) == person.id)


def _view(session: Session, erratum: Erratum, item: Item, person: Person) -> ErratumView:
    accepted = select(Erratum).where(Erratum.item_id == item.id, Erratum.status == "accepted")
    others = session.exec(accepted).all()
    now = corrected(item, [row for row in others if row.id != erratum.id] if erratum.status == "open" else ())
    field = FIELDS[erratum.kind]
    votes = session.exec(select(ErratumVote).where(ErratumVote.erratum_id == erratum.id)).all()
    agreeing = {vote.person_id for vote in votes if vote.agrees} | {erratum.person_id}
    asked = countries_asked(item, erratum, corrected(item, [row for row in others if row.id != erratum.id]))
    behind = session.exec(select(Person).where(col(Person.id).in_(agreeing))).all()
    return ErratumView(
        erratum=erratum,
        item=item,
        before=None if field == "picture" else getattr(now, field),
        asked=tuple(sorted(asked)),
        behind=len(agreeing),
        from_country=sum(is_from_any(session, backer, asked) for backer in behind),
        against=sum(not vote.agrees for vote in votes),
        my_vote=next((vote.agrees for vote in votes if vote.person_id == person.id), None),
        is_mine=erratum.person_id == person.id,
        stands=_stands(erratum, others),
        proposer=_name(behind, erratum) if person.role in MAY_LEAD else "",
    )


def _stands(erratum: Erratum, accepted: Sequence[Erratum]) -> bool:
    return any(row.id == erratum.id for row in standing_errata(accepted).values())


def _name(people: Sequence[Person], erratum: Erratum) -> str:
    return next((person.name for person in people if person.id == erratum.person_id), "")

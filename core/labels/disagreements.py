"""Labels of several people on one response -> where they differ, what waits for a ruling, what is settled.

What counts is the first version: a person's standing answer before the judge was shown to them, blind or unblinded.
Revisions never open or close a disagreement. Nor do people from outside the country, unless nobody else labelled.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from core.backgrounds import counts_still
from core.benchmark.items import UNKNOWN
from core.models import Assignment, Item, Label, LockedResponse, OpinionAsked, Person, Response, ReviewSession, Ruling
from core.rubric import DIMENSIONS
from core.workspace_secret import workspace_secret


@dataclass(frozen=True)
class Disagreement:
    """A response whose labels differ: on which dimensions, and which of them wait for a ruling.

    `since` is when the newest label that counts was locked. `waiting` means that one more expert was asked, and nobody
    who counts has labelled since.
    """

    response_id: int
    country: str | None
    since: datetime
    dimensions: tuple[str, ...]
    unruled: tuple[str, ...]
    waiting: bool

    @property
    def open(self) -> bool:
        """Whether a lead can settle it now."""
        return bool(self.unruled) and not self.waiting


@dataclass(frozen=True)
class CountrySettling:
    """How far one country is: responses with two experts or more; those of them to rule on, waiting, and settled."""

    country: str | None
    labelled: int
    open: int
    waiting: int

    @property
    def settled(self) -> int:
        """How many need nothing any more: all agree, or what they differ on is ruled."""
        return self.labelled - self.open - self.waiting


def name_of(response_id: int) -> str:
    """Return what names a response to the browser: ids follow one another by model, so an id would tell the model.

    Without the workspace's secret nobody can find the id by trying all of them; see `workspace_secret`
    for where this must not be called.
    """
    key = workspace_secret().encode()
    return hashlib.blake2b(f"adjudicate/{response_id}".encode(), key=key, digest_size=6).hexdigest()


def response_named(found: Sequence[Disagreement], *, name: str) -> int | None:
    """Return the response of that name among those whose labels differ; None where there is none."""
    return next((row.response_id for row in found if name_of(row.response_id) == name), None)


def first_version_ids() -> SelectOfScalar[int]:
    """Return the query for the newest label of each person, response and dimension before the judge was shown.

    The row may be one that took a decision back.
    """
    newest = select(func.max(Label.id)).where(Label.phase != "revised")
    return newest.group_by(col(Label.person_id), col(Label.response_id), col(Label.dimension))


def is_locked() -> ColumnElement[bool]:
    """Return the condition, on Label joined with LockedResponse, that a label's four answers are given and count."""
    return and_(
        col(LockedResponse.person_id) == Label.person_id,
        col(LockedResponse.response_id) == Label.response_id,
        counts_still(LockedResponse.person_id),
    )


def disagreements(session: Session, *, response_id: int | None = None) -> list[Disagreement]:
    """Return all responses whose labels differ, ruled or not, oldest first; or one of them alone."""
    differing: dict[int, list[str]] = {}
    for found, dimension in session.exec(_differing(response_id)):
        differing.setdefault(found, []).append(dimension)
    ruled = {(row.response_id, row.dimension) for row in standing_rulings(session, response_ids=list(differing))}
    return [
        Disagreement(
            response_id=found,
            country=country,
            since=since,
            dimensions=(dimensions := tuple(name for name in DIMENSIONS if name in differing[found])),
            unruled=tuple(name for name in dimensions if (found, name) not in ruled),
            waiting=asked_at is not None and asked_at > since,
        )
        for found, country, since, asked_at in _facts(session, list(differing))
    ]


def open_disagreements(
    session: Session, *, person: Person, country: str = "", among: Sequence[Disagreement] | None = None
) -> list[Disagreement]:
    """Return what this person can settle now, oldest first; all countries unless one, or `UNKNOWN`, is named.

    Left out is what is still theirs to label in a session under way: others' labels would anchor them. `among` saves
    looking for all disagreements again.
    """
    every = disagreements(session) if among is None else among
    found = [row for row in every if row.open and (not country or (row.country or UNKNOWN) == country)]
    theirs = still_to_label(session, person=person)
    return [row for row in found if row.response_id not in theirs]


def settling(session: Session, *, among: Sequence[Disagreement] | None = None) -> list[CountrySettling]:
    """Return how far each country is, by name; items without a country come last. `among` as above."""
    rows = session.exec(
        select(Item.country, func.count())
        .select_from(Response)
        .join(Item, col(Item.id) == Response.item_id)
        .where(col(Response.id).in_(_several()))
        .group_by(col(Item.country))
    ).all()
    every = disagreements(session) if among is None else among
    found = [row for row in every if row.unruled]
    to_rule = Counter(row.country for row in found if not row.waiting)
    waiting = Counter(row.country for row in found if row.waiting)
    ordered = sorted(rows, key=lambda row: (row[0] is None, row[0] or ""))
    return [CountrySettling(country, count, to_rule[country], waiting[country]) for country, count in ordered]


def still_to_label(session: Session, *, person: Person) -> set[int]:
    """Return the responses in a person's sessions under way whose four answers they have not given yet."""
    locked = exists().where(
        col(LockedResponse.person_id) == person.id, col(LockedResponse.response_id) == Assignment.response_id
    )
    query = (
        select(Assignment.response_id)
        .join(ReviewSession, col(ReviewSession.id) == Assignment.session_id)
        .where(ReviewSession.person_id == person.id, col(ReviewSession.closed_at).is_(None), ~locked)
    )
    return set(session.exec(query))


def newest_rulings(session: Session, *, response_ids: Sequence[int]) -> Sequence[Ruling]:
    """Return the newest row of each response and dimension, by response; it may say that none stands."""
    newest = _newest_ruling_ids().where(col(Ruling.response_id).in_(response_ids))
    return session.exec(
        select(Ruling).where(col(Ruling.id).in_(newest)).order_by(col(Ruling.response_id), col(Ruling.id))
    ).all()


def standing_rulings(session: Session, *, response_ids: Sequence[int]) -> list[Ruling]:
    """Return the rulings that stand, by response."""
    return [row for row in newest_rulings(session, response_ids=response_ids) if not row.retracted]


def all_standing() -> SelectOfScalar[Ruling]:
    """Return the query for the rulings that stand, of all responses."""
    return select(Ruling).where(col(Ruling.id).in_(_newest_ruling_ids()), col(Ruling.retracted).is_(False))


def count_where(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """Return the column that counts the rows of a group for which all conditions hold."""
    return func.sum(case((and_(*conditions), 1), else_=0))


def _newest_ruling_ids() -> SelectOfScalar[int]:
    return select(func.max(Ruling.id)).group_by(col(Ruling.response_id), col(Ruling.dimension))


def _several() -> SelectOfScalar[int]:
    locks = select(LockedResponse.response_id).where(counts_still(LockedResponse.person_id))
    locks = locks.group_by(col(LockedResponse.response_id))
    return locks.having(func.count() > 1)


def _differing(response_id: int | None) -> Select[int, str]:
    """Return the query for (response, dimension) where two people say yes and no."""
    outside = col(Label.pool) == "outside"
    yes, no = col(Label.score) == 1, col(Label.score) == 0
    among_insiders = and_(count_where(~outside, yes) > 0, count_where(~outside, no) > 0)
    among_outsiders = and_(count_where(~outside) == 0, count_where(yes) > 0, count_where(no) > 0)
    versions = first_version_ids()
    query = (
        select(Label.response_id, Label.dimension)
        .join(LockedResponse, is_locked())
        .where(col(Label.retracted).is_(False))
        .group_by(col(Label.response_id), col(Label.dimension))
        .having(among_insiders | among_outsiders)
    )
    if response_id is None:
        several = _several()
        return query.where(
            col(Label.response_id).in_(several),
            col(Label.id).in_(versions.where(col(Label.response_id).in_(several))),
        )
    this = col(Label.response_id) == response_id
    return query.where(this, col(Label.id).in_(versions.where(this)))


def _facts(
    session: Session, response_ids: Sequence[int]
) -> Sequence[tuple[int, str | None, datetime, datetime | None]]:
    """Return (response, country, newest lock that counts, when one more expert was asked), oldest first."""
    since = func.max(LockedResponse.locked_at)
    query = (
        select(Response.id, Item.country, since, OpinionAsked.created_at)
        .join(Item, col(Item.id) == Response.item_id)
        .join(LockedResponse, col(LockedResponse.response_id) == Response.id)
        .outerjoin(OpinionAsked, col(OpinionAsked.response_id) == Response.id)
        .where(col(Response.id).in_(response_ids), counts_still(LockedResponse.person_id))
        .group_by(col(Response.id), col(Item.country), col(OpinionAsked.created_at))
        .order_by(since, col(Response.id))
    )
    return session.exec(query).all()

"""Look at pairs: lists with counts, what comes next, coverage, one pair with all it stands on, its history."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from core.benchmark.items import UNKNOWN
from core.models import Event, Item, Pair, Person, Response
from core.pairs.checks import Check, checks_of
from core.pairs.pairs import FIELD_WORDS, pair_now
from core.people import open_responses
from core.rubric import NEGATIVE_TYPES

NO_TYPE = "none"
# "Rejected" is the answer to avoid, so a pair that is not taken is called otherwise.
STATUS_WORDS = {"proposed": "undecided", "accepted": "accepted", "rejected": "turned down"}
PAGE_SIZE = 50


@dataclass(frozen=True)
class PairFilter:
    """Which pairs a person wants to see; None is all, `NO_TYPE` those without a type of negative."""

    status: str | None = None
    country: str | None = None
    negative_type: str | None = None


@dataclass(frozen=True)
class PairRow:
    """One pair in a list."""

    pair_id: int
    item_id: str
    country: str | None
    negative_type: str | None
    status: str
    reason: str
    query: str
    changed_at: datetime


@dataclass(frozen=True)
class PairCounts:
    """How many pairs there are by entry of each filter, the two other filters in force."""

    status: dict[str, int]
    country: dict[str, int]
    negative_type: dict[str, int]


@dataclass(frozen=True)
class OpenPair:
    """A pair with its item and checks; `open_sides` are those whose model the person may know."""

    pair: Pair
    item: Item
    checks: tuple[Check, ...]
    open_sides: frozenset[str]


@dataclass(frozen=True)
class PairEvent:
    """One thing that happened to a pair, in words."""

    at: datetime
    person: str
    words: str


def pair_rows(session: Session, *, wanted: PairFilter, page: int = 1) -> Sequence[PairRow]:
    """Return one page of 50 pairs, newest first."""
    columns = (
        *(Pair.id, Pair.item_id, Item.country, Pair.negative_type, Pair.status, Pair.reason, Item.query),
        Pair.changed_at,
    )
    query = select(*columns).join(Item, col(Item.id) == Pair.item_id).where(*_conditions(wanted))  # type: ignore[call-overload]
    rows = session.exec(query.order_by(col(Pair.id).desc()).offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE))
    return [PairRow(*row) for row in rows]


def pair_counts(session: Session, *, wanted: PairFilter) -> PairCounts:
    """Return how many pairs each filter entry would show."""
    country, kind = func.coalesce(Item.country, UNKNOWN), func.coalesce(Pair.negative_type, NO_TYPE)
    rows = session.exec(
        select(Pair.status, country, kind, func.count())
        .join(Item, col(Item.id) == Pair.item_id)
        .group_by(Pair.status, country, kind)
        .order_by(Pair.status, country, kind)
    ).all()
    wants = (wanted.status, wanted.country, wanted.negative_type)
    counts: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
    for *entries, count in rows:
        for place, counted in enumerate(counts):
            if all(want in (None, entries[at]) for at, want in enumerate(wants) if at != place):
                counted[entries[place]] += count
    return PairCounts(*(dict(counted) for counted in counts))


def next_undecided(session: Session, *, wanted: PairFilter, after: int = 0) -> int | None:
    """Return the next proposed pair by id, round the end to the first; never `after` itself."""
    proposed = PairFilter("proposed", wanted.country, wanted.negative_type)
    query = select(Pair.id).join(Item, col(Item.id) == Pair.item_id).where(*_conditions(proposed), Pair.id != after)
    return session.exec(query.order_by(col(Pair.id) < after, col(Pair.id)).limit(1)).first()


def opened_pair(session: Session, *, pair_id: int, person: Person) -> OpenPair:
    """Return a pair with all it stands on.

    Raises:
        NotFoundError: there is no such pair.
    """
    pair = pair_now(session, pair_id)
    sides = {"chosen": pair.chosen_response_id, "rejected": pair.rejected_response_id}
    ids = [response_id for response_id in sides.values() if response_id is not None]
    visible = open_responses(session, person=person, response_ids=ids)
    answered = set(session.exec(select(Response.item_id).where(col(Response.id).in_(ids))))
    item = session.get_one(Item, pair.item_id)
    shown = frozenset(side for side, response_id in sides.items() if response_id is None or response_id in visible)
    return OpenPair(pair, item, tuple(checks_of(pair, item, response_items=answered)), shown)


def pair_coverage(session: Session) -> dict[str, dict[str, int]]:
    """Return the number of accepted pairs by country and type of negative, countries by name, every type named."""
    country = func.coalesce(Item.country, UNKNOWN)
    rows = session.exec(
        select(country, Pair.negative_type, func.count())
        .join(Item, col(Item.id) == Pair.item_id)
        .where(Pair.status == "accepted")
        .group_by(country, col(Pair.negative_type))
        .order_by(country)
    )
    found: dict[str, dict[str, int]] = {}
    for name, kind, count in rows:
        found.setdefault(name, dict.fromkeys(NEGATIVE_TYPES, 0))[kind or NO_TYPE] = count
    return found


def pair_history(session: Session, *, pair_id: int) -> list[PairEvent]:
    """Return what happened to a pair, newest first."""
    rows = session.exec(
        select(Event, Person.name)
        .join(Person, col(Person.id) == Event.person_id, isouter=True)
        .where(Event.subject == f"pair/{pair_id}")
        .order_by(col(Event.id).desc())
    )
    return [PairEvent(event.created_at, name or "somebody", _words(event)) for event, name in rows]


def _words(event: Event) -> str:
    after, before = event.detail.get("after", {}), event.detail.get("before", {})
    if event.kind == "pair_created":
        return "proposed it"
    if event.kind == "pair_undone":
        return "took the decision back"
    if event.kind == "pair_decided" and after.get("status") != before.get("status"):
        return "turned it down" if after.get("status") == "rejected" else "accepted it"
    changed = [words for field, words in FIELD_WORDS.items() if before.get(field) != after.get(field)]
    return f"changed {', '.join(changed)}" if changed else "changed it"


def _conditions(wanted: PairFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.status:
        conditions.append(col(Pair.status) == wanted.status)
    if wanted.country:
        conditions.append(func.coalesce(Item.country, UNKNOWN) == wanted.country)
    if wanted.negative_type:
        conditions.append(func.coalesce(Pair.negative_type, NO_TYPE) == wanted.negative_type)
    return conditions

"""Look for items: which fit a filter, and how many there are by each entry it may hold."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, exists, false, or_, union
from sqlmodel import Session, col, func, select

from core.benchmark.item_conditions import UNKNOWN as UNKNOWN
from core.benchmark.item_conditions import answered, is_open_to, of_norms, something_flagged, something_left_for
from core.judges import standing, stands_for
from core.models import Erratum, Item, ItemWarning, Judge, Judgement, LockedResponse, Person, Response, ScoresSeen
from core.passed import passed

PAGE_SIZE = 24
SEARCH_LENGTH = 200
# Among the states of corrections in a filter: items that have none open and none accepted.
NO_ERRATA = "none"
READABLE = ("ok", "cut_off")


@dataclass(frozen=True)
class ItemFilter:
    """What a person looks for. Within one field any of the entries fits; every field must fit.

    `failing` speaks of one judge's scores: the one named, or the newest the person knows. Two are never mixed.
    `settings`, `rounds` and `months` are of a response. `scored_by` and what follows it lead from a number to the items
    behind it: they are for leads, and `core.measures.items_behind` says which items they mean.
    """

    search: str = ""
    countries: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    subsets: tuple[str, ...] = ()
    wordings: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    judge: str = ""
    errata: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    norms: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    scored_by: str = ""
    scored: tuple[str, ...] = ()
    answered_by: tuple[str, ...] = ()
    flagged: bool = False
    to_label: bool = False


# The fields of a filter that are a column of the item, in the order of the columns `_rows` reads.
_COLUMNS = ("countries", "domains", "languages", "subsets", "wordings", "splits", "regions")


@dataclass(frozen=True)
class Facet:
    """One entry a filter may hold, and how many items have it among those that fit the other fields."""

    entry: str
    count: int


@dataclass(frozen=True)
class Listing:
    """The items that fit a filter, by country, base item and wording; `facets` by field of the filter."""

    item_ids: tuple[str, ...]
    all_count: int
    facets: dict[str, tuple[Facet, ...]]

    @property
    def page_count(self) -> int:
        """How many pages of 24 there are; an empty listing has one."""
        return max(1, -(-len(self.item_ids) // PAGE_SIZE))

    def page(self, number: int) -> tuple[str, ...]:
        """Return the item ids of one page, counted from 1."""
        return self.item_ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]

    def around(self, item_id: str) -> tuple[str | None, str | None]:
        """Return the item before and the item after one, None at an end or where it does not fit the filter."""
        if item_id not in self.item_ids:
            return None, None
        place = self.item_ids.index(item_id)
        before = self.item_ids[place - 1] if place else None
        return before, next(iter(self.item_ids[place + 1 : place + 2]), None)


def listing(session: Session, *, wanted: ItemFilter, person: Person, among: Collection[str] | None = None) -> Listing:
    """Return the items that fit, with facets; only those `among` these ids, if any are given.

    One query reads the columns of all items that fit the costly fields (search, responses, warnings); the rest is
    counted here, so that nine facets do not cost nine queries.
    """
    rows = _rows(session, replace(wanted, warnings=()), person)
    warned = _warned(session)
    wants = [set(getattr(wanted, name)) for name in _COLUMNS]
    counted: list[Counter[str]] = [Counter() for _ in _COLUMNS]
    codes: Counter[str] = Counter()
    fitting = []
    for item_id, *values in rows:
        if among is not None and item_id not in among:
            continue
        misses = [place for place, want in enumerate(wants) if want and values[place] not in want]
        item_codes = warned.get(item_id, set())
        if len(misses) > 1:
            continue
        if not misses:
            codes.update(item_codes)
        if wanted.warnings and not item_codes.intersection(wanted.warnings):
            continue
        for place in misses or range(len(_COLUMNS)):
            counted[place][values[place]] += 1
        if not misses:
            fitting.append(item_id)
    facets = {name: _facets(counts) for name, counts in zip(_COLUMNS, counted, strict=True)}
    all_count = session.exec(select(func.count()).select_from(Item).where(passed())).one()
    return Listing(tuple(fitting), all_count, facets | {"warnings": _facets(codes)})


def _rows(session: Session, wanted: ItemFilter, person: Person) -> Sequence[Sequence[str]]:
    conditions = [passed(), *([search_condition(wanted.search)] if wanted.search.strip() else [])]
    if wanted.models or wanted.failing:
        conditions.append(_answered_as_wanted(session, wanted, person))
    if wanted.errata:
        conditions.append(_corrections(wanted.errata))
    if wanted.norms:
        conditions.append(of_norms(wanted.norms))
    if wanted.families:
        conditions.append(col(Item.family_id).in_(wanted.families))
    if wanted.settings or wanted.rounds or wanted.months:
        conditions.append(answered(settings=wanted.settings, rounds=wanted.rounds, months=wanted.months))
    if wanted.flagged:
        conditions.append(something_flagged(person))
    if wanted.to_label:
        conditions.append(something_left_for(person))
    named = (
        Item.id,
        func.coalesce(Item.country, UNKNOWN),
        func.coalesce(Item.domain, UNKNOWN),
        *(Item.language, Item.subset, Item.wording, Item.split),
        func.coalesce(Item.region, UNKNOWN),
    )
    query = select(*named).where(*conditions)  # type: ignore[call-overload]
    return session.exec(query.order_by(Item.country, Item.base_item_id, Item.wording, Item.id)).all()


def _corrections(states: Sequence[str]) -> ColumnElement[bool]:
    of_item = exists().where(col(Erratum.item_id) == Item.id)
    held = of_item.where(col(Erratum.status).in_(states))
    return or_(held, ~of_item.where(col(Erratum.status) != "rejected")) if NO_ERRATA in states else held


def _facets(counts: Counter[str]) -> tuple[Facet, ...]:
    return tuple(Facet(entry, count) for entry, count in sorted(counts.items(), key=lambda pair: last(pair[0])))


def last(entry: str) -> tuple[bool, str]:
    """Return a key that sorts what is not known behind all others."""
    return entry == UNKNOWN, entry


def _warned(session: Session) -> dict[str, set[str]]:
    warned: dict[str, set[str]] = {}
    for item_id, code in session.exec(select(ItemWarning.item_id, ItemWarning.code)):
        warned.setdefault(item_id, set()).add(code)
    return warned


def search_condition(text: str) -> ColumnElement[bool]:
    """Return the condition that a text stands in an item's query, English query, norm or id, whatever its case."""
    part = " ".join(text.split())[:SEARCH_LENGTH].lower()
    places = (Item.query, Item.query_english, Item.norm, Item.id)
    return or_(*(func.lower(place).contains(part, autoescape=True) for place in places))


def _answered_as_wanted(session: Session, wanted: ItemFilter, person: Person) -> ColumnElement[bool]:
    """Return the condition that a response of the wanted models fails; only what is open to the person counts."""
    responses = select(Response.id).where(
        Response.item_id == Item.id, Response.setting != "text-only", is_open_to(person)
    )
    if wanted.models:
        responses = responses.where(col(Response.model).in_(wanted.models))
    if wanted.failing:
        judge = judge_meant(session, wanted=wanted, person=person)
        no = select(Judgement.id).where(
            Judgement.response_id == Response.id,
            col(Judgement.dimension).in_(wanted.failing),
            Judgement.score == 0,
            stands_for(judge) if judge else false(),
        )
        responses = responses.where(exists(no))
    return exists(responses)


def models_known_to(session: Session, *, person: Person) -> Sequence[str]:
    """Return the models a person may filter by, by name: those of responses open to them."""
    return session.exec(select(Response.model).distinct().where(is_open_to(person)).order_by(Response.model)).all()


def judges_known_to(session: Session, *, person: Person) -> Sequence[Judge]:
    """Return the judges of responses open to a person, the one that scored last first."""
    seen = union(
        *(select(col(table.response_id)).where(table.person_id == person.id) for table in (LockedResponse, ScoresSeen))
    )
    known = select(Judge).join(Judgement, standing()).where(col(Judgement.response_id).in_(seen))
    return session.exec(known.group_by(col(Judge.id)).order_by(func.max(col(Judgement.id)).desc())).all()


def judge_meant(session: Session, *, wanted: ItemFilter, person: Person) -> Judge | None:
    """Return the one judge that marks and the failing filter speak of; None where the person knows none of it."""
    known = judges_known_to(session, person=person)
    return next((judge for judge in known if judge.name == wanted.judge), next(iter(known), None))

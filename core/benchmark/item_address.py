"""A filter of items <-> an address, so that it can be sent as a link."""

from collections.abc import Mapping, Sequence
from typing import get_args

from sqlmodel import Session, func, select

from core.benchmark.items import SEARCH_LENGTH, UNKNOWN, ItemFilter, judges_known_to, last, models_known_to
from core.models import Item, Person
from core.rubric import DIMENSIONS, DOMAINS, SUBSETS, WARNING_CODES, WORDINGS, Split

# How each field is called in an address.
ADDRESS_NAMES = {
    "search": "q",
    "countries": "country",
    "domains": "domain",
    "languages": "language",
    "subsets": "subset",
    "wordings": "wording",
    "splits": "split",
    "warnings": "warning",
    "models": "model",
    "failing": "failing",
    "judge": "judge",
    "errata": "errata",
    "flagged": "flagged",
    "to_label": "left",
}


def filter_from_address(session: Session, *, given: Mapping[str, Sequence[str]], person: Person) -> ItemFilter:
    """Return the filter an address names; what this workspace does not know, or this person may not, is left out."""
    known = known_entries(session, person=person)
    fields: dict[str, tuple[str, ...]] = {
        name: tuple(entry for entry in entries if entry in given.get(ADDRESS_NAMES[name], ()))
        for name, entries in known.items()
    }
    return ItemFilter(
        search=" ".join(next(iter(given.get("q", ())), "").split())[:SEARCH_LENGTH],
        judge=next((judge for judge in _judges(session, person) if judge in given.get("judge", ())), ""),
        flagged="yes" in given.get("flagged", ()),
        to_label="yes" in given.get("left", ()),
        **fields,
    )


def address_of(wanted: ItemFilter) -> dict[str, list[str]]:
    """Return the filter as an address names it; fields that want nothing are left out."""
    return {address: entries for name, address in ADDRESS_NAMES.items() if (entries := _entries(getattr(wanted, name)))}


def _entries(held: str | bool | tuple[str, ...]) -> list[str]:
    if isinstance(held, tuple):
        return list(held)
    return [held if isinstance(held, str) else "yes"] if held else []


def known_entries(session: Session, *, person: Person) -> dict[str, tuple[str, ...]]:
    """Return the entries a filter may hold, by field: what this workspace has, or what can be at all."""
    countries = session.exec(select(func.coalesce(Item.country, UNKNOWN)).distinct()).all()
    languages = session.exec(select(Item.language).distinct().order_by(Item.language)).all()
    return {
        "countries": tuple(sorted(countries, key=last)),
        "domains": (*DOMAINS, UNKNOWN),
        "languages": tuple(languages),
        "subsets": SUBSETS,
        "wordings": WORDINGS,
        "splits": get_args(Split),
        "warnings": WARNING_CODES,
        "models": tuple(models_known_to(session, person=person)),
        "failing": DIMENSIONS,
        "errata": ("open", "accepted"),
    }


def _judges(session: Session, person: Person) -> list[str]:
    return [judge.name for judge in judges_known_to(session, person=person)]

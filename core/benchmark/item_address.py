"""A filter of items <-> an address, so that it can be sent as a link."""

import re
from collections.abc import Mapping, Sequence
from typing import get_args

from sqlmodel import Session, func, select

from core.benchmark.items import (
    NO_ERRATA,
    SEARCH_LENGTH,
    UNKNOWN,
    ItemFilter,
    judges_known_to,
    last,
    models_known_to,
)
from core.models import Item, Person
from core.people import MAY_LEAD
from core.rubric import DIMENSIONS, DOMAINS, RESPONSE_SETTINGS, SUBSETS, WARNING_CODES, WORDINGS, Split

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
    "regions": "region",
    "norms": "norm",
    "families": "family",
    "settings": "setting",
    "rounds": "round",
    "months": "month",
    "scored_by": "scored_by",
    "scored": "scored",
    "answered_by": "answered_by",
    "flagged": "flagged",
    "to_label": "left",
}
# No database stores NUL or half a character.
_TEXT = re.compile("[^\0\ud800-\udfff]{1,4000}")
# Fields without a list of what may stand there: whatever reads like an entry is looked for, and may fit nothing.
_FREE = {
    "norms": _TEXT,
    "families": _TEXT,
    "rounds": re.compile(r"[0-9]{1,4}"),
    "months": re.compile(r"[0-9]{4}-[0-9]{2}"),
    "answered_by": _TEXT,
    "scored_by": _TEXT,
}
# Those that lead from a number to its items.
_FOR_LEADS = ("scored_by", "scored", "answered_by")
_MOST_ENTRIES = 50


def filter_from_address(session: Session, *, given: Mapping[str, Sequence[str]], person: Person) -> ItemFilter:
    """Return the filter an address names; what this workspace does not know, or this person may not, is left out."""
    known = known_entries(session, person=person)
    fields: dict[str, tuple[str, ...]] = {
        name: tuple(entry for entry in entries if entry in given.get(ADDRESS_NAMES[name], ()))
        for name, entries in known.items()
    }
    for name, reads_like_one in _FREE.items():
        entries = given.get(ADDRESS_NAMES[name], ())[:_MOST_ENTRIES]
        fields[name] = tuple(entry for entry in dict.fromkeys(entries) if reads_like_one.fullmatch(entry))
    if person.role not in MAY_LEAD or not fields["scored_by"]:
        fields |= dict.fromkeys(_FOR_LEADS, ())
    return ItemFilter(
        search=" ".join(next(iter(given.get("q", ())), "").split())[:SEARCH_LENGTH],
        judge=next((judge for judge in _judges(session, person) if judge in given.get("judge", ())), ""),
        flagged="yes" in given.get("flagged", ()),
        to_label="yes" in given.get("left", ()),
        scored_by=next(iter(fields.pop("scored_by")), ""),
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
    regions = session.exec(select(func.coalesce(Item.region, UNKNOWN)).distinct()).all()
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
        "errata": ("open", "accepted", NO_ERRATA),
        "regions": tuple(sorted(regions, key=last)),
        "settings": RESPONSE_SETTINGS,
        "scored": DIMENSIONS,
    }


def _judges(session: Session, person: Person) -> list[str]:
    return [judge.name for judge in judges_known_to(session, person=person)]

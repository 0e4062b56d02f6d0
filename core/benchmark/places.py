"""Which countries an item can be of."""

from sqlmodel import Session, select

from core.backgrounds import countries_of_items
from core.benchmark.countries import KNOWN_COUNTRIES
from core.models import CountryKnown


def known_places(session: Session) -> list[str]:
    """Return the countries an item can be of, by name: CROSS's, this workspace's, and those its people know."""
    theirs = session.exec(select(CountryKnown.country).distinct())
    return sorted({*KNOWN_COUNTRIES, *countries_of_items(session), *theirs})

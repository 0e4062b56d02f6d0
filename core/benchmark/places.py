"""Which countries an item can be of."""

from sqlmodel import Session, col, select

from core.benchmark.countries import KNOWN_COUNTRIES
from core.models import CountryKnown, Item


def known_places(session: Session) -> list[str]:
    """Return the countries an item can be of, by name: CROSS's, this workspace's, and those its people know."""
    held = session.exec(select(Item.country).where(col(Item.country).is_not(None)).distinct())
    theirs = session.exec(select(CountryKnown.country).distinct())
    return sorted({*KNOWN_COUNTRIES, *(country for country in held if country), *theirs})

"""How sessions are named on screens."""

from pages.components.plain import visible


def country_name(country: str) -> str:
    """Return a country as people read it, inert."""
    return visible(country).replace("_", " ") or "All countries"

"""The outlines of the world's countries, and how they are called there. Natural Earth: see data/world/CREDITS.md."""

import json
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

OUTLINES = Path(__file__).with_name("world.json")
# Where the browser gets them, once: within each chart they would cost a tenth of a second.
OUTLINES_ADDRESS = "/outlines/world.json"
# How the map calls land of which it is disputed to whom it belongs.
NO_COUNTRY = "no country"
# Other names of countries, as people write them; the map has the one on the right.
_ALSO = {
    "america": "united states",
    "britain": "united kingdom",
    "burma": "myanmar",
    "cape verde": "cabo verde",
    "czech republic": "czechia",
    "east timor": "timor-leste",
    "england": "united kingdom",
    "great britain": "united kingdom",
    "holland": "netherlands",
    "ivory coast": "cote d'ivoire",
    "korea": "south korea",
    "macau": "macao",
    "republic of korea": "south korea",
    "russian federation": "russia",
    "swaziland": "eswatini",
    "the gambia": "gambia",
    "the netherlands": "netherlands",
    "turkiye": "turkey",
    "uae": "united arab emirates",
    "uk": "united kingdom",
    "united states of america": "united states",
    "us": "united states",
    "usa": "united states",
    "viet nam": "vietnam",
}


def name_on_map(country: str) -> str | None:
    """Return how the map calls a country, whatever its capitals and accents; None where the map does not know it."""
    name = _folded(country)
    return names_on_map().get(_ALSO.get(name, name))


@lru_cache(maxsize=1)
def names_on_map() -> Mapping[str, str]:
    """Return the map's names of countries, by what is looked for; land that is disputed has none."""
    names = (one["id"] for one in json.loads(OUTLINES.read_text(encoding="utf-8"))["features"])
    return {_folded(name): name for name in names if name != NO_COUNTRY}


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", " ".join(name.split())).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))

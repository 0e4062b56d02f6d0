"""What can be wrong with an item -> what the Validate screen asks for each: a text, one of a list, or only why."""

from typing import Any

from sqlmodel import Session

from core.benchmark.errata_checks import NEEDS_NO_TEXT
from core.benchmark.places import known_places
from core.rubric import DOMAIN_TITLES, ERRATUM_TITLES
from pages.components.errata.words import ASKS


def faults(session: Session) -> list[dict[str, Any]]:
    """Return the faults in the order of the rubric; those with `choices` are answered by one of them."""
    choices = {
        "wrong_country": [[name, name.replace("_", " ")] for name in known_places(session)],
        "domain": [[name, title] for name, title in DOMAIN_TITLES.items()],
    }
    return [
        {
            "kind": kind,
            "title": title,
            "asks": ASKS.get(kind),
            "needs_text": kind not in NEEDS_NO_TEXT,
            "choices": choices.get(kind),
        }
        for kind, title in ERRATUM_TITLES.items()
    ]

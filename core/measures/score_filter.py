"""What a number is to be about: one rater and a choice of responses <-> an address that can be sent as a link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from core.benchmark.items import UNKNOWN
from core.errors import UserError
from core.rubric import DIMENSIONS, RESPONSE_SETTINGS

# What numbers may be broken down by. Those of the item first, then those of the response, then the score's own.
ItemKey = Literal["country", "domain", "language", "region", "subset", "split", "wording", "norm", "family"]
ResponseKey = Literal["model", "setting", "round", "month"]
Key = Literal[ItemKey, ResponseKey, Literal["dimension"]]
ITEM_KEYS: tuple[ItemKey, ...] = get_args(ItemKey)
RESPONSE_KEYS: tuple[ResponseKey, ...] = get_args(ResponseKey)
KEYS: tuple[Key, ...] = (*ITEM_KEYS, *RESPONSE_KEYS, "dimension")

# How a cell's rater is called where it is no judge.
EXPERTS = "experts"
# A model that did not get the picture is another quantity: such responses count only where they are asked for.
WITH_PICTURE: tuple[str, ...] = tuple(setting for setting in RESPONSE_SETTINGS if setting != "text-only")
Errata = Literal["with", "without"]
# A message names so many known entries at most: it is one line.
_MOST_NAMED = 40


@dataclass(frozen=True)
class ScoreFilter:
    """Whose scores of which responses; a field without entries wants all, two raters are never mixed.

    `judge` names one judge; `experts` wants the blind labels of people from the country in its place. Without a named
    setting all with a picture count. `unknown` stands for items that name no country, domain or region. `errata`
    "without" leaves out items that have a correction that is open or accepted.
    """

    judge: str = ""
    experts: bool = False
    models: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    subsets: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    rounds: tuple[int, ...] = ()
    errata: Errata = "with"

    @property
    def rater(self) -> str:
        """Return how the rater is called in numbers."""
        return EXPERTS if self.experts else self.judge


# The fields that hold entries, each with the key they choose by and its name in an address.
CHOSEN_BY: dict[str, Key] = {
    "models": "model",
    "dimensions": "dimension",
    "settings": "setting",
    "splits": "split",
    "subsets": "subset",
    "countries": "country",
    "domains": "domain",
    "languages": "language",
    "regions": "region",
    "rounds": "round",
}


def score_address(wanted: ScoreFilter) -> dict[str, list[str]]:
    """Return the filter as an address names it; fields that want all are left out."""
    address: dict[str, list[str]] = {
        key: [str(entry) for entry in getattr(wanted, name)] for name, key in CHOSEN_BY.items()
    }
    address |= {
        "judge": [wanted.judge] if wanted.judge and not wanted.experts else [],
        "experts": ["yes"] if wanted.experts else [],
        "errata": ["without"] if wanted.errata == "without" else [],
    }
    return {name: entries for name, entries in address.items() if entries}


def filter_from_address(given: Mapping[str, Sequence[str]], known: Mapping[str, Sequence[str | int]]) -> ScoreFilter:
    """Return the filter an address names; what is not known here is left out (`entries_left_out`).

    Args:
        given: the entries of an address, by name.
        known: the entries a field may hold, by the field's name (`known_choices`), the names of judges among them.
    """
    chosen = {
        name: tuple(entry for entry in known.get(name, ()) if str(entry) in given.get(key, ()))
        for name, key in CHOSEN_BY.items()
    }
    judge = next((str(name) for name in known.get("judges", ()) if str(name) in given.get("judge", ())), "")
    errata: Errata = "without" if "without" in given.get("errata", ()) else "with"
    return ScoreFilter(judge=judge, experts="yes" in given.get("experts", ()), errata=errata, **chosen)  # type: ignore[arg-type]


def entries_left_out(given: Mapping[str, Sequence[str]], wanted: ScoreFilter) -> dict[str, list[str]]:
    """Return by name the entries of an address that a filter does not hold: what stands in their place must be said."""
    held = score_address(replace(wanted, settings=wanted.settings or WITH_PICTURE)) | {"errata": [wanted.errata]}
    asked = {name: dict.fromkeys(given.get(name, ())) for name in ("judge", "experts", *CHOSEN_BY.values(), "errata")}
    found = {
        name: [entry for entry in entries if entry and entry not in held.get(name, ())]
        for name, entries in asked.items()
    }
    return {name: entries for name, entries in found.items() if entries}


def check_filter(wanted: ScoreFilter, by: Sequence[str] = ()) -> None:
    """Refuse what has no meaning.

    Raises:
        UserError: no rater or two are named, or there is no such key to break numbers down by, or one stands twice.
    """
    if bool(wanted.judge) == wanted.experts:
        raise UserError("Choose one judge, or the experts: scores of different raters are never mixed.")
    unknown = next((key for key in by if key not in KEYS), None)
    if unknown is not None:
        raise UserError(f"Numbers cannot be broken down by {unknown[:40]!r}. Choose of: {', '.join(KEYS)}.")
    if len(set(by)) != len(by):
        raise UserError("Numbers are broken down by the same thing twice. Name each once.")
    wrong = next((name for name in wanted.dimensions if name not in DIMENSIONS), None)
    wrong = wrong or next((name for name in wanted.settings if name not in RESPONSE_SETTINGS), None)
    if wrong is not None:
        names = ", ".join((*DIMENSIONS, *RESPONSE_SETTINGS))
        raise UserError(f"There is no dimension and no setting {wrong[:40]!r}. Choose of: {names}.")


def check_entries(wanted: ScoreFilter, known: Mapping[str, Sequence[str | int]]) -> None:
    """Refuse an entry that is not known here: numbers of nothing would read like numbers of something.

    Args:
        wanted: the filter asked for.
        known: the entries a field may hold, by the field's name (`known_choices`), the names of judges among them.

    Raises:
        UserError: an entry is not known; its text names those that are.
    """
    asked = {name: getattr(wanted, name) for name in CHOSEN_BY} | {"judges": (wanted.judge,) if wanted.judge else ()}
    for name, key in (CHOSEN_BY | {"judges": "judge"}).items():
        wrong = next((str(entry) for entry in asked[name] if entry not in known[name]), None)
        if wrong is not None:
            named = ", ".join(map(str, known[name][:_MOST_NAMED])) or "none yet"
            more = len(known[name]) - _MOST_NAMED
            and_more = f" and {more:,} more" if more > 0 else ""
            raise UserError(f"There is no {key} {wrong[:40]!r} here. Known: {named}{and_more}.")


def as_label(entry: str | int) -> str | int | None:
    """Return the label an entry of a filter means: nothing said for `unknown`."""
    return None if entry == UNKNOWN else entry

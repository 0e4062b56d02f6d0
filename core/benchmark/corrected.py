"""An item and its errata -> the item as it reads corrected. Pure: rows in, one object out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.models import Erratum, Item

CorrectedField = Literal["norm", "query", "country", "domain", "picture"]
# Which part of an item each kind speaks of; the picture itself is never replaced.
FIELDS: dict[str, CorrectedField] = {
    "norm_wrong": "norm",
    "norm_incomplete": "norm",
    "not_shown": "picture",
    "translation_bad": "query",
    "wrong_country": "country",
    "domain": "domain",
}


@dataclass(frozen=True)
class CorrectedItem:
    """What an item says once its accepted errata are followed; a norm of None is one that does not hold at all.

    `errata` are the ids of those that stand, by what of the item they correct.
    """

    norm: str | None
    query: str
    country: str | None
    domain: str | None
    picture_shows_it: bool = True
    errata: Mapping[CorrectedField, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether there is a norm left: one that was found not to hold at all is no measure of anything."""
        return not (self.norm is None and "norm" in self.errata)


def corrected(item: Item, errata: Iterable[Erratum]) -> CorrectedItem:
    """Return the item as it reads corrected; errata that are not accepted, or of other items, change nothing."""
    stands = standing_errata(erratum for erratum in errata if erratum.item_id == item.id)

    def now(field: CorrectedField, otherwise: str | None) -> str | None:
        return stands[field].proposed if field in stands else otherwise

    return CorrectedItem(
        norm=now("norm", item.norm),
        query=now("query", item.query) or item.query,
        country=now("country", item.country),
        domain=now("domain", item.domain),
        picture_shows_it="picture" not in stands,
        errata={of: erratum.id for of, erratum in stands.items()},
    )


def standing_errata(errata: Iterable[Erratum]) -> dict[CorrectedField, Erratum]:
    """Return which erratum of one item stands, by field: the one accepted last."""
    accepted = [erratum for erratum in errata if erratum.status == "accepted" and erratum.decided_at]
    accepted.sort(key=lambda erratum: (erratum.decided_at, erratum.id))
    return {FIELDS[erratum.kind]: erratum for erratum in accepted}

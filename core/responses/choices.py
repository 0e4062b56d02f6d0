"""What there is to choose from before a model is asked: the countries, parts and uses of the items."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from core.models import Item


@dataclass(frozen=True)
class ItemChoices:
    """What items can be chosen by; in alphabetical order."""

    countries: tuple[str, ...]
    subsets: tuple[str, ...]
    splits: tuple[str, ...]


def item_choices(session: Session) -> ItemChoices:
    """Return the choices among all items."""
    rows = session.exec(select(Item.country, Item.subset, Item.split).distinct()).all()
    return ItemChoices(*by_column(rows, 3))


def by_column(rows: Sequence[Sequence[str | None]], columns: int) -> list[tuple[str, ...]]:
    """Return, for each column of these rows, its entries in alphabetical order, each once."""
    return [tuple(sorted({entry for row in rows if (entry := row[column]) is not None})) for column in range(columns)]

"""What there is to choose from before a run: responses a judge can score, items a model can be asked about."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from core.judging.selection import Selection, unordered
from core.models import Item, Response


@dataclass(frozen=True)
class ResponseChoices:
    """How many responses can be judged, by what they are chosen by; in alphabetical order."""

    models: dict[str, int]
    countries: dict[str, int]
    settings: dict[str, int]
    splits: dict[str, int]


@dataclass(frozen=True)
class ItemChoices:
    """How many items there are, by what they are chosen by; in alphabetical order."""

    countries: dict[str, int]
    subsets: dict[str, int]
    splits: dict[str, int]


def response_choices(session: Session) -> ResponseChoices:
    """Return the choices among the responses that a judge can score."""
    columns = (Response.model, Item.country, Response.setting, Item.split)
    rows = session.exec(
        select(*columns, func.count())  # type: ignore[call-overload]
        .select_from(Response)
        .join(Item, col(Item.id) == Response.item_id)
        .where(col(Response.id).in_(unordered(Selection())))
        .group_by(*columns)
    ).all()
    return ResponseChoices(*_by_column(rows, len(columns)))


def item_choices(session: Session) -> ItemChoices:
    """Return the choices among all items."""
    columns = (Item.country, Item.subset, Item.split)
    rows = session.exec(select(*columns, func.count()).group_by(*columns)).all()  # type: ignore[type-var]
    return ItemChoices(*_by_column(rows, len(columns)))


def _by_column(rows: Sequence[Sequence[str | int | None]], columns: int) -> list[dict[str, int]]:
    """Return, for each column, the counts of its entries; the last column of the rows counts."""
    counted: list[Counter[str]] = [Counter() for _ in range(columns)]
    for row in rows:
        for counter, entry in zip(counted, row[:columns], strict=True):
            if entry is not None:
                counter[str(entry)] += int(row[-1] or 0)
    return [dict(sorted(counter.items())) for counter in counted]

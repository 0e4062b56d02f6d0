"""What there is to choose from before a judge runs: the models, countries, settings and uses of the responses."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.judging.selection import Selection, unordered
from core.models import Item, Response
from core.responses.choices import by_column


@dataclass(frozen=True)
class ResponseChoices:
    """What the responses that can be judged are chosen by; in alphabetical order."""

    models: tuple[str, ...]
    countries: tuple[str, ...]
    settings: tuple[str, ...]
    splits: tuple[str, ...]


def response_choices(session: Session) -> ResponseChoices:
    """Return the choices among the responses that a judge can score."""
    rows = session.exec(
        select(Response.model, Item.country, Response.setting, Item.split)
        .join(Item, col(Item.id) == Response.item_id)
        .where(col(Response.id).in_(unordered(Selection())))
        .distinct()
    ).all()
    return ResponseChoices(*by_column(rows, 4))

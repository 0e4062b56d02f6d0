"""Rows of a comparison -> what of them one person may see: no score and no model of a response that is closed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.judging.bridge import Flip
from core.judging.sight import SightRow
from core.models import Person, Response
from core.people import open_responses

# SQLite takes some 32,000 values in one statement.
_CHUNK = 5000


@dataclass(frozen=True)
class SeenFlip:
    """A flip as one person may see it; model and scores are None unless `is_open`.

    `item_id` is None too where the model would be known from it.
    """

    response_id: int
    item_id: str | None
    country: str | None
    dimension: str
    is_open: bool
    model: str | None = None
    first_score: float | None = None
    second_score: float | None = None


@dataclass(frozen=True)
class SeenSight:
    """The rows a person may see, and how many are closed; `to_open` are the responses of the first closed ones."""

    rows: tuple[SightRow, ...]
    closed: int
    to_open: tuple[int, ...]


def flips_as_seen(session: Session, *, rows: Sequence[Flip], person: Person, models_named: bool) -> list[SeenFlip]:
    """Return flips in their order; `models_named` says that they were chosen by model, which an item would tell."""
    opened = _opened(session, person, [row.response_id for row in rows])
    return [
        SeenFlip(
            *(row.response_id, row.item_id, row.country, row.dimension, True),
            *(row.model, row.first_score, row.second_score),
        )
        if row.response_id in opened
        else SeenFlip(
            *(row.response_id, None if models_named else row.item_id, row.country, row.dimension), is_open=False
        )
        for row in rows
    ]


def sight_as_seen(session: Session, *, rows: Sequence[SightRow], person: Person, at_once: int = 25) -> SeenSight:
    """Return the rows all of whose responses are open to the person: being a row says that the model failed there."""
    responses: dict[tuple[str, str], list[int]] = {(row.item_id, row.model): [] for row in rows}
    items = sorted({row.item_id for row in rows})
    for start in range(0, len(items), _CHUNK):
        chosen = col(Response.item_id).in_(items[start : start + _CHUNK])
        query = select(Response.id, Response.item_id, Response.model).where(chosen).order_by(col(Response.id))
        for response_id, item_id, model in session.exec(query):
            responses.get((item_id, model), []).append(response_id)
    opened = _opened(session, person, [one for ids in responses.values() for one in ids])
    is_open = {key: opened.issuperset(ids) for key, ids in responses.items()}
    shown = tuple(row for row in rows if is_open[row.item_id, row.model])
    closed = [key for key in responses if not is_open[key]]
    to_open = [one for key in closed[:at_once] for one in responses[key] if one not in opened]
    return SeenSight(shown, len(closed), tuple(to_open))


def _opened(session: Session, person: Person, response_ids: list[int]) -> set[int]:
    opened: set[int] = set()
    for start in range(0, len(response_ids), _CHUNK):
        opened |= open_responses(session, person=person, response_ids=response_ids[start : start + _CHUNK])
    return opened

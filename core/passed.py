"""Which items may be answered, judged, labelled and trained on: all but own items that no second person has passed."""

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from core.models import Item, OwnItem


def passed() -> ColumnElement[bool]:
    """Return the condition, on Item, that it came from a benchmark or a second person has accepted it."""
    waiting = select(OwnItem.item_id).where(col(OwnItem.item_id) == Item.id, col(OwnItem.status) != "accepted")
    return ~waiting.exists()


def is_passed(session: Session, *, item_id: str) -> bool:
    """Return the same of one item."""
    own = session.get(OwnItem, item_id)
    return own is None or own.status == "accepted"

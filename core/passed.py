"""Which items may be answered, judged, labelled and trained on: all but own items that no second person has passed."""

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, select

from core.models import Item, OwnItem, Response


def passed() -> ColumnElement[bool]:
    """Return the condition, on Item, that it came from a benchmark or a second person has accepted it."""
    waiting = select(OwnItem.item_id).where(col(OwnItem.item_id) == Item.id, col(OwnItem.status) != "accepted")
    return ~waiting.exists()


def can_be_labelled() -> ColumnElement[bool]:
    """Return the condition, on Response joined with Item, that it can be labelled.

    It can be read whole, its model saw the picture, its item has a norm and is passed.
    """
    is_whole = and_(col(Response.status) == "ok", col(Response.setting) != "text-only")
    return and_(is_whole, func.trim(func.coalesce(Item.norm, "")) != "", passed())


def is_passed(session: Session, *, item_id: str) -> bool:
    """Return the same of one item."""
    own = session.get(OwnItem, item_id)
    return own is None or own.status == "accepted"

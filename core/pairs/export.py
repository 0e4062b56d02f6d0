"""Pairs as records for other programs, in the fields of the export format; people by pseudonym."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, select

from core.models import Item, Pair, Person


def pair_records(session: Session) -> Iterator[dict[str, Any]]:
    """Yield every pair as one record, by id."""
    # Texts of earlier versions hold their author's name.
    pseudonyms = dict(session.exec(select(Person.name, Person.pseudonym)).all())
    rows = select(Pair, Item).join(Item, col(Item.id) == Pair.item_id).order_by(col(Pair.id))
    for pair, item in session.exec(rows.execution_options(yield_per=500)):
        yield {
            "pair_id": pair.id,
            "item_id": pair.item_id,
            "family_id": item.family_id,
            "country": item.country,
            "language": item.language,
            "prompt": item.query,
            "chosen": pair.chosen,
            "rejected": pair.rejected,
            "chosen_origin": _origin(pair, "chosen", pseudonyms),
            "rejected_origin": _origin(pair, "rejected", pseudonyms),
            "negative_type": pair.negative_type,
            "status": pair.status,
            "reason": pair.reason,
            "image_sha256": item.image_sha256,
        }


def _origin(pair: Pair, side: str, pseudonyms: Mapping[str, str]) -> dict[str, Any]:
    kind, author = getattr(pair, f"{side}_kind"), getattr(pair, f"{side}_author")
    # The author of a response is a model, which may have a person's name.
    said = author if kind == "response" else pseudonyms.get(author, author)
    return {"kind": kind, "id": getattr(pair, f"{side}_response_id"), "author": said}

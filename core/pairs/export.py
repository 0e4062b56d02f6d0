"""Pairs as records for other programs, in the fields of the export format."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, select

from core.models import Item, Pair


def pair_records(session: Session) -> Iterator[dict[str, Any]]:
    """Yield every pair as one record, by id."""
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
            "chosen_origin": {
                "kind": pair.chosen_kind,
                "id": pair.chosen_response_id,
                "author": pair.chosen_author,
            },
            "rejected_origin": {
                "kind": pair.rejected_kind,
                "id": pair.rejected_response_id,
                "author": pair.rejected_author,
            },
            "negative_type": pair.negative_type,
            "status": pair.status,
            "reason": pair.reason,
            "image_sha256": item.image_sha256,
        }

"""Items as records for other programs, in the fields of the export format."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, select

from core.models import Item, ItemWarning

_AS_STORED = (
    *("base_item_id", "subset", "source_index", "wording", "country", "region", "language", "domain", "query"),
    *("query_english", "norm", "image_sha256", "image_status", "family_id", "split"),
)


def item_records(session: Session) -> Iterator[dict[str, Any]]:
    """Yield every item as one record, by id."""
    warnings: dict[str, list[dict[str, str]]] = {}
    for row in session.exec(select(ItemWarning).order_by(ItemWarning.item_id, ItemWarning.code)):
        warnings.setdefault(row.item_id, []).append({"code": row.code, "detail": row.detail})
    for item in session.exec(select(Item).order_by(Item.id).execution_options(yield_per=500)):
        stored = {name: getattr(item, name) for name in _AS_STORED}
        stored["wording"] = item.wording if item.wording == "translation" else int(item.wording)
        yield {"item_id": item.id, **stored, "warnings": warnings.get(item.id, []), "raw": item.raw}

"""Items as records for other programs, in the fields of the export format."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, select

from core.benchmark.corrected import CorrectedItem
from core.benchmark.errata import corrected_items
from core.models import Item, ItemWarning

_AS_STORED = (
    *("base_item_id", "subset", "source_index", "wording", "country", "region", "language", "domain", "query"),
    *("query_english", "norm", "image_sha256", "image_status", "family_id", "split"),
)


def item_records(session: Session, *, corrected: bool = False) -> Iterator[dict[str, Any]]:
    """Yield every item as one record, by id.

    Args:
        session: to read with.
        corrected: say norm, query, country and domain as accepted errata have them, and in one more field,
            `corrected`, which errata these are. `raw`, family and split stay as they were at the import.
    """
    read = corrected_items(session) if corrected else {}
    warnings: dict[str, list[dict[str, str]]] = {}
    for row in session.exec(select(ItemWarning).order_by(ItemWarning.item_id, ItemWarning.code)):
        warnings.setdefault(row.item_id, []).append({"code": row.code, "detail": row.detail})
    for item in session.exec(select(Item).order_by(Item.id).execution_options(yield_per=500)):
        stored = {name: getattr(item, name) for name in _AS_STORED}
        stored["wording"] = item.wording if item.wording == "translation" else int(item.wording)
        record = {"item_id": item.id, **stored, "warnings": warnings.get(item.id, []), "raw": item.raw}
        yield record | _corrected(read.get(item.id)) if corrected else record


def _corrected(read: CorrectedItem | None) -> dict[str, Any]:
    if read is None:
        return {"corrected": {}}
    said = {"norm": read.norm, "query": read.query, "country": read.country, "domain": read.domain}
    return {**said, "corrected": dict(read.errata)}

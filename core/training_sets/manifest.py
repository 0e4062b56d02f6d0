"""Write down what a training set is and what it comes from: rows, pairs, labels, items, split, versions."""

from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from sqlmodel import Session, col, select

from core.backgrounds import counts_still
from core.benchmark.settling import split_settings
from core.models import Label, Pair, utc_now
from core.training_sets.candidates import AT_ONCE
from core.training_sets.rows import Selection, counts, selection_sha256


def manifest_of(session: Session, *, name: str, selection: Selection, share: float) -> dict[str, Any]:
    """Return the manifest of a set about to be stored, ready for JSON; needs a `transaction()`."""
    rows = selection.rows
    seed, held_out_share = split_settings(session)
    parts = counts(rows, "part")
    pair_ids = sorted([*(row.pair_id for row in rows), *selection.merged])
    return {
        "name": name,
        "kind": selection.kind,
        "created_at": utc_now().isoformat(),
        "rows": len(rows),
        "parts": {part: parts.get(part, 0) for part in ("train", "validation")},
        "sha256": selection_sha256(selection),
        "pair_ids": pair_ids,
        "merged_pair_ids": list(selection.merged),
        "label_ids": _label_ids(session, pair_ids),
        "item_ids": sorted({row.item_id for row in rows}),
        "items_read": "as imported" if selection.corrected is None else "as corrected",
        "corrected_items": [asdict(correction) for correction in selection.corrected or ()],
        "family_ids": sorted({row.family_id for row in rows}),
        "images": sorted({row.image_sha256 for row in rows if row.image_sha256}),
        "split": {"seed": seed, "held_out_share": held_out_share},
        "validation_share": share,
        "by_country": counts(rows, "country"),
        "by_language": counts(rows, "language"),
        "by_negative_type": counts(rows, "negative_type"),
        "refused": [{"pair_id": refusal.pair_id, "reason": refusal.reason} for refusal in selection.refused],
        "versions": {package: version(package) for package in ("cross-review", "datasets", "trl", "transformers")},
    }


def _label_ids(session: Session, pair_ids: Sequence[int]) -> list[int]:
    """Return the labels of the responses the pairs were made from, so that a result leads back to its experts."""
    found: set[int] = set()
    for start in range(0, len(pair_ids), AT_ONCE):
        some = col(Pair.id).in_(pair_ids[start : start + AT_ONCE])
        for response_id in (Pair.chosen_response_id, Pair.rejected_response_id):
            query = select(Label.id).join(Pair, col(Label.response_id) == response_id)
            found |= set(
                session.exec(query.where(some, col(Label.retracted).is_(False), counts_still(Label.person_id)))
            )
    return sorted(found)

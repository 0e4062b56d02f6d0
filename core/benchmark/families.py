"""Put items into families and splits so that nothing held out is ever trained on. Pure: rows in, families out.

A split depends on an item's own norm and a seed only, so it is the same whatever was imported first. Where an import
joins families of different splits, the held-out rows stay held out and the others become quarantined: nothing moves
the other way.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.rubric import Split


@dataclass(frozen=True)
class FamilyRow:
    """What decides an item's family and split. A picture counts by its SHA-256, by its path while a file is missing."""

    item_id: str
    base_item_id: str
    country: str | None
    norm_key: str | None
    sha256: str | None = None
    path: str | None = None
    split: Split | None = None


def stable_share(*parts: object) -> float:
    """Return a number in [0, 1) that depends on the parts only, the same on every machine and in every process."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def families_and_splits(rows: Sequence[FamilyRow], *, seed: int, held_out_share: float) -> dict[str, tuple[str, Split]]:
    """Return family and split of each item.

    Args:
        rows: all items of the workspace, in any order.
        seed: of the split; stored with the workspace.
        held_out_share: 0 to 1.

    Returns:
        By item id (family, split). The family is named by a hash of its first base item. An item
        without a norm is quarantined: it is never judged and never trained on.
    """
    root = _joined(rows)
    names: dict[str, str] = {}
    for row in rows:
        key = row.base_item_id
        family = root(key)
        names[family] = min(names.get(family, key), key)
    own = {row.item_id: _own_split(row, seed, held_out_share) for row in rows}
    held = [row for row in rows if own[row.item_id] == "held_out"]
    held_families = {root(row.base_item_id) for row in held}
    held_norms = {row.norm_key for row in held if row.norm_key}
    held_pictures = {row.sha256 for row in held if row.sha256}
    held_paths = {row.path for row in held if row.path}
    held_missing = {row.path for row in held if row.path and not row.sha256}
    result: dict[str, tuple[str, Split]] = {}
    for row in rows:
        split = own[row.item_id]
        touches = (
            root(row.base_item_id) in held_families
            or row.norm_key in held_norms
            or row.sha256 in held_pictures
            or row.path in (held_missing if row.sha256 else held_paths)
        )
        if split == "training_pool" and (touches or row.split == "quarantined"):
            split = "quarantined"
        name = hashlib.sha256(names[root(row.base_item_id)].encode()).hexdigest()[:12]
        result[row.item_id] = (f"f-{name}", split)
    return result


def _own_split(row: FamilyRow, seed: int, held_out_share: float) -> Split:
    if row.norm_key is None:
        return "quarantined"
    return "held_out" if stable_share("split", seed, row.country, row.norm_key) < held_out_share else "training_pool"


def _joined(rows: Iterable[FamilyRow]) -> Callable[[str], str]:
    """Return a function from a base item to the one that stands for its family (union-find)."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    first: dict[tuple[str | None, str], str] = {}
    for row in rows:
        if row.norm_key is None:
            root(row.base_item_id)
            continue
        other = first.setdefault((row.country, row.norm_key), row.base_item_id)
        one, two = sorted((root(row.base_item_id), root(other)))
        parent[two] = one
    return root

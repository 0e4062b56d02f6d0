"""Settle what depends on all items of a workspace together: families, splits and duplicates."""

from collections import defaultdict

from sqlalchemy import insert, update
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, delete, func, select

from core.benchmark.families import FamilyRow, families_and_splits
from core.config import settings
from core.models import Item, ItemWarning, WorkspaceSetting
from core.rubric import Split

_SEED, _SHARE = "split_seed", "held_out_share"


def split_settings(session: Session) -> tuple[int, float]:
    """Return seed and held-out share of this workspace.

    They are those of its first import, whatever the environment says later: nothing held out ever moves.
    """
    for key, text in ((_SEED, str(settings().split_seed)), (_SHARE, str(settings().held_out_share))):
        if session.get(WorkspaceSetting, key) is None:
            session.add(WorkspaceSetting(key=key, text=text))
    session.flush()
    return int(session.get_one(WorkspaceSetting, _SEED).text), float(session.get_one(WorkspaceSetting, _SHARE).text)


def settle_families(session: Session) -> None:
    """Compute families and splits of all items anew and store what changed."""
    columns = sql_select(
        *(col(Item.id), col(Item.base_item_id), col(Item.country), col(Item.norm_key), col(Item.image_sha256)),
        *(col(Item.image_path), col(Item.family_id), col(Item.split)),
    )
    rows: list[FamilyRow] = []
    before: dict[str, tuple[str, Split]] = {}
    for item_id, base, country, norm_key, sha256, path, family, split in session.execute(columns):
        before[item_id] = (family, split)
        # A family without a name belongs to a row of this very import, which has no split to keep.
        rows.append(FamilyRow(item_id, base, country, norm_key, sha256, path, split if family else None))
    seed, share = split_settings(session)
    settled = families_and_splits(rows, seed=seed, held_out_share=share)
    changes = [
        {"id": item_id, "family_id": family, "split": split}
        for item_id, (family, split) in settled.items()
        if before[item_id] != (family, split)
    ]
    if changes:
        session.execute(update(Item), changes)


def mark_duplicates(session: Session) -> None:
    """Warn of the same content under two indexes, on both, whichever was imported first."""
    twice = (
        select(Item.content_hash).group_by(Item.content_hash).having(func.count(func.distinct(Item.base_item_id)) > 1)
    )
    rows = session.exec(
        select(Item.id, Item.base_item_id, Item.content_hash).where(col(Item.content_hash).in_(twice)).order_by(Item.id)
    ).all()
    bases: dict[str, set[str]] = defaultdict(set)
    for _, base, content in rows:
        bases[content].add(base)
    session.exec(delete(ItemWarning).where(col(ItemWarning.code) == "duplicate_content"))
    warnings = [
        {
            "item_id": item_id,
            "code": "duplicate_content",
            "detail": "the same as " + ", ".join(sorted(bases[content] - {base})),
        }
        for item_id, base, content in rows
    ]
    if warnings:
        session.execute(insert(ItemWarning), warnings)

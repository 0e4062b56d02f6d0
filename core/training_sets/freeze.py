"""Freeze accepted pairs into a training set: write its folder, store the set, all or nothing."""

import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from core.config import settings
from core.db import reading, transaction
from core.errors import TrainingSetError
from core.jobs import create_job
from core.models import Item, Job, Person, TrainingSet, TrainingSetPair
from core.people import needs_lead, record_event
from core.rubric import TrainingSetKind
from core.training_sets.candidates import VALIDATION_SHARE, PicturesRead, accepted_pair_ids, selection_of
from core.training_sets.folder import write_manifest, write_parquet
from core.training_sets.manifest import manifest_of
from core.training_sets.rows import Refusal, Selection, selection_sha256
from core.training_sets.stored import check_name, folder_of

# A folder that is being written; a set's own name never starts with a dot.
_WRITING = ".writing-"
_LEFT_BEHIND_S = 24 * 3600

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class FrozenSet:
    """What was frozen, in the fields of the command's answer; `path` is the set's folder."""

    name: str
    kind: TrainingSetKind
    rows: int
    sha256: str
    path: str
    refused: tuple[Refusal, ...]


def create_freeze_job(
    session: Session,
    *,
    name: str,
    kind: TrainingSetKind,
    pair_ids: Sequence[int] | None,
    author: Person | None,
    allow_missing_pictures: bool = False,
    corrected: bool = False,
) -> Job:
    """Add a job that freezes a set; give it a process with `start_job` after the transaction.

    Raises:
        TrainingSetError: the name cannot be used.
    """
    if author is not None:
        needs_lead(author, "freeze training sets")
    check_name(session, name)
    arguments = {
        "name": name,
        "kind": kind,
        "pair_ids": list(pair_ids) if pair_ids is not None else None,
        "author_id": author.id if author else None,
        "allow_missing_pictures": allow_missing_pictures,
        "corrected": corrected,
    }
    return create_job(session, kind="freeze", title=f"Freeze {name}", arguments=arguments)


def freeze_training_set(
    *,
    name: str,
    kind: TrainingSetKind,
    pair_ids: Sequence[int] | None = None,
    author: Person | None = None,
    validation_share: float = VALIDATION_SHARE,
    allow_missing_pictures: bool = False,
    corrected: bool = False,
    on_progress: OnProgress = lambda done, total: None,
) -> FrozenSet:
    """Write a training set once and for all and return what is in it; the refused pairs stay out.

    The rows are chosen again in the transaction that stores the set: a split that moved meanwhile is not missed.

    Args:
        name: of the set and its folder; must be new.
        kind: dpo keeps both answers, sft the chosen one.
        pair_ids: the pairs asked for; None is all accepted ones.
        author: who freezes.
        validation_share: share of the families to watch the training by, 0 to 1.
        allow_missing_pictures: let queries in without the picture they speak of.
        corrected: read items as accepted corrections have them; the manifest says which ones.
        on_progress: told rows written and rows in all.

    Raises:
        TrainingSetError: nothing is left to freeze, the name cannot be used, or pairs changed meanwhile.
    """
    if author is not None:
        needs_lead(author, "freeze training sets")
    pictures = PicturesRead()
    with reading() as session:
        check_name(session, name)
        asked = list(pair_ids) if pair_ids is not None else accepted_pair_ids(session)

    def chosen(session: Session) -> Selection:
        return selection_of(
            session,
            kind,
            asked,
            pictures.state,
            validation_share=validation_share,
            allow_missing_pictures=allow_missing_pictures,
            corrected=corrected,
        )

    with reading() as session:
        selection = chosen(session)
    if not selection.rows:
        raise TrainingSetError(_nothing_left(selection))
    folder = _new_folder()
    try:
        total = len(selection.rows)
        write_parquet(folder, selection, picture_paths=pictures.paths, on_row=lambda done: on_progress(done, total))
        with transaction() as session:
            now = chosen(session)
            if (selection_sha256(now), now.corrected) != (selection_sha256(selection), selection.corrected):
                raise TrainingSetError(
                    "Pairs or items were changed while the set was being written; nothing was stored. Freeze again."
                )
            stored = _store(session, folder, name=name, selection=selection, author=author, share=validation_share)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    path = str(folder_of(stored))
    return FrozenSet(name, kind, len(selection.rows), stored.sha256, path, selection.refused)


def _nothing_left(selection: Selection) -> str:
    if not selection.refused:
        return "There is no accepted pair yet, and a training set of nothing trains nothing. Accept pairs under Pairs."
    first = selection.refused[0]
    count = len(selection.refused)
    return (
        f"Nothing is left to freeze: {'the only pair is' if count == 1 else f'all {count} pairs are'} refused. "
        f"Pair {first.pair_id}: {first.reason} A training set of nothing trains nothing."
    )


def _new_folder() -> Path:
    """Make a folder to write in, and clear away what killed freezes left behind more than a day ago."""
    place = settings().training_sets
    place.mkdir(parents=True, exist_ok=True)
    for left in place.glob(f"{_WRITING}*"):
        if time.time() - left.stat().st_mtime > _LEFT_BEHIND_S:
            shutil.rmtree(left, ignore_errors=True)
    folder = place / f"{_WRITING}{os.getpid()}-{time.monotonic_ns()}"
    folder.mkdir()
    return folder


def _store(
    session: Session, folder: Path, *, name: str, selection: Selection, author: Person | None, share: float
) -> TrainingSet:
    """Store the set's rows and put its folder in place, which makes it count."""
    check_name(session, name)
    manifest = manifest_of(session, name=name, selection=selection, share=share)
    stored = TrainingSet(
        name=name,
        kind=selection.kind,
        row_count=len(selection.rows),
        sha256=manifest["sha256"],
        folder=name,
        manifest=manifest,
        created_by=author.id if author else None,
    )
    session.add(stored)
    try:
        session.flush()
    except IntegrityError as error:
        raise TrainingSetError(f"A training set named {name} was frozen meanwhile. Choose another name.") from error
    for pair_id in manifest["pair_ids"]:
        session.add(TrainingSetPair(training_set_id=stored.id, pair_id=pair_id))
    record_event(session, person=author, kind="freeze", subject=f"training_set/{stored.id}", rows=stored.row_count)
    session.flush()
    write_manifest(folder, manifest, has_sample=_has_sample(session, manifest["item_ids"]))
    place = settings().training_sets / name
    # A folder without a row is what a process killed at this very point left behind.
    shutil.rmtree(place, ignore_errors=True)
    folder.rename(place)
    return stored


def _has_sample(session: Session, item_ids: Sequence[str]) -> bool:
    sample = set(session.exec(select(Item.id).where(Item.subset == "sample")))
    return not sample.isdisjoint(item_ids)

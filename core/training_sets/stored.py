"""Find the training sets there are, their folders, and names for new ones."""

import re
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from core.config import settings
from core.errors import NotFoundError, TrainingSetError
from core.models import Item, TrainingSet
from core.rubric import TrainingSetKind
from core.training_sets.folder import FrozenExample

# A manifest names every row: where many sets are listed, or one again and again, it is left out.
WITHOUT_MANIFEST = defer(TrainingSet.manifest)  # type: ignore[arg-type]
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def training_sets(session: Session, *, limit: int | None = None) -> Sequence[TrainingSet]:
    """Return training sets, newest first; all unless limited. Without their manifests."""
    query = select(TrainingSet).options(WITHOUT_MANIFEST)
    return session.exec(query.order_by(col(TrainingSet.id).desc()).limit(limit)).all()


def countries_of_sets(session: Session, *, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the countries of sets, most rows first, by the set's id."""
    query = select(TrainingSet.id, col(TrainingSet.manifest)["by_country"]).where(col(TrainingSet.id).in_(ids))
    # The order of a JSON object's keys is not kept by every database.
    return {number: sorted(counted, key=lambda name: (-counted[name], name)) for number, counted in session.exec(query)}


def training_set_named(session: Session, name: str) -> TrainingSet:
    """Return a training set.

    Raises:
        NotFoundError: there is none of that name.
    """
    # What is no name is not looked up: the database may be unable to take it.
    found = _NAME.fullmatch(name) and session.exec(select(TrainingSet).where(TrainingSet.name == name)).first()
    if not found:
        raise NotFoundError(f"There is no training set named {name[:80]!r}. Look at the list under Training sets.")
    return found


def folder_of(training_set: TrainingSet) -> Path:
    """Return the folder of a frozen set."""
    return settings().training_sets / training_set.folder


def items_of(session: Session, *, examples: Sequence[FrozenExample]) -> dict[str, Item]:
    """Return the items that examples of a set were made of, by id; one that was removed since is not among them."""
    wanted = {example.item_id for example in examples}
    return {item.id: item for item in session.exec(select(Item).where(col(Item.id).in_(wanted)))}


def suggested_name(session: Session, *, kind: TrainingSetKind) -> str:
    """Return a name that is still free: pairs-1, examples-3."""
    word = "pairs" if kind == "dpo" else "examples"
    taken = set(session.exec(select(TrainingSet.name)))
    return next(name for number in range(1, len(taken) + 2) if (name := f"{word}-{number}") not in taken)


def check_name(session: Session, name: str) -> None:
    """Make sure that a new set may have this name.

    Raises:
        TrainingSetError: it is taken, or is no name for a folder.
    """
    if not _NAME.fullmatch(name):
        raise TrainingSetError(
            f"A training set cannot be named {name[:80]!r}. Use 1 to 64 lower-case letters, digits, dots, dashes and "
            "underscores, beginning with a letter or digit."
        )
    if session.exec(select(TrainingSet.id).where(TrainingSet.name == name)).first() is not None:
        raise TrainingSetError(
            f"There is a training set named {name} already, and a set never changes. Choose another name."
        )

"""Find the pairs a training set could be made of, with their items and pictures, and choose its rows."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from core.benchmark.errata import corrected_items
from core.benchmark.images import original_path
from core.models import Image, Item, Pair
from core.passed import passed
from core.rubric import TrainingSetKind
from core.training_sets.rows import Candidate, Picture, Refusal, Selection, select_rows

VALIDATION_SHARE = 0.1
AT_ONCE = 900
# The raw record is most of an item, and no row is made of it.
_LEFT_OUT = defer(Item.raw)  # type: ignore[arg-type]


def accepted_pair_ids(session: Session, *, countries: Sequence[str] | None = None) -> list[int]:
    """Return the accepted pairs, oldest first; of all countries unless some are named."""
    query = select(Pair.id).join(Item).where(Pair.status == "accepted", passed()).order_by(col(Pair.id))
    if countries is not None:
        query = query.where(col(Item.country).in_(countries))
    return list(session.exec(query))


@dataclass(frozen=True)
class PairsState:
    """How many pairs are accepted, and when any pair was last changed; a new state makes a check out of date."""

    accepted: int
    changed_at: datetime | None


def pairs_state(session: Session) -> PairsState:
    """Return the state of all pairs, counted by the database."""
    accepted = func.count().filter(col(Pair.status) == "accepted")
    return PairsState(*session.exec(select(accepted, func.max(Pair.changed_at)).select_from(Pair)).one())


def countries_with_pairs(session: Session) -> list[str]:
    """Return the countries that have accepted pairs, by name."""
    query = select(Item.country).join(Pair).where(Pair.status == "accepted", col(Item.country).is_not(None)).distinct()
    return sorted(country for country in session.exec(query) if country)


def check_training_set(
    session: Session,
    *,
    kind: TrainingSetKind,
    pair_ids: Sequence[int] | None = None,
    validation_share: float = VALIDATION_SHARE,
    allow_missing_pictures: bool = False,
    corrected: bool = False,
) -> Selection:
    """Return what a set would hold and which pairs stay out and why; pictures are looked for, not read.

    Args:
        session: to look with.
        kind: sft or dpo.
        pair_ids: the pairs asked for; None is all accepted ones.
        validation_share: share of the families to watch the training by, 0 to 1.
        allow_missing_pictures: let queries in without the picture they speak of.
        corrected: read items as accepted corrections have them.
    """
    return selection_of(
        session,
        kind,
        pair_ids,
        lambda picture: "ok" if original_path(picture.sha256, picture.media_type).is_file() else "missing",
        validation_share=validation_share,
        allow_missing_pictures=allow_missing_pictures,
        corrected=corrected,
    )


class PicturesRead:
    """Reads each picture once and remembers what it found, so that a damaged one is told before it is trained on."""

    def __init__(self) -> None:
        """Begin with no picture read."""
        self.paths: dict[str, Path] = {}
        self._states: dict[str, Picture] = {}

    def state(self, picture: Image) -> Picture:
        """Return whether a stored picture is there and whole."""
        if picture.sha256 not in self._states:
            path = original_path(picture.sha256, picture.media_type)
            self.paths[picture.sha256] = path
            self._states[picture.sha256] = _state_of_file(path, picture.sha256)
        return self._states[picture.sha256]


def _state_of_file(path: Path, sha256: str) -> Picture:
    try:
        with path.open("rb") as file:
            return "ok" if hashlib.file_digest(file, "sha256").hexdigest() == sha256 else "damaged"
    except FileNotFoundError:
        return "missing"


def selection_of(
    session: Session,
    kind: TrainingSetKind,
    pair_ids: Sequence[int] | None,
    state: Callable[[Image], Picture],
    *,
    validation_share: float,
    allow_missing_pictures: bool,
    corrected: bool,
) -> Selection:
    """Return what a set would hold of the pairs asked for; `state` is asked about each picture."""
    asked = accepted_pair_ids(session) if pair_ids is None else sorted(set(pair_ids))
    read = corrected_items(session) if corrected else {}
    candidates = [
        Candidate(pair=pair, item=item, picture=_picture(item, image, state), read=read.get(item.id))
        for pair, item, image in _pairs_with_items(session, asked)
    ]
    selection = select_rows(
        kind,
        candidates,
        validation_share=validation_share,
        allow_missing_pictures=allow_missing_pictures,
        is_corrected=corrected,
    )
    unknown = set(asked) - {candidate.pair.id for candidate in candidates}
    missing = tuple(Refusal(pair_id, "There is no such pair.") for pair_id in sorted(unknown))
    return replace(selection, refused=(*selection.refused, *missing))


def _picture(item: Item, image: Image | None, state: Callable[[Image], Picture]) -> Picture:
    if image is not None:
        return state(image)
    # A record that names no picture at all is a query of words only.
    return "missing" if item.image_path else "none"


def _pairs_with_items(session: Session, pair_ids: Sequence[int]) -> Iterable[tuple[Pair, Item, Image | None]]:
    for start in range(0, len(pair_ids), AT_ONCE):
        some = pair_ids[start : start + AT_ONCE]
        query = select(Pair, Item, Image).join(Item, col(Pair.item_id) == Item.id)
        query = query.join(Image, col(Item.image_sha256) == Image.sha256, isouter=True).options(_LEFT_OUT)
        yield from session.exec(query.where(col(Pair.id).in_(some)).order_by(col(Pair.id)))

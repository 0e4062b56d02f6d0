"""Rows of the database -> each blind answer with the judge's score it met, and with the answer given again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlmodel import Session, col, func

from core.backgrounds import counts_still
from core.judges import stands_for
from core.models import Item, Judge, Judgement, Label, LockedResponse, Response, RetestLabel

_TIE = 0.5


@dataclass(frozen=True, slots=True)
class Shown:
    """A blind answer, the judge's score shown after, and the answer that stands now; None is "can't say"."""

    person_id: int
    dimension: str
    family: str
    first: int | None
    judge: int
    now: int | None

    @property
    def is_revised(self) -> bool:
        """Return whether the answer was changed."""
        return self.now != self.first

    @property
    def differed(self) -> bool:
        """Return whether the answer was not the judge's."""
        return self.first != self.judge

    @property
    def moved_towards(self) -> bool:
        """Return whether it was changed to the judge's score."""
        return self.differed and self.now == self.judge

    @property
    def moved_away(self) -> bool:
        """Return whether it was the judge's score and is no more."""
        return not self.differed and self.is_revised


@dataclass(frozen=True, slots=True)
class GivenAgain:
    """A blind answer and the answer to the same response given again later; None is "can't say"."""

    person_id: int
    dimension: str
    family: str
    first: int | None
    again: int | None


def shown_labels(session: Session, *, judge: Judge) -> list[Shown]:
    """Return the blind answers that met a score of a judge that was there as they were given."""
    judged = _judged(session, judge)
    now = _revised(session)
    columns = (Label.person_id, Label.response_id, Label.dimension, Item.family_id, Label.score)
    found = []
    for person_id, response_id, dimension, family, score in session.execute(_blind(*map(col, columns))):
        place = (person_id, response_id, dimension)
        said = judged.get(place)
        if said is not None:
            standing = now.get(place, score)
            found.append(Shown(person_id, dimension, family, score, said, standing))
    return found


def unblinded_counts(session: Session) -> dict[str, int]:
    """Return by dimension how many answers were given by people who had seen the judge or others' labels before."""
    query = (
        select(col(Label.dimension), func.count())
        .join(LockedResponse, _is_locked())
        .where(_is_first_version(), col(Label.phase) == "unblinded", counts_still(col(Label.person_id)))
        .group_by(col(Label.dimension))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def given_again(session: Session) -> list[GivenAgain]:
    """Return the blind answers that were given again to a response that came back, each time it did."""
    place = (RetestLabel.session_id, RetestLabel.response_id, RetestLabel.dimension)
    newest = select(func.max(RetestLabel.id)).group_by(*map(col, place))
    is_same = and_(
        col(RetestLabel.person_id) == Label.person_id,
        col(RetestLabel.response_id) == Label.response_id,
        col(RetestLabel.dimension) == Label.dimension,
    )
    columns = (Label.person_id, Label.dimension, Item.family_id, Label.score, RetestLabel.score)
    query = (
        _blind(*map(col, columns))
        .join(RetestLabel, is_same)
        .where(col(RetestLabel.id).in_(newest), col(RetestLabel.retracted).is_(False))
        .order_by(col(RetestLabel.id))
    )
    return [GivenAgain(*row) for row in session.execute(query)]


def _blind(*columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of any type
    """Return the query for columns of blind first answers that are locked, by people who still count."""
    return (
        select(*columns)
        .select_from(Label)
        .join(LockedResponse, _is_locked())
        .join(Response, col(Response.id) == Label.response_id)
        .join(Item, col(Item.id) == Response.item_id)
        .where(_is_first_version(), col(Label.phase) == "blind", counts_still(col(Label.person_id)))
    )


def _is_locked() -> ColumnElement[bool]:
    return and_(col(LockedResponse.person_id) == Label.person_id, col(LockedResponse.response_id) == Label.response_id)


def _is_first_version() -> ColumnElement[bool]:
    newest = select(func.max(Label.id)).where(col(Label.phase) != "revised")
    newest = newest.group_by(col(Label.person_id), col(Label.response_id), col(Label.dimension))
    return and_(col(Label.id).in_(newest), col(Label.retracted).is_(False))


def _judged(session: Session, judge: Judge) -> dict[tuple[int, int, str], int]:
    """Return the judge's score by person, response and dimension: of what it had said as the answers were given."""
    columns = (LockedResponse.person_id, Judgement.response_id, Judgement.dimension)
    query = (
        select(*map(col, columns), func.avg(Judgement.score))
        .join(LockedResponse, col(LockedResponse.response_id) == Judgement.response_id)
        .where(
            stands_for(judge),
            col(Judgement.score).is_not(None),
            col(Judgement.created_at) <= LockedResponse.locked_at,
        )
        .group_by(*map(col, columns))
    )
    return {(row[0], row[1], row[2]): int(row[3] > _TIE) for row in session.execute(query) if row[3] != _TIE}


def _revised(session: Session) -> dict[tuple[int, int, str], int | None]:
    """Return the answers that stand where one was changed after the judge was shown."""
    columns: Sequence[Any] = (Label.person_id, Label.response_id, Label.dimension, Label.score, Label.retracted)
    newest = select(func.max(Label.id)).where(col(Label.phase) == "revised")
    newest = newest.group_by(col(Label.person_id), col(Label.response_id), col(Label.dimension))
    rows = session.execute(select(*map(col, columns)).where(col(Label.id).in_(newest)))
    return {(row[0], row[1], row[2]): row[3] for row in rows if not row[4]}

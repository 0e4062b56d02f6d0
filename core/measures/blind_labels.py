"""Which labels statistics use: blind first versions of people from the country, locked, by people who still count."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlmodel import col, func

from core.backgrounds import counts_still
from core.models import Label, LockedResponse, OpinionAsked
from core.rubric import Pool


def blind_labels(*columns: Any, pools: Sequence[Pool] = ("from",)) -> Select[Any]:  # noqa: ANN401 - columns of any type
    """Return the query for these columns of the labels that statistics use, with `LockedResponse` joined.

    Of a person's labels of a response on a dimension it is the newest one before the judge was shown. Where that one
    was taken back there is none; revised and unblinded ones, and those of people who know the country from outside
    unless their pool is named, are other quantities. So are labels asked for because others differ: asking on only
    where experts disagree would make them look more of one mind than they are.
    """
    newest = select(func.max(Label.id)).where(col(Label.phase) != "revised")
    return _counted(columns, pools, newest).where(~was_asked_for(LockedResponse.response_id, LockedResponse.locked_at))


def labels_asked_for(*columns: Any, pools: Sequence[Pool]) -> Select[Any]:  # noqa: ANN401 - columns of any type
    """Return the query of the labels that `blind_labels` leaves out only for having been asked for."""
    asked = select(col(OpinionAsked.response_id))
    newest = select(func.max(Label.id)).where(col(Label.phase) != "revised", col(Label.response_id).in_(asked))
    return _counted(columns, pools, newest).where(was_asked_for(LockedResponse.response_id, LockedResponse.locked_at))


def was_asked_for(response_id: object, moment: object) -> ColumnElement[bool]:
    """Return the condition, on columns, that one more expert had been asked for a response by that moment."""
    asked = select(col(OpinionAsked.response_id)).where(
        col(OpinionAsked.response_id) == response_id, col(OpinionAsked.created_at) <= moment
    )
    return asked.exists()


def _counted(columns: Sequence[Any], pools: Sequence[Pool], newest: Select[Any]) -> Select[Any]:
    is_locked = and_(
        col(LockedResponse.person_id) == Label.person_id, col(LockedResponse.response_id) == Label.response_id
    )
    of_each = newest.group_by(col(Label.person_id), col(Label.response_id), col(Label.dimension))
    return (
        select(*columns)
        .select_from(Label)
        .join(LockedResponse, is_locked)
        .where(
            col(Label.id).in_(of_each),
            col(Label.retracted).is_(False),
            col(Label.phase) == "blind",
            col(Label.pool).in_(pools),
            counts_still(col(Label.person_id)),
        )
    )

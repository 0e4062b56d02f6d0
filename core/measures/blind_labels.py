"""Which labels statistics use: blind first versions of people from the country, locked, by people who still count."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, select
from sqlmodel import col, func

from core.backgrounds import counts_still
from core.models import Label, LockedResponse
from core.rubric import Pool


def blind_labels(*columns: Any, pools: Sequence[Pool] = ("from",)) -> Select[Any]:  # noqa: ANN401 - columns of any type
    """Return the query for these columns of the labels that statistics use, with `LockedResponse` joined.

    Of a person's labels of a response on a dimension it is the newest one before the judge was shown. Where that one
    was taken back there is none; revised and unblinded ones, and those of people who know the country from outside
    unless their pool is named, are other quantities.
    """
    newest = select(func.max(Label.id)).where(col(Label.phase) != "revised")
    newest = newest.group_by(col(Label.person_id), col(Label.response_id), col(Label.dimension))
    is_locked = and_(
        col(LockedResponse.person_id) == Label.person_id, col(LockedResponse.response_id) == Label.response_id
    )
    return (
        select(*columns)
        .select_from(Label)
        .join(LockedResponse, is_locked)
        .where(
            col(Label.id).in_(newest),
            col(Label.retracted).is_(False),
            col(Label.phase) == "blind",
            col(Label.pool).in_(pools),
            counts_still(col(Label.person_id)),
        )
    )

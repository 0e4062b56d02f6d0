"""Judgements of responses with and without the picture -> the items that do not test sight."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Float, Subquery, and_, case, cast, func, select
from sqlmodel import Session, col

from core.judges import judge_named, stands_for
from core.models import Item, Judge, Judgement, Response

WITHOUT_PICTURE = "text-only"
# Means of thirds do not come out even: 1/2 may be a hair less, and two equal means a hair apart.
_HAIR = 1e-9


@dataclass(frozen=True)
class SightRow:
    """An item a model fails no less without the picture; the scores are means over the responses, 0 to 1."""

    item_id: str
    country: str | None
    model: str
    with_picture: float
    without_picture: float
    norm: str | None


@dataclass(frozen=True)
class Sight:
    """One judge's view of items answered by the same model with and without the picture.

    An item counts once per model. `scored_both_ways` is the base of the other counts but `unscored`: those were
    judged both ways too, and hold no score of one. `failing` has a mean below 0.5 with the picture; of these
    `failing_alike` does no better without, and `rows` are those.
    """

    judge: str
    dimension: str
    scored_both_ways: int
    unscored: int
    failing: int
    failing_alike: int
    rows: tuple[SightRow, ...]


def not_testing_sight(
    session: Session, *, judge: str, model: str | None = None, dimension: str = "compliance"
) -> Sight:
    """Return the items that a model fails equally without the picture, by item and model; of all models unless named.

    Only the judge's judgements that stand count (core.judges).

    Raises:
        NotFoundError: there is no such judge.
    """
    both = _both_ways(judge_named(session, judge), model, dimension)
    failing = both.c.with_picture < 0.5 - _HAIR
    alike = and_(failing, both.c.without_picture <= both.c.with_picture + _HAIR)
    scored = and_(both.c.with_picture.is_not(None), both.c.without_picture.is_not(None))
    counts = [func.count(case((condition, 1))) for condition in (scored, and_(scored, failing), alike)]
    all_items, scored_items, failing_items, alike_items = session.execute(
        select(func.count(), *counts).select_from(both)
    ).one()
    rows = session.execute(
        select(
            both.c.item_id, col(Item.country), both.c.model, both.c.with_picture, both.c.without_picture, col(Item.norm)
        )
        .join(Item, col(Item.id) == both.c.item_id)
        .where(alike)
        .order_by(both.c.item_id, both.c.model)
    )
    return Sight(
        judge=judge,
        dimension=dimension,
        scored_both_ways=scored_items,
        unscored=all_items - scored_items,
        failing=failing_items,
        failing_alike=alike_items,
        rows=tuple(SightRow(*row) for row in rows),
    )


def _both_ways(judge: Judge, model: str | None, dimension: str) -> Subquery:
    """Return, for each item and model judged both ways, the mean score of each way; null is not scored."""
    # First per response: one that was judged in more rounds must not weigh more.
    responses = (
        select(col(Judgement.response_id), func.avg(cast(col(Judgement.score), Float)).label("score"))
        .where(stands_for(judge), col(Judgement.dimension) == dimension)
        .group_by(col(Judgement.response_id))
        .subquery()
    )
    without = col(Response.setting) == WITHOUT_PICTURE
    query = (
        select(col(Response.item_id), col(Response.model))
        .add_columns(_mean_where(~without, responses).label("with_picture"))
        .add_columns(_mean_where(without, responses).label("without_picture"))
        .join(responses, responses.c.response_id == Response.id)
        .group_by(col(Response.item_id), col(Response.model))
        .having(func.count(case((without, 1))).between(1, func.count() - 1))
    )
    return (query if model is None else query.where(col(Response.model) == model)).subquery()


def _mean_where(condition: ColumnElement[bool], responses: Subquery) -> ColumnElement[float]:
    return func.avg(case((condition, responses.c.score)))

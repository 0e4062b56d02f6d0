"""Two judges' judgements of the same responses -> how far one can stand for the other; one judge's -> its drift."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, Join, Select, Subquery, and_, case, cast, func, or_, select
from sqlalchemy.sql.expression import SQLColumnExpression
from sqlmodel import Session, col

from core.errors import UserError
from core.judges import judge_named, stands_for
from core.measures.statistics import Estimate, PairedSums, agreement_and_shift
from core.models import Item, Judge, Judgement, Response
from core.rubric import DIMENSIONS, LAST_SCORING_ROUND

_SCORE = cast(col(Judgement.score), Float)
_JUDGED = (col(Judgement.response_id), col(Judgement.dimension))


@dataclass(frozen=True)
class BridgeCell:
    """Two judges on the `n` responses that both scored, in one country (None is all) on one dimension.

    A response's score by a judge is the mean over its scored rounds; the means and `shift` (second minus first) are
    of these. Agreement of one response is the chance that a round of the one judge says what a round of the other
    says: with one round each, the share of equal scores. A flip is another majority over the rounds; a tie is none.
    `unscored` responses were judged by both and hold no score of at least one.
    """

    country: str | None
    dimension: str
    n: int
    families: int
    agreement: Estimate
    mean_first: float | None
    mean_second: float | None
    shift: Estimate
    flips_up: int
    flips_down: int
    unscored: int


@dataclass(frozen=True)
class Bridge:
    """Two judges by name and their cells: all countries first, then each by name; dimensions in their order."""

    first: str
    second: str
    cells: tuple[BridgeCell, ...]


@dataclass(frozen=True)
class Flip:
    """A response that most rounds of one judge score 1 and most rounds of the other 0."""

    response_id: int
    item_id: str
    country: str | None
    dimension: str
    model: str
    setting: str
    first_score: float
    second_score: float


@dataclass(frozen=True)
class Flips:
    """How many flips there are, and some of them by item, model and dimension."""

    count: int
    rows: tuple[Flip, ...]


@dataclass(frozen=True)
class DriftPoint:
    """A judge's anchor round on one dimension against its first scores of the same responses.

    `shift` is now minus then; `unscored` responses got no score this time; `when` is the round's first judgement.
    """

    judge_round: int
    when: datetime
    dimension: str
    n: int
    families: int
    agreement: Estimate
    shift: Estimate
    unscored: int


def judge_bridge(
    session: Session, *, first: str, second: str, models: Sequence[str] = (), settings: Sequence[str] = ()
) -> Bridge:
    """Return how two judges score the same responses; of all models and settings unless some are named.

    Only judgements that stand count (core.judges). Responses to items without a country count among all countries
    only. There are cells for every country with a response that both judged, and always for all countries.

    Raises:
        UserError: there is no such judge, or it is one and the same.
    """
    both = _both(session, first, second)
    query = (
        select(col(Item.country), both.c.dimension, col(Item.family_id), *_sums_of(both.c.first, both.c.second))
        .select_from(_with_items(both))
        .where(*_chosen((col(Response.model), models), (col(Response.setting), settings)))
        .group_by(col(Item.country), both.c.dimension, col(Item.family_id))
    )
    cells: dict[tuple[str | None, str], dict[str, PairedSums]] = defaultdict(lambda: defaultdict(PairedSums))
    for country, dimension, family, *sums in session.execute(query):
        for place in {None, country}:
            cells[place, dimension][family] += PairedSums(*sums)
    places = [None, *sorted({place for place, _ in cells if place is not None})]
    found = (_cell(place, name, [*cells[place, name].values()]) for place in places for name in DIMENSIONS)
    return Bridge(first, second, tuple(found))


def flips(
    session: Session,
    *,
    first: str,
    second: str,
    dimension: str | None,
    country: str | None,
    models: Sequence[str] = (),
    settings: Sequence[str] = (),
    limit: int = 50,
    offset: int = 0,
) -> Flips:
    """Return the responses that two judges see differently, as `judge_bridge` counts them.

    Raises:
        UserError: there is no such judge, or it is one and the same.
    """
    both = _both(session, first, second)
    named = [(both.c.dimension, [dimension] if dimension else []), (col(Item.country), [country] if country else [])]
    columns = (col(Response.item_id), col(Item.country), both.c.dimension, col(Response.model), col(Response.setting))
    flipped = (
        select(both.c.response_id, *columns, both.c.first, both.c.second)
        .select_from(_with_items(both))
        .where(or_(_up(both.c.first, both.c.second), _up(both.c.second, both.c.first)))
        .where(*_chosen(*named, (col(Response.model), models), (col(Response.setting), settings)))
    )
    count = session.execute(select(func.count()).select_from(flipped.subquery())).scalar_one()
    order = (col(Response.item_id), col(Response.model), both.c.dimension, both.c.response_id)
    rows = session.execute(flipped.order_by(*order).limit(limit).offset(offset))
    return Flips(count, tuple(Flip(*row) for row in rows))


def drift(session: Session, *, judge: str) -> list[DriftPoint]:
    """Return how a judge scores its anchor set anew, round by round, dimension by dimension.

    A response is compared with its scores for scoring; where it has none, with its earliest score as an anchor, and
    that round shows nothing of it. Judgements of other prompt versions than the present one are left out.

    Raises:
        UserError: there is no such judge.
    """
    points: defaultdict[tuple[int, str], list[tuple[datetime, PairedSums]]] = defaultdict(list)
    for judge_round, dimension, _, when, *sums in session.execute(_drift_query(judge_named(session, judge))):
        points[judge_round, dimension].append((when, PairedSums(*sums)))
    in_order = sorted(points, key=lambda key: (key[0], DIMENSIONS.index(key[1])))
    return [_drift_point(*key, points[key]) for key in in_order]


def _both(session: Session, first: str, second: str) -> Subquery:
    """Return, for each response and dimension that both judges judged, the mean score of each; null is not scored."""
    if first == second:
        raise UserError(f"{first} cannot be compared with itself. Choose two different judges.")
    judges = [judge_named(session, name) for name in (first, second)]
    means = [func.avg(case((col(Judgement.judge) == judge.name, _SCORE))) for judge in judges]
    return (
        select(*_JUDGED, means[0].label("first"), means[1].label("second"))
        .where(or_(*(stands_for(judge) for judge in judges)))
        .group_by(*_JUDGED)
        .having(func.min(Judgement.judge) != func.max(Judgement.judge))
        .subquery()
    )


def _drift_query(judge: Judge) -> Select[Any]:
    own = and_(col(Judgement.judge) == judge.name, col(Judgement.prompt_version) == judge.prompt_version)
    anchors = select(col(Judgement.response_id)).where(own, col(Judgement.judge_round) > LAST_SCORING_ROUND)
    # All rounds for scoring together are the judge's word of round 0.
    word_round = case((stands_for(judge), 0), else_=col(Judgement.judge_round)).label("word_round")
    words = (
        select(*_JUDGED, word_round, func.avg(_SCORE).label("score"), func.min(Judgement.created_at).label("began"))
        .where(own, col(Judgement.response_id).in_(anchors))
        # By its name: PostgreSQL takes the same expression with parameters of its own for another one.
        .group_by(*_JUDGED, "word_round")
        .subquery()
    )
    # Scored words first, so that the first of them is what later ones are compared with.
    order = (words.c.score.is_(None), words.c.word_round)
    first_score, first_round = (
        func.first_value(column).over(partition_by=(words.c.response_id, words.c.dimension), order_by=order)
        for column in (words.c.score, words.c.word_round)
    )
    compared = select(*words.c, first_score.label("first_score"), first_round.label("first_round")).subquery()
    columns = (compared.c.word_round, compared.c.dimension, col(Item.family_id))
    return (
        select(*columns, func.min(compared.c.began), *_sums_of(compared.c.first_score, compared.c.score))
        .select_from(_with_items(compared))
        .where(compared.c.word_round > compared.c.first_round, compared.c.first_score.is_not(None))
        .group_by(*columns)
    )


def _with_items(scores: Subquery) -> Join:
    of_response = col(Response.id) == scores.c.response_id
    return scores.join(Response, of_response).join(Item, col(Item.id) == Response.item_id)


def _sums_of(first: ColumnElement[float], second: ColumnElement[float]) -> list[ColumnElement[Any]]:
    """Return the fields of `PairedSums`, in their order, over two columns of scores from 0 to 1 or null."""
    agreed = first * second + (1.0 - first) * (1.0 - second)
    scored = agreed.is_not(None)
    summed = (agreed, case((scored, first)), case((scored, second)))
    sums = [func.coalesce(func.sum(column), 0.0) for column in summed]
    flipped = [func.count(case((way, 1))) for way in (_up(first, second), _up(second, first))]
    return [func.count(agreed), *sums, *flipped, func.count() - func.count(agreed)]


def _up(first: ColumnElement[float], second: ColumnElement[float]) -> ColumnElement[bool]:
    return and_(first < 0.5, second > 0.5)


def _chosen(*chosen: tuple[SQLColumnExpression[Any], Collection[str]]) -> list[ColumnElement[bool]]:
    """Return the conditions that columns hold one of some names; none named is no condition."""
    return [column.in_(names) for column, names in chosen if names]


def _cell(country: str | None, dimension: str, families: Sequence[PairedSums]) -> BridgeCell:
    agreement, shift = agreement_and_shift(families)
    total = sum(families, PairedSums())
    mean_first, mean_second = (summed / total.n if total.n else None for summed in (total.first, total.second))
    return BridgeCell(
        *(country, dimension, total.n, agreement.families, agreement, mean_first, mean_second, shift),
        *(total.flips_up, total.flips_down, total.unscored),
    )


def _drift_point(judge_round: int, dimension: str, families: Sequence[tuple[datetime, PairedSums]]) -> DriftPoint:
    agreement, shift = agreement_and_shift([sums for _, sums in families])
    total = sum((sums for _, sums in families), PairedSums())
    began = min(when for when, _ in families)
    return DriftPoint(judge_round, began, dimension, total.n, agreement.families, agreement, shift, total.unscored)

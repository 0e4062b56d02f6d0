"""Stored responses and scores -> what a sampling plan draws from, and what its choices are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from core.judges import judge_named, stands_for
from core.labels.plan_draws import UNSCORED, Candidate, PlanWish, Scores, differ
from core.models import Item, Judgement, Response
from core.passed import can_be_labelled
from core.responses.choices import by_column
from core.rubric import DIMENSIONS


@dataclass(frozen=True)
class PlanChoices:
    """What the responses that can be labelled are chosen by, each in order; `responses` is how many there are."""

    models: tuple[str, ...]
    countries: tuple[str, ...]
    settings: tuple[str, ...]
    subsets: tuple[str, ...]
    splits: tuple[str, ...]
    rounds: tuple[int, ...]
    responses: int


def plan_choices(session: Session) -> PlanChoices:
    """Return the choices among the responses that can be labelled."""
    columns = (col(Response.model), col(Item.country), col(Response.setting), col(Item.subset), col(Item.split))
    rows = session.execute(
        select(*columns, col(Response.round), func.count())
        .join(Item, col(Item.id) == Response.item_id)
        .where(can_be_labelled())
        .group_by(*columns, col(Response.round))
    ).all()
    models, countries, settings, subsets, splits = by_column(rows, 5)
    rounds = tuple(sorted({row[5] for row in rows}))
    return PlanChoices(models, countries, settings, subsets, splits, rounds, sum(row[6] for row in rows))


def responses_mark(session: Session) -> str:
    """Return a mark that changes with every response or item that comes or goes; it costs a few milliseconds."""
    counts = (select(func.count(), func.max(column)) for column in (col(Response.id), col(Item.imported_at)))
    return repr([tuple(session.execute(query).one()) for query in counts])


def candidates(session: Session, wish: PlanWish, *, judge: str | None = None) -> list[Candidate]:
    """Return the responses that fit the wish's choices, by id.

    Args:
        session: to look with.
        wish: what they are chosen by, and which judges' differing scores mark them.
        judge: whose scores come with them; the wish's judge if none is named.

    Raises:
        NotFoundError: there is no such judge.
    """
    query = (
        select(col(Response.id), col(Item.country), col(Response.model), col(Item.language), col(Item.family_id))
        .join(Item, col(Item.id) == Response.item_id)
        .where(can_be_labelled(), *_chosen(wish))
        .order_by(col(Response.id))
    )
    named = judge or wish.judge
    scores = {name: _scores(session, name) for name in {named, *wish.differing} if name}
    of_judge = scores.get(named or "", {})
    first, second = ([scores[name] for name in wish.differing] + [{}, {}])[:2]
    return [
        Candidate(
            *(number, country, model, language, family, of_judge.get(number, UNSCORED)),
            number in first and differ(first[number], second.get(number, UNSCORED)),
        )
        for number, country, model, language, family in session.execute(query)
    ]


def _chosen(wish: PlanWish) -> list[ColumnElement[bool]]:
    named: list[tuple[object, Sequence[object]]] = [
        (Response.model, wish.models),
        (Item.country, wish.countries),
        (Response.setting, wish.settings),
        (Item.subset, wish.subsets),
        (Item.split, wish.splits),
        (Response.round, wish.rounds),
    ]
    return [col(column).in_(wanted) for column, wanted in named if wanted]


def _scores(session: Session, name: str) -> dict[int, Scores]:
    """Return a judge's mean score of each response on each dimension over its rounds, None where it holds none."""
    judge = judge_named(session, name)
    query = select(col(Judgement.response_id), col(Judgement.dimension), col(Judgement.score)).where(
        stands_for(judge), col(Judgement.score).is_not(None)
    )
    place = {dimension: number for number, dimension in enumerate(DIMENSIONS)}
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0] * (2 * len(DIMENSIONS)))
    for response_id, dimension, score in session.execute(query):
        if dimension in place:
            held = sums[response_id]
            held[2 * place[dimension]] += score
            held[2 * place[dimension] + 1] += 1
    return {
        response_id: tuple(held[at] / held[at + 1] if held[at + 1] else None for at in range(0, len(held), 2))
        for response_id, held in sums.items()
    }

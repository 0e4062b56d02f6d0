"""Which responses a judge is to score: a choice by model, country, setting, split -> ids, and what is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from core.models import Item, Judge, Judgement, Response
from core.passed import passed
from core.rubric import DIMENSIONS, JudgementStatus
from core.stored_settings import StoredChoice


@dataclass(frozen=True)
class Selection(StoredChoice):
    """A choice of responses; an empty field chooses all. `response_ids` names them one by one."""

    models: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    response_ids: tuple[int, ...] = ()
    limit: int | None = None


def settled_states(*, ask_unreadable_again: bool) -> tuple[JudgementStatus, ...]:
    """Return the states of judgements that a run leaves alone; failed calls are made again by any run."""
    return ("scored", "refused") if ask_unreadable_again else ("scored", "refused", "unreadable")


@dataclass(frozen=True)
class Extent:
    """How much a run would be: responses chosen, and answers (response, round and question) wanted and missing."""

    responses: int
    wanted: int
    missing: int


def judgeable(chosen: Selection) -> SelectOfScalar[int]:
    """Return the query of the ids of responses a judge can score: whole texts of items that have a norm.

    Ordered by picture, so that one is read once, and then by id.
    """
    query = (
        select(Response.id)
        .join(Item, col(Item.id) == Response.item_id)
        .where(Response.status == "ok", func.trim(func.coalesce(Item.norm, "")) != "", passed())
        .order_by(col(Item.image_sha256), col(Response.item_id), col(Response.id))
    )
    for column, wanted in (
        (Response.model, chosen.models),
        (Item.country, chosen.countries),
        (Response.setting, chosen.settings),
        (Item.split, chosen.splits),
        (Response.id, chosen.response_ids),
    ):
        if wanted:
            query = query.where(col(column).in_(wanted))
    return query.limit(chosen.limit) if chosen.limit else query


def unordered(chosen: Selection) -> SelectOfScalar[int]:
    """Return the same query for counting: the order costs time, and decides which they are only under a limit."""
    return judgeable(chosen) if chosen.limit else judgeable(chosen).order_by(None)


def chosen_responses(session: Session, chosen: Selection) -> Sequence[int]:
    """Return the ids of the responses chosen."""
    return session.exec(judgeable(chosen)).all()


def missing_responses(
    chosen: Selection,
    *,
    judge: Judge | None,
    version: str,
    first_round: int,
    rounds: int,
    ask_unreadable_again: bool = False,
) -> SelectOfScalar[int]:
    """Return the query of the ids of the chosen responses that still need a call; the parameters are `extent`'s."""
    ids = unordered(chosen).subquery()
    query = select(ids.c.id)
    if judge is None:
        return query
    finished = (
        select(Judgement.response_id)
        .where(*_settled(judge, version, first_round, rounds, ask_unreadable_again=ask_unreadable_again))
        .group_by(col(Judgement.response_id))
        .having(func.count() >= rounds * len(DIMENSIONS))
    )
    return query.where(ids.c.id.not_in(finished))


def _settled(
    judge: Judge, version: str, first_round: int, rounds: int, *, ask_unreadable_again: bool
) -> list[ColumnElement[bool]]:
    """Return the conditions that a judgement is one of those rounds, and not asked for again."""
    return [
        col(Judgement.judge) == judge.name,
        col(Judgement.prompt_version) == version,
        col(Judgement.judge_round).between(first_round, first_round + rounds - 1),
        col(Judgement.status).in_(settled_states(ask_unreadable_again=ask_unreadable_again)),
    ]


def extent(
    session: Session,
    *,
    chosen: Selection,
    judge: Judge | None,
    version: str,
    asked: int,
    first_round: int,
    rounds: int,
    ask_unreadable_again: bool = False,
) -> Extent:
    """Return how much a run would be.

    Args:
        session: to look with.
        chosen: the responses.
        judge: whose judgements are there already; None for a new one.
        version: of the prompt.
        asked: how many questions a response takes, 4 or 1.
        first_round: the first of the rounds.
        rounds: how many.
        ask_unreadable_again: whether replies that could not be read count as missing.
    """
    ids = unordered(chosen).subquery()
    responses = session.exec(select(func.count()).select_from(ids)).one()
    wanted = responses * asked * rounds
    if judge is None or not responses:
        return Extent(responses, wanted, wanted)
    count = session.exec(
        select(func.count())
        .select_from(Judgement)
        .where(
            col(Judgement.response_id).in_(unordered(chosen)),
            *_settled(judge, version, first_round, rounds, ask_unreadable_again=ask_unreadable_again),
        )
    ).one()
    return Extent(responses, wanted, wanted - count * asked // len(DIMENSIONS))

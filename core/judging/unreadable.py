"""Judgements without a score -> the list of replies for people to read, and one of them in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from core.errors import NotFoundError
from core.judges import standing
from core.models import Item, Judge, JudgeCall, Judgement, JudgeRun, Label, Person, Response
from core.people import needs_lead, open_responses
from core.rubric import JudgementStatus

PAGE_SIZE = 20
# Those a person can help with come first: a refusal may be one again, and a failed call is made again by any run.
UNSCORED: tuple[JudgementStatus, ...] = ("unreadable", "refused", "failed")


@dataclass(frozen=True)
class UnreadRow:
    """One judgement without a score. It tells nothing of the judge's reply, nor of the response's model."""

    judgement_id: int
    response_id: int
    item_id: str
    country: str | None
    dimension: str
    judge: str
    status: str
    round: int


@dataclass(frozen=True)
class Unreadable:
    """How many judgements without a score there are, and one page of them."""

    count: int
    rows: tuple[UnreadRow, ...]


@dataclass(frozen=True)
class OpenedReply:
    """A judgement without a score, with all that is needed to score by hand what it was about.

    What the judge said is empty unless the response is open to the person: `attempts` are its replies, oldest first;
    `said` and `rationale` are what an imported file holds in their place.
    """

    row: UnreadRow
    item: Item
    response_text: str
    setting: str
    is_open: bool
    attempts: tuple[JudgeCall, ...] = ()
    said: str | None = None
    rationale: str | None = None


@dataclass(frozen=True)
class RunScores:
    """What the replies of a run came to: how many scores, and how many judgements hold none.

    `to_read` counts those of the latter that are in the list of replies to read, by status: not all are, since an
    anchor round or an earlier prompt version is not the judge's word.
    """

    scored: int
    unscored: int
    to_read: Mapping[JudgementStatus, int]


def scores_of_run(session: Session, *, run_id: str) -> RunScores:
    """Return what the replies of a run came to; what a later run asked again is that one's."""
    of_run = select(JudgeCall.id).where(JudgeCall.run_id == run_id)
    is_scored = col(Judgement.score).is_not(None)
    rows = session.exec(
        select(is_scored, Judgement.status, func.count(), func.count(col(Judge.id)))
        .outerjoin(Judge, standing())
        .where(col(Judgement.call_id).in_(of_run))
        .group_by(is_scored, Judgement.status)
    ).all()
    held = {scored: sum(count for is_so, _, count, _ in rows if bool(is_so) is scored) for scored in (True, False)}
    standing_ones = {status: count for is_so, status, _, count in rows if not is_so}
    return RunScores(held[True], held[False], {status: standing_ones.get(status, 0) for status in UNSCORED})


def unreadable_counts(session: Session, *, judge: str | None = None) -> dict[JudgementStatus, int]:
    """Return how many standing judgements without a score there are, by status; every status is there."""
    chosen = _chosen(judge, UNSCORED).subquery()
    rows = session.exec(
        select(Judgement.status, func.count()).join(chosen, chosen.c.id == Judgement.id).group_by(Judgement.status)
    ).all()
    counts = dict(rows)
    return {status: counts.get(status, 0) for status in UNSCORED}


def unreadable(
    session: Session,
    *,
    judge: str | None = None,
    statuses: Sequence[JudgementStatus] = UNSCORED,
    limit: int = PAGE_SIZE,
    offset: int = 0,
) -> Unreadable:
    """Return standing judgements without a score: by status in the order given, newest first; of all judges or one."""
    chosen = _chosen(judge, statuses)
    count = session.exec(select(func.count()).select_from(chosen.subquery())).one()
    order = case({status: place for place, status in enumerate(statuses)}, value=col(Judgement.status))
    page = chosen.order_by(order, col(Judgement.id).desc()).limit(limit).offset(offset)
    return Unreadable(count, tuple(_rows(session, session.exec(page).all())))


def next_unreadable(
    session: Session, *, person: Person, after: int, status: JudgementStatus, judge: str | None = None
) -> UnreadRow | None:
    """Return the judgement that comes next in the list and is not scored by this person yet; at its end, the first."""
    is_later = case((col(Judgement.id) < after, 0), else_=1)
    found = session.exec(
        _chosen(judge, (status,))
        .where(Judgement.id != after, _is_unlabelled_by(person))
        .order_by(is_later, col(Judgement.id).desc())
        .limit(1)
    ).first()
    return None if found is None else next(iter(_rows(session, [found])))


def opened_reply(session: Session, *, judgement_id: int, person: Person) -> OpenedReply:
    """Return one judgement without a score; what the judge said only where the response is open to the person.

    Raises:
        NotFoundError: there is no such judgement, or it has a score by now.
        UserError: the person is an expert.
    """
    needs_lead(person, "read the replies of judges")
    row = next(
        iter(_rows(session, session.exec(_chosen(None, UNSCORED).where(Judgement.id == judgement_id)).all())), None
    )
    if row is None:
        raise NotFoundError("This reply is not in the list any more: the judge may have been asked again meanwhile.")
    response, judgement = session.get_one(Response, row.response_id), session.get_one(Judgement, judgement_id)
    item = session.get_one(Item, row.item_id)
    if not open_responses(session, person=person, response_ids=[response.id]):
        return OpenedReply(row, item, response.text, response.setting, is_open=False)
    return OpenedReply(
        *(row, item, response.text, response.setting),
        is_open=True,
        attempts=tuple(session.exec(_attempts(judgement))),
        said=judgement.raw_score,
        rationale=judgement.rationale,
    )


def _chosen(judge: str | None, statuses: Sequence[JudgementStatus]) -> SelectOfScalar[int]:
    query = select(Judgement.id).join(Judge, standing()).where(col(Judgement.status).in_(statuses))
    return query if judge is None else query.where(Judgement.judge == judge)


def _rows(session: Session, judgement_ids: Sequence[int]) -> list[UnreadRow]:
    """Return the rows of some judgements, in the order given."""
    found = session.exec(
        select(Judgement, Response.item_id, Item.country)
        .join(Response, col(Response.id) == Judgement.response_id)
        .join(Item, col(Item.id) == Response.item_id)
        .where(col(Judgement.id).in_(judgement_ids))
    ).all()
    by_id = {
        judgement.id: UnreadRow(
            judgement_id=judgement.id,
            response_id=judgement.response_id,
            item_id=item_id,
            country=country,
            dimension=judgement.dimension,
            judge=judgement.judge,
            status=judgement.status,
            round=judgement.judge_round,
        )
        for judgement, item_id, country in found
    }
    return [by_id[judgement_id] for judgement_id in judgement_ids]


def _is_unlabelled_by(person: Person) -> ColumnElement[bool]:
    newest = (
        select(Label.retracted)
        .where(
            Label.person_id == person.id,
            Label.response_id == Judgement.response_id,
            Label.dimension == Judgement.dimension,
        )
        .order_by(col(Label.id).desc())
        .limit(1)
        .correlate(Judgement)
        .scalar_subquery()
    )
    return func.coalesce(newest, True).is_(True)


def _attempts(judgement: Judgement) -> SelectOfScalar[JudgeCall]:
    """Return the query of all calls in which the judge was asked for this judgement, earlier runs included."""
    return (
        select(JudgeCall)
        .join(JudgeRun, col(JudgeRun.id) == JudgeCall.run_id)
        .join(Judge, col(Judge.id) == JudgeRun.judge_id)
        .where(
            Judge.name == judgement.judge,
            JudgeRun.prompt_version == judgement.prompt_version,
            JudgeCall.response_id == judgement.response_id,
            JudgeCall.judge_round == judgement.judge_round,
            col(JudgeCall.asked).in_((judgement.dimension, "all")),
        )
        .order_by(col(JudgeCall.id))
    )

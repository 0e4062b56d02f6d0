"""Some responses a judge has scored -> an anchor set it scores anew every month, so that its drift is seen."""

import calendar
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from sqlmodel import Session, col, select

from core.benchmark.families import stable_share
from core.call_runs import check_bounds, check_price
from core.db import reading, transaction
from core.errors import NotFoundError, UserError
from core.jobs import start_job
from core.judges import judge_named
from core.judging.judge_run import (
    Bounds,
    JudgeSettings,
    settings_of,
    start_judge_run,
    words_of,
)
from core.judging.prompts import JudgeWords
from core.judging.selection import Selection, unordered
from core.models import AnchorSet, Item, Judge, Judgement, JudgeRun, Person, Response, utc_now
from core.people import needs_lead, record_event
from core.rubric import LAST_SCORING_ROUND

FEWEST, MOST = 10, 2000
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AnchorState:
    """An anchor set with its judge, and how often it was scored anew."""

    anchors: AnchorSet
    judge: Judge
    times: int


class Asked(TypedDict):
    """What a run over an anchor set asks, as its outlook and its start both take it."""

    settings: JudgeSettings
    words: JudgeWords
    chosen: Selection
    bounds: Bounds
    first_round: int


def create_anchor_set(
    session: Session,
    *,
    name: str,
    judge: str,
    count: int,
    author: Person,
    chosen: Selection | None = None,
    budget_usd: float | None = None,
) -> AnchorSet:
    """Draw an anchor set from the responses a judge has scored, evenly over countries; it is first due in a month.

    Args:
        session: to store with.
        name: of the set, new.
        judge: name of the judge.
        count: of responses, 10 to 2,000; fewer are drawn where there are fewer.
        author: a lead.
        chosen: draw from these only.
        budget_usd: of each re-judging.

    Raises:
        UserError: the judge has no endpoint or has scored too little, a name or number cannot be meant, or the budget
            is in dollars and the judge's price is not known.
    """
    needs_lead(author, "schedule a judge")
    name = " ".join(name.split())
    if not name or len(name) > 80 or session.exec(select(AnchorSet).where(AnchorSet.name == name)).first():
        raise UserError("An anchor set needs a name of its own, of 1 to 80 characters.")
    anchors = anchors_drawn(session, judge=judge, count=count, chosen=chosen, budget_usd=budget_usd)
    anchors.name, anchors.created_by = name, author.id
    session.add(anchors)
    size = len(anchors.response_ids)
    record_event(session, person=author, kind="anchor_set", subject=f"anchor_set/{name}", responses=size)
    session.flush()
    return anchors


def anchors_drawn(
    session: Session, *, judge: str, count: int, chosen: Selection | None = None, budget_usd: float | None = None
) -> AnchorSet:
    """Return the set that would be drawn, without a name and not stored; the parameters are `create_anchor_set`'s.

    Raises:
        UserError: the judge has no endpoint or has scored too little, a number cannot be meant, or the budget is in
            dollars and the judge's price is not known.
    """
    if not FEWEST <= count <= MOST:
        raise UserError(f"An anchor set holds {FEWEST} to {MOST:,} responses.")
    rater = judge_named(session, judge)
    if rater.base_url is None:
        raise UserError(f"The judge {judge} was imported: it has no endpoint to ask again.")
    bounds = Bounds(budget_usd=budget_usd)
    check_bounds(bounds)
    check_price(session, model=rater.model, bounds=bounds)
    drawn = _drawn(session, rater, chosen or Selection(), count)
    if len(drawn) < FEWEST:
        raise UserError(f"The judge {judge} has scored {len(drawn)} responses so far. Let it judge {FEWEST} first.")
    return AnchorSet(
        name="", judge_id=rater.id, response_ids=drawn, next_due_at=month_later(utc_now()), budget_usd=budget_usd
    )


def anchor_sets(session: Session) -> list[AnchorState]:
    """Return the anchor sets that have not been ended, by name."""
    rows = session.exec(
        select(AnchorSet, Judge).join(Judge).where(col(AnchorSet.ended_at).is_(None)).order_by(AnchorSet.name)
    ).all()
    runs = session.exec(select(JudgeRun.anchor_set_id)).all()
    return [AnchorState(anchors, judge, runs.count(anchors.id)) for anchors, judge in rows]


def end_anchor_set(session: Session, *, name: str, author: Person) -> None:
    """End the monthly re-judging of a set; what was scored stays.

    Raises:
        UserError: there is no such set, or the person is an expert.
    """
    needs_lead(author, "schedule a judge")
    anchors = anchor_set_named(session, name)
    anchors.ended_at = utc_now()
    record_event(session, person=author, kind="anchor_set_ended", subject=f"anchor_set/{name}")


def start_anchor_run(session: Session, *, name: str, author: Person, concurrency: int = 8) -> JudgeRun:
    """Add the run that scores a set anew now, due or not; then give its job a process.

    Raises:
        UserError: there is no such set, its responses are gone, or the judge cannot be started.
    """
    anchors = anchor_set_named(session, name)
    asked = asked_of(session, anchors, concurrency)
    return start_judge_run(session, **asked, author=author, anchor_set_id=anchors.id)


def asked_of(session: Session, anchors: AnchorSet, concurrency: int) -> Asked:
    """Return what the next run over a set asks."""
    judge = session.get_one(Judge, anchors.judge_id)
    return Asked(
        settings=settings_of(judge),
        words=words_of(session, judge.prompt_version),
        chosen=Selection(response_ids=tuple(anchors.response_ids)),
        bounds=Bounds(concurrency=concurrency, budget_usd=anchors.budget_usd),
        first_round=_next_round(session, judge),
    )


def start_due_anchor_runs(now: datetime | None = None) -> list[str]:
    """Start a job for every set that is due and return the runs' ids; each set is next due a month later.

    One that cannot be started is tried again the next day; why stands in the log.
    """
    moment = now or utc_now()
    with reading() as session:
        due = due_anchor_sets(session, moment)
    started = []
    for anchors in due:
        run = _start_if_due(anchors.name, anchors.created_by, moment)
        if run is not None:
            start_job(run.job_id)
            started.append(run.id)
    return started


def due_anchor_sets(session: Session, moment: datetime) -> Sequence[AnchorSet]:
    """Return the sets that are due, by name."""
    query = select(AnchorSet).where(col(AnchorSet.ended_at).is_(None), col(AnchorSet.next_due_at) <= moment)
    return session.exec(query.order_by(AnchorSet.name)).all()


def _start_if_due(name: str, created_by: int | None, moment: datetime) -> JudgeRun | None:
    try:
        with transaction() as session:
            anchors = anchor_set_named(session, name)
            author = session.get(Person, created_by) if created_by else None
            # Another process may have started it since we looked.
            if anchors.next_due_at > moment or author is None:
                return None
            while anchors.next_due_at <= moment:
                anchors.next_due_at = month_later(anchors.next_due_at)
            return start_anchor_run(session, name=name, author=author)
    except UserError as problem:
        _log.warning("The anchor set %s was not scored anew: %s", name, problem)
        with transaction() as session:
            anchors = anchor_set_named(session, name)
            anchors.next_due_at = moment + timedelta(days=1)
            record_event(session, person=None, kind="anchor_failed", subject=f"anchor_set/{name}", why=str(problem))
        return None


def month_later(moment: datetime) -> datetime:
    """Return the same day of the next month, or its last day where there is no such day."""
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


def anchor_set_named(session: Session, name: str) -> AnchorSet:
    """Return a set that has not been ended.

    Raises:
        NotFoundError: there is none of that name.
    """
    anchors = session.exec(select(AnchorSet).where(AnchorSet.name == name, col(AnchorSet.ended_at).is_(None))).first()
    if anchors is None:
        raise NotFoundError(f"There is no anchor set named {name[:80]!r}. Look at the list under Responses and judges.")
    return anchors


def _drawn(session: Session, judge: Judge, chosen: Selection, count: int) -> list[int]:
    """Return responses the judge has scored, one country after the other, within a country in a stable random order."""
    scored = select(Judgement.response_id).where(
        Judgement.judge == judge.name,
        Judgement.prompt_version == judge.prompt_version,
        col(Judgement.score).is_not(None),
    )
    rows: Sequence[tuple[int, str | None]] = session.exec(
        select(Response.id, Item.country)
        .join(Item, col(Item.id) == Response.item_id)
        .where(col(Response.id).in_(unordered(chosen)), col(Response.id).in_(scored))
    ).all()
    places: dict[str | None, int] = {}
    ordered = []
    for response_id, country in sorted(rows, key=lambda row: stable_share("anchor", judge.name, row[0])):
        places[country] = places.get(country, 0) + 1
        ordered.append((places[country], country or "", response_id))
    return sorted(response_id for _, _, response_id in sorted(ordered)[:count])


def _next_round(session: Session, judge: Judge) -> int:
    """Return the first round number of a judge's next re-judging of an anchor set."""
    newest = session.exec(
        select(JudgeRun.first_round)
        .where(JudgeRun.judge_id == judge.id, col(JudgeRun.first_round) > LAST_SCORING_ROUND)
        .order_by(col(JudgeRun.first_round).desc())
        .limit(1)
    ).first()
    return (newest or LAST_SCORING_ROUND) + 1

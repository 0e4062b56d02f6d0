"""Responses, labels and leases -> what waits for a person, and how far all experts together are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Subquery, case, literal
from sqlmodel import Session, col, func, select

from core.backgrounds import background_of, countries_known
from core.labels.leases import answers_given, takers
from core.models import (
    CountryKnown,
    Item,
    OpinionAsked,
    Person,
    PlannedResponse,
    Response,
    ReviewSession,
    SamplingPlan,
    SkippedResponse,
)
from core.passed import can_be_labelled
from core.people import left_to_label

# So many experts label a response that no plan names.
EXPERTS = 2


@dataclass(frozen=True)
class CountryToLabel:
    """How many responses of one country wait for a person; None stands for items without a country."""

    country: str | None
    responses: int


@dataclass(frozen=True)
class PlanToLabel:
    """A sampling plan with responses that wait for a person."""

    plan_id: int
    name: str
    responses: int


@dataclass(frozen=True)
class TeamProgress:
    """How many answers of experts a plan, or a country, wants, and how many are there."""

    done: int
    total: int


def countries_to_label(session: Session, *, person: Person, plan_id: int | None = None) -> Sequence[CountryToLabel]:
    """Return the countries with responses that wait for this person, by name; items without a country come last.

    For who has withdrawn nothing waits.

    Someone who knows countries gets those; for others all are there, and their labels are kept apart.
    """
    if background_of(session, person=person).withdrawn_at is not None:
        return []
    rows = waiting_for(person, plan_id)
    counts = session.execute(select(rows.c.country, func.count()).group_by(rows.c.country)).all()
    known = countries_known(session, person=person)
    offered = [CountryToLabel(country, count) for country, count in counts if not known or country in known]
    return sorted(offered, key=lambda row: (row.country is None, row.country or ""))


def plans_to_label(session: Session, *, person: Person) -> Sequence[PlanToLabel]:
    """Return the plans under way with responses that wait for this person, newest first."""
    plans = session.exec(
        select(SamplingPlan).where(col(SamplingPlan.ended_at).is_(None)).order_by(col(SamplingPlan.id).desc())
    ).all()
    counted = [
        PlanToLabel(
            plan.id,
            plan.name,
            sum(row.responses for row in countries_to_label(session, person=person, plan_id=plan.id)),
        )
        for plan in plans
    ]
    return [plan for plan in counted if plan.responses]


def waiting_for(person: Person, plan_id: int | None = None) -> Subquery:
    """Return what waits for a person: fewer experts have labelled or hold it than are wanted, they themselves not.

    People from the item's country and all others are counted apart: labels from outside take nobody's place.
    The columns are the fields of `Drawable`, in its order.
    """
    taken = _taken_by_others(person)
    home = select(CountryKnown.country).where(CountryKnown.person_id == person.id, col(CountryKnown.is_from).is_(True))
    have_it = func.coalesce(case((col(Item.country).in_(home), taken.c.from_there), else_=taken.c.others), 0)
    asked_again = case((col(OpinionAsked.response_id).is_(None), 0), else_=1)
    wanted = col(PlannedResponse.experts) if plan_id is not None else literal(EXPERTS)
    likely = col(PlannedResponse.inclusion_probability) if plan_id is not None else literal(None)
    left = wanted + asked_again - have_it
    put_aside = select(SkippedResponse.response_id).where(
        SkippedResponse.person_id == person.id, col(SkippedResponse.taken_back_at).is_(None)
    )
    query = (
        select(  # type: ignore[call-overload]
            col(Response.id).label("response_id"),
            Item.family_id,
            Item.language,
            Item.country,
            left.label("left"),
            likely.label("inclusion_probability"),
            (have_it + asked_again > 0).label("begun"),
        )
        .select_from(Item)
        .join(Response, col(Response.item_id) == Item.id)
        .outerjoin(taken, taken.c.response_id == Response.id)
        .outerjoin(OpinionAsked, col(OpinionAsked.response_id) == Response.id)
        .where(left_to_label(person), left > 0, col(Response.id).not_in(put_aside))
    )
    if plan_id is not None:
        planned = (col(PlannedResponse.response_id) == Response.id) & (col(PlannedResponse.plan_id) == plan_id)
        query = query.join(PlannedResponse, planned)
    return query.subquery()


def _taken_by_others(person: Person) -> Subquery:
    """Return how many others have each response: rows of response_id, from_there and others."""
    held = takers()
    is_from_there = held.c.pool == "from"
    query = select(
        held.c.response_id,
        func.sum(case((is_from_there, 1), else_=0)).label("from_there"),
        func.sum(case((is_from_there, 0), else_=1)).label("others"),
    )
    return query.where(held.c.person_id != person.id).group_by(held.c.response_id).subquery()


def team_progress(session: Session, *, review: ReviewSession) -> TeamProgress:
    """Return how far all experts are with the plan of a session, or with its country where it has no plan.

    Those from there together; for somebody who is not, all who are not: their labels are kept apart. Nobody is from
    no country: what names none is labelled by others.
    """
    experts: ColumnElement[int]
    if review.plan_id is not None:
        of_plan = select(PlannedResponse.response_id, Item.country, PlannedResponse.experts)
        of_plan = of_plan.join(Response, col(Response.id) == PlannedResponse.response_id)
        of_plan = of_plan.join(Item, col(Item.id) == Response.item_id)
        wanted = of_plan.where(PlannedResponse.plan_id == review.plan_id).subquery()
        response_id, experts = wanted.c.response_id, wanted.c.experts
    else:
        of_country = select(Response.id, Item.country).join(Item).where(can_be_labelled())
        if review.country:
            of_country = of_country.where(Item.country == review.country)
        wanted = of_country.subquery()
        response_id, experts = wanted.c.id, literal(EXPERTS)
    labelled_by = answers_given()
    others = labelled_by.c.others
    from_there = case((wanted.c.country.is_(None), others), else_=labelled_by.c.from_there)
    given = func.coalesce(from_there if is_home(session, review) else others, 0)
    # More answers than were wanted must not hide that others are missing.
    capped = case((given > experts, experts), else_=given)
    total, done = session.exec(
        select(func.coalesce(func.sum(experts), 0), func.coalesce(func.sum(capped), 0))
        .select_from(wanted)
        .outerjoin(labelled_by, labelled_by.c.response_id == response_id)
    ).one()
    return TeamProgress(done=int(done), total=int(total))


def is_home(session: Session, review: ReviewSession) -> bool:
    """Return whether a session's person is from its country, or from any where it is of several."""
    home = select(CountryKnown.country).where(
        CountryKnown.person_id == review.person_id, col(CountryKnown.is_from).is_(True)
    )
    if review.country is not None:
        home = home.where(CountryKnown.country == review.country)
    return session.exec(home.limit(1)).first() is not None

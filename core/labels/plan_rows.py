"""The responses of a frozen plan -> its strata, and a table of them as one lead may see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from core.labels.chunks import in_chunks
from core.labels.plan_draws import PlanWish, Stratum
from core.models import Person, PlannedResponse, Response, SamplingPlan
from core.people import needs_lead, open_responses, record_event, reveal_scores


@dataclass(frozen=True)
class PlannedRow:
    """A response of a plan as one lead may see it; at most its item while it is closed to them.

    Ids of responses follow one another by model, and strata may name what judges said; where the plan was chosen by
    model, the item alone would tell.
    """

    item_id: str | None
    is_open: bool
    response_id: int | None = None
    stratum: str | None = None
    inclusion_probability: float | None = None
    experts: int | None = None


def strata_of(session: Session, *, plan_id: int) -> list[Stratum]:
    """Return the strata of a plan by name, with how many responses each had and how many were drawn."""
    likely = func.min(PlannedResponse.inclusion_probability)
    query = select(PlannedResponse.stratum, func.count(), likely).where(PlannedResponse.plan_id == plan_id)
    rows = session.exec(query.group_by(PlannedResponse.stratum).order_by(PlannedResponse.stratum))
    return [Stratum(name, round(count / probability), count) for name, count, probability in rows]


def planned_rows(session: Session, *, plan: SamplingPlan, person: Person) -> list[PlannedRow]:
    """Return the plan's responses by item, open ones first within it.

    Raises:
        UserError: an expert asks.
    """
    needs_lead(person, "see the responses of a sampling plan")
    query = (
        select(Response.item_id, PlannedResponse)
        .join(Response, col(Response.id) == PlannedResponse.response_id)
        .where(PlannedResponse.plan_id == plan.id)
    )
    rows = session.exec(query).all()
    opened = _opened(session, person, [planned.response_id for _, planned in rows])
    named = bool(PlanWish.stored(plan.wish).models)
    seen = [
        _shown(item_id, planned)
        if planned.response_id in opened
        else PlannedRow(None if named else item_id, is_open=False)
        for item_id, planned in rows
    ]
    return sorted(seen, key=lambda row: (row.item_id is None, row.item_id or "", not row.is_open, row.response_id or 0))


def closed_count(session: Session, *, plan: SamplingPlan, person: Person) -> int:
    """Return how many responses of a plan are closed to a person."""
    ids = _ids(session, plan)
    return len(ids) - len(_opened(session, person, ids))


def open_planned(session: Session, *, plan: SamplingPlan, person: Person) -> None:
    """Open all responses of a plan to a lead: labels they give afterwards are `unblinded`.

    Raises:
        UserError: an expert asks.
    """
    for chunk in in_chunks(_ids(session, plan)):
        reveal_scores(session, person=person, response_ids=chunk)
    record_event(session, person=person, kind="plan opened", subject=f"plan/{plan.name}")


def _shown(item_id: str, planned: PlannedResponse) -> PlannedRow:
    return PlannedRow(
        item_id=item_id,
        is_open=True,
        response_id=planned.response_id,
        stratum=planned.stratum,
        inclusion_probability=planned.inclusion_probability,
        experts=planned.experts,
    )


def _ids(session: Session, plan: SamplingPlan) -> Sequence[int]:
    query = select(PlannedResponse.response_id).where(PlannedResponse.plan_id == plan.id)
    return session.exec(query.order_by(col(PlannedResponse.response_id))).all()


def _opened(session: Session, person: Person, response_ids: Sequence[int]) -> set[int]:
    chunks = (open_responses(session, person=person, response_ids=chunk) for chunk in in_chunks(response_ids))
    return {opened for chunk in chunks for opened in chunk}

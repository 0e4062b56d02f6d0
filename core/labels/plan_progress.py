"""How far experts are with sampling plans, by country: answers wanted, given, settled, and from elsewhere."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, func, select

from core.labels.disagreements import disagreements
from core.labels.leases import answers_given
from core.labels.plans import plan_of
from core.models import Item, PlannedResponse, Response, SamplingPlan


@dataclass(frozen=True)
class CountryProgress:
    """How far the responses of one country are; None stands for items without a country.

    `labels` answers of experts from the country are wanted and `given` are there; `from_elsewhere` are answers of all
    others, kept apart. Labelled: as many experts as wanted have answered. Settled: labelled, and nothing that they
    differ on waits for a ruling.
    """

    country: str | None
    responses: int
    labels: int
    given: int
    labelled: int
    settled: int
    from_elsewhere: int = 0

    @property
    def left(self) -> int:
        """Return how many responses still wait for an expert."""
        return self.responses - self.labelled


@dataclass(frozen=True)
class PlanState:
    """A plan with its progress in total and by country, by name."""

    plan: SamplingPlan
    total: CountryProgress
    countries: tuple[CountryProgress, ...]


def plans_here(session: Session) -> list[PlanState]:
    """Return all plans with their progress, those under way first, newest first."""
    query = select(SamplingPlan).order_by(col(SamplingPlan.ended_at).is_not(None), col(SamplingPlan.id).desc())
    waiting = _to_rule(session)
    return [_state(session, plan, waiting) for plan in session.exec(query)]


def plan_progress(session: Session, *, plan_id: int) -> PlanState:
    """Return one plan with its progress.

    Raises:
        NotFoundError: there is no such plan.
    """
    return _state(session, plan_of(session, plan_id=plan_id), _to_rule(session))


def _state(session: Session, plan: SamplingPlan, to_rule: set[int]) -> PlanState:
    given = answers_given()
    query = (
        select(  # type: ignore[call-overload]
            Item.country,
            PlannedResponse.response_id,
            PlannedResponse.experts,
            func.coalesce(given.c.from_there, 0),
            func.coalesce(given.c.others, 0),
        )
        .join(Response, col(Response.id) == PlannedResponse.response_id)
        .join(Item, col(Item.id) == Response.item_id)
        .outerjoin(given, given.c.response_id == PlannedResponse.response_id)
        .where(PlannedResponse.plan_id == plan.id)
    )
    found: defaultdict[str | None, list[CountryProgress]] = defaultdict(list)
    # A country nobody can be from is labelled by others.
    for country, response_id, experts, from_there, others in session.exec(query):
        count = from_there if country else others
        labelled = count >= experts
        settled = labelled and response_id not in to_rule
        progress = CountryProgress(country, 1, experts, min(count, experts), int(labelled), int(settled))
        found[country].append(replace(progress, from_elsewhere=others if country else 0))
    in_order = sorted(found, key=lambda name: (name is None, name or ""))
    countries = tuple(_summed(country, found[country]) for country in in_order)
    return PlanState(plan, _summed(None, countries), countries)


def _summed(country: str | None, rows: Sequence[CountryProgress]) -> CountryProgress:
    return CountryProgress(
        country,
        responses=sum(row.responses for row in rows),
        labels=sum(row.labels for row in rows),
        given=sum(row.given for row in rows),
        labelled=sum(row.labelled for row in rows),
        settled=sum(row.settled for row in rows),
        from_elsewhere=sum(row.from_elsewhere for row in rows),
    )


def _to_rule(session: Session) -> set[int]:
    return {row.response_id for row in disagreements(session) if row.unruled}

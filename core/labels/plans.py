"""A lead's wish -> a frozen sampling plan; and how far its responses are labelled and settled."""

from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, select

from core.errors import NotFoundError, UserError
from core.judges import judge_named
from core.labels.plan_draws import MOST_EXPERTS, Draw, PlanWish, draw
from core.labels.plan_frame import candidates
from core.models import Person, PlanCandidate, PlannedResponse, SamplingPlan, utc_now
from core.people import checked_text, needs_lead, record_event
from core.rubric import DIMENSIONS

LONGEST_NAME = 80
MOST_SEED = 2**31 - 1
MOST_RETEST = 0.5


def freeze_plan(
    session: Session,
    *,
    wish: PlanWish,
    name: str,
    seed: int,
    author: Person,
    experts_each: int = 2,
    overlap_share: float = 1.0,
    retest_share: float = 0.05,
) -> SamplingPlan:
    """Draw the sample, store it with each response's inclusion probability, and return the plan.

    Args:
        session: a `transaction()`.
        wish: what is to be labelled.
        name: of the plan.
        seed: the same one draws the same from the same responses and scores.
        author: a lead.
        experts_each: how many experts label a response of the overlap.
        overlap_share: of the sample, 0 to 1; the rest goes to one expert each.
        retest_share: of an expert's responses, 0 to 0.5, that come back after a week.

    Raises:
        UserError: an expert asks, the name is taken, a number is out of its range, or nothing fits.
    """
    needs_lead(author, "freeze sampling plans")
    held = _free_name(session, name)
    _check_numbers(seed, experts_each, overlap_share, retest_share)
    found = _drawn(session, wish, seed=seed, experts_each=experts_each, overlap=overlap_share)
    plan = SamplingPlan(
        name=held,
        seed=seed,
        wish=wish.as_stored() | {"judge_versions": _versions(session, wish)},
        experts_each=experts_each,
        overlap_share=overlap_share,
        retest_share=retest_share,
        created_by=author.id,
    )
    session.add(plan)
    session.flush()
    session.execute(insert(PlannedResponse), _rows(plan, found))
    left_out = [{"plan_id": plan.id, "response_id": row[0], "stratum": row[1]} for row in found.left_out]
    if left_out:
        session.execute(insert(PlanCandidate), left_out)
    count = len(found.responses)
    record_event(session, person=author, kind="plan frozen", subject=f"plan/{held}", responses=count, seed=seed)
    return plan


def end_plan(session: Session, *, plan_id: int, author: Person) -> None:
    """End a plan: no new session draws from it; what was labelled stays. Ending it again changes nothing.

    Raises:
        UserError: an expert asks, or there is no such plan.
    """
    needs_lead(author, "end sampling plans")
    plan = plan_of(session, plan_id=plan_id)
    if plan.ended_at is None:
        plan.ended_at = utc_now()
        record_event(session, person=author, kind="plan ended", subject=f"plan/{plan.name}")


def check_wish(wish: PlanWish) -> None:
    """Make sure that a wish can be drawn.

    Raises:
        UserError: it cannot; the text says why.
    """
    if (wish.share is None) == (wish.count is None):
        raise UserError("Choose either a share of the responses or a number of them.")
    if wish.share is not None and not 0 < wish.share <= 1:
        raise UserError("The share must lie above 0 and at most at 1.")
    if wish.count is not None and wish.count < 1:
        raise UserError("Choose at least one response of each country.")
    if min(wish.least, wish.least_failing) < 0:
        raise UserError("A number of responses cannot be negative.")
    if not set(wish.balance) <= set(DIMENSIONS):
        raise UserError(f"Balance by some of: {', '.join(DIMENSIONS)}.")
    if wish.balance and not wish.judge:
        raise UserError("Choose the judge whose scores are to be balanced.")
    if wish.differing and len(set(wish.differing)) != 2:
        raise UserError("Choose two different judges, whose differences are to be labelled.")


def plan_of(session: Session, *, plan_id: int) -> SamplingPlan:
    """Return a plan.

    Raises:
        NotFoundError: there is no such plan.
    """
    plan = session.get(SamplingPlan, plan_id)
    if plan is None:
        raise NotFoundError("There is no such sampling plan. Choose one of the list.")
    return plan


def suggested_name(session: Session) -> str:
    """Return a name that is still free: Plan 1, Plan 2."""
    taken = set(session.exec(select(SamplingPlan.name)))
    return next(name for number in range(1, len(taken) + 2) if (name := f"Plan {number}") not in taken)


def _drawn(session: Session, wish: PlanWish, *, seed: int, experts_each: int, overlap: float) -> Draw:
    check_wish(wish)
    found = draw(candidates(session, wish), wish, seed=seed, experts_each=experts_each, overlap=overlap)
    if not found.responses:
        raise UserError("No response fits that can be labelled. Choose fewer conditions, or import more responses.")
    return found


def _free_name(session: Session, name: str) -> str:
    held = checked_text(name, what="The name", longest=LONGEST_NAME)
    if not held:
        raise UserError("A sampling plan needs a name.")
    if session.exec(select(SamplingPlan.id).where(SamplingPlan.name == held)).first() is not None:
        raise UserError(f"There is a plan named {held} already, and a frozen plan never changes. Choose another name.")
    return held


def _check_numbers(seed: int, experts_each: int, overlap_share: float, retest_share: float) -> None:
    if not 0 <= seed <= MOST_SEED:
        raise UserError(f"The seed is a whole number from 0 to {MOST_SEED}.")
    if not 1 <= experts_each <= MOST_EXPERTS:
        raise UserError(f"From 1 to {MOST_EXPERTS} experts can label a response.")
    if not 0 <= overlap_share <= 1:
        raise UserError("The share that several experts label lies between 0 and 1.")
    if not 0 <= retest_share <= MOST_RETEST:
        raise UserError(f"The share that comes back to the same expert lies between 0 and {MOST_RETEST}.")


def _versions(session: Session, wish: PlanWish) -> dict[str, str]:
    """Return the prompt versions of the judges whose scores the draw used: later ones may say something else."""
    names = {*wish.differing} | ({wish.judge} if wish.balance and wish.judge else set())
    return {name: judge_named(session, name).prompt_version for name in sorted(names)}


def _rows(plan: SamplingPlan, found: Draw) -> list[dict[str, Any]]:
    return [
        {
            "plan_id": plan.id,
            "response_id": row.candidate.response_id,
            "stratum": row.stratum,
            "inclusion_probability": row.inclusion_probability,
            "experts": row.experts,
        }
        for row in found.responses
    ]

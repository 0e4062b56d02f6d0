"""Responses to plan for, frozen plans and the labels of one person: rows for the tests of sampling plans."""

from core.labels.plan_draws import PlanWish
from core.labels.plans import freeze_plan
from core.models import Label, LockedResponse, SamplingPlan
from core.people import current_person
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_response

ALL = PlanWish(share=1.0)


def build_responses(session, count: int, **given) -> list[int]:
    """So many responses of one model, each to an item of its own."""
    return [build_response(session, build_item(session, **given), model="m").id for _ in range(count)]


def freeze(session, wish: PlanWish = ALL, **given) -> SamplingPlan:
    asked = {"name": "pilot", "seed": 1, "author": current_person(session)}
    return freeze_plan(session, wish=wish, **(asked | given))


def label(session, person, response_id: int, score: int = 1) -> None:
    for dimension in DIMENSIONS:
        session.add(
            Label(
                person_id=person.id,
                response_id=response_id,
                dimension=dimension,
                form_id=f"{person.id}/{response_id}/{dimension}",
                phase="blind",
                score=score,
                pool="from",
                language_shown="en",
            )
        )
    session.add(LockedResponse(person_id=person.id, response_id=response_id, pool="from"))
    session.flush()

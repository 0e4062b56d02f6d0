"""The responses of a frozen plan: its strata, who may look at what, and what looking costs."""

import pytest
from sqlmodel import select

from core.errors import UserError
from core.labels.plan_draws import PlanWish
from core.labels.plan_rows import closed_count, open_planned, planned_rows, strata_of
from core.models import ScoresSeen
from core.people import current_person
from tests.builders import build_person
from tests.plan_builders import build_responses, freeze


def test_the_strata_of_a_plan_come_back_with_their_sizes(session):
    build_responses(session, 20, country="Iran")
    build_responses(session, 7, country="Peru")
    plan = freeze(session, PlanWish(share=0.3))
    found = [(row.name, row.size, row.sample) for row in strata_of(session, plan_id=plan.id)]
    assert found == [("Iran", 20, 6), ("Peru", 7, 3)]


def test_of_closed_responses_a_lead_gets_the_item_alone(session):
    opened, _ = build_responses(session, 2)
    plan, lead = freeze(session), current_person(session)
    session.add(ScoresSeen(person_id=lead.id, response_id=opened))
    session.flush()
    rows = planned_rows(session, plan=plan, person=lead)
    assert sorted((row.is_open, row.response_id, row.stratum is None, row.item_id is None) for row in rows) == [
        (False, None, True, False),
        (True, opened, False, False),
    ]


def test_where_a_plan_names_models_not_even_the_item_of_a_closed_response_is_told(session):
    build_responses(session, 2)
    plan = freeze(session, PlanWish(share=1.0, models=("m",)))
    rows = planned_rows(session, plan=plan, person=current_person(session))
    assert [(row.item_id, row.response_id) for row in rows] == [(None, None)] * 2


def test_opening_a_plan_is_written_down_so_that_later_labels_are_unblinded(session):
    ids = build_responses(session, 3)
    plan, lead = freeze(session), current_person(session)
    assert closed_count(session, plan=plan, person=lead) == 3
    open_planned(session, plan=plan, person=lead)
    assert closed_count(session, plan=plan, person=lead) == 0
    assert set(session.exec(select(ScoresSeen.response_id))) == set(ids)


def test_an_expert_neither_sees_nor_opens_the_table_of_a_plan(session):
    build_responses(session, 1)
    plan, expert = freeze(session), build_person(session)
    with pytest.raises(UserError, match="Only the leads"):
        planned_rows(session, plan=plan, person=expert)
    with pytest.raises(UserError, match="experts? answer|after your own"):
        open_planned(session, plan=plan, person=expert)

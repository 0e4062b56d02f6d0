"""Sampling plans: what freezing stores and refuses, how far plans are, and the command."""

import json
import math

import pytest
from sqlmodel import select
from typer import Typer
from typer.testing import CliRunner

from core.cli.plans import plan_command
from core.db import reading, transaction
from core.errors import UserError
from core.labels.plan_draws import PlanWish
from core.labels.plan_progress import plan_progress, plans_here
from core.labels.plans import end_plan, suggested_name
from core.labels.queue import take_session
from core.models import CountryKnown, Event, LockedResponse, PlannedResponse, SamplingPlan
from core.people import current_person
from tests.builders import build_item, build_judgements, build_person, build_response
from tests.plan_builders import ALL, build_responses, freeze, label


def test_freezing_stores_the_sample_with_its_probabilities(session):
    build_responses(session, 20, country="Iran")
    build_responses(session, 5, country="Peru")
    plan = freeze(session, PlanWish(share=0.1), overlap_share=0.0)
    rows = session.exec(select(PlannedResponse).order_by(PlannedResponse.stratum)).all()
    found = [(row.stratum, row.inclusion_probability, row.experts) for row in rows]
    assert found == [("Iran", 0.1, 1), ("Iran", 0.1, 1), ("Peru", 0.2, 1)]
    assert {row.plan_id for row in rows} == {plan.id}


def test_a_frozen_plan_tells_its_wish_and_the_judges_versions(session):
    build_judgements(session, build_response(session, build_item(session)), judge="j")
    wish = PlanWish(share=0.5, balance=("compliance",), judge="j", least_failing=3)
    plan = freeze(session, wish, seed=77, experts_each=3, overlap_share=0.5, retest_share=0.1)
    session.expire(plan)
    assert PlanWish.stored(plan.wish) == wish
    assert plan.wish["judge_versions"] == {"j": "one-call-1"}
    assert (plan.seed, plan.experts_each, plan.overlap_share, plan.retest_share) == (77, 3, 0.5, 0.1)


def test_what_is_imported_later_does_not_change_a_frozen_plan(session):
    ids = build_responses(session, 6)
    freeze(session)
    build_responses(session, 6)
    assert set(session.exec(select(PlannedResponse.response_id))) == set(ids)


def test_freezing_is_written_down(session):
    build_responses(session, 3)
    freeze(session)
    event = session.exec(select(Event).where(Event.kind == "plan frozen")).one()
    assert (event.subject, event.detail) == ("plan/pilot", {"responses": 3, "seed": 1})


def test_an_expert_freezes_and_ends_nothing(session):
    build_responses(session, 3)
    expert, plan = build_person(session, "expert"), freeze(session)
    with pytest.raises(UserError, match="Only the leads"):
        freeze(session, author=expert, name="mine")
    with pytest.raises(UserError, match="Only the leads"):
        end_plan(session, plan_id=plan.id, author=expert)


@pytest.mark.parametrize(
    ("wish", "given", "words"),
    [
        (PlanWish(share=None), {}, "either a share"),
        (PlanWish(share=0.1, count=5), {}, "either a share"),
        (PlanWish(share=1.2), {}, "above 0 and at most at 1"),
        (PlanWish(share=0.0), {}, "above 0 and at most at 1"),
        (PlanWish(share=math.nan), {}, "above 0 and at most at 1"),
        (PlanWish(share=None, count=0), {}, "at least one"),
        (PlanWish(least=-1), {}, "negative"),
        (PlanWish(balance=("compliance",)), {}, "Choose the judge"),
        (PlanWish(balance=("beauty",), judge="j"), {}, "Balance by some of"),
        (PlanWish(differing=("a", "a")), {}, "two different judges"),
        (ALL, {"name": "  "}, "needs a name"),
        (ALL, {"experts_each": 0}, "experts can label"),
        (ALL, {"overlap_share": 1.1}, "between 0 and 1"),
        (ALL, {"retest_share": 0.6}, "comes back"),
        (ALL, {"seed": -1}, "seed"),
        (PlanWish(share=1.0, countries=("Nowhere",)), {}, "No response fits"),
    ],
)
def test_what_cannot_be_frozen_is_refused_with_the_reason(session, wish, given, words):
    build_responses(session, 3)
    with pytest.raises(UserError, match=words):
        freeze(session, wish, **given)
    assert session.exec(select(SamplingPlan)).all() == []


def test_a_name_is_given_once_and_a_free_one_suggested(session):
    build_responses(session, 3)
    assert suggested_name(session) == "Plan 1"
    freeze(session, name="Plan 1")
    with pytest.raises(UserError, match="a plan named Plan 1 already"):
        freeze(session, name=" Plan  1 ")
    assert suggested_name(session) == "Plan 2"


def test_an_ended_plan_stays_with_its_labels_and_gives_no_session(session):
    (response_id,) = build_responses(session, 1)
    expert, plan = build_person(session), freeze(session)
    label(session, expert, response_id)
    end_plan(session, plan_id=plan.id, author=current_person(session))
    assert plan_progress(session, plan_id=plan.id).total.given == 1
    with pytest.raises(UserError, match="is ended"):
        take_session(session, person=expert, country=None, count=5, plan_id=plan.id)


def test_progress_counts_answers_labelled_settled_and_left_by_country(session):
    agreed, differing, half = build_responses(session, 3, country="Iran")
    build_responses(session, 1, country="Peru")
    first, second = build_person(session), build_person(session)
    plan = freeze(session)
    for response_id, scores in ((agreed, (1, 1)), (differing, (1, 0)), (half, (1,))):
        for person, score in zip((first, second), scores, strict=False):
            label(session, person, response_id, score)
    state = plan_progress(session, plan_id=plan.id)
    found = [(row.country, row.labels, row.given, row.labelled, row.settled, row.left) for row in state.countries]
    assert found == [("Iran", 6, 5, 2, 1, 1), ("Peru", 2, 0, 0, 0, 1)]
    assert (state.total.responses, state.total.given, state.total.left) == (4, 5, 2)


def test_more_answers_than_wanted_do_not_hide_missing_ones(session):
    first, _ = build_responses(session, 2)
    plan = freeze(session, overlap_share=0.0)
    for _ in range(3):
        label(session, build_person(session), first)
    total = plan_progress(session, plan_id=plan.id).total
    assert (total.given, total.labels, total.left) == (1, 2, 1)


def test_plans_under_way_come_first_and_then_the_newest(session):
    build_responses(session, 2)
    first, _, _ = (freeze(session, name=name) for name in ("first", "second", "third"))
    end_plan(session, plan_id=first.id + 2, author=current_person(session))
    assert [state.plan.name for state in plans_here(session)] == ["second", "first", "third"]


def cross_review_plan(*words: str):
    command = Typer()
    command.command()(plan_command)
    return CliRunner().invoke(command, ["pilot", *words])


def test_the_command_previews_without_freezing_and_then_freezes(workspace):
    with transaction() as session:
        build_responses(session, 20, country="Iran")
    assert cross_review_plan("--share", "0.1", "--preview").output.startswith("2 of 20 responses, 4 answers")
    with reading() as session:
        assert session.exec(select(SamplingPlan)).all() == []
    assert cross_review_plan("--share", "0.1", "--seed", "5").exit_code == 0
    with reading() as session:
        assert session.exec(select(SamplingPlan)).one().seed == 5


def test_the_command_says_neither_number_nor_hours_of_fewer_than_three_people(workspace):
    with transaction() as session:
        build_responses(session, 4, country="Iran")
        session.add(CountryKnown(person_id=build_person(session).id, country="Iran", is_from=True))
    said = cross_review_plan("--share", "1", "--preview", "--json").output
    (work,) = json.loads(said.splitlines()[-1])["work"]
    assert (work["people"], work["hours_each"]) == (None, None)
    assert "fewer than 3 experts from there" in cross_review_plan("--share", "1", "--preview").output


def test_the_command_says_what_is_wrong_and_ends_with_1(workspace):
    result = cross_review_plan("--share", "2")
    assert (result.exit_code, "at most at 1" in result.output) == (1, True)


def test_the_command_says_how_far_a_plan_is_and_what_is_kept_apart(workspace):
    with transaction() as session:
        responses = build_responses(session, 2, country="Iran")
        home, other = build_person(session), build_person(session)
        label(session, home, responses[0])
        label(session, other, responses[0])
        session.get_one(LockedResponse, (other.id, responses[0])).pool = "knows"
    frozen = json.loads(cross_review_plan("--share", "1", "--json").output.splitlines()[-1])
    assert (frozen["progress"]["given"], frozen["progress"]["from_elsewhere"]) == (1, 1)
    said = cross_review_plan("--progress").output.splitlines()
    counts = "1 of 4 answers; of 2 responses 0 labelled, 0 settled, 2 left"
    words = f"{counts}; 1 answer of people from elsewhere, kept apart"
    assert said == [f"pilot: {words}", f"  Iran: {words}"]
    told = json.loads(cross_review_plan("--progress", "--json").output.splitlines()[-1])
    assert [(row["country"], row["from_elsewhere"], row["left"]) for row in told["countries"]] == [("Iran", 1, 2)]


def test_the_command_names_no_progress_of_a_plan_that_is_not_there(workspace):
    result = cross_review_plan("--progress")
    assert (result.exit_code, "no sampling plan named pilot" in result.output) == (1, True)

"""Anchor sets: drawn evenly, scored anew when a month has gone by, seen as drift, part of no score."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from core.db import reading, transaction
from core.errors import UserError
from core.job_process import run_here
from core.judges import judge_named, stands_for
from core.judging.anchor_outlooks import anchor_outlook, due_outlooks, outlook_if_drawn
from core.judging.anchors import (
    anchor_sets,
    create_anchor_set,
    end_anchor_set,
    month_later,
    start_anchor_run,
    start_due_anchor_runs,
)
from core.judging.bridge import drift
from core.models import AnchorSet, Event, Item, Job, Judgement, JudgeRun, Response
from core.people import current_person
from core.rubric import LAST_SCORING_ROUND
from tests.builders import build_item, build_judgements, build_person, build_response
from tests.fakes import StubEndpoint
from tests.job_watch import wait_until
from tests.judge_run_builders import judged, settings


def scored_responses(stub: StubEndpoint, countries: dict[str, int]) -> None:
    with transaction() as session:
        for country, count in countries.items():
            for _ in range(count):
                build_response(session, build_item(session, country=country))
    judged(settings(stub, prompt="one-call"))


def draw(count: int = 10, **given) -> AnchorSet:
    with transaction() as session:
        asked = {"name": "monthly", "judge": "judge-x", "count": count, "author": current_person(session)}
        return create_anchor_set(session, **(asked | given))


def test_a_set_is_drawn_evenly_over_countries(workspace):
    with StubEndpoint() as stub:
        scored_responses(stub, {"Morocco": 30, "Japan": 4, "Brazil": 6})
        anchors = draw(12)
    with reading() as session:
        rows = session.exec(select(Response, Item.country).join(Item)).all()
    country_of = {response.id: country for response, country in rows}
    assert Counter(country_of[number] for number in anchors.response_ids) == {"Morocco": 4, "Japan": 4, "Brazil": 4}


def test_a_set_that_is_due_is_scored_anew_once_and_is_next_due_a_month_later(workspace):
    with StubEndpoint() as stub:
        scored_responses(stub, {"Morocco": 12})
        anchors = draw()
        assert start_due_anchor_runs() == []
        later = anchors.next_due_at + timedelta(days=40)
        (run_id,) = start_due_anchor_runs(later)
        assert start_due_anchor_runs(later) == []
        with reading() as session:
            run = session.get_one(JudgeRun, run_id)
        wait_until(lambda: state_of(run.job_id) == "done")
    with reading() as session:
        (state,) = anchor_sets(session)
        judge = judge_named(session, "judge-x")
        standing = session.exec(select(Judgement).where(stands_for(judge))).all()
        points = drift(session, judge="judge-x")
    assert (state.times, state.anchors.next_due_at > later) == (1, True)
    assert run.first_round == LAST_SCORING_ROUND + 1
    assert len(standing) == 48, "the re-judging enters no score"
    assert {(point.judge_round, point.n) for point in points} == {(1001, 10)}
    assert [len(point.dimension) > 0 for point in points] == [True] * 4


def test_what_a_set_would_send_every_month_is_known_before_it_is_drawn(workspace):
    with StubEndpoint() as stub:
        scored_responses(stub, {"Morocco": 12})
        asked = stub.count["requests"]
        with reading() as session:
            coming = outlook_if_drawn(session, judge="judge-x", count=10)
            assert session.exec(select(AnchorSet)).all() == []
        assert stub.count["requests"] == asked
        draw()
    with reading() as session:
        assert anchor_outlook(session, name="monthly") == coming
    assert (coming.outlook.estimate.calls, coming.outlook.departure.responses) == (10, 10)


def test_a_set_that_cannot_be_drawn_says_so_before(workspace):
    with transaction() as session:
        build_judgements(session, build_response(session, build_item(session)), judge="judge-x")
    with reading() as session, pytest.raises(UserError, match="no endpoint"):
        outlook_if_drawn(session, judge="judge-x", count=10)


def test_what_is_due_is_told_before_it_starts(workspace):
    with StubEndpoint() as stub:
        scored_responses(stub, {"Morocco": 12})
        due = draw().next_due_at
    with reading() as session:
        assert due_outlooks(session) == {}
        coming = due_outlooks(session, due)
    assert {name: one.outlook.estimate.calls for name, one in coming.items()} == {"monthly": 10}


def test_each_re_judging_has_a_round_of_its_own(workspace):
    with StubEndpoint() as stub:
        scored_responses(stub, {"Morocco": 12})
        draw()
        for _ in range(2):
            with transaction() as session:
                run = start_anchor_run(session, name="monthly", author=current_person(session))
            run_here(run.job_id)
    with reading() as session:
        rounds = Counter(row.judge_round for row in session.exec(select(Judgement)))
    assert rounds == {1: 48, 1001: 40, 1002: 40}


def test_one_that_cannot_be_started_is_tried_again_the_next_day_and_says_why(workspace, monkeypatch):
    monkeypatch.setenv("MY_KEY", "sk-CANARY-0123456789")
    with StubEndpoint() as stub:
        with transaction() as session:
            for _ in range(12):
                build_response(session, build_item(session))
        judged(settings(stub, prompt="one-call", api_key_env="MY_KEY"))
        due = draw().next_due_at
        monkeypatch.delenv("MY_KEY")
        assert start_due_anchor_runs(due) == []
    with reading() as session:
        (state,) = anchor_sets(session)
        (event,) = session.exec(select(Event).where(Event.kind == "anchor_failed")).all()
    assert state.anchors.next_due_at == due + timedelta(days=1)
    assert "MY_KEY is not set" in event.detail["why"]


def test_a_set_needs_a_judge_that_can_be_asked_and_enough_it_has_scored(workspace):
    with transaction() as session:
        build_judgements(session, build_response(session, build_item(session)), judge="judge-x")
    with pytest.raises(UserError, match="no endpoint"):
        draw()
    with StubEndpoint() as stub:
        judged(settings(stub, name="judge-y", prompt="one-call"))
    with pytest.raises(UserError, match="has scored 1 responses"):
        draw(judge="judge-y")


def test_an_ended_set_is_due_no_more(workspace):
    with StubEndpoint() as stub:
        scored_responses(stub, {"Morocco": 12})
        due = draw().next_due_at
        with transaction() as session:
            end_anchor_set(session, name="monthly", author=current_person(session))
        assert start_due_anchor_runs(due) == []


def test_an_expert_schedules_nothing(workspace):
    with transaction() as session, pytest.raises(UserError, match="Only the leads"):
        create_anchor_set(session, name="x", judge="y", count=20, author=build_person(session))


@pytest.mark.parametrize(
    ("day", "later"),
    [((2026, 1, 31), (2026, 2, 28)), ((2026, 12, 5), (2027, 1, 5)), ((2024, 1, 30), (2024, 2, 29))],
)
def test_a_month_later_is_the_same_day_or_the_last_one(day, later):
    assert month_later(datetime(*day, tzinfo=UTC)) == datetime(*later, tzinfo=UTC)


def state_of(job_id: int) -> str:
    with reading() as session:
        return session.get_one(Job, job_id).state

"""A judge over many responses, as a job with a real endpoint: complete, right, and each failure in its place."""

from collections import Counter

import pytest
from sqlmodel import select

from core.db import reading, transaction
from core.errors import UserError
from core.judging.judge_job import run_result
from core.judging.selection import Selection
from core.judging.unreadable import unreadable
from core.models import JudgeCall
from tests.builders import build_item, build_response
from tests.fake_replies import Faults, expected_score
from tests.fakes import StubEndpoint
from tests.judge_run_builders import assert_as_served, judged, judgements, responses, settings, start

# -- complete and right ------------------------------------------------------------------------------------------------


def test_four_calls_score_each_dimension_as_the_judge_said(workspace):
    responses(5)
    with StubEndpoint() as stub:
        run = judged(settings(stub), concurrency=1)
        assert assert_as_served(stub, run.id) == 20
    with reading() as session:
        call = session.get_one(JudgeCall, 1)
    (first,) = judgements(call_id=call.id)
    assert (first.judge, first.judge_model, first.prompt_version) == ("judge-x", "some-model", "four-calls-1")
    assert (call.raw_reply, call.snapshot) == (stub.served[0].content, "some-model-snapshot")
    assert call.request_id
    assert call.latency_s is not None
    assert call.prompt_tokens
    assert first.rationale == "compared with the norm."


def test_one_call_scores_all_four_for_a_quarter_of_the_calls(workspace):
    responses(5)
    with StubEndpoint() as stub:
        run = judged(settings(stub, prompt="one-call"), concurrency=1)
    result = run_result(run.id)
    assert (result.responses, result.calls, result.scored, result.unscored) == (5, 5, 20, 0)
    asked = stub.calls[0]["response_format"]["json_schema"]
    assert asked["strict"] is True
    for row in judgements(call_id=1):
        assert row.score == expected_score(f"{stub.served[0].text}/{row.dimension}/score")


@pytest.mark.parametrize("share", [0, 0.05, 0.2, 0.5])
def test_under_faults_every_score_is_there_once_or_listed(workspace, share):
    ids = responses(120)
    with StubEndpoint(faults=Faults.all(share, slow_s=0.05), retry_after=0.05) as stub:
        run = judged(settings(stub), concurrency=16)
        scored = assert_as_served(stub, run.id)
    rows = judgements()
    assert Counter(row.response_id for row in rows) == dict.fromkeys(ids, 4)
    # Of half the calls every fifth is malformed: three such in a row are about one call in 300.
    assert scored == 480 if share == 0 else scored >= 465
    without = {row.id for row in rows if row.score is None}
    with reading() as session:
        listed = unreadable(session, statuses=("unreadable", "failed"))
    assert {row.judgement_id for row in listed.rows} == without
    assert run_result(run.id).unscored == len(without)


def test_what_cannot_be_judged_is_not_sent(workspace):
    with transaction() as session:
        build_response(session, build_item(session, norm=None))
        build_response(session, build_item(session), status="failed", text="", error="ERROR")
        build_response(session, build_item(session), status="cut_off")
        wanted = build_response(session, build_item(session)).id
    with StubEndpoint() as stub:
        judged(settings(stub))
    assert {row.response_id for row in judgements()} == {wanted}


def test_nothing_to_judge_is_said_before_anything_starts(workspace):
    with StubEndpoint() as stub, pytest.raises(UserError, match="nothing to judge"):
        start(settings(stub))


def test_a_choice_of_responses_is_kept_to(workspace):
    with transaction() as session:
        morocco, japan = build_item(session), build_item(session, country="Japan")
        build_response(session, morocco, model="a")
        wanted = build_response(session, japan, model="a").id
        build_response(session, japan, model="b")
    with StubEndpoint() as stub:
        judged(settings(stub), Selection(models=("a",), countries=("Japan",)))
    assert {row.response_id for row in judgements()} == {wanted}


def test_several_rounds_stand_beside_each_other(workspace):
    responses(3)
    with StubEndpoint() as stub:
        judged(settings(stub), rounds=3)
    assert Counter(row.judge_round for row in judgements()) == {1: 12, 2: 12, 3: 12}


# -- unreadable, refused, failed ---------------------------------------------------------------------------------------


def test_a_reply_that_cannot_be_read_three_times_waits_for_people(workspace):
    responses(1)
    with StubEndpoint() as stub:
        stub.script = [{"content": "Score: 1 out of 5"}] * 3
        judged(settings(stub), concurrency=1)
        asked = stub.count["requests"]
        judged(settings(stub), concurrency=1)
    first = judgements()[0]
    assert (first.status, first.score, first.raw_score) == ("unreadable", None, None)
    with reading() as session:
        calls = session.exec(select(JudgeCall).where(JudgeCall.asked == first.dimension)).all()
    assert [(call.attempt, call.raw_reply) for call in calls] == [(n, "Score: 1 out of 5") for n in (1, 2, 3)]
    assert stub.count["requests"] == asked, "a second run does not ask again what waits for people"


def test_what_could_not_be_read_can_be_asked_again(workspace):
    responses(1)
    with StubEndpoint() as stub:
        stub.script = [{"content": "maybe"}] * 3
        judged(settings(stub), concurrency=1)
        judged(settings(stub), concurrency=1, ask_unreadable_again=True)
    assert [row.status for row in judgements()] == ["scored"] * 4


def test_a_refusal_is_no_score(workspace):
    responses(1)
    with StubEndpoint() as stub:
        stub.script = [{"content": None, "refusal": "I can't judge that."}]
        judged(settings(stub), concurrency=1)
    assert Counter((row.status, row.score is None) for row in judgements()) == {
        ("refused", True): 1,
        ("scored", False): 3,
    }


def test_a_call_that_failed_for_good_is_listed_and_made_again_by_the_next_run(workspace):
    responses(1)
    with StubEndpoint() as stub:
        stub.script = [{"status": 400, "message": "image too large"}]
        judged(settings(stub), concurrency=1)
        (failed,) = judgements(status="failed")
        with reading() as session:
            assert "image too large" in (session.get_one(JudgeCall, failed.call_id).error or "")
        judged(settings(stub), concurrency=1)
    assert [row.status for row in judgements()] == ["scored"] * 4

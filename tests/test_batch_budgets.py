"""What a batch run may cost, and what it puts aside for that."""

import json

import pytest

from core.db import transaction
from core.errors import UserError
from core.job_process import run_here
from core.jobs import start_job
from tests.batch_run_builders import (
    BatchStub,
    Line,
    assert_all_scored_as_served,
    batches,
    build,
    calls,
    judged,
    priced,
    run_now,
    start,
)
from tests.builders import build_response
from tests.fake_replies import request_text
from tests.fakes import Batch
from tests.job_watch import kill, wait_until
from tests.test_training_sets import build_pictured_item


def test_a_budget_in_calls_is_never_passed_and_can_be_raised(workspace):
    ids = build(2)
    with BatchStub() as stub:
        run = start(stub, budget_calls=5)
        with pytest.raises(UserError, match="budget is used up"):
            run_here(run.job_id)
        assert len(stub.asked()) == run_now(run).calls == 5
        again = start(stub, budget_calls=8)
        assert again.id == run.id
        run_here(run.job_id)
        assert_all_scored_as_served(stub, ids)
    assert len(stub.asked()) == run_now(run).calls == 8


def test_a_budget_in_dollars_is_never_passed(workspace):
    priced(input_usd=10.0)
    build(10)
    with BatchStub() as stub:
        run = start(stub, budget_usd=0.2)
        with pytest.raises(UserError, match="budget is used up"):
            run_here(run.job_id)
    now = run_now(run)
    assert 0 < len(stub.asked()) < 40
    # Of what is put aside most comes back, so that a second batch fits.
    assert len(stub.batches) > 1
    assert now.cost_usd == pytest.approx(sum(call.cost_usd or 0 for call in calls(run)))
    assert 0 < (now.cost_usd or 0) + now.reserved_usd <= 0.2
    # At no moment could the calls that were given have cost more: each is 800 tokens out and its bytes in at most.
    first = stub.files[next(iter(stub.batches.values())).input_file_id].splitlines()
    assert sum(800 * 10 / 1e6 + len(request_text(json.loads(line)["body"])) * 10 / 1e6 for line in first) <= 0.2


def test_what_is_put_aside_outlives_a_kill(workspace):
    priced()
    build(3)
    with BatchStub(batch_polls=1_000_000) as stub:
        run = start(stub, prompt="one-call", budget_usd=5.0)
        start_job(run.job_id)
        wait_until(lambda: [row.state for row in batches(run)] == ["submitted"])
        kill(run.job_id)
    (row,) = batches(run)
    # Three calls of 2,000 tokens out at 10 dollars a million, and what goes in.
    assert row.reserved_usd > 3 * 0.02
    assert run_now(run).reserved_usd == row.reserved_usd


def test_a_replys_price_is_the_batch_share_of_the_models(workspace):
    priced(batch_share=0.5)
    build(1)
    with BatchStub() as stub:
        run = judged(stub, prompt="one-call")
    (call,) = calls(run)
    assert call.cost_usd == pytest.approx((call.prompt_tokens * 0.5 + call.completion_tokens * 5.0) / 1e6)


def test_with_a_budget_in_dollars_the_first_picture_goes_alone(workspace):
    def dear(_one: Batch, lines: list[Line]) -> list[Line]:
        for line in lines:
            line["response"]["body"]["usage"]["prompt_tokens"] = 40_000
        return lines

    priced(output_usd=1.0)
    with transaction() as session:
        for colour in ("red", "green", "blue", "white"):
            build_response(session, build_pictured_item(session, colour))
    with BatchStub(rewrite=dear) as stub:
        # One call costs a bit more than 0.04, though a picture is taken for 1,500 tokens before it is seen.
        run = start(stub, prompt="one-call", budget_usd=0.15)
        with pytest.raises(UserError, match="budget is used up"):
            run_here(run.job_id)
    assert [len(stub.asked_in(one)) for one in stub.batches.values()] == [1, 1]
    assert (run_now(run).cost_usd or 0) <= 0.15

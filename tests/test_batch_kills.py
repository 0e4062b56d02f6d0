"""A batch run that is killed or stopped at any moment: never paid twice, collected in the end."""

from collections import Counter
from typing import Any

import pytest

from core.jobs import ask_job_to_stop, log_tail, look_at_job, start_job
from tests.batch_run_builders import (
    BatchStub,
    assert_all_scored_as_served,
    batches,
    build,
    calls,
    gone_on,
    judged,
    judgements,
    priced,
    run_now,
    start,
)
from tests.job_watch import kill, wait_until


def test_a_job_that_is_killed_while_its_batch_runs_submits_nothing_twice(workspace):
    ids = build(5)
    with BatchStub(batch_polls=1_000_000) as stub:
        run = start(stub)
        start_job(run.job_id)
        wait_until(lambda: [row.state for row in batches(run)] == ["submitted"])
        kill(run.job_id)
        assert run_now(run).calls == 20
        stub.batch_polls = 1
        assert gone_on(run).state == "done"
        assert_all_scored_as_served(stub, ids)
    assert max(Counter(stub.asked()).values()) == 1
    assert (run_now(run).calls, run_now(run).lost_calls) == (20, 0)


def test_a_job_that_is_killed_between_upload_and_batch_makes_one_batch_in_the_end(workspace):
    ids = build(2)
    with BatchStub() as stub:
        stub.batch_script = [{"status": 500}] * 100
        run = start(stub)
        start_job(run.job_id)
        wait_until(lambda: batches(run) and batches(run)[0].input_file_id)
        kill(run.job_id)
        assert (run_now(run).calls, len(stub.batches)) == (0, 0)
        stub.batch_script = []
        assert gone_on(run).state == "done"
        assert_all_scored_as_served(stub, ids)
    assert [row.status for row in batches(run)] == ["never given", "completed"]
    assert max(Counter(stub.asked()).values()) == 1
    assert run_now(run).calls == 8


def test_a_batch_whose_making_was_not_heard_of_is_found_again_by_its_marker(workspace):
    ids = build(2)
    with BatchStub() as stub:
        stub.batch_script = [{"sleep": 5}]
        run = start(stub)
        start_job(run.job_id)
        wait_until(lambda: stub.batches)
        kill(run.job_id)
        assert [row.batch_id for row in batches(run)] == [None]
        assert gone_on(run).state == "done"
        assert_all_scored_as_served(stub, ids)
    assert len(stub.batches) == stub.count["uploads"] == 1
    assert [row.batch_id for row in batches(run)] == ["batch-1"]
    assert run_now(run).calls == 8


def test_an_error_while_a_batch_is_made_does_not_make_a_second_one(workspace):
    class Forgetful(BatchStub):
        async def _create_batch(self, request: Any) -> Any:
            made = await super()._create_batch(request)
            made.status_code = 500 if len(self.batches) == 1 else 200
            return made

    ids = build(2)
    with Forgetful() as stub:
        judged(stub)
        assert_all_scored_as_served(stub, ids)
    assert len(stub.batches) == 1


def test_a_kill_in_the_middle_of_collecting_stores_and_counts_everything_once(workspace):
    priced()
    # Stored in parts of 300: when the file of errors does not come, some parts are there and the rest is not.
    ids = build(180)
    with BatchStub(rates=(0.05,), batch_polls=1) as stub:
        stub.holds_error_files = True
        run = start(stub)
        start_job(run.job_id)
        wait_until(lambda: stub.count["held"] > 0)
        kill(run.job_id)
        assert len(calls(run)) == 600
        stub.holds_error_files = False
        assert gone_on(run).state == "done"
        assert_all_scored_as_served(stub, ids)
    now, stored = run_now(run), calls(run)
    errors = next(iter(stub.batches.values())).counts["failed"]
    assert 0 < errors < 120
    assert Counter((call.response_id, call.asked) for call in stored) == Counter(stub.truth().keys())
    assert now.cost_usd == pytest.approx(sum(call.cost_usd or 0 for call in stored))
    assert now.reserved_usd == pytest.approx(0)
    assert (now.calls, now.failures, now.retries) == (720 + errors, {"server error": errors}, errors)


def test_a_stop_leaves_the_batch_with_the_endpoint_and_a_resume_collects_it(workspace):
    ids = build(2)
    with BatchStub(batch_polls=1_000_000) as stub:
        run = start(stub)
        start_job(run.job_id)
        wait_until(lambda: [row.state for row in batches(run)] == ["submitted"])
        ask_job_to_stop(run.job_id)
        wait_until(lambda: look_at_job(run.job_id).state == "stopped", seconds=5)
        assert "batch 1 of 1 stays with the endpoint" in log_tail(run.job_id)
        assert stub.batches["batch-1"].status == "in_progress"
        stub.batch_polls = 1
        assert gone_on(run).state == "done"
        assert_all_scored_as_served(stub, ids)
    assert len(stub.batches) == 1


def test_what_another_run_has_judged_meanwhile_stays_and_the_batch_is_still_paid_for(workspace):
    priced()
    build(2)
    with BatchStub(batch_polls=1_000_000) as stub:
        run = start(stub)
        start_job(run.job_id)
        wait_until(lambda: [row.state for row in batches(run)] == ["submitted"])
        ask_job_to_stop(run.job_id)
        wait_until(lambda: look_at_job(run.job_id).state == "stopped", seconds=5)
        judged(stub, mode="live")
        before = judgements()
        stub.batch_polls = 1
        assert gone_on(run).state == "done"
    assert judgements() == before
    assert len(before) == 8
    assert (run_now(run).cost_usd or 0) > 0
    assert run_now(run).reserved_usd == pytest.approx(0)

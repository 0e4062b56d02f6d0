"""A batch run and its endpoint: keys, limits, failures that pass and such that do not."""

import json
import time
from typing import Any

import pytest

from core.chat.exchange import NO_BATCH_API
from core.db import transaction
from core.errors import UserError
from core.job_process import run_here
from core.jobs import log_tail, look_at_job
from core.judging import batch
from core.models import JudgeRun
from tests.batch_run_builders import (
    KEY,
    BatchStub,
    Line,
    assert_all_scored_as_served,
    batches,
    build,
    calls,
    judged,
    judgements,
    run_now,
    start,
)
from tests.fakes import Batch


def test_a_wrong_key_ends_the_run_at_once_and_nothing_counts(workspace, monkeypatch):
    monkeypatch.setenv("SOME_KEY", KEY)
    build(2)
    with BatchStub(require_key="another") as stub:
        run = start(stub, key_env="SOME_KEY")
        began = time.monotonic()
        with pytest.raises(UserError, match="wrong key: 401"):
            run_here(run.job_id)
        assert time.monotonic() - began < 5
    now = run_now(run)
    assert (now.calls, now.reserved_usd, len(stub.batches)) == (0, 0, 0)
    assert [(row.state, row.reserved_usd) for row in batches(run)] == [("failed", 0)]
    assert KEY not in log_tail(run.job_id) + (look_at_job(run.job_id).reason or "")


def test_an_endpoint_without_a_batch_api_is_told_in_one_sentence(workspace):
    build(1)
    with BatchStub() as stub:
        run = start(stub)
        with transaction() as session:
            session.get_one(JudgeRun, run.id).base_url = f"{stub.url}/nowhere"
        with pytest.raises(UserError) as problem:
            run_here(run.job_id)
    assert str(problem.value) == look_at_job(run.job_id).reason == NO_BATCH_API
    assert batches(run) == []


def test_an_endpoint_that_is_not_there_is_given_up_soon(workspace):
    build(1)
    with BatchStub() as stub:
        run = start(stub)
    with pytest.raises(UserError, match="connection"):
        run_here(run.job_id)
    assert batches(run) == []


def test_failures_that_pass_are_tried_again(workspace):
    ids = build(1)
    with BatchStub() as stub:
        stub.batch_script = [{"status": 429}, {"status": 500}]
        judged(stub)
        assert_all_scored_as_served(stub, ids)
    assert len(stub.batches) == 1


def test_the_key_stands_in_no_reply_and_no_error_though_the_endpoint_sends_it_back(workspace, monkeypatch):
    def careless(_one: Batch, lines: list[Line]) -> list[Line]:
        said = lines[0]["response"]["body"]["choices"][0]["message"]
        said["content"] = f"I was sent {KEY}.\n{said['content']}"
        error = {"code": "bad", "message": f"no good: {KEY}"}
        return [lines[0], *({"custom_id": line["custom_id"], "error": error} for line in lines[1:])]

    monkeypatch.setenv("SOME_KEY", KEY)
    build(1)
    with BatchStub(rewrite=careless, require_key=KEY) as stub:
        run = judged(stub, key_env="SOME_KEY")
    texts = [f"{call.raw_reply} {call.error}" for call in calls(run)]
    assert any("I was sent [key]." in text for text in texts)
    assert any("no good: [key]" in text for text in texts)
    everything = " ".join([*texts, *(str(row.model_dump()) for row in [*judgements(), *batches(run)])])
    assert KEY not in everything + log_tail(run.job_id)


def test_a_batch_the_endpoint_has_no_room_for_costs_no_try(workspace):
    class FullAtFirst(BatchStub):
        def _complete(self, one: Batch) -> None:
            if one.id == "batch-2":
                one.status = "failed"
            else:
                super()._complete(one)

        async def _batch(self, request: Any) -> Any:
            answer = await super()._batch(request)
            found = json.loads(answer.body)
            if found["status"] == "failed":
                found["errors"] = {"data": [{"code": "token_limit_exceeded", "message": "Enqueued token limit"}]}
            return type(answer)(found)

    ids = build(2)
    with pytest.MonkeyPatch.context() as patch, FullAtFirst() as stub:
        patch.setattr(batch, "MOST_LINES", 4)
        run = judged(stub)
        assert_all_scored_as_served(stub, ids)
    assert [row.status for row in batches(run)] == ["completed", "failed", "completed"]
    # The four calls of the second batch were never begun, and then made by the third.
    assert (run.calls, run.failures) == (8, {})

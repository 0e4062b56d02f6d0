"""A judge run through the Batch API: joined line by line, and asked again where a line brought nothing."""

import json
from collections import Counter
from typing import Any

import pytest

from core.job_process import run_here
from core.jobs import log_tail
from core.judging import batch
from tests.batch_run_builders import (
    BatchStub,
    Line,
    assert_all_scored_as_served,
    batches,
    build,
    calls,
    judged,
    judgements,
    priced,
    start,
)
from tests.fakes import Batch


def test_every_score_is_the_one_of_its_line_though_lines_come_in_any_order(workspace):
    ids = build(6)
    with BatchStub() as stub:
        run = judged(stub)
        assert_all_scored_as_served(stub, ids)
    assert len(stub.batches) == 1
    assert stub.count["requests"] == 0
    assert (run.calls, run.retries, run.failures) == (24, 0, {})
    assert [(row.state, row.status, row.custom_ids) for row in batches(run)] == [("collected", "completed", [])]
    assert {call.request_id for call in calls(run)} == {f"req-{name}" for name in stub.asked()}


def test_one_call_for_four_dimensions_goes_through_a_batch_too(workspace):
    ids = build(3)
    with BatchStub() as stub:
        run = judged(stub, prompt="one-call")
    assert sorted(stub.asked()) == [f"{run.id[-8:]}.{response_id}.all.1.1" for response_id in ids]
    assert len([row for row in judgements() if row.score is not None]) == 12


def test_many_calls_go_in_several_files(workspace, monkeypatch):
    ids = build(2)
    monkeypatch.setattr(batch, "MOST_LINES", 3)
    with BatchStub() as stub:
        judged(stub)
        assert_all_scored_as_served(stub, ids)
    assert [len(stub.asked_in(one)) for one in stub.batches.values()] == [3, 3, 2]


def test_a_file_stays_below_its_most_bytes(workspace, monkeypatch):
    build(3)
    with BatchStub() as stub:
        run = start(stub)
        monkeypatch.setattr(batch, "MOST_BYTES", 10_000)
        run_here(run.job_id)
    files = [stub.files[one.input_file_id] for one in stub.batches.values()]
    assert len(files) > 1
    assert max(map(len, files)) <= 10_000


def test_calls_without_a_reply_are_scored_from_a_second_batch(workspace):
    ids = build(10)
    with BatchStub(rates=(0.4,)) as stub:
        run = judged(stub)
        assert_all_scored_as_served(stub, ids)
    first, second = stub.batches.values()
    errors = first.counts["failed"]
    assert 0 < errors == len(stub.asked_in(second))
    assert run.failures == {"server error": errors}
    assert (run.calls, run.retries) == (40 + errors, errors)


def test_lines_that_are_missing_are_asked_for_again(workspace):
    def without_three(one: Batch, lines: list[Line]) -> list[Line]:
        return lines[3:] if one.id == "batch-1" else lines

    ids = build(3)
    with BatchStub(rewrite=without_three) as stub:
        run = judged(stub)
        assert_all_scored_as_served(stub, ids)
    assert [len(stub.asked_in(one)) for one in stub.batches.values()] == [12, 3]
    assert run.failures == {"unreadable answer": 3}


def test_a_call_that_three_batches_bring_no_reply_to_is_stored_as_failed(workspace):
    ids = build(2)
    with BatchStub(rates=(1.0, 1.0, 1.0, 1.0)) as stub:
        run = judged(stub, prompt="one-call")
    assert len(stub.batches) == 3
    assert [(call.status, call.error) for call in calls(run)] == [
        ("failed", "server error: 500: The server had an error.")
    ] * 2
    assert Counter(row.response_id for row in judgements()) == dict.fromkeys(ids, 4)
    assert {(row.status, row.score) for row in judgements()} == {("failed", None)}


def test_a_reply_that_cannot_be_read_is_asked_for_again_in_the_next_batch(workspace):
    def unclear(one: Batch, lines: list[Line]) -> list[Line]:
        for line in lines if one.id == "batch-1" else []:
            if line["custom_id"].endswith(f"{ids[0]}.education.1.1"):
                line["response"]["body"]["choices"][0]["message"]["content"] = "It may well be."
        return lines

    ids = build(1)
    with BatchStub(rewrite=unclear) as stub:
        run = judged(stub)
    education = [call for call in calls(run) if call.asked == "education"]
    assert [(call.attempt, call.status) for call in education] == [(1, "unreadable"), (2, "scored")]
    assert [stub.asked_in(one) for one in stub.batches.values()][1] == [f"{run.id[-8:]}.{ids[0]}.education.1.2"]
    assert run.retries == 1


def test_a_reply_that_three_batches_leave_unreadable_waits_for_people(workspace):
    def unclear(_one: Batch, lines: list[Line]) -> list[Line]:
        for line in lines:
            line["response"]["body"]["choices"][0]["message"]["content"] = "It may well be."
        return lines

    build(1)
    with BatchStub(rewrite=unclear) as stub:
        run = judged(stub, prompt="one-call")
    assert [(call.attempt, call.status) for call in calls(run)] == [(n, "unreadable") for n in (1, 2, 3)]
    assert {row.status for row in judgements()} == {"unreadable"}


def test_foreign_doubled_and_broken_lines_change_no_score(workspace):
    def spoilt(_one: Batch, lines: list[Line]) -> list[Line]:
        turned = json.loads(json.dumps(lines[0]))
        message = turned["response"]["body"]["choices"][0]["message"]
        message["content"] = message["content"].translate(str.maketrans("01", "10"))
        foreign = lines[1] | {"custom_id": "00000000.999999.awareness.1.1"}
        strange = lines[1] | {"custom_id": "../../etc/passwd"}
        broken: list[Any] = ["no object", 7, None, {"custom_id": 5}, {"custom_id": lines[2]["custom_id"]}]
        return [foreign, *broken, *lines, turned, strange]

    ids = build(3)
    with BatchStub(rewrite=spoilt) as stub:
        run = judged(stub)
        assert_all_scored_as_served(stub, ids)
    assert len(calls(run)) == 12
    assert "Ignored: 5 lines that are none, 3 that were not asked for or came before." in log_tail(run.job_id)


def test_a_batch_that_expires_gives_what_it_has_and_the_rest_is_asked_again(workspace):
    priced()
    ids = build(4)
    with BatchStub(batch_expires=True) as stub:
        run = judged(stub)
        assert_all_scored_as_served(stub, ids)
    assert [len(stub.asked_in(one)) for one in stub.batches.values()] == [16, 8]
    assert [(row.state, row.status) for row in batches(run)] == [("failed", "expired"), ("collected", "completed")]
    assert run.failures == {"timeout": 8}
    # What was never asked cost nothing.
    assert run.reserved_usd == pytest.approx(0)

"""A judge run through the Batch API: joined line by line, safe to kill at any moment, never paid twice."""

import io
import json
import signal
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select
from starlette.responses import Response

from core.chat.exchange import CallFailure, Reply
from core.db import reading, transaction
from core.errors import UserError
from core.job_process import run_here
from core.jobs import ask_job_to_stop, log_tail, look_at_job, start_job
from core.judging import batch
from core.judging.batch_files import LONGEST_LINE, CallName, call_named, lines_of, read_line, request_line
from core.judging.judge_run import Bounds, JudgeSettings, start_judge_run
from core.judging.prompts import current_words
from core.judging.selection import Selection
from core.models import Job, JudgeBatch, JudgeCall, Judgement, JudgeRun
from core.people import current_person
from core.prices import PriceEntry, set_price
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_response
from tests.fakes import Batch, StubEndpoint, expected_score, request_text
from tests.test_training_sets import build_pictured_item

KEY = "sk-CANARY-0123456789"
Line = dict[str, Any]


class BatchStub(StubEndpoint):
    """The stub, with batches that go wrong in a way of the test's own.

    `rates` are the shares of errors of the first batch, the second and so on; `rewrite` changes the lines a batch
    brings; files of errors cannot be had while `holds_error_files`.
    """

    def __init__(
        self,
        *,
        rates: tuple[float, ...] = (),
        rewrite: Callable[[Batch, list[Line]], list[Line]] | None = None,
        **given: Any,
    ) -> None:
        super().__init__(**given)
        self.rates, self.rewrite = rates, rewrite
        self.holds_error_files = False

    def _complete(self, batch: Batch) -> None:
        number = list(self.batches).index(batch.id)
        if self.rates:
            self.batch_error_rate = self.rates[number] if number < len(self.rates) else 0.0
        super()._complete(batch)
        if self.rewrite is not None and batch.output_file_id is not None:
            lines = [json.loads(line) for line in self.files[batch.output_file_id].splitlines()]
            rewritten = [json.dumps(line) for line in self.rewrite(batch, lines)]
            self.files[batch.output_file_id] = "\n".join(rewritten).encode()

    async def _content(self, request: Any) -> Any:
        error_files = {batch.error_file_id for batch in self.batches.values()}
        if self.holds_error_files and request.path_params["id"] in error_files:
            self.count["held"] += 1
            return Response(status_code=503)
        return await super()._content(request)

    def asked(self) -> list[str]:
        """Return the custom ids of all batches there are, in the order they were given."""
        return [name for one in self.batches.values() for name in self.asked_in(one)]

    def asked_in(self, one: Batch) -> list[str]:
        return [json.loads(line)["custom_id"] for line in self.files[one.input_file_id].splitlines()]

    def truth(self) -> dict[tuple[int, str], int]:
        """Return the score the stub gives, by response and dimension; of runs with four calls a response."""
        found = {}
        for one in self.batches.values():
            for line in map(json.loads, self.files[one.input_file_id].splitlines()):
                name = call_named(line["custom_id"])
                assert name is not None
                found[name.response_id, name.asked] = expected_score(request_text(line["body"]))
        return found


def build(count: int) -> list[int]:
    with transaction() as session:
        return [build_response(session, build_item(session)).id for _ in range(count)]


def start(stub: StubEndpoint, *, prompt: str = "four-calls", key_env: str | None = None, **bounds: Any) -> JudgeRun:
    with transaction() as session:
        return start_judge_run(
            session,
            settings=JudgeSettings(
                name="judge-x", base_url=stub.url, model="some-model", prompt=prompt, api_key_env=key_env
            ),
            words=current_words(prompt),
            chosen=Selection(),
            bounds=Bounds(**({"mode": "batch"} | bounds)),
            author=current_person(session),
        )


def judged(stub: StubEndpoint, **given: Any) -> JudgeRun:
    run = start(stub, **given)
    run_here(run.job_id)
    return run_now(run)


def run_now(run: JudgeRun) -> JudgeRun:
    with reading() as session:
        return session.get_one(JudgeRun, run.id)


def batches(run: JudgeRun) -> list[JudgeBatch]:
    with reading() as session:
        query = select(JudgeBatch).where(JudgeBatch.run_id == run.id).order_by(col(JudgeBatch.id))
        return list(session.exec(query))


def judgements() -> list[Judgement]:
    with reading() as session:
        return list(session.exec(select(Judgement).order_by(col(Judgement.id))))


def calls(run: JudgeRun) -> list[JudgeCall]:
    with reading() as session:
        return list(session.exec(select(JudgeCall).where(JudgeCall.run_id == run.id).order_by(col(JudgeCall.id))))


def assert_all_scored_as_served(stub: BatchStub, response_ids: list[int]) -> None:
    rows = judgements()
    assert Counter((row.response_id, row.dimension) for row in rows) == Counter(
        (response_id, dimension) for response_id in response_ids for dimension in DIMENSIONS
    )
    assert {(row.response_id, row.dimension): row.score for row in rows} == stub.truth()


def wait_until(reached: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.02)


def kill(job_id: int) -> None:
    pid = look_at_job(job_id).pid
    assert pid is not None
    psutil.Process(pid).send_signal(signal.SIGKILL)
    wait_until(lambda: look_at_job(job_id).state == "interrupted")


def gone_on(run: JudgeRun, seconds: float = 60) -> Job:
    """Start the run's job again, in a process of its own, and return it when it has ended."""
    start_job(run.job_id)
    wait_until(lambda: look_at_job(run.job_id).state not in ("queued", "running"), seconds)
    return look_at_job(run.job_id)


def priced(**given: Any) -> None:
    with transaction() as session:
        entry = PriceEntry(**({"model": "some-model", "input_usd": 1.0, "output_usd": 10.0} | given))
        set_price(session, entry=entry, author=current_person(session))


# -- joining ----------------------------------------------------------------------------------------------------------


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


# -- kills and stops --------------------------------------------------------------------------------------------------


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


# -- bounds -----------------------------------------------------------------------------------------------------------


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


# -- the endpoint -----------------------------------------------------------------------------------------------------


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


# -- lines ------------------------------------------------------------------------------------------------------------


def test_a_custom_id_is_read_back_as_it_was_written():
    name = CallName("9f3b0c1d", 17, "compliance", 1001, 2)
    assert str(name) == "9f3b0c1d.17.compliance.1001.2"
    assert call_named(str(name)) == name


@pytest.mark.parametrize(
    "text",
    ["", "17", "17.all.1.1", "ABCDEF00.17.all.1.1", "9f3b0c1.17.all.1.1"]
    + [
        f"9f3b0c1d.{end}"
        for end in ("17.compliance.1", "17.compliance.1.0", "0.all.1.1", "017.all.1.1", "17.taste.1.1")
    ]
    + [f"9f3b0c1d.{end}" for end in ("17.all.1.1\n", "17.all.1.10", "-1.all.1.1", "١٧.all.1.1", " 17.all.1.1")]
    + [f"9f3b0c1d.{end}" for end in ("17.all.1.1.1", f"{10**20}.all.1.1")],
)
def test_what_is_no_custom_id_of_ours_is_none(text):
    assert call_named(text) is None


def test_a_line_asks_in_openais_form_and_stays_one_line():
    line = request_line(CallName("9f3b0c1d", 1, "all", 1, 1), "/v1/chat/completions", {"messages": "a\nb\u2028c ﷺ"})
    assert line.count(b"\n") == 1
    assert json.loads(line) == {
        "custom_id": "9f3b0c1d.1.all.1.1",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {"messages": "a\nb\u2028c ﷺ"},
    }


@given(
    st.one_of(
        st.binary(max_size=80),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda part: (
                st.lists(part, max_size=2)
                | st.dictionaries(
                    st.sampled_from(["custom_id", "response", "error", "status_code", "body", "choices", "code"]),
                    part,
                    max_size=4,
                )
            ),
        ).map(lambda found: json.dumps(found).encode()),
    )
)
def test_reading_a_line_never_raises(line):
    found = read_line(line)
    assert found is None or isinstance(found.outcome, Reply | CallFailure)


@pytest.mark.parametrize(
    ("said", "kind", "message"),
    [
        ({"error": {"code": "batch_expired", "message": "too late"}}, "timeout", "too late"),
        ({"error": {"code": "insufficient_quota", "message": "x"}}, "quota used up", "x"),
        ({"error": {"message": 5}}, "server error", "the endpoint gave no reason"),
        ({"response": {"status_code": 429, "body": {"error": {"message": "slow"}}}}, "rate limit", "429: slow"),
        ({"response": {"status_code": 400, "body": {}}}, "request refused", "400: the endpoint gave no reason"),
        ({"response": {"status_code": 200, "body": {"choices": []}}}, "unreadable answer", None),
        ({"response": {"body": {}}}, "server error", "the endpoint gave no reason"),
    ],
)
def test_a_line_without_a_reply_says_why(said, kind, message):
    found = read_line(json.dumps({"custom_id": "9f3b0c1d.1.all.1.1"} | said).encode())
    assert found is not None
    assert isinstance(found.outcome, CallFailure)
    assert found.outcome.kind == kind
    assert message is None or found.outcome.message == message


def test_a_line_that_is_too_long_is_read_by_nobody_and_the_next_one_is():
    long = b'{"custom_id": "' + b"x" * (LONGEST_LINE + 5) + b'"}\n'
    lines = list(lines_of(io.BytesIO(long + b"\n" + b'{"custom_id": "a", "error": {"code": "b"}}')))
    assert [read_line(line) is None for line in lines] == [True, False]

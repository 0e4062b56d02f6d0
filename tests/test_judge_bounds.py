"""What a judge run may cost and choose, and who may start it."""

import pytest
from sqlmodel import select

from core.db import reading, transaction
from core.errors import UserError
from core.job_process import run_here
from core.jobs import ask_job_to_stop, look_at_job, start_job
from core.judging.export import judgement_records
from core.judging.judge_job import run_result
from core.judging.judge_run import Bounds, start_judge_run
from core.judging.prompts import current_words
from core.judging.selection import Selection
from core.models import JudgeRun, Person
from core.people import current_person
from core.prices import PriceEntry, set_price
from tests.builders import build_person
from tests.fakes import StubEndpoint
from tests.job_watch import kill, wait_until
from tests.judge_run_builders import judged, judgements, responses, settings, start


def test_a_judge_at_work_is_not_started_twice(workspace):
    responses(40)
    with StubEndpoint(latency_s=0.2) as stub:
        run = start(settings(stub), concurrency=2)
        start_job(run.job_id)
        wait_until(lambda: judgements() != [])
        with pytest.raises(UserError, match="at work"):
            start(settings(stub), concurrency=2)
        ask_job_to_stop(run.job_id)
        wait_until(lambda: look_at_job(run.job_id).state == "stopped")


def test_a_budget_in_dollars_needs_a_known_price(workspace):
    responses(1)
    with StubEndpoint() as stub:
        with pytest.raises(UserError, match="price of some-model is not known"):
            start(settings(stub), budget_usd=1.0)
        judged(settings(stub))
        with reading() as session:
            assert session.exec(select(JudgeRun)).one().cost_usd is None


def test_a_budget_is_kept_and_raised_and_the_cost_is_in_the_records(workspace):
    responses(30)
    with transaction() as session:
        entry = PriceEntry("some-model", input_usd=1.0, output_usd=2.0, image_tokens=0)
        set_price(session, entry=entry, author=current_person(session))
    with StubEndpoint() as stub:
        run = start(settings(stub), budget_usd=0.05)
        with pytest.raises(UserError, match="budget is used up"):
            run_here(run.job_id)
        with reading() as session:
            spent = session.get_one(JudgeRun, run.id).cost_usd or 0
        told = sum((len(one.text) // 4 + 1) * 1e-6 + (len(one.content or "") // 4 + 1) * 2e-6 for one in stub.served)
        assert spent == pytest.approx(told)
        assert 0 < spent <= 0.05
        again = start(settings(stub), budget_usd=10.0)
        assert again.id == run.id, "the unfinished run goes on"
        run_here(again.job_id)
    assert run_result(run.id).scored == 120
    with reading() as session:
        costs = [record["cost_usd"] for record in judgement_records(session)]
        total = session.get_one(JudgeRun, run.id).cost_usd
    assert sum(costs) == pytest.approx(total)


def test_a_budget_in_calls_is_kept_over_a_kill(workspace):
    responses(100)
    with StubEndpoint(latency_s=0.05) as stub:
        run = start(settings(stub), budget_calls=150, concurrency=8)
        start_job(run.job_id)
        wait_until(lambda: len(judgements()) > 40)
        kill(run.job_id)
        with pytest.raises(UserError, match="budget is used up"):
            run_here(run.job_id)
        assert stub.count["requests"] <= 150


def test_a_budget_in_calls_is_kept_though_the_process_is_killed_before_the_first_reply(workspace):
    responses(40)
    with StubEndpoint(latency_s=5) as stub:
        run = start(settings(stub), budget_calls=4, concurrency=4)
        start_job(run.job_id)
        wait_until(lambda: stub.count["requests"] > 0)
        kill(run.job_id)
        with pytest.raises(UserError, match="budget is used up"):
            run_here(run.job_id)
    assert stub.count["requests"] <= 4


@pytest.mark.parametrize(
    "given",
    [{"model": "m\udcff"}, {"model": "m" * 300}, {"max_tokens": -5}, {"temperature": float("nan")}, {"max_side": 5}],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_stored(workspace, given):
    responses(1)
    with StubEndpoint() as stub, pytest.raises(UserError):
        start(settings(stub, **given))


def test_a_choice_no_database_can_look_for_is_refused(workspace):
    responses(1)
    with StubEndpoint() as stub:
        for chosen in (Selection(countries=("\udcff",)), Selection(limit=10**22)):
            with pytest.raises(UserError):
                start(settings(stub), chosen)


def test_an_expert_does_not_start_a_judge(workspace):
    responses(1)
    with StubEndpoint() as stub, transaction() as session:
        expert: Person = build_person(session)
        with pytest.raises(UserError, match="Only the leads"):
            start_judge_run(
                session,
                settings=settings(stub),
                words=current_words("four-calls"),
                chosen=Selection(),
                bounds=Bounds(),
                author=expert,
            )

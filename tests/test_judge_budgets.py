"""Where a budget would end a run is known before it starts, and a budget below what is used is refused."""

import pytest

from core.budgets import answers_in_budget, budget_sentence
from core.call_runs import RunBounds
from core.db import reading, transaction
from core.errors import UserError
from core.estimates import RunEstimate
from core.job_process import run_here
from core.judging.watching import bound_run
from core.models import JudgeRun
from core.people import current_person
from tests.fakes import StubEndpoint
from tests.judge_run_builders import responses, settings, start


def estimate(calls: int = 20, cost_usd: float | None = 0.4) -> RunEstimate:
    return RunEstimate(calls, 0, 0, cost_usd, None, "rough", "")


@pytest.mark.parametrize(
    ("budget_usd", "budget_calls", "answers"),
    [
        (None, None, None),
        (None, 5, 5),
        (None, 20, None),
        # Twenty answers cost 0.40 dollars, so 0.10 pay for five.
        (0.1, None, 5),
        (0.4, None, None),
        (0.1, 3, 3),
        (0.01, None, 0),
    ],
)
def test_a_budget_ends_a_run_at_what_it_pays_for(budget_usd, budget_calls, answers):
    bounds = RunBounds(budget_usd=budget_usd, budget_calls=budget_calls)
    assert answers_in_budget(estimate(), bounds) == answers


def test_what_a_run_has_used_counts_when_it_goes_on():
    used = JudgeRun(calls=3, lost_calls=1, cost_usd=0.04, reserved_usd=0.02)
    assert answers_in_budget(estimate(), RunBounds(budget_calls=10), used=used) == 6
    assert answers_in_budget(estimate(), RunBounds(budget_usd=0.1), used=used) == 2
    assert answers_in_budget(estimate(), RunBounds(budget_calls=4), used=used) == 0


def test_without_a_price_only_calls_bound_a_run():
    assert answers_in_budget(estimate(cost_usd=None), RunBounds(budget_usd=1.0, budget_calls=7)) == 7


def test_it_is_said_in_a_sentence_only_where_the_budget_is_too_small():
    assert budget_sentence(estimate(1200), RunBounds(budget_calls=1100)) == (
        "The budget ends this run at about 1,100 of 1,200 answers. What has come then stays; with a higher budget it "
        "goes on."
    )
    assert budget_sentence(estimate(), RunBounds(budget_calls=1000)) is None


def used_up(stub: StubEndpoint, calls: int) -> JudgeRun:
    """Return a run of two responses that ended for its budget."""
    responses(2)
    run = start(settings(stub), budget_calls=calls, concurrency=1)
    with pytest.raises(UserError, match="budget is used up"):
        run_here(run.job_id)
    return run


def test_a_run_that_goes_on_is_not_given_fewer_calls_than_it_has_made(workspace):
    with StubEndpoint() as stub:
        run = used_up(stub, 6)
        with pytest.raises(UserError, match="has made 6 calls so far, and that counts: a budget of 5 calls is below"):
            start(settings(stub), budget_calls=5, concurrency=1)
        with reading() as session:
            assert session.get_one(JudgeRun, run.id).budget_calls == 6
        assert start(settings(stub), budget_calls=6, concurrency=1).id == run.id


def test_a_budget_is_not_changed_to_less_than_is_used(workspace):
    with StubEndpoint() as stub:
        run = used_up(stub, 6)
    with transaction() as session:
        stored = session.get_one(JudgeRun, run.id)
        stored.cost_usd = 0.5
    for given in ({"budget_usd": None, "budget_calls": 5}, {"budget_usd": 0.4, "budget_calls": None}):
        with transaction() as session, pytest.raises(UserError, match="is below it"):
            bound_run(session, run_id=run.id, author=current_person(session), **given)
    with transaction() as session:
        bound_run(session, run_id=run.id, author=current_person(session), budget_usd=0.5, budget_calls=6)

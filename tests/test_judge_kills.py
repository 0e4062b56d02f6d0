"""A judge run that is killed or stopped at any moment: nothing lost, nothing twice, few calls made again."""

import random
import time

import pytest
from sqlalchemy import text
from sqlmodel import func, select

from core.db import reading
from core.jobs import ask_job_to_stop, look_at_job, start_job
from core.judging.judge_job import run_result
from core.models import Judgement
from tests.fakes import StubEndpoint
from tests.job_watch import kill, wait_until
from tests.judge_run_builders import assert_as_served, judgements, responses, settings, start


def test_kills_at_any_moment_lose_nothing_and_cost_at_most_the_calls_under_way(workspace):
    responses(60)
    with StubEndpoint(latency_s=0.05) as stub:
        run = start(settings(stub), concurrency=8)
        for number in range(4):
            before = len(judgements())
            start_job(run.job_id)
            # The first one as soon as a call was made, the others ever later in the work.
            wait_until(lambda before=before, number=number: len(judgements()) > before + 7 * number)
            kill(run.job_id)
        start_job(run.job_id)
        wait_until(lambda: look_at_job(run.job_id).state == "done", seconds=60)
        assert assert_as_served(stub, run.id) == 240
        assert len(stub.served) - 240 <= 4 * 8
        assert len(stub.times) == 240, "each call kept its fence"
    with reading() as session:
        assert session.exec(select(func.count()).select_from(Judgement)).one() == 240


def test_calls_lost_to_a_kill_are_among_what_a_run_has_used(workspace):
    responses(20)
    with StubEndpoint(latency_s=0.2) as stub:
        run = start(settings(stub), concurrency=4)
        start_job(run.job_id)
        wait_until(lambda: len(judgements()) > 3)
        kill(run.job_id)
        start_job(run.job_id)
        wait_until(lambda: look_at_job(run.job_id).state == "done", seconds=60)
        asked = stub.count["requests"]
    made = run_result(run.id)
    assert made.lost_calls == 4
    assert made.calls <= asked <= made.calls + made.lost_calls
    # Without a price nothing is put aside.
    assert made.reserved_usd == 0


@pytest.mark.slow
def test_twenty_kills_at_random_moments_leave_every_score_once_and_the_database_whole(workspace):
    most, rng = 8, random.Random(20)
    # More than any machine gets done between the kills.
    responses(300)
    with StubEndpoint(latency_s=0.1) as stub:
        run = start(settings(stub), concurrency=most)
        lost = 0
        for _ in range(20):
            asked = stub.count["requests"]
            start_job(run.job_id)
            wait_until(lambda asked=asked: stub.count["requests"] > asked)
            # From the first call under way to the fourth or so of each place; some before any reply is stored.
            time.sleep(rng.uniform(0, 0.4))
            kill(run.job_id)
            wait_until(lambda: stub.in_flight == 0)
            before, lost = lost, stub.count["requests"] - len(judgements())
            assert lost - before <= most, "of the calls under way at most are made again"
            assert whole()
        assert len(judgements()) < 1200, "all kills came while there was work"
        start_job(run.job_id)
        wait_until(lambda: look_at_job(run.job_id).state == "done", seconds=60)
        assert assert_as_served(stub, run.id) == len(judgements()) == 1200
        assert stub.count["requests"] == 1200 + lost
    assert whole()


def whole() -> bool:
    """Return whether the database has no page and no reference amiss."""
    with reading() as session:
        pages = session.execute(text("PRAGMA integrity_check")).scalars().all()
        return pages == ["ok"] and not session.execute(text("PRAGMA foreign_key_check")).all()


def test_a_paused_run_goes_on_with_what_is_missing(workspace):
    responses(60)
    with StubEndpoint(latency_s=0.05) as stub:
        run = start(settings(stub), concurrency=4)
        start_job(run.job_id)
        wait_until(lambda: len(judgements()) > 10)
        asked_at = time.monotonic()
        ask_job_to_stop(run.job_id)
        wait_until(lambda: look_at_job(run.job_id).state == "stopped")
        assert time.monotonic() - asked_at < 6
        kept = len(judgements())
        assert kept == len(stub.served)
        start_job(run.job_id)
        wait_until(lambda: look_at_job(run.job_id).state == "done", seconds=60)
        assert len(stub.served) == 240

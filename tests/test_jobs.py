"""Jobs: processes of their own whose state is true, whatever becomes of them."""

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlmodel import func, select

from core.db import reading, transaction
from core.errors import BenchmarkFormatError, JobError, NotFoundError
from core.job_process import JobContext, run_here
from core.jobs import (
    ALIVE,
    ask_job_to_stop,
    create_job,
    job_now,
    jobs_alive,
    log_path,
    log_tail,
    progress_of,
    start_job,
)
from core.models import Item, Job, utc_now
from tests.full_cross import write_full_cross
from tests.test_importer import checkout


def new_import(path: Path) -> int:
    with transaction() as session:
        return create_job(session, kind="import", title="Import", arguments={"path": str(path), "images": None}).id


def state_of(job_id: int) -> Job:
    with transaction() as session:
        return job_now(session, job_id)


def wait_until(job_id: int, reached: Callable[[Job], Any], seconds: float = 60) -> Job:
    end = time.monotonic() + seconds
    while not reached(job := state_of(job_id)):
        assert time.monotonic() < end, f"job {job_id} stays {job.state}"
        time.sleep(0.02)
    return job


def items() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(Item)).one()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout whose import takes some seconds."""
    return write_full_cross(tmp_path_factory.mktemp("large"))


def test_a_job_runs_in_a_process_of_its_own_and_ends_done(workspace, tmp_path):
    job_id = new_import(checkout(tmp_path / "cross"))
    start_job(job_id)
    job = wait_until(job_id, lambda job: job.state not in ALIVE)
    assert (job.state, job.reason) == ("done", None)
    assert job.pid != os.getpid()
    assert job.result is not None
    assert sum(file["accepted"] for file in job.result["files"]) == 9
    assert items() == 9


def test_a_problem_the_user_can_fix_is_the_reason_of_a_failed_job(workspace, tmp_path):
    job_id = new_import(tmp_path / "nowhere")
    start_job(job_id)
    job = wait_until(job_id, lambda job: job.state not in ALIVE)
    assert job.state == "failed"
    assert "no such file or folder" in (job.reason or "")
    assert job.traceback is None


def test_a_bug_is_stored_with_its_traceback(workspace):
    with transaction() as session:
        job_id = create_job(session, kind="import", title="Import", arguments={}).id
    start_job(job_id)
    job = wait_until(job_id, lambda job: job.state not in ALIVE)
    assert (job.state, job.reason) == ("failed", "KeyError: 'path'")
    assert "run_job" in (job.traceback or "")
    assert "KeyError" in log_tail(job_id)


def test_a_killed_job_is_interrupted_and_can_be_started_again(workspace, large):
    job_id = new_import(large)
    start_job(job_id)
    running = wait_until(job_id, lambda job: job.progress_done > 0)
    assert running.pid is not None
    psutil.Process(running.pid).send_signal(signal.SIGKILL)
    job = wait_until(job_id, lambda job: job.state not in ALIVE, seconds=5)
    assert job.state == "interrupted"
    assert "Start it again" in (job.reason or "")
    # A file is one transaction: what the killed process was at is not there by half.
    assert items() in (0, 828, 1104, 1239)
    start_job(job_id)
    assert wait_until(job_id, lambda job: job.state not in ALIVE).state == "done"
    assert items() == 1284


def test_a_job_stops_when_asked_and_keeps_what_it_has(workspace, large):
    job_id = new_import(large)
    start_job(job_id)
    wait_until(job_id, lambda job: job.progress_done > 0)
    ask_job_to_stop(job_id)
    job = wait_until(job_id, lambda job: job.state not in ALIVE, seconds=10)
    assert job.state == "stopped"
    assert items() in (0, 828, 1104, 1239)


def test_a_running_job_cannot_be_started_twice(workspace, large):
    job_id = new_import(large)
    start_job(job_id)
    wait_until(job_id, lambda job: job.state == "running")
    with pytest.raises(JobError, match="running already"):
        start_job(job_id)
    with transaction() as session:
        assert [job.id for job in jobs_alive(session)] == [job_id]
    ask_job_to_stop(job_id)
    wait_until(job_id, lambda job: job.state not in ALIVE)


def test_of_two_starts_at_once_one_wins(workspace, large):
    job_id = new_import(large)

    def start() -> str:
        try:
            start_job(job_id)
        except JobError as problem:
            return str(problem)
        return "started"

    with ThreadPoolExecutor(4) as pool:
        outcomes = [future.result() for future in [pool.submit(start) for _ in range(4)]]
    assert outcomes.count("started") == 1
    ask_job_to_stop(job_id)
    assert wait_until(job_id, lambda job: job.state not in ALIVE).state == "stopped"


def test_a_stop_right_after_the_start_is_not_lost(workspace, large):
    job_id = new_import(large)
    start_job(job_id)
    ask_job_to_stop(job_id)
    assert state_of(job_id).state == "stopped"
    time.sleep(2)
    assert state_of(job_id).state == "stopped"
    assert items() == 0


def test_a_process_with_the_same_number_is_not_taken_for_the_job(workspace):
    with transaction() as session:
        job = create_job(session, kind="import", title="Import", arguments={})
        # Our own process has this number, but it started at another time.
        job.state, job.pid, job.process_started, job.host = "running", os.getpid(), 1.0, os.uname().nodename
    assert state_of(job.id).state == "interrupted"


def test_a_job_that_never_got_a_process_is_interrupted_after_a_while(workspace):
    with transaction() as session:
        job = create_job(session, kind="import", title="Import", arguments={})
        assert job_now(session, job.id).state == "queued"
        job.created_at = utc_now() - timedelta(minutes=1)
    assert state_of(job.id).state == "interrupted"


def test_a_job_in_the_foreground_reports_and_raises(workspace, tmp_path):
    seen: list[int] = []
    done = run_here(new_import(checkout(tmp_path / "cross")), lambda job: seen.append(job.progress_done))
    assert done.state == "done"
    assert seen[-1] == 9
    failing = new_import(tmp_path / "nowhere")
    with pytest.raises(BenchmarkFormatError, match="no such file"):
        run_here(failing)
    assert state_of(failing).state == "failed"


def test_time_left_follows_the_pace(workspace):
    with transaction() as session:
        job = create_job(session, kind="import", title="Import", arguments={})
        job.state, job.progress_from, job.progress_done, job.progress_total = "running", 10, 30, 110
        job.progress_since = utc_now()
        job.heartbeat_at = job.progress_since + timedelta(seconds=40)
    # 20 in 40 s are 2 s each; 80 are left.
    assert progress_of(job).left_s == pytest.approx(160)
    assert progress_of(job).share == pytest.approx(30 / 110)


def test_a_line_of_the_log_stays_a_line(workspace):
    with transaction() as session:
        job_id = create_job(session, kind="import", title="Import", arguments={}).id
    JobContext(job_id, {}, stop_asked=threading.Event()).log("a\nb\x1b[2J")
    text = log_path(job_id).read_text(encoding="utf-8")
    assert text.count("\n") == 1
    assert "\x1b" not in text


def test_unknown_jobs_are_said(workspace):
    with pytest.raises(NotFoundError, match="no job 99"):
        state_of(99)
    with transaction() as session, pytest.raises(JobError, match="'cooking'"):
        create_job(session, kind="cooking", title="", arguments={})

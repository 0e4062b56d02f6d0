"""Start, watch and stop long work; its whole state is in the database, its process is `core/job_process.py`.

A job outlives the browser and the app server. A step names its jobs' modules in `MODULES`; such a module has a function
`run_job(context)`, stores each result as it comes and, started again, does only what is missing.
"""

import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import psutil
from sqlmodel import Session, col, select

from core.config import PROJECT, settings
from core.db import reading, transaction
from core.errors import JobError, NotFoundError
from core.models import Job, utc_now

JobState = Literal["queued", "running", "done", "failed", "stopped", "interrupted"]
ALIVE: tuple[JobState, ...] = ("queued", "running")

MODULES = {
    "import": "core.benchmark.import_job",
    "respond": "core.responses.collect_job",
    "judge": "core.judging.judge_job",
    "freeze": "core.training_sets.freeze_job",
    "train": "core.training.worker.train",
}
HEARTBEAT_S = 1.0
# A process needs a moment from being started to writing its first line; before that a missing pid is no sign of death.
START_GRACE_S = 20.0
OTHER_HOST_SILENCE_S = 60.0


def log_path(job_id: int) -> Path:
    """Return where a job's log lies."""
    settings().jobs.mkdir(parents=True, exist_ok=True)
    return settings().jobs / f"{job_id}.log"


def log_tail(job_id: int, lines: int = 200) -> str:
    """Return the last lines of a job's log, of at most its last 64 KiB; empty if there is none."""
    path = log_path(job_id)
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 65_536))
        text = file.read().decode("utf-8", errors="replace")
    return "\n".join(text.splitlines()[-lines:])


def create_job(session: Session, *, kind: str, title: str, arguments: dict[str, Any]) -> Job:
    """Add a queued job; `start_job` gives it a process."""
    if kind not in MODULES:
        raise JobError(f"There is no job of the kind '{kind}'.")
    job = Job(kind=kind, title=title, arguments=arguments)
    session.add(job)
    session.flush()
    return job


def start_job(job_id: int) -> None:
    """Start a process for a queued or ended job; it goes on when this process ends.

    Raises:
        JobError: the job is running, or is being started by somebody else.
    """
    claim_job(job_id)
    with log_path(job_id).open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "core.job_process", str(job_id)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    # The server must collect its ended children, or they would stay as zombies.
    threading.Thread(target=process.wait, daemon=True).start()


def ask_job_to_stop(job_id: int) -> None:
    """Ask a job to end at its next safe point; one whose work has not begun is stopped at once."""
    with transaction() as session:
        job = _settled(locked_job(session, job_id))
        if job.state == "queued":
            job.state, job.ended_at = "stopped", utc_now()
        elif job.state == "running":
            job.stop_requested = True


def job_now(session: Session, job_id: int) -> Job:
    """Return a job as it truly is: one whose process is gone is set to interrupted first. Needs a `transaction()`."""
    return _settled(locked_job(session, job_id))


def look_at_job(job_id: int) -> Job:
    """Return a job as it truly is, for screens that look again and again; writes only if its process is gone."""
    with reading() as session:
        job = session.get(Job, job_id)
    if job is not None and (job.state not in ALIVE or _has_process(job)):
        return job
    with transaction() as session:
        return job_now(session, job_id)


def jobs_alive(session: Session) -> Sequence[Job]:
    """Return the jobs that are queued or running and whose process is there, oldest first. Needs a `transaction()`."""
    rows = session.exec(select(Job).where(col(Job.state).in_(ALIVE)).order_by(col(Job.id))).all()
    return [job for job in rows if _settled(job).state in ALIVE]


@dataclass(frozen=True)
class Progress:
    """How far a job is; `share` is 0 to 1, None while the total is unknown, as `left_s` is before it can be told."""

    done: int
    total: int | None
    share: float | None
    left_s: float | None
    note: str


def progress_of(job: Job) -> Progress:
    """Return a job's progress; the time left assumes the mean pace since the first report."""
    total, done = job.progress_total, job.progress_done
    share = min(1.0, done / total) if total else None
    left_s = None
    moved = done - job.progress_from
    if total and job.progress_since and moved > 0 and job.heartbeat_at and job.state == "running":
        elapsed = (job.heartbeat_at - job.progress_since).total_seconds()
        left_s = max(0.0, elapsed / moved * (total - done))
    return Progress(done=done, total=total, share=share, left_s=left_s, note=job.progress_note)


def locked_job(session: Session, job_id: int) -> Job:
    """Return a job, and on PostgreSQL keep others from changing it until this transaction ends."""
    job = session.get(Job, job_id, populate_existing=True, with_for_update=True)
    if job is None:
        raise NotFoundError(f"There is no job {job_id}. Look at the list on the page that started it.")
    return job


def claim_job(job_id: int) -> None:
    """Take a job for one new process: of two that try, the second is refused.

    Raises:
        JobError: the job is running, or is being started by somebody else.
    """
    with transaction() as session:
        job = _settled(locked_job(session, job_id))
        # A queued job has a host from the moment somebody takes it.
        if job.state == "running" or (job.state == "queued" and job.host is not None):
            raise JobError(f"Job {job_id} is running already. Wait for it or stop it first.")
        job.state, job.reason, job.traceback, job.stop_requested = "queued", None, None, False
        job.pid = job.process_started = job.heartbeat_at = job.progress_since = job.ended_at = None
        job.host, job.created_at = socket.gethostname(), utc_now()


def _settled(job: Job) -> Job:
    """Set a job to interrupted whose process is gone; a run that is gone is never shown as running."""
    if job.state in ALIVE and not _has_process(job):
        job.state, job.ended_at = "interrupted", utc_now()
        job.reason = "Its process ended without a word (killed, or the machine was switched off). Start it again."
    return job


def _has_process(job: Job) -> bool:
    now = utc_now()
    if job.pid is None:
        return now - job.created_at < timedelta(seconds=START_GRACE_S)
    if job.host != socket.gethostname():
        return job.heartbeat_at is not None and now - job.heartbeat_at < timedelta(seconds=OTHER_HOST_SILENCE_S)
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(job.pid)
        # The start time tells our process from a later one that was given the same number.
        return process.create_time() == job.process_started and process.status() != psutil.STATUS_ZOMBIE
    return False

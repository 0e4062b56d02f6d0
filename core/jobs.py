"""Start, watch and stop long work in a process of its own; its whole state is in the database.

A job outlives the browser and the app server. A step names its jobs' modules in `MODULES`; such a module has a function
`run_job(context)`, stores each result as it comes and, started again, does only what is missing.
"""

import importlib
import json
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any, Literal

import psutil
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from core.config import PROJECT, settings
from core.db import reading, transaction, wait_for_other_writers
from core.errors import JobError, NotFoundError, UserError
from core.models import Job, utc_now

JobState = Literal["queued", "running", "done", "failed", "stopped", "interrupted"]
ALIVE: tuple[JobState, ...] = ("queued", "running")

MODULES = {
    "import": "core.benchmark.import_job",
    "freeze": "core.training_sets.freeze_job",
    "train": "core.training.worker.train",
}
HEARTBEAT_S = 1.0
# A process needs a moment from being started to writing its first line; before that a missing pid is no sign of death.
START_GRACE_S = 20.0
OTHER_HOST_SILENCE_S = 60.0


class StoppedByRequest(Exception):
    """Raised inside a job's work to end it after a stop was asked for."""


class JobContext:
    """What a job's work sees of itself: its arguments, progress, log, and whether it should stop."""

    def __init__(
        self,
        job_id: int,
        arguments: dict[str, Any],
        *,
        stop_asked: threading.Event,
        on_progress: Callable[[Job], None] | None = None,
    ) -> None:
        """Take over the job; the process that runs it makes this, nobody else."""
        self.job_id = job_id
        self.arguments = arguments
        self.stop_asked = stop_asked
        self._on_progress = on_progress
        self._reported_at = 0.0

    def progress(self, done: int, total: int | None, note: str = "", *, force: bool = False) -> None:
        """Say that `done` of `total` is done; written to the database at most twice a second unless forced."""
        now = time.monotonic()
        if not force and now - self._reported_at < 0.5 and done != total:
            return
        self._reported_at = now
        with transaction() as session:
            job = session.get_one(Job, self.job_id)
            if job.progress_since is None:
                job.progress_since, job.progress_from = utc_now(), done
            job.progress_done, job.progress_total, job.progress_note = done, total, note
            job.heartbeat_at = utc_now()
        if self._on_progress:
            self._on_progress(job)

    def log(self, line: str) -> None:
        """Add one line to the job's log; control characters are written as escapes, so that a line stays a line."""
        safe = json.dumps(line, ensure_ascii=False)[1:-1]
        with log_path(self.job_id).open("a", encoding="utf-8") as file:
            file.write(f"{utc_now():%H:%M:%S}  {safe}\n")

    def stop_if_asked(self) -> None:
        """Raise StoppedByRequest if somebody asked for a stop; call it where the work may safely end."""
        if self.stop_asked.is_set():
            raise StoppedByRequest


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
    _claim(job_id)
    with log_path(job_id).open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "core.jobs", str(job_id)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    # The server must collect its ended children, or they would stay as zombies.
    threading.Thread(target=process.wait, daemon=True).start()


def run_here(job_id: int, on_progress: Callable[[Job], None] | None = None) -> Job:
    """Run a job in this process and return it as it ended; for commands in the foreground.

    Raises:
        UserError: the work ended with one; it is stored with the job as well.
    """
    _claim(job_id)
    stop_asked = threading.Event()
    with _signals_ask(stop_asked):
        problem = _work(job_id, stop_asked, on_progress)
    if problem is not None:
        raise problem
    with transaction() as session:
        return _found(session, job_id)


def ask_job_to_stop(job_id: int) -> None:
    """Ask a job to end at its next safe point; one whose work has not begun is stopped at once."""
    with transaction() as session:
        job = _settled(_found(session, job_id))
        if job.state == "queued":
            job.state, job.ended_at = "stopped", utc_now()
        elif job.state == "running":
            job.stop_requested = True


def job_now(session: Session, job_id: int) -> Job:
    """Return a job as it truly is: one whose process is gone is set to interrupted first. Needs a `transaction()`."""
    return _settled(_found(session, job_id))


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


def _found(session: Session, job_id: int) -> Job:
    """Return a job, and on PostgreSQL keep others from changing it until this transaction ends."""
    job = session.get(Job, job_id, populate_existing=True, with_for_update=True)
    if job is None:
        raise NotFoundError(f"There is no job {job_id}. Look at the list on the page that started it.")
    return job


def _claim(job_id: int) -> None:
    """Take a job for one new process: of two that try, the second is refused."""
    with transaction() as session:
        job = _settled(_found(session, job_id))
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


def _beat(context: JobContext, ended: threading.Event) -> None:
    """Show that the process lives, and pass a stop on; runs in a thread of its own."""
    while not ended.wait(HEARTBEAT_S):
        # A database that is busy for long must not stop the heart: the next beat tries again.
        with suppress(OperationalError), transaction() as session:
            job = session.get_one(Job, context.job_id)
            job.heartbeat_at = utc_now()
            if job.stop_requested:
                context.stop_asked.set()


def _work(
    job_id: int, stop_asked: threading.Event, on_progress: Callable[[Job], None] | None = None
) -> UserError | None:
    """Do a job's work and store how it ended; a problem the user can fix comes back."""
    me = psutil.Process()
    with transaction() as session:
        job = _found(session, job_id)
        if job.state != "queued":
            # Stopped, or given up as interrupted, before this process got here.
            return None
        job.state, job.pid, job.process_started = "running", me.pid, me.create_time()
        job.host, job.started_at, job.heartbeat_at = socket.gethostname(), utc_now(), utc_now()
    context = JobContext(job_id, job.arguments, stop_asked=stop_asked, on_progress=on_progress)
    ended = threading.Event()
    heart = threading.Thread(target=_beat, args=(context, ended), daemon=True)
    heart.start()
    state: JobState = "done"
    result: dict[str, Any] | None = None
    problem: UserError | None = None
    trace = None
    try:
        result = importlib.import_module(MODULES[job.kind]).run_job(context)
    except StoppedByRequest:
        state = "stopped"
    except UserError as error:
        state, problem = "failed", error
    except Exception as error:  # noqa: BLE001 - the outermost line of a job: whatever went wrong is stored with it
        state, trace = "failed", traceback.format_exc()
        problem = JobError(f"{type(error).__name__}: {error}")
        context.log(trace)
    finally:
        ended.set()
        heart.join()
    with transaction() as session:
        job = session.get_one(Job, job_id)
        job.state, job.result, job.traceback, job.ended_at = state, result, trace, utc_now()
        job.reason = str(problem) if problem else None
    return problem


@contextmanager
def _signals_ask(stop_asked: threading.Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the work at its next safe point; only a main thread can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop_asked.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _main(job_id: int) -> None:
    """Run one job in this process, started by `start_job`."""
    wait_for_other_writers()
    stop_asked = threading.Event()
    with _signals_ask(stop_asked):
        _work(job_id, stop_asked)


if __name__ == "__main__":
    # The module that a job's work imports is `core.jobs`; run from there, so that its exceptions are the same classes.
    from core.jobs import _main as main

    main(int(sys.argv[1]))

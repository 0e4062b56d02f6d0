"""The process of one job: its work, its heart, its progress, and how it ended. `python -m core.job_process ID`."""

import importlib
import json
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import psutil
from sqlalchemy.exc import OperationalError

from core.db import transaction, wait_for_other_writers
from core.errors import JobError, UserError
from core.jobs import HEARTBEAT_S, MODULES, JobState, claim_job, locked_job, log_path
from core.models import Job, utc_now


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


def run_here(job_id: int, on_progress: Callable[[Job], None] | None = None) -> Job:
    """Run a job in this process and return it as it ended; for commands in the foreground.

    Raises:
        UserError: the work ended with one; it is stored with the job as well.
    """
    claim_job(job_id)
    stop_asked = threading.Event()
    with _signals_ask(stop_asked):
        problem = _work(job_id, stop_asked, on_progress)
    if problem is not None:
        raise problem
    with transaction() as session:
        return locked_job(session, job_id)


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
        job = locked_job(session, job_id)
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
    except OperationalError as error:
        state, trace = "failed", traceback.format_exc()
        problem = JobError(
            f"The database could not be used: {error.orig}. What was stored is kept; look whether its disk is full, "
            "then start this again."
        )
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


def main(job_id: int) -> None:
    """Run one job in this process, started by `start_job`."""
    # People at the screen come first where a job wants the processor too.
    os.nice(10)
    wait_for_other_writers()
    stop_asked = threading.Event()
    with _signals_ask(stop_asked):
        _work(job_id, stop_asked)


if __name__ == "__main__":
    # The module that a job's work imports is `core.job_process`; run from there, so that its exceptions are the same.
    from core.job_process import main as imported_main

    imported_main(int(sys.argv[1]))

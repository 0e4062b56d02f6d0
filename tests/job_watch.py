"""Wait for what a job's process does, and kill it."""

import signal
import time
from collections.abc import Callable

import psutil

from core.jobs import look_at_job


def wait_until(reached: Callable[[], object], seconds: float = 30) -> None:
    """Come back when it is reached; fail when that takes too long."""
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.02)


def kill(job_id: int) -> None:
    """Kill a job's process as a power cut would, and wait until the job is known to be interrupted."""
    pid = look_at_job(job_id).pid
    assert pid is not None
    psutil.Process(pid).send_signal(signal.SIGKILL)
    wait_until(lambda: look_at_job(job_id).state == "interrupted")

"""The stub and the judge, each a process of its own, as an endpoint and a person's command are."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import col, func, select

from core.config import PROJECT
from core.db import reading
from core.models import Judge, JudgeCall, JudgeRun

CONCURRENCY, LATENCY_MS = 32, 200
# A run that pages are looked at beside must be under way, not starting.
WARM_CALLS = 200


@contextmanager
def stub(faults: float = 0.0) -> Iterator[str]:
    """Give the address of a stub that lives in a process of its own."""
    command = [sys.executable, "-m", "tests.fakes", "--latency-ms", str(LATENCY_MS), "--faults", str(faults)]
    process = subprocess.Popen([*command, "--max-seconds", "3600"], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)


def start_judge(url: str, name: str, *, prompt: str = "four-calls", limit: int | None = None) -> subprocess.Popen[str]:
    """Start the command that judges all responses here, or the first of them; its last line is JSON."""
    words = ["judge", "--judge", name, "--base-url", url, "--model", "stub", "--prompt", prompt, "--json"]
    words += ["--concurrency", str(CONCURRENCY)] + (["--limit", str(limit)] if limit else [])
    return subprocess.Popen([sys.executable, "-m", "core.cli", *words], cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def calls_of(name: str) -> int:
    """Return how many replies of a judge are stored."""
    query = select(func.count()).select_from(JudgeCall).join(JudgeRun, col(JudgeRun.id) == JudgeCall.run_id)
    with reading() as session:
        return session.exec(query.join(Judge, col(Judge.id) == JudgeRun.judge_id).where(Judge.name == name)).one()


@contextmanager
def judge_at_work(name: str) -> Iterator[None]:
    """Keep a judge at work on all responses; it must be at work still when the block ends."""
    with stub() as url:
        process = start_judge(url, name)
        try:
            while calls_of(name) < WARM_CALLS:
                assert process.poll() is None, "the judge ended before it began"
                time.sleep(0.2)
            yield
            assert process.poll() is None, "the judge was done before the pages were"
        finally:
            process.terminate()
            process.wait(30)

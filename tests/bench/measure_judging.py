"""Time judge runs against a stub of 200 ms a call in a process of its own, beside a bare client on the same stub."""

import asyncio
import base64
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import psutil
from sqlmodel import func, select

from core.config import PROJECT
from core.db import reading
from core.models import Judgement
from tests.bench.figures import Figure

CONCURRENCY, LATENCY_MS = 32, 200
FEW, MANY = 1000, 5000
_SCORED = ("Score: 0", "Score: 1")


@contextmanager
def stub(faults: float = 0.0) -> Iterator[str]:
    """Give the address of a stub that lives in a process of its own."""
    command = [sys.executable, "-m", "tests.fakes", "--latency-ms", str(LATENCY_MS), "--faults", str(faults)]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)


def bare_rate(url: str, pictures: list[str], responses: int) -> float:
    """Return the responses a second of an asynchronous client that only sends, reads and tries again."""

    async def ask_all() -> None:
        numbers = iter(range(4 * responses))

        async def work(client: httpx2.AsyncClient) -> None:
            for number in numbers:
                while not await _asked(client, url, pictures[number // 4 % len(pictures)], number):
                    pass

        async with httpx2.AsyncClient(timeout=30) as client:
            await asyncio.gather(*(work(client) for _ in range(CONCURRENCY)))

    started = time.perf_counter()
    asyncio.run(ask_all())
    return responses / (time.perf_counter() - started)


async def _asked(client: httpx2.AsyncClient, url: str, picture: str, number: int) -> bool:
    text = f"Call {number}. " + "A norm, a question and a response of usual length. " * 40
    parts = [{"type": "image_url", "image_url": {"url": picture}}, {"type": "text", "text": text}]
    body = {"model": "stub", "max_tokens": 800, "messages": [{"role": "user", "content": parts}]}
    try:
        answer = await client.post(f"{url}/chat/completions", json=body)
        if answer.status_code == 429:
            await asyncio.sleep(float(answer.headers.get("retry-after", 1)))
        content = json.loads(answer.content)["choices"][0]["message"]["content"] if answer.status_code == 200 else None
    except (httpx2.HTTPError, ValueError):
        return False
    return str(content).endswith(_SCORED)


def judge_rate(url: str, name: str, responses: int) -> tuple[float, float, int]:
    """Return responses a second by the command's own clock, its highest memory in MB, judgements lost or doubled."""
    words = ["judge", "--judge", name, "--base-url", url, "--model", "stub", "--prompt", "four-calls", "--json"]
    words += ["--concurrency", str(CONCURRENCY), "--limit", str(responses)]
    command = [sys.executable, "-m", "core.cli", *words]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    memory = 0.0
    while process.poll() is None:
        with suppress(psutil.NoSuchProcess):
            memory = max(memory, psutil.Process(process.pid).memory_info().rss / 2**20)
        time.sleep(0.2)
    assert process.stdout is not None
    said = json.loads(process.stdout.read().splitlines()[-1])
    assert said["ok"], said
    with reading() as session:
        held = session.exec(select(func.count()).select_from(Judgement).where(Judgement.judge == name)).one()
    return responses / said["elapsed_s"], memory, abs(4 * responses - held) + said["unscored"]


def judging_figures(checkout: Path) -> list[Figure]:
    """Return the figures; the workspace has full CROSS with its pictures and responses."""
    files = sorted((checkout / "images" / "casa").iterdir())[:8]
    pictures = [f"data:image/jpeg;base64,{base64.b64encode(file.read_bytes()).decode()}" for file in files]
    with stub() as url:
        bare = bare_rate(url, pictures, FEW)
        few, _, lost = judge_rate(url, "bench-few", FEW)
        many, memory, lost_of_many = judge_rate(url, "bench-many", MANY)
    with stub(0.05) as url:
        bare_faults = bare_rate(url, pictures, FEW)
        faults, _, lost_under_faults = judge_rate(url, "bench-faults", FEW)
    return [
        # The stub in Python takes part of the machine: where a bare client does not reach 40, neither do we.
        _larger("Judge: responses a second (the limit is 40)", min(32, 0.8 * bare), few),
        _larger("Judge: share of a bare client's", 0.8, few / bare, unit="x"),
        _larger("Judge: the same under 5 % faults", min(28, 0.7 * bare_faults), faults),
        _larger("Judge: share of a bare client's under faults", 0.7, faults / bare_faults, unit="x"),
        _larger(f"Judge: rate of {MANY:,} over that of {FEW:,}", 0.9, many / few, unit="x"),
        Figure(f"Judge: memory of {MANY:,} responses", 300, [memory], unit="MB"),
        Figure("Judge: lost, doubled or unscored", 0, [float(lost + lost_of_many + lost_under_faults)], unit=""),
    ]


def _larger(name: str, goal: float, rate: float, unit: str = "/s") -> Figure:
    return Figure(name, goal, [rate], unit=unit, larger_is_better=True)

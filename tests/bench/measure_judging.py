"""Time judge runs against a stub of 200 ms a call in a process of its own, beside a bare client on the same stub.

A short run and a long one are compared with one call a response: 20,000 responses are then 20,000 calls, two minutes at
32 at once, where four calls each would take over ten; and each call stores four judgements, so that the database has
four times the work for each.
"""

import asyncio
import base64
import json
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil
from sqlmodel import Session, col, func, select

from core.db import reading
from core.models import JudgeCall, Judgement
from core.rubric import DIMENSIONS
from tests.bench.figures import Figure
from tests.bench.judge_process import CONCURRENCY, start_judge, stub

FEW, MANY = 1000, 20_000
_SCORED = ("Score: 0", "Score: 1")


@dataclass(frozen=True)
class Speed:
    """A run: responses a second by the command's own clock, highest memory in MB, and what is amiss.

    `slowing` is the pace of its last quarter over that of its first, `amiss` the judgements lost, doubled or unscored.
    """

    rate: float
    memory: float
    slowing: float
    amiss: int


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


def judge_speed(url: str, name: str, responses: int, *, prompt: str = "four-calls") -> Speed:
    """Let a judge score that many responses, and return how it went."""
    process = start_judge(url, name, prompt=prompt, limit=responses)
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
        amiss = abs(len(DIMENSIONS) * responses - held) + said["unscored"]
        return Speed(responses / said["elapsed_s"], memory, _slowing(session, said["run_id"]), amiss)


def _slowing(session: Session, run_id: str) -> float:
    """Return how many calls a second were stored in the last quarter of a run, over the same of the first."""
    query = select(JudgeCall.created_at).where(JudgeCall.run_id == run_id).order_by(col(JudgeCall.id))
    times = session.exec(query).all()
    quarter = len(times) // 4
    return (times[quarter] - times[0]) / (times[-1] - times[-1 - quarter])


def judging_figures(checkout: Path) -> list[Figure]:
    """Return the figures; the workspace has full CROSS with its pictures and responses."""
    files = sorted((checkout / "images" / "casa").iterdir())[:8]
    pictures = [f"data:image/jpeg;base64,{base64.b64encode(file.read_bytes()).decode()}" for file in files]
    with stub() as url:
        bare = bare_rate(url, pictures, FEW)
        four = judge_speed(url, "bench-four", FEW)
        few = judge_speed(url, "bench-few", FEW, prompt="one-call")
        many = judge_speed(url, "bench-many", MANY, prompt="one-call")
    with stub(0.05) as url:
        bare_faults = bare_rate(url, pictures, FEW)
        faults = judge_speed(url, "bench-faults", FEW)
    rates = f"{many.rate:.0f} to {few.rate:.0f} a second"
    amiss = sum(speed.amiss for speed in (four, few, many, faults))
    return [
        # The stub in Python takes part of the machine: where a bare client does not reach 40, neither do we.
        _larger("Judge: responses a second (the limit is 40)", min(32, 0.8 * bare), four.rate),
        _larger("Judge: share of a bare client's", 0.8, four.rate / bare, unit="x"),
        _larger("Judge: the same under 5 % faults", min(28, 0.7 * bare_faults), faults.rate),
        _larger("Judge: share of a bare client's under faults", 0.7, faults.rate / bare_faults, unit="x"),
        _larger(f"Judge: rate of {MANY:,} over that of {FEW:,} ({rates})", 0.9, many.rate / few.rate, unit="x"),
        # Free of what starting costs, which makes the short run look slow.
        _larger(f"Judge: pace at the end of {MANY:,} over the beginning", 0.9, many.slowing, unit="x"),
        Figure(f"Judge: memory of {MANY:,} responses", 300, [many.memory], unit="MB"),
        Figure("Judge: lost, doubled or unscored", 0, [float(amiss)], unit=""),
    ]


def _larger(name: str, goal: float, rate: float, unit: str = "/s") -> Figure:
    return Figure(name, goal, [rate], unit=unit, larger_is_better=True)

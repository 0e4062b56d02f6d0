"""Time thirty people who label at once through the app, each with a websocket of their own and a key every 2 s."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import psutil
from sqlmodel import col, select

from core.db import reading, transaction
from core.labels.content_warning import record_warning
from core.labels.queue import take_session
from core.models import Item, Label, Person
from core.rubric import DIMENSIONS
from tests.bench.app_client import AppClient
from tests.bench.figures import Figure
from tests.browser.app_server import AppServer
from tests.builders import build_expert

PEOPLE, PACE_S = 30, 2.0
SHORT_S, LONG_S = 60.0, 600.0
# So much work is done at once before anything is measured: every thread then has its connections and their caches.
WARM_S = 20.0


@dataclass(frozen=True)
class Worked:
    """What one person did: milliseconds of each message until it was dealt with, below 0 if it was not stored then."""

    times: list[float]
    sent: list[str]
    unacknowledged: int


def session_figures(server: AppServer, *, seconds: float = SHORT_S) -> list[Figure]:
    """Return the figures of people at work for so long; the workspace has full CROSS, and the app is stopped."""
    server.start()
    try:
        people = _people_with_sessions()
        process = psutil.Process(server.pid)
        with ExitStack() as stack, ThreadPoolExecutor(PEOPLE) as pool:
            cookies = [f"cross_review_person_{server.port}={person.pseudonym}" for person in people]
            clients = [stack.enter_context(AppClient(server.url, cookie=cookie)) for cookie in cookies]
            warm = list(pool.map(lambda client: _work(client, 0.0, WARM_S), clients))
            memory, cpu = process.memory_info().rss, sum(process.cpu_times()[:2])
            begin = time.monotonic()
            starts = [begin + PACE_S * number / PEOPLE for number in range(PEOPLE)]
            worked = list(pool.map(lambda client, start: _work(client, start, seconds), clients, starts))
            gained = (process.memory_info().rss - memory) / 2**20
            cpu_s = sum(process.cpu_times()[:2]) - cpu
    finally:
        server.stop()
    times = [one for person in worked for one in person.times]
    lost = sum(person.unacknowledged for person in worked) + _missing_or_doubled(people, warm + worked)
    name = f"{PEOPLE} people in the app, {seconds:.0f} s"
    return [
        Figure(f"{name}: answer to stored", 150, times),
        Figure(f"{name}: lost or doubled", 0, [float(lost)], unit=""),
        Figure(f"{name}: CPU of the app for an answer", 40, [1000 * cpu_s / len(times)]),
        Figure(f"{name}: memory gained ({memory / 2**20:.0f} MB before)", 20, [max(0.0, gained)], unit="MB"),
    ]


def _people_with_sessions() -> list[Person]:
    with reading() as session:
        countries = session.exec(select(Item.country).distinct().order_by(col(Item.country))).all()
    people = []
    for number, country in zip(range(PEOPLE), itertools.cycle(countries), strict=False):
        with transaction() as session:
            person = build_expert(session, f"at work {time.time_ns()} {number}")
            record_warning(session, person=person)
            take_session(session, person=person, country=country, count=100)
        people.append(person)
    return people


def _work(client: AppClient, start: float, seconds: float) -> Worked:
    """Give four answers to each response and go on, a message every two seconds, as a person does."""
    times, sent = [], []
    for number, step in zip(range(int(seconds / PACE_S)), itertools.cycle([*DIMENSIONS, None]), strict=False):
        time.sleep(max(0.0, start + number * PACE_S - time.monotonic()))
        started, problems = time.perf_counter(), client.problems
        if step is None:
            client.go_on()
        else:
            sent.append(client.answer(step, ("yes", "no")[number % 2]))
        times.append((time.perf_counter() - started) * 1000 if client.problems == problems else -1.0)
    if client.outbox:
        client.send()
    return Worked(times, sent, len(client.outbox))


def _missing_or_doubled(people: list[Person], worked: list[Worked]) -> int:
    sent = [name for person in worked for name in person.sent]
    with reading() as session:
        theirs = select(Label.form_id).where(col(Label.person_id).in_([person.id for person in people]))
        stored = session.exec(theirs).all()
    return len(set(sent) ^ set(stored)) + len(stored) - len(set(stored))

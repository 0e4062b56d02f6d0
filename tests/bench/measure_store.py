"""Time what happens without a browser: importing the items, saving labels, exporting."""

import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlmodel import col, func, select

from core.benchmark.export import item_records
from core.benchmark.importer import import_benchmark
from core.db import reading, transaction
from core.labels.places import handle_of
from core.labels.queue import take_session
from core.labels.saving import store_message
from core.models import Label, Person
from core.rubric import DIMENSIONS
from tests.bench.figures import Figure
from tests.builders import build_expert

WRITERS, ANSWERS = 20, 40


def import_figures(folder: Path, pictures: int) -> list[Figure]:
    """Return the figures of a first and a second import of full CROSS into an empty workspace."""
    started = time.perf_counter()
    report = import_benchmark(folder)
    first = time.perf_counter() - started
    assert report.images["new"] == pictures
    started = time.perf_counter()
    import_benchmark(folder)
    again = time.perf_counter() - started
    name = f"Import 1,284 items with {pictures} new pictures"
    return [
        Figure(name, 1 + 0.035 * pictures, [first], unit="s"),
        Figure("Import the same again", 1 + 0.035 * pictures, [again], unit="s"),
    ]


def save_figures() -> list[Figure]:
    """Return the figures of 20 people who save at once; every label acknowledged must be stored, once."""
    people = [_person_with_session() for _ in range(WRITERS)]
    started = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as pool:
        times = [one for future in [pool.submit(_answer, *entry) for entry in people] for one in future.result()]
    elapsed = time.perf_counter() - started
    with reading() as session:
        theirs = col(Label.person_id).in_([person.id for person, _ in people])
        stored = session.exec(select(func.count()).select_from(Label).where(theirs)).one()
    lost = sum(one >= 0 for one in times) - stored
    return [
        Figure("Saves a second, 20 people at once", 300, [len(times) / elapsed], unit="/s", larger_is_better=True),
        Figure("One save, 20 people at once", 100, times),
        Figure("Saves lost or doubled", 0, [float(abs(lost))], unit=""),
    ]


def export_figures() -> list[Figure]:
    """Return the figure of reading all items as export records."""
    started = time.perf_counter()
    with reading() as session, tempfile.TemporaryFile("w") as out:
        for record in item_records(session):
            out.write(f"{record}\n")
    return [Figure("Export 1,284 items", 1, [time.perf_counter() - started], unit="s")]


def _person_with_session() -> tuple[Person, int]:
    with transaction() as session:
        person = build_expert(session, f"bench-{uuid.uuid4().hex[:8]}")
        review = take_session(session, person=person, country=None, count=30)
    return person, review.id


def _answer(person: Person, session_id: int) -> list[float]:
    """Store answers one by one as the page does; return the milliseconds of each, below 0 where it was not stored."""
    times = []
    for number in range(ANSWERS):
        entry = {
            "kind": "answer",
            "form_id": str(uuid.uuid4()),
            "handle": handle_of(session_id, number // 4),
            "dimension": DIMENSIONS[number % 4],
            "choice": "yes",
        }
        started = time.perf_counter()
        receipt = store_message(person, [entry])
        took = (time.perf_counter() - started) * 1000
        assert not receipt.refused, receipt
        times.append(took if receipt.stored else -1.0)
    return times

"""The app is killed at any moment while people label: what was acknowledged is stored, once, and nothing else is."""

import multiprocessing
import random
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from core.db import read_engine, transaction, write_engine
from core.labels.places import handle_of
from core.labels.queue import take_session
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_person, build_response
from tests.label_server import serve

BROWSERS, RESPONSES = 3, 40
KILLS, LATEST_S = 20, 0.4
# Every so many kills one falls into the start.
WHILE_STARTING = 5
RESTART_S = 5.0

# A new process each time, without 0.9 s of imports each time: they are those of the process it is forked from.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.label_server", "pytest"])


@dataclass
class Browser:
    """An expert's browser: it sends an answer until it is named as stored, over as many connections as it takes."""

    person_id: int
    session_id: int
    rng: random.Random
    outbox: list[dict] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)

    def label(self, server: Connection, answered: threading.Event) -> None:
        """Answer and revise as fast as the server goes, until it is gone; tell of the first receipt."""
        with suppress(EOFError, OSError):
            while True:
                self.outbox += [self._answer() for _ in range(self.rng.randrange(1, 4))]
                server.send(self.outbox)
                stored = server.recv()
                self.acknowledged += stored
                self.outbox = [entry for entry in self.outbox if entry["form_id"] not in stored]
                answered.set()

    def _answer(self) -> dict:
        return {
            "kind": "answer",
            "form_id": str(uuid.UUID(int=self.rng.getrandbits(128))),
            "handle": handle_of(self.session_id, self.rng.randrange(RESPONSES)),
            "dimension": self.rng.choice(DIMENSIONS),
            "choice": self.rng.choice(("yes", "no", "cant_say")),
        }


def browsers(seed: int) -> list[Browser]:
    with transaction() as session:
        for _ in range(RESPONSES):
            build_response(session, build_item(session))
        taken = []
        for number in range(BROWSERS):
            person = build_person(session)
            # Two experts are wanted for each: the third gets responses that nobody else has.
            if number == 2:
                for _ in range(RESPONSES):
                    build_response(session, build_item(session))
            review = take_session(session, person=person, country=None, count=RESPONSES)
            taken.append(Browser(person.id, review.id, random.Random(seed + number)))
    # A connection of this process would keep alive what a restart has to recover.
    write_engine().dispose()
    read_engine().dispose()
    return taken


def label_until_killed(home: Path, people: Sequence[Browser], after_s: float, *, starting: bool = False) -> float:
    """Start the server, let everybody label, kill it as a power cut would; return the seconds to its first receipt.

    Args:
        home: the workspace.
        people: who label.
        after_s: of labelling, or of starting.
        starting: whether the kill does not wait for the first receipt; there may be none then.
    """
    ends = [_FORKS.Pipe() for _ in people]
    theirs = [(person.person_id, end) for person, (_, end) in zip(people, ends, strict=True)]
    server = _FORKS.Process(target=serve, args=(str(home), theirs))
    answered, started = threading.Event(), time.perf_counter()
    server.start()
    for _, end in theirs:
        end.close()
    with ThreadPoolExecutor(len(people)) as pool:
        for person, (end, _) in zip(people, ends, strict=True):
            pool.submit(person.label, end, answered)
        if not starting:
            answered.wait(2 * RESTART_S)
        restart_s = time.perf_counter() - started
        time.sleep(after_s)
        server.kill()
    server.join()
    assert server.exitcode == -9
    return restart_s


def rows(home: Path) -> list[str]:
    """Return the names of the labels stored, in a database that is whole."""
    held = sqlite3.connect(home / "review.db")
    try:
        assert held.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [form_id for (form_id,) in held.execute("SELECT form_id FROM label")]
    finally:
        held.close()


def names(outboxes: Iterable[list[dict]]) -> set[str]:
    return {entry["form_id"] for outbox in outboxes for entry in outbox}


def test_twenty_kills_while_people_label_lose_no_acknowledged_label_and_double_none(workspace):
    rng = random.Random(21)
    people = browsers(seed=21)
    restarts_s = [
        label_until_killed(workspace, people, rng.uniform(0, LATEST_S), starting=number % WHILE_STARTING == 0)
        for number in range(KILLS)
    ]
    stored = rows(workspace)
    acknowledged = [name for person in people for name in person.acknowledged]
    assert len(acknowledged) == len(set(acknowledged)) > 10 * KILLS
    assert len(stored) == len(set(stored))
    assert set(acknowledged) <= set(stored) <= set(acknowledged) | names(person.outbox for person in people)
    assert max(restarts_s) < RESTART_S


def test_what_was_under_way_at_a_kill_is_stored_once_when_it_is_sent_again(workspace):
    people = browsers(seed=4)
    for _ in range(3):
        label_until_killed(workspace, people, 0.1)
    under_way = names(person.outbox for person in people)
    assert under_way
    label_until_killed(workspace, people, LATEST_S)
    assert under_way <= {name for person in people for name in person.acknowledged}
    assert all(rows(workspace).count(name) == 1 for name in under_way)

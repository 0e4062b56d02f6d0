"""The same label from many places at once: one of what is the same, all of what is not, and each refusal said."""

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from core.db import reading, transaction
from core.labels.cards import cards
from core.labels.places import handle_of
from core.labels.review_sessions import open_session
from core.labels.saving import store_message
from core.labels.standing import standing_labels
from core.models import Label, LockedResponse, Person
from tests.builders import build_person
from tests.label_builders import answer, assigned, by_place, four

SUBMITS = 50
WINDOWS, EDITS = 2, 50
PATIENCE_S = 5.0
_HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
"""


def test_fifty_identical_submits_at_once_are_one_label(workspace):
    with transaction() as session:
        person = build_person(session)
        (response,) = assigned(session, person)
        message = by_place(open_session(session, person=person), 0, answer(response))
    together = threading.Barrier(SUBMITS)

    def submit(_: int) -> list[str]:
        together.wait()
        return store_message(person, message).stored

    with ThreadPoolExecutor(SUBMITS) as pool:
        receipts = list(pool.map(submit, range(SUBMITS)))
    assert receipts == [[message[0]["form_id"]]] * SUBMITS
    with reading() as session:
        assert session.exec(select(func.count()).select_from(Label)).one() == 1


def test_fifty_identical_fourth_answers_at_once_lock_a_response_once(workspace):
    with transaction() as session:
        person = build_person(session)
        (response,) = assigned(session, person)
        message = by_place(open_session(session, person=person), 0, *four(response))
    with ThreadPoolExecutor(SUBMITS) as pool:
        list(pool.map(lambda _: store_message(person, message), range(SUBMITS)))
    with reading() as session:
        assert len(session.exec(select(Label)).all()) == 4
        assert len(session.exec(select(LockedResponse)).all()) == 1


# -- two windows of one expert ----------------------------------------------------------------------------------------


class Window:
    """A browser window: it sends what it last knew with each answer, and looks again when it is refused."""

    def __init__(self, person: Person, session_id: int, place: int, response_id: int) -> None:
        self.person, self.place, self.response_id = person, place, response_id
        self.session_id = session_id
        self.known = ""
        self.replaced: dict[str, str] = {}
        self.refused: list[str] = []

    def edit(self, number: int) -> None:
        """Answer until it is stored; told of another answer, look at it and give one's own again."""
        choice = ("yes", "no", "cant_say")[number % 3]
        while True:
            given = answer(self.response_id, choice=choice, replaces=self.known)
            entry = given | {"handle": handle_of(self.session_id, self.place)}
            receipt = store_message(self.person, [entry])
            while receipt.problem is not None:
                # Twenty at once on a busy machine: the browser keeps what it has, and sends it again.
                receipt = store_message(self.person, [entry])
            if receipt.stored:
                self.replaced[entry["form_id"]], self.known = self.known, entry["form_id"]
                return
            self.refused += receipt.refused.values()
            with reading() as session:
                (standing,) = standing_labels(session, person=self.person, response_ids=[self.response_id])
            self.known = standing.form_id


def edited(windows: list[Window]) -> None:
    together = threading.Barrier(len(windows))

    def edit(window: Window) -> None:
        together.wait()
        for number in range(EDITS):
            window.edit(number)

    with ThreadPoolExecutor(len(windows)) as pool:
        list(pool.map(edit, windows))


@pytest.fixture
def windows(workspace) -> list[Window]:
    """Return twenty windows of one expert after fifty edits each: ten responses, each open in two."""
    with transaction() as session:
        person = build_person(session)
        responses = assigned(session, person, 10)
        review = open_session(session, person=person)
    twenty = [Window(person, review.id, n, row.id) for n, row in enumerate(responses) for _ in range(WINDOWS)]
    edited(twenty)
    return twenty


def test_a_thousand_edits_in_windows_at_once_leave_one_row_for_each_and_none_takes_anothers_place_unseen(windows):
    with reading() as session:
        history = session.exec(select(Label).order_by(col(Label.id))).all()
    acknowledged = {form_id: before for window in windows for form_id, before in window.replaced.items()}
    assert len(acknowledged) == len(windows) * EDITS
    assert sorted(row.form_id for row in history) == sorted(acknowledged)
    for before, after in _neighbours(history):
        same = (before.score, before.cant_say) == (after.score, after.cant_say)
        assert same or acknowledged[after.form_id] == before.form_id
    assert all("The answer" in said and "in another window" in said for window in windows for said in window.refused)
    assert any(window.refused for window in windows)


def _neighbours(history: list[Label]) -> Iterator[tuple[Label, Label]]:
    """Yield each label of a response with the next one."""
    for _, rows in itertools.groupby(sorted(history, key=lambda row: row.response_id), lambda row: row.response_id):
        yield from itertools.pairwise(rows)


# -- a database that is held by another process -----------------------------------------------------------------------


@contextmanager
def held_by_another(home: Path) -> Iterator[None]:
    """Keep everybody else from writing while the block runs."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(home / "review.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate("\n", timeout=10)


def test_a_save_waits_five_seconds_for_another_process_then_says_so_and_nothing_is_lost(workspace):
    with transaction() as session:
        person = build_person(session)
        (response,) = assigned(session, person)
        review = open_session(session, person=person)
        message = by_place(review, 0, *four(response))
    with held_by_another(workspace):
        started = time.perf_counter()
        receipt = store_message(person, message)
        waited = time.perf_counter() - started
        with reading() as session:
            shown = cards(session, person=person, review=review, positions=[0])[0]
    assert (receipt.stored, receipt.refused) == ([], {})
    assert "cannot be written to right now" in (receipt.problem or "")
    assert PATIENCE_S - 0.5 < waited < PATIENCE_S + 2.5
    assert shown.answers == {}
    again = store_message(person, message)
    assert (again.stored, again.problem) == ([entry["form_id"] for entry in message], None)
    with reading() as session:
        assert session.get(LockedResponse, (person.id, response.id)) is not None


def test_a_save_that_another_process_holds_up_for_a_moment_is_stored_without_a_word(workspace):
    with transaction() as session:
        person = build_person(session)
        (response,) = assigned(session, person)
        message = by_place(open_session(session, person=person), 0, answer(response))
    with ThreadPoolExecutor(1) as pool:
        with held_by_another(workspace):
            saved = pool.submit(store_message, person, message)
            time.sleep(1)
            assert not saved.done()
        assert saved.result().stored == [message[0]["form_id"]]

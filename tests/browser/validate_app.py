"""The app with a workspace that a test writes into, and the Validate screen as a person works it: by keyboard."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from sqlmodel import col, select

from core.config import settings
from core.db import migrate, reading, transaction
from core.labels.content_warning import record_warning
from core.labels.picking import start_item_session
from core.labels.places import handle_of
from core.models import Assignment, Label
from core.people import current_person
from tests.browser.app_server import AppServer
from tests.builders import build_item, build_judgements, build_response

FOUR_YES = [(d, "blind", 1, False) for d in ("awareness", "education", "compliance", "helpfulness")]
KEYS = ("Digit1", "KeyQ", "KeyA", "KeyZ")
LANGUAGES = ("en", "fa", "am")
ANSWERS = {
    "en": "Wait for the **host** to begin, and take from the dish in front of you.",
    "fa": "این **ساعت** هدیهٔ خوبی است؛ می‌خواهید آن را با دو دست بدهید.",
    "am": "ይህ **ስጦታ** ጥሩ ምርጫ ነው። አስተናጋጁ እስኪጀምር ድረስ ይጠብቁ።",
}
QUERIES = {
    "en": "Which of these dishes do I serve first?",
    "fa": "کدام یک از این‌ها هدیهٔ بهتری است؟",
    "am": "ከእነዚህ ውስጥ የትኛው የተሻለ ስጦታ ነው?",
}
NOTES = {"en": "He waits, rightly.", "fa": "می‌شود بهتر گفت.", "am": "መልካም ምክር ነው።"}


@contextmanager
def workspace_of(home: Path) -> Iterator[None]:
    """Let this process write into the workspace that a server serves."""
    before = os.environ.get("CROSS_REVIEW_HOME")
    os.environ["CROSS_REVIEW_HOME"] = str(home)
    settings.cache_clear()
    migrate()
    yield
    os.environ.pop("CROSS_REVIEW_HOME")
    if before is not None:
        os.environ["CROSS_REVIEW_HOME"] = before
    settings.cache_clear()


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve a workspace of its own and give its address; tests put their items into it."""
    server = AppServer(home)
    with workspace_of(home):
        with transaction() as session:
            build_item(session, norm=None)
        server.start()
        yield server.url
        server.stop()


def build_session(*texts: str, **item: object) -> list[int]:
    """Give the person, warned today, a session of these responses, in this order, and return their ids."""
    with transaction() as session:
        built = build_item(session, **item)
        responses = [build_response(session, built, text=text) for text in texts]
        for response in responses:
            build_judgements(session, response, "1010")
        person = current_person(session)
        record_warning(session, person=person)
        review = start_item_session(session, person=person, item_id=built.id)
        return list(
            session.exec(
                select(Assignment.response_id)
                .where(Assignment.session_id == review.id)
                .order_by(col(Assignment.position))
            )
        )


def build_session_in(language: str, count: int) -> list[int]:
    """Give the person a session of so many responses of an item in a language and return their ids."""
    texts = [f"{ANSWERS[language]} ({n})" for n in range(count)]
    return build_session(*texts, language=language, query=f"{QUERIES[language]} {uuid.uuid4()}")


def open_review(page: Page, app: str, response_id: int) -> None:
    page.goto(f"{app}/validate")
    shows(page, response_id)


def shows(page: Page, response_id: int) -> None:
    with reading() as session:
        place = session.exec(select(Assignment).where(Assignment.response_id == response_id)).one()
        handle = handle_of(place.session_id, place.position)
    expect(page.locator("article.review")).to_have_attribute("data-response", str(handle), timeout=15_000)


def press(page: Page, *codes: str) -> None:
    for code in codes:
        page.keyboard.press(code)


def radio(page: Page, dimension: str, choice: str) -> Locator:
    return page.locator(f"[role=radio][data-dimension={dimension}][data-choice={choice}]")


def chip(page: Page) -> Locator:
    return page.locator(".chip")


def labels(response_id: int) -> list[tuple[str, str, int | None, bool]]:
    with reading() as session:
        rows = session.exec(select(Label).where(Label.response_id == response_id).order_by(col(Label.id)))
        return [(row.dimension, row.phase, row.score, row.retracted) for row in rows]


def saved(page: Page) -> None:
    """Wait until the server has named all as stored."""
    expect(chip(page)).to_have_attribute("data-state", "saved")
    page.wait_for_timeout(300)

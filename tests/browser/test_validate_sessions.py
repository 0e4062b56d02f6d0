"""Whole sessions in Chromium, by keyboard only: three languages, a server that stops, a refresh, two windows."""

import time
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from core.db import reading, transaction
from core.models import Label, Note, Response
from tests.browser.app_server import AppServer
from tests.browser.validate_app import (
    FOUR_YES,
    KEYS,
    build_session,
    chip,
    labels,
    open_review,
    press,
    radio,
    saved,
    served,
    shows,
    workspace_of,
)
from tests.builders import build_person

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
NAMES = {"en": "English", "fa": "Persian", "am": "Amharic"}


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("sessions") / "workspace") as url:
        yield url


def frames_of(page: Page) -> list[bytes]:
    frames: list[bytes] = []
    page.on(
        "websocket", lambda s: s.on("framereceived", lambda f: frames.append(f if isinstance(f, bytes) else f.encode()))
    )
    return frames


def label_by_another(response_id: int) -> str:
    """Store another expert's label and note; return what must not be seen of them."""
    with transaction() as session:
        other = build_person(session, name=f"Other {uuid.uuid4()}", pseudonym=f"other-expert-{response_id}")
        form_id, words = str(uuid.uuid4()), f"other-words-{response_id}"
        row = {"person_id": other.id, "response_id": response_id, "form_id": form_id}
        session.add(Label(dimension="education", phase="blind", score=0, language_shown="en", reason=words, **row))
        session.add(Note(text=words, **row))
        return words


@pytest.mark.parametrize("language", ["en", "fa", "am"])
def test_ten_responses_are_labelled_by_keyboard_and_nothing_shows_too_early(page, app, language):
    ids = build_session(
        *[f"{ANSWERS[language]} ({n})" for n in range(10)],
        language=language,
        query=f"{QUERIES[language]} {uuid.uuid4()}",
    )
    others = [label_by_another(response) for response in ids]
    with reading() as session:
        models = {number: session.get_one(Response, number).model.encode() for number in ids}
    frames = frames_of(page)
    open_review(page, app, ids[0])
    expect(page.locator(".language")).to_contain_text(NAMES[language])
    direction = "rtl" if language == "fa" else "ltr"
    assert page.locator(".answer").evaluate("box => getComputedStyle(box).direction") == direction
    for place, response in enumerate(ids):
        shows(page, response)
        expect(page.locator(".text")).to_contain_text(ANSWERS[language].replace("**", "")[:20])
        press(page, *KEYS[:3])
        if place == 4:
            press(page, "KeyN")
            page.keyboard.insert_text(NOTES[language])
            press(page, "Escape")
        saved(page)
        before = b"".join(frames)
        assert models[response] not in before
        assert f"secret-reason-{response}-".encode() not in before
        press(page, KEYS[3])
        expect(page.locator(".reveal")).to_contain_text(f"secret-reason-{response}-education")
        press(page, "Enter")
    expect(page.get_by_text("All done. Thank you.")).to_be_visible()
    with reading() as session:
        mine = select(Label.response_id).where(Label.phase == "blind", Label.score == 1)
        assert len(session.exec(mine.where(col(Label.response_id).in_(ids))).all()) == 40
        assert session.exec(select(Note.text).where(Note.response_id == ids[4])).all()[-1] == NOTES[language]
    assert not [words for words in others if words.encode() in b"".join(frames)]
    assert b"other-expert-" not in b"".join(frames)


def test_a_server_gone_for_five_seconds_loses_nothing_that_was_typed(page, tmp_path):
    server = AppServer(tmp_path / "workspace")
    with workspace_of(server.home):
        first, second = build_session("One answer.", "Another answer.")
        server.start()
        open_review(page, server.url, first)
        press(page, "Digit1")
        saved(page)
        server.stop()
        gone = time.monotonic()
        press(page, "KeyW", "Digit8", "KeyA", "KeyN")
        page.keyboard.type("1 q: kept over the gap")
        press(page, "Escape")
        expect(chip(page)).to_have_attribute("data-state", "failed", timeout=6000)
        expect(chip(page)).to_have_text("Not saved")
        page.wait_for_timeout(max(0, 5000 - (time.monotonic() - gone) * 1000))
        server.start()
        expect(chip(page)).to_have_attribute("data-state", "saved", timeout=20_000)
        expect(page.locator('[role="dialog"]')).to_have_count(0, timeout=20_000)
        press(page, "KeyZ")
        expect(page.locator(".reveal table")).to_be_visible()
        press(page, "Enter")
        shows(page, second)
        with reading() as session:
            rows = session.exec(select(Label).where(Label.response_id == first).order_by(col(Label.id))).all()
            assert [(row.dimension, row.score) for row in rows] == [
                ("awareness", 1),
                ("education", 0),
                ("compliance", 1),
                ("helpfulness", 1),
            ]
            # Only what was stored at the first key had no confidence yet, and got it from the second message.
            assert [row.confidence for row in rows] == [2, 2, 2, 2]
            assert session.exec(select(Note.text).where(Note.response_id == first)).all() == ["1 q: kept over the gap"]
        server.stop()


def test_a_refresh_in_the_middle_keeps_a_note_that_is_being_typed(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    page.on("dialog", lambda dialog: dialog.accept())
    press(page, "Digit1", "Digit9", "KeyN")
    page.keyboard.type("half a thou")
    page.reload()
    shows(page, response)
    saved(page)
    expect(page.locator(".note-text")).to_have_value("half a thou")
    expect(
        page.get_by_role("radiogroup", name="How sure?").get_by_role("radio", name="sure 9", exact=True)
    ).to_be_checked()
    assert labels(response) == FOUR_YES[:1]


def test_undoing_a_change_brings_the_answer_before_it_back(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, "Digit1", "Digit2", "KeyQ")
    press(page, "Backspace", "Backspace")
    expect(radio(page, "awareness", "yes")).to_have_attribute("aria-checked", "true")
    press(page, "Backspace", "Backspace")
    expect(radio(page, "awareness", "yes")).to_have_attribute("aria-checked", "false")
    expect(page.locator(".hint")).to_have_text("Nothing to undo.")
    saved(page)
    assert [row[2:] for row in labels(response)][-1][1] is True


def test_undo_reaches_ten_decisions_back_over_responses_that_are_no_longer_loaded(page, app):
    ids = build_session(*[f"Answer {n}." for n in range(6)])
    open_review(page, app, ids[0])
    for here, following in zip(ids, ids[1:], strict=False):
        press(page, "KeyK", "Tab", "Enter")
        shows(page, following)
        assert here != following
    for before in reversed(ids[:-1]):
        press(page, "Backspace")
        shows(page, before)
    press(page, "Backspace")
    expect(page.locator(".hint")).to_have_text("Nothing to undo.")


def test_two_windows_of_one_expert_show_both_answers_and_lose_none(page, app):
    (response,) = build_session("One answer.")
    other = page.context.new_page()
    open_review(page, app, response)
    open_review(other, app, response)
    press(page, "Digit1")
    saved(page)
    press(other, "Digit2", "KeyQ")
    expect(other.locator(".trouble")).to_contain_text("Awareness: in another window you answered yes, here no.")
    expect(radio(other, "awareness", "yes")).to_have_attribute("aria-checked", "true")
    expect(radio(other, "education", "yes")).to_have_attribute("aria-checked", "true")
    other.wait_for_timeout(500)
    assert labels(response) == FOUR_YES[:2]
    press(other, "Digit2")
    saved(other)
    expect(other.locator(".trouble")).to_be_hidden()
    assert labels(response)[-1] == ("awareness", "blind", 0, False)
    # The first window learns of all of it with its next answer.
    press(page, "KeyA")
    expect(radio(page, "awareness", "no")).to_have_attribute("aria-checked", "true")
    expect(radio(page, "education", "yes")).to_have_attribute("aria-checked", "true")
    other.close()

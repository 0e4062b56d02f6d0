"""Whole sessions in Chromium, by keyboard only: three languages, two windows."""

import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from core.db import reading, transaction
from core.models import Label, Note, Response
from tests.browser.validate_app import (
    FOUR_YES,
    KEYS,
    LANGUAGES,
    NOTES,
    build_session,
    build_session_in,
    labels,
    open_review,
    press,
    radio,
    saved,
    served,
    shows,
)
from tests.builders import build_person

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


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_responses_are_labelled_by_keyboard_and_nothing_shows_too_early(page, app, language):
    ids = build_session_in(language, 10)
    others = [label_by_another(response) for response in ids]
    with reading() as session:
        rows = [session.get_one(Response, number) for number in ids]
        models = {row.id: row.model.encode() for row in rows}
        texts = {row.id: row.text.replace("**", "") for row in rows}
    frames = frames_of(page)
    open_review(page, app, ids[0])
    expect(page.locator(".language")).to_contain_text(NAMES[language])
    direction = "rtl" if language == "fa" else "ltr"
    assert page.locator(".answer").evaluate("box => getComputedStyle(box).direction") == direction
    for place, response in enumerate(ids):
        shows(page, response)
        # To the letter: an `expect` would read over characters that cannot be seen.
        assert page.locator(".text").evaluate("box => box.textContent") == texts[response]
        assert ("\u200c" in texts[response]) == (language == "fa")
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


def test_notes_of_two_windows_stand_in_one_and_neither_is_lost(page, app):
    first, second = build_session("One answer.", "Another answer.")
    other = page.context.new_page()
    open_review(page, app, first)
    open_review(other, app, first)
    write_note(page, "from one window")
    write_note(other, "from the other")
    both = "from one window\n\nfrom the other"
    expect(other.locator(".note-text")).to_have_value(both)
    expect(other.locator(".hint")).to_contain_text("Another window held a note on this response, too")
    saved(other)
    # The first window learns of it with its next answer, and does not write over it when it goes on.
    press(page, "Digit1")
    expect(page.locator(".note-text")).to_have_value(both)
    press(page, *KEYS[1:])
    expect(page.locator(".reveal table")).to_be_visible()
    press(page, "Enter")
    shows(page, second)
    saved(page)
    with reading() as session:
        written = session.exec(select(Note.text).where(Note.response_id == first).order_by(col(Note.id))).all()
    assert written == ["from one window", "from the other", both]
    other.close()


def write_note(page: Page, text: str) -> None:
    press(page, "KeyN")
    page.keyboard.type(text)
    press(page, "Escape")
    saved(page)

"""Validate in Chromium while the server is gone, a page is loaded again or closed: nothing that was typed is lost."""

import time
from collections.abc import Iterator
from itertools import cycle

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import col, select

from core.db import reading
from core.models import Label, Note
from tests.browser.app_server import AppServer
from tests.browser.validate_app import (
    FOUR_YES,
    LANGUAGES,
    NOTES,
    build_session,
    build_session_in,
    chip,
    labels,
    open_review,
    press,
    radio,
    saved,
    shows,
    workspace_of,
)

DIALOG = '[role="dialog"]'


@pytest.fixture
def stoppable(tmp_path) -> Iterator[AppServer]:
    server = AppServer(tmp_path / "workspace")
    with workspace_of(server.home):
        server.start()
        yield server
        server.stop()


def notes(response_id: int) -> list[str]:
    with reading() as session:
        return list(session.exec(select(Note.text).where(Note.response_id == response_id).order_by(col(Note.id))))


def type_for(page: Page, text: str, seconds: float) -> str:
    """Type a text again and again, ten characters a second, and return what was typed."""
    typed, end = "", time.monotonic() + seconds
    for character in cycle(f"{text} "):
        if time.monotonic() > end:
            return typed
        page.keyboard.insert_text(character)
        typed += character
        page.wait_for_timeout(100)
    return typed


def saved_again(page: Page) -> None:
    """Wait until the page has found the server again, for which it asks every few seconds, and all is stored."""
    expect(chip(page)).to_have_attribute("data-state", "saved", timeout=20_000)
    saved(page)


def unsaved(page: Page) -> None:
    expect(chip(page)).to_have_attribute("data-state", "failed", timeout=8000)
    expect(chip(page)).to_have_text("Not saved, trying again")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_server_gone_for_five_seconds_loses_nothing_that_is_typed_all_the_while(page, stoppable, language):
    first, second = build_session_in(language, 2)
    open_review(page, stoppable.url, first)
    press(page, "Digit1", "KeyN")
    saved(page)
    stoppable.stop()
    typed = type_for(page, NOTES[language], 6)
    unsaved(page)
    expect(page.locator(DIALOG)).to_have_count(0)
    stoppable.start()
    typed += type_for(page, NOTES[language], 2)
    press(page, "Escape")
    saved_again(page)
    expect(page.locator(".note-text")).to_have_value(typed)
    assert notes(first)[-1] == typed.strip()
    press(page, "KeyQ", "KeyA", "KeyZ")
    expect(page.locator(".reveal table")).to_be_visible()
    assert labels(first) == FOUR_YES
    press(page, "Enter")
    shows(page, second)


def test_answer_keys_count_all_the_while_the_server_is_gone(page, stoppable):
    first, second = build_session("One answer.", "Another answer.")
    open_review(page, stoppable.url, first)
    press(page, "Digit1")
    saved(page)
    stoppable.stop()
    press(page, "KeyW", "Digit8")
    unsaved(page)
    # Past the moment at which Streamlit's dialog about the connection comes.
    for code in ["KeyD", "KeyS", "KeyA"] * 8:
        press(page, code)
        page.wait_for_timeout(250)
    expect(radio(page, "compliance", "yes")).to_have_attribute("aria-checked", "true")
    expect(page.locator(DIALOG)).to_have_count(0)
    stoppable.start()
    saved_again(page)
    press(page, "KeyZ")
    expect(page.locator(".reveal table")).to_be_visible()
    press(page, "Enter")
    shows(page, second)
    with reading() as session:
        rows = session.exec(select(Label).where(Label.response_id == first).order_by(col(Label.id))).all()
    assert [row.score for row in rows if row.dimension == "compliance"] == [None, 0, 1] * 8
    assert [row.score for row in rows if row.dimension == "education"] == [0]
    # Only what was stored at the first key had no confidence yet, and got it from the second message.
    assert {row.confidence for row in rows} == {2}


def test_an_empty_note_keeps_the_focus_when_the_connection_is_lost(page, stoppable):
    (response,) = build_session("One answer.")
    open_review(page, stoppable.url, response)
    press(page, "KeyN")
    stoppable.stop()
    page.wait_for_timeout(6000)
    page.keyboard.type("1 q: kept")
    expect(page.locator(".note-text")).to_have_value("1 q: kept")
    stoppable.start()
    saved_again(page)
    assert notes(response) == ["1 q: kept"]
    assert labels(response) == []


def test_the_place_in_a_note_is_kept_when_the_connection_is_lost(page, stoppable):
    (response,) = build_session("One answer.")
    open_review(page, stoppable.url, response)
    press(page, "KeyN")
    page.keyboard.type("ac")
    press(page, "ArrowLeft")
    saved(page)
    stoppable.stop()
    page.wait_for_timeout(6000)
    page.keyboard.type("b")
    expect(page.locator(".note-text")).to_have_value("abc")


def test_any_other_dialog_stays_open_and_switches_the_keys_off(page, stoppable):
    (response,) = build_session("One answer.")
    open_review(page, stoppable.url, response)
    page.evaluate(
        """() => document.body.insertAdjacentHTML('beforeend', '<div data-testid="stDialog" id="other">'
            + '<section role="dialog"><button aria-label="Close"></button><h2>Settings</h2></section></div>')"""
    )
    press(page, "Digit1")
    page.wait_for_timeout(300)
    expect(page.locator("#other")).to_be_visible()
    page.evaluate("() => document.getElementById('other').remove()")
    press(page, "KeyQ")
    saved(page)
    assert labels(response) == [FOUR_YES[1]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refresh_in_the_middle_keeps_a_note_that_is_being_typed(page, stoppable, language):
    response, _ = build_session_in(language, 2)
    open_review(page, stoppable.url, response)
    page.on("dialog", lambda dialog: dialog.accept())
    press(page, "Digit1", "Digit9", "KeyN")
    page.keyboard.insert_text(NOTES[language])
    page.reload()
    shows(page, response)
    saved(page)
    expect(page.locator(".note-text")).to_have_value(NOTES[language])
    sure = page.get_by_role("radiogroup", name="How sure?").get_by_role("radio", name="sure 9", exact=True)
    expect(sure).to_be_checked()
    assert labels(response) == FOUR_YES[:1]
    assert notes(response) == [NOTES[language]]


def test_tabs_that_were_closed_before_all_was_saved_lose_nothing(page, stoppable):
    (response,) = build_session("One answer.")
    context: BrowserContext = page.context
    one, other = context.new_page(), context.new_page()
    for tab in (one, other):
        open_review(tab, stoppable.url, response)
    stoppable.stop()
    press(one, "Digit1", "KeyW", "KeyQ")
    press(other, "KeyA")
    press(one, "KeyN")
    one.keyboard.type("half a thought")
    press(one, "Escape")
    one.close()
    other.close()
    stoppable.start()
    open_review(page, stoppable.url, response)
    saved_again(page)
    expect(radio(page, "education", "yes")).to_have_attribute("aria-checked", "true")
    assert sorted(labels(response)) == sorted([*FOUR_YES[:3], ("education", "blind", 0, False)])
    assert notes(response) == ["half a thought"]
    assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('cross-review-outbox'))") == []
    # Undo knows of what came that way.
    press(page, "Backspace", "Backspace")
    expect(radio(page, "education", "no")).to_have_attribute("aria-checked", "true")


def test_a_tab_that_sends_what_another_has_not_saved_takes_nothing_from_it(page, stoppable):
    (response,) = build_session("One answer.")
    open_review(page, stoppable.url, response)
    stoppable.stop()
    press(page, "Digit1", "KeyW")
    unsaved(page)
    stoppable.start()
    other = page.context.new_page()
    open_review(other, stoppable.url, response)
    press(page, "KeyQ")
    saved_again(page)
    press(other, "KeyA")
    saved(other)
    assert labels(response) == [FOUR_YES[0], ("education", "blind", 0, False), *FOUR_YES[1:3]]
    other.close()

"""Undo on Validate in Chromium: one decision back at a time, before the lock, after it and after a refresh."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from core.db import reading
from core.models import SkippedResponse
from tests.browser.validate_app import (
    FOUR_YES,
    KEYS,
    LANGUAGES,
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


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("undo") / "workspace") as url:
        yield url


def says(page: Page, hint: str) -> None:
    expect(page.locator(".hint")).to_have_text(hint)


def skip(page: Page) -> None:
    press(page, "KeyK", "Tab", "Enter")


def refresh(page: Page, response_id: int) -> None:
    page.reload()
    shows(page, response_id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_undo_goes_back_over_responses_and_outlives_a_refresh(page, app, language):
    first, second = build_session_in(language, 2)
    open_review(page, app, first)
    press(page, *KEYS, "Enter")
    shows(page, second)
    press(page, "Digit2", "KeyW")
    saved(page)
    refresh(page, second)
    expect(radio(page, "education", "no")).to_have_attribute("aria-checked", "true")
    press(page, "Backspace")
    expect(radio(page, "education", "no")).to_have_attribute("aria-checked", "false")
    press(page, "Backspace", "Backspace")
    shows(page, first)
    expect(page.locator(".row.waiting")).to_have_attribute("data-dimension", "helpfulness")
    press(page, "KeyX", "Enter", "Enter")
    shows(page, second)
    saved(page)
    assert [row[3] for row in labels(second)] == [False, False, True, True]
    assert labels(first)[-1] == ("helpfulness", "revised", 0, False)


def test_undoing_a_change_brings_the_answer_before_it_back(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, "Digit1", "Digit2", "KeyQ")
    press(page, "Backspace", "Backspace")
    expect(radio(page, "awareness", "yes")).to_have_attribute("aria-checked", "true")
    press(page, "Backspace", "Backspace")
    expect(radio(page, "awareness", "yes")).to_have_attribute("aria-checked", "false")
    says(page, "Nothing to undo.")
    saved(page)
    assert labels(response)[-1][3] is True


def test_a_change_is_undone_to_the_answer_before_it_after_a_refresh_too(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, "Digit1", "Digit2", "KeyQ", "KeyW")
    saved(page)
    refresh(page, response)
    press(page, "Backspace")
    expect(radio(page, "education", "yes")).to_have_attribute("aria-checked", "true")
    saved(page)
    # What was undone is not undone once more: the next step goes further back.
    refresh(page, response)
    press(page, "Backspace", "Backspace")
    expect(radio(page, "education", "yes")).to_have_attribute("aria-checked", "false")
    expect(radio(page, "awareness", "yes")).to_have_attribute("aria-checked", "true")
    saved(page)
    assert [row[2:] for row in labels(response) if row[0] == "awareness"] == [(1, False), (0, False), (1, False)]


@pytest.mark.parametrize("refreshed", [False, True])
@pytest.mark.parametrize("done", [["Enter"], []])
def test_undoing_a_revision_gives_the_answer_before_it_as_a_revision_of_its_own(page, app, done, refreshed):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, *KEYS)
    expect(page.locator(".reveal table")).to_be_visible()
    press(page, "KeyM", "KeyS", *done)
    saved(page)
    if refreshed:
        refresh(page, response)
    press(page, "Backspace")
    says(page, "Compliance: yes again.")
    saved(page)
    assert labels(response) == [*FOUR_YES, ("compliance", "revised", 0, False), ("compliance", "revised", 1, False)]


@pytest.mark.parametrize("refreshed", [False, True])
def test_undo_brings_a_skipped_response_back(page, app, refreshed):
    first, second, third = build_session("One answer.", "Another answer.", "A third answer.")
    open_review(page, app, first)
    press(page, *KEYS, "Enter")
    shows(page, second)
    skip(page)
    shows(page, third)
    saved(page)
    if refreshed:
        page.reload()
        expect(page.locator("article.review")).to_have_attribute("data-locked", "true")
    press(page, "Backspace")
    shows(page, second)
    says(page, "The judge's view appears after the fourth answer")
    saved(page)
    with reading() as session:
        skipped = session.exec(select(SkippedResponse).where(SkippedResponse.response_id == second)).one()
        assert skipped.taken_back_at is not None
    assert labels(first) == FOUR_YES


def test_undo_reaches_ten_decisions_back_over_responses_that_are_no_longer_loaded_and_says_where_it_ends(page, app):
    ids = build_session(*[f"Answer {n}." for n in range(12)])
    open_review(page, app, ids[0])
    for following in ids[1:]:
        skip(page)
        shows(page, following)
    for before in reversed(ids[1:-1]):
        press(page, "Backspace")
        shows(page, before)
    press(page, "Backspace")
    says(page, "Undo goes ten decisions back, not further.")
    shows(page, ids[1])
    saved(page)
    with reading() as session:
        query = select(SkippedResponse.response_id).where(
            col(SkippedResponse.response_id).in_(ids), col(SkippedResponse.taken_back_at).is_(None)
        )
        assert session.exec(query).all() == [ids[0]]


def test_no_undo_is_lost_however_fast_the_key_is_pressed(page, app):
    ids = build_session(*[f"Answer {n}." for n in range(8)])
    open_review(page, app, ids[0])
    for following in ids[1:]:
        skip(page)
        shows(page, following)
    saved(page)
    press(page, *["Backspace"] * 6)
    shows(page, ids[1])
    saved(page)
    press(page, "Backspace", "Backspace")
    says(page, "Nothing to undo.")


def test_an_answer_that_was_not_taken_is_not_undone(page, app):
    (response,) = build_session("One answer.")
    other = page.context.new_page()
    open_review(page, app, response)
    open_review(other, app, response)
    press(page, "Digit1")
    saved(page)
    press(other, "Digit2")
    expect(other.locator(".trouble")).to_contain_text("in another window you answered yes, here no")
    press(other, "Backspace")
    says(other, "Nothing to undo.")
    other.wait_for_timeout(300)
    assert labels(response) == FOUR_YES[:1]
    other.close()

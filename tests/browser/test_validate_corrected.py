"""Validate shows an item as an accepted correction has it, says so, and keeps how it came one click or key away."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from core.db import transaction
from core.models import Erratum, Response, utc_now
from core.people import current_person
from tests.browser.validate_app import build_session, open_review, press, served

CAME = {"norm": "One waits for the host.", "query": "چطور غذا بخورم؟", "language": "fa", "wording": "translation"}
NORM, QUERY = "One waits for the eldest, not for the host.", "پیش از غذا چه کنم؟"


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("corrected") / "workspace") as url:
        yield url


def accept(response_id: int, kind: str, proposed: str | None) -> None:
    with transaction() as session:
        item_id = session.exec(select(Response.item_id).where(Response.id == response_id)).one()
        decided = {"status": "accepted", "decided_at": utc_now(), "person_id": current_person(session).id}
        session.add(Erratum(item_id=item_id, kind=kind, proposed=proposed, form_id=f"{item_id}-{kind}", **decided))


def test_a_corrected_norm_and_translation_are_marked_and_stand_beside_how_they_came(page, app):
    (response,) = build_session("Start with the bread.", **CAME)
    accept(response, "norm_incomplete", NORM)
    accept(response, "translation_bad", QUERY)
    open_review(page, app, response)
    expect(page.locator(".query")).to_have_text(QUERY)
    expect(page.locator(".norm-text")).to_have_text(NORM)
    expect(page.locator(".language")).to_have_text("Persian · translation · corrected")
    expect(page.locator(".place")).to_contain_text("corrected")
    for part, came in ((".query-came", CAME["query"]), (".norm-came", CAME["norm"])):
        expect(page.locator(f"{part} p")).not_to_be_visible()
        page.locator(f"{part} summary").focus()
        press(page, "Enter")
        expect(page.locator(f"{part} p")).to_have_text(came)
        expect(page.locator(f"{part} p")).to_be_visible()


def test_a_norm_that_does_not_hold_is_said_to_and_how_it_came_is_closed_again_with_the_next_response(page, app):
    first, second = build_session("Start with the bread.", "Wait.", norm=CAME["norm"])
    accept(first, "norm_wrong", None)
    open_review(page, app, first)
    expect(page.locator(".norm-text")).to_have_text("This norm does not hold at all.")
    page.locator(".norm-came summary").click()
    expect(page.locator(".norm-came p")).to_have_text(CAME["norm"])
    press(page, "Digit1", "KeyQ", "KeyA", "KeyZ")
    expect(page.locator(".reveal table")).to_be_visible()
    press(page, "Enter")
    expect(page.locator(".text")).to_have_text("Wait.")
    expect(page.locator(".norm-came p")).not_to_be_visible()


def test_an_item_that_nobody_corrected_says_nothing_of_corrections(page, app):
    (response,) = build_session("Start with the bread.", norm=CAME["norm"])
    open_review(page, app, response)
    expect(page.locator(".norm-text")).to_have_text(CAME["norm"])
    expect(page.locator("article.review details:visible")).to_have_count(0)
    expect(page.locator("article.review")).not_to_contain_text("· corrected")

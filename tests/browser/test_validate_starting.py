"""Before the first response, by keyboard: the warning from whatever way in, and a goal set and taken away."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from core.backgrounds import background_of, save_wishes
from core.db import reading, transaction
from core.people import current_person
from tests.browser.validate_app import served
from tests.builders import build_item, build_response


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("starting") / "workspace") as url:
        yield url


def goal_stored() -> int | None:
    with reading() as session:
        return background_of(session, person=current_person(session)).daily_goal


def test_a_goal_is_typed_and_taken_away_again_on_the_card(page: Page, app: str):
    with transaction() as session:
        build_response(session, build_item(session))
        save_wishes(session, person=current_person(session), blur_pictures=False, daily_goal=60)
    page.goto(f"{app}/validate")
    page.get_by_role("spinbutton", name=re.compile("0 of 60 done")).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    expect(page.get_by_role("spinbutton", name=re.compile("0 of 25 done"))).to_be_focused()
    assert goal_stored() == 25
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(page.get_by_role("spinbutton", name="Goal for today", exact=True)).to_be_visible()
    assert goal_stored() is None


def test_who_comes_from_browse_is_warned_leaves_by_a_key_and_begins_by_another(page: Page, app: str):
    with transaction() as session:
        item_id = build_response(session, build_item(session)).item_id
    page.goto(f"{app}/validate?item={item_id}")
    expect(page.get_by_text("Some responses may offend")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Not now").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    page.goto(f"{app}/validate")
    expect(page.get_by_role("button", name=re.compile("^Begin"))).to_be_visible(timeout=30_000)
    page.keyboard.press("Control+Enter")
    expect(page.locator("article.review")).to_have_attribute("data-response", re.compile(r"\d+"), timeout=30_000)

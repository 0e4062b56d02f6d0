"""The main path as a person walks it, in Chromium, on the sample workspace: from a question to a curve."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.app_server import AppServer


def heading(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible(timeout=30_000)


def go_to(page: Page, title: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    heading(page, title)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def filter_to_china(page: Page) -> None:
    button(page, "Country").click()
    page.get_by_role("button", name="China · 4").click()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("country=China"))
    expect(page.locator("a[href*='China_1']").first).to_be_visible()


def validate_by_keyboard(page: Page, count: int) -> None:
    """Answer that many responses with keys only; the judge comes after the fourth key, not before."""
    review = page.locator("article.review")
    expect(review).to_have_attribute("data-response", re.compile(r"\d+"), timeout=30_000)
    for number in range(count):
        reveal = page.locator(".reveal")
        for code in ("Digit1", "KeyQ", "KeyS"):
            page.keyboard.press(code)
        expect(page.locator(".chip")).to_have_attribute("data-state", "saved")
        expect(reveal).to_be_hidden()
        expect(page.get_by_text("sample-judge").locator("visible=true")).to_have_count(0)
        page.keyboard.press("KeyX")
        expect(reveal).to_be_visible()
        expect(reveal).to_contain_text("sample-judge")
        if number + 1 < count:
            before = review.get_attribute("data-response") or ""
            page.keyboard.press("Enter")
            expect(review).not_to_have_attribute("data-response", before)


def make_and_accept_a_pair(page: Page, server: AppServer) -> None:
    page.goto(f"{server.url}/compare?item=sample/China_1/1")
    heading(page, "Compare")
    # The three are labelled, so names and scores are open now.
    for name in ("sample-a", "sample-b"):
        page.get_by_text(name, exact=True).first.click()
    button(page, "Make a pair of these two").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="sample-a").check(force=True)
    dialog.get_by_text("Unaware", exact=True).click()
    dialog.get_by_role("textbox", name="Reason").fill("It praises the clock and sees no norm.")
    dialog.get_by_role("button", name="Propose this pair").click()
    page.get_by_role("button", name="Open in Pairs").click()
    heading(page, "Pairs")
    expect(page.get_by_text("Item is in the training pool")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Accept")).click()
    # Only the stored decision brings this; "accepted" alone stands on the page before.
    expect(page.get_by_text("All pairs are checked")).to_be_visible(timeout=30_000)


def freeze(page: Page, name: str) -> None:
    go_to(page, "Training sets")
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="Name").press("Enter")
    button(page, "Freeze").click()
    expect(page).to_have_url(re.compile(f"set={name}"), timeout=60_000)
    expect(page.get_by_text("1 row").or_(page.get_by_text("1 pair")).first).to_be_visible()


def train(page: Page) -> str:
    """Start a DPO run on smoke-test and wait for its curve; return the run's id."""
    button(page, "Train on this set").click()
    heading(page, "Train")
    button(page, "Start").click()
    expect(page).to_have_url(re.compile("run=dpo-"))
    expect(page.get_by_text("Random weights").first).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=90_000)
    expect(page.get_by_text("done").first).to_be_visible(timeout=90_000)
    return page.url.split("run=")[1]


def test_from_a_question_to_a_training_curve(page: Page, server: AppServer):
    page.goto(server.url)
    heading(page, "Overview")
    expect(page.get_by_text("written for illustration, not measurements")).to_be_visible()

    go_to(page, "Browse")
    filter_to_china(page)
    page.locator("a[href*='China_1%2F1']").click()
    expect(page.get_by_text("The norm", exact=True)).to_be_visible()
    # Still to label: neither names nor scores are here.
    expect(page.get_by_text("sample-judge")).to_have_count(0)
    expect(page.get_by_text("sample-a")).to_have_count(0)

    button(page, "Validate its responses").click()
    heading(page, "Validate")
    expect(page.get_by_text("Some responses may offend")).to_be_visible()
    page.keyboard.press("Control+Enter")
    validate_by_keyboard(page, 3)
    page.keyboard.press("Enter")
    expect(page.get_by_text("All done")).to_be_visible()

    make_and_accept_a_pair(page, server)
    freeze(page, "first-set")
    run_id = train(page)

    server.stop()
    server.start()
    page.goto(f"{server.url}/train")
    heading(page, "Train")
    expect(page.get_by_text(run_id)).to_be_visible()
    page.locator(f".st-key-open-{run_id}").get_by_role("button").click()
    expect(page).to_have_url(re.compile(run_id))
    expect(page.get_by_text("done").first).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()

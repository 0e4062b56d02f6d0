"""An expert joins by a link in Chromium, with the keyboard alone, and stays who they are."""

import re

from playwright.sync_api import Page, expect

from tests.browser.app_server import AppServer

MOST_TABS = 40


def link(page: Page, server: AppServer) -> str:
    """Make a link as the lead does, and return it."""
    page.goto(f"{server.url}/people?part=invitations")
    page.get_by_label("Whom is it for?").fill("Amina")
    page.get_by_role("button", name="Make the link").click()
    code = page.get_by_test_id("stCode")
    expect(code).to_contain_text("/join?invite=", timeout=30_000)
    return code.inner_text().strip()


def tab_to(page: Page, label: str) -> None:
    """Press Tab until the field or button of that name has the focus."""
    wanted = """e => ['INPUT', 'BUTTON'].includes(e.tagName)
        && (e.getAttribute('aria-label') || e.closest('label')?.innerText || e.innerText)"""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if label in (page.evaluate(f"({wanted})(document.activeElement)") or ""):
            return
    raise AssertionError(f"Tab does not lead to {label}.")


def choose(page: Page, label: str, typed: str) -> None:
    tab_to(page, label)
    page.keyboard.type(typed)
    expect(page.get_by_role("option", name=typed).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stMultiSelect").filter(has_text=label)).to_contain_text(typed)
    page.keyboard.press("Escape")


def join_by_keyboard(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", name="Welcome", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
    expect(page.get_by_role("button", name="Join")).to_be_visible()
    tab_to(page, "Your name")
    page.keyboard.type("Amina")
    choose(page, "Countries you are from", "Iran")
    choose(page, "Languages you read well", "Persian")
    tab_to(page, "I have read what I agree to")
    page.keyboard.press("Space")
    tab_to(page, "Join")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Validate", exact=True)).to_be_visible(timeout=30_000)


def test_who_forgets_the_tick_reads_so_beside_it_without_scrolling(page: Page, server: AppServer):
    page.goto(link(page, server))
    page.get_by_role("button", name="Join").click(timeout=30_000)
    said = page.get_by_test_id("stAlert").filter(has_text="Tick that you have read")
    expect(said).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("I have read what I agree to, and agree")).to_be_in_viewport()


def test_who_has_joined_begins_at_once_and_is_welcomed_by_name(page: Page, server: AppServer):
    join_by_keyboard(page, link(page, server))
    expect(page.get_by_text("Welcome, Amina.")).to_be_visible()
    expect(page.get_by_test_id("stMetric")).to_have_count(0)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("article.review")).to_be_visible(timeout=30_000)
    expect(page).to_have_url(re.compile("/validate$"))


def test_an_expert_joins_with_the_keyboard_and_is_the_same_after_a_reload(page: Page, server: AppServer):
    address = link(page, server)
    join_by_keyboard(page, address)
    me = page.get_by_role("button", name="Amina · Not you?")
    expect(me).to_be_visible()
    assert "invite" not in page.url
    page.reload()
    expect(me).to_be_visible(timeout=30_000)
    page.go_back()
    assert "invite" not in page.url


def test_the_link_is_copied_by_a_button_that_says_so(page: Page, server: AppServer):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    address = link(page, server)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("✓ Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address


def test_a_used_link_lets_nobody_else_in(page: Page, server: AppServer):
    address = link(page, server)
    join_by_keyboard(page, address)
    page.context.clear_cookies()
    page.goto(address)
    expect(page.get_by_text("This link was used already")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Join")).to_have_count(0)
    page.get_by_label("Your name, as you gave it when you joined").fill("Amina")
    page.get_by_role("button", name="This is me").click()
    expect(page.get_by_role("button", name="Amina · Not you?")).to_be_visible(timeout=30_000)


def test_a_lead_goes_on_as_somebody_else_and_back(page: Page, server: AppServer):
    join_by_keyboard(page, link(page, server))
    page.get_by_role("button", name="Amina · Not you?").click()
    page.get_by_label("Your name, as you gave it when you joined").fill("reviewer")
    page.get_by_role("button", name="This is me").click()
    lead = page.get_by_role("button", name="Reviewer · Not you?")
    expect(lead).to_be_visible(timeout=30_000)
    lead.click()
    page.get_by_label("Go on as").click()
    page.get_by_role("option", name=re.compile("Amina")).click()
    expect(page.get_by_role("button", name="Amina · Not you?")).to_be_visible(timeout=30_000)

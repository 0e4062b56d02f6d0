"""Writing an item of one's own in Chromium: a reload in the middle of a sentence."""

from playwright.sync_api import Page, expect

from tests.browser.app_server import AppServer


def test_a_reload_in_the_middle_of_typing_keeps_what_was_typed(page: Page, server: AppServer):
    page.goto(f"{server.url}/own_items?new=yes")
    norm = page.get_by_label("The norm: what one does or avoids there")
    norm.click(timeout=30_000)
    page.keyboard.type("One takes off the shoes")
    page.wait_for_timeout(2500)
    # Handed over without taking the focus away.
    page.keyboard.type(" and")
    expect(norm).to_have_value("One takes off the shoes and")
    page.wait_for_timeout(2500)
    page.reload()
    expect(page.get_by_text("This is what you typed before and have not sent.")).to_be_visible(timeout=30_000)
    expect(norm).to_have_value("One takes off the shoes and")
    page.get_by_role("button", name="Throw it away").click()
    page.get_by_role("button", name="Throw it away").last.click()
    page.get_by_role("button", name="Write an item").click()
    expect(norm).to_have_value("")

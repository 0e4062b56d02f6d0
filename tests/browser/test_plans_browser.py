"""Sampling plans on a tablet held upright, with the menu beside them."""

from playwright.sync_api import Page, expect

from tests.browser.app_server import AppServer

CUT_OFF = """main => [...main.querySelectorAll('p, label, button')]
  .filter((n) => n.checkVisibility() && n.clientWidth > 2 && n.scrollWidth > n.clientWidth + 1)
  .filter((n) => getComputedStyle(n).overflowX === 'hidden').map((n) => n.innerText)"""


def test_no_word_of_a_new_plan_is_cut_off_on_a_tablet(page: Page, server: AppServer):
    page.set_viewport_size({"width": 834, "height": 1112})
    page.goto(f"{server.url}/plans")
    freeze = page.get_by_role("button", name="Freeze the plan")
    expect(freeze).to_be_visible(timeout=30_000)
    assert page.get_by_test_id("stMain").evaluate(CUT_OFF) == []
    form, beside = page.get_by_text("Details of the draw").bounding_box(), freeze.bounding_box()
    assert form is not None
    assert beside is not None
    assert form["y"] < beside["y"]


def test_on_a_wide_screen_the_form_stands_beside_what_it_brings(page: Page, server: AppServer):
    page.goto(f"{server.url}/plans")
    freeze = page.get_by_role("button", name="Freeze the plan")
    expect(freeze).to_be_in_viewport(timeout=30_000)


def test_no_column_of_a_plans_progress_is_cut_off_on_a_tablet(page: Page, server: AppServer):
    assert server.command("plan", "November", "--share", "0.3").returncode == 0
    page.set_viewport_size({"width": 834, "height": 1112})
    page.goto(f"{server.url}/plans?plan=1")
    last = page.get_by_role("columnheader", name="Left", exact=True)
    expect(last).to_be_visible(timeout=30_000)
    expect(last).to_be_in_viewport(ratio=1)

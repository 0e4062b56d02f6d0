"""The page Failures in Chromium: a press on a field of the chart leads to the answers behind it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.app_server import AppServer


def test_a_press_on_a_field_opens_its_country_in_browse(page: Page, server: AppServer):
    page.goto(f"{server.url}/failures")
    chart = page.get_by_test_id("stPlotlyChart").first
    expect(chart).to_be_visible(timeout=30_000)
    first = chart.locator(".ytick text").first
    country = first.text_content()
    # The words of a field: its mark lies under them, and takes the press through the layer above all.
    field = chart.locator(".textpoint text").first.bounding_box()
    assert field is not None
    assert country is not None
    page.mouse.move(field["x"] + field["width"] / 2, field["y"] + field["height"] / 2)
    expect(chart.locator(".hoverlayer .hovertext")).to_contain_text(country)
    page.mouse.click(field["x"] + field["width"] / 2, field["y"] + field["height"] / 2)
    expect(page.get_by_role("heading", name="Browse", exact=True, level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/browse\?.*country={re.escape(country)}"))

"""The page Agreement in Chromium: a press on a field leads to the answers; what one reads is in the address."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.db import transaction
from core.rubric import DIMENSIONS
from tests.agreement_builders import build_agreeing
from tests.browser.overlaps import overlaps
from tests.browser.validate_app import served


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve a workspace in which a judge and two experts scored answers of two countries."""
    with served(tmp_path / "workspace") as url:
        with transaction() as session:
            build_agreeing(session, "110100" * 4, "110101" * 4, "100101" * 4, country="Peru")
            build_agreeing(session, "110100" * 4, "110101" * 4, "100101" * 2 + "-" * 12, country="Chad")
        yield f"{url}/agreement"


def test_a_press_on_a_field_opens_what_experts_labelled_there(page: Page, address: str):
    page.goto(address)
    chart = page.get_by_test_id("stPlotlyChart").first
    expect(chart).to_be_visible(timeout=30_000)
    country = chart.locator(".ytick text").first.text_content()
    field = chart.locator(".textpoint text").first.bounding_box()
    assert field is not None
    assert country is not None
    page.mouse.move(field["x"] + field["width"] / 2, field["y"] + field["height"] / 2)
    expect(chart.locator(".hoverlayer .hovertext")).to_contain_text("24 answers in 12 families")
    page.mouse.click(field["x"] + field["width"] / 2, field["y"] + field["height"] / 2)
    expect(page.get_by_role("heading", name="Browse", exact=True, level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/browse\?.*country={re.escape(country)}"))


def test_each_grid_opens_as_many_answers_as_its_field_says(page: Page, address: str):
    for place, n, words in ((0, 24, "scored by judge-a and by experts"), (1, 12, "scored by two experts or more")):
        page.goto(address)
        chart = page.get_by_test_id("stPlotlyChart").nth(place)
        expect(chart).to_be_visible(timeout=30_000)
        field = chart.locator(".textpoint text").first.bounding_box()
        assert field is not None
        middle = (field["x"] + field["width"] / 2, field["y"] + field["height"] / 2)
        page.mouse.move(*middle)
        expect(chart.locator(".hoverlayer .hovertext")).to_contain_text("Chad · Compliance")
        expect(chart.locator(".hoverlayer .hovertext")).to_contain_text(f"{n} answers in 12 families")
        page.mouse.click(*middle)
        expect(page.get_by_text(f"{n} of 49 items")).to_be_visible(timeout=30_000)
        expect(page.get_by_role("button", name=f"Behind the number: {words}")).to_be_visible()


def test_measure_and_field_survive_a_reload(page: Page, address: str):
    page.goto(address)
    page.get_by_role("radio", name="Cohen's kappa").click()
    expect(page).to_have_url(re.compile("measure=kappa"))
    page.get_by_role("combobox", name="Country").click()
    page.get_by_role("option", name="Peru").click()
    expect(page.get_by_text("In Peru, on compliance, the judge agrees")).to_be_visible()
    page.reload()
    expect(page.get_by_text("In Peru, on compliance, the judge agrees")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("radio", name="Cohen's kappa")).to_be_checked()


def test_back_from_the_answers_leads_to_the_same_field(page: Page, address: str):
    asked = f"{address}?judge=judge-a&measure=kappa&field=Peru"
    page.goto(asked)
    field = page.get_by_test_id("stPlotlyChart").first.locator(".textpoint text").first
    expect(field).to_be_visible(timeout=30_000)
    for is_field in (True, False):
        page.wait_for_timeout(500)
        if is_field:
            box = field.bounding_box()
            assert box is not None
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        else:
            page.get_by_role("button", name="Read what two experts scored").click()
        sides = "both" if is_field else "among"
        expect(page).to_have_url(re.compile(rf"/browse\?.*scored_by={sides}"))
        expect(page.get_by_role("heading", name="Browse", exact=True, level=1)).to_be_visible()
        page.go_back()
        expect(page).to_have_url(asked)
        expect(field).to_be_visible()


def test_on_a_tablet_held_upright_no_words_of_the_fields_overlap(page: Page, address: str):
    with transaction() as session:
        for dimension in DIMENSIONS:
            marks = {"country": "Saudi Arabia", "dimension": dimension}
            build_agreeing(session, "110100" * 17, "110101" * 17, "100101" * 17, **marks)
    page.set_viewport_size({"width": 834, "height": 1112})
    page.goto(address)
    expect(page.locator(".textpoint text").first).to_be_visible(timeout=30_000)
    page.wait_for_timeout(1000)
    assert overlaps(page) == []

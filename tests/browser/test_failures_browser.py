"""The page Failures in Chromium: what is pressed leads to the answers behind it, and nothing leaves this machine."""

import csv
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from core.config import settings
from core.db import transaction
from tests.browser.app_server import AppServer
from tests.browser.overlaps import overlaps
from tests.score_builders import build_scored

BROWSE = "Browse"


@pytest.fixture
def scored(server: AppServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppServer]:
    """Return the app with 24 families scored in each of two countries, beside the sample."""
    monkeypatch.setenv("CROSS_REVIEW_HOME", str(server.home))
    settings.cache_clear()
    with transaction() as session:
        build_scored(session, "0001" * 12, families=24, country="Brazil", model="model-1")
        build_scored(session, "0111" * 12, families=24, country="Atlantis", model="model-1")
    yield server
    settings.cache_clear()


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drawn_country(page: Page) -> Locator:
    """Return the first country with numbers, once the map is drawn; the land without any comes before."""
    country = page.locator(".choroplethlayer .trace").nth(1).locator("path").first
    expect(country).to_be_visible(timeout=30_000)
    return country


def test_a_press_on_a_field_opens_its_items_in_browse(page: Page, scored: AppServer):
    page.goto(f"{scored.url}/failures?judge=judge-a")
    # The words of a field: its mark lies under them, and takes the press through the layer above all.
    field = page.locator(".textpoint text").first
    expect(field).to_be_visible(timeout=30_000)
    page.wait_for_timeout(500)
    page.mouse.move(*middle(field))
    expect(page.locator(".hoverlayer .hovertext")).to_contain_text("48 scored responses in 24 families")
    page.mouse.click(*middle(field))
    expect(page.get_by_role("heading", name=BROWSE, exact=True, level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/browse\?.*country=Atlantis"))
    expect(page.get_by_text(re.compile(r"^48 of \d+ items$"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Behind the number: scored by judge.a"))).to_be_visible()


def test_back_from_the_answers_leads_to_the_same_numbers_at_once(page: Page, scored: AppServer):
    numbers = f"{scored.url}/failures?judge=judge-a&errata=without&country=Brazil&country=Atlantis"
    answers = re.compile(r"/browse\?.*scored_by=judge")
    field, read = page.locator(".textpoint text").first, page.get_by_role("button", name="Read").first
    page.goto(numbers)
    expect(field).to_be_visible(timeout=30_000)
    for press in (lambda: page.mouse.click(*middle(field)), read.click):
        page.wait_for_timeout(500)
        press()
        expect(page.get_by_role("heading", name=BROWSE, exact=True, level=1)).to_be_visible()
        expect(page).to_have_url(answers)
        page.go_back()
        expect(page).to_have_url(numbers)
        expect(page.get_by_text("Not on the map: Atlantis.")).to_be_visible()
        expect(field).to_be_visible()
    page.go_forward()
    expect(page).to_have_url(answers)
    expect(page.get_by_role("heading", name=BROWSE, exact=True, level=1)).to_be_visible()


def test_a_press_on_a_country_of_the_map_opens_its_items_and_nothing_leaves(page: Page, scored: AppServer):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(_host(request)))
    page.goto(f"{scored.url}/failures?judge=judge-a")
    brazil = drawn_country(page)
    expect(page.get_by_text("Not on the map: Atlantis.")).to_be_visible()
    page.wait_for_timeout(500)
    page.mouse.move(*middle(brazil))
    expect(page.locator(".hoverlayer .hovertext")).to_contain_text("Brazil")
    expect(page.locator(".hoverlayer .hovertext")).to_contain_text("95 % interval")
    page.mouse.click(*middle(brazil))
    expect(page.get_by_role("heading", name=BROWSE, exact=True, level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/browse\?.*country=Brazil.*scored=awareness"))
    assert "127.0.0.1" in asked
    assert set(asked) <= {"127.0.0.1", "data", "blob"}


def test_a_dot_of_the_board_opens_its_models_items(page: Page, scored: AppServer):
    page.goto(f"{scored.url}/failures?judge=judge-a&part=models")
    dot = page.locator(".scatterlayer .point").first
    expect(dot).to_be_visible(timeout=30_000)
    page.wait_for_timeout(500)
    page.mouse.click(*middle(dot))
    expect(page).to_have_url(re.compile(r"/browse\?.*answered_by=model-1"))
    expect(page.get_by_text(re.compile(r"^96 of \d+ items$"))).to_be_visible()


def test_charts_download_as_picture_and_as_csv(page: Page, scored: AppServer):
    page.goto(f"{scored.url}/failures?judge=judge-a")
    drawn_country(page)
    for key in ("failures-map", "failures"):
        chart = page.locator(f".st-key-{key} .js-plotly-plot")
        chart.hover()
        with page.expect_download() as picture:
            chart.locator('[data-title*="Download"], [data-attr="toImage"]').first.click(force=True)
        assert picture.value.suggested_filename == f"{key}.png"
    page.get_by_text("The same as a table").click()
    with page.expect_download() as table:
        page.get_by_role("button", name="Download as CSV").click()
    assert table.value.suggested_filename == "failures-by-country.csv"
    rows = list(csv.DictReader(table.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert {(row["Country"], row["n"]) for row in rows} == {("Atlantis", "48"), ("Brazil", "48")}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_follow_the_theme_and_are_told_in_words(page: Page, scored: AppServer, scheme: str):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{scored.url}/failures?judge=judge-a")
    drawn_country(page)
    paper = page.locator(".st-key-failures .js-plotly-plot .main-svg").first.evaluate("one => one.style.background")
    assert paper == {"light": "rgb(252, 251, 249)", "dark": "rgb(20, 24, 28)"}[scheme]
    words = page.locator(".st-key-failures-map [aria-label], .st-key-failures-map[aria-label]").first
    expect(words).to_have_attribute("aria-label", re.compile("Lowest: Brazil · Awareness, 25"))


def _host(request: Request) -> str:
    return re.split(r"[:/]+", request.url)[1] if request.url.startswith(("http", "ws")) else request.url.split(":")[0]


def test_the_report_is_one_press_away(page: Page, scored: AppServer):
    page.goto(f"{scored.url}/failures?judge=judge-a")
    button = page.get_by_role("button", name="Download the report")
    expect(button).to_be_visible(timeout=30_000)
    with page.expect_download(timeout=60_000) as started:
        button.click()
    text = started.value.path().read_text(encoding="utf-8")
    assert started.value.suggested_filename == "cross-review-report.html"
    assert text.startswith("<!doctype html>") or text.startswith("<!DOCTYPE html>")
    assert "Atlantis" in text


def test_on_a_tablet_held_upright_no_words_of_the_fields_overlap(page: Page, scored: AppServer):
    page.set_viewport_size({"width": 834, "height": 1112})
    page.goto(f"{scored.url}/failures?judge=judge-a")
    expect(page.locator(".textpoint text").first).to_be_visible(timeout=30_000)
    page.wait_for_timeout(1000)
    assert overlaps(page) == []

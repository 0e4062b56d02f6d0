"""Time Failures in Chromium with full CROSS loaded: from a press on a filter to the charts that follow from it."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

from tests.bench.figures import Figure

# What is drawn: the words in the fields of a grid, where dots stand, and the colours of countries.
DRAWN = """
window.__drawn = () => [...document.querySelectorAll('[data-testid=stPlotlyChart]')].map((chart) =>
  [...chart.querySelectorAll('.textpoint, .scatterlayer .point, .choroplethlayer path')]
    .map((mark) => [mark.textContent, mark.getAttribute('transform'), mark.getAttribute('fill')].join(' ')).join()
  ).join();
window.__is_whole = () => document.querySelectorAll('[data-testid=stPlotlyChart]').length > 0
  && ![...document.querySelectorAll('[data-testid=stPlotlyChart]')].some((chart) => chart.closest('[data-stale=true]'));
"""
PARTS = (
    ("where", "by country, with map", 500),
    ("breakdown", "by domain", 500),
    ("patterns", "how they fail", 500),
    ("difference", "two models", 500),
    ("time", "over rounds", 500),
    ("models", "all models, with ranks", 2000),
)
FILTERS = (
    ("Setting", ("English", "Translation", "English and translation")),
    ("Use", ("Held out for measuring", "All items")),
)


def failures_figures(page: Page, url: str, *, rounds: int = 20) -> list[Figure]:
    """Return how long each part of the page takes to answer a filter, and its map another dimension."""
    page.add_init_script(DRAWN)
    figures = []
    for part, words, goal in PARTS:
        page.goto(f"{url}/failures?part={part}&with=model-01&period=round")
        page.wait_for_function("() => window.__is_whole() && window.__drawn().length > 40", timeout=60_000)
        page.wait_for_timeout(1500)
        taken = [_filtered(page, number) for number in range(rounds)]
        figures.append(Figure(f"Failures: filter to numbers, {words}", goal, taken))
    page.goto(f"{url}/failures")
    page.wait_for_function("() => window.__is_whole() && window.__drawn().length > 40", timeout=60_000)
    page.wait_for_timeout(1500)
    names = ["Education", "Compliance", "Helpfulness", "Awareness"]
    switch = page.get_by_test_id("stButtonGroup").nth(1)
    pressed = [_timed(page, switch.get_by_role("radio", name=names[number % 4]).click) for number in range(rounds)]
    return [*figures, Figure("Failures: dimension to map", 500, pressed)]


def _filtered(page: Page, number: int) -> float:
    """Return milliseconds from choosing another setting, or which items count, until other numbers are drawn."""
    field, entries = FILTERS[number % 2]
    box = page.get_by_role("combobox", name=field)
    box.click()
    option = page.get_by_role("option", name=entries[number // 2 % len(entries)], exact=True)
    option.wait_for()
    return _timed(page, option.click)


def _timed(page: Page, act: Callable[[], None]) -> float:
    before = page.evaluate("() => window.__drawn()")
    started = time.perf_counter()
    act()
    changed = "(before) => window.__is_whole() && window.__drawn() !== before && window.__drawn().length > 40"
    page.wait_for_function(changed, arg=before, timeout=20_000, polling="raf")
    taken = (time.perf_counter() - started) * 1000
    # The page may still draw what lies below the charts.
    page.wait_for_timeout(400)
    return taken

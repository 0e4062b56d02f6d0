"""Time Compare in Chromium: from a click on an item to its responses side by side, all of them drawn."""

import time

from playwright.sync_api import Page

from tests.bench.figures import Figure
from tests.bench.measure_browse import CARDS

# Each response draws its text in a shadow root of its own, inside its column.
TEXTS = """
window.__texts = () => [...document.querySelectorAll('[class*="st-key-column-"] [data-testid=stBidiComponentIsolated]')]
  .map((host) => host.shadowRoot?.querySelector('.reading')).filter((text) => text?.textContent.length > 20);
"""


def compare_figures(page: Page, url: str, *, rounds: int = 20) -> list[Figure]:
    """Return the figure of opening an item; each of full CROSS has 63 responses."""
    page.add_init_script(CARDS + TEXTS)
    opened = []
    for number in range(rounds):
        page.goto(f"{url}/compare?q=picture {number} ")
        page.wait_for_function("() => window.__cards?.().length > 0", timeout=30_000)
        page.wait_for_timeout(400)
        started = time.perf_counter()
        page.evaluate("() => window.__cards()[0].click()")
        page.wait_for_function("() => window.__texts().length > 1", timeout=10_000, polling="raf")
        opened.append((time.perf_counter() - started) * 1000)
    return [Figure("Compare: card to responses side by side", 500, opened)]

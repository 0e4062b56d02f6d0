"""Time Browse in Chromium: from a click to the frame that shows its effect, and to the last picture decoded."""

import random
import time
from collections.abc import Callable

from playwright.sync_api import Page

from tests.bench.figures import Figure

# The gallery draws in a shadow root; its cards are links that name their item.
CARDS = """
window.__cards = () => [...document.querySelectorAll('[data-testid=stBidiComponentIsolated]')]
  .flatMap((host) => [...(host.shadowRoot?.querySelectorAll('a[href*="item="]') ?? [])]);
window.__shown = () => window.__cards().map((card) => card.href).join(' ');
window.__decoded = () => { const pictures = window.__cards().map((card) => card.querySelector('img')).filter(Boolean);
  return pictures.length > 0 && pictures.every((picture) => picture.complete && picture.naturalWidth > 0); };
"""


def timed(page: Page, act: Callable[[], None], *, decoded: bool = False) -> float:
    """Return milliseconds from an act until the gallery shows other items, and if asked all their pictures."""
    # On a busy machine the buttons of the page before stand beside the new ones for a moment.
    page.wait_for_function("() => document.querySelectorAll('[data-testid=stPaginationNext]').length < 2")
    before = page.evaluate("() => window.__shown()")
    started = time.perf_counter()
    act()
    condition = "(before) => window.__cards().length > 0 && window.__shown() !== before"
    page.wait_for_function(condition, arg=before, timeout=10_000, polling="raf")
    if decoded:
        page.wait_for_function("() => window.__decoded()", timeout=10_000, polling="raf")
    return (time.perf_counter() - started) * 1000


def browse_figures(page: Page, url: str, *, rounds: int = 20) -> list[Figure]:
    """Return the figures of turning pages, choosing a country, searching and opening an item."""
    rng = random.Random(3)
    page.add_init_script(CARDS)
    page.goto(f"{url}/browse")
    page.wait_for_function("() => window.__cards?.().length > 0", timeout=30_000)
    page.wait_for_timeout(1500)
    turned, decoded, filtered, opened = [], [], [], []
    pages = page.get_by_role("navigation", name="Pagination")
    for _ in range(rounds):
        decoded.append(timed(page, pages.get_by_role("button", name="Next page").click, decoded=True))
    for _ in range(rounds):
        turned.append(timed(page, pages.get_by_role("button", name="Previous page").click))
    for word in rng.sample([f"picture {n} " for n in range(270)], rounds):
        box = page.get_by_test_id("stMain").get_by_role("textbox").first
        box.fill(word)
        filtered.append(timed(page, lambda box=box: box.press("Enter")))
    for number in range(rounds):
        page.goto(f"{url}/browse?page={number + 1}")
        page.wait_for_function("() => window.__cards?.().length > 0", timeout=30_000)
        page.wait_for_timeout(400)
        started = time.perf_counter()
        page.evaluate("() => window.__cards()[0].click()")
        page.get_by_text("Validate its responses").wait_for()
        opened.append((time.perf_counter() - started) * 1000)
    return [
        Figure("Browse: page number to other items", 500, turned),
        Figure("Browse: page number to all 24 pictures decoded", 200, decoded, share=0.5),
        Figure("Browse: search to other items", 500, filtered),
        Figure("Browse: card to item", 500, opened),
    ]

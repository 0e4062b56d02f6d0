"""`make bench`: each figure beside its goal, on full CROSS made up by a seeded generator. Ends with 1 if one is missed.

These figures hold for the machine they were taken on; on a busy one, run it again and compare medians.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

from core.config import settings
from core.db import migrate
from tests.bench.figures import Figure
from tests.bench.measure_browse import browse_figures
from tests.bench.measure_injection import injection_figures
from tests.bench.measure_judging import judging_figures
from tests.bench.measure_store import export_figures, import_figures, save_figures
from tests.bench.measure_validate import validate_figures
from tests.browser.app_server import AppServer
from tests.browser.conftest import ARGUMENTS, PLACE
from tests.full_cross import add_responses, write_full_cross

PICTURES = 321


def start_figure(browser: Browser, server: AppServer) -> Figure:
    """Return the seconds from starting the app until its first page is on the screen."""
    started = time.perf_counter()
    server.start()
    page = browser.new_page()
    page.goto(server.url)
    page.get_by_role("heading", name="Overview").wait_for(timeout=30_000)
    elapsed = time.perf_counter() - started
    page.close()
    return Figure("Second start to first page, full CROSS loaded", 3, [elapsed], unit="s")


def report(figures: Iterable[Figure]) -> bool:
    """Print figures as they come; True if all goals are met."""
    met = True
    for figure in figures:
        sys.stdout.write(figure.line() + "\n")
        sys.stdout.flush()
        met = met and figure.met
    return met


def app_figures(server: AppServer) -> Iterator[Figure]:
    """Yield the figures of the app in Chromium."""
    with sync_playwright() as playwright:
        path = PLACE.read_text(encoding="utf-8") if PLACE.exists() else ""
        browser = playwright.chromium.launch(executable_path=path or None, args=ARGUMENTS)
        yield start_figure(browser, server)
        yield from browse_figures(browser.new_page(viewport={"width": 1280, "height": 800}), server.url)
        yield from validate_figures(browser.new_page(viewport={"width": 1280, "height": 800}), server.url)
        memory = psutil.Process(server.pid).memory_info().rss / 2**20
        yield Figure("Memory of the app after all that", 250, [memory], unit="MB")
        browser.close()
        server.stop()


def main() -> int:
    """Measure everything in one workspace of its own."""
    with tempfile.TemporaryDirectory() as folder:
        server = AppServer(Path(folder) / "workspace")
        os.environ["CROSS_REVIEW_HOME"] = str(server.home)
        settings.cache_clear()
        migrate()
        checkout = write_full_cross(Path(folder) / "cross", pictures=PICTURES)
        met = report(import_figures(checkout, PICTURES))
        add_responses()
        met &= report(export_figures())
        met &= report(app_figures(server))
        met &= report(save_figures())
        met &= report(judging_figures(checkout))
        met &= report(injection_figures())
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

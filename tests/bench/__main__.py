"""`make bench`: each figure beside its goal, on full CROSS made up by a seeded generator. Ends with 1 if one is missed.

`python -m tests.bench --only judging` measures that part, after the import that any part needs; with `--long` people
label for ten minutes instead of one. These figures hold for
the machine they were taken on; on a busy one, run it again and compare medians.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

from core.config import settings
from core.db import migrate
from tests.bench.figures import Figure
from tests.bench.judge_process import calls_of, judge_at_work
from tests.bench.measure_browse import browse_figures
from tests.bench.measure_compare import compare_figures
from tests.bench.measure_coverage import coverage_figures
from tests.bench.measure_draw import draw_figures
from tests.bench.measure_failures import failures_figures
from tests.bench.measure_injection import injection_figures
from tests.bench.measure_judging import judging_figures
from tests.bench.measure_label_export import label_export_figures, label_import_figures
from tests.bench.measure_scores import score_figures
from tests.bench.measure_sessions import LONG_S, SHORT_S, session_figures
from tests.bench.measure_store import export_figures, import_figures, save_figures
from tests.bench.measure_validate import validate_figures
from tests.browser.app_server import AppServer
from tests.browser.conftest import ARGUMENTS, PLACE
from tests.full_cross import add_responses, write_full_cross

PICTURES = 321
PARTS = ("pages", "store", "sessions", "judging", "injection", "coverage", "scores")


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
    """Yield the figures of the app in Chromium, first alone and then while a judge is at work."""
    with sync_playwright() as playwright:
        path = PLACE.read_text(encoding="utf-8") if PLACE.exists() else ""
        browser = playwright.chromium.launch(executable_path=path or None, args=ARGUMENTS)
        try:
            yield start_figure(browser, server)
            yield from page_figures(browser, server.url)
            yield memory_figure(server, "Memory of the app after all that", 250)
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            yield from failures_figures(page, server.url)
            page.close()
            yield memory_figure(server, "Memory of the app once Failures was used too", 400)
            yield from judging_page_figures(browser, server.url)
        finally:
            browser.close()
            server.stop()


def memory_figure(server: AppServer, name: str, goal: float) -> Figure:
    """Return what the app holds of the machine's memory now."""
    return Figure(name, goal, [psutil.Process(server.pid).memory_info().rss / 2**20], unit="MB")


def judging_page_figures(browser: Browser, url: str, judge: str = "bench-beside") -> Iterator[Figure]:
    """Yield the figures of the pages while a judge is at work, and how fast that went on."""
    with judge_at_work(judge):
        started, before = time.perf_counter(), calls_of(judge)
        for figure in page_figures(browser, url):
            yield replace(figure, name=f"{figure.name}, judging")
        pace = (calls_of(judge) - before) / (time.perf_counter() - started)
    # The least that shows it at work: pages that are quick beside a judge at rest would prove nothing.
    yield Figure("Judge: calls a second beside the pages", 1, [pace], unit="/s", larger_is_better=True)


def page_figures(browser: Browser, url: str) -> Iterator[Figure]:
    """Yield the figures of the pages people spend their time on, each in a window of its own."""
    for measured in (browse_figures, compare_figures, validate_figures):
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        yield from measured(page, url)
        page.close()


def main() -> int:
    """Measure everything, or the parts named, in one workspace of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--long", action="store_true", help="people label for ten minutes")
    given = parser.parse_args()
    parts = given.only or PARTS
    with tempfile.TemporaryDirectory() as folder:
        server = AppServer(Path(folder) / "workspace")
        os.environ["CROSS_REVIEW_HOME"] = str(server.home)
        settings.cache_clear()
        migrate()
        checkout = write_full_cross(Path(folder) / "cross", pictures=PICTURES)
        met = report(import_figures(checkout, PICTURES))
        add_responses()
        if "pages" in parts:
            met &= report(app_figures(server))
        if "store" in parts:
            met &= report([*export_figures(), *save_figures(), *draw_figures()])
            met &= report([*label_export_figures(), *label_import_figures()])
        if "sessions" in parts:
            met &= report(session_figures(server, seconds=LONG_S if given.long else SHORT_S))
        if "judging" in parts:
            met &= report(judging_figures(checkout))
        if "injection" in parts:
            met &= report(injection_figures())
        if "coverage" in parts:
            met &= report(coverage_figures())
        # Last: it adds judgements and people.
        if "scores" in parts:
            met &= report(score_figures())
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

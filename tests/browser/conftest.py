"""A browser, and the app with the sample workspace, for tests that act as a person would."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.browser.app_server import AppServer

PLACE = Path(__file__).resolve().parents[2] / ".browser" / "path"
# Without these Chromium talks to its maker's servers at every start.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Of a module, not of the session: while Playwright runs, its event loop does, and no test could start one of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = PLACE.read_text(encoding="utf-8") if PLACE.exists() else ""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path or None, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page at 1280 x 800; at its end no request may have left this machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(20_000)
    left: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            left.append(request.url)

    page.on("request", note)
    yield page
    context.close()
    assert left == []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[AppServer]:
    """Return a running app with the sample workspace."""
    server = AppServer(tmp_path / "workspace")
    server.start()
    yield server
    server.stop()

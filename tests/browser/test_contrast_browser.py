"""Every page in enough contrast, in light and dark."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app_server import AppServer
from tests.browser.test_validate_access import LOW_CONTRAST

PAGES = ["overview", "adjudicate", "plans", "people?part=invitations", "own_items", "errata"]
# A field that cannot be used may be pale (WCAG 1.4.3).
INACTIVE = "Failures, at least"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_small_grey_words_can_be_read(page: Page, server: AppServer, scheme):
    page.emulate_media(color_scheme=scheme)
    for name in PAGES:
        page.goto(f"{server.url}/{name}")
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
        page.wait_for_timeout(1500)
        found = page.get_by_test_id("stMain").evaluate(LOW_CONTRAST)
        assert (name, [words for words in found if not words.startswith(INACTIVE)]) == (name, [])

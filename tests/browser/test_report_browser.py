"""A report opened as a file in Chromium: nothing is asked of anybody, nothing sticks out, light and dark differ."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.db import reading
from core.measures.score_filter import ScoreFilter
from core.people import person_here
from core.report.file import report_bytes
from core.sample_workspace import load_sample


@pytest.fixture
def report_file(workspace: Path, tmp_path: Path) -> Path:
    load_sample()
    out = tmp_path / "report.html"
    person = person_here()
    with reading() as session:
        out.write_bytes(report_bytes(session, person=person, wanted=ScoreFilter()))
    return out


@pytest.mark.parametrize("width", [1280, 834])
def test_a_report_opens_from_a_file_asks_for_nothing_and_fits(browser: Browser, report_file: Path, width: int):
    backgrounds = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        asked, said = [], []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("console", lambda message, said=said: said.append(message.text))
        page.goto(report_file.as_uri())
        page.get_by_role("heading", name="Corrected scores").scroll_into_view_if_needed()
        assert asked == [report_file.as_uri()]
        assert said == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.get_by_role("table").count() > 4
        backgrounds[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        context.close()
    assert backgrounds == {"light": "rgb(252, 251, 249)", "dark": "rgb(20, 24, 28)"}

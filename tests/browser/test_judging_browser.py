"""Responses and judges in Chromium: an endpoint entered, a judge started and watched, a reply scored by hand."""

import re

from playwright.sync_api import Page, expect

from tests.browser.app_server import AppServer
from tests.fakes import StubEndpoint


def test_a_judge_from_its_endpoint_to_a_reply_that_a_person_scores(page: Page, server: AppServer):
    with StubEndpoint(latency_s=0.1) as stub:
        page.goto(f"{server.url}/judge?part=endpoints")
        page.get_by_label("Name", exact=True).fill("Here")
        page.get_by_label("Address", exact=True).fill(stub.url)
        page.get_by_role("button", name="Save the endpoint").click()
        expect(page.get_by_text("needs no key").first).to_be_visible()

        page.goto(f"{server.url}/judge?part=judge")
        page.get_by_label("Model", exact=True).fill("stub")
        page.get_by_label("Model", exact=True).press("Enter")
        expect(page.get_by_text("on this machine", exact=False).first).to_be_visible()
        # Three replies to one call that cannot be read: it waits for a person.
        stub.script = [{"content": "Perhaps."}] * 3
        page.get_by_label("Calls at once, at most").fill("1")
        page.get_by_label("Calls at once, at most").press("Enter")
        page.get_by_role("button", name="Start judging").click()
        expect(page).to_have_url(re.compile(r"run=judge-"))
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("button", name="Resume")).to_be_visible()
        page.get_by_role("button", name="Resume").click()
        expect(page.get_by_text("192 of 192", exact=True)).to_be_visible(timeout=60_000)

        # Its scores of responses still to label are not in the page.
        expect(page.get_by_text("Open the replies of this page")).to_be_visible()
        page.goto(f"{server.url}/judge?part=replies")
        page.get_by_role("button", name="Read", exact=True).first.click()
        page.get_by_role("button", name=re.compile("Open this reply")).click()
        expect(page.get_by_text("Perhaps.").first).to_be_visible()
        page.get_by_role("button", name=re.compile("^Yes")).click()
        expect(page.get_by_text(re.compile("you: yes")).first).to_be_visible()
        score_an_anchor_set_anew(page, server)
    exported = server.command("export", "labels", str(server.home / "labels.jsonl"), "--json")
    assert exported.returncode == 0
    (line,) = (server.home / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    assert '"phase": "unblinded"' in line


def score_an_anchor_set_anew(page: Page, server: AppServer) -> None:
    """Draw an anchor set and start it, after what it uses and sends away was told."""
    page.goto(f"{server.url}/judge?part=anchors")
    page.get_by_label("Name", exact=True).fill("monthly")
    page.get_by_label("Responses", exact=True).fill("12")
    page.get_by_label("Responses", exact=True).press("Enter")
    page.get_by_role("button", name="Draw it").click()
    page.get_by_role("button", name="Score anew now").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_test_id("stMetricValue").first).to_have_text("12")
    expect(dialog.get_by_text(re.compile("on this machine: 12 pictures"))).to_be_visible()
    dialog.get_by_role("button", name="Start", exact=True).click()
    expect(page).to_have_url(re.compile(r"run=judge-"))
    expect(page.get_by_text("12 of 12", exact=True)).to_be_visible(timeout=60_000)


def test_the_collect_form_is_filled_in_by_keyboard_kept_through_a_reload_and_started(page: Page, server: AppServer):
    with StubEndpoint() as stub:
        page.goto(f"{server.url}/judge?part=collect")
        page.get_by_label("Address", exact=True).focus()
        page.keyboard.type(stub.url)
        tab_to(page, "Variable of its key")
        page.keyboard.type("SOME_KEY")
        tab_to(page, "Model")
        page.keyboard.type("answerer")
        tab_to(page, "Stored as")
        page.keyboard.type("answerer low")
        tab_to(page, "Countries")
        page.keyboard.type("Japan")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("collect-countries=Japan"))
        # Of 32 questions those of Japan.
        expect(page.get_by_test_id("stMetricValue").first).to_have_text("2 of 2")

        assert "SOME_KEY" not in page.url
        page.reload()
        expect(page.get_by_label("Address", exact=True)).to_have_value(stub.url)
        expect(page.get_by_label("Model", exact=True)).to_have_value("answerer")
        expect(page.get_by_label("Stored as", exact=True)).to_have_value("answerer low")
        expect(page.get_by_test_id("stMetricValue").first).to_have_text("2 of 2")
        expect(page.get_by_label("Variable of its key", exact=True)).to_have_value("")

        page.get_by_label("Stored as", exact=True).focus()
        tab_to(page, "Start collecting")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"judge\?run=respond-[0-9a-z-]+$"))
        expect(page.get_by_text("2 of 2", exact=True)).to_be_visible(timeout=60_000)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element of that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const at = document.activeElement;"
            " return (at.ariaLabel || at.labels?.[0]?.innerText || at.innerText || '').trim(); }"
        )
        if name in focused and not focused.startswith("Help"):
            return
    raise AssertionError(f"{name} cannot be reached by Tab")

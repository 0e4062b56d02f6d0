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
    exported = server.command("export", "labels", str(server.home / "labels.jsonl"), "--json")
    assert exported.returncode == 0
    (line,) = (server.home / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    assert '"phase": "unblinded"' in line

"""Every page in Chromium: by its address on a fresh server, with hostile text, and without the sample."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.rubric import DIMENSIONS
from tests.browser.app_server import AppServer
from tests.fakes import StubEndpoint
from tests.test_reader import casa

ADDRESSES = {
    "browse": "Browse",
    "compare": "Compare",
    "validate": "Validate",
    "adjudicate": "Adjudicate",
    "errata": "Corrections",
    "own_items": "Own items",
    "failures": "Failures",
    "plans": "Sampling plans",
    "people": "People",
    "pairs": "Pairs",
    "training_sets": "Training sets",
    "train": "Train",
    "import_benchmark": "Import",
    "judge": "Responses and judges",
    "overview": "Overview",
    "": "Overview",
}
ITEM = "sample/Argentina_1/1"
PAYLOADS = [
    '<img src=x onerror="window.__pwned=1">',
    "<script>window.__pwned=1</script>",
    "[click](javascript:window.__pwned=1)",
    "![out](http://evil.example/a.png)",
    "$\\href{javascript:window.__pwned=1}{x}$ :material/home: :red[red] :smile:",
    "**bold** # head\n- list\n`code` <b>b</b> https://evil.example www.evil.example",
    "turned \u202e around \u2066 and back",
]


def show(page: Page, server: AppServer, address: str, title: str) -> None:
    page.goto(f"{server.url}/{address}")
    expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible(timeout=30_000)


def test_every_page_stands_alone_and_says_what_the_sample_is(page: Page, server: AppServer):
    # The very first visit to this server is a deep link: app.py has not run before.
    for address, title in ADDRESSES.items():
        show(page, server, address, title)
        expect(page.get_by_text("sample workspace: written for illustration, not measurements")).to_be_visible()
        menu = page.get_by_test_id("stSidebarNav")
        expect(menu.get_by_role("link", name="Training sets")).to_be_visible()
        expect(menu.get_by_role("link", name="app", exact=True)).to_have_count(0)


def test_emptying_the_sample_is_asked_for_and_final(page: Page, server: AppServer):
    show(page, server, "", "Overview")
    page.get_by_role("button", name="Empty the sample").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("64 sample items")
    dialog.get_by_role("button", name="Empty it").click()
    expect(page.get_by_text("Nothing is here yet")).to_be_visible()
    expect(page.get_by_text("written for illustration")).to_have_count(0)
    server.stop()
    server.start()
    for address, title in ADDRESSES.items():
        show(page, server, address, title)
        expect(page.get_by_test_id("stException")).to_have_count(0)


def judged_by_three_more(server: AppServer) -> None:
    """Let three judges, one with a long name, score the answers to the first items, with a fourth answer to one."""
    answer = {"item_id": ITEM, "model": "another-model", "text": "Bring flowers."}
    table = server.home / "answers.jsonl"
    table.write_text(json.dumps(answer), encoding="utf-8")
    assert server.command("import-responses", str(table)).returncode == 0
    with StubEndpoint() as stub:
        for name in ("GPT-4o (four-calls)", "a_name_without_a_blank_" * 3, "Qwen2.5-VL-72B-Instruct, temperature 0"):
            words = ("judge", "--judge", name, "--base-url", stub.url, "--model", "m", "--prompt", "one-call")
            done = server.command(*words, "--country", "Argentina", "--json")
            assert done.returncode == 0, done.stderr


def test_scores_of_many_judges_stay_in_their_column(page: Page, server: AppServer):
    judged_by_three_more(server)
    show(page, server, f"compare?item={ITEM}&responses=A,B,C,D", "Compare")
    page.get_by_text("Show scores and names").click()
    page.get_by_role("button", name="Show them").click()
    expect(page.locator(".scores")).to_have_count(4)
    for width, letters in ((1280, "A,B"), (1280, "A,B,C,D"), (834, "A,B"), (834, "A,B,C,D")):
        page.set_viewport_size({"width": width, "height": 800})
        show(page, server, f"compare?item={ITEM}&responses={letters}", "Compare")
        tables = page.locator(".scores")
        expect(tables).to_have_count(len(letters.split(",")))
        expect(tables.first.locator("section")).to_contain_text(["GPT-4o", "Qwen2.5-VL-72B", "a_name", "Experts"])
        sizes = tables.evaluate_all("all => all.map((table) => [table.scrollWidth, table.clientWidth])")
        assert all(0 < needed <= given for needed, given in sizes), (width, letters, sizes)


@pytest.fixture
def hostile(tmp_path: Path) -> AppServer:
    """Return a server whose items and responses are made of payloads."""
    records = []
    for number, payload in enumerate(PAYLOADS):
        record = casa(index=f"{payload[:40]}_{number}".replace("\n", " "), query=payload, violated_norm=payload)
        records.append(record | {"item": payload, "image_source": payload, "region_or_race": payload})
    folder = tmp_path / "cross"
    for place, rows in {
        "data/casa/english.json": records,
        "generation_results/english/casa/results_<b>model</b> :red[x]_r1.json": [
            row | {"model_response": f"{row['query']} one"} for row in records
        ],
        "generation_results/english/casa/results_m2_r1.json": [
            row | {"model_response": f"{row['query']} two"} for row in records
        ],
    }.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(rows), encoding="utf-8")
    server = AppServer(tmp_path / "workspace")
    done = server.command("import", str(folder), "--json")
    assert json.loads(done.stdout)["files"][1]["accepted"] == len(PAYLOADS)
    server.start()
    yield server
    server.stop()


def judged_by_hostile_judges(server: AppServer) -> list[str]:
    """Let two judges with payloads for names answer with payloads, and return the addresses that show them."""
    scores = {name: {"rationale": PAYLOADS[0] + PAYLOADS[4], "score": 1} for name in DIMENSIONS}
    with StubEndpoint() as stub:
        for name, content in ((PAYLOADS[1], json.dumps(scores)), (PAYLOADS[2], PAYLOADS[5])):
            stub.script = [{"content": content}] * 50
            words = ("judge", "--judge", name, "--base-url", stub.url, "--model", PAYLOADS[0], "--prompt", "one-call")
            done = server.command(*words, "--json")
            assert json.loads(done.stdout)["ok"], done.stderr
        run_id = json.loads(done.stdout)["run_id"]
    parts = ("judge", "collect", "replies", "compare", "anchors", "sight", "endpoints")
    return ["judge", f"judge?run={run_id}", *(f"judge?part={part}" for part in parts), "judge?part=replies&reply=1"]


def test_hostile_text_stays_text_on_every_page(page: Page, hostile: AppServer):
    opened: list[str] = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    addresses = ["", "browse", "browse?view=table", "compare", "validate", "import_benchmark", "pairs?new=1"]
    show(page, hostile, "browse", "Browse")
    cards = page.locator("a[href*='item=']")
    expect(cards.first).to_be_visible()
    items = [card.get_attribute("href") for card in cards.all()]
    assert len(items) == len(PAYLOADS)
    addresses += [f"{name}{href}" for href in items for name in ("browse", "compare")]
    addresses += judged_by_hostile_judges(hostile)
    for address in addresses:
        page.goto(f"{hostile.url}/{address}")
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
        page.wait_for_timeout(400)
        assert page.evaluate("() => window.__pwned") is None, address
        found = page.locator(
            "img[src='x'], a[href^='javascript'], a[href*='//evil.example'], a[href*='www.evil'], .katex"
        )
        assert [element.evaluate("e => e.outerHTML") for element in found.all()] == [], address
        expect(page.get_by_test_id("stException")).to_have_count(0)
    assert opened == []

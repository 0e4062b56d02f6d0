"""Validate in Chromium: four keys, no click, nothing lost, nothing revealed before the lock."""

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlmodel import col, select

from core.db import reading, transaction
from core.models import Label, Note, Response
from tests.browser.app_server import AppServer
from tests.browser.validate_app import (
    FOUR_YES,
    KEYS,
    build_session,
    chip,
    labels,
    open_review,
    press,
    radio,
    saved,
    served,
    shows,
    workspace_of,
)
from tests.builders import build_item

LONG = "Wait for the host to begin, and take from the part of the dish in front of you. " * 30
MARKED = "# Before you go\n\nBring **sweets** and *no* flowers.\n\n- one box\n- wrapped\n\n1. Knock\n2. Wait"
HOSTILE = '<img src=x onerror="window.__pwned=1"> **<b>bold</b>** [x](javascript:alert(1)) \u202eevil'


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("validate") / "workspace") as url:
        yield url


def test_four_keys_and_enter_label_a_response_and_nothing_of_the_judge_comes_before(page, app):
    first, second = build_session("One answer.", "Another answer.")
    frames: list[bytes] = []
    page.on(
        "websocket", lambda s: s.on("framereceived", lambda f: frames.append(f if isinstance(f, bytes) else f.encode()))
    )
    open_review(page, app, first)
    press(page, "Digit1", "KeyW", "KeyD")
    expect(radio(page, "compliance", "cant_say")).to_have_attribute("aria-checked", "true")
    expect(chip(page)).to_have_attribute("data-state", "saved")
    with reading() as session:
        models = [session.get_one(Response, number).model.encode() for number in (first, second)]
    received = b"".join(frames)
    assert b"secret-reason" not in received
    assert not any(model in received for model in models)
    press(page, "KeyZ")
    expect(page.locator(".reveal")).to_contain_text(f"secret-reason-{first}-education")
    expect(page.locator(".reveal .origin")).to_have_text("The question was asked in English")
    assert not any(model in b"".join(frames) for model in models)
    # The judge said 1 0 1 0, the person yes, no, can't say, yes: only helpfulness differs.
    expect(page.locator(".reveal .differs")).to_have_count(1)
    assert f"secret-reason-{second}".encode() not in b"".join(frames)
    press(page, "Enter")
    shows(page, second)
    assert labels(first) == [
        ("awareness", "blind", 1, False),
        ("education", "blind", 0, False),
        ("compliance", "blind", None, False),
        ("helpfulness", "blind", 1, False),
    ]


def test_a_revision_keeps_both_answers_with_its_reason(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, *KEYS)
    expect(page.locator(".reveal table")).to_be_visible()
    press(page, "KeyS")
    assert page.locator(".hint").inner_text() == "Your four answers are locked. Press M to revise one."
    press(page, "KeyM", "KeyS", "KeyR")
    page.keyboard.type("1 q: I missed it")
    press(page, "Enter")
    expect(page.locator(".reveal")).to_contain_text("revised")
    expect(chip(page)).to_have_attribute("data-state", "saved")
    assert labels(response) == [*FOUR_YES, ("compliance", "revised", 0, False)]
    with reading() as session:
        assert session.exec(
            select(Label.reason).where(Label.phase == "revised", Label.response_id == response)
        ).one() == ("1 q: I missed it")


def test_several_answers_are_revised_one_after_another_and_a_reason_only_on_wish(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, *KEYS, "KeyM", "KeyS", "KeyX")
    expect(page.locator(".why")).to_be_hidden()
    page.locator(".say-why").click()
    expect(page.locator(".why input")).to_be_focused()
    page.keyboard.type("was axed 12")
    press(page, "Escape", "KeyW", "Enter")
    expect(page.locator(".reveal")).to_contain_text("revised")
    press(page, "KeyX")
    expect(chip(page)).to_have_attribute("data-state", "saved")
    revised = [("compliance", 0), ("helpfulness", 0), ("education", 0)]
    assert labels(response) == [*FOUR_YES, *((name, "revised", score, False) for name, score in revised)]
    with reading() as session:
        query = select(Label.reason).where(Label.phase == "revised", Label.response_id == response)
        assert session.exec(query).all() == [None, None, None]


def test_a_refresh_keeps_the_judges_view_and_says_what_is_saved(page, app):
    first, second = build_session("One answer.", "Another answer.")
    open_review(page, app, first)
    press(page, "Digit1", "KeyQ")
    expect(chip(page)).to_contain_text("Saved")
    page.reload()
    shows(page, first)
    expect(chip(page)).to_have_text("2 answers saved")
    press(page, "KeyA", "KeyZ")
    expect(page.locator(".reveal table")).to_be_visible()
    page.reload()
    shows(page, first)
    expect(page.locator(".reveal table")).to_be_visible()
    press(page, "Enter")
    shows(page, second)
    expect(page.locator(".reveal")).to_be_hidden()
    assert page.locator(".reveal").text_content() == "", "nothing of the judge stays in the page"


@pytest.mark.parametrize(
    ("text", "begins", "whole"),
    [("\u202e" * 300_000, "U+202E ×20000", "U+202E ×300000"), ("a" * 50_000, "a" * 20_000, "a" * 50_000)],
)
def test_a_very_long_text_is_drawn_at_once_and_whole_on_request(page, app, text, begins, whole):
    (response,) = build_session(text)
    open_review(page, app, response)
    expect(page.locator(".text")).to_have_text(begins)
    page.get_by_role("button", name=f"Show all {len(text):,} characters").click()
    expect(page.locator(".text")).to_have_text(whole)
    expect(page.locator(".whole")).to_be_hidden()


def test_the_switch_to_the_text_as_written_stands_where_a_line_ends(page, app):
    (response,) = build_session("**ابدأ** بالخبز وانتظر المضيف.")
    open_review(page, app, response)
    switch, box = page.locator(".written").bounding_box(), page.locator(".answer").bounding_box()
    assert switch["x"] - box["x"] < box["width"] / 2


def test_no_answer_is_lost_or_doubled_at_thirty_milliseconds_a_key(page, app):
    ids = build_session(*[f"Answer {n}." for n in range(8)])
    open_review(page, app, ids[0])
    for here, following in zip(ids, [*ids[1:], None], strict=True):
        for code in KEYS:
            page.keyboard.press(code)
            page.wait_for_timeout(30)
        if following:
            press(page, "Enter")
            shows(page, following)
        else:
            shows(page, here)
    expect(chip(page)).to_have_attribute("data-state", "saved")
    expect(page.locator(".next")).to_contain_text("Finish")
    assert all(labels(response) == FOUR_YES for response in ids)
    press(page, "Enter")
    expect(page.get_by_text("All done. Thank you.")).to_be_visible()


def test_typing_a_note_answers_nothing(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, "KeyN")
    page.keyboard.type("rc banana 1qaz ne")
    press(page, "Escape", "Digit1")
    expect(chip(page)).to_have_attribute("data-state", "saved")
    page.wait_for_timeout(300)
    with reading() as session:
        assert session.exec(select(Note.text).where(Note.response_id == response)).all() == ["rc banana 1qaz ne"]
    assert labels(response) == FOUR_YES[:1]


def test_a_note_is_saved_while_one_types(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, "KeyN")
    page.keyboard.type("half a thought")
    saved(page)
    expect(page.locator(".note-text")).to_be_focused()
    with reading() as session:
        assert session.exec(select(Note.text).where(Note.response_id == response)).all() == ["half a thought"]


def test_keys_are_off_while_a_dialog_is_open(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    page.get_by_role("button", name="Keys").click()
    press(page, "Digit1", "Escape", "KeyQ")
    expect(chip(page)).to_have_attribute("data-state", "saved")
    assert labels(response) == [FOUR_YES[1]]


def test_keys_go_by_their_place_on_the_keyboard(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    # AZERTY prints "a" at KeyQ, Persian "ص" at KeyW, Russian "ф" at KeyA; Colemak types Streamlit's "r" at KeyS.
    for code, key in (("KeyQ", "a"), ("KeyW", "ص"), ("KeyA", "ф"), ("KeyS", "r")):
        page.evaluate(
            "([code, key]) => document.body.dispatchEvent("
            "new KeyboardEvent('keydown', {code, key, bubbles: true, composed: true}))",
            [code, key],
        )
    expect(radio(page, "compliance", "no")).to_have_attribute("aria-checked", "true")
    expect(chip(page)).to_have_attribute("data-state", "saved")
    assert [(row[0], row[2]) for row in labels(response)] == [
        ("education", 1),
        ("education", 0),
        ("compliance", 1),
        ("compliance", 0),
    ]


def test_text_of_a_response_is_only_text(page, app):
    (response,) = build_session(HOSTILE, norm="<script>window.__pwned=1</script> norm")
    open_review(page, app, response)
    expect(page.locator(".text")).to_contain_text('<img src=x onerror="window.__pwned=1">')
    expect(page.locator(".text strong")).to_have_text("<b>bold</b>")
    expect(page.locator(".text .control")).to_have_text("U+202E")
    assert page.locator(".text").locator("a, img, script").count() == 0
    assert page.evaluate("window.__pwned") is None


def test_simple_marks_are_shown_as_bold_and_lists_with_the_text_as_written_one_key_away(page, app):
    (response,) = build_session(MARKED)
    open_review(page, app, response)
    expect(page.locator(".text .heading")).to_have_text("Before you go")
    expect(page.locator(".text .item")).to_have_count(4)
    press(page, "KeyO")
    expect(page.locator(".text")).to_have_text(MARKED)
    expect(page.locator(".text")).to_contain_text("**sweets**")


def test_the_other_wording_is_named_as_a_translation_and_stored_as_shown(page, app):
    with transaction() as session:
        build_item(
            session,
            base_item_id="casa/Iran_9",
            subset="casa",
            wording="translation",
            language="fa",
            query="این را ببرم؟",
            query_english="Do I take this?",
        )
    (response,) = build_session("One answer.", base_item_id="casa/Iran_9", subset="casa", query="Do I take this?")
    open_review(page, app, response)
    press(page, "Digit1", "KeyT")
    expect(page.locator(".query")).to_have_text("این را ببرم؟")
    expect(page.locator(".language")).to_have_text("Persian · translation by machine")
    assert page.locator(".query").evaluate("box => getComputedStyle(box).direction") == "rtl"
    press(page, "KeyQ")
    expect(chip(page)).to_have_attribute("data-state", "saved")
    page.wait_for_timeout(300)
    with reading() as session:
        rows = session.exec(select(Label).where(Label.response_id == response).order_by(col(Label.id))).all()
    assert [(row.language_shown, row.translation_shown) for row in rows] == [("en", False), ("fa", True)]
    assert all(row.opened_at <= row.first_key_at <= row.submitted_at for row in rows)


@pytest.mark.parametrize("size", [(1280, 800), (834, 1112)])
def test_everything_fits_the_screen_without_scrolling(page, app, size):
    query = "I am visiting my wife's parents in Fez for the first time. Which of these shall I take from the dish?"
    (response,) = build_session(LONG, query=query)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_review(page, app, response)
    page.wait_for_timeout(700)
    for part in (".query", ".norm", ".pad", "footer"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= size[1], part
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("box => box.scrollHeight - box.clientHeight") <= 1
    press(page, *KEYS)
    expect(page.locator(".reveal table")).to_be_visible()
    box = page.locator(".next").bounding_box()
    assert box["y"] + box["height"] <= size[1]


def test_a_screen_reader_finds_groups_and_states(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    group = page.get_by_role("radiogroup", name="Awareness")
    expect(group.get_by_role("radio")).to_have_count(3)
    expect(group.get_by_role("radio", name="Yes")).not_to_be_checked()
    group.get_by_role("radio", name="Yes").focus()
    press(page, "ArrowRight", "Space")
    expect(group.get_by_role("radio", name="No")).to_be_checked()


def test_a_server_that_does_not_answer_is_told_and_nothing_is_lost(page, tmp_path):
    server = AppServer(tmp_path / "workspace")
    with workspace_of(server.home):
        (response,) = build_session("One answer.")
        server.start()
        open_review(page, server.url, response)
        press(page, "Digit1")
        expect(chip(page)).to_have_attribute("data-state", "saved")
        os.kill(server.pid, signal.SIGSTOP)
        press(page, "KeyQ", "KeyA")
        assert chip(page).get_attribute("data-state") == "saving"
        expect(chip(page)).to_have_attribute("data-state", "failed", timeout=6000)
        expect(page.locator(".trouble")).to_contain_text("kept in this browser")
        os.kill(server.pid, signal.SIGCONT)
        expect(chip(page)).to_have_attribute("data-state", "saved", timeout=8000)
        assert labels(response) == FOUR_YES[:3]
        server.stop()
        press(page, "KeyZ")
        expect(chip(page)).to_have_attribute("data-state", "failed", timeout=8000)
        server.start()
        expect(page.locator(".reveal table")).to_be_visible(timeout=20_000)
        assert labels(response) == FOUR_YES
        server.stop()

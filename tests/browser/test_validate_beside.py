"""Beside the four answers, in Chromium: confidence, faults of the item, marked words, skipping, blur, goal, a break."""

import io
from collections.abc import Iterator

import PIL.Image
import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from core.backgrounds import save_wishes
from core.benchmark.images import StoredImage, store_image
from core.db import reading, transaction
from core.models import Erratum, Image, Label, MarkedPhrase, Response, SkippedResponse
from core.people import current_person
from tests.browser.validate_app import (
    FOUR_YES,
    KEYS,
    build_session,
    labels,
    open_review,
    press,
    radio,
    saved,
    served,
    shows,
)

TEXT = "# \U0001f600 First\r\n\r\nBring **sweets** and wait.\r\n\r\n- one box"
PERSIAN = "این **ساعت** هدیهٔ خوبی است."


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("beside") / "workspace") as url:
        yield url


def wish(*, blur: bool = False, goal: int | None = None) -> None:
    with transaction() as session:
        save_wishes(session, person=current_person(session), blur_pictures=blur, daily_goal=goal)


def marks(response_id: int) -> list[tuple[str, bool]]:
    """Return the marked words, cut from the stored text by their places, and whether each is taken away."""
    with reading() as session:
        text = session.get_one(Response, response_id).text
        rows = session.exec(
            select(MarkedPhrase).where(MarkedPhrase.response_id == response_id).order_by(col(MarkedPhrase.id))
        )
        return [(text[row.begins : row.ends], row.removed) for row in rows]


def picture() -> dict[str, str]:
    """Store a picture and return the fields by which an item names it."""
    content = io.BytesIO()
    PIL.Image.new("RGB", (400, 300), "teal").save(content, "PNG")
    stored = store_image(content.getvalue())
    assert isinstance(stored, StoredImage)
    with transaction() as session:
        if session.get(Image, stored.sha256) is None:
            session.add(Image(**vars(stored)))
    return {"image_sha256": stored.sha256, "image_status": "ok"}


def test_confidence_is_optional_and_goes_with_the_answers(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, "Digit1", "Digit7", "KeyQ", "Digit9")
    expect(
        page.get_by_role("radiogroup", name="How sure?").get_by_role("radio", name="sure 9", exact=True)
    ).to_be_checked()
    press(page, "KeyA", "KeyZ")
    expect(page.locator(".reveal table")).to_be_visible()
    press(page, "Digit7")
    expect(page.locator(".hint")).to_have_text("How sure you were is asked before the judge is shown.")
    saved(page)
    with reading() as session:
        assert session.exec(select(Label.confidence).where(Label.response_id == response)).all() == [3, 3, 3, 3]


def errata(response_id: int) -> list[tuple[str, str | None, str]]:
    with reading() as session:
        item_id = session.get_one(Response, response_id).item_id
        rows = session.exec(select(Erratum).where(Erratum.item_id == item_id).order_by(col(Erratum.id))).all()
        return [(row.kind, row.proposed, row.reason) for row in rows]


def test_a_fault_of_the_norm_is_told_by_keyboard_and_answers_nothing(page, app):
    (response,) = build_session("One answer.", norm="One eats with the hand.")
    open_review(page, app, response)
    press(page, "KeyF")
    expect(page.locator(".missing")).to_have_text("Choose what is wrong.")
    press(page, "ArrowDown", "Tab")
    expect(page.locator(".proposed")).to_have_value("One eats with the hand.")
    expect(page.locator(".faults .send")).to_be_disabled()
    press(page, "End")
    page.keyboard.type(" The 1 q a z right one.")
    press(page, "Tab")
    page.keyboard.type("my family")
    press(page, "Enter")
    expect(page.locator(".flag")).to_contain_text("✓ Correction sent")
    saved(page)
    assert errata(response) == [("norm_incomplete", "One eats with the hand. The 1 q a z right one.", "my family")]
    assert labels(response) == []
    press(page, "KeyF")
    expect(page.locator(".kinds label", has_text="incomplete")).to_contain_text("✓ told")


@pytest.mark.parametrize(
    ("title", "keys", "stored"),
    [
        ("The picture does not show it", (), ("not_shown", None, "so it is")),
        ("The norm is wrong", ("Tab",), ("norm_wrong", None, "so it is")),
        ("The country is wrong", ("I", "r", "a", "n", "Tab"), ("wrong_country", "Iran", "so it is")),
        ("The domain is another one", ("S", "Tab"), ("domain", "shopping", "so it is")),
    ],
)
def test_each_fault_asks_for_what_it_needs(page, app, title, keys, stored):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, "KeyF")
    page.get_by_role("radio", name=title).focus()
    press(page, "Space", "Tab")
    expect(page.locator(".faults .send")).to_be_disabled()
    press(page, *keys)
    page.keyboard.type("so it is")
    press(page, "Enter")
    saved(page)
    expect(page.locator(".trouble")).to_be_hidden()
    assert errata(response) == [stored]


def test_a_bad_translation_can_be_told_of_a_translation_only(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, "KeyF")
    expect(page.get_by_role("radio", name="The translation is bad")).to_be_hidden()


def test_a_slip_on_escape_keeps_what_was_typed_about_a_fault(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, "KeyF", "Space", "Tab")
    page.keyboard.type("half a sentence")
    press(page, "Escape", "Digit1", "KeyF")
    expect(page.locator(".proposed")).to_have_value("half a sentence")
    expect(page.get_by_role("radio", name="The norm is wrong")).to_be_checked()
    press(page, "Escape")
    saved(page)
    assert labels(response) == FOUR_YES[:1]


@pytest.mark.parametrize("as_written", [False, True])
def test_words_selected_with_the_mouse_are_marked_where_they_stand_in_the_text(page, app, as_written):
    (response,) = build_session(TEXT)
    open_review(page, app, response)
    if as_written:
        press(page, "KeyO")
        expect(page.locator(".text")).to_contain_text("**sweets**")
    select_word(page, "sweets")
    press(page, "KeyH")
    expect(page.locator(".text mark")).to_have_text("sweets")
    select_word(page, "box")
    page.locator(".mark").click()
    expect(page.locator(".text mark")).to_have_text(["sweets", "box"])
    saved(page)
    assert marks(response) == [("sweets", False), ("box", False)]
    press(page, "KeyO")
    expect(page.locator(".text mark")).to_have_text(["sweets", "box"])
    page.reload()
    shows(page, response)
    expect(page.locator(".text mark")).to_have_text(["sweets", "box"])
    page.get_by_role("button", name="Remove the mark: sweets").click()
    expect(page.locator(".text mark")).to_have_text("box")
    saved(page)
    assert marks(response) == [("sweets", True), ("box", False)]


def select_word(page: Page, word: str) -> None:
    """Double-click a word of the response, as people do."""
    place = page.locator(".text").evaluate(
        """(box, word) => {
          const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), range = document.createRange();
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(word);
            if (at < 0) continue;
            range.setStart(walker.currentNode, at);
            range.setEnd(walker.currentNode, at + word.length);
            const { x, y, width, height } = range.getBoundingClientRect();
            return [x + width / 2, y + height / 2];
          }
        }""",
        word,
    )
    page.mouse.dblclick(*place)


@pytest.mark.parametrize(
    ("text", "language", "onward", "marked"),
    [
        (TEXT, "en", "ArrowRight", "Bring **sweets"),
        (PERSIAN, "fa", "ArrowLeft", "ساعت** هدیهٔ"),
        ("先輩に挨拶をする。", "ja", "ArrowRight", "に挨拶"),
    ],
)
def test_words_are_marked_by_keyboard_in_any_script(page, app, text, language, onward, marked):
    (response,) = build_session(text, language=language)
    open_review(page, app, response)
    press(page, "KeyH", onward, f"Shift+{onward}", "Enter")
    expect(page.locator(".hint")).to_contain_text("Marked.")
    saved(page)
    assert marks(response) == [(marked, False)]
    press(page, "KeyH", onward, "Escape", "Digit1")
    expect(page.locator(".choosing")).to_have_count(0)
    saved(page)
    assert labels(response) == FOUR_YES[:1]
    press(page, "Shift+Tab")
    page.locator(".marks button").focus()
    press(page, "Enter")
    saved(page)
    assert marks(response) == [(marked, True)]


def test_a_marked_tag_stays_text(page, app):
    (response,) = build_session('<img src=x onerror="window.__pwned=1"> words')
    open_review(page, app, response)
    press(page, "KeyH", "Shift+ArrowRight", "Enter")
    expect(page.locator(".text mark")).to_have_text("img src")
    expect(page.locator(".marks button")).to_contain_text("img src")
    assert page.locator(".answer img").count() == 0


def test_a_skipped_response_waits_and_undo_brings_it_back(page, app):
    first, second = build_session("One answer.", "Another answer.")
    open_review(page, app, first)
    press(page, "Digit1", "KeyK", "Tab", "Enter")
    shows(page, second)
    press(page, "Backspace")
    shows(page, first)
    saved(page)
    press(page, "KeyK")
    page.keyboard.type("q a z: my own town")
    press(page, "Enter")
    expect(page.locator("dialog.aside")).to_be_visible()
    press(page, "Tab", "Tab", "Enter")
    shows(page, second)
    expect(page.locator(".hint")).to_have_text("Skipped: others get it. Undo brings it back.")
    saved(page)
    with reading() as session:
        rows = session.exec(
            select(SkippedResponse).where(SkippedResponse.response_id == first).order_by(col(SkippedResponse.id))
        ).all()
    assert [(row.kind, row.reason, row.taken_back_at is None) for row in rows] == [
        ("later", "", False),
        ("not_for_me", "q a z: my own town", True),
    ]
    press(page, *KEYS)
    expect(page.locator(".next")).to_contain_text("Finish")
    press(page, "Enter")
    expect(page.get_by_text("skipped: 1")).to_be_visible()
    assert labels(first) == FOUR_YES[:1]


def test_a_session_whose_last_response_is_skipped_goes_to_what_is_open(page, app):
    first, second, third = build_session("One answer.", "Another answer.", "A third.")
    open_review(page, app, first)
    press(page, *KEYS, "Enter", "KeyK", "Tab", "Enter")
    shows(page, third)
    press(page, "Backspace")
    shows(page, second)
    press(page, "KeyK", "Tab", "Enter")
    shows(page, third)
    press(page, "KeyK", "Tab", "Enter")
    expect(page.locator(".hint")).to_contain_text("Enter ends the session.")
    press(page, "Enter")
    expect(page.get_by_text("skipped: 2")).to_be_visible()


def test_skipping_the_last_response_ends_nothing_until_enter(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, "KeyK", "Tab", "Enter")
    expect(page.locator(".hint")).to_have_text("Skipped for later. Undo brings it back, Enter ends the session.")
    saved(page)
    shows(page, response)
    press(page, "Backspace", "Digit1")
    expect(radio(page, "awareness", "yes")).to_be_checked()
    press(page, "KeyK", "Tab", "Enter")
    expect(page.locator(".hint")).to_contain_text("Enter ends the session.")
    press(page, "Enter")
    expect(page.get_by_text("skipped: 1")).to_be_visible()


def test_nothing_is_marked_that_nobody_selected(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    page.locator(".mark").click()
    page.locator(".mark").click()
    expect(page.locator(".hint")).to_have_text("Select words, then press Mark words.")
    press(page, "KeyH", "KeyH", "Enter", "Escape", "Digit1")
    saved(page)
    assert marks(response) == []


def test_enter_before_the_last_answer_names_what_is_open(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, *KEYS[:2], "Enter")
    expect(page.locator(".hint")).to_have_text("Compliance and Helpfulness are still open.")
    press(page, KEYS[2], "Enter")
    expect(page.locator(".hint")).to_have_text("Helpfulness is still open.")


def test_keys_are_named_alike_on_buttons_and_in_the_list_and_digits_as_digits(page, app):
    page.add_init_script(
        "navigator.keyboard.getLayoutMap = async () =>"
        " new Map([['KeyQ', 'a'], ['KeyA', 'q'], ['KeyZ', 'w'], ['KeyW', 'z'], ['Digit1', '&'], ['Digit7', 'è']])"
    )
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    expect(page.locator(".row kbd")).to_have_text(["1", "2", "3", "A", "Z", "E", "Q", "S", "D", "W", "X", "V"])
    expect(page.locator(".sure kbd")).to_have_text(["7", "8", "9"])
    page.get_by_role("button", name="Keys").click()
    names = page.locator("dialog.keys dt").all_inner_texts()
    assert {"1 2 3", "A Z E", "Q S D", "W X V", "7 8 9"} <= set(names)


def test_a_picture_is_blurred_on_wish_and_shown_by_a_key_or_a_click(page, app):
    wish(blur=True)
    first, second = build_session("One answer.", "Another answer.", **picture())
    open_review(page, app, first)
    expect(page.locator(".frame")).to_have_class("frame blurred")
    assert "blur" in page.locator(".picture img").evaluate("image => getComputedStyle(image).filter")
    page.locator(".picture").click()
    expect(page.locator(".frame")).to_have_class("frame")
    expect(page.locator(".zoom")).to_be_hidden()
    press(page, "KeyB")
    expect(page.locator(".blur")).to_have_attribute("aria-pressed", "true")
    press(page, *KEYS, "Enter")
    shows(page, second)
    expect(page.locator(".frame")).to_have_class("frame blurred")
    wish()


def test_mine_the_goal_of_the_day_and_the_teams_progress_stand_side_by_side(page, app):
    wish(goal=5)
    (response,) = build_session("One answer.", country="Chad")
    open_review(page, app, response)
    head = page.locator(".progress")
    before = int(head.inner_text().split(" of 5 today")[0].split()[-1])
    expect(head).to_contain_text("0 of 1")
    expect(head).to_contain_text("people from elsewhere 0 % of Chad")
    press(page, *KEYS)
    expect(head).to_contain_text(f"1 of 1 · {before + 1} of 5 today")
    saved(page)
    expect(head).to_contain_text(f"{before + 1} of 5 today · people from elsewhere")
    expect(page.get_by_role("progressbar", name="Your session")).to_have_attribute("aria-valuenow", "1")
    wish()


def test_after_an_hour_of_work_a_break_is_suggested_once(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    with reading() as session:
        person = current_person(session).pseudonym
    page.evaluate(
        "person => sessionStorage.setItem('cross-review-work:' + person,"
        " JSON.stringify({ since: Date.now() - 3_600_000, last: Date.now() - 60_000 }))",
        person,
    )
    page.reload()
    shows(page, response)
    expect(page.locator(".pause")).to_be_hidden()
    press(page, "Digit1")
    expect(page.locator(".pause")).to_contain_text("You have worked for an hour. A short break does good.")
    expect(radio(page, "awareness", "yes")).to_have_attribute("aria-checked", "true")
    page.locator(".rested").click()
    press(page, "KeyQ")
    expect(page.locator(".pause")).to_be_hidden()


def test_the_key_sheet_names_every_command(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, "Shift+Slash")
    sheet = page.locator("dialog.keys")
    expect(sheet).to_be_visible()
    keys = sheet.locator("dt").all_inner_texts()
    assert {"7 8 9", "H", "N", "K", "F", "M", "T", "O", "P", "B", "Enter", "Backspace"} <= set(keys)
    press(page, "Escape")
    expect(sheet).to_be_hidden()

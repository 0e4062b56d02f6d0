"""Validate in Chromium draws the scripts of the world: marked with their language, and never as empty boxes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.validate_app import build_session, open_review, served

LINES = {
    "th": "ของขวัญชิ้นนี้เหมาะกับผู้ใหญ่",
    "hi": "यह उपहार बड़ों को दोनों हाथों से दें।",
    "ja": "この贈り物は両手で渡してください。",
    "zh": "这份礼物请用双手递给长辈。",
    "am": "ይህ ስጦታ ጥሩ ምርጫ ነው።",
    "fa": "می\u200cخواهید آن را با دو دست بدهید.",
}
# Which letters of a text come out as the box that stands for a letter without a picture. Each is drawn in the given
# fonts and held against one that no font has.
_BOXES = """([text, language, font]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 120, height: 80, lang: language });
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    document.body.append(canvas);
    const drawn = (letter) => {
        pen.clearRect(0, 0, 120, 80);
        pen.font = `32px ${font}`;
        pen.fillText(letter, 20, 50);
        return pen.getImageData(0, 0, 120, 80).data.join();
    };
    const box = drawn('\\u{10FFFD}');
    const letters = Array.from(new Intl.Segmenter(language).segment(text), (one) => one.segment);
    const found = letters.filter((letter) => letter.trim() && drawn(letter) === box);
    canvas.remove();
    return found;
}"""


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("scripts") / "workspace") as url:
        yield url


@pytest.mark.parametrize("language", LINES)
def test_a_script_is_drawn_with_letters_and_said_to_be_in_its_language(page, app, language):
    (response,) = build_session(LINES[language], language=language, query=LINES[language])
    open_review(page, app, response)
    for part in (".text", ".query"):
        box = page.locator(part)
        expect(box).to_have_attribute("lang", language)
        assert box.evaluate("box => box.textContent") == LINES[language]
        style = box.evaluate("box => [getComputedStyle(box).direction, getComputedStyle(box).fontFamily]")
        assert style[0] == ("rtl" if language == "fa" else "ltr")
        if page.evaluate(_BOXES, [LINES[language], language, "sans-serif"]):
            pytest.skip(f"this machine has no letters for {language}")
        assert page.evaluate(_BOXES, [LINES[language], language, style[1]]) == []


def test_a_letter_that_no_font_has_is_found_out(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    assert page.evaluate(_BOXES, ["a\u0378b", "en", "sans-serif"]) == ["\u0378"]

"""Validate for everyone: by Tab, read aloud, in enough contrast, enlarged, by touch, by signs beside colours."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.validate_app import KEYS, build_session, open_review, press, saved, served

# The ratio of each visible text to what lies behind it, as WCAG 2.2 counts it; only the low ones come back.
LOW_CONTRAST = """host => {
  const parse = (colour) => {
    const canvas = parse.canvas ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((part, i) => part * a + under[i] * (1 - a));
  const behind = (node) => {
    if (!node || node === document) return [255, 255, 255];
    const parent = node.parentNode instanceof ShadowRoot ? node.parentNode.host : node.parentElement;
    return over(parse(getComputedStyle(node).backgroundColor), behind(parent));
  };
  const light = (rgb) => rgb.map((p) => p / 255).map((p) => (p <= .04045 ? p / 12.92 : ((p + .055) / 1.055) ** 2.4))
    .reduce((sum, part, i) => sum + part * [.2126, .7152, .0722][i], 0);
  const low = [];
  for (const node of host.querySelectorAll('*')) {
    const words = [...node.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join(' ').trim();
    if (!words || !node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const style = getComputedStyle(node), ground = behind(node);
    let opacity = 1;
    for (let n = node; n; n = n.parentElement) opacity *= Number(getComputedStyle(n).opacity);
    const [r, g, b, a] = parse(style.color), ink = over([r, g, b, a * opacity], ground);
    const [bright, dark] = [light(ink), light(ground)].sort((x, y) => y - x);
    const large = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700;
    const ratio = (bright + .05) / (dark + .05);
    if (ratio < (large ? 3 : 4.5)) low.push(`${words.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return low;
}"""
SMALL_TARGETS = """(host, least) => [...host.querySelectorAll(least.among)].filter((n) => n.checkVisibility())
  .map((n) => [n.textContent.trim(), n.getBoundingClientRect()])
  .filter(([, box]) => box.width < least.width || box.height < least.height)
  .map(([words, box]) => `${words} ${box.width} x ${box.height}`)"""
CUT_OFF = """host => [...host.querySelectorAll('button, p, td, th, h2')].filter((n) => n.checkVisibility())
  .filter((n) => n.scrollWidth > n.clientWidth + 1 && getComputedStyle(n).overflowX === 'hidden')
  .map((n) => n.textContent)"""


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("access") / "workspace") as url:
        yield url


def article(page: Page):
    return page.locator("article.review")


def in_each_state(page: Page) -> Iterator[str]:
    """Bring the screen into each of its states, one after another, and give its name."""
    press(page, "Digit1", "KeyW", "KeyD", "Digit8", "KeyH", "ArrowLeft", "Enter", "KeyH", "ArrowRight")
    yield "answering"
    press(page, "Escape", "KeyF")
    yield "fault"
    press(page, "Escape", "KeyK")
    yield "skip"
    press(page, "Escape", "Shift+Slash")
    yield "keys"
    press(page, "Escape", "KeyZ")
    expect(page.locator(".reveal table")).to_be_visible()
    yield "revealed"
    press(page, "KeyM", "KeyX", "KeyR")
    yield "revising"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_contrast_enough(page, app, scheme):
    (response,) = build_session("One **answer** for the `host`.\n\n- first\n- second \u202e")
    page.emulate_media(color_scheme=scheme)
    open_review(page, app, response)
    page.wait_for_timeout(500)
    for state in in_each_state(page):
        page.wait_for_timeout(150)
        assert article(page).evaluate(LOW_CONTRAST) == [], state


@pytest.mark.parametrize("size", [(1280, 800), (834, 1112), (640, 400)])
def test_targets_are_large_enough_for_a_finger(page, app, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    (response,) = build_session("One **answer**.", norm_background="Long ago.")
    open_review(page, app, response)
    for state in in_each_state(page):
        # A radio button shares the target of its label.
        least = {"among": "button, input:not([type=radio]), textarea, summary, .kinds label", "width": 24, "height": 24}
        assert article(page).evaluate(SMALL_TARGETS, least) == [], state
        least = {"among": ".row [role=radio]", "width": 44, "height": 44}
        assert article(page).evaluate(SMALL_TARGETS, least) == [], state


def test_enlarged_to_twice_the_size_all_is_there_and_nothing_runs_out_of_the_side(page, app):
    page.set_viewport_size({"width": 640, "height": 400})
    (response,) = build_session("One **answer** of some length. " * 20)
    open_review(page, app, response)
    main = page.locator('[data-testid="stMain"]')
    for state in in_each_state(page):
        assert main.evaluate("box => box.scrollWidth - box.clientWidth") <= 1, state
        assert [text for text in article(page).evaluate(CUT_OFF) if text] == [], state
    for part in (".query", ".norm", ".text", ".pad", ".undo"):
        page.locator(part).first.scroll_into_view_if_needed()
        expect(page.locator(part).first).to_be_in_viewport()


def test_tab_reaches_every_control_in_the_order_of_the_screen(page, app):
    (response,) = build_session("One **answer**.")
    open_review(page, app, response)
    page.locator(".help").focus()
    reached = []
    for _ in range(30):
        reached.append(
            page.evaluate(
                "() => { let n = document.activeElement;"
                " while (n?.shadowRoot?.activeElement) n = n.shadowRoot.activeElement;"
                " return n.className.split(' ')[0] || n.tagName; }"
            )
        )
        press(page, "Tab")
    order = ["help", "end", "flag", "answer", "written", "mark", *["yes", "no", "cant_say"] * 4, *["level"] * 3]
    assert reached[: len(order) + 3] == [*order, "note", "skip", "undo"]


def test_what_is_chosen_is_said_by_a_sign_too_and_read_without_it(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, "Digit1", "KeyW", "KeyD")
    saved(page)
    signs = page.locator(".row [aria-checked=true]").evaluate_all(
        "radios => radios.map((radio) => getComputedStyle(radio, '::before').content)"
    )
    assert [sign[1] for sign in signs] == ["✓", "✕", "–"]
    row = page.get_by_role("radiogroup", name="Education")
    expect(row.get_by_role("radio", name="No W", exact=True)).to_be_checked()
    press(page, "KeyZ")
    expect(page.locator(".reveal .differs").first).to_contain_text("≠ differs")


@pytest.mark.parametrize("language", ["en", "fa", "am"])
def test_all_four_rows_are_on_a_laptops_screen(page, app, language):
    text = {"en": "Wait for the host. ", "fa": "منتظر میزبان بمانید. ", "am": "አስተናጋጁ እስኪጀምር ይጠብቁ። "}[language] * 60
    (response,) = build_session(text, language=language, query=text[:160])
    open_review(page, app, response)
    page.wait_for_timeout(700)
    for row in [*page.locator(".row").all(), page.locator(".sure"), page.locator("footer")]:
        box = row.bounding_box()
        assert box["y"] + box["height"] <= 800
    assert page.locator(".answer").bounding_box()["height"] > 200


def test_keys_of_the_pad_stay_where_they_are_while_a_command_is_open(page, app):
    (response,) = build_session("One answer.")
    open_review(page, app, response)
    press(page, "KeyK", *KEYS, "Escape", "KeyQ")
    saved(page)
    expect(page.locator(".row [aria-checked=true]")).to_have_count(1)


def test_of_the_screen_s_files_only_those_a_browser_needs_are_served(page, app):
    place = f"{app}/_stcore/bidi-components/cross-review.validate"
    open_review(page, app, build_session("One answer.")[0])
    assert page.request.get(f"{place}/review.js").ok
    for name in ("review.py", "packaged.py", "faults.py", "../review.py", "%2e%2e/review.py", "..%2freview.py"):
        said = page.request.get(f"{place}/{name}")
        assert "import streamlit" not in said.text()
        assert "def " not in said.text()

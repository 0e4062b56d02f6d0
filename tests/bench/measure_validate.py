"""Time the Validate screen in Chromium.

The clocks run inside the page: from the keydown event (capture phase) to the first animation frame in which the
expected change stands in the document.
"""

import time

from playwright.sync_api import Page
from sqlmodel import func, select

from core.db import reading, transaction
from core.labels.content_warning import record_warning
from core.labels.queue import take_session
from core.labels.review_sessions import close_session, open_session
from core.models import Label
from core.people import current_person
from tests.bench.figures import Figure

PAUSE_S = 0.1
# As fast as fingers roll over four keys that they know.
ROLL_S = 0.03
CODES = (("Digit1", "KeyW", "KeyA", "KeyX"), ("Digit2", "KeyQ", "KeyS", "KeyZ"))
MEANING = {
    "Digit1": ("awareness", "yes"),
    "Digit2": ("awareness", "no"),
    "KeyQ": ("education", "yes"),
    "KeyW": ("education", "no"),
    "KeyA": ("compliance", "yes"),
    "KeyS": ("compliance", "no"),
    "KeyZ": ("helpfulness", "yes"),
    "KeyX": ("helpfulness", "no"),
}
PROBE = """
window.__key = 0;
window.addEventListener('keydown', () => { window.__key = performance.now(); }, true);
window.__find = (selector) => [...document.querySelectorAll('[data-testid=stBidiComponentIsolated]')]
  .map((host) => host.shadowRoot?.querySelector(selector)).find(Boolean);
window.__until = (condition, arg, ms = 4000) => new Promise((done) => {
  const started = performance.now(), holds = new Function('arg', condition);
  const look = () => { if (holds(arg)) done(performance.now() - window.__key);
    else if (performance.now() - started > ms) done(-1); else requestAnimationFrame(look); };
  look(); });
"""
ANSWERED = "return __find(`[data-dimension=${arg[0]}][data-choice=${arg[1]}]`)?.ariaChecked === 'true'"
SAVED = "return __find('.chip')?.dataset.state === 'saved' && !!__find('.reveal:not([hidden]) table .reason')"
ALL_STORED = "return __find('.chip')?.dataset.state === 'saved'"
ON_SCREEN = (
    "const a = __find('article'); "
    "return a?.dataset.response && a.dataset.response !== arg && __find('.text').textContent.length > 20"
)


def begin_session() -> None:
    """Let the person of this workspace, warned, begin with a hundred responses; a session under way is ended."""
    with transaction() as session:
        person = current_person(session)
        record_warning(session, person=person)
        if review := open_session(session, person=person):
            close_session(session, person=person, session_id=review.id)
        take_session(session, person=person, country=None, count=100)


def until(page: Page, condition: str, arg: object = None) -> float:
    return page.evaluate("([condition, arg]) => __until(condition, arg)", [condition, arg])


def key_times(page: Page, responses: int) -> tuple[list[float], list[float], list[float]]:
    """Return the milliseconds of answer keys, of fourth answers until saved and judged, and of Enter."""
    answered, saved, following = [], [], []
    for number in range(responses):
        here = page.evaluate("() => __find('article').dataset.response")
        for place, code in enumerate(CODES[number % 2]):
            page.keyboard.press(code)
            answered.append(until(page, ANSWERED, MEANING[code]))
            if place < 3:
                time.sleep(PAUSE_S)
        saved.append(until(page, SAVED))
        time.sleep(PAUSE_S)
        page.keyboard.press("Enter")
        following.append(until(page, ON_SCREEN, here))
        time.sleep(PAUSE_S)
    return answered, saved, following


def keys_lost(page: Page, responses: int) -> int:
    """Return how many of the keys, rolled over without waiting for anything, had no effect or stored no label."""
    before, pressed, unseen = _labels_stored(), 0, 0
    for number in range(responses):
        here = page.evaluate("() => __find('article').dataset.response")
        at = time.perf_counter()
        for code in (*CODES[number % 2], "Enter"):
            page.keyboard.press(code)
            at += ROLL_S
            time.sleep(max(0.0, at - time.perf_counter()))
        pressed += len(CODES[number % 2])
        unseen += until(page, ON_SCREEN, here) < 0
    until(page, ALL_STORED)
    return unseen + abs(pressed - (_labels_stored() - before))


def _labels_stored() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(Label)).one()


def validate_figures(page: Page, url: str, *, responses: int = 60, rolled: int = 30) -> list[Figure]:
    """Label that many responses of this workspace by keyboard, some more as fast as can be, and return the figures."""
    begin_session()
    page.add_init_script(PROBE)
    page.goto(f"{url}/validate")
    page.wait_for_function("() => !!window.__find('article')?.dataset.response", timeout=30_000)
    page.wait_for_timeout(1500)
    answered, saved, following = key_times(page, responses)
    lost = keys_lost(page, rolled)
    return [
        Figure("Validate: answer key to visible change", 50, answered),
        Figure("Validate: fourth answer to saved and judge shown", 150, saved),
        Figure("Validate: Enter to next response", 100, following),
        Figure(f"Validate: keys lost at 30 ms spacing, of {rolled * 5}", 0, [float(lost)], unit=""),
    ]

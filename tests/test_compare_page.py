"""The Compare page: responses side by side, blind until labelled, and a pair of two of them."""

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.config import settings
from core.db import reading, transaction
from core.models import Pair, ScoresSeen
from core.people import add_person
from tests.builders import build_item, build_judgements, build_response
from tests.test_browse_page import parts, words


def open_page(**address: str) -> AppTest:
    page = AppTest.from_file("../app.py", default_timeout=30).run()
    page.switch_page("pages/compare.py")
    for name, entry in address.items():
        page.query_params[name] = entry
    return page.run()


@pytest.fixture
def item_id(workspace):
    """An item with three answers, one of which failed."""
    with transaction() as session:
        item = build_item(session)
        for text in ("Give the red box.", "Give the blue box."):
            build_judgements(session, build_response(session, item, model="secret-model", text=text, round=len(text)))
        build_response(session, item, model="secret-model", status="failed", text="", error="secret-error")
        return item.id


def columns(page: AppTest) -> dict[str, list]:
    return {letter: part[0]["parts"] for letter in "ABC" if (part := parts(page, f"column-{letter}-text"))}


def tick(page: AppTest, item_id: str, letters: str) -> None:
    for letter in letters:
        page.checkbox(key=f"tick-{item_id}-{letter}").check().run()


def readable(page: AppTest) -> list[str]:
    return sorted(columns(page))


def test_without_an_item_one_is_chosen(item_id):
    page = open_page()
    assert not page.exception
    assert [card["id"] for card in parts(page, "comparable")[0]["cards"]] == [item_id]


def test_an_empty_workspace_leads_to_browse(workspace):
    page = open_page()
    assert any("Nothing to compare yet" in text.value for text in page.markdown)


def test_answers_stand_side_by_side_without_names_and_scores(item_id):
    page = open_page(item=item_id)
    assert not page.exception
    assert {text[0][1] for text in columns(page).values()} == {"Give the red box.", "Give the blue box."}
    assert not [secret for secret in ("secret-model", "secret-reason", "secret-error") if secret in words(page)]


def test_a_failed_response_is_a_state_and_cannot_be_ticked(item_id):
    page = open_page(item=item_id, responses="A,B,C")
    assert len(page.checkbox) == 2
    assert any("The call failed" in text.value for text in page.markdown)


def test_differences_mark_words(item_id):
    page = open_page(item=item_id, responses="A,B,C", against="A")
    assert not page.exception
    base = readable(page)[0]
    page = open_page(item=item_id, against=base)
    marks = {mark for text in columns(page).values() for mark, _ in text}
    assert marks == {"", "ins", "del"}


def test_a_lead_may_look_and_is_told_what_it_means(item_id):
    page = open_page(item=item_id)
    assert any("count as unblinded" in text.value for text in page.markdown)
    page.button(key="reveal").click().run()
    assert "secret-model" in words(page)
    assert len(parts(page, "scores")) == 2
    with reading() as session:
        assert len(session.exec(select(ScoresSeen)).all()) == 2


def test_an_expert_is_not_offered_to_look(item_id, monkeypatch):
    with transaction() as session:
        add_person(session, name="Amina", role="expert")
    monkeypatch.setenv("CROSS_REVIEW_PERSON", "Amina")
    settings.cache_clear()
    page = open_page(item=item_id)
    assert not page.exception
    assert not [button for button in page.button if button.key == "reveal"]


def test_two_ticked_answers_become_a_pair(item_id):
    page = open_page(item=item_id)
    second, first = readable(page)
    tick(page, item_id, first + second)
    page.button(key="make-pair").click().run()
    # Nothing is suggested: which answer is better is the person's to say.
    assert page.radio(key="pair-chosen").value is None
    assert page.button(key="propose").disabled
    page.radio(key="pair-chosen").set_value(first).run()
    page.pills(key="pair-type").set_value("unaware")
    page.button(key="propose").click().run()
    assert not page.exception
    with reading() as session:
        pair = session.exec(select(Pair)).one()
    assert (pair.status, pair.negative_type) == ("proposed", "unaware")
    assert pair.chosen == columns(page)[first][0][1]
    assert f"Pair {pair.id} is proposed." in page.success[0].value


def test_a_third_tick_lets_the_first_go(workspace):
    with transaction() as session:
        item = build_item(session)
        for text in ("One", "Two", "Three"):
            build_response(session, item, text=text)
    page = open_page(item=item.id)
    tick(page, item.id, "ABC")
    assert [page.checkbox(key=f"tick-{item.id}-{letter}").value for letter in "ABC"] == [False, True, True]


def test_a_held_out_item_says_what_becomes_of_its_pairs(workspace):
    with transaction() as session:
        item = build_item(session, split="held_out")
        for text in ("One", "Two"):
            build_response(session, item, text=text)
    page = open_page(item=item.id)
    assert any("can be proposed, never accepted" in text.value for text in page.caption)
    tick(page, item.id, "AB")
    page.button(key="make-pair").click().run()
    page.radio(key="pair-chosen").set_value("A").run()
    page.button(key="propose").click().run()
    assert "never be accepted or trained on" in page.success[0].value


def test_two_very_different_texts_are_not_marked(workspace):
    with transaction() as session:
        item = build_item(session)
        for text in ("One two three", "Four five six"):
            build_response(session, item, text=text)
    page = open_page(item=item.id, against="A")
    assert {mark for text in columns(page).values() for mark, _ in text} == {""}
    assert any(text.value == "too different to mark" for text in page.caption)


def test_the_first_items_to_compare_are_in_the_order_of_browse(workspace):
    with transaction() as session:
        for number in range(13):
            item = build_item(session, country=f"Country {12 - number:02}")
            for _ in range(2):
                build_response(session, item)
    page = open_page()
    shown = [card["country"] for card in parts(page, "comparable")[0]["cards"]]
    assert shown == [f"Country {number:02}" for number in range(12)]
    assert any("first 12 of 13 items" in text.value for text in page.caption)


@pytest.mark.parametrize("address", [{"responses": "Z,9,<b>"}, {"responses": "A"}, {"against": "Q"}])
def test_a_hostile_address_shows_the_first_answers(item_id, address):
    page = open_page(item=item_id, **address)
    assert not page.exception
    assert len(page.checkbox) == 2


def test_an_unknown_item_is_a_message(workspace):
    page = open_page(item="own/none/1")
    assert "There is no item" in page.error[0].value

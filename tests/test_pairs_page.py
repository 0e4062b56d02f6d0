"""The Pairs page: list, one pair to decide, a pair by hand, a stale save."""

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.config import settings
from core.db import reading, transaction
from core.models import Pair
from core.pairs.contents import PairChange
from core.pairs.pairs import edit_pair
from core.people import add_person
from tests.builders import build_item, build_pair, build_person, build_response
from tests.test_browse_page import parts, words


def open_page(**address: str) -> AppTest:
    page = AppTest.from_file("../app.py", default_timeout=30).run()
    page.switch_page("pages/pairs.py")
    for name, entry in address.items():
        page.query_params[name] = entry
    return page.run()


@pytest.fixture
def two(workspace):
    """Two undecided pairs; the first without a type of negative."""
    with transaction() as session:
        item = build_item(session, country="Iran")
        first = build_pair(session, item, status="proposed", negative_type=None)
        second = build_pair(session, item, status="proposed", chosen="Another answer.")
        return first.id, second.id


def stored(pair_id: int) -> Pair:
    with reading() as session:
        return session.get_one(Pair, pair_id)


def type_pills(page: AppTest):
    return next(pills for pills in page.pills if str(pills.key).startswith("type-"))


def reason_box(page: AppTest):
    return next(box for box in page.text_input if str(box.key).startswith("reason-"))


def test_without_pairs_the_page_says_how_to_begin(workspace):
    page = open_page()
    assert not page.exception
    assert any("No pairs yet" in text.value for text in page.markdown)


def test_the_list_counts_and_filters(two):
    page = open_page(status="accepted", country="Iran")
    assert not page.exception
    assert any("No pair fits" in text.value for text in page.markdown)
    page = open_page(status="x", country="Iran")
    assert len(page.dataframe[0].value) == 2


def test_a_pair_is_accepted_and_the_next_one_opens(two):
    first, second = two
    page = open_page(pair=str(first))
    assert not page.exception
    type_pills(page).set_value("unaware")
    reason_box(page).set_value("Misses it")
    page.button(key=f"accepted-{first}").click().run()
    assert not page.exception
    assert (stored(first).status, stored(first).negative_type, stored(first).reason) == (
        "accepted",
        "unaware",
        "Misses it",
    )
    assert page.query_params["pair"] == str(second)


def test_accepting_without_a_type_is_a_message_and_keeps_the_reason(two):
    first, _ = two
    page = open_page(pair=str(first))
    reason_box(page).set_value("Misses it").run()
    page.button(key=f"accepted-{first}").click().run()
    assert "Choose a type of negative" in page.error[0].value
    assert reason_box(page).value == "Misses it"
    assert stored(first).status == "proposed"


def test_later_goes_on_and_changes_nothing(two):
    first, second = two
    page = open_page(pair=str(first))
    page.button(key=f"later-{first}").click().run()
    assert page.query_params["pair"] == str(second)
    assert stored(first).version == 1


def test_undo_takes_the_last_decision_back(two):
    first, second = two
    page = open_page(pair=str(second))
    page.button(key=f"rejected-{second}").click().run()
    assert stored(second).status == "rejected"
    page.button(key=f"undo-{first}").click().run()
    assert stored(second).status == "proposed"
    assert page.query_params["pair"] == str(second)
    assert page.toast[0].value == f"Pair {second}: turned down taken back"


def test_undo_with_nothing_to_undo_says_so(two):
    page = open_page(pair=str(two[0]))
    page.button(key=f"undo-{two[0]}").click().run()
    assert "no decision of yours" in page.toast[0].value


def test_after_the_last_pair_there_is_a_way_on_and_a_way_back(two):
    page = open_page(pair=str(two[0]))
    for pair_id in two:
        type_pills(page).set_value("unaware").run()
        page.button(key=f"accepted-{pair_id}").click().run()
    assert not page.exception
    assert any("All pairs are checked" in text.value for text in page.markdown)
    assert any(button.label == "Freeze them" for button in page.button)
    page.button(key="undo").click().run()
    assert page.query_params["pair"] == str(two[1])
    assert stored(two[1]).status == "proposed"


def test_a_text_is_edited(two):
    first, _ = two
    page = open_page(pair=str(first))
    page.button(key="edit-chosen").click().run()
    page.text_area[0].set_value("Wait, and then eat.").run()
    page.button(key="save-chosen").click().run()
    assert not page.exception
    assert stored(first).chosen == "Wait, and then eat."
    assert not page.text_area


def test_a_stale_save_is_refused_and_the_text_is_kept(two):
    first, _ = two
    page = open_page(pair=str(first))
    page.button(key="edit-chosen").click().run()
    page.text_area[0].set_value("My text.").run()
    with transaction() as session:
        mei = build_person(session, "lead", name="Mei")
        edit_pair(
            session, person=mei, pair_id=first, version=1, change=PairChange(chosen="Text of Mei.", reason="Hers")
        )
    page.button(key="save-chosen").click().run()
    assert "Mei changed the chosen text\\, the reason" in page.error[0].value
    assert stored(first).chosen == "Text of Mei."
    assert page.text_area[0].value == "My text."
    assert parts(page, "stored-chosen")[0]["parts"] == [["", "Text of Mei."]]
    page.button(key="keep-mine").click().run()
    assert page.text_area[0].value == "My text."
    page.button(key="save-chosen").click().run()
    assert stored(first).chosen == "My text."


def test_the_newer_version_can_be_taken(two):
    first, _ = two
    page = open_page(pair=str(first))
    reason_box(page).set_value("Mine").run()
    with transaction() as session:
        mei = build_person(session, "lead", name="Mei")
        edit_pair(session, person=mei, pair_id=first, version=1, change=PairChange(reason="Hers"))
    page.run()
    page.button(key="take-newer").click().run()
    assert reason_box(page).value == "Hers"
    assert not [button for button in page.button if button.key == "take-newer"]


def test_swap_is_saved(two):
    first, _ = two
    before = stored(first)
    page = open_page(pair=str(first))
    page.button(key=f"swap-{first}").click().run()
    assert (stored(first).chosen, stored(first).rejected) == (before.rejected, before.chosen)


def test_a_model_stays_hidden_until_its_response_is_open(workspace):
    with transaction() as session:
        item = build_item(session)
        response = build_response(session, item, model="secret-model")
        pair = build_pair(
            session,
            item,
            status="proposed",
            chosen_kind="response",
            chosen_response_id=response.id,
            chosen_author="secret-model",
        )
    page = open_page(pair=str(pair.id))
    assert not page.exception
    assert "secret-model" not in words(page)
    assert "secret-model" not in words(open_page())


def test_a_pair_is_written_by_hand(workspace):
    with transaction() as session:
        item = build_item(session)
    page = open_page(new="yes")
    assert [card["id"] for card in parts(page, "by-hand-items")[0]["cards"]] == [item.id]
    page = open_page(new="yes", item=item.id)
    assert parts(page, "by-hand-norm")
    page.text_area(key="by-hand-chosen").set_value("Wait for the host.")
    page.text_area(key="by-hand-rejected").set_value("Begin at once.")
    page.button[-1].click().run()
    assert not page.exception
    with reading() as session:
        pair = session.exec(select(Pair)).one()
    assert (pair.chosen_kind, pair.status) == ("written", "proposed")
    assert page.query_params["pair"] == str(pair.id)


def test_an_expert_is_told_whose_page_this_is(two, monkeypatch):
    with transaction() as session:
        add_person(session, name="Amina", role="expert")
    monkeypatch.setenv("CROSS_REVIEW_PERSON", "Amina")
    settings.cache_clear()
    page = AppTest.from_file("../pages/pairs.py", default_timeout=30)
    page.query_params["pair"] = str(two[0])
    page.run()
    assert any("for the leads of this project" in message.value for message in page.info)
    assert not page.button


@pytest.mark.parametrize("pair", ["99", "x", "-1", "1e9", "9" * 30])
def test_an_unknown_pair_is_a_message_with_a_way_back(two, pair):
    page = open_page(pair=pair)
    assert not page.exception
    assert "There is no pair" in page.error[0].value
    page.button(key="leave").click().run()
    assert len(page.dataframe[0].value) == 2

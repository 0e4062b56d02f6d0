"""The Browse page: filters in the address, gallery, table, one item."""

import json

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.config import settings
from core.db import transaction
from core.models import Item, ItemWarning, LockedResponse, Response, ResponseFlag, ScoresSeen
from core.people import add_person, current_person
from tests.builders import build_item, build_judgements, build_response


def open_page(**address: str | list[str]) -> AppTest:
    page = AppTest.from_file("../app.py", default_timeout=30).run()
    page.switch_page("pages/browse.py")
    for name, entry in address.items():
        page.query_params[name] = entry
    return page.run()


def parts(page: AppTest, key: str) -> list[dict]:
    """Return what components whose key holds a text were given."""
    return [json.loads(part.proto.json) for part in page.get("bidi_component") if key in part.proto.id]


def cards(page: AppTest) -> list[dict]:
    return parts(page, "items")[0]["cards"]


def words(page: AppTest) -> str:
    """Return everything that reached the browser."""
    return "\n".join(str(element.proto) for element in page.main)


@pytest.fixture
def shelf(workspace):
    """Two items; the first has two responses by `secret-model`, judged."""
    with transaction() as session:
        first = build_item(
            session, id="casa/Iran_1/1", country="Iran", subset="casa", query="Which sweets?", region="Yazd"
        )
        build_item(session, id="casa/Japan_1/1", country="Japan", query="Which tea?", split="held_out")
        for number in (1, 2):
            response = build_response(session, first, model="secret-model", round=number, text=f"Answer {number}")
            build_judgements(session, response)
        session.add(ItemWarning(item_id=first.id, code="country_mismatch", detail="names Iraq"))
        return first.id


def test_all_items_are_counted_and_shown(shelf):
    page = open_page()
    assert not page.exception
    assert page.caption[0].value == "2 items"
    assert [card["country"] for card in cards(page)] == ["Iran", "Japan"]
    assert cards(page)[1]["notes"][0]["text"] == "held out"
    assert cards(page)[0]["notes"][0]["title"] == "1 warning"


def test_a_sent_link_shows_the_same(shelf):
    page = open_page(country="Japan", q="TEA")
    assert page.caption[0].value == "1 of 2 items"
    assert [card["id"] for card in cards(page)] == ["casa/Japan_1/1"]
    assert cards(page)[0]["link"] == "q=TEA&country=Japan&item=casa%2FJapan_1%2F1"


def test_a_filter_clicked_goes_to_the_address_and_can_be_taken_away(shelf):
    page = open_page()
    page.pills(key="filter-countries").set_value(["Iran"]).run()
    assert page.query_params["country"] == "Iran"
    assert page.caption[0].value == "1 of 2 items"
    page.button(key="clear-all").click().run()
    assert page.caption[0].value == "2 items"
    assert "country" not in page.query_params


@pytest.mark.parametrize(
    "address", [{"country": "<b>x"}, {"page": "99"}, {"page": "-1"}, {"view": "x"}, {"split": "%00"}]
)
def test_a_hostile_address_changes_nothing(shelf, address):
    page = open_page(**address)
    assert not page.exception
    assert len(cards(page)) == 2


def test_what_fits_nothing_says_what_to_do(shelf):
    page = open_page(q="nothing like this")
    assert any("Nothing fits" in text.value for text in page.markdown)


def test_an_empty_workspace_leads_to_the_import(workspace):
    page = open_page()
    assert any("No items yet" in text.value for text in page.markdown)
    assert any(button.label == "Import items" for button in page.button)


def test_the_second_page_is_in_the_address(workspace):
    with transaction() as session:
        for _ in range(30):
            build_item(session)
    page = open_page(page="2")
    assert len(cards(page)) == 6


def test_an_item_shows_what_is_known_and_keeps_the_rest_closed(shelf):
    page = open_page(item=shelf)
    assert not page.exception
    assert parts(page, "item-query")[0]["parts"] == [["", "Which sweets?"]]
    everything = words(page)
    assert "Another country is named" in everything
    assert "Response A" in everything
    assert "secret-model" not in everything
    assert "secret-reason" not in everything
    assert {parts(page, f"text-{letter}")[0]["parts"][0][1] for letter in "AB"} == {"Answer 1", "Answer 2"}


def test_a_locked_response_shows_its_model_and_scores(shelf):
    with transaction() as session:
        person = current_person(session)
        session.add(LockedResponse(person_id=person.id, response_id=1))
    page = open_page(item=shelf)
    assert "secret-reason-1-awareness" in words(page)
    assert "secret-reason-2-awareness" not in words(page)
    assert len(parts(page, "scores")) == 1
    assert cards(open_page())[0]["marks"][0] == {
        "look": "yes",
        "text": "A ✓",
        "title": "Awareness: yes in 1 of 1 scores by judge-a",
    }


@pytest.fixture
def open_to_me(shelf):
    """The first response of the shelf, judged by a second judge too, who says no to all; its scores seen."""
    with transaction() as session:
        build_judgements(session, session.get_one(Response, 1), "0000", judge="judge *b*")
        session.add(LockedResponse(person_id=current_person(session).id, response_id=1))
    return shelf


def chip(page: AppTest, name: str) -> str:
    return page.button(key=f"chip-{name}").label


def test_the_failing_filter_names_its_judge_and_keeps_it_in_the_address(open_to_me):
    page = open_page()
    page.pills(key="filter-failing").set_value(["compliance"]).run()
    assert not page.exception
    assert chip(page, "failing") == r"judge \*b\* says no to: Compliance"
    assert (page.query_params["failing"], page.query_params["judge"]) == ("compliance", "judge *b*")
    assert page.caption[0].value == "1 of 2 items"


def test_another_judge_can_be_chosen_for_filter_and_marks(open_to_me):
    page = open_page(failing="compliance")
    page.selectbox(key="filter-judge").set_value("judge-a").run()
    assert chip(page, "failing") == r"judge\-a says no to: Compliance"
    assert page.caption[0].value == "0 of 2 items"
    page = open_page(judge="judge-a")
    assert page.caption[0].value == "2 items"
    assert r"Marks by **judge\-a**" in page.caption[1].value
    assert {mark["title"] for mark in cards(page)[0]["marks"]} >= {"Compliance: yes in 1 of 1 scores by judge-a"}


def test_with_one_judge_it_is_named_and_not_asked_for(shelf):
    with transaction() as session:
        session.add(LockedResponse(person_id=current_person(session).id, response_id=1))
    page = open_page()
    assert page.pills(key="filter-failing").label == r"judge\-a says no to"
    assert not [box for box in page.selectbox if box.key == "filter-judge"]


def test_flagged_responses_are_found_and_one_that_is_closed_is_not_pointed_at(shelf):
    with transaction() as session:
        session.add(ResponseFlag(response_id=2, code="instruction", excerpt="secret-excerpt"))
    page = open_page()
    page.checkbox(key="filter-flagged").check().run()
    assert page.query_params["flagged"] == "yes"
    assert [card["id"] for card in cards(page)] == [shelf]
    page = open_page(flagged="yes", item=shelf)
    assert any("once it is open to you" in text.value for text in page.caption)
    assert "secret-excerpt" not in words(page)


def test_what_a_number_was_made_of_stands_in_chips_that_can_be_taken_away(shelf):
    number = {"scored_by": "judge/judge-a", "scored": "compliance", "answered_by": "secret-model"}
    page = open_page(region="Yazd", setting="english", round="2", errata="none", **number)
    assert [card["id"] for card in cards(page)] == [shelf]
    assert (chip(page, "regions"), chip(page, "rounds")) == ("Region or group: Yazd", "Round of answers: 2")
    assert (chip(page, "settings"), chip(page, "errata")) == ("Answered in: English", "Corrections: none")
    assert chip(page, "scored_by").startswith("Behind the number: scored by judge")
    page.button(key="chip-scored_by").click().run()
    assert not set(number) & set(page.query_params)
    page.button(key="clear-all").click().run()
    assert page.caption[0].value == "2 items"


@pytest.fixture
def behind_one(shelf):
    """Add an answer of another model to the shelf's item: two of its three are behind a number of `secret-model`."""
    with transaction() as session:
        build_judgements(session, build_response(session, session.get_one(Item, shelf), model="other-model"))
    return {"item": shelf, "scored_by": "judge/judge-a", "scored": "compliance", "answered_by": "secret-model"}


def shown(page: AppTest) -> int:
    return len(parts(page, "text-"))


def test_an_item_says_how_many_of_its_answers_are_behind_the_number_and_not_which(behind_one):
    page = open_page(**behind_one)
    assert "2 of these 3 responses are behind the number" in words(page)
    assert shown(page) == 3
    assert "other-model" not in words(page)
    assert not parts(page, "scores")


def test_a_lead_opens_the_answers_behind_a_number_and_sees_only_them(behind_one):
    page = open_page(**behind_one)
    button = page.button(key="behind-open")
    assert button.label == "Open these 2 and show only them (labels you give afterwards count as unblinded)"
    button.click().run()
    assert not page.exception
    assert (shown(page), len(parts(page, "scores"))) == (2, 2)
    with transaction() as session:
        assert set(session.exec(select(ScoresSeen.response_id))) == {1, 2}
    page.button(key="behind-all").click().run()
    assert (shown(page), len(parts(page, "scores"))) == (3, 2)
    page.button(key="behind-only").click().run()
    assert shown(page) == 2


def test_a_sent_link_to_the_answers_behind_a_number_sets_none_apart_that_are_closed(behind_one):
    page = open_page(**behind_one, only="behind")
    assert shown(page) == 3
    assert page.button(key="behind-open")


def test_the_only_answers_of_an_item_are_open_once_a_number_has_told_their_model(shelf):
    page = open_page(item=shelf, scored_by="judge/judge-a", answered_by="secret-model")
    assert "All 2 responses are behind the number" in words(page)
    with transaction() as session:
        assert set(session.exec(select(ScoresSeen.response_id))) == {1, 2}


def test_an_expert_is_told_nothing_of_a_number(shelf, monkeypatch):
    with transaction() as session:
        add_person(session, name="Amina", role="expert")
    monkeypatch.setenv("CROSS_REVIEW_PERSON", "Amina")
    settings.cache_clear()
    page = open_page(scored_by="judge/nobody", scored="compliance", answered_by="m-9")
    assert len(cards(page)) == 2
    assert "Behind the number" not in words(page)


def test_an_expert_is_offered_no_hidden_model_to_filter_by(shelf, monkeypatch):
    with transaction() as session:
        add_person(session, name="Amina", role="expert")
    monkeypatch.setenv("CROSS_REVIEW_PERSON", "Amina")
    settings.cache_clear()
    page = open_page()
    assert not page.exception
    assert "secret-model" not in words(page)
    assert not [select for select in page.multiselect if select.key == "filter-models"]
    # A model named in the address is no more than an unknown entry; a failing dimension finds nothing that is closed.
    assert len(cards(open_page(model="secret-model"))) == 2
    assert any("Nothing fits" in text.value for text in open_page(failing="compliance").markdown)
    page = open_page(judge="judge-a", flagged="yes")
    assert any("Nothing fits" in text.value for text in page.markdown)
    # The address itself holds the name; nothing on the page answers to it.
    assert "judge-a" not in words(page)
    assert words(open_page(judge="judge-a")).count("judge-a") == words(open_page(judge="nobody")).count("nobody") == 0


def test_an_unknown_item_is_a_message_with_a_way_back(shelf):
    page = open_page(item="casa/Nowhere_9/1")
    assert not page.exception
    assert "There is no item" in page.error[0].value
    page.button(key="back").click().run()
    assert len(cards(page)) == 2


def test_text_from_data_stays_inert(workspace):
    with transaction() as session:
        build_item(
            session, id="own/x/1", country="**Iran** :material/home:", region="[x](http://e.org)", query="<b>q</b>"
        )
    page = open_page(item="own/x/1")
    assert not page.exception
    text = "\n".join(element.value for element in page.markdown)
    assert "**Iran**" not in text
    assert "](http" not in text


def test_the_table_opens_an_item_by_its_row(shelf):
    page = open_page(view="table")
    assert list(page.dataframe[0].value["Country"]) == ["Iran", "Japan"]

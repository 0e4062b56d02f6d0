"""The Adjudicate page: a ruling in two keys, the judge after it, two leads at once, corrections, the way on."""

from datetime import timedelta

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.config import settings
from core.db import reading, transaction
from core.labels.disagreements import name_of, standing_rulings
from core.labels.rulings import Decision
from core.models import (
    Assignment,
    Erratum,
    MarkedPhrase,
    Note,
    OpinionAsked,
    Person,
    Response,
    ReviewSession,
    Ruling,
    utc_now,
)
from core.people import add_person, current_person
from core.rubric import CAUSE_TITLES
from tests.builders import build_item, build_judgements, build_person, build_response
from tests.ruling_builders import build_disputed, build_labels, build_ruling
from tests.test_browse_page import parts, words

HOSTILE = ":red[x] <b>$y$</b> **z**"
# Without punctuation: `plain()` would part it, and a search miss it.
SECRETS = ("secretmodel", "secretjudge", "secret-reason")


def open_page(**address: str) -> AppTest:
    page = AppTest.from_file("../pages/adjudicate.py", default_timeout=30)
    for name, entry in address.items():
        page.query_params[name] = entry
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, start: str) -> AppTest:
    """Press the button whose key begins so."""
    next(button for button in page.button if str(button.key).startswith(start)).click().run()
    assert not page.exception
    return page


def decide(page: AppTest, outcome: str = "y", cause: str = "misread") -> AppTest:
    number = list(CAUSE_TITLES).index(cause) + 1  # type: ignore[arg-type]
    return press(press(page, f"outcome-{outcome}-"), f"cause-{number}-")


def standing(response: Response) -> list[tuple[str, int | None, str, str]]:
    with reading() as session:
        rows = standing_rulings(session, response_ids=[response.id])
    return [(row.outcome, row.score, row.cause, row.reason) for row in rows]


def told(page: AppTest) -> str:
    return "\n".join(text.value for kind in ("markdown", "caption", "warning", "subheader") for text in page.get(kind))


@pytest.fixture
def lead(workspace) -> Person:
    with transaction() as session:
        return current_person(session)


@pytest.fixture
def response(lead) -> Response:
    """A response two experts differ on about education, judged no there."""
    with transaction() as session:
        response = build_disputed(session, model="secretmodel")
        build_judgements(session, response, "1010", judge="secretjudge")
        return response


def test_without_labels_the_page_says_how_disagreements_come_up(lead):
    page = open_page()
    assert "Nothing to settle yet" in told(page)
    assert [button.label for button in page.button] == ["Undo", "Go to Validate"]


def test_a_ruling_takes_an_outcome_and_a_cause(response):
    page = open_page()
    next(box for box in page.text_input if str(box.key).startswith("reason-")).set_value("It says why.").run()
    decide(page, "y", "misread")
    assert standing(response) == [("settled", 1, "misread", "It says why.")]


def test_every_choice_has_a_key_of_its_own(response):
    page = open_page()
    shortcuts = [button.proto.shortcut for button in page.button if button.proto.shortcut]
    assert sorted(shortcuts) == sorted(["u", "l", "t", "y", "n", "s", "w", "p"])
    press(page, "outcome-s-")
    causes = [button.proto.shortcut for button in page.button if str(button.key).startswith("cause-")]
    assert causes == ["1", "2", "3", "4", "5", "6", "7", "8"]


def test_nothing_of_judge_model_or_names_is_sent_before_the_ruling(lead):
    with transaction() as session:
        response = build_response(session, build_item(session), model="secretmodel", snapshot="secretmodel-1")
        build_judgements(session, response, "1010", judge="secretjudge")
        for name, marks in (("Amina", "1111"), ("Yusuf", "1011")):
            build_labels(session, response, marks, person=build_person(session, name=name, pseudonym=f"who-{name}"))
    page = open_page()
    for sent in (words(page), words(press(page, "outcome-y-"))):
        assert "Start with the bread" in sent
        assert [word for word in (*SECRETS, "Amina", "Yusuf", "who-") if word in sent] == []


def test_after_the_ruling_judge_and_model_appear_and_the_difference_is_marked(response):
    page = decide(open_page())
    sent = words(page)
    assert [word for word in SECRETS if word not in sent] == []
    table = parts(page, "labels")[0]
    judged = {row["title"]: row["cells"][-1]["differs"] for row in table["rows"]}
    assert judged == {"Awareness": False, "Education": True, "Compliance": False, "Helpfulness": False}


def test_how_the_judge_stands_to_the_ruling_is_said_where_it_gives_a_score(response):
    assert "A judge differs from the ruling on: Education." in told(decide(open_page()))
    page = decide(press(open_page(response=name_of(response.id)), "undo"), "n", "misread")
    assert "Where you ruled, no judge differs." in told(page)
    page = decide(press(open_page(response=name_of(response.id)), "undo"), "w", "item")
    assert "differs from the ruling" not in told(page)


def test_the_experts_stand_side_by_side_with_confidence_reasons_and_marks(lead):
    with transaction() as session:
        response = build_disputed(session, "1?11", "1111")
        build_labels(session, response, "1011", confidence=3, reason=HOSTILE)
        build_labels(session, response, "1111", pool="outside")
    table = parts(open_page(), "labels-now")[0]
    assert [column["title"] for column in table["columns"]] == ["Expert A", "Expert B", "Expert C", "Expert D"]
    assert [column["aside"] for column in table["columns"]][-1] == "from outside the country"
    education = table["rows"][0]
    assert (education["title"], education["state"]) == ("Education", "they differ")
    assert sorted(cell["words"] for cell in education["cells"][:3]) == ["can't say", "no", "yes"]
    no = next(cell for cell in education["cells"] if cell["words"] == "no")
    assert (no["aside"], no["reason"]) == ("sure", HOSTILE)


def test_notes_and_marked_words_stand_with_the_answers_they_explain(lead):
    with transaction() as session:
        response = build_disputed(session)
        person = build_person(session)
        build_labels(session, response, "1011", person=person)
        earlier = utc_now() - timedelta(days=1)
        place = {"person_id": person.id, "response_id": response.id, "created_at": earlier}
        session.add(Note(**place, form_id="n", text="Said differently in the north."))
        session.add(MarkedPhrase(**place, form_id="m", begins=0, ends=5, phrase="Start"))
    page = open_page()
    [notes] = [note for note in parts(page, "labels-now")[0]["notes"] if note["text"]]
    assert notes == {"text": "Said differently in the north.", "phrases": ["Start"]}
    assert parts(page, "labels")[1]["notes"] == []


def test_with_two_dimensions_the_judge_waits_for_the_second(lead):
    with transaction() as session:
        response = build_disputed(session, "1111", "1001", model="secretmodel")
        build_judgements(session, response, judge="secretjudge")
    page = decide(open_page())
    assert [row["title"] for row in parts(page, "labels-now")[0]["rows"]] == ["Compliance"]
    assert [word for word in SECRETS if word in words(page)] == []
    assert "secretmodel" in words(decide(page, "s", "region"))


def test_next_opens_the_next_one_and_the_end_says_what_was_done(response):
    with transaction() as session:
        second = build_disputed(session)
    page = press(decide(open_page()), "next-")
    assert page.query_params["response"] == name_of(second.id)
    page = press(decide(page, "w", "item"), "next-")
    assert "All settled here" in told(page)
    assert "**2 rulings** on 2 responses" in told(page)
    assert "the norm is wrong: 1" in told(page)


def test_a_refresh_after_the_ruling_shows_the_judge_again(response):
    decide(open_page())
    page = open_page(response=name_of(response.id))
    assert "Settled." in told(page)
    assert "secretmodel" in words(page)


def test_later_lets_another_response_come_first(response):
    with transaction() as session:
        second = build_disputed(session)
    page = press(open_page(), "later-")
    assert page.query_params["response"] == name_of(second.id)
    page = press(page, "later-")
    assert page.query_params["response"] == name_of(response.id)


def test_undo_takes_the_last_ruling_back_and_hides_the_judge_again(response):
    page = press(decide(open_page()), "undo")
    assert standing(response) == []
    assert page.query_params["response"] == name_of(response.id)
    assert [word for word in SECRETS if word in words(page)] == []
    decide(page, "n", "knowledge")
    assert [row[1] for row in standing(response)] == [0]


def test_undo_with_nothing_to_undo_says_so(response):
    page = press(open_page(), "undo")
    assert "no ruling of yours" in page.toast[0].value


def test_back_returns_to_the_outcomes_and_keeps_the_reason(response):
    page = open_page()
    page.text_input[0].set_value("My reason").run()
    press(press(page, "outcome-y-"), "back-")
    assert page.text_input[0].value == "My reason"
    assert [button for button in page.button if str(button.key).startswith("outcome-n-")]


def test_a_lead_who_comes_second_is_shown_both_versions_and_loses_nothing(response):
    page = open_page()
    page.text_input[0].set_value("Mine.").run()
    press(page, "outcome-n-")
    with transaction() as session:
        mei = build_person(session, "lead", name="Mei")
        build_ruling(session, response, decision=Decision("several_right", None, "region", "Hers."), person=mei)
    press(page, "cause-6-")
    assert standing(response) == [("several_right", None, "region", "Hers.")]
    shown = told(page) + "".join(text for part in parts(page, "-reason") for _, text in part["parts"])
    expected = ("Mei ruled on this", "Several are right", "Hers.", "No. Somebody does not know", "Mine.")
    assert [word for word in expected if word not in shown] == []
    assert [word for word in SECRETS if word in words(page)] == []


def test_in_two_tabs_of_one_lead_the_judge_stays_hidden_while_a_decision_is_open(response):
    first, second = press(open_page(), "outcome-y-"), open_page()
    decide(second, "n", "region")
    press(first, "cause-4-")
    assert "you ruled on this while this was open" in told(first)
    assert [word for word in SECRETS if word in words(first)] == []


def both_versions(response: Response) -> AppTest:
    page = press(open_page(), "outcome-n-")
    with transaction() as session:
        build_ruling(session, response, decision=Decision("several_right", None, "region"))
    return press(page, "cause-6-")


def test_the_second_lead_can_put_theirs_in_its_place(response):
    press(both_versions(response), "put-mine")
    assert [row[:2] for row in standing(response)] == [("settled", 0)]
    with reading() as session:
        assert len(session.exec(select(Ruling)).all()) == 2


def test_the_second_lead_can_keep_what_is_stored(response):
    page = press(both_versions(response), "keep-stored")
    assert [row[0] for row in standing(response)] == ["several_right"]
    assert [word for word in SECRETS if word in words(page)] == []
    assert "secretmodel" in words(press(page, "open-judge"))


def test_a_third_expert_is_asked_and_can_be_unasked(response):
    page = press(open_page(), "third-")
    assert "1 waiting for a third expert" in told(page)
    page = press(press(page, "see-asked"), "ask-nobody")
    assert [button for button in page.button if str(button.key).startswith("outcome-")]
    with reading() as session:
        assert session.exec(select(OpinionAsked)).all() == []


def test_the_country_of_the_address_filters(lead):
    with transaction() as session:
        build_disputed(session, country="Peru")
        iran = build_disputed(session, country="Iran")
        nowhere = build_disputed(session, country=None)
    assert open_page(country="Iran").query_params["response"] == name_of(iran.id)
    assert open_page(country="unknown").query_params["response"] == name_of(nowhere.id)
    assert open_page().selectbox[0].options[0] == "All countries (3 to rule on)"


def test_labelled_and_settled_are_shown_as_two_numbers(response):
    with transaction() as session:
        build_disputed(session, "1111", "1111")
    assert "2 labelled by two or more · 1 settled" in told(open_page())


def test_a_norm_that_is_wrong_can_be_proposed_for_correction_once(response):
    page = decide(open_page(), "w", "item")
    page.text_area(key="correction").set_value("One eats from one's own side.").run()
    page.text_input(key="correction-reason-norm_wrong").set_value("It says the contrary.").run()
    press(page, "propose-norm_wrong")
    with reading() as session:
        erratum = session.exec(select(Erratum)).one()
    assert (erratum.kind, erratum.item_id, erratum.proposed) == (
        *("norm_wrong", response.item_id),
        "One eats from one's own side.",
    )
    assert "a correction of this item is proposed" in told(page)


def test_a_settled_ruling_asks_for_no_correction(response):
    page = decide(open_page())
    assert [button for button in page.button if str(button.key).startswith("propose-")] == []


def test_a_lead_who_labelled_it_is_told(lead):
    with transaction() as session:
        response = build_disputed(session, "1111")
        build_labels(session, response, "1011", person=session.get_one(Person, lead.id))
    assert "You labelled this response yourself" in told(open_page())


def test_what_is_still_to_label_in_an_open_session_is_kept_from_the_lead(lead, response):
    with transaction() as session:
        review = ReviewSession(person_id=lead.id, title="Morocco", planned=1, created_at=utc_now() - timedelta(hours=1))
        session.add(review)
        session.flush()
        session.add(Assignment(session_id=review.id, position=0, response_id=response.id))
    assert "No disagreement is waiting" in told(open_page())
    page = open_page(response=name_of(response.id))
    assert "still yours to label" in page.error[0].value
    assert parts(page, "labels") == []


def test_texts_from_data_are_never_read_as_markdown(lead):
    with transaction() as session:
        item = build_item(session, country=HOSTILE, region=HOSTILE, norm=HOSTILE)
        response = build_response(session, item, text=HOSTILE, model=HOSTILE)
        for marks in ("1111", "1011"):
            build_labels(session, response, marks, reason=HOSTILE)
        build_judgements(session, response, judge="judge-a")
    page = open_page()
    page.text_input[0].set_value(HOSTILE).run()
    decide(page)
    assert HOSTILE not in told(page)


@pytest.mark.parametrize("name", ["99", "x", "../..", "9" * 300])
def test_an_unknown_response_says_so_and_shows_the_next(response, name):
    page = open_page(response=name)
    assert "do not differ" in page.warning[0].value
    assert page.query_params["response"] == name_of(response.id)


def test_an_expert_is_told_whose_page_this_is(response, monkeypatch):
    with transaction() as session:
        add_person(session, name="Amina", role="expert")
    monkeypatch.setenv("CROSS_REVIEW_PERSON", "Amina")
    settings.cache_clear()
    page = open_page(response=name_of(response.id))
    assert any("for the leads of this project" in message.value for message in page.info)
    assert "Start with the bread" not in words(page)

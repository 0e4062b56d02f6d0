"""Cards show what belongs on the screen, and judge and model only after the lock."""

import json
from dataclasses import asdict

from sqlmodel import Session

from core.labels.cards import cards, last_decisions
from core.labels.picking import start_item_session
from core.labels.places import handle_of
from core.labels.review_sessions import open_session
from core.models import Person, ScoresSeen
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_judgements, build_person, build_response
from tests.label_builders import answer, assigned, four, save


def card_of(session: Session, person: Person, position: int = 0):
    review = open_session(session, person=person)
    return cards(session, person=person, review=review, positions=[position])[0]


def test_before_the_lock_a_card_holds_nothing_of_judge_and_model(session):
    person = build_person(session, role="admin")
    (response,) = assigned(session, person)
    session.add(ScoresSeen(person_id=person.id, response_id=response.id))
    save(session, person, *four(response)[:3])
    text = json.dumps(asdict(card_of(session, person)))
    assert "secret-reason" not in text
    assert response.model not in text


def test_the_lock_of_another_person_reveals_nothing(session):
    person, other = build_person(session), build_person(session)
    (response,) = assigned(session, other)
    start_item_session(session, person=person, item_id=response.item_id)
    save(session, other, *four(response))
    card = card_of(session, person)
    assert (card.locked, card.revealed, card.answers) == (False, None, {})


def test_after_the_lock_each_judge_stands_by_itself(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    build_judgements(session, response, "00-1", judge="judge-b")
    save(session, person, *four(response))
    revealed = card_of(session, person).revealed
    assert revealed.model == response.model
    assert [view.judge for view in revealed.judges] == ["judge-a", "judge-b"]
    assert [revealed.judges[1].judgements[d].score for d in DIMENSIONS] == [0, 0, None, 1]
    assert revealed.judges[0].judgements["awareness"].reason == f"secret-reason-{response.id}-awareness"


def test_a_translation_shows_the_english_question_as_the_other_wording_and_the_other_way_round(session):
    person = build_person(session)
    base = {"base_item_id": "casa/Iran_1", "subset": "casa", "query_english": "Which one?", "country": "Iran"}
    english = build_item(session, id="casa/Iran_1/1", query="Which one?", **base)
    persian = build_item(session, id="casa/Iran_1/t", query="کدام؟", wording="translation", language="fa", **base)
    for item in (english, persian):
        build_response(session, item)
    start_item_session(session, person=person, item_id=persian.id)
    card = card_of(session, person)
    assert (card.question.text, card.question.machine, card.other_question.text) == ("کدام؟", True, "Which one?")
    start_item_session(session, person=person, item_id=english.id)
    card = card_of(session, person)
    assert (card.question.machine, card.other_question.text, card.other_question.machine) == (False, "کدام؟", True)
    assert card.other_question.language == "fa"


def test_an_item_without_another_wording_has_none(session):
    person = build_person(session)
    assigned(session, person)
    assert card_of(session, person).other_question is None


def test_a_picture_is_described_even_where_nobody_described_it(session):
    person = build_person(session)
    assigned(session, person, query="Which clock?")
    assert card_of(session, person).image_alt == "Picture for the question: Which clock?"


def test_the_last_decisions_outlive_a_refresh_in_their_order(session):
    person = build_person(session)
    first, second = assigned(session, person, 2)
    review = open_session(session, person=person)
    save(session, person, *four(first), answer(second, "awareness"), answer(second, "education"))
    save(session, person, answer(second, "awareness", "undone"), answer(first, "education", "no"))
    made = last_decisions(session, person=person, review=review, count=3)
    assert [(d.position, d.dimension) for d in made] == [(0, "helpfulness"), (1, "education"), (0, "education")]
    assert [d.handle for d in made] == [handle_of(review.id, place) for place in (0, 1, 0)]

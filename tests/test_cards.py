"""Cards show what belongs on the screen, and judge and model only after the lock."""

import json
from dataclasses import asdict
from uuid import uuid4

from sqlmodel import Session

from core.labels.cards import cards
from core.labels.decisions import last_decisions
from core.labels.picking import start_item_session
from core.labels.places import handle_of
from core.labels.review_sessions import open_session
from core.models import Erratum, Item, Person, ScoresSeen, utc_now
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_judgements, build_person, build_response
from tests.label_builders import answer, assigned, four, lines, save


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


def corrected_item(session: Session, kind: str, proposed: str | None, **given: object) -> Item:
    """An item whose correction was accepted, and another that is only proposed."""
    item = build_item(session, **given)
    decided = {"item_id": item.id, "kind": kind, "person_id": build_person(session).id}
    accepted = {"status": "accepted", "decided_at": utc_now(), "proposed": proposed, "form_id": f"{item.id}-1"}
    session.add_all([Erratum(**decided, **accepted), Erratum(**decided, proposed="Not yet", form_id=f"{item.id}-2")])
    session.flush()
    return item


def card_of_item(session: Session, item: Item):
    person = build_person(session)
    build_response(session, item)
    start_item_session(session, person=person, item_id=item.id)
    return card_of(session, person)


def test_an_accepted_correction_of_the_norm_is_shown_beside_the_norm_as_it_came(session):
    card = card_of_item(session, corrected_item(session, "norm_incomplete", "Norm, whole.", norm="Norm."))
    assert (card.norm, card.norm_came) == ("Norm, whole.", "Norm.")


def test_a_norm_that_was_found_not_to_hold_is_shown_as_none_beside_how_it_came(session):
    card = card_of_item(session, corrected_item(session, "norm_wrong", None, norm="Norm."))
    assert (card.norm, card.norm_came) == ("", "Norm.")


def test_a_norm_whose_correction_nobody_has_accepted_is_shown_as_it_came(session):
    item = build_item(session, norm="Norm.")
    own = {"kind": "norm_wrong", "proposed": "Else.", "form_id": "f", "person_id": build_person(session).id}
    session.add(Erratum(item_id=item.id, **own))
    card = card_of_item(session, item)
    assert (card.norm, card.norm_came) == ("Norm.", None)


def test_a_corrected_translation_is_no_machine_s_any_more_and_stands_beside_the_one_that_came(session):
    given = {"wording": "translation", "language": "fa", "query": "کدام؟", "base_item_id": "casa/x", "subset": "casa"}
    item = corrected_item(session, "translation_bad", "کدامیک؟", **given)
    question = card_of_item(session, item).question
    assert (question.text, question.came, question.machine) == ("کدامیک؟", "کدام؟", False)
    english = build_item(session, base_item_id="casa/x", subset="casa", query="Which?")
    assert card_of_item(session, english).other_question == question


def test_each_of_the_last_decisions_knows_the_answer_it_took_the_place_of(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    save(session, person, answer(response, choice="yes"), answer(response, choice="no"))
    assert decided(session, person) == [("awareness", None), ("awareness", "yes")]


def test_an_undone_decision_and_its_undoing_are_none_of_the_last_decisions(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    first, change = answer(response, choice="yes"), answer(response, choice="no")
    save(session, person, first, change, answer(response, choice="yes", form_id=f"{change['form_id']}-undone"))
    assert decided(session, person) == [("awareness", None)]
    save(session, person, answer(response, choice="undone", form_id=f"{first['form_id']}-undone"))
    assert decided(session, person) == []


def test_a_revision_taken_back_is_kept_and_the_answer_before_it_stands(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    change = answer(response, choice="no")
    save(session, person, *four(response), change)
    save(session, person, answer(response, choice="yes", form_id=f"{change['form_id']}-undone"))
    standing = card_of(session, person).answers["awareness"]
    assert (standing.choice, standing.phase) == ("yes", "revised")
    assert lines(session)[-2:] == [("awareness", "revised", 0, False), ("awareness", "revised", 1, False)]
    assert decided(session, person)[-1] == ("helpfulness", None)


def test_what_was_put_aside_is_one_of_the_last_decisions_at_its_place_in_their_order(session):
    person = build_person(session)
    first, second = assigned(session, person, 2)
    skip = {"kind": "skip", "form_id": str(uuid4()), "response": first.id, "how": "later"}
    # One message: offline they pile up.
    save(session, person, answer(first, "awareness"), skip, answer(second, "education"))
    assert decided(session, person) == [("awareness", None), (None, None), ("education", None)]
    save(session, person, skip | {"form_id": f"{skip['form_id']}-undone", "how": "back"})
    assert decided(session, person) == [("awareness", None), ("education", None)]


def decided(session: Session, person: Person) -> list[tuple[str | None, str | None]]:
    review = open_session(session, person=person)
    return [(d.dimension, d.before) for d in last_decisions(session, person=person, review=review)]

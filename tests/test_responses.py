"""Responses of an item as one person may see them."""

from core.models import Label, LockedResponse
from core.people import reveal_scores
from core.responses.views import comparable_items, letters, response_records, responses_of
from core.rubric import DIMENSIONS
from pages.components.response_card import response_name
from tests.builders import build_item, build_judgements, build_person, build_response


def build_labels(session, person, response, scores, *, locked=True, phase="blind"):
    for dimension, mark in zip(DIMENSIONS, scores, strict=True):
        session.add(
            Label(
                person_id=person.id,
                response_id=response.id,
                dimension=dimension,
                form_id=f"{phase}-{dimension}-{response.id}",
                phase=phase,
                score=None if mark == "-" else int(mark),
                language_shown="en",
            )
        )
    if locked:
        session.add(LockedResponse(person_id=person.id, response_id=response.id))
    session.flush()


def test_a_closed_response_shows_its_text_only(session):
    item = build_item(session)
    response = build_response(session, item, model="secret-model", round=2)
    build_judgements(session, response)
    build_labels(session, build_person(session), response, "1111")
    (view,) = responses_of(session, item_id=item.id, person=build_person(session))
    assert view.text == response.text
    assert not view.is_open
    assert (view.model, view.round, view.error, view.judgements, view.labels) == (None, None, None, (), ())


def test_a_locked_response_shows_scores_model_and_labels(session):
    item, expert = build_item(session), build_person(session)
    response = build_response(session, item, model="open-model")
    build_judgements(session, response, "10-1")
    build_labels(session, expert, response, "0-11")
    (view,) = responses_of(session, item_id=item.id, person=expert)
    assert view.model == "open-model"
    assert view.judged("judge-a", "education").unanimous == 0
    assert view.judged("judge-a", "compliance").scored == 0
    assert (view.labelled("awareness").unanimous, view.labelled("education").unscored) == (0, 1)
    assert view.labels[0].expert == expert.pseudonym


def test_unfinished_answers_of_others_are_not_shown(session):
    item, lead = build_item(session), build_person(session, "lead")
    response = build_response(session, item)
    build_labels(session, build_person(session), response, "1111", locked=False)
    reveal_scores(session, person=lead, response_ids=[response.id])
    (view,) = responses_of(session, item_id=item.id, person=lead)
    assert view.labels == ()


def test_a_revised_label_stands_in_place_of_the_first(session):
    item, expert = build_item(session), build_person(session)
    response = build_response(session, item)
    build_labels(session, expert, response, "0000")
    build_labels(session, expert, response, "1111", locked=False, phase="revised")
    (view,) = responses_of(session, item_id=item.id, person=expert)
    assert [said.score for said in view.labels] == [1, 1, 1, 1]
    assert {said.phase for said in view.labels} == {"revised"}


def test_two_judges_stay_apart(session):
    item, lead = build_item(session), build_person(session, "lead")
    response = build_response(session, item)
    build_judgements(session, response, "1111", judge="a")
    build_judgements(session, response, "0000", judge="b")
    reveal_scores(session, person=lead, response_ids=[response.id])
    (view,) = responses_of(session, item_id=item.id, person=lead)
    assert view.judges == ("a", "b")
    assert (view.judged("a", "awareness").yes, view.judged("b", "awareness").yes) == (1, 0)


def test_the_place_of_a_response_tells_nothing_of_its_model(session):
    person = build_person(session)
    orders = set()
    for _ in range(12):
        item = build_item(session)
        ids = {build_response(session, item, model=f"m{n}").id: n for n in range(3)}
        views = responses_of(session, item_id=item.id, person=person)
        assert [view.letter for view in views] == ["A", "B", "C"]
        assert views == responses_of(session, item_id=item.id, person=person)
        orders.add(tuple(ids[view.id] for view in views))
    assert len(orders) > 1


def test_letters_go_on_after_z():
    assert [letters(place) for place in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_comparable_needs_two_texts_that_can_be_read(session):
    two, one = build_item(session, query="Two gifts?"), build_item(session)
    for item, status in ((two, "ok"), (two, "cut_off"), (one, "ok"), (one, "failed")):
        build_response(session, item, status=status)
    assert comparable_items(session) == [two.id]
    assert comparable_items(session, search="GIFTS") == [two.id]
    assert comparable_items(session, search="nothing like it") == []


def test_records_have_the_fields_of_the_export(session):
    item = build_item(session)
    response = build_response(session, item, status="failed", text="", error="timed out")
    (record,) = response_records(session)
    assert record == {
        "item_id": item.id,
        "response_id": response.id,
        "response_model": response.model,
        "setting": "english",
        "response_round": 1,
        "status": "failed",
        "text": "",
        "error": "timed out",
        "created_at": response.created_at.isoformat(),
    }


def test_a_response_given_without_the_picture_is_named_so_once_it_is_open(session):
    item, lead = build_item(session), build_person(session, role="lead")
    ids = [build_response(session, item, model="m", setting=setting).id for setting in ("english", "text-only")]
    closed = responses_of(session, item_id=item.id, person=lead)
    assert {view.setting for view in closed} == {None}
    reveal_scores(session, person=lead, response_ids=ids)
    opened = responses_of(session, item_id=item.id, person=lead)
    assert {response_name(view) for view in opened} == {"m", "m · without the picture"}

"""The Overview page and what stands behind it."""

from dataclasses import astuple

import pytest
from sqlmodel import SQLModel, select
from streamlit.testing.v1 import AppTest

from core.consent import withdraw
from core.db import transaction
from core.labels.queue import take_session
from core.models import Erratum, ErratumVote, Image, Item, Judgement, LockedResponse, Pair, Person, Response
from core.overview import counts, progress_by_country, waiting_for
from core.people import current_person
from core.sample_workspace import OF_RESPONSES, empty_sample, load_sample, load_sample_if_empty, sample_contents
from tests.builders import build_item, build_judgements, build_pair, build_person, build_response
from tests.ruling_builders import add_label, build_disputed, build_labels


def test_counts_and_progress_by_country(session):
    expert = build_person(session)
    item = build_item(session, country="Iran")
    done, _open = build_response(session, item), build_response(session, item)
    failed = build_response(session, item, status="failed", text="")
    build_judgements(session, done, "101-")
    build_pair(session, item, status="proposed")
    session.add(LockedResponse(person_id=expert.id, response_id=done.id))
    session.flush()
    numbers = {
        count.title: (count.number, count.aside) for count in counts(session, person=build_person(session, "lead"))
    }
    assert numbers["Responses"] == (3, "1 failed or empty")
    # Three of four dimensions have a score; the fourth is missing, not 0.
    assert numbers["Judgements"] == (4, "75.0% scored, by 1 judge")
    (iran,) = progress_by_country(session)
    assert (iran.country, iran.responses, iran.labelled, iran.percent, iran.experts) == ("Iran", 2, 1, 50, None)
    waiting = waiting_for(session, person=expert)
    assert (waiting.unlabelled, waiting.proposed_pairs) == (1, 1)
    assert failed.status == "failed"


def test_labels_of_who_has_withdrawn_are_not_counted(session):
    gone, lead = build_person(session), build_person(session, "lead")
    response = build_response(session, build_item(session))
    for person in (gone, build_person(session)):
        build_labels(session, response, "1111", person=person)
    withdraw(session, person=gone)
    assert ("Labels", 4, "1 responses done") in [astuple(count) for count in counts(session, person=lead)]


def test_an_answer_changed_counts_once_and_one_taken_back_not_at_all(session):
    response = build_response(session, build_item(session))
    expert = build_labels(session, response, "1111")
    add_label(session, response, expert, "education", "0", phase="revised")
    add_label(session, response, build_person(session), "awareness", "1")
    undoing = add_label(session, response, build_person(session), "awareness", "1")
    add_label(session, response, session.get_one(Person, undoing.person_id), "awareness", "?", retracted=True)
    assert ("Labels", 5, "1 responses done") in [
        astuple(count) for count in counts(session, person=build_person(session, "lead"))
    ]


@pytest.mark.parametrize(("labelled", "said"), [(2, None), (3, 3)])
def test_fewer_than_three_experts_of_a_country_are_not_said(session, labelled, said):
    build_disputed(session, *["1111"] * labelled, country="Iran")
    assert [row.experts for row in progress_by_country(session)] == [said]


def test_the_count_of_judgements_says_that_more_than_one_judge_gave_them(session):
    response = build_response(session, build_item(session))
    lead = build_person(session, "lead")
    assert ("Judgements", 0, "none yet") in [astuple(count) for count in counts(session, person=lead)]
    for judge in ("judge-a", "judge-b"):
        build_judgements(session, response, "1111", judge=judge)
    assert ("Judgements", 8, "100.0% scored, by 2 judges") in [astuple(count) for count in counts(session, person=lead)]


def judged_count(session) -> tuple[int, str]:
    numbers = counts(session, person=build_person(session, "lead"))
    return next((count.number, count.aside) for count in numbers if count.title == "Judgements")


def test_one_score_that_is_missing_is_never_rounded_away(session):
    item = build_item(session)
    for number in range(600):
        build_judgements(session, build_response(session, item, round=number), "1111" if number else "111-")
    # 2,399 of 2,400 are 99.96 %.
    assert judged_count(session) == (2400, "99.9% scored, by 1 judge")


def test_scores_of_an_anchor_set_and_of_earlier_words_are_no_results(session):
    responses = [build_response(session, build_item(session)) for _ in range(3)]
    for response in responses:
        build_judgements(session, response)
    for response, changed in ((responses[0], {"judge_round": 1001}), (responses[1], {"prompt_version": "one-call-0"})):
        for judgement in session.exec(select(Judgement).where(Judgement.response_id == response.id)):
            for name, held in changed.items():
                setattr(judgement, name, held)
    session.flush()
    assert judged_count(session) == (4, "100.0% scored, by 1 judge")


def test_a_country_with_one_response_to_label_is_not_all_labelled(session):
    expert, item = build_person(session), build_item(session, country="Iran")
    responses = [build_response(session, item) for _ in range(300)]
    session.add_all(LockedResponse(person_id=expert.id, response_id=response.id) for response in responses[1:])
    session.flush()
    assert [row.percent for row in progress_by_country(session)] == [99]


def test_an_empty_workspace_says_what_to_do(workspace):
    page = AppTest.from_file("../app.py", default_timeout=30).run()
    assert not page.exception
    assert page.button(key="go-import_benchmark").label == "Import"
    assert "Nothing is here yet" in page.markdown[-1].value or any("Nothing is here" in m.value for m in page.markdown)


def test_the_sample_is_named_and_its_end_is_asked_for(workspace):
    load_sample()
    page = AppTest.from_file("../app.py", default_timeout=30).run()
    assert any("written for illustration, not measurements" in element.value for element in page.markdown)
    next(button for button in page.button if button.label == "Empty the sample").click().run()
    assert not page.exception
    assert any("64 sample items" in element.value for element in page.markdown)
    # Asked is not done.
    with transaction() as session:
        assert sample_contents(session).items == 64


def test_whatever_hangs_on_a_response_goes_with_the_sample():
    hanging = {
        table.name
        for table in SQLModel.metadata.sorted_tables
        if any(key.column.table.name == "response" for key in table.foreign_keys)
    }
    # Pairs hang on their item, and go with it.
    assert {table.__tablename__ for table in OF_RESPONSES} == hanging - {"pair"}


def test_emptying_the_sample_removes_what_was_made_from_it_and_nothing_else(workspace):
    load_sample()
    with transaction() as session:
        person = current_person(session)
        response = session.exec(select(Response).order_by(Response.id)).first()
        assert response is not None
        own = build_item(session)
        for item_id in (response.item_id, own.id):
            build_pair(session, session.get_one(Item, item_id))
        session.add(LockedResponse(person_id=person.id, response_id=response.id))
        take_session(session, person=person, country=None, count=3)
        erratum = Erratum(item_id=response.item_id, kind="norm_wrong", form_id="f", person_id=person.id)
        session.add(erratum)
        session.flush()
        session.add(ErratumVote(erratum_id=erratum.id, person_id=person.id, agrees=True))
    removed = empty_sample(person=person)
    assert (removed.items, removed.responses, removed.pairs) == (64, 192, 1)
    with transaction() as session:
        assert sample_contents(session).items == 0
        assert session.exec(select(Item.id)).all() == [own.id]
        assert len(session.exec(select(Pair)).all()) == 1
        assert session.exec(select(Response)).all() == session.exec(select(Image)).all() == []
    # Emptied on purpose, it does not come back by itself.
    assert not load_sample_if_empty()

"""Labels come in: what a response is found by, whose labels they are, what stays out."""

import pytest
from sqlmodel import col, select

from core.consent import withdraw
from core.errors import UserError
from core.labels.exchange.importing import import_labels, preview_labels
from core.models import LockedResponse, Person
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_person, build_response
from tests.label_file_builders import add_labels
from tests.label_import_builders import imported, read, response, stored, told, why


def test_a_number_is_believed_only_where_nothing_else_speaks_against_it(session):
    one, other = response(session), response(session)
    assert imported(session, [told(one)]).found_by == {"number": 1}
    assert imported(session, [told(one, response_model=None)]).found_by == {"number alone": 1}
    assert "is another one" in why(session, told(one, item_id="nowhere", response_model=None))[0]
    # What else it says names another response.
    assert imported(session, [told(other, response_id=one.id)]).found_by == {"name": 1}


def test_without_a_number_item_model_setting_and_round_find_it(session):
    one = response(session, model="m")
    build_response(session, session.get_one(type(build_item(session)), one.item_id), model="m", round=2)
    named = told(one, response_id=None)
    assert why(session, named) == ["fits 2 responses here: name its item, model, setting and round"]
    report = imported(session, [named | {"setting": "english", "response_round": 1}])
    assert (report.found_by, stored(session)[0].response_id) == ({"name": 1}, one.id)


def test_the_exact_text_finds_it_and_a_text_that_stands_twice_does_not(session):
    one = response(session, text="A text of its own.")
    label = {"expert": "Ana", "dimension": "education", "score": 0, "response": "A text of its own."}
    assert imported(session, [label]).found_by == {"text": 1}
    assert "no response with this text here" in why(session, label | {"response": "A text of its own"})[0]
    response(session, text="A text of its own.")
    assert "fits 2 responses" in why(session, label)[0]
    assert {row.response_id for row in stored(session)} == {one.id}


def test_what_names_no_response_stays_out(session):
    named = {"expert": "Ana", "dimension": "education", "score": 1}
    assert "names no response" in why(session, named)[0]
    assert "no response 99 here" in why(session, named | {"response_id": 99})[0]


def test_a_rater_who_is_nobody_here_becomes_an_expert_named_as_imported_once(session):
    one, other = response(session), response(session)
    imported(session, [told(one), told(one, dimension="awareness")])
    imported(session, [told(other, expert="ana")])
    people = session.exec(select(Person).where(col(Person.name).startswith("imported"))).all()
    assert [(person.name, person.role) for person in people] == [("imported: Ana", "expert")]
    assert people[0].pseudonym.startswith("expert-")
    assert {label.person_id for label in stored(session)} == {people[0].id}


def test_a_pseudonym_of_somebody_here_is_them(session):
    person = build_person(session)
    report = imported(session, [told(response(session), expert=person.pseudonym)])
    assert [rater.is_new for rater in report.raters] == [False]
    assert stored(session)[0].person_id == person.id


def test_labels_are_unblinded_and_without_a_probability_unless_the_file_says_otherwise(session):
    one, other = response(session), response(session)
    imported(session, [told(one), told(other, phase="blind", inclusion_probability=0.5)])
    said = [(label.phase, label.inclusion_probability) for label in stored(session)]
    assert said == [("unblinded", None), ("blind", 0.5)]


def test_four_answers_lock_the_response_and_three_do_not(session):
    one, other = response(session), response(session)
    wide = {"expert": "Ana", "awareness": "yes", "education": "No", "compliance": "can't say", "helpfulness": 1}
    imported(session, [{"response_id": one.id} | wide, {"response_id": other.id} | wide | {"helpfulness": None}])
    assert list(session.exec(select(LockedResponse.response_id))) == [one.id]
    said = [(label.score, label.cant_say) for label in stored(session)[:4]]
    assert said == [(1, False), (0, False), (None, True), (1, False)]


def test_an_answer_given_here_stays_where_the_file_has_another(session):
    one = response(session)
    person = build_person(session)
    add_labels(session, person, one, "yyyy")
    reasons = why(session, told(one, expert=person.pseudonym, score=0))
    assert reasons == ["its expert has answered this here already, and otherwise: the answer here stays"]
    assert len(stored(session)) == 4


def test_a_revision_made_since_is_added_to_what_came_before(session):
    one = response(session)
    first = told(one, submitted_at="2026-01-01T00:00:00", phase="blind", expert="Ana")
    imported(session, [first])
    second = first | {"submitted_at": "2026-01-02T00:00:00", "phase": "revised", "score": 0}
    report = imported(session, [first | {"superseded": True}, second])
    assert (report.accepted, report.unchanged) == (1, 1)
    assert [(label.phase, label.score) for label in stored(session)] == [("blind", 1), ("revised", 0)]


def test_a_second_answer_to_the_same_in_one_file_is_refused(session):
    one = response(session)
    reasons = why(session, told(one), told(one, score=0))
    assert reasons == ["answers for the same expert, response and dimension as row 1"]
    assert [label.score for label in stored(session)] == [1]


def test_the_same_file_twice_is_stored_once_even_without_times(session):
    one = response(session)
    labels = [told(one, dimension=dimension) for dimension in DIMENSIONS]
    assert imported(session, labels).accepted == 4
    again = imported(session, labels)
    assert (again.accepted, again.unchanged) == (0, 4)


def test_labels_of_somebody_who_has_withdrawn_come_in_no_more(session):
    person = build_person(session)
    withdraw(session, person=person)
    assert "has withdrawn" in why(session, told(response(session), expert=person.pseudonym))[0]


def test_a_preview_says_the_same_and_stores_nothing(session):
    lead, one = build_person(session, "lead"), response(session)
    entries = read([told(one), told(one, score=2)])
    seen = preview_labels(session, entries, author=lead)
    assert stored(session) == []
    assert seen == import_labels(session, entries, author=lead, name="a.jsonl")


def test_an_expert_neither_imports_nor_previews_labels(session):
    expert, entries = build_person(session), read([told(response(session))])
    for asked in (
        lambda: import_labels(session, entries, author=expert, name="a"),
        lambda: preview_labels(session, entries, author=expert),
    ):
        with pytest.raises(UserError, match="Only the leads"):
            asked()

"""What a file says of how labels were given: believed only where nothing here knows better."""

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from core.db import write_engine
from core.errors import UserError
from core.labels.exchange.importing import import_labels, preview_labels
from core.labels.exchange.raters import MOST_NEW_RATERS
from core.models import CountryKnown, Label, LabelsSeen, LockedResponse, Person, Response, ScoresSeen
from core.people import open_responses
from core.rubric import DIMENSIONS
from tests.builders import build_person
from tests.label_file_builders import add_labels
from tests.label_import_builders import imported, read, response, stored, told, why


def forged(answers: Response, expert: Person | str, **given: object) -> list[dict]:
    """Return four labels of a file that say of themselves all that counts most."""
    named = expert if isinstance(expert, str) else expert.pseudonym
    said = {"phase": "blind", "pool": "from", "inclusion_probability": 0.01, "expert": named}
    return [told(answers, dimension=dimension, **(said | given)) for dimension in DIMENSIONS]


def theirs(session: Session, person: Person) -> list[Label]:
    return [label for label in stored(session) if label.person_id == person.id]


@pytest.mark.parametrize("table", [ScoresSeen, LabelsSeen])
def test_a_label_is_not_blind_where_its_expert_has_seen_the_judge_or_others(session, table):
    person, seen, unseen = build_person(session), response(session), response(session)
    session.add(table(person_id=person.id, response_id=seen.id))
    session.flush()
    report = imported(session, forged(seen, person) + forged(unseen, person))
    assert {(row.response_id, row.phase) for row in stored(session)} == {(seen.id, "unblinded"), (unseen.id, "blind")}
    assert (report.unblinded, report.said_blind) == (4, 4)


def test_a_label_is_not_blind_where_its_expert_had_locked_the_response(session):
    person, one = build_person(session), response(session)
    session.add(LockedResponse(person_id=person.id, response_id=one.id))
    session.flush()
    imported(session, forged(one, person))
    assert {label.phase for label in stored(session)} == {"unblinded"}


def test_the_pool_of_somebody_here_is_what_they_told_and_not_what_a_file_says(session):
    outsider, insider, one = build_person(session), build_person(session), response(session)
    session.add(CountryKnown(person_id=insider.id, country="Morocco", is_from=True))
    session.flush()
    imported(session, forged(one, outsider) + forged(one, insider, pool="outside"))
    assert {label.pool for label in theirs(session, outsider)} == {"outside"}
    assert {label.pool for label in theirs(session, insider)} == {"from"}


def test_a_probability_of_somebody_here_counts_only_where_it_is_known_here_already(session):
    person, drawn, other = build_person(session), response(session), response(session)
    add_labels(session, person, drawn, "yyy-", inclusion_probability=0.25)
    session.flush()
    fourth = {"dimension": DIMENSIONS[3], "expert": person.pseudonym}
    imported(session, [told(drawn, inclusion_probability=0.25, **fourth)])
    imported(session, [told(other, inclusion_probability=0.25, **fourth)])
    new = [label for label in stored(session) if label.dimension == DIMENSIONS[3]]
    assert [(label.response_id, label.inclusion_probability) for label in new] == [(drawn.id, 0.25), (other.id, None)]


def test_an_import_opens_no_judge_to_somebody_who_works_here(session):
    person, one = build_person(session), response(session)
    assert imported(session, forged(one, person)).accepted == 4
    assert open_responses(session, person=person, response_ids=[one.id]) == set()


def test_an_expert_who_calls_themselves_imported_is_opened_no_judge_either(session):
    person, one = build_person(session, name="imported: Eve"), response(session)
    imported(session, forged(one, "Eve"))
    assert len(theirs(session, person)) == 4
    assert open_responses(session, person=person, response_ids=[one.id]) == set()


def test_a_rater_who_came_with_an_earlier_file_is_locked_and_believed_as_at_first(session):
    one, other = response(session), response(session)
    imported(session, forged(one, "Ana"))
    report = imported(session, forged(other, "ANA"))
    assert [rater.is_new for rater in report.raters] == [False]
    assert {(label.phase, label.pool, label.inclusion_probability) for label in stored(session)} == {
        ("blind", "from", 0.01)
    }
    assert set(session.exec(select(LockedResponse.response_id))) == {one.id, other.id}


def test_the_preview_counts_what_only_the_file_says(session):
    lead, person, one = build_person(session, "lead"), build_person(session), response(session)
    entries = read([*forged(one, "Ana"), *forged(one, "Ben", phase="unblinded"), *forged(one, person)])
    seen = preview_labels(session, entries, author=lead)
    assert (seen.said_blind, seen.said_pool, seen.unblinded) == (8, 8, 0)
    assert seen == import_labels(session, entries, author=lead, name="a")


def raters(session: Session, number: int) -> list[dict]:
    one = response(session)
    return [told(one, expert=f"rater {place}") for place in range(number)]


def test_a_file_with_too_many_new_raters_is_refused_whole(session):
    lead = build_person(session, "lead")
    entries = read(raters(session, MOST_NEW_RATERS + 1))
    for asked in (
        lambda: preview_labels(session, entries, author=lead),
        lambda: import_labels(session, entries, author=lead, name="a"),
    ):
        with pytest.raises(UserError, match="names 501 experts who are not known here; one file may bring 500"):
            asked()
    assert stored(session) == []


def test_five_hundred_new_raters_come_in_with_few_statements(session):
    labels, asked = raters(session, MOST_NEW_RATERS), []
    build_person(session, "lead")

    def count(*words: object) -> None:
        asked.append(words[2])

    event.listen(write_engine(), "before_cursor_execute", count)
    try:
        assert imported(session, labels).accepted == MOST_NEW_RATERS
    finally:
        event.remove(write_engine(), "before_cursor_execute", count)
    assert len(asked) < 40
    people = session.exec(select(Person).where(col(Person.name).startswith("imported: rater"))).all()
    assert len({person.pseudonym for person in people}) == MOST_NEW_RATERS


def test_names_that_differ_in_capital_letters_of_any_script_are_one_rater(session):
    one, other = response(session), response(session)
    imported(session, [told(one, expert="Ömer")])
    assert [rater.is_new for rater in imported(session, [told(other, expert="ÖMER")]).raters] == [False]
    assert why(session, told(other, expert="ömer", score=0)) == [
        "its expert has answered this here already, and otherwise: the answer here stays"
    ]

"""Two windows of one expert, marks, confidence, putting aside, retests: what is stored and what is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from core.labels.cards import cards
from core.labels.decisions import last_decisions
from core.labels.disputed import open_labels
from core.labels.picking import start_item_session
from core.labels.queue import take_session
from core.labels.review_sessions import close_session, open_session, session_progress, session_summary
from core.labels.skipping import put_aside_count, take_put_aside
from core.labels.standing import standing_labels
from core.models import (
    Assignment,
    CountryKnown,
    Erratum,
    Label,
    Lease,
    LockedResponse,
    MarkedPhrase,
    Note,
    Person,
    Response,
    RetestLabel,
    ReviewSession,
    SkippedResponse,
    utc_now,
)
from core.people import open_responses
from tests.builders import build_item, build_judgements, build_person, build_response
from tests.label_builders import answer, assigned, four, refusals, save
from tests.ruling_builders import build_disputed


def entry(response: Response, kind: str, **given: object) -> dict:
    return {"kind": kind, "form_id": str(uuid4()), "response": response.id} | given


def card_of(session: Session, person: Person):
    review = open_session(session, person=person)
    return cards(session, person=person, review=review, positions=range(1))[0]


# -- two windows ------------------------------------------------------------------------------------------------------


def test_an_answer_that_did_not_know_of_the_one_given_elsewhere_is_refused_with_both_named(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    save(session, person, answer(response, choice="no", replaces=""))
    (said,) = refusals(session, person, answer(response, choice="yes", replaces=""))
    assert "in another window you answered no, here yes" in said
    assert [label.score for label in standing_labels(session, person=person, response_ids=[response.id])] == [0]


def test_the_same_answer_from_two_windows_is_no_conflict(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    save(session, person, answer(response, choice="no", replaces=""))
    save(session, person, answer(response, choice="no", replaces=""))
    assert card_of(session, person).answers["awareness"].choice == "no"


def test_an_answer_that_knows_the_one_before_takes_its_place(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    first = answer(response, choice="no", replaces="")
    save(session, person, first)
    save(session, person, answer(response, choice="yes", replaces=first["form_id"]))
    assert card_of(session, person).answers["awareness"].choice == "yes"


def test_the_card_names_each_answer_so_that_a_window_can_say_what_it_knows(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    given = answer(response)
    save(session, person, given)
    assert card_of(session, person).answers["awareness"].form_id == given["form_id"]


# -- beside the answers -----------------------------------------------------------------------------------------------


def test_confidence_stands_beside_every_answer_that_stands(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    save(session, person, *four(response), entry(response, "confidence", level=2))
    assert {label.confidence for label in session.exec(select(Label))} == {2}
    assert card_of(session, person).answers["education"].confidence == 2


@pytest.mark.parametrize("level", [0, 4, "2", None])
def test_a_confidence_that_cannot_be_meant_is_refused(session, level):
    person = build_person(session)
    (response,) = assigned(session, person)
    assert refusals(session, person, entry(response, "confidence", level=level))


def test_a_marked_phrase_is_kept_with_its_words_and_can_be_taken_away(session):
    person = build_person(session)
    item = build_item(session)
    build_response(session, item, text="Take 🍞 with the left hand.")
    review = take_session(session, person=person, country=None, count=1)
    response = session.exec(select(Response)).one()
    mark = entry(response, "phrase", begins=5, ends=6)
    save(session, person, mark, mark)
    assert session.exec(select(MarkedPhrase.phrase)).all() == ["🍞"]
    shown = cards(session, person=person, review=review, positions=[0])[0]
    assert [(one.begins, one.ends) for one in shown.phrases] == [(5, 6)]
    save(session, person, mark | {"removed": True})
    assert cards(session, person=person, review=review, positions=[0])[0].phrases == []


@pytest.mark.parametrize(("begins", "ends"), [(3, 3), (5, 4), (0, 10_000)])
def test_a_mark_outside_the_text_is_refused(session, begins, ends):
    person = build_person(session)
    (response,) = assigned(session, person)
    assert refusals(session, person, entry(response, "phrase", begins=begins, ends=ends))


def test_a_mark_of_another_person_is_not_taken_away(session):
    person, other = build_person(session), build_person(session)
    (response,) = assigned(session, person)
    mark = entry(response, "phrase", begins=0, ends=4)
    save(session, person, mark)
    close_session(session, person=person, session_id=open_session(session, person=person).id)
    take_session(session, person=other, country=None, count=1)
    assert refusals(session, other, mark | {"removed": True})


def test_an_erratum_is_proposed_from_where_it_is_seen(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    save(session, person, entry(response, "erratum", fault="norm_wrong", proposed="One eats with the right hand."))
    erratum = session.exec(select(Erratum)).one()
    assert (erratum.item_id, erratum.kind, erratum.status) == (response.item_id, "norm_wrong", "open")
    assert card_of(session, person).errata == ["norm_wrong"]


def test_a_label_says_how_its_expert_knows_the_country(session):
    from_there, lived_there, stranger = (build_person(session) for _ in range(3))
    session.add(CountryKnown(person_id=from_there.id, country="Morocco", is_from=True))
    session.add(CountryKnown(person_id=lived_there.id, country="Morocco", is_from=False, years_lived=3))
    session.flush()
    pools = []
    for person in (from_there, lived_there, stranger):
        (response,) = assigned(session, person)
        save(session, person, *four(response))
        pools.append(standing_labels(session, person=person, response_ids=[response.id])[0].pool)
    assert pools == ["from", "knows", "outside"]


# -- putting aside ----------------------------------------------------------------------------------------------------


def test_a_response_put_aside_waits_in_a_queue_of_its_own(session):
    person = build_person(session)
    for _ in range(2):
        build_response(session, build_item(session))
    review = take_session(session, person=person, country=None, count=2)
    first = session.exec(select(Response).join(Assignment).where(Assignment.position == 0)).one()
    save(session, person, entry(first, "skip", how="later", reason="I want to ask my aunt"))
    progress = session_progress(session, review=review)
    assert (progress.done, progress.put_aside, progress.first_open) == (0, 1, 1)
    close_session(session, person=person, session_id=review.id)
    assert put_aside_count(session, person=person) == 1
    again = take_put_aside(session, person=person)
    assert session.exec(select(Assignment.response_id).where(Assignment.session_id == again.id)).all() == [first.id]
    assert put_aside_count(session, person=person) == 0
    assert session.exec(select(SkippedResponse.reason)).one() == "I want to ask my aunt"


def test_what_was_put_aside_comes_back_with_families_apart(session):
    person = build_person(session)
    for family in ("one", "two"):
        for _ in range(3):
            build_response(session, build_item(session, family_id=family))
    review = take_session(session, person=person, country=None, count=6)
    every = session.exec(select(Response).order_by(Response.id)).all()
    for response in every:
        save(session, person, entry(response, "skip", how="later"))
    close_session(session, person=person, session_id=review.id)
    again = take_put_aside(session, person=person)
    of_session = select(Response.id).join(Assignment).where(Assignment.session_id == again.id)
    places = session.exec(of_session.order_by(Assignment.position)).all()
    families = ["one" if place in {row.id for row in every[:3]} else "two" for place in places]
    assert families in (["one", "two"] * 3, ["two", "one"] * 3)


def test_what_is_not_for_one_goes_to_others_at_once_and_does_not_come_back(session):
    person, other = build_person(session), build_person(session)
    (response,) = [build_response(session, build_item(session))]
    session.add(LockedResponse(person_id=build_person(session).id, response_id=response.id))
    take_session(session, person=person, country=None, count=1)
    save(session, person, entry(response, "skip", how="not_for_me"))
    assert session.exec(select(Lease.ended_at)).one() is not None
    assert take_session(session, person=other, country=None, count=1).planned == 1
    review = open_session(session, person=person)
    close_session(session, person=person, session_id=review.id)
    assert session_summary(session, person=person, session_id=review.id).put_aside == 1


def test_putting_aside_can_be_taken_back(session):
    person = build_person(session)
    (response,) = [build_response(session, build_item(session))]
    review = take_session(session, person=person, country=None, count=1)
    save(session, person, entry(response, "skip", how="not_for_me"), entry(response, "skip", how="back"))
    assert session_progress(session, review=review).put_aside == 0
    assert session.exec(select(Lease.ended_at)).one() is None


def test_a_locked_response_is_not_put_aside(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    save(session, person, *four(response))
    assert refusals(session, person, entry(response, "skip", how="later"))


# -- retests ----------------------------------------------------------------------------------------------------------


def retest(session: Session) -> tuple[Person, Response, ReviewSession]:
    """Return a person, a response labelled eight days ago with yes to all, and the session in which it came back."""
    person = build_person(session)
    (old,) = assigned(session, person)
    build_judgements(session, old, judge="judge-z")
    save(session, person, *four(old, "yyyy"))
    session.exec(select(LockedResponse)).one().locked_at = utc_now() - timedelta(days=8)
    close_session(session, person=person, session_id=open_session(session, person=person).id)
    for _ in range(20):
        build_response(session, build_item(session))
    review = take_session(session, person=person, country=None, count=20)
    return person, old, review


def card_of_retest(session: Session, person: Person, review: ReviewSession, response: Response):
    place = session.exec(
        select(Assignment.position).where(Assignment.session_id == review.id, Assignment.response_id == response.id)
    ).one()
    return cards(session, person=person, review=review, positions=[place])[0]


def test_a_retest_comes_back_unseen_and_its_answers_are_kept_apart(session):
    person, old, review = retest(session)
    card = card_of_retest(session, person, review, old)
    assert (card.answers, card.locked, card.revealed) == ({}, False, None)
    save(session, person, *four(old, "nnnn"))
    assert {row.score for row in session.exec(select(RetestLabel))} == {0}
    first = standing_labels(session, person=person, response_ids=[old.id])
    assert {(label.score, label.phase) for label in first} == {(1, "blind")}
    card = card_of_retest(session, person, review, old)
    assert card.locked
    assert {one.choice for one in card.answers.values()} == {"no"}
    assert session_progress(session, review=review).done == 1


def test_a_retest_is_undone_before_its_fourth_answer_and_never_revised(session):
    person, old, review = retest(session)
    first = answer(old, "awareness", "no")
    save(session, person, first, first, answer(old, "awareness", "undone"))
    assert card_of_retest(session, person, review, old).answers == {}
    save(session, person, *four(old, "nnnn"))
    (said,) = refusals(session, person, answer(old, "awareness", "yes"))
    assert "how steady answers are" in said


def test_who_was_shown_others_labels_labels_unblinded(session):
    response = build_disputed(session)
    lead = build_person(session, "lead")
    open_labels(session, person=lead, response_id=response.id)
    start_item_session(session, person=lead, item_id=response.item_id)
    save(session, lead, *four(response))
    phases = {label.phase for label in standing_labels(session, person=lead, response_ids=[response.id])}
    assert phases == {"unblinded"}


def test_nothing_written_beside_a_response_shows_that_it_came_back(session):
    person, old, review = retest(session)
    for kind, given in (("note", {"text": "said before"}), ("phrase", {"begins": 0, "ends": 4})):
        save(session, person, entry(old, kind, **given))
    for row in (*session.exec(select(Note)), *session.exec(select(MarkedPhrase))):
        row.created_at = review.created_at - timedelta(days=8)
    session.flush()
    card = card_of_retest(session, person, review, old)
    assert (card.note, card.phrases) == ("", [])
    save(session, person, entry(old, "note", text="said now"))
    assert card_of_retest(session, person, review, old).note == "said now"


def test_how_sure_one_is_of_a_retest_does_not_change_the_first_answers(session):
    person, old, review = retest(session)
    save(session, person, *four(old, "nnnn"), entry(old, "confidence", level=1))
    assert {row.confidence for row in session.exec(select(RetestLabel))} == {1}
    assert card_of_retest(session, person, review, old).answers["awareness"].confidence == 1
    first = standing_labels(session, person=person, response_ids=[old.id])
    assert {label.confidence for label in first} == {None}


def test_a_retest_is_put_aside_as_anything_else_and_does_not_come_back(session):
    person, old, review = retest(session)
    save(session, person, entry(old, "skip", how="later"))
    assert session_progress(session, review=review).put_aside == 1
    assert put_aside_count(session, person=person) == 0


def test_undo_after_a_refresh_takes_back_answers_to_a_retest_too(session):
    person, old, review = retest(session)
    save(session, person, answer(old, "awareness", "no"))
    (decision,) = last_decisions(session, person=person, review=review)
    assert decision.dimension == "awareness"


def test_what_came_back_is_closed_elsewhere_until_its_session_is_over(session):
    person, old, review = retest(session)
    assert open_responses(session, person=person, response_ids=[old.id]) == set()
    close_session(session, person=person, session_id=review.id)
    assert open_responses(session, person=person, response_ids=[old.id]) == {old.id}

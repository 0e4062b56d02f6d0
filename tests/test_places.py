"""Places of a session are named by handles that tell nothing, and the screen begins at the right one."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

import core.db
from core.labels.cards import cards
from core.labels.places import place_to_begin
from core.labels.review_sessions import (
    open_session,
)
from core.labels.saving import store_message
from core.models import LockedResponse, Person, ReviewSession
from tests.builders import build_person
from tests.label_builders import NOBODYS, answer, assigned, by_place, four, save


def test_two_places_never_share_a_handle_and_no_handle_is_an_id(session):
    person = build_person(session)
    responses = assigned(session, person, 3)
    assigned(session, person, 3)
    handles = {card.handle for review in session.exec(select(ReviewSession)) for card in all_cards(session, review)}
    assert len(handles) == 6
    assert not handles & {response.id for response in responses}


def all_cards(session: Session, review: ReviewSession):
    person = session.get_one(Person, review.person_id)
    return cards(session, person=person, review=review, positions=range(review.planned))


@pytest.mark.parametrize("handle", [None, True, "1", 1.5, -3, 0, 7, 2**70, [], {}])
def test_a_handle_that_names_no_place_of_the_person_is_refused(workspace, handle):
    with core.db.transaction() as session:
        person = build_person(session)
        (response,) = assigned(session, person)
    entry = answer(response) | {"handle": handle}
    assert list(store_message(person, [entry]).refused.values()) == [NOBODYS]


def test_a_handle_of_another_persons_session_is_refused(workspace):
    with core.db.transaction() as session:
        person, other = build_person(session), build_person(session)
        (response,) = assigned(session, other)
        theirs = by_place(open_session(session, person=other), 0, answer(response))
    assert list(store_message(person, theirs).refused.values()) == [NOBODYS]
    assert len(store_message(other, theirs).stored) == 1


def test_the_screen_begins_at_the_response_locked_a_moment_ago_until_the_next_has_an_answer(session):
    person = build_person(session)
    first, second = assigned(session, person, 2)
    review = open_session(session, person=person)
    assert place_to_begin(session, review=review) == 0
    save(session, person, *four(first))
    assert place_to_begin(session, review=review) == 0
    save(session, person, answer(second))
    assert place_to_begin(session, review=review) == 1


def test_the_screen_begins_at_the_first_open_response_when_the_last_lock_is_long_ago(session):
    person = build_person(session)
    first, _ = assigned(session, person, 2)
    save(session, person, *four(first))
    session.get_one(LockedResponse, (person.id, first.id)).locked_at -= timedelta(minutes=3)
    assert place_to_begin(session, review=open_session(session, person=person)) == 1

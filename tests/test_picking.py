"""Sessions picked by hand keep to the queue, to consent and to the weights of what was drawn before."""

import pytest
from sqlmodel import Session, col, select

from core.errors import UserError
from core.labels.picking import start_item_session
from core.labels.places import handle_of, with_response_ids
from core.labels.queue import take_session
from core.labels.review_sessions import close_session, reopen_session
from core.labels.saving import save_entries
from core.models import Assignment, CountryKnown, Label, Lease, Person, Response, ReviewSession
from tests.builders import build_background, build_item, build_person, build_response
from tests.label_builders import answer, four
from tests.test_answers_elsewhere import retest


def handled(session: Session, person: Person, review: ReviewSession, response_id: int, *entries: dict) -> list[object]:
    """Return entries as the page hands them on: with the response and session of a place's handle."""
    place = select(Assignment.position).where(Assignment.session_id == review.id, Assignment.response_id == response_id)
    handle = handle_of(review.id, session.exec(place).one())
    named = [{name: held for name, held in entry.items() if name != "response"} for entry in entries]
    return with_response_ids(session, person=person, entries=[entry | {"handle": handle} for entry in named])


def test_who_has_not_agreed_starts_no_session_by_hand(session):
    person = build_person(session)
    build_background(session, person, consent_version=None)
    response = build_response(session, build_item(session))
    with pytest.raises(UserError, match="First read what you agree to"):
        start_item_session(session, person=person, item_id=response.item_id)


def test_who_agrees_no_more_saves_no_more(session):
    person = build_person(session)
    response = build_response(session, build_item(session))
    start_item_session(session, person=person, item_id=response.item_id)
    build_background(session, person, consent_version="2020-01")
    assert set(save_entries(session, person=person, entries=four(response)).refused.values()) == {
        "First read what you agree to, under Your profile."
    }


def test_an_expert_picks_no_item_of_a_country_they_do_not_know(session):
    expert, lead = build_person(session), build_person(session, "lead")
    for person in (expert, lead):
        session.add(CountryKnown(person_id=person.id, country="Morocco", is_from=True))
    response = build_response(session, build_item(session, country="France"))
    with pytest.raises(UserError, match="about France"):
        start_item_session(session, person=expert, item_id=response.item_id)
    assert start_item_session(session, person=lead, item_id=response.item_id).planned == 1


def test_what_an_expert_picks_by_hand_is_held_and_goes_to_no_more_than_are_wanted(session):
    response = build_response(session, build_item(session))
    for _ in range(2):
        start_item_session(session, person=build_person(session), item_id=response.item_id)
    with pytest.raises(UserError, match="no response left"):
        start_item_session(session, person=build_person(session), item_id=response.item_id)
    with pytest.raises(UserError, match="Nothing is left"):
        take_session(session, person=build_person(session), country=None, count=1)


def test_a_label_keeps_the_weight_of_its_draw_though_the_item_was_picked_by_hand_in_between(session):
    person = build_person(session)
    for _ in range(4):
        build_response(session, build_item(session))
    review = take_session(session, person=person, country=None, count=1)
    drawn = session.exec(select(Assignment)).one()
    response = session.get_one(Response, drawn.response_id)
    picked = start_item_session(session, person=person, item_id=response.item_id)
    save_entries(session, person=person, entries=handled(session, person, review, response.id, answer(response)))
    by_hand = answer(response, "education")
    save_entries(session, person=person, entries=handled(session, person, picked, response.id, by_hand))
    assert session.exec(select(Label.inclusion_probability)).all() == [0.25, 0.25]


def test_a_revision_from_an_older_session_is_no_retest(session):
    person, old, _ = retest(session)
    first = session.exec(select(ReviewSession).order_by(col(ReviewSession.id))).first()
    entries = handled(session, person, first, old.id, answer(old, "awareness", "no"))
    assert save_entries(session, person=person, entries=entries).refused == {}
    newest = session.exec(select(Label).where(Label.dimension == "awareness").order_by(col(Label.id).desc())).first()
    assert (newest.phase, newest.score) == ("revised", 0)


def test_a_session_that_goes_on_does_not_hold_what_others_took_meanwhile(session):
    response = build_response(session, build_item(session))
    person, *others = (build_person(session) for _ in range(3))
    review = take_session(session, person=person, country=None, count=1)
    close_session(session, person=person, session_id=review.id)
    for other in others:
        take_session(session, person=other, country=None, count=1)
    reopen_session(session, person=person, session_id=review.id)
    session.expire_all()
    held = session.exec(select(Lease.person_id).where(Lease.response_id == response.id, col(Lease.ended_at).is_(None)))
    assert set(held) == {other.id for other in others}

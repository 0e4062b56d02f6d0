"""Review sessions are drawn or picked, ended, gone on with, and say how far they are."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from core.errors import NotFoundError, UserError
from core.labels.picking import start_item_session
from core.labels.queue import take_session
from core.labels.review_sessions import close_session, open_session, reopen_session, session_progress, session_summary
from core.labels.waiting import CountryToLabel, countries_to_label
from core.models import Assignment, LockedResponse
from tests.builders import build_item, build_person, build_response
from tests.label_builders import answer, assigned, four, note, save


def test_only_readable_responses_to_items_with_a_norm_are_offered(session):
    person = build_person(session)
    item = build_item(session, country="Iran")
    build_response(session, item)
    build_response(session, item, status="failed", text="")
    build_response(session, build_item(session, country="Iran", norm=None))
    build_response(session, build_item(session, country="Iran", norm="  "))
    build_response(session, build_item(session, country="China"))
    assert countries_to_label(session, person=person) == [CountryToLabel("China", 1), CountryToLabel("Iran", 1)]


def test_what_is_locked_is_not_offered_again_but_to_others(session):
    person, other = build_person(session), build_person(session)
    (response,) = assigned(session, person)
    save(session, person, *four(response))
    assert countries_to_label(session, person=person) == []
    assert countries_to_label(session, person=other) == [CountryToLabel("Morocco", 1)]


def test_a_random_session_stores_how_likely_each_response_was_to_be_drawn(session):
    person = build_person(session)
    for _ in range(8):
        build_response(session, build_item(session, country="Iran"))
    build_response(session, build_item(session, country="China"))
    review = take_session(session, person=person, country="Iran", count=6)
    drawn = session.exec(select(Assignment).where(Assignment.session_id == review.id)).all()
    assert [row.inclusion_probability for row in drawn] == [6 / 8] * 6
    assert [row.position for row in drawn] == list(range(6))


def test_a_session_holds_fewer_responses_where_there_are_fewer(session):
    person = build_person(session)
    build_response(session, build_item(session))
    review = take_session(session, person=person, country=None, count=30)
    assert review.planned == 1
    assert session.exec(select(Assignment.inclusion_probability)).one() == 1.0


def test_the_draw_is_the_same_for_a_person_and_another_for_others(session):
    for _ in range(40):
        build_response(session, build_item(session))

    def drawn(person):
        review = take_session(session, person=person, country=None, count=10)
        close_session(session, person=person, session_id=review.id)
        return list(
            session.exec(
                select(Assignment.response_id)
                .where(Assignment.session_id == review.id)
                .order_by(col(Assignment.position))
            )
        )

    first, second = build_person(session), build_person(session)
    assert drawn(first) == drawn(first)
    assert drawn(first) != drawn(second)


def test_start_pressed_twice_gives_one_session(session):
    person = build_person(session)
    for _ in range(3):
        build_response(session, build_item(session))
    first = take_session(session, person=person, country=None, count=2)
    assert take_session(session, person=person, country=None, count=2).id == first.id


def test_nothing_left_to_draw_is_said(session):
    with pytest.raises(UserError, match="Nothing is left to label there"):
        take_session(session, person=build_person(session), country="Iran", count=30)


def test_a_hand_picked_session_has_no_probability_and_leaves_locked_responses_out(session):
    person = build_person(session)
    done, waiting = assigned(session, person, 2)
    save(session, person, *four(done))
    close_session(session, person=person, session_id=open_session(session, person=person).id)
    review = start_item_session(session, person=person, item_id=done.item_id)
    rows = session.exec(select(Assignment).where(Assignment.session_id == review.id)).all()
    assert [(row.response_id, row.inclusion_probability) for row in rows] == [(waiting.id, None)]
    assert start_item_session(session, person=person, item_id=done.item_id).id == review.id


def test_a_hand_picked_session_needs_an_item_with_something_to_label(session):
    person = build_person(session)
    with pytest.raises(NotFoundError, match="no such item"):
        start_item_session(session, person=person, item_id="own/<b>/1")
    with pytest.raises(UserError, match="no response left"):
        start_item_session(session, person=person, item_id=build_item(session).id)


def test_an_earlier_session_goes_on_when_the_hand_picked_one_ends(session):
    person = build_person(session)
    build_response(session, build_item(session))
    drawn = take_session(session, person=person, country=None, count=30)
    assigned(session, person)
    picked = open_session(session, person=person)
    assert picked.id != drawn.id
    close_session(session, person=person, session_id=picked.id)
    assert open_session(session, person=person).id == drawn.id


def test_nobody_ends_the_session_of_somebody_else(session):
    person = build_person(session)
    assigned(session, person)
    review = open_session(session, person=person)
    close_session(session, person=build_person(session), session_id=review.id)
    assert review.closed_at is None


def test_an_ended_session_is_gone_on_with_unless_a_newer_one_is_under_way(session):
    person, other = build_person(session), build_person(session)
    assigned(session, person)
    review = open_session(session, person=person)
    close_session(session, person=person, session_id=review.id)
    reopen_session(session, person=other, session_id=review.id)
    assert open_session(session, person=person) is None
    reopen_session(session, person=person, session_id=review.id)
    assert open_session(session, person=person) == review
    close_session(session, person=person, session_id=review.id)
    assigned(session, person)
    with pytest.raises(UserError, match="another session since"):
        reopen_session(session, person=person, session_id=review.id)


def test_time_left_is_the_mean_pace_without_breaks(session):
    # Locked 60, 120 and then, after an hour's break, 3,780 seconds after the start: gaps 60, 60, (3,660) -> pace 60 s.
    # One of four is left, so 60 s.
    person = build_person(session)
    responses = assigned(session, person, 4)
    review = open_session(session, person=person)
    for response, seconds in zip(responses, (60, 120, 3780), strict=False):
        at = review.created_at + timedelta(seconds=seconds)
        session.add(LockedResponse(person_id=person.id, response_id=response.id, locked_at=at))
    session.flush()
    progress = session_progress(session, review=review)
    assert (progress.total, progress.done, progress.first_open, progress.left_s) == (4, 3, 3, 60.0)
    assert session_summary(session, person=person, session_id=review.id).worked_s == 120.0


def test_time_left_is_unknown_before_the_first_lock(session):
    person = build_person(session)
    assigned(session, person)
    assert session_progress(session, review=open_session(session, person=person)).left_s is None


def test_the_summary_says_what_was_done(session):
    person = build_person(session)
    first, _ = assigned(session, person, 2)
    save(session, person, *four(first, "ycny"), answer(first, "awareness", "no"), note(first, "Look again"))
    review = open_session(session, person=person)
    summary = session_summary(session, person=person, session_id=review.id)
    assert (summary.total, summary.labelled, summary.cant_say, summary.revised, summary.notes) == (2, 1, 1, 1, 1)
    with pytest.raises(NotFoundError):
        session_summary(session, person=build_person(session), session_id=review.id)

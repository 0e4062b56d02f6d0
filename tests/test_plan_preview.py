"""What freezing a plan would bring: labels, hours, people, intervals with twice as many, and the pace."""

from datetime import UTC, datetime, timedelta

import pytest

from core.labels.plan_draws import PlanWish
from core.labels.plan_frame import candidates
from core.labels.plan_preview import PACE_S, foreseen, measured_pace
from core.models import CountryKnown, LockedResponse
from tests.builders import build_background, build_person
from tests.plan_builders import ALL, build_responses


def look_ahead(session, wish: PlanWish, *, experts_each: int = 2, overlap: float = 1.0):
    frame = candidates(session, wish)
    return foreseen(session, frame=frame, wish=wish, seed=1, experts_each=experts_each, overlap=overlap)


def test_labels_and_hours_are_foreseen_in_total_and_by_country(session):
    build_responses(session, 20, country="Iran")
    build_responses(session, 9, country="Peru")
    person = build_person(session)
    session.add(CountryKnown(person_id=person.id, country="Iran", is_from=True))
    session.flush()
    found = look_ahead(session, PlanWish(share=0.5), overlap=0.0)
    assert (found.responses, found.labels, found.doubled_labels, found.pace_s) == (15, 15, 29, PACE_S)
    hours = 10 * PACE_S / 3600
    assert [(row.country, row.labels, row.people) for row in found.work] == [("Iran", 10, 1), ("Peru", 5, 0)]
    assert [row.hours_each for row in found.work] == [pytest.approx(hours), None]
    assert [row.is_short for row in found.work] == [False, True]


def test_a_country_is_short_of_experts_who_are_from_there_and_have_not_withdrawn(session):
    build_responses(session, 4, country="Iran")
    for is_from, withdrawn in ((True, False), (True, True), (False, False)):
        person = build_person(session)
        session.add(CountryKnown(person_id=person.id, country="Iran", is_from=is_from))
        at = datetime.now(UTC) if withdrawn else None
        build_background(session, person, withdrawn_at=at)
    session.flush()
    (row,) = look_ahead(session, ALL).work
    assert (row.people, row.is_short) == (1, True)


def test_a_language_that_nobody_from_there_reads_is_named_and_english_is_not(session):
    for language in ("en", "fa", "az"):
        build_responses(session, 2, country="Iran", language=language)
    person = build_person(session)
    session.add(CountryKnown(person_id=person.id, country="Iran", is_from=True))
    build_background(session, person, languages=["fa-IR"])
    session.flush()
    (row,) = look_ahead(session, ALL).work
    assert row.unread == ("Azerbaijani",)


def test_twice_the_labels_narrow_the_interval(session):
    build_responses(session, 60, country="Iran")
    everywhere, iran = look_ahead(session, PlanWish(share=0.3)).cells
    assert (everywhere.country, iran.country, iran.responses, iran.families) == (None, "Iran", 18, 18)
    assert iran.doubled[0].most < iran.now[0].most


def test_the_pace_is_measured_once_there_is_enough_of_it_and_breaks_are_left_out(session):
    ids, person = build_responses(session, 40), build_person(session)
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    for place, response_id in enumerate(ids):
        # 25 s each, and an hour off in the middle.
        moment = at + timedelta(seconds=25 * place + (3600 if place > 20 else 0))
        session.add(LockedResponse(person_id=person.id, response_id=response_id, locked_at=moment))
        session.flush()
        if place == 29:
            assert measured_pace(session) is None
    assert measured_pace(session) == pytest.approx(25)

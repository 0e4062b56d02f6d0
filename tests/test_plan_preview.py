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


def people_from(session, country: str, count: int) -> None:
    for _ in range(count):
        session.add(CountryKnown(person_id=build_person(session).id, country=country, is_from=True))
    session.flush()


def test_labels_and_hours_are_foreseen_in_total_and_by_country(session):
    build_responses(session, 20, country="Iran")
    build_responses(session, 9, country="Peru")
    people_from(session, "Iran", 4)
    found = look_ahead(session, PlanWish(share=0.5), overlap=0.0)
    assert (found.responses, found.labels, found.doubled_labels, found.pace_s) == (15, 15, 29, PACE_S)
    hours = 10 * PACE_S / 3600
    assert [(row.country, row.labels, row.people) for row in found.work] == [("Iran", 10, 4), ("Peru", 5, 0)]
    assert [row.hours_each for row in found.work] == [pytest.approx(hours / 4), None]
    assert [row.is_short for row in found.work] == [False, True]


def test_a_country_is_short_of_experts_who_are_from_there_and_have_not_withdrawn(session):
    build_responses(session, 4, country="Iran")
    people_from(session, "Iran", 2)
    for is_from, withdrawn in ((True, True), (False, False)):
        person = build_person(session)
        session.add(CountryKnown(person_id=person.id, country="Iran", is_from=is_from))
        at = datetime.now(UTC) if withdrawn else None
        build_background(session, person, withdrawn_at=at)
    session.flush()
    assert [row.is_short for row in look_ahead(session, ALL).work] == [True]
    people_from(session, "Iran", 1)
    (row,) = look_ahead(session, ALL).work
    assert (row.people, row.is_short) == (3, False)


@pytest.mark.parametrize("count", [1, 2])
def test_of_one_or_two_people_neither_their_number_nor_their_hours_are_said(session, count):
    build_responses(session, 4, country="Iran")
    people_from(session, "Iran", count)
    (row,) = look_ahead(session, ALL).work
    assert (row.people, row.hours_each, row.is_short) == (None, None, True)


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
    ids = build_responses(session, 16)
    # 14, 8 and 7 gaps beside the breaks, and one more.
    for count in (16, 10, 9, 2):
        assert measured_pace(session) is None
        lock_every_25_s(session, ids[:count])
    assert measured_pace(session) == pytest.approx(25)


def test_the_pace_of_two_people_is_not_said(session):
    ids = build_responses(session, 40)
    lock_every_25_s(session, ids)
    lock_every_25_s(session, ids)
    # Of one response alone no pace is known.
    lock_every_25_s(session, ids[:1])
    assert measured_pace(session) is None
    lock_every_25_s(session, ids[:2])
    assert measured_pace(session) == pytest.approx(25)


def lock_every_25_s(session, response_ids) -> None:
    """Let a new person lock these, with an hour off after the third."""
    person, at = build_person(session), datetime(2026, 1, 5, 9, tzinfo=UTC)
    for place, response_id in enumerate(response_ids):
        moment = at + timedelta(seconds=25 * place + (3600 if place > 2 else 0))
        session.add(LockedResponse(person_id=person.id, response_id=response_id, locked_at=moment))
    session.flush()

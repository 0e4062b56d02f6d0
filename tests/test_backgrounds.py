"""What people tell of themselves, who may change it, and what withdrawing leaves of it."""

import hashlib

import pytest
from sqlmodel import select

from core.backgrounds import (
    Told,
    ToldCountry,
    background_of,
    countries_known,
    pool_of,
    reads,
    save_background,
    save_routing,
    save_wishes,
    told_by,
)
from core.consent import (
    CONSENT_TEXTS,
    CONSENT_VERSION,
    ConsentPart,
    agree,
    consent_state,
    refuse_without_consent,
    withdraw,
    withdrawn,
)
from core.errors import UserError
from core.models import Background, Event, Lease, ReviewSession, utc_now
from core.people import add_person
from core.people_shown import OTHERS, people_counted, people_shown
from tests.builders import build_item, build_person, build_response

IRAN = Told(
    countries=(ToldCountry("Iran", True, 20), ToldCountry("Japan", False, 3)),
    languages=("fa", "en"),
    region="Khorasan",
    faith="Zoroastrian",
    conflicts="I advise a company.",
)


def test_who_told_nothing_has_an_empty_background_that_is_not_stored(session):
    person = add_person(session, name="Nadia", role="expert")
    held = background_of(session, person=person)
    assert (held.languages or [], held.withdrawn_at, reads(session, person=person)) == ([], None, frozenset())
    assert session.exec(select(Background)).all() == []


def test_what_a_person_told_comes_back_as_it_was_told(session):
    person = build_person(session)
    save_background(session, person=person, told=IRAN)
    assert told_by(session, person=person) == IRAN
    assert reads(session, person=person) == {"fa", "en"}


def test_telling_anew_replaces_what_was_told(session):
    person = build_person(session)
    save_background(session, person=person, told=IRAN)
    save_background(session, person=person, told=Told((ToldCountry("Iran", False, 2),), ("en",)))
    assert [vars(row)["country"] for row in countries_known(session, person=person).values()] == ["Iran"]
    assert told_by(session, person=person).faith == ""


@pytest.mark.parametrize(
    ("country", "pool"),
    [("Iran", "from"), ("IRAN", "from"), ("Japan", "knows"), ("Egypt", "outside"), (None, "outside")],
)
def test_the_pool_says_how_a_person_knows_a_country(session, country, pool):
    person = build_person(session)
    save_background(session, person=person, told=IRAN)
    assert pool_of(session, person=person, country=country) == pool


@pytest.mark.parametrize(
    "told",
    [
        Told((ToldCountry("  ", True),), ("en",)),
        Told((ToldCountry("12", True),), ("en",)),
        Told((ToldCountry("x" * 61, True),), ("en",)),
        Told((ToldCountry("Ir\u202ean", True),), ("en",)),
        Told((ToldCountry("Iran", True, 121),), ("en",)),
        Told((ToldCountry("Iran", True, -1),), ("en",)),
        Told((ToldCountry("Iran", True),), ("Persian, and English",)),
        Told((ToldCountry("Iran", True),), ("en",), faith="\x00"),
    ],
)
def test_what_cannot_be_meant_is_refused(session, told):
    with pytest.raises(UserError):
        save_background(session, person=build_person(session), told=told)


def test_names_in_other_scripts_and_with_joiners_are_taken(session):
    person = build_person(session)
    save_background(session, person=person, told=Told((ToldCountry("می\u200cهن", True), ToldCountry("भारत", True))))
    assert set(countries_known(session, person=person)) == {"می\u200cهن", "भारत"}


@pytest.mark.parametrize("goal", [0, 501])
def test_a_goal_for_a_day_has_bounds(session, goal):
    with pytest.raises(UserError, match="between 1 and 500"):
        save_wishes(session, person=build_person(session), blur_pictures=False, daily_goal=goal)


def test_a_lead_corrects_countries_and_leaves_faith_alone(session):
    lead, person = build_person(session, "lead"), build_person(session)
    save_background(session, person=person, told=IRAN)
    save_routing(session, author=lead, person=person, countries=[ToldCountry("Egypt", True)], languages=["ar"])
    told = told_by(session, person=person)
    assert ([one.country for one in told.countries], told.languages, told.faith) == (["Egypt"], ("ar",), "Zoroastrian")


def test_an_expert_cannot_change_what_others_told(session):
    with pytest.raises(UserError, match="Only the leads"):
        save_routing(session, author=build_person(session), person=build_person(session), countries=[], languages=[])


def test_withdrawing_deletes_what_was_told_and_ends_sessions(session):
    person = build_person(session)
    save_background(session, person=person, told=IRAN)
    agree(session, person=person, version=CONSENT_VERSION)
    review = ReviewSession(person_id=person.id, title="Iran", planned=1)
    session.add(review)
    response = build_response(session, build_item(session))
    session.flush()
    lease = Lease(session_id=review.id, response_id=response.id, person_id=person.id, expires_at=utc_now())
    session.add(lease)
    withdraw(session, person=person)
    session.refresh(review)
    session.refresh(lease)
    assert review.closed_at
    assert lease.ended_at
    assert told_by(session, person=person) == Told()
    assert withdrawn(session) == {person.id}
    with pytest.raises(UserError, match="You have withdrawn"):
        refuse_without_consent(session, person=person)


def test_no_log_holds_what_a_person_told(session):
    person = build_person(session, name="Amina")
    save_background(session, person=person, told=IRAN)
    agree(session, person=person, version=CONSENT_VERSION)
    withdraw(session, person=person)
    logged = " ".join(event.model_dump_json() for event in session.exec(select(Event)))
    assert not [word for word in ("Amina", "Iran", "Khorasan", "Zoroastrian", "company") if word in logged]


def test_agreeing_anew_ends_a_withdrawal(session):
    person = build_person(session)
    withdraw(session, person=person)
    agree(session, person=person, version=CONSENT_VERSION)
    assert withdrawn(session) == set()
    refuse_without_consent(session, person=person)


def test_nobody_agrees_to_a_text_they_were_not_shown(session):
    with pytest.raises(UserError, match="changed while you read"):
        agree(session, person=build_person(session), version="2020-01")


def test_an_older_text_is_told_apart(session):
    assert consent_state(Background(person_id=1)) == "none"
    assert consent_state(Background(person_id=1, consent_version="2020-01")) == "older"
    assert consent_state(Background(person_id=1, consent_version=CONSENT_VERSION)) == "given"


def test_every_text_that_people_agreed_to_stands_as_they_read_it():
    assert {version: digest_of(text) for version, text in CONSENT_TEXTS.items()} == {
        "2026-11": "67af345528114057",
        "2026-11-2": "510f2ef4c2975dd4",
        "2026-11-3": "8adfd672445447ce",
    }


def digest_of(text: tuple[ConsentPart, ...]) -> str:
    return hashlib.sha256(repr([(part.question, part.answer) for part in text]).encode()).hexdigest()[:16]


def test_counts_of_fewer_than_three_are_not_said(session):
    lead = build_person(session, "lead")
    for _ in range(3):
        save_background(session, person=build_person(session), told=Told((ToldCountry("Egypt", True),), ("ar",)))
    for _ in range(2):
        save_background(session, person=build_person(session), told=IRAN)
    cells = {
        title: {cell.trait: cell.people for cell in row} for title, row in people_counted(session, author=lead).items()
    }
    assert cells["From"] == {"Egypt": 3, "Iran": None}
    assert cells["Reads"] == {"ar": 3, "en": None, "fa": None}


def test_rare_faiths_and_regions_are_not_even_named(session):
    lead = build_person(session, "lead")
    for faith in ("Muslim", "muslim", "Muslim", "Zoroastrian of the old quarter"):
        save_background(session, person=build_person(session), told=Told(faith=faith))
    faiths = people_counted(session, author=lead)["Faith"]
    assert [(cell.trait, cell.people) for cell in faiths] == [("Muslim", 3), (OTHERS, None)]


def test_who_has_withdrawn_is_counted_no_more(session):
    lead, people = build_person(session, "lead"), [build_person(session) for _ in range(3)]
    for person in people:
        save_background(session, person=person, told=IRAN)
    withdraw(session, person=people[0])
    assert [cell.people for cell in people_counted(session, author=lead)["From"]] == [None]


def test_an_expert_sees_neither_the_list_nor_the_counts(session):
    expert = build_person(session)
    with pytest.raises(UserError, match="Only the leads"):
        people_shown(session, author=expert)
    with pytest.raises(UserError, match="Only the leads"):
        people_counted(session, author=expert)


def test_the_list_is_by_name_and_holds_neither_faith_nor_region(session):
    lead = build_person(session, "lead", name="Zoe")
    person = build_person(session, name="amina")
    save_background(session, person=person, told=IRAN)
    shown = people_shown(session, author=lead)
    assert [one.person.name for one in shown] == ["amina", "Zoe"]
    assert not [word for word in ("Zoroastrian", "Khorasan") if word in repr(shown)]

"""Who gets what to label: no more experts than are wanted, nobody twice by accident, held while they are at work."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from core.consent import withdraw
from core.db import reading, transaction
from core.errors import NotFoundError, UserError
from core.labels.leases import LEASE
from core.labels.plan_progress import plan_progress
from core.labels.queue import take_session
from core.labels.review_sessions import close_session, reopen_session, session_progress
from core.labels.saving import save_entries
from core.labels.waiting import PlanToLabel, countries_to_label, plans_to_label, team_progress
from core.models import (
    Assignment,
    CountryKnown,
    Lease,
    LockedResponse,
    OpinionAsked,
    Person,
    PlannedResponse,
    Response,
    ReviewSession,
    SamplingPlan,
    utc_now,
)
from tests.builders import build_background, build_item, build_person, build_response
from tests.label_builders import four


def responses(session: Session, count: int = 1, **given: object) -> list[Response]:
    return [build_response(session, build_item(session, **given)) for _ in range(count)]


def drawn(session: Session, review: ReviewSession) -> list[int]:
    query = select(Assignment.response_id).where(Assignment.session_id == review.id)
    return list(session.exec(query.order_by(col(Assignment.position))))


def take(session: Session, person: Person, count: int = 30, **given: object) -> list[int]:
    return drawn(session, take_session(session, person=person, country=None, count=count, **given))


def locked_by(session: Session, response: Response, *people: Person) -> None:
    session.add_all(LockedResponse(person_id=person.id, response_id=response.id) for person in people)
    session.flush()


def knowing_iran(session: Session, *, is_from: bool) -> Person:
    person = build_person(session)
    session.add(CountryKnown(person_id=person.id, country="Iran", is_from=is_from))
    session.flush()
    return person


def planned(session: Session, responses: list[Response], *, experts: int = 2, likely: float = 0.25) -> SamplingPlan:
    plan = SamplingPlan(name="tenth", seed=3, wish={}, retest_share=0.0)
    session.add(plan)
    session.flush()
    session.add_all(
        PlannedResponse(plan_id=plan.id, response_id=row.id, stratum="s", inclusion_probability=likely, experts=experts)
        for row in responses
    )
    session.flush()
    return plan


def test_a_response_goes_to_two_experts_and_no_third(session):
    (response,) = responses(session)
    first, second, third = (build_person(session) for _ in range(3))
    assert take(session, first) == take(session, second) == [response.id]
    with pytest.raises(UserError, match="Nothing is left to label there"):
        take(session, third)


def test_people_from_elsewhere_take_nobody_s_place(session):
    (response,) = responses(session, country="Iran")
    outside = [build_person(session) for _ in range(3)]
    knowing = knowing_iran(session, is_from=False)
    home = [knowing_iran(session, is_from=True) for _ in range(3)]
    assert take(session, outside[0]) == take(session, knowing) == [response.id]
    assert take(session, home[0]) == take(session, home[1]) == [response.id]
    for too_many in (outside[1], home[2]):
        with pytest.raises(UserError, match="Nothing is left to label there"):
            take(session, too_many)


def test_answers_of_people_from_elsewhere_do_not_fill_a_plan(session):
    (response,) = responses(session, country="Iran")
    plan = planned(session, [response])
    locked_by(session, response, build_person(session), build_person(session))
    native = knowing_iran(session, is_from=True)
    total = plan_progress(session, plan_id=plan.id).total
    assert (total.given, total.from_elsewhere, total.labelled) == (0, 2, 0)
    assert take(session, native, plan_id=plan.id) == [response.id]


def test_a_second_expert_is_given_what_the_first_has(session):
    responses(session, 30)
    first, second, third = (build_person(session) for _ in range(3))
    taken = take(session, first, 5)
    again = take(session, second, 8)
    assert set(taken) < set(again)
    assert set(take(session, third, 3)) == set(again) - set(taken)


def test_who_comes_second_tells_nothing_of_how_likely_a_response_was(session):
    responses(session, 20)
    first, second = build_person(session), build_person(session)
    taken = take(session, first, 5)
    review = take_session(session, person=second, country=None, count=8)
    likely = {
        row.response_id: row.inclusion_probability
        for row in session.exec(select(Assignment).where(Assignment.session_id == review.id))
    }
    assert likely == {response_id: 5 / 20 if response_id in taken else 3 / 15 for response_id in likely}
    assert len(likely) == 8


def test_what_one_more_opinion_is_asked_for_comes_first(session):
    (asked,) = responses(session)
    locked_by(session, asked, build_person(session), build_person(session))
    responses(session, 40)
    third = build_person(session)
    session.add(OpinionAsked(response_id=asked.id, asked_by=third.id))
    session.flush()
    assert asked.id in take(session, third, 2)


def test_one_more_expert_gets_it_where_one_was_asked_for(session):
    (response,) = responses(session)
    locked_by(session, response, build_person(session), build_person(session))
    third = build_person(session)
    assert countries_to_label(session, person=third) == []
    session.add(OpinionAsked(response_id=response.id, asked_by=third.id))
    session.flush()
    assert take(session, third) == [response.id]


def test_what_a_session_did_not_label_goes_back_when_it_ends(session):
    one, two = responses(session, 2)
    first, second, third = (build_person(session) for _ in range(3))
    locked_by(session, one, second)
    locked_by(session, two, second)
    review = take_session(session, person=first, country=None, count=2)
    save_entries(session, person=first, entries=four(one))
    close_session(session, person=first, session_id=review.id)
    assert take(session, third) == [two.id]


def test_a_session_that_goes_on_after_its_end_holds_its_responses_again(session):
    (response,) = responses(session)
    first, other = build_person(session), build_person(session)
    locked_by(session, response, build_person(session))
    review = take_session(session, person=first, country=None, count=1)
    close_session(session, person=first, session_id=review.id)
    assert countries_to_label(session, person=other)
    reopen_session(session, person=first, session_id=review.id)
    assert countries_to_label(session, person=other) == []


def test_a_session_that_did_not_move_for_long_lets_others_have_its_responses(session):
    (response,) = responses(session)
    first, other = build_person(session), build_person(session)
    locked_by(session, response, build_person(session))
    take(session, first)
    assert countries_to_label(session, person=other) == []
    for lease in session.exec(select(Lease)):
        lease.expires_at = utc_now() - timedelta(seconds=1)
    session.flush()
    assert take(session, other) == [response.id]


def test_every_answer_moves_the_lease_on(session):
    one, two = responses(session, 2)
    person = build_person(session)
    take(session, person)
    for lease in session.exec(select(Lease)):
        lease.expires_at = utc_now() + timedelta(hours=1)
    session.flush()
    save_entries(session, person=person, entries=four(one))
    session.expire_all()
    left = session.exec(select(Lease).where(Lease.response_id == two.id)).one()
    assert left.expires_at > utc_now() + LEASE - timedelta(minutes=1)


def test_of_twenty_people_who_ask_at_once_no_response_gets_more_than_two(workspace):
    with transaction() as session:
        responses(session, 20)
        people = [build_person(session) for _ in range(20)]

    def ask(person: Person) -> list[int]:
        with transaction() as session:
            return take(session, person, 2)

    with ThreadPoolExecutor(20) as pool:
        taken = [response_id for ids in pool.map(ask, people) for response_id in ids]
    # The last to come may find only what they have already: at most two places stay empty.
    assert len(taken) >= 38
    assert all(taken.count(response_id) <= 2 for response_id in taken)


def test_who_knows_countries_gets_those(session):
    responses(session, 2, country="Iran")
    (moroccan,) = responses(session, 1, country="Morocco")
    person = build_person(session)
    session.add(CountryKnown(person_id=person.id, country="Morocco", is_from=True))
    session.flush()
    assert [row.country for row in countries_to_label(session, person=person)] == ["Morocco"]
    assert take(session, person) == [moroccan.id]


def test_the_last_expert_reads_the_language_if_the_first_does_not(session):
    (response,) = responses(session, 1, language="fa")
    first, second, reader = (build_person(session) for _ in range(3))
    build_background(session, reader, languages=["fa"])
    session.flush()
    assert take(session, first) == [response.id]
    with pytest.raises(UserError, match="Nothing is left"):
        take(session, second)
    assert take(session, reader) == [response.id]


def test_anyone_may_be_the_last_where_a_reader_was_there_already(session):
    (response,) = responses(session, 1, language="fa")
    reader, other = build_person(session), build_person(session)
    build_background(session, reader, languages=["fa"])
    session.flush()
    take(session, reader)
    assert take(session, other) == [response.id]


def test_who_reads_one_kind_of_portuguese_reads_the_other(session):
    (response,) = responses(session, 1, language="pt")
    reader = build_person(session)
    build_background(session, reader, languages=["pt-BR"])
    take(session, build_person(session))
    assert take(session, reader) == [response.id]


def test_an_only_expert_reads_the_language(session):
    (response,) = responses(session, 1, language="ja")
    plan = planned(session, [response], experts=1)
    reader = build_person(session)
    build_background(session, reader, languages=["ja"])
    with pytest.raises(UserError, match="Nothing is left"):
        take(session, build_person(session), plan_id=plan.id)
    assert take(session, reader, plan_id=plan.id) == [response.id]


def test_who_has_withdrawn_draws_nothing(session):
    responses(session)
    person = build_person(session)
    build_background(session, person, withdrawn_at=utc_now())
    session.flush()
    with pytest.raises(UserError, match="withdrawn"):
        take(session, person)


def test_wordings_of_one_family_are_not_neighbours(session):
    for family in ("a", "b", "c"):
        for _ in range(3):
            build_response(session, build_item(session, family_id=family))
    ids = take(session, build_person(session))
    families = [session.get_one(Response, row).item_id for row in ids]
    with_family = dict(session.exec(select(Response.item_id, Response.id)).all())
    assert len(with_family) == len(families) == 9
    items = {row: session.get_one(Response, row) for row in ids}
    named = [_family(session, items[row]) for row in ids]
    assert all(one != next_one for one, next_one in zip(named, named[1:], strict=False))


def _family(session: Session, response: Response) -> str:
    from core.models import Item

    return session.get_one(Item, response.item_id).family_id


def test_a_plan_draws_its_own_responses_with_their_probability(session):
    inside, _outside = responses(session, 2)
    plan = planned(session, [inside])
    person = build_person(session)
    assert plans_to_label(session, person=person) == [PlanToLabel(plan.id, "tenth", 1)]
    assert take(session, person, plan_id=plan.id) == [inside.id]
    assert session.exec(select(Assignment.inclusion_probability)).one() == 0.25


def test_a_plan_that_wants_one_expert_gives_a_response_to_one(session):
    (response,) = responses(session)
    plan = planned(session, [response], experts=1)
    take(session, build_person(session), plan_id=plan.id)
    assert plans_to_label(session, person=build_person(session)) == []


def test_a_plan_that_is_ended_or_unknown_is_not_drawn_from(session):
    plan = planned(session, responses(session))
    plan.ended_at = utc_now()
    session.flush()
    assert plans_to_label(session, person=build_person(session)) == []
    with pytest.raises(UserError, match="is ended"):
        take(session, build_person(session), plan_id=plan.id)
    with pytest.raises(NotFoundError):
        take(session, build_person(session), plan_id=999)


def test_the_team_s_progress_counts_answers_wanted_and_no_more(session):
    one, two = responses(session, 2)
    plan = planned(session, [one, two])
    people = [build_person(session) for _ in range(4)]
    review = take_session(session, person=people[0], country=None, count=2, plan_id=plan.id)
    locked_by(session, one, *people[1:])
    # Three have labelled the first, two were wanted; nobody has labelled the second.
    progress = team_progress(session, review=review)
    assert (progress.done, progress.total) == (2, 4)


def test_the_team_s_progress_without_a_plan_is_that_of_the_country(session):
    iranian, _ = responses(session, 2, country="Iran")
    responses(session, 3, country="Morocco")
    person = build_person(session)
    review = take_session(session, person=person, country="Iran", count=2)
    locked_by(session, iranian, person)
    progress = team_progress(session, review=review)
    assert (progress.done, progress.total) == (1, 4)


# -- retests ----------------------------------------------------------------------------------------------------------


def labelled_long_ago(session: Session, person: Person, count: int) -> list[Response]:
    done = responses(session, count)
    session.add_all(
        LockedResponse(person_id=person.id, response_id=row.id, locked_at=utc_now() - timedelta(days=8)) for row in done
    )
    session.flush()
    return done


def test_a_twentieth_of_a_session_comes_back_after_a_week_and_each_once(session):
    person = build_person(session)
    old = {row.id for row in labelled_long_ago(session, person, 5)}
    responses(session, 60)
    review = take_session(session, person=person, country=None, count=40)
    again = session.exec(select(Assignment).where(col(Assignment.is_retest).is_(True))).all()
    assert len(again) == 2
    assert {row.response_id for row in again} <= old
    assert {row.inclusion_probability for row in again} == {None}
    close_session(session, person=person, session_id=review.id)
    second = take_session(session, person=person, country=None, count=40)
    repeated = session.exec(
        select(Assignment.response_id).where(Assignment.session_id == second.id, col(Assignment.is_retest).is_(True))
    ).all()
    assert not {row.response_id for row in again} & set(repeated)


def test_what_was_labelled_yesterday_does_not_come_back(session):
    person = build_person(session)
    (fresh,) = responses(session)
    locked_by(session, fresh, person)
    responses(session, 40)
    take(session, person, 40)
    assert session.exec(select(Assignment).where(col(Assignment.is_retest).is_(True))).all() == []


def test_the_first_draw_does_not_wait_for_reading_sessions(workspace):
    with transaction() as session:
        responses(session, 2)
        person = build_person(session)
    with reading() as looking:
        assert countries_to_label(looking, person=person)
        with transaction() as session:
            review = take_session(session, person=person, country=None, count=2)
    with reading() as session:
        assert session_progress(session, review=review).total == 2


def test_a_label_of_who_has_withdrawn_is_wanted_from_somebody_else(session):
    (response,) = responses(session)
    gone, stays, third = (build_person(session) for _ in range(3))
    locked_by(session, response, gone, stays)
    assert countries_to_label(session, person=third) == []
    withdraw(session, person=gone)
    assert take(session, third) == [response.id]


def test_who_has_withdrawn_saves_no_more_answers(session):
    (response,) = responses(session)
    person = build_person(session)
    take(session, person)
    withdraw(session, person=person)
    receipt = save_entries(session, person=person, entries=four(response))
    assert not receipt.stored
    assert all("You have withdrawn" in said for said in receipt.refused.values())


def test_a_retest_is_of_the_country_of_its_session(session):
    person = build_person(session)
    labelled_long_ago(session, person, 5)
    responses(session, 60, country="Iran")
    take_session(session, person=person, country="Iran", count=60)
    assert session.exec(select(Assignment).where(col(Assignment.is_retest).is_(True))).all() == []


def test_nothing_waits_for_who_has_withdrawn(session):
    responses(session)
    person = build_person(session)
    assert countries_to_label(session, person=person)
    withdraw(session, person=person)
    assert countries_to_label(session, person=person) == []

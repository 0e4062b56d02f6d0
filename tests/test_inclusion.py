"""How likely a response was to be labelled at all, over every session and plan that could have drawn it."""

import uuid

import numpy as np
import pytest
from sqlmodel import Session, col, select

from core.labels.plan_draws import PlanWish
from core.labels.plans import freeze_plan
from core.labels.queue import take_session
from core.labels.review_sessions import close_session
from core.labels.skipping import skip_response
from core.measures.corrected_cells import corrected_cells
from core.measures.inclusion import overall_inclusion
from core.measures.next_labels import next_labels, responses_to_draw
from core.measures.score_filter import ScoreFilter
from core.models import Assignment, CountryKnown, Item, Label, LockedResponse, Person, Response
from core.people import current_person
from tests.builders import build_background, build_item, build_person, build_response
from tests.score_builders import build_word


def build_country(session: Session, country: str, count: int) -> list[int]:
    return [build_response(session, build_item(session, country=country)).id for _ in range(count)]


def native(session: Session, *countries: str) -> Person:
    person = build_person(session)
    build_background(session, person, languages=["en"])
    session.add_all(CountryKnown(person_id=person.id, country=name, is_from=True) for name in countries)
    session.flush()
    return person


def drawn_places(session: Session, review_id: int) -> list[Assignment]:
    query = select(Assignment).where(Assignment.session_id == review_id, col(Assignment.is_retest).is_(False))
    return list(session.exec(query.order_by(col(Assignment.position))))


def work(session, *countries, count, plan=None, answers=None, score=lambda response_id: 1, give_back=0):
    """Take a session as somebody new from there, answer the first of its places and give some back; end it."""
    person = native(session, *countries)
    country = countries[0] if len(countries) == 1 else None
    review = take_session(session, person=person, country=country, count=count, plan_id=plan)
    places = drawn_places(session, review.id)
    for place in places[:give_back]:
        form_id = str(uuid.uuid4())
        skip_response(
            session, person=person, response_id=place.response_id, kind="not_for_me", reason="", form_id=form_id
        )
    for place in places[give_back:answers]:
        session.add(
            Label(
                person_id=person.id,
                response_id=place.response_id,
                dimension="compliance",
                form_id=str(uuid.uuid4()),
                phase="blind",
                score=score(place.response_id),
                pool="from",
                language_shown="en",
                inclusion_probability=place.inclusion_probability,
            )
        )
        session.add(LockedResponse(person_id=person.id, response_id=place.response_id, pool="from"))
    session.flush()
    close_session(session, person=person, session_id=review.id)


def plan_of(session, name, *, seed, **wish):
    asked = PlanWish(**({"share": None} | wish))
    lead = current_person(session)
    return freeze_plan(session, wish=asked, name=name, seed=seed, author=lead, experts_each=1).id


def weights(session) -> dict[int, float]:
    """Return what each labelled response weighs."""
    stored: dict[int, float] = {}
    for label in session.exec(select(Label)):
        stored[label.response_id] = max(stored.get(label.response_id, 0.0), label.inclusion_probability or 0.0)
    ids = np.array(sorted(stored), dtype=np.int64)
    likely = np.array([stored[response_id] or np.nan for response_id in ids.tolist()])
    found = overall_inclusion(session, responses=ids, stored=likely, pools=("from",))
    return dict(zip(ids.tolist(), (1 / found).tolist(), strict=True))


def weight_of(session, country: str) -> float:
    of_country = set(session.exec(select(Response.id).join(Item).where(Item.country == country)))
    return sum(weight for response_id, weight in weights(session).items() if response_id in of_country)


def test_countries_that_work_at_unequal_pace_weigh_as_many_as_they_have(session):
    build_country(session, "Iran", 60)
    build_country(session, "Peru", 60)
    for _ in range(8):
        work(session, "Iran", count=12)
    work(session, "Peru", count=12)
    assert weight_of(session, "Iran") == pytest.approx(60)
    assert weight_of(session, "Peru") == pytest.approx(60)


def test_a_session_over_two_countries_weighs_each(session):
    build_country(session, "Iran", 40)
    build_country(session, "Peru", 20)
    work(session, "Iran", "Peru", count=30)
    assert list(weights(session).values()) == pytest.approx([2.0] * 30)


def test_a_plan_half_done_weighs_as_if_it_had_been_half_as_large(session):
    build_country(session, "Iran", 50)
    build_country(session, "Peru", 50)
    plan = plan_of(session, "one", seed=1, share=0.4)
    work(session, "Iran", count=20, plan=plan)
    work(session, "Peru", count=20, plan=plan, answers=5)
    assert weight_of(session, "Iran") == pytest.approx(50)
    assert weight_of(session, "Peru") == pytest.approx(50)


def test_what_a_session_drew_and_nobody_answered_weighs_on_what_was_answered(session):
    build_country(session, "Iran", 40)
    work(session, "Iran", count=20, answers=10)
    assert weight_of(session, "Iran") == pytest.approx(40)


def test_what_was_given_back_was_asked_too(session):
    build_country(session, "Iran", 40)
    work(session, "Iran", count=20, give_back=5)
    assert len(weights(session)) == 15
    assert weight_of(session, "Iran") == pytest.approx(30)


def test_a_session_after_a_plan_makes_all_likelier(session):
    build_country(session, "Iran", 40)
    work(session, "Iran", count=10, plan=plan_of(session, "one", seed=1, share=0.25))
    # The ten of the plan once more, and 20 of the 30 that nobody had.
    work(session, "Iran", count=30)
    assert list(weights(session).values()) == pytest.approx([1 / (1 - 0.75 / 3)] * 30)


def test_two_plans_of_one_seed_are_one_draw(session):
    build_country(session, "Iran", 40)
    first = plan_of(session, "one", seed=1, share=0.25)
    work(session, "Iran", count=10, plan=first)
    second = plan_of(session, "two", seed=1, share=0.5)
    work(session, "Iran", count=20, plan=second)
    assert weight_of(session, "Iran") == pytest.approx(40)


def test_two_plans_of_different_seeds_are_two(session):
    build_country(session, "Iran", 40)
    for name, seed in (("one", 1), ("two", 2)):
        work(session, "Iran", count=20, plan=plan_of(session, name, seed=seed, share=0.5))
    found = list(weights(session).values())
    assert found == pytest.approx([1 / 0.75] * len(found))


def test_responses_that_came_later_could_not_have_been_drawn_before(session):
    build_country(session, "Iran", 20)
    work(session, "Iran", count=10)
    later = set(build_country(session, "Iran", 20))
    # The ten once more, and 15 of 30.
    work(session, "Iran", count=25)
    found = weights(session)
    assert {round(found[one], 6) for one in found if one in later} == {2.0}
    assert {round(found[one], 6) for one in found if one not in later} == {round(1 / 0.75, 6)}


def test_a_second_expert_changes_no_weight(session):
    build_country(session, "Iran", 40)
    work(session, "Iran", count=10)
    work(session, "Iran", count=10)
    assert len(weights(session)) == 10
    assert weight_of(session, "Iran") == pytest.approx(40)


def test_draws_for_people_from_elsewhere_bring_nothing(session):
    build_country(session, "Iran", 40)
    outsider = build_person(session)
    close_session(
        session,
        person=outsider,
        session_id=take_session(session, person=outsider, country="Iran", count=40).id,
    )
    work(session, "Iran", count=10)
    assert weight_of(session, "Iran") == pytest.approx(40)


def test_what_was_picked_by_hand_has_no_probability_and_what_came_from_elsewhere_keeps_its_own(session):
    by_hand, elsewhere = build_country(session, "Iran", 2)
    ids = np.array([by_hand, elsewhere])
    found = overall_inclusion(session, responses=ids, stored=np.array([np.nan, 0.2]), pools=("from",))
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(0.2)


def test_more_labels_where_the_screen_says_narrow_the_interval_as_it_foretells(session):
    rng = np.random.default_rng(4)
    scores = {}
    for family in range(50):
        for _ in range(6):
            item = build_item(session, country="Iran", family_id=f"f-{family:02}")
            response = build_response(session, item, model="m-1")
            scores[response.id] = int(rng.random() < 0.6)
            judged = 1 if rng.random() < 0.2 else scores[response.id]
            build_word(session, response, "compliance", judged)
    wanted = ScoreFilter(judge="judge-a", dimensions=("compliance",))
    lead = current_person(session)
    first = plan_of(session, "one", seed=1, count=60)
    work(session, "Iran", count=60, plan=first, score=scores.__getitem__)

    def half_width():
        [cell] = corrected_cells(session, person=lead, wanted=wanted)
        return (cell.score.corrected.high - cell.score.corrected.low) / 2

    before = half_width()
    [best] = next_labels(session, person=lead, wanted=wanted)
    second = plan_of(session, "two", seed=2, count=responses_to_draw(best))
    work(session, "Iran", count=60, plan=second, score=scores.__getitem__)
    assert half_width() < before
    assert half_width() == pytest.approx(best.gain.after, rel=0.15)

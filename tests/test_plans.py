"""Sampling plans: what they draw from, what they foresee, what freezing stores, how far they are, who may look."""

import math
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select
from typer import Typer
from typer.testing import CliRunner

from core.cli.plans import plan_command
from core.db import reading, transaction
from core.errors import NotFoundError, UserError
from core.labels.plan_draws import Candidate, Drawn, PlanWish, draw
from core.labels.plan_frame import candidates, plan_choices
from core.labels.plan_intervals import HalfWidth, Spread, half_width, likeness, spreads
from core.labels.plan_preview import PACE_S, foreseen, measured_pace
from core.labels.plan_rows import closed_count, open_planned, planned_rows, strata_of
from core.labels.plans import end_plan, freeze_plan, plan_progress, plans_here, suggested_name
from core.labels.queue import take_session
from core.measures.statistics import clustered_mean, student_t_bound
from core.models import (
    Background,
    CountryKnown,
    Event,
    Label,
    LockedResponse,
    OwnItem,
    PlannedResponse,
    SamplingPlan,
    ScoresSeen,
)
from core.people import current_person
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_judgements, build_person, build_response

ALL = PlanWish(share=1.0)


def build_responses(session, count: int, **given) -> list[int]:
    """So many responses of one model, each to an item of its own."""
    return [build_response(session, build_item(session, **given), model="m").id for _ in range(count)]


def freeze(session, wish: PlanWish = ALL, **given) -> SamplingPlan:
    asked = {"name": "pilot", "seed": 1, "author": current_person(session)}
    return freeze_plan(session, wish=wish, **(asked | given))


def label(session, person, response_id: int, score: int = 1) -> None:
    for dimension in DIMENSIONS:
        session.add(
            Label(
                person_id=person.id,
                response_id=response_id,
                dimension=dimension,
                form_id=f"{person.id}/{response_id}/{dimension}",
                phase="blind",
                score=score,
                pool="from",
                language_shown="en",
            )
        )
    session.add(LockedResponse(person_id=person.id, response_id=response_id))
    session.flush()


# -- what a plan draws from ------------------------------------------------------------------------------------------


def test_only_what_can_be_labelled_is_drawn_from(session):
    fits = build_responses(session, 1)
    build_response(session, build_item(session), setting="text-only")
    build_response(session, build_item(session), status="cut_off")
    build_response(session, build_item(session, norm="  "))
    build_response(session, build_item(session, norm=None))
    waiting = build_item(session)
    build_response(session, waiting)
    session.add(OwnItem(item_id=waiting.id, author_id=build_person(session).id))
    session.flush()
    assert [row.response_id for row in candidates(session, ALL)] == fits


@pytest.mark.parametrize(
    ("chosen", "item", "response"),
    [
        ({"countries": ("Iran",)}, {"country": "Iran"}, {}),
        ({"subsets": ("casa",)}, {"subset": "casa"}, {}),
        ({"splits": ("held_out",)}, {"split": "held_out"}, {}),
        ({"models": ("other",)}, {}, {"model": "other"}),
        ({"settings": ("translation",)}, {}, {"setting": "translation"}),
        ({"rounds": (2,)}, {}, {"round": 2}),
    ],
)
def test_each_choice_narrows_what_is_drawn_from(session, chosen, item, response):
    build_responses(session, 2)
    wanted = build_response(session, build_item(session, **item), **response)
    assert [row.response_id for row in candidates(session, PlanWish(**chosen))] == [wanted.id]


def test_the_choices_are_those_of_responses_that_can_be_labelled(session):
    build_responses(session, 2, country="Iran")
    build_response(session, build_item(session, country="Peru"), model="failing", status="failed")
    found = plan_choices(session)
    assert (found.models, found.countries, found.rounds, found.responses) == (("m",), ("Iran",), (1,), 2)


def test_a_judges_rounds_are_averaged_and_what_is_not_scored_stays_none(session):
    (response_id,) = build_responses(session, 1)
    response = build_response(session, build_item(session))
    build_judgements(session, response, "10-1", judge="j")
    scores = {row.response_id: row.scores for row in candidates(session, ALL, judge="j")}
    assert scores == {response_id: (None,) * 4, response.id: (1.0, 0.0, None, 1.0)}


def test_responses_are_disputed_where_both_judges_scored_and_one_says_no(session):
    scores = [("1111", "1111"), ("1111", "1101"), ("1111", "11-1"), ("1-11", "1011")]
    for first, second in scores:
        response = build_response(session, build_item(session))
        build_judgements(session, response, first, judge="a")
        build_judgements(session, response, second, judge="b")
    found = candidates(session, PlanWish(differing=("a", "b")))
    assert [row.is_disputed for row in found] == [False, True, False, False]


def test_an_unknown_judge_is_named(session):
    with pytest.raises(NotFoundError, match="no judge named 'nobody'"):
        candidates(session, ALL, judge="nobody")


# -- what is foreseen ------------------------------------------------------------------------------------------------


def sample(families: int, each: int = 1, probability: float = 1.0, country: str = "Iran") -> list[Drawn]:
    rows = [(family, number) for family in range(families) for number in range(each)]
    return [
        Drawn(Candidate(place, country, "m", "en", f"f{family}"), country, probability, 2)
        for place, (family, _) in enumerate(rows)
    ]


def test_a_half_width_worked_by_hand():
    # 25 families of one response, a fifth are yes: t with 24 degrees of freedom is 2.0639, times sqrt(0.16 / 25).
    assert half_width(sample(25), Spread(0.2, 0.5)).most == pytest.approx(2.0639 * 0.08, abs=1e-4)


def test_likeness_within_families_widens_the_interval_by_the_design_effect():
    # Four responses in each of 25 families: the variance grows by 1 + (4 - 1) * 0.3 = 1.9.
    alone, alike = (half_width(sample(25, each=4), Spread(0.4, share)).most for share in (0.0, 0.3))
    assert alike / alone == pytest.approx(math.sqrt(1.9))


def test_unequal_weights_widen_the_interval_as_kish_says():
    # 10 responses of weight 1 and 10 of weight 3: 20 * (10 + 90) / 40^2 = 1.25 times the variance.
    even = half_width(sample(20), Spread(0.5, 0.0)).most
    rows = sample(20)
    rows = rows[:10] + [row._replace(inclusion_probability=1 / 3) for row in rows[10:]]
    assert half_width(rows, Spread(0.5, 0.0)).most / even == pytest.approx(math.sqrt(1.25))


def test_without_a_judge_the_interval_lies_between_no_likeness_and_full_likeness():
    # 16 families of 9: half yes, so 0.5 / sqrt(144) and 0.5 / sqrt(16).
    found = half_width(sample(16, each=9), None)
    bound = student_t_bound(15)
    assert (found.least, found.most) == (pytest.approx(bound * 0.5 / 12), pytest.approx(bound * 0.5 / 4))


def test_below_ten_families_no_interval_is_foreseen():
    assert half_width(sample(9, each=50), Spread(0.5, 0.0)) == HalfWidth(None, None)
    assert half_width(sample(10), Spread(0.5, 0.0)).most is not None


def test_where_the_judge_said_the_same_of_all_the_interval_is_still_of_some_width():
    # Wilson for 0 of 20: 1.96^2 / (20 + 1.96^2) = 0.161, and half of that.
    assert half_width(sample(20), Spread(1.0, 1.0)).most == pytest.approx(0.161 / 2, abs=5e-4)


def test_likeness_worked_by_hand_and_at_its_limits():
    # Two families of 2, (2 yes, 2) and (1 yes, 2): mean 3/4; between 2/16 + 2/16 = 1/4, within 1/2 over 2 = 1/4: none.
    assert likeness([(2, 2), (1, 2)]) == pytest.approx(0.0)
    assert likeness([(3, 3), (0, 3), (3, 3)]) == pytest.approx(1.0)
    assert likeness([(1, 2), (1, 2), (1, 2)]) == 0.0
    assert likeness([(1, 1), (0, 1)]) == 1.0


def test_a_dimension_the_judge_hardly_scored_is_reckoned_without_it():
    rows = [Candidate(n, "Iran", "m", "en", f"f{n}", (1.0, 1.0 if n < 5 else None, None, 0.0)) for n in range(10)]
    found = spreads([*rows, rows[-1]._replace(response_id=99)])
    assert [spread and spread.share for spread in found] == [1.0, None, None, 0.0]


def test_what_is_foreseen_is_what_the_interval_of_the_labels_turns_out_to_be():
    rng = random.Random(4)
    rows = []
    for family in range(30):
        share = rng.betavariate(3, 2)
        rows += [
            Candidate(len(rows) + n, "Iran", "m", "en", f"f{family}", (float(rng.random() < share),) * 4)
            for n in range(12)
        ]
    drawn = draw(rows, PlanWish(share=0.5), seed=1, experts_each=2, overlap=1.0).responses
    widths = []
    for seed in range(40):
        sums: Counter[str] = Counter()
        counts: Counter[str] = Counter()
        for row in draw(rows, PlanWish(share=0.5), seed=seed, experts_each=2, overlap=1.0).responses:
            sums[row.candidate.family] += row.candidate.scores[0]
            counts[row.candidate.family] += 1
        found = clustered_mean([sums[name] for name in counts], list(counts.values()))
        widths.append((found.high - found.low) / 2)
    assert half_width(drawn, spreads(rows)[0]).most == pytest.approx(sum(widths) / len(widths), rel=0.1)


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
        session.add(Background(person_id=person.id, withdrawn_at=at))
    session.flush()
    (row,) = look_ahead(session, ALL).work
    assert (row.people, row.is_short) == (1, True)


def test_a_language_that_nobody_from_there_reads_is_named_and_english_is_not(session):
    for language in ("en", "fa", "az"):
        build_responses(session, 2, country="Iran", language=language)
    person = build_person(session)
    session.add(CountryKnown(person_id=person.id, country="Iran", is_from=True))
    session.add(Background(person_id=person.id, languages=["fa-IR"]))
    session.flush()
    (row,) = look_ahead(session, ALL).work
    assert row.unread == ("az",)


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


# -- freezing --------------------------------------------------------------------------------------------------------


def test_freezing_stores_the_sample_with_its_probabilities(session):
    build_responses(session, 20, country="Iran")
    build_responses(session, 5, country="Peru")
    plan = freeze(session, PlanWish(share=0.1), overlap_share=0.0)
    rows = session.exec(select(PlannedResponse).order_by(PlannedResponse.stratum)).all()
    found = [(row.stratum, row.inclusion_probability, row.experts) for row in rows]
    assert found == [("Iran", 0.1, 1), ("Iran", 0.1, 1), ("Peru", 0.2, 1)]
    assert {row.plan_id for row in rows} == {plan.id}


def test_a_frozen_plan_tells_its_wish_and_the_judges_versions(session):
    build_judgements(session, build_response(session, build_item(session)), judge="j")
    wish = PlanWish(share=0.5, balance=("compliance",), judge="j", least_failing=3)
    plan = freeze(session, wish, seed=77, experts_each=3, overlap_share=0.5, retest_share=0.1)
    session.expire(plan)
    assert PlanWish.stored(plan.wish) == wish
    assert plan.wish["judge_versions"] == {"j": "one-call-1"}
    assert (plan.seed, plan.experts_each, plan.overlap_share, plan.retest_share) == (77, 3, 0.5, 0.1)


def test_what_is_imported_later_does_not_change_a_frozen_plan(session):
    ids = build_responses(session, 6)
    freeze(session)
    build_responses(session, 6)
    assert set(session.exec(select(PlannedResponse.response_id))) == set(ids)


def test_freezing_is_written_down(session):
    build_responses(session, 3)
    freeze(session)
    event = session.exec(select(Event).where(Event.kind == "plan frozen")).one()
    assert (event.subject, event.detail) == ("plan/pilot", {"responses": 3, "seed": 1})


def test_an_expert_freezes_and_ends_nothing(session):
    build_responses(session, 3)
    expert, plan = build_person(session, "expert"), freeze(session)
    with pytest.raises(UserError, match="Only the leads"):
        freeze(session, author=expert, name="mine")
    with pytest.raises(UserError, match="Only the leads"):
        end_plan(session, plan_id=plan.id, author=expert)


@pytest.mark.parametrize(
    ("wish", "given", "words"),
    [
        (PlanWish(share=None), {}, "either a share"),
        (PlanWish(share=0.1, count=5), {}, "either a share"),
        (PlanWish(share=1.2), {}, "above 0 and at most at 1"),
        (PlanWish(share=0.0), {}, "above 0 and at most at 1"),
        (PlanWish(share=math.nan), {}, "above 0 and at most at 1"),
        (PlanWish(share=None, count=0), {}, "at least one"),
        (PlanWish(least=-1), {}, "negative"),
        (PlanWish(balance=("compliance",)), {}, "Choose the judge"),
        (PlanWish(balance=("beauty",), judge="j"), {}, "Balance by some of"),
        (PlanWish(differing=("a", "a")), {}, "two different judges"),
        (ALL, {"name": "  "}, "needs a name"),
        (ALL, {"experts_each": 0}, "experts can label"),
        (ALL, {"overlap_share": 1.1}, "between 0 and 1"),
        (ALL, {"retest_share": 0.6}, "comes back"),
        (ALL, {"seed": -1}, "seed"),
        (PlanWish(share=1.0, countries=("Nowhere",)), {}, "No response fits"),
    ],
)
def test_what_cannot_be_frozen_is_refused_with_the_reason(session, wish, given, words):
    build_responses(session, 3)
    with pytest.raises(UserError, match=words):
        freeze(session, wish, **given)
    assert session.exec(select(SamplingPlan)).all() == []


def test_a_name_is_given_once_and_a_free_one_suggested(session):
    build_responses(session, 3)
    assert suggested_name(session) == "Plan 1"
    freeze(session, name="Plan 1")
    with pytest.raises(UserError, match="a plan named Plan 1 already"):
        freeze(session, name=" Plan  1 ")
    assert suggested_name(session) == "Plan 2"


def test_an_ended_plan_stays_with_its_labels_and_gives_no_session(session):
    (response_id,) = build_responses(session, 1)
    expert, plan = build_person(session), freeze(session)
    label(session, expert, response_id)
    end_plan(session, plan_id=plan.id, author=current_person(session))
    assert plan_progress(session, plan_id=plan.id).total.given == 1
    with pytest.raises(UserError, match="is ended"):
        take_session(session, person=expert, country=None, count=5, plan_id=plan.id)


# -- progress --------------------------------------------------------------------------------------------------------


def test_progress_counts_answers_labelled_settled_and_left_by_country(session):
    agreed, differing, half = build_responses(session, 3, country="Iran")
    build_responses(session, 1, country="Peru")
    first, second = build_person(session), build_person(session)
    plan = freeze(session)
    for response_id, scores in ((agreed, (1, 1)), (differing, (1, 0)), (half, (1,))):
        for person, score in zip((first, second), scores, strict=False):
            label(session, person, response_id, score)
    state = plan_progress(session, plan_id=plan.id)
    found = [(row.country, row.labels, row.given, row.labelled, row.settled, row.left) for row in state.countries]
    assert found == [("Iran", 6, 5, 2, 1, 1), ("Peru", 2, 0, 0, 0, 1)]
    assert (state.total.responses, state.total.given, state.total.left) == (4, 5, 2)


def test_more_answers_than_wanted_do_not_hide_missing_ones(session):
    first, _ = build_responses(session, 2)
    plan = freeze(session, overlap_share=0.0)
    for _ in range(3):
        label(session, build_person(session), first)
    total = plan_progress(session, plan_id=plan.id).total
    assert (total.given, total.labels, total.left) == (1, 2, 1)


def test_plans_under_way_come_first_and_then_the_newest(session):
    build_responses(session, 2)
    first, _, _ = (freeze(session, name=name) for name in ("first", "second", "third"))
    end_plan(session, plan_id=first.id + 2, author=current_person(session))
    assert [state.plan.name for state in plans_here(session)] == ["second", "first", "third"]


def test_the_strata_of_a_plan_come_back_with_their_sizes(session):
    build_responses(session, 20, country="Iran")
    build_responses(session, 7, country="Peru")
    plan = freeze(session, PlanWish(share=0.3))
    found = [(row.name, row.size, row.sample) for row in strata_of(session, plan_id=plan.id)]
    assert found == [("Iran", 20, 6), ("Peru", 7, 3)]


# -- who may look ----------------------------------------------------------------------------------------------------


def test_of_closed_responses_a_lead_gets_the_item_alone(session):
    opened, _ = build_responses(session, 2)
    plan, lead = freeze(session), current_person(session)
    session.add(ScoresSeen(person_id=lead.id, response_id=opened))
    session.flush()
    rows = planned_rows(session, plan=plan, person=lead)
    assert sorted((row.is_open, row.response_id, row.stratum is None, row.item_id is None) for row in rows) == [
        (False, None, True, False),
        (True, opened, False, False),
    ]


def test_where_a_plan_names_models_not_even_the_item_of_a_closed_response_is_told(session):
    build_responses(session, 2)
    plan = freeze(session, PlanWish(share=1.0, models=("m",)))
    rows = planned_rows(session, plan=plan, person=current_person(session))
    assert [(row.item_id, row.response_id) for row in rows] == [(None, None)] * 2


def test_opening_a_plan_is_written_down_so_that_later_labels_are_unblinded(session):
    ids = build_responses(session, 3)
    plan, lead = freeze(session), current_person(session)
    assert closed_count(session, plan=plan, person=lead) == 3
    open_planned(session, plan=plan, person=lead)
    assert closed_count(session, plan=plan, person=lead) == 0
    assert set(session.exec(select(ScoresSeen.response_id))) == set(ids)


def test_an_expert_neither_sees_nor_opens_the_table_of_a_plan(session):
    build_responses(session, 1)
    plan, expert = freeze(session), build_person(session)
    with pytest.raises(UserError, match="Only the leads"):
        planned_rows(session, plan=plan, person=expert)
    with pytest.raises(UserError, match="experts? answer|after your own"):
        open_planned(session, plan=plan, person=expert)


# -- command ---------------------------------------------------------------------------------------------------------


def cross_review_plan(*words: str):
    command = Typer()
    command.command()(plan_command)
    return CliRunner().invoke(command, ["pilot", *words])


def test_the_command_previews_without_freezing_and_then_freezes(workspace):
    with transaction() as session:
        build_responses(session, 20, country="Iran")
    assert cross_review_plan("--share", "0.1", "--preview").output.startswith("2 of 20 responses, 4 answers")
    with reading() as session:
        assert session.exec(select(SamplingPlan)).all() == []
    assert cross_review_plan("--share", "0.1", "--seed", "5").exit_code == 0
    with reading() as session:
        assert session.exec(select(SamplingPlan)).one().seed == 5


def test_the_command_says_what_is_wrong_and_ends_with_1(workspace):
    result = cross_review_plan("--share", "2")
    assert (result.exit_code, "at most at 1" in result.output) == (1, True)

"""What became of answers once the judge was shown, and answers given twice; nobody is named."""

from datetime import timedelta

import pytest

from core.consent import withdraw
from core.errors import UserError
from core.judges import judge_named
from core.measures.family_intervals import NO_VARIATION
from core.measures.second_looks import anchoring, retests
from core.models import LockedResponse, Response, RetestLabel, ReviewSession, utc_now
from core.people_shown import LEAST_PEOPLE
from core.rubric import LAST_SCORING_ROUND
from tests.builders import build_item, build_person, build_response
from tests.score_builders import build_label, build_word, lead


def build_shown(session, person, first, judge, now="", *, family="f-1", phase="blind"):
    """Add an answer (1, 0 or - for can't say) on compliance, the judge's score before it, and what stands now."""
    response = build_response(session, build_item(session, family_id=family))
    build_word(session, response, "compliance", int(judge))
    session.flush()
    build_label(session, person, response, said(first), phase=phase)
    if now:
        build_label(session, person, response, said(now), phase="revised")
    return response


def said(mark):
    return None if mark == "-" else int(mark)


def build_three(session, marks=(("1", "0", "0"), ("1", "0"), ("1", "1"))):
    people = [build_person(session) for _ in range(LEAST_PEOPLE)]
    for person in people:
        for mark in marks:
            build_shown(session, person, *mark)
    return people


def build_again(session, person, first, again, *, family="f-1", phase="blind", **given):
    """Add an answer on compliance and the one given a week later."""
    response = build_response(session, build_item(session, family_id=family))
    build_label(session, person, response, said(first), phase=phase)
    review = ReviewSession(person_id=person.id, title="t", planned=1)
    session.add(review)
    session.flush()
    own = {"person_id": person.id, "response_id": response.id, "session_id": review.id, "dimension": "compliance"}
    again = {"score": said(again), "cant_say": again == "-", "form_id": f"{review.id}"} | given
    session.add(RetestLabel(**own, **again))
    session.flush()
    return own


def moved(session, **given):
    return anchoring(session, person=lead(session), judge="judge-a", **given)


def twice(session, **given):
    return retests(session, person=lead(session), **given)


def counts(row):
    return (row.shown, row.opportunities, row.revised, row.towards, row.away)


def test_changes_are_counted_by_where_they_go(session):
    people = build_three(session, [("1", "1")])
    # To the judge; away from it; can't say, then the judge's; kept; changed to can't say, which is nobody's.
    for first, judge, now in (("1", "0", "0"), ("1", "1", "0"), ("-", "0", "0"), ("0", "1", "0"), ("1", "0", "-")):
        build_shown(session, people[0], first, judge, now)
    [row] = moved(session)
    assert (row.dimension, row.expert, row.people) == ("compliance", None, 3)
    assert counts(row) == (8, 4, 4, 2, 1)
    assert (row.rate.value, row.rate.n) == (0.5, 4)
    assert (row.rate_of_differing.value, row.rate_of_differing.n) == (0.5, 4)


def test_under_ten_families_there_is_no_interval_and_from_ten_on_there_is(session):
    people = build_three(session)
    assert moved(session)[0].rate.low is None
    for number in range(12):
        build_shown(session, people[0], "1", "0", "01"[number % 2] if number % 2 == 0 else "-", family=f"g-{number}")
    rate = moved(session)[0].rate
    assert rate.low < rate.value < rate.high
    assert rate.families == 13


def test_a_revision_that_was_taken_back_is_none(session):
    people = build_three(session, [("1", "1")])
    response = build_shown(session, people[0], "1", "0", "0")
    build_label(session, people[0], response, 0, phase="revised", retracted=True)
    assert counts(moved(session)[0]) == (4, 1, 0, 0, 0)


def test_answers_given_after_seeing_the_judge_are_counted_apart(session):
    people = build_three(session, [("1", "1")])
    build_shown(session, people[0], "1", "0", "0", phase="unblinded")
    [row] = moved(session)
    assert (counts(row), row.unblinded) == ((3, 0, 0, 0, 0), 1)


def test_a_judge_that_scored_later_was_not_shown(session):
    people = build_three(session, [("1", "1")])
    response = build_shown(session, people[0], "1", "0")
    session.get_one(LockedResponse, (people[0].id, response.id)).locked_at = utc_now() - timedelta(days=1)
    session.flush()
    assert counts(moved(session)[0]) == (3, 0, 0, 0, 0)


def test_a_new_prompt_version_takes_nothing_away_from_what_was_shown_before(session):
    people = build_three(session)
    shown = build_shown(session, people[0], "1", "0", "0")
    before = moved(session)
    build_word(session, shown, "compliance", 1, prompt_version="newer")
    judge_named(session, "judge-a").prompt_version = "newer"
    session.flush()
    assert moved(session) == before


def test_an_answer_met_the_version_that_stood_when_it_was_locked(session):
    people = build_three(session, [("1", "1")])
    judge = judge_named(session, "judge-a")
    for version, score, first in (("second", 0, 1), ("third", 1, 0)):
        response = build_response(session, build_item(session))
        build_word(session, response, "compliance", 1 - score)
        build_word(session, response, "compliance", score, prompt_version=version)
        judge.prompt_version = version
        build_label(session, people[0], response, first)
        build_label(session, people[0], response, score, phase="revised")
    assert counts(moved(session)[0]) == (5, 2, 2, 2, 0)


def test_a_version_that_does_not_stand_was_not_shown(session):
    people = build_three(session, [("1", "1")])
    response = build_response(session, build_item(session))
    build_word(session, response, "compliance", 1)
    build_word(session, response, "compliance", 0, prompt_version="tried")
    build_label(session, people[0], response, 1)
    assert counts(moved(session)[0]) == (4, 0, 0, 0, 0)


def test_scores_made_again_to_see_drift_were_not_shown(session):
    people = build_three(session, [("1", "1")])
    response = build_response(session, build_item(session))
    build_word(session, response, "compliance", 0, judge_round=LAST_SCORING_ROUND + 1)
    build_label(session, people[0], response, 1)
    assert counts(moved(session)[0]) == (3, 0, 0, 0, 0)


def test_most_rounds_of_the_judge_count_and_a_tie_is_no_score(session):
    people = build_three(session, [("1", "1")])
    for scores in ((0, 0, 1), (0, 1), (None, 0)):
        response = build_response(session, build_item(session))
        for number, score in enumerate(scores, start=1):
            build_word(session, response, "compliance", score, judge_round=number)
        build_label(session, people[0], response, 1)
    assert counts(moved(session)[0]) == (5, 2, 0, 0, 0)


def test_where_everybody_has_withdrawn_there_is_no_row(session):
    for person in build_three(session):
        withdraw(session, person=person)
    session.flush()
    assert moved(session) == []


def test_nothing_is_said_of_fewer_than_three_people(session):
    people = [build_person(session) for _ in range(LEAST_PEOPLE - 1)]
    for person in people:
        build_shown(session, person, "1", "0", "0")
        build_again(session, person, "1", "1")
    for by_expert in (False, True):
        assert moved(session, by_expert=by_expert) == []
        assert twice(session, by_expert=by_expert) == []


def test_whoever_has_withdrawn_is_in_no_row(session):
    people = build_three(session)
    withdraw(session, person=people[0])
    session.flush()
    assert moved(session) == []


def test_people_stand_under_letters_and_add_up_to_the_whole(session):
    people = build_three(session)
    build_shown(session, people[0], "1", "0", "0")
    whole, *each = moved(session, by_expert=True)
    assert [row.expert for row in each] == ["A", "B", "C"]
    assert [sum(part) for part in zip(*map(counts, each), strict=True)] == list(counts(whole))
    assert {row.unblinded for row in each} == {None}
    assert not any(person.name in repr(each) or person.pseudonym in repr(each) for person in people)


def test_the_order_of_letters_is_not_that_of_rates_or_of_joining(session):
    people = [build_person(session) for _ in range(8)]
    for place, person in enumerate(people):
        build_shown(session, person, "1", "0", "0" if place % 2 else "1")
        for _ in range(place):
            build_shown(session, person, "1", "1")
    sizes = [row.shown for row in moved(session, by_expert=True)[1:]]
    assert sorted(sizes) == list(range(1, 9))
    assert sizes not in (sorted(sizes), sorted(sizes, reverse=True))


def test_retest_consistency_worked_by_hand(session):
    people = [build_person(session) for _ in range(LEAST_PEOPLE)]
    # Both yes 6, both no 3, yes then no 2, no then yes 1: the same in 9 of 12. By chance 8/12 * 7/12 + 4/12 * 5/12 =
    # 76/144; kappa (108 - 76) / (144 - 76) = 8/17.
    for number, pair in enumerate(["11"] * 6 + ["00"] * 3 + ["10"] * 2 + ["01"]):
        build_again(session, people[number % 3], *pair, family=f"f-{number:02}")
    build_again(session, people[0], "-", "1")
    [row] = twice(session)
    assert (row.people, row.same.n, row.same.value, row.unsaid) == (3, 12, 0.75, 1)
    assert row.kappa.value == pytest.approx(8 / 17)
    assert row.same.low < 0.75 < row.same.high


def test_kappa_is_not_defined_where_all_answers_are_alike(session):
    for person in [build_person(session) for _ in range(LEAST_PEOPLE)]:
        build_again(session, person, "1", "1")
    [row] = twice(session)
    assert (row.same.value, row.kappa.value, row.kappa.note) == (1.0, None, NO_VARIATION)


def test_only_the_newest_answer_of_a_retest_counts_and_none_that_was_undone(session):
    people = [build_person(session) for _ in range(LEAST_PEOPLE)]
    held = [build_again(session, person, "1", "1") for person in people]
    session.add(RetestLabel(**held[0], score=0, form_id="newer"))
    undone = build_again(session, people[1], "1", "0")
    session.add(RetestLabel(**undone, retracted=True, form_id="undone"))
    session.flush()
    [row] = twice(session)
    assert (row.same.n, row.same.value) == (3, pytest.approx(2 / 3))


def test_the_first_answer_counts_not_the_revised_one(session):
    people = [build_person(session) for _ in range(LEAST_PEOPLE)]
    held = [build_again(session, person, "1", "1") for person in people]
    build_label(session, people[0], session.get_one(Response, held[0]["response_id"]), 0, phase="revised")
    assert twice(session)[0].same.value == 1.0


def test_without_labels_there_are_no_rows(session):
    build_word(session, build_response(session, build_item(session)), "compliance", 1)
    assert (moved(session), twice(session)) == ([], [])


def test_an_expert_gets_none_of_it(session):
    with pytest.raises(UserError, match="lead"):
        anchoring(session, person=build_person(session), judge="judge-a")
    with pytest.raises(UserError, match="lead"):
        retests(session, person=build_person(session))

"""Items that a model fails equally without the picture."""

import pytest

from core.errors import NotFoundError
from core.judges import judge_named
from core.judging.sight import not_testing_sight
from tests.builders import build_item, build_judgements, build_response


def build_both_ways(session, with_picture, without_picture, *, model="model-x", setting="english", **item):
    """Add an item with responses in both ways, one round for each mark of compliance: '10' are two rounds."""
    made = build_item(session, **item)
    for way, marks in ((setting, with_picture), ("text-only", without_picture)):
        for response_round, mark in enumerate(marks, start=1):
            response = build_response(session, made, model=model, setting=way, round=response_round)
            build_judgements(session, response, f"11{mark}1")
    return made


def counts(sight):
    return (sight.scored_both_ways, sight.failing, sight.failing_alike, sight.unscored)


def test_only_an_item_failed_both_ways_does_not_test_sight(session):
    alike = build_both_ways(session, "0", "0", country="Peru", norm="One greets the eldest first.")
    build_both_ways(session, "0", "1")
    build_both_ways(session, "1", "0")
    build_both_ways(session, "1", "1")
    sight = not_testing_sight(session, judge="judge-a")
    assert counts(sight) == (4, 2, 1, 0)
    [row] = sight.rows
    assert (row.item_id, row.country, row.model, row.norm) == (alike.id, "Peru", "model-x", alike.norm)
    assert (row.with_picture, row.without_picture) == (0.0, 0.0)


def test_rounds_are_averaged_and_half_is_not_failing(session):
    # 1/3 with the picture: 0 and 1/3 without are no better, 1/2 is. 1/2 with the picture is not failing.
    listed = [build_both_ways(session, "100", marks).id for marks in ("00", "010")]
    build_both_ways(session, "100", "10")
    build_both_ways(session, "10", "00")
    sight = not_testing_sight(session, judge="judge-a")
    assert counts(sight) == (4, 3, 2, 0)
    assert [row.item_id for row in sight.rows] == sorted(listed)
    assert [row.with_picture for row in sight.rows] == [pytest.approx(1 / 3)] * 2


def test_unscored_is_never_a_failure(session):
    build_both_ways(session, "-", "0")
    build_both_ways(session, "0", "-")
    build_both_ways(session, "0-", "-0")
    sight = not_testing_sight(session, judge="judge-a")
    assert counts(sight) == (1, 1, 1, 2)


def test_an_item_answered_one_way_only_is_no_comparison(session):
    build_both_ways(session, "0", "")
    build_both_ways(session, "", "0")
    assert counts(not_testing_sight(session, judge="judge-a")) == (0, 0, 0, 0)


def test_the_two_ways_must_be_of_one_model(session):
    item = build_item(session)
    for model, setting in (("x", "english"), ("y", "text-only")):
        build_judgements(session, build_response(session, item, model=model, setting=setting), "0000")
    assert counts(not_testing_sight(session, judge="judge-a")) == (0, 0, 0, 0)


def test_an_item_counts_once_per_model_and_one_model_can_be_named(session):
    item = build_both_ways(session, "0", "0", model="b")
    for setting in ("english", "text-only"):
        build_judgements(session, build_response(session, item, model="a", setting=setting), "0000")
    assert [row.model for row in not_testing_sight(session, judge="judge-a").rows] == ["a", "b"]
    assert counts(not_testing_sight(session, judge="judge-a", model="b")) == (1, 1, 1, 0)


def test_a_translation_is_with_the_picture_too(session):
    build_both_ways(session, "0", "0", setting="translation")
    assert counts(not_testing_sight(session, judge="judge-a")) == (1, 1, 1, 0)


def test_another_dimension_can_be_asked_for(session):
    build_both_ways(session, "0", "0")
    sight = not_testing_sight(session, judge="judge-a", dimension="education")
    assert (sight.dimension, counts(sight)) == ("education", (1, 0, 0, 0))


def test_other_judges_and_older_prompts_are_left_out(session):
    item = build_item(session)
    for setting in ("english", "text-only"):
        response = build_response(session, item, model="x", setting=setting)
        build_judgements(session, response, "1111", judge="judge-a")
        build_judgements(session, response, "0000", judge="judge-b")
    assert counts(not_testing_sight(session, judge="judge-a")) == (1, 0, 0, 0)
    judge_named(session, "judge-a").prompt_version = "one-call-2"
    assert counts(not_testing_sight(session, judge="judge-a")) == (0, 0, 0, 0)


def test_an_unknown_judge_is_said_by_name(session):
    with pytest.raises(NotFoundError, match="judge-z"):
        not_testing_sight(session, judge="judge-z")

"""The worst cells, the difference of two models, and a model's change over time."""

import random
from datetime import UTC, datetime

import pytest

from core.errors import UserError
from core.measures.drift import model_drift
from core.measures.failures import difference, ranked_by_upper_end, worst_cells
from core.measures.score_filter import ScoreFilter
from core.measures.scores import Cell
from core.measures.statistics import clustered_mean
from tests.builders import build_item, build_person, build_response
from tests.score_builders import build_label, build_scored, build_word, lead

A = ScoreFilter(judge="judge-a")


def build_both(session, first, second, **item):
    """Add an item both models answered, with a score of each on compliance; None is not scored, "" not answered."""
    held = build_item(session, **item)
    for model, score in (("m-1", first), ("m-2", second)):
        if score != "":
            build_word(session, build_response(session, held, model=model), "compliance", score)
    return held


def differing(session, **given):
    return difference(session, person=lead(session), wanted=A, first="m-1", second="m-2", **given)


def test_the_surely_worst_cell_comes_first_and_small_ones_are_not_ranked(session):
    build_scored(session, "0001" * 10, families=20, country="Iran")
    build_scored(session, "0111" * 10, families=20, country="Peru")
    build_scored(session, "0" * 30, families=9, country="Chad")
    found = worst_cells(session, person=lead(session), wanted=A, by=("country",))
    assert [cell.keys["country"] for cell in found.ranked] == ["Iran", "Peru"]
    assert found.small == 1


def test_a_lower_mean_with_a_wider_interval_comes_later():
    def cell(mean, high):
        return Cell({}, "j", 100, 0, 50, mean, 0.0, high, "cluster bootstrap")

    assert [one.mean for one in ranked_by_upper_end([cell(0.2, 0.6), cell(0.3, 0.4)]).ranked] == [0.3, 0.2]


def test_a_difference_is_paired_by_item_and_worked_by_hand(session):
    # Pairs 0-1, 1-1, 1-0, 0-1: differences 1, 0, -1, 1; mean 1/4. One pair lacks a score, one model one item.
    for first, second in ((0, 1), (1, 1), (1, 0), (0, 1), (None, 1), ("", 0)):
        build_both(session, first, second)
    [cell] = differing(session)
    assert cell.keys == {"country": "Morocco", "dimension": "compliance"}
    assert (cell.n, cell.n_unscored, cell.mean, cell.low) == (4, 1, 0.25, None)


def test_a_difference_is_what_plain_python_makes_of_the_pairs(session):
    rng = random.Random(3)
    sums = {}
    for number in range(90):
        first, second = (None if rng.random() < 0.3 else rng.randrange(2) for _ in range(2))
        family = f"f-{number % 45:02}"
        build_both(session, first, second, family_id=family)
        if first is not None and second is not None:
            total, count = sums.get(family, (0, 0))
            sums[family] = (total + second - first, count + 1)
    held = [sums[family] for family in sorted(sums)]
    told = clustered_mean([one[0] for one in held], [one[1] for one in held], bounds=(-1.0, 1.0))
    [cell] = differing(session, by=())
    assert (cell.n, cell.families, cell.method) == (told.n, told.families, told.method)
    assert (cell.mean, cell.low, cell.high) == pytest.approx((told.value, told.low, told.high), abs=1e-9)


def test_other_rounds_and_settings_are_no_pair(session):
    held = build_item(session)
    for model, given in (("m-1", {"round": 1}), ("m-2", {"round": 2}), ("m-2", {"setting": "translation"})):
        build_word(session, build_response(session, held, model=model, **given), "compliance", 1)
    assert differing(session) == []


def test_a_difference_of_experts_weighs_a_pair_by_its_rarer_response(session):
    expert = build_person(session)
    for first, second, likely in ((0, 1, (0.5, 0.1)), (1, 0, (1.0, 1.0))):
        held = build_item(session)
        for model, score, drawn in zip(("m-1", "m-2"), (first, second), likely, strict=True):
            build_label(session, expert, build_response(session, held, model=model), score, inclusion_probability=drawn)
    experts = ScoreFilter(experts=True)
    [cell] = difference(session, person=lead(session), wanted=experts, first="m-1", second="m-2", by=())
    assert (cell.n, cell.mean) == (2, pytest.approx((10 - 1) / 11))


def test_one_model_twice_is_refused_and_an_unknown_one_has_no_pairs(session):
    build_both(session, 1, 0)
    person = lead(session)
    with pytest.raises(UserError, match="two different"):
        difference(session, person=person, wanted=A, first="m-1", second="m-1")
    with pytest.raises(UserError, match="Leave it out"):
        differing(session, by=("model",))
    assert difference(session, person=person, wanted=A, first="m-1", second="m-9") == []


def test_experts_see_no_difference(session):
    build_both(session, 1, 0)
    with pytest.raises(UserError, match="Only the leads"):
        difference(session, person=build_person(session), wanted=A, first="m-1", second="m-2")


def test_change_over_months_is_paired_by_item(session):
    # The second month answers the first item better, the same, and a new one: paired change (1 + 0) / 2.
    items = [build_item(session) for _ in range(3)]
    for month, round_, scores in ((9, 1, (0, 1, "")), (11, 2, (1, 1, 0))):
        for item, score in zip(items, scores, strict=True):
            if score != "":
                when = datetime(2026, month, 5, tzinfo=UTC)
                response = build_response(session, item, model="m-1", round=round_, created_at=when)
                build_word(session, response, "compliance", score)
    first, second = model_drift(session, person=lead(session), wanted=A, model="m-1")
    assert (first.period, first.score.mean, first.change) == ("2026-09", 0.5, None)
    assert (second.period, second.score.n, second.score.mean) == ("2026-11", 3, pytest.approx(2 / 3))
    assert (second.change.n, second.change.mean) == (2, 0.5)


def test_a_model_asked_once_has_one_period_and_no_change(session):
    build_both(session, 1, 1)
    [only] = model_drift(session, person=lead(session), wanted=A, model="m-1", period="round")
    assert (only.period, only.change) == (1, None)

"""Tests of many cells: adjusted p, the judge against an expert, and changed signs."""

import itertools
import math

import numpy as np
import pytest
from scipy.stats import permutation_test, ttest_rel
from statsmodels.stats.multitest import multipletests

from core.measures.false_discovery import benjamini_yekutieli
from core.measures.family_intervals import NO_DIFFERENCE, NO_SCORES
from core.measures.judge_test import judge_against_experts
from core.measures.score_tallies import RatedResponses
from core.measures.sign_flips import sign_flip_p

NONE = math.nan


def test_adjusted_p_worked_by_hand():
    # 3 tests: 1 + 1/2 + 1/3 = 11/6. 0.01 * 3 * 11/6 = 0.055; 0.02 * 3 / 2 * 11/6 = 0.055; 0.5 * 11/6 = 0.9167.
    assert benjamini_yekutieli([0.5, 0.01, 0.02]) == pytest.approx([0.9166667, 0.055, 0.055])


def test_adjusted_p_never_exceeds_1():
    assert benjamini_yekutieli([0.9, 1.0]) == [1.0, 1.0]


def test_cells_without_a_test_do_not_count_as_tests():
    assert benjamini_yekutieli([None, 0.01, None]) == [None, 0.01, None]
    assert benjamini_yekutieli([]) == []


@pytest.mark.parametrize("seed", range(5))
def test_adjusted_p_are_those_of_statsmodels(seed):
    p = np.random.default_rng(seed).beta(0.5, 3, 64)
    expected = multipletests(p, method="fdr_by")[1]
    assert benjamini_yekutieli(p.tolist()) == pytest.approx(expected.tolist(), abs=1e-9)


def test_a_p_outside_0_to_1_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_yekutieli([1.2])


def test_the_judge_against_experts_worked_by_hand():
    # 10 families of one response with 2 experts who always agree (1); the judge agrees in 8: difference -0.2.
    # Residuals 0.2 (8 times) and -0.8 (2): squares 0.32 + 1.28 = 1.6; error sqrt(10/9 * 1.6) / 10 = 0.1333333,
    # t = -1.5 with 9 degrees of freedom: p = 0.1679; margin 2.262157 * 0.1333333 = 0.3016209.
    judge, experts = [1] * 8 + [0] * 2, [[1, 1]] * 10
    test = judge_against_experts(judge, experts, RatedResponses(list(range(10))))
    assert (test.first, test.second, test.value) == (0.8, 1.0, pytest.approx(-0.2))
    assert (test.low, test.high) == (pytest.approx(-0.5016209, abs=1e-6), pytest.approx(0.1016209, abs=1e-6))
    assert test.p == pytest.approx(0.1679, abs=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_with_one_response_per_family_the_p_is_that_of_a_paired_t_test(seed):
    random = np.random.default_rng(seed)
    judge, experts = random.integers(0, 2, 60), random.integers(0, 2, (60, 2))
    with_expert = (judge[:, None] == experts).mean(axis=1)
    test = judge_against_experts(judge, experts, RatedResponses(list(range(60))))
    expected = ttest_rel(with_expert, experts[:, 0] == experts[:, 1])
    assert test.p == pytest.approx(expected.pvalue, abs=1e-9)


def test_an_expert_in_the_judges_place_is_not_worse_than_an_expert():
    # Three raters alike take turns as the judge: on average the difference is 0.
    random = np.random.default_rng(5)
    truth = random.integers(0, 2, 3000)[:, None]
    raters = np.where(random.random((3000, 3)) < 0.8, truth, 1 - truth)
    test = judge_against_experts(raters[:, 0], raters[:, 1:], RatedResponses((np.arange(3000) // 3).tolist()))
    assert test.low <= 0 <= test.high


def test_a_true_null_is_rejected_in_about_5_of_100():
    random, rejected = np.random.default_rng(6), 0
    families = np.repeat(np.arange(60), 4)
    for _ in range(400):
        truth = (random.random(60) < random.beta(2, 2, 60))[families][:, None]
        raters = np.where(random.random((240, 3)) < 0.8, truth, 1 - truth)
        test = judge_against_experts(raters[:, 0], raters[:, 1:], RatedResponses(families.tolist()))
        rejected += test.p < 0.05
    assert 0.025 <= rejected / 400 <= 0.08


def test_only_responses_with_the_judge_and_two_experts_are_compared():
    judge, experts = [1, NONE, 1, 1], [[1, 1, NONE], [1, 1, 1], [1, NONE, NONE], [0, 0, 1]]
    test = judge_against_experts(judge, experts, RatedResponses(list(range(4))))
    # The first and the last: the judge with an expert 1 and 1/3, an expert with another 1 and 1/3.
    assert (test.n, test.first, test.second) == (2, pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_one_expert_alone_cannot_be_a_ceiling():
    test = judge_against_experts([1, 0], [[1], [0]], RatedResponses([0, 1]))
    assert (test.value, test.p, test.n, test.note) == (None, None, 0, NO_SCORES)


def test_few_families_have_a_difference_and_no_p():
    test = judge_against_experts([1] * 9, [[1, 1]] * 9, RatedResponses(list(range(9))))
    assert (test.value, test.p, test.note) == (0.0, None, "too few families for an interval: 9 of 10")


def test_a_judge_that_is_always_wrong_is_found_by_the_sign_of_every_family():
    # Every family of 12 is one below: 2 of 2^12 signs are as far. Wilson for 0 of 12: 1.959964^2 / (12 + 1.959964^2)
    # = 0.2424942 of the families may be anywhere up to 1.
    test = judge_against_experts([0] * 24, [[1, 1]] * 24, RatedResponses([place // 2 for place in range(24)]))
    assert (test.value, test.p, test.note) == (-1.0, 2 / 2**12, NO_DIFFERENCE)
    assert (test.low, test.high) == (-1.0, pytest.approx(-1 + 2 * 0.2424942, abs=1e-6))


def test_one_of_a_judges_several_scores_is_drawn_at_random():
    # The judge said yes in 1 of 3 rounds of the first response and in all of the others; experts say yes, yes.
    test = judge_against_experts([1 / 3] + [1.0] * 9, [[1, 1]] * 10, RatedResponses(list(range(10))))
    assert (test.first, test.second, test.n) == (pytest.approx((1 / 3 + 9) / 10), 1.0, 10)


def test_a_judge_like_an_expert_is_not_found_better_for_having_scored_five_times():
    random, rejected = np.random.default_rng(7), 0
    for _ in range(300):
        chance = random.beta(4, 2, 200)[:, None]
        experts, judge = random.random((200, 2)) < chance, random.random((200, 5)) < chance
        test = judge_against_experts(judge.mean(axis=1), experts, RatedResponses(list(range(200))))
        rejected += test.p < 0.05
    assert rejected / 300 <= 0.09


def test_a_score_that_lies_beyond_the_categories_is_refused():
    with pytest.raises(ValueError, match="nor between"):
        judge_against_experts([1.5], [[1, 1]], RatedResponses([0]))


def test_without_any_difference_there_is_no_p():
    test = judge_against_experts([1] * 50, [[1, 1]] * 50, RatedResponses(list(range(50))))
    assert (test.value, test.p, test.note) == (0.0, None, NO_DIFFERENCE)


def test_ten_families_that_all_improve_have_2_of_1024_signs_as_far():
    assert sign_flip_p([1.0] * 10) == 2 / 1024


def test_all_signs_are_tried_where_there_are_few():
    differences = [3, -1, 2, 2, -4, 1, 5, 0.5, -0.5, 1, 2]
    as_far = [abs(np.dot(signs, differences)) >= 11 for signs in itertools.product((-1, 1), repeat=11)]
    assert sign_flip_p(differences) == pytest.approx(np.mean(as_far))


def test_random_signs_come_near_to_those_of_scipy():
    differences = np.random.default_rng(3).normal(0.25, 1, 80)
    expected = permutation_test(
        (differences,), np.sum, permutation_type="samples", n_resamples=20_000, rng=np.random.default_rng(1)
    )
    assert sign_flip_p(differences.tolist()) == pytest.approx(expected.pvalue, abs=0.01)


def test_nothing_changed_is_no_finding():
    assert sign_flip_p([0.0] * 30) == 1.0


def test_under_ten_families_no_sign_is_flipped():
    assert sign_flip_p([1.0] * 9) is None


def test_a_p_of_random_signs_is_never_0_and_the_same_for_the_same_seed():
    assert sign_flip_p([1.0] * 200, flips=99) == 0.01
    differences = np.random.default_rng(1).normal(0, 1, 50).tolist()
    assert sign_flip_p(differences, seed=2) == sign_flip_p(differences, seed=2)

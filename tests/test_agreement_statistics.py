"""Agreement of raters, against published values, values worked out by hand, and other libraries."""

import math

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, confusion_matrix
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from core.measures.agreement_statistics import ONE_SCORE_ONLY, agreement_of_many, agreement_of_two, share_statistics
from core.measures.family_intervals import NO_DIFFERENCE, NO_SCORES, NO_VARIATION
from core.measures.score_tallies import RatedResponses
from core.measures.statistics import clustered_mean

NONE = math.nan
EXACT = 1e-9


def alone(count, **more):
    """Each response a family of its own."""
    return RatedResponses(list(range(count)), **more)


def values(agreement):
    return tuple(getattr(agreement, name).value for name in ("percent", "kappa", "alpha", "ac1"))


def random_raters(seed, responses=400, raters=2, missing=0.0, scores=2):
    random = np.random.default_rng(seed)
    truth = random.integers(0, scores, responses)[:, None]
    given_scores = np.where(random.random((responses, raters)) < 0.7, truth, random.integers(0, scores, truth.shape))
    return np.where(random.random((responses, raters)) < missing, NONE, given_scores)


def test_two_raters_worked_by_hand():
    # Both yes 20, both no 15, one alone 5 and 10 of 50: observed 0.70. First yes 0.50 (25), second yes 0.60 (30).
    # Kappa: chance 0.5 * 0.6 + 0.5 * 0.4 = 0.50, 0.20 / 0.50. AC1: mean yes 0.55, chance 2 * 0.55 * 0.45 = 0.495,
    # (0.70 - 0.495) / 0.505. Alpha: 55 yes and 45 no among 100 scores, disagreement by chance 2 * 55 * 45 / (100 * 99)
    # = 0.5, 1 - 0.30 / 0.5.
    first = [1] * 20 + [0] * 15 + [1] * 5 + [0] * 10
    second = [1] * 20 + [0] * 15 + [0] * 5 + [1] * 10
    found = agreement_of_two(first, second, alone(50))
    assert values(found) == pytest.approx((0.70, 0.40, 0.40, 0.205 / 0.505), abs=EXACT)
    assert np.array(found.confusion) == pytest.approx(np.array([[0.3, 0.2], [0.1, 0.4]]))


def test_where_nearly_all_say_yes_kappa_is_below_chance_and_ac1_is_not():
    # 118 both yes, 5 and 2 alone, none both no of 125: observed 0.944. Kappa: chance 0.984 * 0.96 + 0.016 * 0.04 =
    # 0.94528, -0.00128 / 0.05472. AC1: mean yes 0.972, chance 2 * 0.972 * 0.028 = 0.054432, 0.889568 / 0.945568.
    first, second = [1] * 118 + [1] * 5 + [0] * 2, [1] * 118 + [0] * 5 + [1] * 2
    found = agreement_of_two(first, second, alone(125))
    assert (round(found.kappa.value, 4), round(found.ac1.value, 4)) == (-0.0234, 0.9408)


def test_four_raters_with_missing_scores_as_published():
    # Krippendorff (2011), example C; Gwet (2014), chapter 2, gives for these 12 units: percent agreement
    # 0.81818, Fleiss' kappa 0.76117, alpha 0.74342, AC1 0.77544.
    scores = [
        [1, 1, NONE, 1],
        [2, 2, 3, 2],
        [3, 3, 3, 3],
        [3, 3, 3, 3],
        [2, 2, 2, 2],
        [1, 2, 3, 4],
        [4, 4, 4, 4],
        [1, 1, 2, 1],
        [2, 2, 2, 2],
        [NONE, 5, 5, 5],
        [NONE, NONE, 1, 1],
        [NONE, NONE, 3, NONE],
    ]
    found = agreement_of_many(scores, alone(12, categories=(1, 2, 3, 4, 5)))
    assert [round(value, 5) for value in values(found)] == [0.81818, 0.76117, 0.74342, 0.77544]
    assert found.percent.n == 11, "the last unit has one score"


@pytest.mark.parametrize("seed", range(5))
def test_kappa_and_confusion_are_those_of_scikit_learn_with_weights(seed):
    first, second = random_raters(seed, scores=3).T
    weights = np.random.default_rng(seed).uniform(1, 10, len(first))
    found = agreement_of_two(first, second, alone(len(first), weights=weights.tolist(), categories=(0, 1, 2)))
    assert found.kappa.value == pytest.approx(cohen_kappa_score(first, second, sample_weight=weights), abs=EXACT)
    shares = confusion_matrix(first, second, sample_weight=weights) / weights.sum()
    assert np.array(found.confusion) == pytest.approx(shares, abs=EXACT)


@pytest.mark.parametrize("seed", range(5))
def test_kappa_is_that_of_statsmodels(seed):
    first, second = random_raters(seed).T
    table = confusion_matrix(first, second)
    expected = cohens_kappa(table, return_results=False)
    assert agreement_of_two(first, second, alone(len(first))).kappa.value == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_that_of_krippendorff_with_missing_scores(seed):
    scores = random_raters(seed, raters=4, missing=0.4, scores=3)
    found = agreement_of_many(scores, alone(len(scores), categories=(0, 1, 2)))
    expected = krippendorff.alpha(reliability_data=scores.T, level_of_measurement="nominal")
    assert found.alpha.value == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("seed", range(5))
def test_alpha_of_two_is_that_of_krippendorff(seed):
    scores = random_raters(seed, missing=0.2)
    found = agreement_of_two(*scores.T, alone(len(scores)))
    expected = krippendorff.alpha(reliability_data=scores.T, level_of_measurement="nominal")
    assert found.alpha.value == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("seed", range(5))
def test_kappa_of_many_is_fleiss_kappa_of_statsmodels(seed):
    scores = random_raters(seed, raters=3, scores=3)
    times = np.stack([(scores == score).sum(axis=1) for score in (0, 1, 2)], axis=1)
    found = agreement_of_many(scores, alone(len(scores), categories=(0, 1, 2)))
    assert found.kappa.value == pytest.approx(fleiss_kappa(times), abs=EXACT)


def test_two_of_many_agree_like_two_in_all_but_cohens_own_chance():
    scores = random_raters(3)
    two, many = agreement_of_two(*scores.T, alone(len(scores))), agreement_of_many(scores, alone(len(scores)))
    for name in ("percent", "alpha", "ac1"):
        assert getattr(two, name).value == pytest.approx(getattr(many, name).value, abs=EXACT)


def test_a_response_that_stands_for_nine_others_counts_ten_times():
    # One disagreement of weight 10 and ten agreements of weight 1: 0.5, not 10 of 11.
    found = agreement_of_two([1] + [0, 1] * 5, [0] + [0, 1] * 5, alone(11, weights=[10.0] + [1.0] * 10))
    assert found.percent.value == pytest.approx(0.5)


def test_an_oversample_of_disagreements_does_not_lower_a_weighted_agreement():
    # 1,000 responses agree in 0.78; all 220 disagreements and a tenth of the 780 agreements are labelled.
    first = [0, 1] * 110 + [0, 1] * 39
    second = [1, 0] * 110 + [0, 1] * 39
    weights = [1.0] * 220 + [10.0] * 78
    assert agreement_of_two(first, second, alone(298)).percent.value == pytest.approx(78 / 298)
    assert agreement_of_two(first, second, alone(298, weights=weights)).percent.value == pytest.approx(0.78)


def test_a_judge_is_compared_with_an_expert_drawn_at_random():
    # One of three experts agrees on the first response, the only one on the second: (1/3 + 1) / 2.
    found = agreement_of_two([1, 0], [[1, 0, 0], [NONE, 0, NONE]], alone(2))
    assert found.percent.value == pytest.approx(2 / 3)
    assert found.percent.n == 2, "responses, not scores"


def test_where_all_scores_are_equal_kappa_and_alpha_are_undefined():
    found = agreement_of_two([1] * 50, [1] * 50, alone(50))
    for undefined in (found.kappa, found.alpha):
        assert (undefined.value, undefined.low, undefined.note, undefined.n) == (None, None, NO_VARIATION, 50)
    assert (found.percent.value, found.ac1.value, found.ac1.note) == (1.0, 1.0, NO_VARIATION)


def test_many_raters_with_equal_scores_are_undefined_too():
    found = agreement_of_many([[0, 0, NONE]] * 12, alone(12))
    assert (found.kappa.value, found.alpha.value, found.kappa.note) == (None, None, NO_VARIATION)


def test_a_judge_that_always_says_yes_has_a_kappa_of_0_that_says_why():
    found = agreement_of_two([1] * 50, [1] * 40 + [0] * 10, alone(50))
    assert (found.kappa.value, found.kappa.low, found.kappa.note) == (0.0, None, ONE_SCORE_ONLY)


def test_sides_that_give_one_score_each_and_never_the_same_have_a_kappa_of_0_that_says_why():
    found = agreement_of_two([0] * 50, [1] * 50, alone(50))
    assert (found.kappa.value, found.kappa.low, found.kappa.note) == (0.0, None, ONE_SCORE_ONLY)
    assert (found.percent.value, found.alpha.value) == (0.0, pytest.approx(-0.98))


def test_a_mean_of_rounds_is_what_all_rounds_say_each_at_its_share():
    rounds, expert = random_raters(2, responses=120, raters=3), random_raters(3, responses=120)[:, 0]
    found = agreement_of_two(rounds.mean(axis=1), expert, alone(120))
    every, labels = rounds.T.ravel(), np.tile(expert, 3)
    assert found.kappa.value == pytest.approx(cohen_kappa_score(every, labels), abs=EXACT)
    assert np.array(found.confusion) == pytest.approx(confusion_matrix(every, labels) / 360, abs=EXACT)
    by_round = [agreement_of_two(one, expert, alone(120)) for one in rounds.T]
    assert found.percent.value == pytest.approx(np.mean([one.percent.value for one in by_round]), abs=EXACT)
    # Disagreement by chance of 240 scores, yes as common as in all rounds and labels together.
    common = (every.mean() + labels.mean()) / 2
    chance = 2 * common * (1 - common) * 240 / 239
    assert found.alpha.value == pytest.approx(1 - (1 - found.percent.value) / chance, abs=EXACT)
    assert found.percent.n == 120


def test_each_share_of_the_matrix_has_the_interval_of_a_mean_by_families():
    judge, expert = random_raters(4, responses=120)[:, 0], random_raters(5, responses=120)[:, 0]
    found = agreement_of_two(judge, expert, alone(120))
    shares = share_statistics(found.tables, n=120)
    for row in (0, 1):
        for column in (0, 1):
            met = ((judge == row) & (expert == column)).astype(float)
            # Families are drawn in the order of their names.
            plain = clustered_mean(met[sorted(range(120), key=str)].tolist(), [1.0] * 120, bounds=(0.0, 1.0))
            one = shares[row][column]
            assert (one.value, one.low, one.high) == pytest.approx((plain.value, plain.low, plain.high), abs=EXACT)
            assert one.value == pytest.approx(found.confusion[row][column], abs=EXACT)


def test_nothing_compared_has_no_shares():
    assert share_statistics(agreement_of_two([1.0], [np.nan], alone(1)).tables, n=0) == ()


def test_one_rater_has_nobody_to_agree_with():
    found = agreement_of_many([[1], [0]], alone(2))
    assert {(name.value, name.n, name.note) for name in (found.percent, found.kappa, found.alpha, found.ac1)} == {
        (None, 0, NO_SCORES)
    }
    assert found.confusion == ()


@pytest.mark.parametrize(
    "compare", [lambda rows: agreement_of_two([], [], rows), lambda rows: agreement_of_many([], rows)]
)
def test_without_responses_there_is_no_agreement(compare):
    assert compare(alone(0)).kappa.note == NO_SCORES


def test_two_responses_have_values_and_no_interval():
    found = agreement_of_two([1, 0], [1, 0], alone(2))
    assert values(found) == (1.0, 1.0, 1.0, 1.0)
    assert (found.kappa.low, found.kappa.note) == (None, "too few families for an interval: 2 of 10")


def test_a_single_family_has_no_interval_however_many_responses_it_holds():
    scores = random_raters(1, responses=500)
    found = agreement_of_two(*scores.T, RatedResponses(["one"] * 500))
    assert (found.percent.low, found.alpha.low, found.percent.families, found.percent.n) == (None, None, 1, 500)


def test_perfect_agreement_has_an_interval_with_a_width():
    # Wilson for 50 of 50: 50 / (50 + 1.959964^2) = 0.928652. Half the scores are yes: kappa 1 - 0.071348 / 0.5.
    found = agreement_of_two([1, 0] * 25, [1, 0] * 25, alone(50))
    assert (found.kappa.value, found.kappa.high, found.kappa.note) == (1.0, 1.0, NO_DIFFERENCE)
    assert found.kappa.low == pytest.approx(1 - 0.0713476 / 0.5, abs=1e-6)


def test_a_t_interval_of_kappa_is_the_jackknife_over_families():
    # 20 families of one response: leave out each in turn, with scikit-learn's kappa.
    first, second = random_raters(9, responses=20).T
    left_out = [cohen_kappa_score(np.delete(first, place), np.delete(second, place)) for place in range(20)]
    error = math.sqrt(19 / 20 * float(((left_out - np.mean(left_out)) ** 2).sum()))
    found = agreement_of_two(first, second, alone(20)).kappa
    assert found.value - found.low == pytest.approx(2.0930241 * error, abs=1e-6)


def test_scores_of_one_family_hang_together_and_widen_the_interval():
    scores = np.repeat(random_raters(4, responses=60), 5, axis=0)
    together = agreement_of_two(*scores.T, RatedResponses(np.repeat(np.arange(60), 5).tolist()))
    apart = agreement_of_two(*scores.T, alone(300))
    for name in ("percent", "kappa", "alpha", "ac1"):
        wide, narrow = getattr(together, name), getattr(apart, name)
        assert wide.high - wide.low > 1.8 * (narrow.high - narrow.low)


def test_a_score_outside_the_categories_is_refused():
    with pytest.raises(ValueError, match="none of 0, 1"):
        agreement_of_two([2.0], [1.0], alone(1))


@pytest.mark.parametrize("weights", [[0.0], [-1.0], [NONE], [1.0, 1.0]])
def test_weights_are_numbers_above_0_one_per_response(weights):
    with pytest.raises(ValueError, match="weight"):
        agreement_of_two([1], [1], alone(1, weights=weights))


def test_sequences_must_belong_together():
    with pytest.raises(ValueError, match="one family"):
        agreement_of_two([1, 0], [1], alone(2))


TABLES = st.lists(
    st.tuples(*[st.sampled_from([0.0, 1.0, NONE])] * 3, st.integers(0, 4), st.sampled_from([1.0, 2.5, 8.0])),
    min_size=2,
    max_size=25,
)


def found_in(rows, *, scale=1.0, swap=False, turn=False):
    scores = np.array([row[:3] for row in rows])
    scores = scores[:, ::-1] if turn else scores
    scores = 1 - scores if swap else scores
    responses = RatedResponses([row[3] for row in rows], [row[4] * scale for row in rows])
    return [agreement_of_two(scores[:, 0], scores[:, 2], responses), agreement_of_many(scores, responses)]


def assert_same(first, second):
    for one, other in zip(first, second, strict=True):
        for left, right in zip(values(one), values(other), strict=True):
            assert (left is None) == (right is None)
            assert left is None or left == pytest.approx(right, abs=EXACT)


@settings(max_examples=60, deadline=None)
@given(TABLES, st.randoms())
def test_the_order_of_responses_changes_nothing(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert_same(found_in(rows), found_in(shuffled))


@settings(max_examples=60, deadline=None)
@given(TABLES, st.floats(0.01, 100))
def test_only_the_ratios_of_weights_matter(rows, scale):
    assert_same(found_in(rows), found_in(rows, scale=scale))


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_calling_yes_no_and_no_yes_changes_nothing(rows):
    assert_same(found_in(rows), found_in(rows, swap=True))


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_which_rater_comes_first_changes_nothing(rows):
    assert_same(found_in(rows), found_in(rows, turn=True))

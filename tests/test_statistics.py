"""Means and intervals over families, against values worked out by hand."""

import math

import numpy as np
import pytest
from scipy.stats import t

from core.measures.statistics import PairedSums, agreement_and_shift, clustered_mean, student_t_bound, student_t_p


@pytest.mark.parametrize(
    ("degrees", "table"),
    [(1, 12.706205), (2, 4.302653), (3, 3.182446), (9, 2.262157), (10, 2.228139), (19, 2.093024), (39, 2.022691)],
)
def test_students_t_is_that_of_the_tables(degrees, table):
    assert student_t_bound(degrees) == pytest.approx(table, abs=1e-6)


def test_students_t_of_many_degrees_is_nearly_normal():
    assert student_t_bound(100_000) == pytest.approx(1.95999, abs=5e-5)


@pytest.mark.parametrize("degrees", [1, 4, 39, 321, 999, 1000, 20_000])
def test_students_t_is_that_of_scipy(degrees):
    assert student_t_bound(degrees) == pytest.approx(t.ppf(0.975, degrees), abs=1e-9)
    for deviations in (-2.5, 0.0, 0.3, 4.0):
        expected = 2 * t.sf(abs(deviations), degrees)
        assert student_t_p(deviations, degrees) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("function", [student_t_bound, lambda degrees: student_t_p(1.0, degrees)])
def test_students_t_needs_a_degree_of_freedom(function):
    with pytest.raises(ValueError, match="degree of freedom"):
        function(0)


def test_few_heavy_families_widen_the_bootstrap():
    # 5 of 50 families hold nearly all responses: about as if there were 5.
    counts = [100] * 5 + [1] * 45
    heavy = clustered_mean([count * (number % 2) for number, count in enumerate(counts)], counts)
    even = clustered_mean([number % 2 for number in range(50)], [1] * 50)
    assert heavy.high - heavy.low > 2 * (even.high - even.low)


def test_a_t_interval_worked_by_hand():
    # Ten families of 2: five with 1 of 2, three with 2 of 2, two with 0 of 2. Mean 11/20 = 0.55; residuals s - 1.1:
    # -0.1 (5 times), 0.9 (3), -1.1 (2), squares 0.05 + 2.43 + 2.42 = 4.90. Variance 10/9 * 4.90 / 20^2 = 0.0136111,
    # margin 2.262157 * 0.1166667 = 0.2639183.
    estimate = clustered_mean([1] * 5 + [2] * 3 + [0] * 2, [2] * 10)
    assert (estimate.value, estimate.n, estimate.families) == (pytest.approx(0.55), 20, 10)
    assert estimate.low == pytest.approx(0.55 - 0.2639183, abs=1e-6)
    assert estimate.high == pytest.approx(0.55 + 0.2639183, abs=1e-6)
    assert estimate.method == "t, families"


def test_a_large_family_weighs_by_its_responses():
    # 9 families of 1 at 0, one family of 11 at 1: 11 of 20, not 1 of 10.
    assert clustered_mean([0] * 9 + [11], [1] * 9 + [11]).value == pytest.approx(0.55)


def test_a_t_interval_stays_within_its_bounds():
    # One of 10 differs: 0.9 +- 2.262157 * 0.1 = 1.126 at the top, which no share can be.
    sums, counts = [1] * 9 + [0], [1] * 10
    assert clustered_mean(sums, counts).high == pytest.approx(1.1262157, abs=1e-6)
    assert clustered_mean(sums, counts, bounds=(0, 1)).high == 1.0


def test_below_ten_families_there_is_no_interval():
    estimate = clustered_mean([50, 0, 50, 0, 50, 0, 50, 0, 50], [100] * 9)
    assert (estimate.value, estimate.low, estimate.high) == (pytest.approx(250 / 900), None, None)
    assert (estimate.n, estimate.families, estimate.method) == (900, 9, "too few families")


def test_without_responses_there_is_no_value():
    for counts in ([], [0, 0, 0]):
        estimate = clustered_mean([0] * len(counts), counts)
        assert (estimate.value, estimate.n, estimate.families, estimate.method) == (None, 0, 0, "none")


def test_a_family_without_responses_does_not_make_the_sample_larger():
    sums, counts = [1, 0] * 5, [1] * 10
    assert clustered_mean([*sums, 0, 0], [*counts, 0, 0]) == clustered_mean(sums, counts)


def test_where_nothing_differs_the_interval_has_a_width():
    # Wilson for 10 of 10: n / (n + 1.959964^2) = 10 / 13.841459 = 0.722467. The 30 responses each change nothing.
    estimate = clustered_mean([30] * 10, [30] * 10, bounds=(0, 1))
    assert (estimate.value, estimate.high, estimate.method) == (1.0, 1.0, "Wilson, families")
    assert estimate.low == pytest.approx(0.722467, abs=1e-6)


def test_where_no_response_shifts_the_interval_goes_both_ways():
    # Up to 1 - 0.722467 of the families could shift by 1 one way or the other.
    estimate = clustered_mean([0] * 10, [3] * 10, bounds=(-1, 1))
    assert (estimate.low, estimate.high) == (pytest.approx(-0.277533, abs=1e-6), pytest.approx(0.277533, abs=1e-6))


def test_without_spread_and_bounds_no_interval_can_be_given():
    estimate = clustered_mean([0.3] * 50, [1] * 50)
    assert (estimate.value, estimate.low, estimate.method) == (pytest.approx(0.3), None, "no spread")


def test_equal_shares_of_unequal_families_have_no_spread_either():
    # 0.1 * n does not come out even in binary: 0.1 * 3 is not 0.3.
    counts = list(range(1, 51))
    assert clustered_mean([0.1 * count for count in counts], counts, bounds=(0, 1)).method == "Wilson, families"


def test_forty_families_are_bootstrapped_and_thirty_nine_are_not():
    assert clustered_mean([0, 1] * 20, [1] * 40).method == "cluster bootstrap"
    assert clustered_mean([0, 1] * 19 + [1], [1] * 39).method == "t, families"


def test_the_bootstrap_of_single_responses_is_the_binomial_one():
    # 50 of 100 families: a resample is binomial(100, 0.5), its 2.5 % and 97.5 % quantiles are 40 and 60.
    estimate = clustered_mean([0, 1] * 50, [1] * 100, replicates=20_000)
    assert (estimate.low, estimate.high) == (pytest.approx(0.40, abs=0.011), pytest.approx(0.60, abs=0.011))


def test_responses_of_one_family_do_not_narrow_the_bootstrap():
    alone = clustered_mean([0, 1] * 50, [1] * 100)
    tenfold = clustered_mean([0, 10] * 50, [10] * 100)
    assert (tenfold.low, tenfold.high) == (pytest.approx(alone.low), pytest.approx(alone.high))
    assert (alone.n, tenfold.n) == (100, 1000)


def test_the_same_seed_gives_the_same_interval_and_another_one_another():
    sums, counts = list(np.linspace(0, 3, 60)), [3] * 60
    assert clustered_mean(sums, counts, seed=4) == clustered_mean(sums, counts, seed=4)
    assert clustered_mean(sums, counts, seed=4) != clustered_mean(sums, counts, seed=5)


def test_thousands_of_families_are_resampled_in_parts(monkeypatch):
    sums, counts = [0, 1] * 50, [1] * 100
    at_once = clustered_mean(sums, counts)
    monkeypatch.setattr("core.measures.resampling._MOST_KEPT", 0)
    monkeypatch.setattr("core.measures.resampling._DRAWS_AT_ONCE", 700)
    assert clustered_mean(sums, counts) == at_once


def test_a_95_percent_interval_holds_the_truth_about_95_times_of_100():
    # Families of 1 to 6 responses whose own shares differ (beta(2, 2), mean 0.5), so that responses hang together.
    random = np.random.default_rng(7)
    held = 0
    for simulation in range(200):
        counts = random.integers(1, 7, size=40)
        sums = random.binomial(counts, random.beta(2, 2, size=40))
        estimate = clustered_mean(sums.tolist(), counts.tolist(), bounds=(0, 1), seed=simulation)
        held += estimate.low <= 0.5 <= estimate.high
    assert 0.90 <= held / 200 <= 0.99


def test_treating_responses_as_independent_would_hold_the_truth_less_often():
    # The same kind of data in families of 6: the interval over families is wider than that over 240 responses.
    random = np.random.default_rng(8)
    sums = random.binomial(6, random.beta(1, 1, size=40)).tolist()
    families = clustered_mean(sums, [6] * 40)
    naive = 2 * 1.959964 * math.sqrt(families.value * (1 - families.value) / 240)
    assert families.high - families.low > 1.3 * naive


def test_sums_and_counts_must_belong_together():
    with pytest.raises(ValueError, match="one sum and one count"):
        clustered_mean([1, 2], [3])
    with pytest.raises(ValueError, match="0 or more"):
        clustered_mean([1, 2], [3, -1])


def test_agreement_and_shift_worked_by_hand():
    # 10 families of 4: the second rater turns one of the first's two 1s into 0 in every second family.
    # Agreement (4 + 3) / 8 = 0.875; means 0.5 and (2 + 1) / 8 = 0.375; shift -0.125.
    same, other = PairedSums(4, 4.0, 2.0, 2.0), PairedSums(4, 3.0, 2.0, 1.0, flips_down=1)
    agreement, shift = agreement_and_shift([same, other] * 5)
    assert (agreement.value, shift.value, agreement.n, agreement.families) == (0.875, -0.125, 40, 10)
    # Residuals +-0.5 in both: variance 10/9 * 2.5 / 40^2 = 0.00173611, margin 2.262157 * 0.0416667 = 0.0942565.
    assert shift.high == pytest.approx(-0.125 + 0.0942565, abs=1e-6)
    assert agreement.low == pytest.approx(0.875 - 0.0942565, abs=1e-6)


def test_paired_sums_add_up_field_by_field():
    assert PairedSums(1, 0.5, 1.0, 0.5, 0, 1, 2) + PairedSums(2, 2.0, 1.0, 1.0, 1, 0, 1) == PairedSums(
        3, 2.5, 2.0, 1.5, 1, 1, 3
    )

"""Draws of families and the bounds that replicates give."""

import numpy as np
import pytest
from scipy.stats import bootstrap, norm

from core.measures.resampling import (
    bootstrap_bounds,
    bounds_of_columns,
    effective_number,
    jackknife_influence,
    resampled_totals,
)


def test_as_many_families_are_drawn_as_there_are():
    assert set(resampled_totals(np.ones((50, 1)), replicates=100)[:, 0]) == {50.0}


def test_columns_share_their_draws():
    sums = np.random.default_rng(1).normal(size=(30, 1))
    totals = resampled_totals(np.concatenate([sums, 2 * sums], axis=1), replicates=20)
    assert totals[:, 1] == pytest.approx(2 * totals[:, 0])


def test_a_single_family_is_drawn_each_time():
    assert resampled_totals(np.array([[3.0]]), replicates=4).tolist() == [[3.0]] * 4


def test_the_draws_of_many_families_add_up_to_their_expectation():
    # A total of 400 families of 0 or 1, half each: mean 200, standard deviation sqrt(400 / 4) = 10.
    totals = resampled_totals(np.array([[0.0], [1.0]] * 200), replicates=4000)[:, 0]
    assert (totals.mean(), totals.std()) == (pytest.approx(200, abs=0.6), pytest.approx(10, rel=0.04))


def test_without_bias_and_skewness_bounds_are_plain_percentiles():
    replicates = np.linspace(-1, 1, 1001)
    low, high = bootstrap_bounds(0.0, replicates, np.array([1.0, -1.0]), deviations=norm.ppf(0.975))
    assert (low, high) == (pytest.approx(-0.95), pytest.approx(0.95))


def test_bounds_lie_as_far_out_as_asked():
    # 2.262157 standard deviations, Student's t of 10 families: 1.1843 % lie below.
    replicates = np.linspace(0, 1, 1001)
    low, high = bootstrap_bounds(0.5, replicates, np.array([1.0, -1.0]), deviations=2.262157)
    assert (low, high) == (pytest.approx(0.0118444, abs=1e-6), pytest.approx(0.9881556, abs=1e-6))


def test_bounds_move_against_a_bias_worked_by_hand():
    # 45 % lie below the value, bias -0.125661. Below the bounds: of a normal distribution what lies below
    # 2 * -0.125661 -+ 1.959964, which is 0.013510 and 0.956237; of -1 to 1 that is -0.972980 and 0.912474.
    found = bootstrap_bounds(-0.1, np.linspace(-1, 1, 100_001), np.array([1.0, -1.0]), deviations=norm.ppf(0.975))
    assert found == (pytest.approx(-0.97298, abs=1e-4), pytest.approx(0.91247, abs=1e-4))


def test_bounds_lean_to_the_side_of_rare_families_worked_by_hand():
    # Influences -1, -1, 2: cubes 6, squares 6, skewness 6 / (6 * 6 ** 1.5) = 0.068041. -1.959964 / 1.133358 =
    # -1.729342 and 1.959964 / 0.866642 = 2.261561: below lie 0.041874 and 0.988138; of -1 to 1 -0.916252 and 0.976276.
    influence = np.array([-1.0, -1.0, 2.0])
    found = bootstrap_bounds(0.0, np.linspace(-1, 1, 100_001), influence, deviations=norm.ppf(0.975))
    assert found == (pytest.approx(-0.91625, abs=1e-4), pytest.approx(0.97628, abs=1e-4))


def test_bounds_are_the_bca_bounds_of_scipy():
    numbers = np.random.default_rng(5).exponential(size=60)
    expected = bootstrap((numbers,), np.mean, n_resamples=20_000, method="BCa", rng=np.random.default_rng(1))
    replicates = resampled_totals(numbers[:, None], replicates=20_000)[:, 0] / 60
    influence = numbers - numbers.mean()
    found = bootstrap_bounds(numbers.mean(), replicates, influence, deviations=norm.ppf(0.975))
    assert found == pytest.approx(tuple(expected.confidence_interval), abs=0.01)


def test_bounds_of_columns_are_those_of_each_column():
    random = np.random.default_rng(2)
    replicates, influence = random.normal(size=(500, 3)), random.normal(size=(40, 3))
    lows, highs = bounds_of_columns(np.zeros(3), replicates, influence, deviations=np.array([1.5, 2.0, 2.5]))
    alone = [
        bootstrap_bounds(0.0, replicates[:, column], influence[:, column], deviations=1.5 + column / 2)
        for column in range(3)
    ]
    assert np.column_stack([lows, highs]) == pytest.approx(np.array(alone))


@pytest.mark.parametrize("value", [-5.0, 5.0])
def test_a_value_outside_all_replicates_still_has_bounds_among_them(value):
    replicates = np.linspace(0, 1, 500)
    low, high = bootstrap_bounds(value, replicates, np.array([1.0, -1.0]), deviations=1.96)
    assert 0 <= low <= high <= 1


def test_leaving_out_a_family_of_a_mean_moves_it_by_its_distance():
    # Without y the mean moves by (mean - y) / (n - 1); times (n - 1) / n that is the distance over n.
    numbers = np.array([1.0, 2.0, 6.0])
    left_out = (numbers.sum() - numbers) / 2
    assert jackknife_influence(numbers[:, None], left_out) == pytest.approx(np.array([-2.0, -1.0, 3.0]) / 3)


def test_equal_weights_count_fully_and_unequal_ones_less():
    assert effective_number(np.array([2.0] * 7)) == pytest.approx(7)
    # (3 + 1)^2 / (9 + 1) = 1.6
    assert effective_number(np.array([3.0, 1.0])) == pytest.approx(1.6)
    assert effective_number(np.array([])) == 0

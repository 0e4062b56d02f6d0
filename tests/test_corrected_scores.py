"""Corrected scores against values worked out by hand, ppi-python, and known truths."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ppi_py import ppi_mean_ci, ppi_mean_pointestimate
from scipy.stats import norm

from core.measures.corrected_scores import corrected_score
from core.measures.family_intervals import NO_DIFFERENCE, NO_SCORES
from core.measures.label_gains import label_gain
from core.measures.scored_cells import ScoredCell, checked
from tests.bench.measure_coverage import biased_cell

NONE = math.nan
EXACT = 1e-9


def cell(judge, labels, probabilities=None, families=None):
    drawn = [NONE if math.isnan(label) else 0.5 for label in labels]
    return ScoredCell(judge, labels, probabilities or drawn, families or list(range(len(judge))))


def labelled_first(seed, labelled, responses):
    """Independent rows, a judge right in 8 of 10, the first ones labelled."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, responses).astype(float)
    judge = np.where(random.random(responses) < 0.8, truth, 1 - truth)
    labels = np.where(np.arange(responses) < labelled, truth, NONE)
    return judge, labels


def test_a_corrected_value_worked_by_hand():
    # 8 responses, the judge says yes to 6: 0.75. Of the 4 labelled it says yes to 3, experts to 2; weights 2.
    # With lambda 1: 0.75 + (2 - 3) / 4 = 0.5; with lambda 0.5: 0.375 + (2 - 1.5) / 4 = 0.5; with 0 the labels' 0.5.
    judge = [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0]
    sums = checked(cell(judge, [1, 1, 0, 0, NONE, NONE, NONE, NONE])).sums()
    assert [sums.corrected(reliance) for reliance in (0, 0.5, 1)] == pytest.approx([0.5, 0.5, 0.5])
    # Drawn with 1 and 0.25: the labelled weigh 1, 1, 4, 4. Labels 2 / 10 = 0.2; judge on them 6 / 10, so
    # 0.75 + 0.2 - 0.6 = 0.35.
    weighted = cell(judge, [1, 1, 0, 0] + [NONE] * 4, [1, 1, 0.25, 0.25] + [NONE] * 4)
    assert checked(weighted).sums().corrected(1) == pytest.approx(0.35)
    assert checked(weighted).sums().corrected(0) == pytest.approx(0.2)


@pytest.mark.parametrize("reliance", [0.0, 0.3, 1.0])
def test_the_value_is_that_of_ppi_python_for_rows_of_equal_weight(reliance):
    judge, labels = labelled_first(1, 60, 300)
    expected = ppi_mean_pointestimate(labels[:60], judge[:60], judge, lam=reliance)[0]
    assert checked(cell(judge.tolist(), labels.tolist())).sums().corrected(reliance) == pytest.approx(
        expected, abs=EXACT
    )


def test_the_variance_is_that_of_ppi_python_where_the_judge_scores_both_parts_alike():
    # ppi-python takes labelled and other rows as two samples: lambda * (others / all) there is lambda here. It centres
    # the judge in each sample, so both get the same mean; and it divides by n, so families / (families - 1) goes.
    judge = np.array([1.0, 0.0, 1.0, 1.0] * 75)
    labels = np.where(np.arange(300) < 36, np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0] * 50), NONE)
    found = corrected_score(cell(judge.tolist(), labels.tolist()))
    elsewhere = found.reliance * 264 / 300
    low, high = ppi_mean_ci(labels[:36], judge[:36], judge[36:], alpha=0.05, lam=elsewhere)
    error = (high[0] - low[0]) / 2 / norm.ppf(0.975)
    assert (found.corrected.high - found.corrected.low) / 2 == pytest.approx(
        2.0301079 * math.sqrt(36 / 35) * error, abs=1e-7
    )


def test_reliance_is_the_slope_of_labels_on_the_judge_for_a_simple_sample():
    # Independent rows of equal weight: cov / var, as PPI++ has it for labelled and other rows together. The judge's
    # variance comes from all rows, the labels' from the labelled ones, so both halves are made alike.
    judge = np.array([1.0, 0.0, 1.0, 0.0] * 100)
    labels = np.where(np.arange(400) < 200, np.array([1.0, 0.0, 0.0, 0.0] * 100), NONE)
    # 200 labelled: yes-yes 50, yes-no 50, no-no 100. Covariance 0.25 - 0.5 * 0.25 = 0.125, variance 0.25.
    assert checked(cell(judge.tolist(), labels.tolist())).sums().reliance() == pytest.approx(0.5)


def test_reliance_stays_within_0_and_1():
    against = cell([1.0, 0.0] * 100, [0.0, 1.0] * 50 + [NONE] * 100)
    timid = cell([0.6, 0.4] * 100, [1.0, 0.0] * 50 + [NONE] * 100)
    assert (checked(against).sums().reliance(), checked(timid).sums().reliance()) == (0.0, 1.0)


def test_a_judge_who_never_varies_leaves_the_labels():
    found = corrected_score(cell([1.0] * 200, [0.0, 1.0] * 40 + [NONE] * 120))
    assert (found.reliance, found.corrected.value, found.labels_only.value, found.judge.value) == (0, 0.5, 0.5, 1.0)


def test_all_labelled_gives_the_labels():
    random = np.random.default_rng(3)
    labels, judge = random.integers(0, 2, 100).astype(float), random.integers(0, 2, 100).astype(float)
    found = corrected_score(cell(judge.tolist(), labels.tolist(), [1.0] * 100))
    assert found.corrected.value == pytest.approx(labels.mean(), abs=EXACT)


def test_two_labels_are_refused_and_the_missing_ones_counted():
    found = corrected_score(cell([1.0] * 50, [1.0, 0.0] + [NONE] * 48))
    assert (found.corrected.value, found.corrected.note) == (None, "28 more labels needed")
    assert (found.missing_labels, found.missing_families) == (28, 8)
    assert (found.labels_only.value, found.labels_only.low, found.judge.value) == (0.5, None, 1.0)


def test_many_labels_of_few_families_are_refused_too():
    judge, labels = labelled_first(2, 90, 300)
    families = [number // 10 if number < 90 else number for number in range(300)]
    found = corrected_score(cell(judge.tolist(), labels.tolist(), families=families))
    assert (found.corrected.value, found.missing_labels, found.missing_families) == (None, 1, 1)


def test_without_a_judge_there_is_nothing_to_correct():
    found = corrected_score(cell([NONE] * 60, [1.0, 0.0] * 30))
    assert (found.corrected.value, found.corrected.note, found.judge.note) == (None, NO_SCORES, NO_SCORES)
    assert found.labels_only.value == 0.5


def test_without_labels_the_judge_stands_alone():
    found = corrected_score(cell([1.0, 0.0] * 30, [NONE] * 60))
    assert (found.labels_only.value, found.corrected.value, found.missing_labels) == (None, None, 30)
    assert found.judge.value == 0.5


def test_an_empty_cell_has_no_numbers():
    found = corrected_score(cell([], []))
    assert (found.judge.value, found.corrected.value, found.missing_labels) == (None, None, 30)


def test_what_the_judge_did_not_score_takes_nothing_from_the_labels():
    # The judge's mean stands in: 3 of 4 labelled say yes, the judge always where it says something.
    sums = checked(cell([1.0, NONE, 1.0, NONE], [1.0, 0.0, 1.0, 1.0])).sums()
    assert sums.corrected(1) == pytest.approx(0.75)


def test_a_judge_who_met_no_objection_does_not_get_an_interval_of_its_own_alone():
    # 40 of 400 labelled, all as the judge says, half yes. Wilson for 0 of 40: 0.0876 of families may differ.
    judge = [1.0, 0.0] * 200
    found = corrected_score(cell(judge, judge[:40] + [NONE] * 360))
    assert (found.corrected.note, found.reliance) == (NO_DIFFERENCE, pytest.approx(1.0))
    assert found.corrected.value - found.corrected.low > 0.5 * 0.0876
    assert found.corrected.low < found.judge.low


def test_the_skipped_bound_the_value():
    # 40 labelled, 10 drawn and skipped, all with probability 0.5, the judge a constant: 20 to 30 of 50 yes.
    labels = [1.0, 0.0] * 20 + [NONE] * 60
    probabilities = [0.5] * 50 + [NONE] * 50
    found = corrected_score(cell([1.0] * 100, labels, probabilities))
    assert (found.unsaid, found.lowest, found.highest) == (10, pytest.approx(0.4), pytest.approx(0.6))


def test_the_skipped_bound_the_labels_alone_even_where_nothing_can_be_corrected():
    # Labels yes, no, no; weights 1, 2, 4; one more of weight 3 was skipped: 1 / 10 if it is a no, 4 / 10 if a yes.
    found = corrected_score(cell([NONE] * 5, [1, 0, 0, NONE, NONE], [1, 0.5, 0.25, 1 / 3, NONE]))
    assert (found.corrected.value, found.lowest, found.highest) == (None, None, None)
    assert (found.labels_lowest, found.labels_highest) == (pytest.approx(0.1), pytest.approx(0.4))


def test_where_nothing_was_skipped_the_labels_bound_themselves():
    found = corrected_score(cell([1.0, 1.0], [1, 0]))
    assert (found.labels_lowest, found.labels_highest) == (found.labels_only.value, found.labels_only.value)


def test_where_nothing_was_drawn_labels_have_no_bounds():
    found = corrected_score(cell([1.0, 1.0], [NONE, NONE]))
    assert (found.labels_lowest, found.labels_highest) == (None, None)


def test_a_biased_judge_is_corrected():
    # Experts say yes to half, the judge to 60 of 100; mean over 150 samples of 120 families.
    cells = [biased_cell(np.random.default_rng(seed), families=120, rate=0.5) for seed in range(150)]
    found = [corrected_score(each, replicates=2) for each in cells]
    assert 0.09 < np.mean([score.judge.value for score in found]) - 0.5 < 0.11
    assert abs(np.mean([score.corrected.value for score in found]) - 0.5) < 0.005


def test_a_good_judge_narrows_the_interval():
    judge, labels = labelled_first(4, 60, 1000)
    found = corrected_score(cell(judge.tolist(), labels.tolist()))
    width, alone = (each.high - each.low for each in (found.corrected, found.labels_only))
    assert width < 0.8 * alone


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (ScoredCell([1.0], [1.0], [1.0], []), "a family for each"),
        (ScoredCell([2.0], [1.0], [1.0], [1]), "between 0 and 1"),
        (ScoredCell([1.0], [1.0], [0.0], [1]), "above 0"),
        (ScoredCell([1.0], [1.0], [NONE], [1]), "needs the probability"),
    ],
)
def test_cells_that_make_no_sense_are_refused(cells, words):
    with pytest.raises(ValueError, match=words):
        corrected_score(cells)


ROWS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.5, 1.0]),
        st.sampled_from([0.0, 1.0, NONE]),
        st.integers(0, 30),
        st.sampled_from([0.1, 1.0]),
    ),
    min_size=40,
    max_size=80,
)


def of_rows(rows, *, scale=1.0, turn=False):
    judge, labels, families, probabilities = (list(column) for column in zip(*rows, strict=True))
    if turn:
        judge, labels = [1 - score for score in judge], [1 - label for label in labels]
    drawn = [NONE if math.isnan(label) else scale * p for label, p in zip(labels, probabilities, strict=True)]
    return corrected_score(ScoredCell(judge, labels, drawn, families), fewest_labels=1, replicates=2).corrected.value


@settings(max_examples=50, deadline=None)
@given(ROWS, st.randoms())
def test_the_order_of_responses_changes_nothing(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert of_rows(rows) == pytest.approx(of_rows(shuffled), abs=EXACT)


@settings(max_examples=50, deadline=None)
@given(ROWS, st.floats(0.05, 1))
def test_only_the_ratios_of_probabilities_matter(rows, scale):
    assert of_rows(rows) == pytest.approx(of_rows(rows, scale=scale), abs=EXACT)


@settings(max_examples=50, deadline=None)
@given(ROWS)
def test_calling_yes_no_turns_the_value_around(rows):
    value, turned = of_rows(rows), of_rows(rows, turn=True)
    assert (value is None) == (turned is None)
    assert value is None or value == pytest.approx(1 - turned, abs=EXACT)


def test_more_labels_narrow_about_as_foreseen():
    # The same cells with 10 and with 15 of 100 responses labelled: foreseen and found, the mean of 40.
    foreseen, found = [], []
    for seed in range(40):
        few = biased_cell(np.random.default_rng(seed), families=120, rate=0.5, drawn=(0.15, 0.15))
        many = biased_cell(np.random.default_rng(seed), families=120, rate=0.5, drawn=(0.24, 0.24))
        more = int(np.isfinite(many.labels).sum() - np.isfinite(few.labels).sum())
        foreseen.append(label_gain(few, more=more).after)
        found.append(label_gain(many).now)
    assert np.mean(foreseen) == pytest.approx(np.mean(found), rel=0.05)


def test_more_labels_of_the_same_families_narrow_less_than_those_of_new_ones():
    # 20 labelled families whose two labels are alike; what is left belongs to them, or to families of its own.
    labels = [label for label in [0.0, 1.0] * 10 for _ in range(2)] + [NONE] * 100
    judge = [0.5] * 140
    known = [number // 2 for number in range(40)]
    same = label_gain(cell(judge, labels, families=known + [number % 20 for number in range(100)]))
    new = label_gain(cell(judge, labels, families=known + list(range(20, 120))))
    assert same.now == pytest.approx(new.now)
    assert same.narrower == pytest.approx(0.0, abs=1e-6)
    assert new.narrower > 0.05


def test_no_more_labels_are_promised_than_responses_are_left():
    gain = label_gain(cell([0.5] * 45, [0.0, 1.0] * 20 + [NONE] * 5))
    assert (gain.more, gain.missing_labels) == (5, 0)


def test_a_cell_without_an_interval_says_how_many_labels_it_lacks():
    gain = label_gain(cell([0.5] * 100, [1.0] * 12 + [NONE] * 88))
    assert (gain.now, gain.after, gain.missing_labels, gain.narrower) == (None, None, 18, 0.0)

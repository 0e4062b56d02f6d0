"""How narrow the intervals of a sample will be: worked by hand, at its limits, and against what labels show."""

import math
import random
from collections import Counter

import pytest

from core.labels.plan_draws import Candidate, Drawn, PlanWish, draw
from core.labels.plan_intervals import HalfWidth, Spread, half_width, likeness, spreads
from core.measures.statistics import clustered_mean, student_t_bound


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

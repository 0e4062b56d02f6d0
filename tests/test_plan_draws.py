"""Drawing the sample of a plan: sizes, probabilities, what is taken for certain, overlap, and that it is repeatable."""

import random
from collections import Counter, defaultdict
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.labels.plan_draws import (
    UNSCORED,
    Candidate,
    Draw,
    PlanWish,
    Stratum,
    differ,
    doubled,
    draw,
    fails,
)
from core.rubric import DIMENSIONS

YES = (1.0, 1.0, 1.0, 1.0)


def made(sizes: dict[str, int], **given) -> list[Candidate]:
    """As many responses of each country as named, each in a family of its own."""
    countries = [country for country, size in sizes.items() for _ in range(size)]
    return [
        Candidate(
            **({"response_id": number, "country": country, "model": "m", "language": "en"} | given), family=f"f{number}"
        )
        for number, country in enumerate(countries, start=1)
    ]


def drawn(rows: list[Candidate], wish: PlanWish, *, seed: int = 1, experts_each: int = 2, overlap: float = 1.0) -> Draw:
    return draw(rows, wish, seed=seed, experts_each=experts_each, overlap=overlap)


def ids(sample: Draw) -> set[int]:
    return {row.candidate.response_id for row in sample.responses}


def test_a_tenth_is_drawn_per_country_and_rounded_up():
    # A tenth of 30 is 3, of 31 it is 3.1 and so 4, of 1 it is 0.1 and so 1.
    sample = drawn(made({"Iran": 30, "Japan": 31, "Peru": 1}), PlanWish(share=0.1))
    assert sample.strata == (Stratum("Iran", 30, 3), Stratum("Japan", 31, 4), Stratum("Peru", 1, 1))


def test_each_response_carries_the_chance_it_had():
    sample = drawn(made({"Iran": 30, "Japan": 31, "Peru": 1}), PlanWish(share=0.1))
    found = {row.stratum: row.inclusion_probability for row in sample.responses}
    assert found == {"Iran": pytest.approx(3 / 30), "Japan": pytest.approx(4 / 31), "Peru": 1.0}


def test_a_share_of_one_takes_all_for_certain():
    sample = drawn(made({"Iran": 7, "Japan": 5}), PlanWish(share=1.0))
    assert len(sample.responses) == 12
    assert {row.inclusion_probability for row in sample.responses} == {1.0}


def test_nothing_is_drawn_from_nothing():
    assert drawn([], PlanWish(share=0.5)) == Draw()


def test_a_number_is_drawn_per_country_or_all_there_are():
    sample = drawn(made({"Iran": 30, "Peru": 4}), PlanWish(share=None, count=6))
    assert sample.strata == (Stratum("Iran", 30, 6), Stratum("Peru", 4, 4))


def test_a_country_gets_at_least_so_many_responses():
    # A tenth of 30 would be 3; 5 are wanted at least. Of Peru's 2 there are no more.
    sample = drawn(made({"Iran": 30, "Japan": 80, "Peru": 2}), PlanWish(share=0.1, least=5))
    assert [stratum.sample for stratum in sample.strata] == [5, 8, 2]


def test_models_and_languages_are_strata_where_that_is_wished():
    rows = [
        Candidate(number, "Iran", model, language, f"f{number}")
        for number, (model, language, _) in enumerate(product(("a", "b"), ("en", "fa"), range(10)))
    ]
    sample = drawn(rows, PlanWish(share=0.2, by_model=True, by_language=True))
    names = ["Iran · a · en", "Iran · a · fa", "Iran · b · en", "Iran · b · fa"]
    assert sample.strata == tuple(Stratum(name, 10, 2) for name in names)


def test_every_response_on_which_the_judges_differ_is_taken_and_the_rest_sampled():
    rows = made({"Iran": 40})
    rows = [row._replace(is_disputed=row.response_id <= 5) for row in rows]
    sample = drawn(rows, PlanWish(share=0.2, differing=("a", "b")))
    assert {1, 2, 3, 4, 5} <= ids(sample)
    # A fifth of the other 35 is 7.
    assert sample.strata == (Stratum("Iran", 35, 7), Stratum("Iran · the two judges differ", 5, 5))


def test_those_taken_for_certain_count_towards_the_least_of_a_country():
    rows = [row._replace(is_disputed=row.response_id <= 4) for row in made({"Iran": 24})]
    sample = drawn(rows, PlanWish(share=0.05, least=10, differing=("a", "b")))
    # 4 for certain, so 6 of the other 20.
    assert len(sample.responses) == 10


def balanced(failing: int, of: int) -> list[Candidate]:
    """One country; the judge says no to compliance of the first ones."""
    return [
        row._replace(scores=(1.0, 1.0, 0.0, 1.0) if row.response_id <= failing else YES) for row in made({"Iran": of})
    ]


def test_rare_failures_are_drawn_more_often_and_say_so_in_their_probability():
    wish = PlanWish(share=0.1, balance=("compliance",), judge="j", least_failing=10)
    sample = drawn(balanced(20, 220), wish)
    assert sample.strata == (
        Stratum("Iran · judge says no: compliance", 20, 10),
        Stratum("Iran · judge says no: nowhere", 200, 20),
    )
    assert Counter(row.inclusion_probability for row in sample.responses) == {0.5: 10, 0.1: 20}


def test_fewer_failures_than_wanted_are_all_taken():
    wish = PlanWish(share=0.1, balance=("compliance",), judge="j", least_failing=10)
    assert {1, 2, 3} <= ids(drawn(balanced(3, 100), wish))


def test_twice_the_wish_holds_the_sample_of_the_wish():
    rows, wish = balanced(20, 220), PlanWish(share=0.1, balance=("compliance",), judge="j", least_failing=4)
    assert ids(drawn(rows, wish)) < ids(drawn(rows, doubled(wish)))


def test_a_share_above_a_half_doubles_to_all():
    assert doubled(PlanWish(share=0.7)).share == 1.0


def test_the_same_seed_draws_the_same_in_whatever_order_the_responses_come():
    rows = balanced(20, 300)
    mixed = rows[:]
    random.Random(5).shuffle(mixed)
    wish = PlanWish(share=0.13, balance=("compliance",), judge="j", least_failing=7)
    assert drawn(rows, wish, seed=9, overlap=0.4) == drawn(mixed, wish, seed=9, overlap=0.4)


def test_another_seed_draws_others():
    rows = made({"Iran": 300})
    assert ids(drawn(rows, PlanWish(share=0.1), seed=1)) != ids(drawn(rows, PlanWish(share=0.1), seed=2))


def test_over_many_seeds_each_response_is_drawn_as_often_as_its_probability_says():
    rows = made({"Iran": 12, "Peru": 5})
    wish = PlanWish(share=0.3)
    times: Counter[int] = Counter()
    for seed in range(2000):
        times.update(ids(drawn(rows, wish, seed=seed)))
    # 4 of 12 and 2 of 5. Five standard errors of a share of 2,000: 5 * sqrt(0.24 / 2,000) = 0.055.
    for row in rows:
        assert times[row.response_id] / 2000 == pytest.approx(4 / 12 if row.country == "Iran" else 2 / 5, abs=0.055)


def test_over_many_seeds_pairs_are_drawn_as_simple_random_sampling_says():
    rows = made({"Iran": 6})
    pairs: Counter[frozenset[int]] = Counter()
    for seed in range(3000):
        pairs[frozenset(ids(drawn(rows, PlanWish(share=None, count=2), seed=seed)))] += 1
    # 15 pairs, each in a fifteenth of 3,000 draws: 200, give or take 5 * sqrt(200 * 14 / 15) = 68.
    assert len(pairs) == 15
    assert all(abs(count - 200) < 68 for count in pairs.values())


def test_half_of_the_sample_goes_to_two_experts_and_half_to_one():
    sample = drawn(made({"Iran": 40, "Peru": 40}), PlanWish(share=0.5), overlap=0.5)
    by_country = {name: Counter(r.experts for r in sample.responses if r.stratum == name) for name in ("Iran", "Peru")}
    assert by_country == {"Iran": {2: 10, 1: 10}, "Peru": {2: 10, 1: 10}}


@pytest.mark.parametrize(("overlap", "experts"), [(0.0, {1}), (1.0, {3})])
def test_no_overlap_and_full_overlap(overlap, experts):
    sample = drawn(made({"Iran": 21}), PlanWish(share=1.0), overlap=overlap, experts_each=3)
    assert {row.experts for row in sample.responses} == experts


def test_over_many_seeds_each_response_is_in_the_overlap_as_often_as_the_share_says():
    rows = made({"Iran": 9})
    times: Counter[int] = Counter()
    for seed in range(2000):
        sample = drawn(rows, PlanWish(share=1.0), seed=seed, overlap=0.3)
        times.update(row.candidate.response_id for row in sample.responses if row.experts == 2)
    # Five standard errors: 5 * sqrt(0.21 / 2,000) = 0.051.
    assert all(times[row.response_id] / 2000 == pytest.approx(0.3, abs=0.051) for row in rows)


def test_most_rounds_decide_whether_a_judge_says_no_and_a_tie_is_no_side():
    assert [fails(score) for score in (0.0, 1 / 3, 0.5, 1.0, None)] == [True, True, False, False, False]
    assert differ((1.0, None, None, None), (0.0, 1.0, None, None))
    assert not differ((1.0, 0.5, None, 0.0), (0.9, 1.0, 0.0, None))


SCORES = st.tuples(*[st.sampled_from((0.0, 1.0, None))] * len(DIMENSIONS)) | st.just(UNSCORED)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(("Iran", "Peru", None)),
        st.sampled_from("ab"),
        st.sampled_from(("en", "fa")),
        SCORES,
        st.booleans(),
    ),
    max_size=60,
).map(
    lambda found: [
        Candidate(number, country, model, language, f"f{number % 7}", scores, disputed)
        for number, (country, model, language, scores, disputed) in enumerate(found)
    ]
)
WISHES = st.builds(
    PlanWish,
    share=st.floats(0.001, 1.0),
    by_model=st.booleans(),
    by_language=st.booleans(),
    least=st.integers(0, 9),
    balance=st.lists(st.sampled_from(DIMENSIONS), unique=True).map(tuple),
    judge=st.just("j"),
    least_failing=st.integers(0, 6),
)


@settings(deadline=None)
@given(ROWS, WISHES, st.integers(0, 2**31))
def test_the_inverse_probabilities_of_a_stratum_add_up_to_its_size(rows, wish, seed):
    sample = drawn(rows, wish, seed=seed)
    sums: defaultdict[str, float] = defaultdict(float)
    for row in sample.responses:
        sums[row.stratum] += 1 / row.inclusion_probability
    assert sums == {stratum.name: pytest.approx(stratum.size) for stratum in sample.strata}
    assert sum(stratum.size for stratum in sample.strata) == len(rows)


@settings(deadline=None)
@given(ROWS, WISHES)
def test_every_country_and_every_cell_of_failures_has_at_least_what_was_wished_or_all_it_has(rows, wish):
    def cells(candidates: list[Candidate]) -> Counter:
        named = [place for place, name in enumerate(DIMENSIONS) if name in wish.balance]
        found = Counter((row.country, place) for row in candidates for place in named if fails(row.scores[place]))
        return found + Counter((row.country, None) for row in candidates)

    there, taken = cells(rows), cells([row.candidate for row in drawn(rows, wish).responses])
    for cell, count in there.items():
        assert taken[cell] >= min(count, wish.least if cell[1] is None else wish.least_failing)


@settings(deadline=None)
@given(ROWS, WISHES)
def test_a_response_of_which_the_judges_differ_is_always_in_the_sample(rows, wish):
    assert {row.response_id for row in rows if row.is_disputed} <= ids(drawn(rows, wish))


def test_a_wish_comes_back_from_its_stored_form():
    wish = PlanWish(models=("a",), rounds=(1, 2), share=None, count=5, balance=("compliance",), judge="j")
    assert PlanWish.stored(wish.as_stored() | {"judge_versions": {"j": "1"}}) == wish

"""A session's order: another one for each person, the same in every process, families apart."""

from hypothesis import given
from hypothesis import strategies as st

from core.labels.drawing import Drawable, families_apart, first_for, retest_count


def rows(families: str) -> list[Drawable]:
    return [Drawable(number, family, "en", "Morocco", 2) for number, family in enumerate(families)]


def families(drawn: list[Drawable]) -> str:
    return "".join(row.family_id for row in drawn)


def test_the_order_depends_on_the_person_and_the_seed_and_not_on_how_rows_came():
    assert first_for(1, 7, range(20), 20) == first_for(1, 7, range(19, -1, -1), 20)
    assert first_for(1, 7, range(20), 20) != first_for(1, 8, range(20), 20)
    assert first_for(1, 7, range(20), 20) != first_for(2, 7, range(20), 20)
    assert first_for(1, 7, range(20), 5) == first_for(1, 7, range(20), 20)[:5]


def test_families_that_stand_together_are_parted():
    # a a b b: the second a waits for b, and the second b goes where no b is beside it.
    assert families(families_apart(rows("aabb"))) == "abab"
    assert families(families_apart(rows("bcaaa"))) in ("abaca", "acaba")


def test_what_cannot_be_parted_is_there_all_the_same():
    assert families(families_apart(rows("aaab"))) in ("abaa", "aaba")
    assert families_apart([]) == []


@given(st.text(alphabet="abcde", max_size=40))
def test_parting_loses_nothing_and_parts_whatever_can_be_parted(given_families):
    apart = families(families_apart(rows(given_families)))
    assert sorted(apart) == sorted(given_families)
    most = max((given_families.count(name) for name in set(given_families)), default=0)
    if most <= (len(given_families) + 1) // 2:
        assert all(first != second for first, second in zip(apart, apart[1:], strict=False))


def test_the_fraction_of_a_retest_is_rounded_by_chance():
    # 60 x 0.05 = 3; 30 x 0.05 = 1.5: two in half of the sessions.
    assert retest_count(60, 0.05, 0.99) == 3
    assert retest_count(30, 0.05, 0.49) == 2
    assert retest_count(30, 0.05, 0.5) == 1
    assert retest_count(30, 0.0, 0.0) == 0

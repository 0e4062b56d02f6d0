"""Families and splits: nothing held out is ever trained on, whatever the order of imports."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.benchmark.families import FamilyRow, families_and_splits


def row(item: str, norm: str | None, base: str | None = None, country: str = "Japan", picture: str | None = None):
    return FamilyRow(item, base or item, country, norm, sha256=picture)


def split(rows: list[FamilyRow], seed: int = 0, share: float = 0.5):
    return families_and_splits(rows, seed=seed, held_out_share=share)


def norm_in(wanted: str, country: str = "Japan") -> str:
    """Return a norm whose own split is the wanted one."""
    return next(
        f"norm {n}" for n in range(100) if split([row("probe", f"norm {n}", country=country)])["probe"][1] == wanted
    )


def test_wordings_translation_and_equal_norms_of_a_country_are_one_family():
    rows = [row("a/1", "n", "a"), row("a/t", "n", "a"), row("b/1", "n", "b"), row("c/1", "other", "c")]
    families = {item: family for item, (family, _) in split(rows).items()}
    assert families["a/1"] == families["a/t"] == families["b/1"] != families["c/1"]


def test_the_same_norm_in_another_country_is_another_family():
    families = split([row("a", "n"), row("b", "n", country="Iran")])
    assert families["a"][0] != families["b"][0]


def test_pictures_do_not_join_families():
    families = split([row("a", "n", picture="p"), row("b", "m", picture="p")])
    assert families["a"][0] != families["b"][0]


def test_half_is_held_out():
    result = split([row(f"item {n}", f"norm {n}") for n in range(2000)])
    held = sum(s == "held_out" for _, s in result.values())
    # Binomial, n = 2000, p = 0.5: the standard deviation is 22.4; five of them.
    assert 1000 - 112 < held < 1000 + 112


def test_a_pool_item_that_shares_a_picture_with_a_held_out_item_is_quarantined():
    rows = [row("held", norm_in("held_out"), picture="p"), row("pool", norm_in("training_pool"), picture="p")]
    result = split(rows)
    assert (result["held"][1], result["pool"][1]) == ("held_out", "quarantined")


@pytest.mark.parametrize(("held", "pool"), [(None, "sha"), ("sha", None), (None, None)])
def test_a_missing_picture_is_known_by_its_path(held, pool):
    rows = [
        FamilyRow("held", "held", "Japan", norm_in("held_out"), held, "images/casa/a.jpg"),
        FamilyRow("pool", "pool", "Japan", norm_in("training_pool"), pool, "images/casa/a.jpg"),
    ]
    assert split(rows)["pool"][1] == "quarantined"


def test_equal_paths_of_two_pictures_that_are_there_say_nothing():
    rows = [
        FamilyRow("held", "held", "Japan", norm_in("held_out"), "one", "a.jpg"),
        FamilyRow("pool", "pool", "Japan", norm_in("training_pool"), "two", "a.jpg"),
    ]
    assert split(rows)["pool"][1] == "training_pool"


def test_a_pool_item_whose_norm_is_held_out_elsewhere_is_quarantined():
    norm = next(
        f"norm {n}"
        for n in range(200)
        if split([row("x", f"norm {n}")])["x"][1] == "training_pool"
        and split([row("x", f"norm {n}", country="Iran")])["x"][1] == "held_out"
    )
    result = split([row("japan", norm), row("iran", norm, country="Iran")])
    assert (result["japan"][1], result["iran"][1]) == ("quarantined", "held_out")


def test_an_item_without_a_norm_is_neither_trained_on_nor_measured():
    assert split([row("a", None)])["a"][1] == "quarantined"


def test_what_was_quarantined_once_stays_so():
    pool = norm_in("training_pool")
    before = FamilyRow("a", "a", "Japan", pool, split="quarantined")
    assert split([before])["a"][1] == "quarantined"


_ROWS = st.lists(
    st.tuples(st.integers(0, 8), st.sampled_from("abcd"), st.sampled_from(["Japan", "Iran"]), st.sampled_from("pqr")),
    max_size=25,
)


@given(_ROWS, st.randoms())
def test_the_order_of_items_decides_nothing(drawn, rng: random.Random):
    rows = [
        FamilyRow(f"{base}/{number}", f"{country}-{base}", country, norm, picture)
        for number, (base, norm, country, picture) in enumerate(drawn)
    ]
    shuffled = rows[:]
    rng.shuffle(shuffled)
    assert split(rows) == split(shuffled)


@given(_ROWS)
def test_later_imports_only_quarantine(drawn):
    rows = [
        FamilyRow(f"{base}/{number}", f"{country}-{base}", country, norm, picture)
        for number, (base, norm, country, picture) in enumerate(drawn)
    ]
    before = split(rows[: len(rows) // 2])
    after = split(rows)
    for item, (_, earlier) in before.items():
        assert after[item][1] in (earlier, "quarantined")
        assert earlier != "held_out" or after[item][1] == "held_out"


@given(_ROWS)
def test_no_family_norm_or_picture_is_on_both_sides(drawn):
    rows = [
        FamilyRow(f"{base}/{number}", f"{country}-{base}", country, norm, picture)
        for number, (base, norm, country, picture) in enumerate(drawn)
    ]
    result = split(rows)
    for kind in (lambda r: result[r.item_id][0], lambda r: r.norm_key, lambda r: r.sha256):
        held = {kind(r) for r in rows if result[r.item_id][1] == "held_out"}
        pool = {kind(r) for r in rows if result[r.item_id][1] == "training_pool"}
        assert not held & pool

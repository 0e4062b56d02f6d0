"""Differences per family, before and after -> how likely they are if nothing changed. Pure: numbers in, numbers out."""

from collections.abc import Sequence

import numpy as np

from core.measures.statistics import FEWEST_FOR_INTERVAL

FLIPS = 9999

# So many families have few enough signs to try all of them.
_MOST_FOR_ALL = 13
_FLIPS_AT_ONCE = 1_000_000
_ROUNDING = 1e-9


def sign_flip_p(differences: Sequence[float], *, seed: int = 0, flips: int = FLIPS) -> float | None:
    """Return the two-sided p of differences that could as well have had the other sign: if nothing changed.

    Args:
        differences: per family, the sum over its pairs (same item, wording and round) of after minus before. Families
            whose sum is 0 say nothing either way but count as families.
        seed: the same seed gives the same p.
        flips: how many random signs are tried where there are more than 13 families that differ; all of them else.

    Returns:
        The share of all signs that move the total at least as far as it was; of random ones, with the observed among
        them, so never 0. None under 10 families.

    Source: Good (2005), Permutation, Parametric and Bootstrap Tests of Hypotheses, chapter 3; Phipson and Smyth
    (2010), Statistical Applications in Genetics and Molecular Biology 9(1) (the observed among the random ones).
    """
    if len(differences) < FEWEST_FOR_INTERVAL:
        return None
    moved = np.asarray([difference for difference in differences if difference], dtype=float)
    least = abs(float(moved.sum())) - _ROUNDING * float(np.abs(moved).sum())
    if len(moved) <= _MOST_FOR_ALL:
        signs = (np.arange(2 ** len(moved))[:, None] >> np.arange(len(moved))) & 1
        return float((np.abs((2 * signs - 1) @ moved) >= least).mean())
    random = np.random.default_rng(seed)
    at_once, as_far = max(1, _FLIPS_AT_ONCE // len(moved)), 0
    for done in range(0, flips, at_once):
        signs = random.integers(0, 2, size=(min(at_once, flips - done), len(moved)), dtype=np.int8)
        as_far += int((np.abs((2 * signs - 1) @ moved) >= least).sum())
    return (1 + as_far) / (1 + flips)

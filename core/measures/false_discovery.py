"""The p of many tests -> those that stand when so many were made. Pure: numbers in, numbers out."""

from collections.abc import Sequence


def benjamini_yekutieli(p_values: Sequence[float | None]) -> list[float | None]:
    """Return adjusted p, in the order given: with those up to 0.05 called findings, at most 5 % of findings are false.

    That holds however the tests depend on one another.

    Args:
        p_values: of each test; None where there was none, which stays None and does not count as a test.

    Raises:
        ValueError: a p is not between 0 and 1.

    Source: Benjamini and Yekutieli (2001), The Annals of Statistics 29(4).
    """
    tested = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    if not all(0 <= p <= 1 for p, _ in tested):
        raise ValueError("A p lies between 0 and 1.")
    adjusted: list[float | None] = [None] * len(p_values)
    harmonic = sum(1 / rank for rank in range(1, len(tested) + 1))
    least = 1.0
    for rank, (p, place) in reversed(list(enumerate(tested, start=1))):
        least = min(least, p * len(tested) * harmonic / rank)
        adjusted[place] = least
    return adjusted

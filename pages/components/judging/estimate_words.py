"""Estimates -> words: a share, a shift, and what stands where there is too little to say. Pure."""

from core.measures.statistics import Estimate

TOO_FEW = "too few families"
NOTHING = "–"


def share_words(share: float | None) -> str:
    """Return a share such as "92.4 %"."""
    return NOTHING if share is None else f"{share:.1%}".replace("%", " %")


def share_with_interval(estimate: Estimate) -> str:
    """Return a share with its interval, such as "92.4 % (90.1 to 94.2)"; without one, why there is none."""
    if estimate.low is None or estimate.high is None:
        return _why_none(estimate)
    return f"{share_words(estimate.value)} ({estimate.low * 100:.1f} to {estimate.high * 100:.1f})"


def points_with_interval(estimate: Estimate) -> str:
    """Return a difference of two shares in points with its interval, such as "−3.1 (−5.0 to −1.2)"."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return _why_none(estimate)
    return f"{points(estimate.value)} ({points(estimate.low)} to {points(estimate.high)})"


def points(difference: float) -> str:
    """Return a difference of two shares in points, with its sign."""
    rounded = round(difference * 100, 1)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{abs(rounded):.1f}"


def _why_none(estimate: Estimate) -> str:
    return NOTHING if not estimate.n else TOO_FEW

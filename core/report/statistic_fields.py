"""Statistics -> fields of a grid; what is undefined is said in words. Pure: numbers in, words out."""

from core.measures.family_intervals import Statistic
from core.report.contents import Field
from core.report.fields import TOO_FEW, base_lines, percent, span, step_of


def percent_field(found: Statistic, *, is_bad: bool = False) -> Field:
    """Return a share with its interval; where there is none, what it rests on only."""
    base = base_lines(found.n, found.families)
    note = (found.note,) if found.note else ()
    if found.value is None or found.low is None or found.high is None:
        return Field(TOO_FEW if found.n else "–", (*base, *note), "few")
    lines = (span(found.low, found.high), *base, *note)
    return Field(percent(found.value), lines, "scaled", step_of(1 - found.value if is_bad else found.value))


def coefficient_field(found: Statistic) -> Field:
    """Return an agreement beyond chance, from -1 to 1, with its interval; undefined is said in words."""
    note = (found.note,) if found.note else ()
    if found.value is None:
        return Field("undefined", note, "few")
    if found.low is None or found.high is None:
        return Field(_signed(found.value), ("no interval", *note), "few")
    return Field(_signed(found.value), (f"{_signed(found.low)} to {_signed(found.high)}", *note))


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def with_ends(found: Statistic) -> str:
    """Return a share with its interval and n in one line."""
    if found.value is None:
        return "none"
    ends = f" ({span(found.low, found.high)})" if found.low is not None and found.high is not None else ""
    return f"{percent(found.value)}{ends}, n\u00a0{found.n:,}"

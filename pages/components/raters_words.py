"""Whose scores a number is made of, in words; a judge's name is text from data."""

from core.benchmark.items import ItemFilter
from core.measures.compared_behind import sides_named
from core.measures.items_behind import rater_of
from core.rubric import Pool

_PEOPLE: dict[Pool, str] = {
    "from": "experts from the country",
    "knows": "experts who know the country",
    "outside": "experts from elsewhere",
}


def raters_words(wanted: ItemFilter) -> str:
    """Return whose scores the filter leads from: one rater's, or those of two sides that are compared."""
    judge, sides = rater_of(wanted), sides_named(wanted.scored_by)
    if sides is None:
        return "labels by experts" if judge is None else f"scored by {judge}"
    first, second = _PEOPLE[sides.first], _PEOPLE[sides.second]
    if judge is not None:
        return f"scored by {judge} and by {first}"
    many = first.replace("experts", "two experts or more", 1)
    return f"scored by {many}" if first == second else f"scored by {first} and by {second}"

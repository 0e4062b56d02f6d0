"""Shifts of a mean as a chart: a dot with its interval for each dimension, or for each round it was measured in."""

from collections.abc import Sequence

import streamlit as st

from core.judging.bridge import BridgeCell, DriftPoint
from core.measures.statistics import Estimate
from core.rubric import DIMENSIONS, LAST_SCORING_ROUND
from pages.components.charts import Dots, dots_chart, show_chart
from pages.components.judging.estimate_words import points_with_interval
from pages.components.judging.label_chip import dimension_title
from pages.components.moment import moment_text

_NO_SHIFT = {"no shift": 0.0}
_UNCLEAR = "The interval reaches 0: there may be no shift at all"
# Points beyond the outermost interval, so that its end is seen.
_ROOM = 2.0


def shift_chart(cells: Sequence[BridgeCell], *, title: str, key: str) -> None:
    """Draw the shift of each dimension that has an interval; one that includes 0 is an empty dot.

    Args:
        cells: one a dimension.
        title: may hold text from data.
        key: unique on the page, and the picture's name.
    """
    held = [cell for cell in cells if cell.shift.low is not None]
    kinds = (("Clear shift", False), ("No clear shift", True))
    shown = [(name, is_open, [cell for cell in held if _is_clear(cell.shift) != is_open]) for name, is_open in kinds]
    series = [
        _dots(
            name,
            [dimension_title(cell.dimension) for cell in some],
            [cell.shift for cell in some],
            [_hover(dimension_title(cell.dimension), cell.shift, cell.unscored) for cell in some],
            DIMENSIONS[0],
            is_open=is_open,
        )
        for name, is_open, some in shown
        if some
    ]
    _show([dimension_title(cell.dimension) for cell in held], series, title=title, key=key)
    if not all(_is_clear(cell.shift) for cell in held):
        st.caption("Empty dot: the interval reaches 0, so there may be no shift at all.")


def drift_chart(drifts: Sequence[DriftPoint], *, title: str, key: str) -> None:
    """Draw the shift of each dimension in the anchor rounds that have an interval, the oldest on top.

    Args:
        drifts: of one judge.
        title: may hold text from data.
        key: unique on the page, and the picture's name.
    """
    held = [point for point in drifts if point.shift.low is not None]
    series = []
    for dimension in DIMENSIONS:
        own = [point for point in held if point.dimension == dimension]
        name, days = dimension_title(dimension), [_round_title(point) for point in own]
        told = [_hover(f"{name} · {day}", point.shift, point.unscored) for point, day in zip(own, days, strict=True)]
        series += [_dots(name, days, [point.shift for point in own], told, dimension)] if own else []
    _show(list(dict.fromkeys(_round_title(point) for point in held)), series, title=title, key=key)


def _round_title(point: DriftPoint) -> str:
    """Return how an anchor round is called; with its number, since two may be of one minute."""
    return f"{moment_text(point.when)} · {point.judge_round - LAST_SCORING_ROUND}"


def _dots(
    name: str,
    at: Sequence[str],
    estimates: Sequence[Estimate],
    hover: Sequence[Sequence[str]],
    dimension: str,
    *,
    is_open: bool = False,
) -> Dots:
    values, lows, highs = ([100 * (end or 0.0) for end in ends] for ends in zip(*map(_ends, estimates), strict=True))
    return Dots(name, at, values, lows, highs, hover, dimension, is_open)


def _ends(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    return estimate.value, estimate.low, estimate.high


def _hover(where: str, shift: Estimate, unscored: int) -> list[str]:
    """Return what a dot tells when pointed at: the shift with its unit and interval, and what it rests on."""
    told = [where, f"{points_with_interval(shift)} points, 95 % interval in brackets"]
    told += [f"{shift.n:,} responses in {shift.families:,} families"]
    told += [f"{unscored:,} more without a score"] if unscored else []
    return told if _is_clear(shift) else [*told, _UNCLEAR]


def _show(names: Sequence[str], series: Sequence[Dots], *, title: str, key: str) -> None:
    ends = [0.0, *(end for one in series for end in (*one.lows, *one.highs))]
    span = (min(ends) - _ROOM, max(ends) + _ROOM)
    figure = dots_chart(names, series, span=span, unit="points", lines=_NO_SHIFT)
    told = "; ".join(", ".join(lines) for one in series for lines in one.hover)
    show_chart(figure, key=key, alt=f"{title}. {told}.")


def _is_clear(estimate: Estimate) -> bool:
    return estimate.low is not None and estimate.high is not None and not estimate.low <= 0 <= estimate.high

"""Shifts of a mean as a chart: a dot with its interval for each dimension, or a line over the months for each."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.judging.bridge import BridgeCell, DriftPoint
from core.measures.statistics import Estimate
from core.rubric import DIMENSIONS
from pages.components.judging.estimate_words import points_with_interval
from pages.components.judging.label_chip import dimension_title
from pages.components.plain import plain

_SYMBOLS: dict[str, str] = dict(zip(DIMENSIONS, ("circle", "square", "diamond", "triangle-up"), strict=True))
_PLACES: dict[str, int] = {name: place for place, name in enumerate(DIMENSIONS)}


def shift_chart(cells: Sequence[BridgeCell], *, title: str, key: str) -> None:
    """Draw the shift of each dimension that has an interval; one that includes 0 is gray.

    Args:
        cells: one a dimension.
        title: may hold text from data.
        key: unique on the page.
    """
    shown = [cell for cell in cells if cell.shift.low is not None]
    figure = go.Figure()
    for cell in shown:
        name = dimension_title(cell.dimension)
        colour = _dimension_colour(cell.dimension) if _is_clear(cell.shift) else _theme("grayColor")
        _dots(figure, cell.dimension, colour, [cell.shift], across=[name], flat=True)
    figure.add_vline(x=0, line={"color": _theme("grayColor"), "width": 1})
    layout = _layout(title, height=64 + 44 * len(shown)) | {"showlegend": False}
    figure.update_layout(**layout, margin={"l": 150, "r": 16, "t": 40, "b": 34})
    figure.update_yaxes(autorange="reversed", gridcolor=_theme("secondaryBackgroundColor"))
    figure.update_xaxes(ticksuffix=" ", gridcolor=_theme("secondaryBackgroundColor"), zeroline=False)
    _show(figure, title, key)
    if not all(_is_clear(cell.shift) for cell in shown):
        st.caption("Gray: the interval reaches 0, so there may be no shift at all.")


def drift_chart(drifts: Sequence[DriftPoint], *, title: str, key: str) -> None:
    """Draw the shift of each dimension over the anchor rounds that have an interval; `title` may hold data."""
    figure = go.Figure()
    for dimension in DIMENSIONS:
        own = [point for point in drifts if point.dimension == dimension and point.shift.low is not None]
        months = [day_of(point) for point in own]
        _dots(figure, dimension, _dimension_colour(dimension), [point.shift for point in own], across=months)
    figure.add_hline(y=0, line={"color": _theme("grayColor"), "width": 1})
    layout = _layout(title, height=300) | {"legend": {"orientation": "h", "x": 0, "y": -0.16}}
    figure.update_layout(**layout, margin={"l": 46, "r": 16, "t": 40, "b": 30}, scattermode="group")
    figure.update_yaxes(gridcolor=_theme("secondaryBackgroundColor"), zeroline=False)
    figure.update_xaxes(type="category", gridcolor=_theme("secondaryBackgroundColor"))
    _show(figure, title, key)


def day_of(point: DriftPoint) -> str:
    """Return the day an anchor round began."""
    return f"{point.when.day} {point.when:%b %Y}"


def _dots(
    figure: go.Figure,
    dimension: str,
    colour: str,
    estimates: Sequence[Estimate],
    *,
    across: Sequence[str],
    flat: bool = False,
) -> None:
    values = [100 * (estimate.value or 0) for estimate in estimates]
    bars = {
        "type": "data",
        "symmetric": False,
        "array": [100 * (one.high or 0) - value for one, value in zip(estimates, values, strict=True)],
        "arrayminus": [value - 100 * (one.low or 0) for one, value in zip(estimates, values, strict=True)],
        "color": colour,
        "thickness": 2,
        "width": 5,
    }
    figure.add_scatter(
        x=values if flat else across,
        y=across if flat else values,
        error_x=bars if flat else None,
        error_y=None if flat else bars,
        mode="markers",
        marker={"size": 11, "color": colour, "symbol": _SYMBOLS[dimension]},
        name=dimension_title(dimension),
        text=[points_with_interval(estimate) for estimate in estimates],
        hovertemplate="%{text} points<extra>%{fullData.name}</extra>",
    )


def _is_clear(estimate: Estimate) -> bool:
    return estimate.low is not None and estimate.high is not None and not estimate.low <= 0 <= estimate.high


def _dimension_colour(dimension: str) -> str:
    return _theme("chartCategoricalColors")[_PLACES[dimension]]


def _layout(title: str, *, height: int) -> dict[str, Any]:
    ink, paper = _theme("textColor"), _theme("backgroundColor")
    return {
        "height": height,
        "paper_bgcolor": paper,
        "plot_bgcolor": paper,
        "font": {"family": "Source Sans, sans-serif", "size": 13, "color": ink},
        "title": {"text": plain(title, "plotly"), "font": {"size": 14}, "x": 0, "y": 0.98},
    }


def _show(figure: go.Figure, title: str, key: str) -> None:
    st.plotly_chart(figure, theme=None, config={"displayModeBar": False}, key=key, alt=title, width="stretch")


def _theme(name: str) -> Any:  # noqa: ANN401 - a colour, or a list of them
    """Return an entry of the theme in use, as `.streamlit/config.toml` has it."""
    return st.get_option(f"theme.{st.context.theme.type or 'light'}.{name}")

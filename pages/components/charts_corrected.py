"""The chart of three estimates side by side: a judge, experts alone, both together."""

from collections.abc import Sequence
from typing import Literal

import plotly.graph_objects as go

from pages.components.charts import Dots, dots_chart, theme_colour

Estimate = Literal["judge", "labels", "both"]
# Colour, sign and whether it is filled: what is meant to be read stands out, and no sign tells by colour alone.
_LOOKS: dict[Estimate, tuple[str, str, bool]] = {
    "judge": ("violetColor", "diamond", False),
    "labels": ("grayColor", "circle", False),
    "both": ("primaryColor", "circle", True),
}
_ROW_HEIGHT = 46


def estimates_chart(names: Sequence[str], series: Sequence[tuple[Estimate, Dots]], *, unit: str) -> go.Figure:
    """Return dots with intervals, a row for each name and in it the estimates from the top.

    Args:
        names: of rows, from the top; may come from data.
        series: one of each estimate, in percent.
        unit: what the numbers are, in our own words.
    """
    figure = dots_chart(names, [dots for _, dots in series], span=(0, 100), unit=unit, lines={})
    for trace, (estimate, _) in zip(figure.data, series, strict=True):
        colour, symbol, is_filled = _LOOKS[estimate]
        trace.marker.symbol, trace.marker.size = symbol, 10
        trace.marker.color = theme_colour(colour if is_filled else "backgroundColor")
        trace.marker.line.color = trace.error_x.color = theme_colour(colour)
    figure.update_layout(height=122 + _ROW_HEIGHT * len(names))
    return figure

"""Curves of a training: solid for the rows it learns from, dotted for those it is watched by."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.training.training_run import Curve


def curve_chart(
    title: str,
    training: Curve | None,
    validation: Curve | None,
    *,
    total_steps: int | None,
    is_share: bool = False,
    key: str,
) -> None:
    """Draw one number over the steps, in the theme's colours.

    Args:
        title: our own words.
        training: logged while learning.
        validation: logged on the rows that are set aside; None where there are none.
        total_steps: how far the axis goes; a little further, so that the last point is whole.
        is_share: the number is one from 0 to 1, so the axis shows all of that.
        key: unique on the page; the chart is redrawn in its place.
    """
    ink = _theme("textColor")
    figure = go.Figure()
    for name, curve, colour, dash in (
        ("training", training, ink, "solid"),
        ("set aside", validation, _theme("chartCategoricalColors")[2], "dot"),
    ):
        if curve:
            look = "lines+markers" if len(curve.steps) < 15 else "lines"
            line = {"color": colour, "width": 2, "dash": dash}
            figure.add_scatter(
                x=curve.steps, y=curve.numbers, name=name, mode=look, line=line, marker={"size": 6}, cliponaxis=False
            )
    figure.update_layout(**_layout(title, ink, total_steps), showlegend=validation is not None)
    if is_share:
        figure.update_yaxes(range=[-0.04, 1.04])
    st.plotly_chart(
        figure, theme=None, config={"displayModeBar": False}, key=key, alt=f"{title}, by step", width="stretch"
    )


def _layout(title: str, ink: str, total_steps: int | None) -> dict[str, object]:
    paper, grid = _theme("backgroundColor"), _theme("secondaryBackgroundColor")
    return {
        "height": 236,
        "margin": {"l": 46, "r": 8, "t": 36, "b": 38},
        "paper_bgcolor": paper,
        "plot_bgcolor": paper,
        "font": {"family": "Source Sans, sans-serif", "size": 13, "color": ink},
        "title": {"text": title, "font": {"size": 14}, "x": 0, "y": 0.98},
        "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.18},
        "xaxis": {
            "gridcolor": grid,
            "zeroline": False,
            "title": {"text": "step", "standoff": 4},
            "range": [0, total_steps * 1.02] if total_steps else None,
        },
        "yaxis": {"gridcolor": grid, "zeroline": False},
        "uirevision": "kept",
        "hovermode": "x unified",
    }


def _theme(name: str) -> Any:  # noqa: ANN401 - a colour, or a list of them
    """Return an entry of the theme in use, as `.streamlit/config.toml` has it."""
    return st.get_option(f"theme.{st.context.theme.type or 'light'}.{name}")

"""One look for all charts of numbers: a grid of cells, and dots with intervals; readable in light and dark.

Texts from data are made inert here; colours come from the theme and never stand alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st

from core.rubric import DIMENSIONS
from pages.components.plain import plain

Look = Literal["scaled", "unclear", "small"]
ROW_HEIGHT = 34
_LONGEST_NAME = 44
_DARK_INK, _LIGHT_INK = "#14181C", "#FFFFFF"
_SYMBOLS: dict[str, str] = dict(zip(DIMENSIONS, ("circle", "square", "diamond", "triangle-up"), strict=True))


@dataclass(frozen=True)
class GridCell:
    """One cell: its row and column by place, where it stands on the scale from 0 (orange) to 1 (blue), and its words.

    `words` may hold plotly's tags and so no text from data; `hover` is lines of text from anywhere. `small` ones get a
    dashed box and no colour, `unclear` ones a gray one.
    """

    row: int
    column: int
    place: float
    words: str
    hover: Sequence[str]
    look: Look = "scaled"


@dataclass(frozen=True)
class Dots:
    """One series: where its dots stand, by name, with their intervals; `dimension` gives colour and sign."""

    name: str
    at: Sequence[str]
    values: Sequence[float]
    lows: Sequence[float]
    highs: Sequence[float]
    hover: Sequence[Sequence[str]]
    dimension: str
    is_open: bool = False


def theme_colour(name: str) -> Any:  # noqa: ANN401 - a colour, or a list of them
    """Return an entry of the theme in use, as `.streamlit/config.toml` has it."""
    return st.get_option(f"theme.{st.context.theme.type or 'light'}.{name}")


def colour_at(place: float, scale: Sequence[str]) -> str:
    """Return the colour at a place from 0 to 1 of a scale of colours such as "#7F3B08"."""
    along = min(max(place, 0.0), 1.0) * (len(scale) - 1)
    first = min(int(along), len(scale) - 2)
    one, other = scale[first], scale[first + 1]
    mixed = [
        round(int(one[k : k + 2], 16) * (1 + first - along) + int(other[k : k + 2], 16) * (along - first))
        for k in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02X}" for part in mixed)


def ink_on(colour: str) -> str:
    """Return black or white, whichever stands out more on a colour."""
    red, green, blue = (_linear(int(colour[k : k + 2], 16) / 255) for k in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return _LIGHT_INK if luminance < 0.19 else _DARK_INK


def chart_layout(*, height: int, left: int) -> dict[str, Any]:
    """Return what all charts share; `left` is the room for names."""
    paper = theme_colour("backgroundColor")
    return {
        "height": height,
        "margin": {"l": left, "r": 12, "t": 34, "b": 12},
        "paper_bgcolor": paper,
        "plot_bgcolor": paper,
        "font": {"family": "Source Sans, sans-serif", "size": 13, "color": theme_colour("textColor")},
        "hoverlabel": {"align": "left", "font": {"family": "Source Sans, sans-serif", "size": 13}},
        "dragmode": False,
    }


def grid_chart(rows: Sequence[str], columns: Sequence[str], cells: Sequence[GridCell]) -> go.Figure:
    """Return a grid of cells with their words inside; names of rows and columns may come from data."""
    figure = go.Figure()
    figure.update_layout(
        **chart_layout(height=46 + ROW_HEIGHT * len(rows), left=_room(rows)),
        shapes=[_box(cell) for cell in cells],
        showlegend=False,
        hoverdistance=80,
    )
    # One unseen mark a cell: plotly lets people choose marks, not the fields of a heatmap.
    figure.add_scatter(
        x=[cell.column for cell in cells],
        y=[cell.row for cell in cells],
        mode="markers+text",
        marker={"size": ROW_HEIGHT - 6, "symbol": "square", "color": "rgba(0,0,0,0)"},
        text=[cell.words for cell in cells],
        textfont={"color": [_ink(cell) for cell in cells], "size": 12.5},
        customdata=[_lines(cell.hover) for cell in cells],
        hovertemplate="%{customdata}<extra></extra>",
        cliponaxis=False,
    )
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True, "tickmode": "array"}
    names = {"tickvals": list(range(len(columns))), "ticktext": [_name(one) for one in columns]}
    figure.update_xaxes(**axis, **names, side="top", range=[-0.5, len(columns) - 0.5])
    names = {"tickvals": list(range(len(rows))), "ticktext": [_name(one) for one in rows]}
    figure.update_yaxes(**axis, **names, range=[len(rows) - 0.5, -0.5])
    return figure


def dots_chart(
    names: Sequence[str], series: Sequence[Dots], *, span: tuple[float, float], unit: str, lines: Mapping[str, float]
) -> go.Figure:
    """Return dots with intervals, a row for each name.

    Args:
        names: rows, from the top; may come from data.
        series: each with its own sign; several share a row side by side.
        span: from where to where the axis goes.
        unit: what the numbers are, in our own words.
        lines: values to orient by, each with our own words for it.
    """
    figure = go.Figure()
    for number, one in enumerate(series):
        aside = (number - (len(series) - 1) / 2) * 0.6 / max(1, len(series))
        _add_dots(figure, one, [list(names).index(name) + aside for name in one.at])
    for words, value in lines.items():
        line = {"color": theme_colour("grayColor"), "dash": "dash", "width": 1.5}
        figure.add_vline(x=value, line=line, annotation_text=words, annotation_position="top")
    figure.update_layout(
        **chart_layout(height=110 + 18 * len(names) * max(2, len(series)), left=_room(names)),
        showlegend=len(series) > 1,
        legend={"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom", "itemclick": False},
    )
    figure.update_layout(margin_b=76 if len(series) > 1 else 48)
    grid = theme_colour("secondaryBackgroundColor")
    figure.update_xaxes(range=list(span), gridcolor=grid, zeroline=False, fixedrange=True, title=unit)
    ticks = {"tickmode": "array", "tickvals": list(range(len(names))), "ticktext": [_name(one) for one in names]}
    figure.update_yaxes(**ticks, range=[len(names) - 0.5, -0.5], showgrid=False, zeroline=False, fixedrange=True)
    return figure


def show_chart(figure: go.Figure, *, key: str, alt: str) -> tuple[int, int] | None:
    """Draw a chart that can be saved as a picture; return series and place of the mark just chosen, if any.

    Args:
        figure: from here.
        key: unique on the page, and the name of the picture's file.
        alt: what there is to see, in words; no Markdown is read there.
    """
    config = {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"filename": key, "scale": 2},
        # Nothing lies there: a map that wants outlines of plotly's own finds none, and never asks an outside server.
        "topojsonURL": "/outlines/",
    }
    chosen = st.plotly_chart(
        figure, theme=None, config=config, key=key, alt=alt, on_select="rerun", selection_mode="points", width="stretch"
    )
    points = chosen["selection"]["points"]
    return (points[0]["curve_number"], points[0]["point_index"]) if points else None


def _add_dots(figure: go.Figure, one: Dots, heights: Sequence[float]) -> None:
    colour = dict(zip(DIMENSIONS, theme_colour("chartCategoricalColors"), strict=False))[one.dimension]
    figure.add_scatter(
        x=list(one.values),
        y=list(heights),
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - value for high, value in zip(one.highs, one.values, strict=True)],
            "arrayminus": [value - low for low, value in zip(one.lows, one.values, strict=True)],
            "color": colour,
            "thickness": 2,
            "width": 5,
        },
        mode="markers",
        marker={
            "size": 11,
            "color": theme_colour("backgroundColor") if one.is_open else colour,
            "symbol": _SYMBOLS[one.dimension],
            "line": {"color": colour, "width": 2},
        },
        name=plain(one.name, "plotly"),
        customdata=[_lines(lines) for lines in one.hover],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _box(cell: GridCell) -> dict[str, Any]:
    box: dict[str, Any] = {"type": "rect", "layer": "below"}
    box |= {"x0": cell.column - 0.485, "x1": cell.column + 0.485, "y0": cell.row - 0.45, "y1": cell.row + 0.45}
    if cell.look == "small":
        return box | {"line": {"color": theme_colour("grayColor"), "width": 1, "dash": "dot"}}
    return box | {"line": {"width": 0}, "fillcolor": _fill(cell)}


def _fill(cell: GridCell) -> str:
    if cell.look == "unclear":
        return str(theme_colour("grayBackgroundColor"))
    return colour_at(cell.place, theme_colour("chartDivergingColors"))


def _ink(cell: GridCell) -> str:
    return str(theme_colour("grayTextColor")) if cell.look != "scaled" else ink_on(_fill(cell))


def _lines(lines: Sequence[str]) -> str:
    return "<br>".join(plain(line, "plotly") for line in lines)


def _name(text: str) -> str:
    return plain(text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…", "plotly")


def _room(names: Sequence[str]) -> int:
    return 24 + 7 * max((min(len(name), _LONGEST_NAME) for name in names), default=0)


def _linear(part: float) -> float:
    return float(((part + 0.055) / 1.055) ** 2.4) if part > 0.04045 else part / 12.92

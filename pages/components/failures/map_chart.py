"""Countries' numbers as a map of the world; its outlines are a file of our own, which the app serves itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

from pages.components.charts import chart_layout, theme_colour
from pages.components.failures.outlines import NO_COUNTRY, OUTLINES_ADDRESS, names_on_map
from pages.components.plain import plain

HEIGHT = 290


@dataclass(frozen=True)
class MapCell:
    """A country of the map: its name there, its share in percent, what a hover tells; a `small` one has no colour."""

    name: str
    percent: float
    hover: Sequence[str]
    look: Literal["scaled", "small"]


def map_chart(cells: Sequence[MapCell]) -> tuple[go.Figure, list[list[MapCell]]]:
    """Return the world with these countries coloured, and the cells of each of its series in their order."""
    named = {cell.name for cell in cells}
    # Plotly asks a server for outlines if its first series is one of countries, even of countries with their own.
    figure = go.Figure(go.Scattergeo(lon=[0], lat=[0], mode="markers", marker_opacity=0, hoverinfo="skip"))
    land = [MapCell(name, 0, (), "small") for name in (NO_COUNTRY, *names_on_map().values()) if name not in named]
    series = _series(land, line=theme_colour("backgroundColor")) | {"hovertemplate": None, "hoverinfo": "skip"}
    figure.add_choropleth(**series, **_one_colour(theme_colour("secondaryBackgroundColor"), land))
    looks = ("scaled", "small")
    shown = [[], [], *(one for look in looks if (one := [cell for cell in cells if cell.look == look]))]
    for one in shown[2:]:
        if one[0].look == "scaled":
            figure.add_choropleth(**_series(one, line=theme_colour("grayColor")), **_by_share(one))
        else:
            gray = theme_colour("grayBackgroundColor")
            figure.add_choropleth(**_series(one, line=theme_colour("grayTextColor")), **_one_colour(gray, one))
    paper = theme_colour("backgroundColor")
    layout = {"margin": {"l": 0, "r": 0, "t": 0, "b": 34}, "showlegend": False}
    figure.update_layout(**chart_layout(height=HEIGHT, left=0) | layout)
    figure.update_geos(
        visible=False,
        bgcolor=paper,
        projection={"type": "natural earth", "scale": 1.12},
        lataxis_range=[-56, 80],
        lonaxis_range=[-170, 180],
        domain={"x": [0, 1], "y": [0, 1]},
    )
    return figure, shown


def _series(cells: Sequence[MapCell], *, line: str) -> dict[str, Any]:
    same = {"marker": {"opacity": 1}}
    return {
        "geojson": OUTLINES_ADDRESS,
        "locationmode": "geojson-id",
        "locations": [cell.name for cell in cells],
        "featureidkey": "id",
        "customdata": ["<br>".join(plain(told, "plotly") for told in cell.hover) for cell in cells],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"line": {"color": line, "width": 0.8}},
        "selected": same,
        "unselected": same,
    }


def _by_share(cells: Sequence[MapCell]) -> dict[str, Any]:
    scale = theme_colour("chartDivergingColors")
    return {
        "z": [cell.percent for cell in cells],
        "zmin": 0,
        "zmax": 100,
        "colorscale": [[place / (len(scale) - 1), colour] for place, colour in enumerate(scale)],
        "colorbar": _bar(),
    }


def _one_colour(colour: str, cells: Sequence[MapCell]) -> dict[str, Any]:
    return {"z": [0] * len(cells), "colorscale": [[0, colour], [1, colour]], "showscale": False}


def _bar() -> dict[str, Any]:
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 0,
        "yanchor": "top",
        "len": 0.62,
        "thickness": 9,
        "outlinewidth": 0,
        "tickvals": [0, 25, 50, 75, 100],
        "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"],
        "tickfont": {"size": 11.5, "color": theme_colour("textColor")},
    }

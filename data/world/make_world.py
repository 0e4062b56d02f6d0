"""Draw the world's countries for the map of Failures: `python data/world/make_world.py FOLDER`.

FOLDER is the unpacked npm package world-atlas 2.0.2. The result goes to pages/components/failures/world.json.
"""

import json
import math
import sys
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parents[2] / "pages" / "components" / "failures" / "world.json"
Point = tuple[float, float]
Ring = list[Point]

# To whom these belong is disputed: they are land without a country's colour.
DISPUTED = {"W. Sahara", "N. Cyprus", "Somaliland", "Falkland Is.", "Siachen Glacier"}
CRIMEA: Point = (34.2, 45.2)
LEFT_OUT = {"Antarctica", "Fr. S. Antarctic Lands"}
FULL_NAMES = {
    "Bosnia and Herz.": "Bosnia and Herzegovina",
    "Central African Rep.": "Central African Republic",
    "Dem. Rep. Congo": "Democratic Republic of the Congo",
    "Dominican Rep.": "Dominican Republic",
    "Eq. Guinea": "Equatorial Guinea",
    "Macedonia": "North Macedonia",
    "Marshall Is.": "Marshall Islands",
    "S. Sudan": "South Sudan",
    "Solomon Is.": "Solomon Islands",
    "St. Kitts and Nevis": "Saint Kitts and Nevis",
    "St. Vin. and Gren.": "Saint Vincent and the Grenadines",
    "Antigua and Barb.": "Antigua and Barbuda",
    "United States of America": "United States",
    "eSwatini": "Eswatini",
}
# Too small for a map of the world: a dot each.
DOTS = (
    "Andorra,Antigua and Barb.,Bahrain,Barbados,Cabo Verde,Comoros,Dominica,Grenada,Hong Kong,Kiribati,Liechtenstein,"
    "Macao,Maldives,Malta,Marshall Is.,Mauritius,Micronesia,Monaco,Nauru,Palau,Saint Lucia,Samoa,San Marino,"
    "São Tomé and Principe,Seychelles,Singapore,St. Kitts and Nevis,St. Vin. and Gren.,Tonga,Vatican"
).split(",")
RADIUS = 1.2


def rings(topology: dict[str, Any], arcs: list[list[int]]) -> list[Ring]:
    """Return the rings of a polygon in degrees, to a tenth; arcs as the topology numbers them."""
    (wide, high), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for ring in arcs:
        points: Ring = []
        for number in ring:
            x = y = 0
            line = []
            for right, up in topology["arcs"][number if number >= 0 else ~number]:
                x, y = x + right, y + up
                line.append((round(x * wide + west, 1), round(y * high + south, 1)))
            points += line if number >= 0 else line[::-1]
        kept = [point for place, point in enumerate(points) if not place or point != points[place - 1]]
        if len(kept) >= 4:
            found.append(kept)
    return found


def polygons(topology: dict[str, Any], geometry: dict[str, Any]) -> list[list[Ring]]:
    """Return the polygons of a country."""
    parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return [held for part in parts if (held := rings(topology, part))]


def is_inside(point: Point, ring: Ring) -> bool:
    """Return whether a ring goes round a point."""
    x, y = point
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    crossed = [(a, b) for a, b in pairs if (a[1] > y) != (b[1] > y)]
    return sum(x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] for a, b in crossed) % 2 == 1


def dot(centre: Point) -> list[Ring]:
    """Return a small octagon, clockwise as the other rings are."""
    turns = [-math.pi / 4 * step for step in range(9)]
    return [[(round(centre[0] + RADIUS * math.cos(t), 1), round(centre[1] + RADIUS * math.sin(t), 1)) for t in turns]]


def feature(name: str, held: list[list[Ring]]) -> dict[str, Any]:
    """Return a country; disputed land has the name "no country"."""
    return {"type": "Feature", "id": name, "geometry": {"type": "MultiPolygon", "coordinates": held}, "properties": {}}


def world(folder: Path) -> dict[str, Any]:
    """Return all countries by name, and what is disputed as one piece of land."""
    coarse, fine = (json.loads((folder / f"countries-{scale}.json").read_text("utf-8")) for scale in ("110m", "50m"))
    features, disputed = [], []
    for geometry in coarse["objects"]["countries"]["geometries"]:
        name, held = geometry["properties"]["name"], polygons(coarse, geometry)
        disputed += held if name in DISPUTED else [part for part in held if is_inside(CRIMEA, part[0])]
        if name not in DISPUTED | LEFT_OUT:
            own = [part for part in held if not is_inside(CRIMEA, part[0])]
            features.append(feature(FULL_NAMES.get(name, name), own))
    for geometry in fine["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        if name in DOTS:
            ring = max((part[0] for part in polygons(fine, geometry)), key=len, default=[CENTRES.get(name, (0.0, 0.0))])
            centre = (sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring))
            features.append(feature(FULL_NAMES.get(name, name), [dot(centre)]))
    return {
        "type": "FeatureCollection",
        "source": "Natural Earth 4.1 (public domain) by way of world-atlas 2.0.2 (ISC, (c) 2013-2019 Michael Bostock)",
        "features": [*sorted(features, key=lambda one: one["id"]), feature("no country", disputed)],
    }


# Their outlines vanish when rounded to a tenth of a degree.
CENTRES = {"Vatican": (12.5, 41.9), "Monaco": (7.4, 43.7), "Nauru": (166.9, -0.5)}

if __name__ == "__main__":
    OUT.write_text(json.dumps(world(Path(sys.argv[1])), ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")

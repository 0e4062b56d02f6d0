"""Building blocks that many scenes share: skies, rooms, tables, shelves, stalls, crates and fences."""

from __future__ import annotations

import math
from collections.abc import Sequence

import patterns
from PIL import Image
from scene import H, Look, Point, Scene, W, sprite

YELLOW = "#ffe27a"


def repeated(pattern: Image.Image, times: int = 2) -> Image.Image:
    """The pattern side by side, for wide ground."""
    w, h = pattern.size
    im = Image.new("RGB", (w * times, h * times))
    for i in range(times):
        for j in range(times):
            im.paste(pattern, (i * w, j * h))
    return im


def ground(s: Scene, pattern: Image.Image, y0: float, spread: float = 700, times: int = 2) -> None:
    """The ground from the horizon to our feet."""
    s.plane(repeated(pattern, times), [(-120, y0), (W + 120, y0), (W + spread, H + 4), (-spread, H + 4)])


def sky(
    s: Scene,
    top: str,
    bottom: str,
    y0: float,
    sun: tuple[float, float, float] | None = None,
    glow: str = "#fff3c8",
) -> None:
    """The sky down to the horizon, with or without a sun."""
    s.area([(0, 0), (W, y0 + 4)], top, bottom)
    if sun:
        x, y, r = sun
        s.light(x, y, r * 6, glow, 0.55)
        s.light(x, y, r * 1.6, "#ffffff", 1.0)


def hills(s: Scene, y0: float, height: float, top: str, bottom: str, count: int = 5, rough: float = 0.6) -> None:
    """A chain of hills that ends at the horizon y0."""
    points: list[Point] = [(-60, y0 + 30)]
    for i in range(count * 2 + 1):
        peak = height * (s.rng.uniform(1 - rough, 1) if i % 2 else s.rng.uniform(0.15, 0.4))
        points.append((-40 + i * (W + 80) / (count * 2), y0 - peak))
    points += [(W + 60, y0 + 30)]
    s.curve(points, top, bottom)


def mountains(s: Scene, y0: float, peaks: Sequence[Point], top: str, bottom: str) -> None:
    """Sharp mountains: every peak falls to the horizon y0; their right sides lie in shade."""
    for x, y in peaks:
        h = y0 - y
        left, right, ridge = ([], [], [])
        for k in range(1, 7):
            t = k / 7
            left.insert(0, (x - h * 1.5 * (t**1.25) + s.rng.uniform(-9, 9), y + h * t + s.rng.uniform(-7, 7)))
            right.append((x + h * 1.6 * (t**1.25) + s.rng.uniform(-9, 9), y + h * t + s.rng.uniform(-7, 7)))
            ridge.insert(0, (x + h * 0.3 * t + s.rng.uniform(-16, 16), y + h * t))
        s.area([(x - h * 1.6, y0 + 4), *left, (x, y), *right, (x + h * 1.7, y0 + 4)], top, bottom)
        s.shade([(x, y), *right, (x + h * 1.7, y0), (x + h * 0.3, y0), *ridge], 3, 0.22)


def lawn(s: Scene, y0: float, light: str = "#93b356", dark: str = "#5a8438", tufts: int = 500) -> None:
    """Grass from the horizon to us."""
    ground(s, patterns.grass(light, dark), y0)
    s.area([(0, y0 - 1), (W, y0 + 3)], dark, dark)
    if tufts:
        s.speckle(y0 + 30, H, [dark, "#a9c46a", "#3f6a2c"], tufts, 20, 0.4)


def window(s: Scene, x0: float, y0: float, x1: float, y1: float, top: str, bottom: str, frame: str = "#f4efe4") -> None:
    """A window with a cross bar."""
    s.area([(x0, y0), (x1, y1)], top, bottom)
    xm, ym = (x0 + x1) / 2, y0 + (y1 - y0) * 0.45
    s.lines([((xm, y0), (xm, y1)), ((x0, ym), (x1, ym))], frame, 8, 1)
    s.lines(
        [((x0, y0), (x0, y1)), ((x1, y0), (x1, y1)), ((x0, y0), (x1, y0)), ((x0 - 10, y1), (x1 + 10, y1))],
        frame,
        13,
        1,
    )


def wall(s: Scene, top: str, bottom: str, y1: float, panels: str = "") -> None:
    """The back wall of a room down to y1."""
    s.area([(0, 0), (W, y1 + 3)], top, bottom)
    if panels:
        s.lines([((x, 0), (x, y1)) for x in range(0, W, 64)], panels, 2, 0.25)


def table(
    s: Scene,
    y0: float,
    y1: float,
    back: float,
    front: float,
    pattern: Image.Image,
    edge: tuple[str, str],
    depth: float = 34,
    middle: float = 512,
) -> None:
    """A table top in perspective; `back` and `front` are half widths. Its edge may lie below the picture."""
    quad = [(middle - back, y0), (middle + back, y0), (middle + front, y1), (middle - front, y1)]
    s.shade([(x + (12 if x > middle else -12), y + 26) for x, y in quad], 24, 0.5)
    s.plane(pattern, quad)
    if y1 < H:
        s.area([(middle - front, y1), (middle + front, y1 + depth)], *edge)
        s.lines([((middle - front, y1), (middle + front, y1))], "#fff1d0", 2, 0.45)
        s.shade(
            [
                (middle - front, y1 + depth),
                (middle + front, y1 + depth),
                (middle + front, y1 + depth + 26),
                (middle - front, y1 + depth + 26),
            ],
            10,
            0.6,
        )


def shelf(
    s: Scene,
    y: float,
    x0: float,
    x1: float,
    depth: float = 24,
    tone: tuple[str, str] = ("#8a5a31", "#5d3a1d"),
    top: float = 30,
) -> None:
    """A shelf on a wall, seen a little from above; things stand at y - 8."""
    s.shade([(x0, y + depth), (x1, y + depth), (x1, y + depth + 50), (x0, y + depth + 50)], 15, 0.45)
    s.area([(x0, y - top), (x1, y)], tone[1], tone[0])
    s.area([(x0, y), (x1, y + depth)], *tone)
    s.lines([((x0, y), (x1, y))], "#f0cf9a", 2, 0.6)


def crate(
    s: Scene,
    name: str,
    x: float,
    y: float,
    width: float,
    thing: float,
    count: int = 5,
    price: str = "",
    tag: int = 19,
    **look: object,
) -> None:
    """A wooden crate full of one thing; its front foot at (x, y)."""
    h = width * 0.36
    s.area(
        [
            (x - width * 0.46, y - h * 1.25),
            (x + width * 0.46, y - h * 1.25),
            (x + width * 0.5, y - h * 0.5),
            (x - width * 0.5, y - h * 0.5),
        ],
        "#3a2210",
        "#2a180b",
    )
    reach = width * 0.5 - thing * 0.34
    for k, (dim, fewer) in enumerate(((0.86, 1), (1.0, 0))):
        s.row(
            [name] * (count - fewer),
            y - h * (1.16 - 0.36 * k) + 4,
            x - reach * (1 - 0.16 * fewer),
            x + reach * (1 - 0.16 * fewer),
            thing,
            3,
            dim=dim,
            **look,
        )
    s.put("crate", x, y, width / 1.2)
    if price:
        s.tag(x, y - h * 0.78, price, size=tag, tilt=s.rng.choice((-2, 0, 2)))


def awning(
    s: Scene,
    y0: float,
    y1: float,
    colours: tuple[str, str],
    inset: float = 90,
    count: int = 12,
    x0: float = 30,
    x1: float = 994,
) -> None:
    """The striped roof of a stall; each stripe ends in a round hem."""
    step, upper = (x1 - x0) / count, (x1 - x0 - 2 * inset) / count
    for i in range(count):
        a, b = x0 + inset + i * upper, x0 + inset + (i + 1) * upper
        c, d = x0 + i * step, x0 + (i + 1) * step
        bottom = patterns.dark(colours[i % 2], 0.78)
        s.disc((c + d) / 2, y1, step / 2, step * 0.3, bottom, bottom, shadow=0)
        s.area([(a, y0), (b + 1, y0), (d + 1, y1), (c, y1)], colours[i % 2], bottom)
    s.shade([(x0 + 20, y1 + 20), (x1 - 20, y1 + 20), (x1 - 40, y1 + 80), (x0 + 40, y1 + 80)], 22, 0.45)


def posts(
    s: Scene,
    xs: Sequence[float],
    y0: float,
    y1: float,
    tone: tuple[str, str] = ("#6a4526", "#3b2413"),
    width: float = 20,
) -> None:
    """Upright poles."""
    for x in xs:
        s.area([(x - width / 2, y0), (x + width / 2, y1)], *tone, sideways=True)


def bunting(
    s: Scene,
    y: float,
    sag: float,
    colours: Sequence[str],
    count: int = 9,
    width: float = 88,
    tall: float = 74,
) -> None:
    """A string of cut paper sheets, each with holes and a fringe."""
    s.lines([[(i * W / 40, y + sag * math.sin(math.pi * i / 40)) for i in range(41)]], "#3a2a22", 2, 0.8)
    for i in range(count):
        x = (i + 0.5) * W / count
        top, half = y + sag * math.sin(math.pi * x / W), width / 2
        c = colours[i % len(colours)]
        low = patterns.dark(c, 0.82)
        s.area([(x - half, top), (x + half, top), (x + half, top + tall), (x - half, top + tall)], c, low)
        step = width / 6
        for k in range(6):
            a = x - half + k * step
            s.area(
                [(a, top + tall - 1), (a + step, top + tall - 1), (a + step / 2, top + tall + step * 0.9)],
                low,
                low,
            )
        pale = "#fbf3e2"
        mid = top + tall * 0.48
        for dx, dy, r in (
            (0, 0, 9),
            (-22, -14, 5),
            (22, -14, 5),
            (-22, 14, 5),
            (22, 14, 5),
            (0, -23, 4),
            (0, 23, 4),
        ):
            s.area(
                [
                    (x + dx - r, mid + dy),
                    (x + dx, mid + dy - r),
                    (x + dx + r, mid + dy),
                    (x + dx, mid + dy + r),
                ],
                pale,
                pale,
            )


def lamps(
    s: Scene,
    spots: Sequence[tuple[float, float, float]],
    name: str = "paper_lantern",
    glow: str = "#ff9a4a",
    **look: object,
) -> None:
    """Lit lanterns that hang; (x, y) is the lower end."""
    for x, y, size in spots:
        s.put(name, x, y, size, ground="none", **look)
        s.light(x, y - size / 2, size, glow, 0.5)


def rail(s: Scene, y: float, x0: float, x1: float, foot: float) -> None:
    """A clothes rail on two posts."""
    posts(s, (x0, x1), y - 8, foot, ("#8d9296", "#55595c"), 12)
    s.lines([((x0 - 14, y), (x1 + 14, y))], "#9ba0a4", 9, 1)
    s.lines([((x0 - 14, y - 3), (x1 + 14, y - 3))], "#e8ebee", 2, 0.8)


def hanger(s: Scene, name: str, x: float, y: float, size: float, price: str = "", **look: object) -> None:
    """A piece of clothing on a hook of the rail at height y."""
    height = sprite(s.folder, name, round(size), Look(**look)).height
    s.lines(
        [((x, y), (x, y + 16), (x - size * 0.22, y + 32)), ((x, y + 16), (x + size * 0.22, y + 32))],
        "#5b4632",
        4,
        0.9,
    )
    s.put(name, x, y + 22 + height, size, ground="wall", **look)
    if price:
        s.tag(x, y + 28 + height, price, size=19)


def pizza(s: Scene, x: float, y: float, r: float, flat: float = 0.46) -> None:
    """A whole pizza on a wooden board."""
    s.disc(x, y + 6, r * 1.12, r * 1.12 * flat, "#b98450", "#8a5a31")
    s.disc(x, y, r, r * flat, "#e0a860", "#b06f30", 0.3)
    s.disc(x, y, r * 0.87, r * 0.87 * flat, "#f0c04a", "#e09a3a", 0)
    for ring, n in ((0.62, 9), (0.28, 4)):
        for i in range(n):
            a = 2 * math.pi * i / n + ring * 3
            px, py = x + r * ring * math.cos(a), y + r * ring * flat * math.sin(a)
            s.disc(px, py, r * 0.12, r * 0.12 * flat, "#c9402f", "#8f2a1f", 0.2)
            b = a + 0.38
            s.disc(
                x + r * (ring + 0.06) * math.cos(b),
                y + r * (ring + 0.06) * flat * math.sin(b),
                r * 0.06,
                r * 0.04 * flat + 2,
                "#5f9a45",
                "#3f7032",
                0,
            )
    cuts = [[(x, y), (x + r * math.cos(a), y + r * flat * math.sin(a))] for a in (math.pi * k / 4 for k in range(8))]
    s.lines(cuts, "#a8622a", 2, 0.6)


def street(
    s: Scene,
    y0: float,
    tones: Sequence[tuple[str, str]],
    lit: str = "",
    heights: tuple[int, int] = (150, 300),
) -> None:
    """House fronts along a street, with windows."""
    x, i = -30, 0
    while x < W:
        wide, tall = s.rng.randint(110, 190), s.rng.randint(*heights)
        s.area([(x, y0 - tall), (x + wide, y0)], *tones[i % len(tones)])
        for wy in range(int(y0 - tall + 24), int(y0 - 40), 62):
            for wx in range(x + 18, x + wide - 34, 46):
                on = lit and s.rng.random() < 0.6
                s.area([(wx, wy), (wx + 24, wy + 36)], lit if on else "#4a4a52", lit if on else "#6a6f7a")
        s.shade(
            [(x + wide - 8, y0 - tall), (x + wide + 4, y0 - tall), (x + wide + 4, y0), (x + wide - 8, y0)],
            4,
            0.3,
        )
        x, i = x + wide, i + 1

"""The things in the scenes: names for emoji sprites, and our own shapes where no emoji exists.

An own shape is a list of parts; 100 units are as large as one emoji; later parts hide earlier ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Part:
    """One piece of a shape: a poly, blob (soft outline), oval, box, line or thing (another sprite)."""

    form: str
    points: tuple[tuple[float, float], ...]
    top: str = "#000000"
    bottom: str = "#000000"
    width: float = 0  # of a line, or the radius of a box's corners
    bevel: float = 2  # how round it looks
    clear: float = 1  # 1 is solid
    name: str = ""
    size: float = 0
    look: tuple[tuple[str, object], ...] = ()


Pair = tuple[float, float]
Parts = list[Part]


def poly(points: Sequence[Pair], top: str, bottom: str = "", bevel: float = 1.2, clear: float = 1) -> Part:
    """A polygon."""
    return Part("poly", tuple(points), top, bottom or top, 0, bevel, clear)


def blob(points: Sequence[Pair], top: str, bottom: str = "", bevel: float = 3, clear: float = 1) -> Part:
    """A closed soft outline."""
    return Part("blob", tuple(points), top, bottom or top, 0, bevel, clear)


def oval(
    x: float, y: float, rx: float, ry: float, top: str, bottom: str = "", bevel: float = 2, clear: float = 1
) -> Part:
    """An ellipse around (x, y)."""
    return Part("oval", ((x - rx, y - ry), (x + rx, y + ry)), top, bottom or top, 0, bevel, clear)


def box(
    x0: float,
    y0: float,
    x1: float,
    y1: float,
    top: str,
    bottom: str = "",
    r: float = 2,
    bevel: float = 2,
    clear: float = 1,
) -> Part:
    """A rectangle with round corners."""
    return Part("box", ((x0, y0), (x1, y1)), top, bottom or top, r, bevel, clear)


def line(points: Sequence[Pair], colour: str, width: float = 2, bevel: float = 0, clear: float = 1) -> Part:
    """A stroke through the points."""
    return Part("line", tuple(points), colour, colour, width, bevel, clear)


def thing(name: str, x: float, y: float, size: float, **look: object) -> Part:
    """Another sprite with its foot at (x, y)."""
    return Part("thing", ((x, y),), name=name, size=size, look=tuple(look.items()))


def moved(parts: Sequence[Part], dx: float, dy: float) -> Parts:
    """The same parts elsewhere."""
    return [replace(p, points=tuple((x + dx, y + dy) for x, y in p.points)) for p in parts]


EMOJI = {
    "tree": "1f333", "fir": "1f332", "cactus": "1f335", "tulip": "1f337", "blossom": "1f338",
    "herb": "1f33f", "leaves_fallen": "1f342", "pot_plant": "1fab4", "corn": "1f33d", "tomato": "1f345",
    "aubergine": "1f346", "grapes": "1f347", "melon": "1f348", "watermelon": "1f349", "orange": "1f34a",
    "lemon": "1f34b", "banana": "1f34c", "pineapple": "1f34d", "apple": "1f34e", "peach": "1f351",
    "strawberry": "1f353", "mango": "1f96d", "coconut": "1f965", "kiwi": "1f95d", "avocado": "1f951",
    "cucumber": "1f952", "potato": "1f954", "carrot": "1f955", "garlic": "1f9c4", "onion": "1f9c5",
    "peas": "1fadb", "pepper": "1fad1", "chilli": "1f336", "ginger": "1fada", "cabbage": "1f96c",
    "broccoli": "1f966", "olive": "1fad2", "egg": "1f95a", "meat": "1f969", "chicken": "1f357",
    "bacon": "1f953", "milk": "1f95b", "butter": "1f9c8", "cheese": "1f9c0", "bread": "1f35e",
    "baguette": "1f956", "croissant": "1f950", "flatbread": "1fad3", "sandwich": "1f96a",
    "wrap": "1f959", "falafel": "1f9c6", "rice": "1f35a", "curry": "1f35b", "stew": "1f372",
    "salad": "1f957", "sushi": "1f363", "shrimp": "1f364", "fish_cake": "1f365", "dumpling": "1f95f",
    "cookie": "1f36a", "honey": "1f36f", "tamale": "1fad4", "salt": "1f9c2", "tea": "1f375",
    "coffee": "2615", "teapot": "1fad6", "mate": "1f9c9", "wine": "1f377", "cup_straw": "1f964",
    "kitchen_knife": "1f52a", "hat": "1f452", "jeans": "1f456", "shorts": "1fa73", "sandal": "1fa74",
    "brown_shoe": "1f45e", "boot": "1f97e", "socks": "1f9e6", "handbag": "1f45c", "purse": "1f45b",
    "backpack": "1f392", "umbrella": "1f302", "gift": "1f381", "ribbon": "1f380",
    "shopping_bags": "1f6cd", "box": "1f4e6", "frame": "1f5bc", "basket": "1f9fa", "amphora": "1f3fa",
    "drum": "1fa98", "beads": "1f4ff", "fan": "1faad", "book": "1f4d5", "clock_1": "1f550",
    "clock_4": "1f553", "clock_9": "1f558", "clock_6": "1f555", "clock_11": "1f55a",
    "mantel_clock": "1f570", "alarm_clock": "23f0", "hourglass": "231b", "timer": "23f2",
    "candle": "1f56f", "mosque": "1f54c", "temple": "1f6d5", "hut": "1f6d6", "office": "1f3e2",
    "fountain": "26f2", "scooter": "1f6f5", "bicycle": "1f6b2", "boat": "26f5", "rowing_boat": "1f6f6",
    "horse": "1f40e", "camel": "1f42a", "rock": "1faa8", "chair": "1fa91", "bin": "1f5d1",
    "paper_lantern": "1f3ee", "camera": "1f4f7", "coin": "1fa99", "skull": "1f480", "scales": "2696",
    "moon": "1f319", "pine_bamboo": "1f38d", "football": "26bd",
}  # fmt: skip


def petals(x: float, y: float, r: float, colours: Sequence[str], rings: int = 3, count: int = 11) -> Parts:
    """A full round flower head: rings of petals, smaller inwards."""
    parts: Parts = []
    for k in range(rings):
        reach, n = r * (1 - k / (rings + 0.6)), max(5, count - 2 * k)
        for i in range(n):
            a = 2 * math.pi * (i + k / 2) / n
            px, py, size = x + reach * 0.68 * math.cos(a), y + reach * 0.68 * math.sin(a), reach * 0.36
            parts.append(oval(px, py, size, size, colours[k % len(colours)], bevel=r / 16))
        parts.append(oval(x, y, reach * 0.6, reach * 0.6, colours[k % len(colours)], bevel=r / 20))
    return parts


def head(colours: Sequence[str], rings: int = 3, count: int = 11) -> Parts:
    """A flower head alone, 60 units wide."""
    return petals(32, 32, 30, colours, rings, count)


def bunch(flower: str, count: int, wrap: tuple[str, str], size: float = 34, **look: object) -> Parts:
    """Exactly `count` flower heads over a paper cone, each head fully seen."""
    back = min(count, {3: 3, 5: 3, 6: 3, 7: 4, 8: 4, 9: 5, 10: 4}.get(count, count // 2))
    rows = [back, count - back] if count <= 9 else [3, 4, count - 7]
    heads: list[Pair] = []
    for j, n in enumerate(rows):
        for i in range(n):
            t = i - (n - 1) / 2
            heads.append((60 + t * size * 1.06, size * 1.02 + j * size * 0.96 + abs(t) ** 1.6 * size * 0.16))
    low = max(y for _, y in heads)
    parts = [line([(x, y), (60, low + 66)], "#3f7d3c", 2.6, 0.6) for x, y in heads]
    leaves = [(24, low + 8), (40, low - size * 0.3), (80, low - size * 0.3), (96, low + 8)]
    parts += [oval(x, y, 11, 5, "#5a9a4a", "#3f7d3c") for x, y in leaves]
    parts.append(
        poly([(16, low + 6), (60, low + 22), (104, low + 6), (74, low + 84), (46, low + 84)], *wrap, bevel=2.4)
    )
    parts.append(poly([(60, low + 22), (104, low + 6), (74, low + 84), (60, low + 84)], wrap[1], wrap[1], 1, 0.6))
    parts += [thing(flower, x, y, size * 1.5, **look) for x, y in heads]
    parts.append(line([(43, low + 60), (77, low + 60)], "#f3e6cf", 4, 0.8))
    return parts


def posy(flowers: Sequence[str], wrap: tuple[str, str], size: float = 34) -> Parts:
    """A dense bouquet in paper; the flowers stand in three rows."""
    parts: Parts = [
        oval(60 + dx, 44 + dy, 15, 7, "#5f9d4d", "#356d34")
        for dx, dy in ((-42, 6), (42, 6), (-30, -22), (30, -22), (0, -32))
    ]
    spots = [(44, 36), (76, 36), (26, 56), (60, 52), (94, 56), (40, 76), (80, 76)]
    parts.append(poly([(6, 50), (114, 50), (72, 146), (48, 146)], *wrap, bevel=2.4))
    parts += [thing(flowers[i % len(flowers)], x, y, size * 1.75) for i, (x, y) in enumerate(spots)]
    parts.append(poly([(14, 72), (60, 86), (106, 72), (72, 146), (48, 146)], *wrap, bevel=2.4))
    parts.append(poly([(60, 86), (106, 72), (72, 146), (60, 146)], wrap[1], wrap[1], 1, 0.55))
    parts.append(line([(42, 120), (78, 120)], "#f3e6cf", 4, 0.8))
    return parts


def flower_pot(tone: tuple[str, str] = ("#cf7f52", "#a2572f"), x: float = 50, y: float = 70, k: float = 1) -> Parts:
    """An empty clay pot, its foot at (x, y + 42 k)."""
    return [
        poly(
            [
                (x - 27 * k, y + 6 * k),
                (x + 27 * k, y + 6 * k),
                (x + 20 * k, y + 42 * k),
                (x - 20 * k, y + 42 * k),
            ],
            *tone,
            bevel=3,
        ),
        box(x - 31 * k, y - 4 * k, x + 31 * k, y + 8 * k, *tone, r=3),
    ]


def potted(
    flower: str,
    spots: Sequence[Pair],
    size: float,
    tone: tuple[str, str] = ("#cf7f52", "#a2572f"),
    bush: float = 30,
) -> Parts:
    """A bushy plant in a pot with flower heads at the given spots."""
    parts: Parts = []
    for i in range(9):
        a = math.pi * (1 + i / 8)
        parts.append(oval(50 + bush * math.cos(a), 62 + bush * 0.95 * math.sin(a), 15, 13, "#5d9648", "#356a34", 3))
    parts.append(oval(50, 50, bush, bush * 0.9, "#4d873f", "#2f6030"))
    parts += flower_pot(tone)
    parts += [thing(flower, x, y, size) for x, y in spots]
    return parts


def bottle(
    glass: tuple[str, str],
    label: str = "",
    cap: str = "",
    clear: float = 0.92,
    fill: str = "",
    level: float = 40,
) -> Parts:
    """A bottle, 34 units wide and 116 high; `fill` is what stands in clear glass up to `level`."""
    outline = [
        (11, 4),
        (21, 4),
        (21, 30),
        (24, 40),
        (31, 50),
        (32, 60),
        (32, 112),
        (29, 116),
        (3, 116),
        (0, 112),
        (0, 60),
        (1, 50),
        (8, 40),
        (11, 30),
    ]
    parts: Parts = []
    if fill:
        parts.append(box(2, level, 30, 114, fill, fill, r=3, bevel=2))
    parts.append(poly(outline, *glass, bevel=3, clear=clear))
    if label:
        parts += [
            box(0.5, 66, 31.5, 98, label, label, r=1, bevel=1.5),
            line([(6, 78), (26, 78)], "#8a6a44", 2.4),
            line([(9, 86), (23, 86)], "#8a6a44", 1.6),
        ]
    parts.append(line([(6, 56), (6, 108)], "#ffffff", 2.2, 0, 0.5))
    if cap:
        parts.append(box(10, 0, 22, 14, cap, cap, r=2))
    return parts


def bowl(tone: tuple[str, str], inside: str, deep: float = 40, wide: float = 50) -> Parts:
    """An open bowl, 2 x wide units across."""
    curve = [(wide + wide * math.cos(a), 16 + deep * math.sin(a)) for a in (math.pi * k / 24 for k in range(25))]
    foot = box(wide * 0.62, 12 + deep, wide * 1.38, 18 + deep, tone[1], tone[1], r=2)
    return [
        foot,
        poly(curve, *tone, bevel=5),
        oval(wide, 16, wide, 12, tone[0], tone[1], 1),
        oval(wide, 16.5, wide * 0.93, 9.6, inside, inside, 1.5),
    ]


def woven(x0: float, y0: float, x1: float, y1: float, slope: float = 6) -> Parts:
    """The front of a wicker basket."""
    parts: Parts = [poly([(x0, y0), (x1, y0), (x1 - slope, y1), (x0 + slope, y1)], "#c9955a", "#966236", 3)]
    rows, columns = max(2, round((y1 - y0) / 7)), round((x1 - x0) / 9)
    for j in range(1, rows):
        y, inset = y0 + (y1 - y0) * j / rows, slope * j / rows
        parts.append(line([(x0 + inset + 1, y), (x1 - inset - 1, y)], "#7d4f28", 1.1, 0, 0.7))
        for i in range(columns):
            x = x0 + inset + (i + 0.5 * (1 + j % 2)) * (x1 - x0 - 2 * inset) / (columns + 0.5)
            parts.append(line([(x, y - 4.6), (x, y - 1.4)], "#7d4f28", 1.1, 0, 0.6))
    parts.append(box(x0 - 3, y0 - 4, x1 + 3, y0 + 4, "#d7a668", "#a9743f", r=4))
    return parts


def heap(x: float, y: float, names: Sequence[str], step: float, size: float, rows: int = 2) -> Parts:
    """Small things heaped on something: rows that lie on each other."""
    parts: Parts = []
    for j in range(rows):
        n = len(names) - (rows - 1 - j)
        parts += [
            thing(names[(i + j) % len(names)], x + (i - (n - 1) / 2) * step, y + j * size * 0.3, size) for i in range(n)
        ]
    return parts


def palm_tree() -> Parts:
    """A slender palm, 100 units wide and about 125 high."""
    ring = [(46 + 5 * math.sin(k / 3), 146 - k * 4.4) for k in range(20)]
    parts: Parts = [
        oval(x, y, 4.4 + (2.4 if k == 0 else 0) - k * 0.07, 3.4, "#a8855a", "#7a5a38", 1.4)
        for k, (x, y) in enumerate(ring)
    ]
    x0, y0 = 47, 60
    for k, (dx, dy) in enumerate(
        (
            (-40, -18),
            (40, -20),
            (-22, -32),
            (22, -34),
            (-46, 8),
            (46, 6),
            (-32, 34),
            (34, 32),
            (-10, 40),
            (4, -36),
        )
    ):
        mx, my = x0 + dx * 0.62, y0 + dy * 0.62 - 15
        nx, ny = -dy / 9, dx / 9
        parts.append(
            blob(
                [
                    (x0, y0),
                    (mx - abs(nx) * 0.6, my - abs(ny) - 2),
                    (x0 + dx, y0 + dy),
                    (mx + abs(nx) * 0.6, my + abs(ny) + 5),
                ],
                ("#7fae4c", "#6a9a40", "#5a8a3a")[k % 3],
                "#356a30",
                2,
            )
        )
        parts.append(line([(x0, y0), (mx, my + 1), (x0 + dx * 0.94, y0 + dy * 0.94)], "#a9cf6c", 1, 0, 0.6))
    parts += [oval(x, y, 4, 4.4, "#a8743f", "#6b4420", 2) for x, y in ((42, 66), (52, 67), (47, 70))]
    return parts


METAL = ("#f4f3ef", "#aeb0b4")
LEAF = ("#6ea552", "#3d7038")
CLAY = ("#c9774a", "#94502b")

ORANGE_HEAD = ("#e9861c", "#f39d27", "#f7b53a")

OWN: dict[str, Parts] = {
    # flower heads
    "marigold": head(ORANGE_HEAD, 4, 13),
    "marigold_yellow": head(("#e0a51f", "#f0bd2d", "#f7d255"), 4, 13),
    "chrysanthemum": head(("#b7462f", "#cf6238", "#e08a4a", "#efb35e"), 5, 17),
    "chrysanthemum_white": head(("#d9cfbf", "#efe8da", "#f8f3e6", "#f0dc8c"), 5, 17),
    "chrysanthemum_gold": head(("#c98a1c", "#dfa62c", "#efc14a", "#f6d676"), 5, 17),
    "purple_head": head(("#5b2c86", "#7440a4", "#8c58bd"), 3, 11),
    "yellow_head": head(("#e3b11c", "#f0c62f", "#f7db63"), 3, 11),
    "red_head": head(("#9c1f2c", "#bd2d38", "#d4474c"), 4, 8),
    "pink_head": head(("#c85380", "#de7099", "#efa0bb"), 4, 8),
    "white_head": head(("#e2ddd2", "#f2eee5", "#fbf8f1"), 4, 8),
    "camellia": [*head(("#b32338", "#cf3b4d", "#dd5a67"), 2, 7), oval(32, 32, 9, 9, "#f3c64a", "#d99a25")],
    "frangipani": [*petals(32, 32, 30, ("#fbf5e8",), 1, 5), oval(32, 32, 11, 11, "#f4c94e", "#f9e7a8", 1)],
    # bottles and vessels
    "wine_red": bottle(("#3d4a2a", "#1f2a18"), "#efe4c8", "#7c1f2b"),
    "bottle_full": bottle(("#dfeaf0", "#b9cdd8"), "#d8e4ee", "#b3312f", 0.5, "#c7dbe4", 34),
    "bottle_empty": bottle(("#cfe6da", "#7fa894"), "#e6efe9", "", 0.62),
    "bottle_berry": bottle(("#e8d6d8", "#cbb0b6"), "#f4e7d6", "#e1b94b", 0.4, "#a3243a", 44),
    "bottle_syrup": bottle(("#f0d9da", "#d9a9ae"), "#fbf1dd", "#3c7a4a", 0.35, "#d0333f", 38),
    "bottle_water": bottle(("#cfe9f6", "#93c4dd"), "#4f9ac4", "#2f77b0", 0.6, "#a9d8ef", 30),
    "bottle_fish_sauce": bottle(("#c98a3c", "#8a531c"), "#f2d472", "#b3312f", 0.85),
    "bottle_lemonade": bottle(("#8a4a20", "#5c2c10"), "#3f8f4a", "#3f8f4a", 0.9),
    "bottle_oil": bottle(("#e8d98a", "#b8a040"), "#f4efe0", "#5a7a3a", 0.75, "#d6b83e", 40),
    "thermos": [
        box(4, 26, 40, 116, "#3f7f79", "#265652", r=6, bevel=5),
        box(4, 40, 40, 46, "#d9dcdc", "#a9adad", r=1),
        box(8, 0, 36, 28, "#d9dcdc", "#9ea3a5", r=6, bevel=4),
        box(36, 48, 50, 90, "#2e302f", "#1c1d1d", r=6),
        box(40, 56, 44, 82, "#8fa6a0", "#8fa6a0", r=3, bevel=0),
    ],
    "coffee_pot": [
        line([(66, 48), (92, 40), (98, 62), (84, 92), (68, 96)], "#b07f24", 6, 1.6),
        blob(
            [(40, 40), (60, 40), (62, 58), (74, 84), (70, 116), (50, 122), (30, 116), (26, 84), (38, 58)],
            "#f0ce72",
            "#a9761f",
            5,
        ),
        blob([(42, 50), (28, 42), (10, 26), (0, 18), (14, 20), (34, 30), (46, 42)], "#eccb74", "#b07f24", 2.4),
        poly([(36, 42), (64, 42), (50, 8)], "#f0ce72", "#b98628", 3),
        oval(50, 7, 4.5, 5, "#f6dd92", "#b98628"),
        box(35, 39, 65, 45, "#d9aa45", "#a9761f", r=3),
        line([(32, 84), (68, 84)], "#8a5e18", 1.8, 0, 0.7),
        line([(38, 62), (62, 62)], "#8a5e18", 1.6, 0, 0.7),
        *[
            poly(
                [(34 + 11 * i, 98), (39 + 11 * i, 90), (44 + 11 * i, 98), (39 + 11 * i, 106)],
                "#8a5e18",
                "#8a5e18",
                0,
                0.55,
            )
            for i in range(3)
        ],
    ],
    "small_cup": [
        poly([(2, 10), (58, 10), (44, 52), (16, 52)], "#fbf8f0", "#d5cdbd", 4),
        box(15, 50, 45, 56, "#e5decf", "#c4baa6", r=2),
        oval(30, 10, 28, 8, "#f6f1e6", "#ddd4c3", 1),
        oval(30, 11, 24, 6, "#b98b3e", "#94682a", 1),
        line([(6, 20), (54, 20)], "#b3862f", 2, 0, 0.9),
        *[oval(14 + 10.6 * i, 31, 3, 4, "#8f2f36", "#8f2f36", 0.5) for i in range(4)],
    ],
    "tea_glass": [
        poly([(6, 4), (46, 4), (40, 62), (12, 62)], "#d8efe2", "#a8cdb8", 3, 0.5),
        poly([(8, 18), (44, 18), (40, 60), (12, 60)], "#c9a23a", "#94701d", 2, 0.9),
        oval(26, 18, 18, 4.4, "#dcb95a", "#b08a2b", 0.5),
        oval(20, 16, 7, 4, "#6ea552", "#3d7038"),
        oval(30, 15, 7, 4, "#7db35f", "#3d7038"),
        line([(7, 30), (45, 30)], "#e8c65e", 2, 0, 0.9),
        line([(12, 8), (14, 56)], "#ffffff", 2, 0, 0.5),
        oval(26, 4, 20, 3.4, "#eaf5ef", "#bcd8c8", 0.5, 0.6),
    ],
    "silver_teapot": [
        line([(72, 48), (94, 44), (98, 66), (76, 86)], "#8f949b", 6, 1.6),
        blob([(28, 84), (8, 66), (2, 42), (10, 44), (20, 58), (36, 66)], "#e8eaec", "#9aa0a6", 2.4),
        blob([(34, 50), (66, 50), (82, 76), (72, 104), (50, 108), (28, 104), (18, 76)], "#f4f5f6", "#8f949b", 5),
        blob([(34, 50), (38, 34), (50, 26), (62, 34), (66, 50), (50, 54)], "#f0f1f2", "#a2a7ad", 3),
        oval(50, 20, 5, 7, "#e8eaec", "#8f949b"),
        line([(24, 76), (76, 76)], "#7d838a", 1.6, 0, 0.6),
        line([(30, 92), (70, 92)], "#7d838a", 1.6, 0, 0.6),
    ],
    "samovar": moved(
        [
            box(20, 112, 80, 122, "#b98628", "#8a5e18", r=4),
            box(38, 96, 62, 114, "#d9aa45", "#a9761f", r=3),
            line([(14, 56), (2, 50), (4, 70), (16, 74)], "#a9761f", 5, 1.4),
            line([(86, 56), (98, 50), (96, 70), (84, 74)], "#a9761f", 5, 1.4),
            blob(
                [(24, 36), (76, 36), (90, 62), (76, 94), (50, 102), (24, 94), (10, 62)],
                "#f3d585",
                "#a9761f",
                6,
            ),
            box(28, 26, 72, 38, "#d9aa45", "#a9761f", r=4),
            box(40, 14, 60, 28, "#e6bf62", "#b07f24", r=3),
            box(46, 78, 54, 94, "#8a5e18", "#6a450f", r=2),
            line([(42, 82), (58, 82)], "#6a450f", 4, 1),
            thing("silver_teapot", 50, 18, 40),
        ],
        0,
        30,
    ),
    "gourd_bowl": bowl(("#b98450", "#7b4f28"), "#5a371a"),
    "blue_bowl": bowl(("#4f7fae", "#2c4f78"), "#dfe7ec"),
    "clay_bowl": bowl(CLAY, "#7a3f20"),
    "soup_bowl": [
        *bowl(("#faf7f0", "#c9c1b2"), "#b03a4c"),
        oval(44, 17, 14, 3.4, "#fbf6ee", "#f1e6dc", 1),
        oval(62, 15, 4, 2, *LEAF),
        oval(36, 14, 4, 2, *LEAF),
    ],
    "tomyum_bowl": [
        *bowl(("#4f7fae", "#2c4f78"), "#d9682f"),
        oval(36, 15, 6, 3, "#f7b89a", "#e38a6a", 1),
        oval(58, 14, 7, 3, "#f7b89a", "#e38a6a", 1),
        oval(47, 19, 5, 2.4, *LEAF),
        oval(68, 18, 4, 2, "#b3312f", "#8a1f20", 1),
    ],
    "gnocchi_bowl": [
        *bowl(("#faf7f0", "#c9c1b2"), "#b8452f", 34),
        *[
            oval(50 + 13 * (i - (n - 1) / 2), y, 8, 6, "#f8e6b8", "#dcbb78", 2.4)
            for n, y in ((4, 11), (5, 16), (4, 21), (3, 6))
            for i in range(n)
        ],
        oval(50, 5, 10, 4, "#c9452f", "#a3321f"),
        oval(54, 3, 5, 2.6, *LEAF),
        oval(46, 2, 5, 2.6, *LEAF),
    ],
    "rice_bowl": moved(
        [
            oval(50, 12, 43, 24, "#fdfcf8", "#d5cebf", 4),
            *[
                line([(x, y), (x + 5, y - 2)], "#e3dccd", 2, 0.4)
                for x, y in ((26, 2), (40, -5), (55, -3), (68, 3), (34, 9), (50, 6), (64, 11), (47, -8))
            ],
            *bowl(("#3f6f9a", "#274a6c"), "#fdfcf8")[:2],
            line([(4, 22), (50, 34), (96, 22)], "#dfe7ec", 2.4, 0, 0.8),
        ],
        0,
        16,
    ),
    "cooked_fish": [
        blob([(92, 26), (118, 8), (114, 28), (120, 50), (94, 36)], "#b9702f", "#7d421a", 2),
        blob([(40, 10), (58, 0), (74, 12)], "#a8622a", "#7d421a", 2),
        blob(
            [(2, 32), (16, 14), (46, 8), (78, 16), (98, 30), (78, 46), (46, 54), (16, 48)],
            "#d98f45",
            "#93531f",
            5,
        ),
        *[line([(x, 18), (x - 9, 46)], "#6b3816", 3, 0.8) for x in (48, 62, 76)],
        line([(26, 16), (30, 30), (26, 46)], "#93531f", 2, 0.5),
        oval(16, 26, 3, 3, "#f4ead2", "#d9c9a0"),
        oval(56, 30, 10, 3, "#5f9a45", "#3f7032", 1),
        oval(72, 34, 8, 2.6, "#6ea552", "#3d7038", 1),
    ],
    # cutlery, seen from above
    "fork": [
        line([(10, 34), (10, 96)], "#c3c6ca", 4.6, 1.2),
        *[line([(x, 2), (x, 22)], "#d7dade", 2, 0.6) for x in (3.4, 7.8, 12.2, 16.6)],
        poly([(2.4, 18), (17.6, 18), (17, 28), (11.6, 38), (8.4, 38), (3, 28)], *METAL),
    ],
    "spoon": [
        line([(10, 34), (10, 96)], "#c3c6ca", 4.6, 1.2),
        oval(10, 18, 9.4, 16, "#f6f6f4", "#a8abb0", 3),
        oval(10, 18, 6.4, 12, "#c9ccd0", "#eeeeec", 1),
    ],
    "knife": [
        line([(9, 58), (9, 96)], "#b4b7bb", 6, 1.2),
        blob([(6, 58), (6, 20), (9, 2), (14, 20), (12.6, 58)], *METAL, 1.6),
    ],
    "chopsticks_flat": [
        line([(4, 8), (116, 3)], "#8f2f28", 3.4, 1),
        line([(4, 15), (116, 13)], "#8f2f28", 3.4, 1),
        line([(4, 8), (20, 7.3)], "#2a1512", 3.4, 0.6),
        line([(4, 15), (20, 14.7)], "#2a1512", 3.4, 0.6),
        box(92, 0, 101, 20, "#f4efe4", "#c4bba8", r=3),
    ],
    "napkin": [
        poly([(2, 20), (60, 2), (92, 40), (34, 60)], "#f4efe6", "#d8d0c2", 2),
        poly([(60, 2), (92, 40), (63, 50)], "#e6dfd2", "#cbc2b2", 1),
    ],
    "napkin_red": [
        poly([(2, 20), (60, 2), (92, 40), (34, 60)], "#b8433f", "#8f2d2b", 2),
        poly([(60, 2), (92, 40), (63, 50)], "#a33835", "#7f2625", 1),
    ],
    # money
    "note_red": [
        poly([(0, 0), (100, 0), (100, 46), (0, 46)], "#c98a86", "#a9605e", 1.4),
        poly([(5, 5), (95, 5), (95, 41), (5, 41)], "#ecc4b8", "#d9a59a", 0),
        oval(72, 23, 13, 15, "#bd7370", "#a05654", 1),
        line([(14, 14), (44, 14)], "#bd7370", 3),
        line([(14, 23), (48, 23)], "#bd7370", 2),
        line([(14, 31), (38, 31)], "#bd7370", 2),
    ],
    "note_green": [
        poly([(0, 0), (100, 0), (100, 46), (0, 46)], "#7fae7a", "#548a56", 1.4),
        poly([(5, 5), (95, 5), (95, 41), (5, 41)], "#c9dfb8", "#a4c598", 0),
        oval(72, 23, 13, 15, "#6f9f6c", "#4d7f50", 1),
        line([(14, 14), (44, 14)], "#6f9f6c", 3),
        line([(14, 23), (48, 23)], "#6f9f6c", 2),
        line([(14, 31), (38, 31)], "#6f9f6c", 2),
    ],
    # bread
    "loaf_on_its_back": [
        blob(
            [(1, 24), (6, 44), (24, 62), (50, 67), (76, 62), (94, 44), (99, 24), (50, 12)],
            "#c98440",
            "#7d4418",
            6,
        ),
        oval(50, 24, 48, 15, "#efd3a0", "#d9ab6a", 2),
        oval(50, 24, 43, 12.4, "#e4c088", "#edd0a0", 0.8),
        *[
            oval(x, y, 3, 1.2, "#b98a4e", "#b98a4e", 0, 0.7)
            for x, y in ((28, 20), (44, 28), (60, 19), (72, 27), (50, 15), (36, 31))
        ],
        *[line([(x - 5, 44), (x, 53), (x + 8, 59)], "#eccd98", 3.4, 0.8, 0.85) for x in (22, 44, 66)],
    ],
    "flat_loaf": [
        oval(50, 22, 50, 20, "#a9692c", "#7a4419", 2),
        oval(50, 17, 50, 17, "#e0ab62", "#b97a38", 5),
        *[
            oval(x, y, 3, 1.4, "#8a5322", "#8a5322", 0, 0.6)
            for x, y in ((30, 14), (44, 22), (60, 12), (70, 20), (50, 8), (22, 20))
        ],
    ],
    "dead_bread": [
        oval(50, 40, 46, 32, "#dda055", "#a2622a", 7),
        *[
            line(
                [
                    (50 - 32 * math.cos(a), 36 - 22 * math.sin(a)),
                    (50 + 32 * math.cos(a), 36 + 22 * math.sin(a)),
                ],
                "#edc07c",
                8,
                2.4,
            )
            for a in (0.6, 2.5)
        ],
        oval(50, 34, 10, 9, "#f0c98a", "#c98a48", 3),
    ],
    # clothes and cloth
    "vest": [
        blob(
            [
                (26, 4),
                (32, 4),
                (36, 26),
                (50, 34),
                (64, 26),
                (68, 4),
                (74, 4),
                (78, 30),
                (86, 46),
                (84, 98),
                (50, 102),
                (16, 98),
                (14, 46),
                (22, 30),
            ],
            "#e9694f",
            "#bb4436",
            3,
        )
    ],
    "crop_top": [
        blob(
            [
                (24, 4),
                (32, 4),
                (38, 22),
                (50, 27),
                (62, 22),
                (68, 4),
                (76, 4),
                (80, 26),
                (90, 36),
                (86, 58),
                (50, 62),
                (14, 58),
                (10, 36),
                (20, 26),
            ],
            "#f2b93c",
            "#d18f22",
            3,
        ),
        line([(18, 54), (50, 57), (82, 54)], "#fbe3a4", 3, 0.6),
    ],
    "robe": moved(
        [
            blob(
                [
                    (36, 4),
                    (64, 4),
                    (90, 22),
                    (112, 66),
                    (96, 76),
                    (78, 50),
                    (80, 96),
                    (92, 168),
                    (50, 174),
                    (8, 168),
                    (20, 96),
                    (22, 50),
                    (4, 76),
                    (-0, 66),
                    (10, 22),
                ],
                "#3c6fb0",
                "#234a80",
                4,
            ),
            poly([(43, 5), (57, 5), (55, 62), (50, 70), (45, 62)], "#f0d48a", "#d0a545", 1),
            line([(12, 160), (50, 166), (88, 160)], "#f0d48a", 4, 0.8),
            line([(50, 70), (50, 164)], "#1d3f70", 1.6, 0, 0.6),
        ],
        8,
        4,
    ),
    "folded_scarf": [
        box(0, 26, 96, 44, "#f7f4ec", "#d6cfc0", r=8, bevel=3),
        box(2, 12, 94, 30, "#fbf9f3", "#dcd6c8", r=8, bevel=3),
        box(5, 0, 92, 16, "#fdfcf8", "#e4dfd2", r=7, bevel=3),
        *[
            box(70, y, 84, y + 15, c, c, r=1, bevel=1, clear=0.85)
            for y, c in ((28, "#3f8f5a"), (14, "#d9a52c"), (1, "#b3453a"))
        ],
    ],
    "folded_blue": [
        box(0, 26, 96, 44, "#5f8fc0", "#3d6794", r=8, bevel=3),
        box(2, 12, 94, 30, "#6f9dcc", "#466f9c", r=8, bevel=3),
        box(5, 0, 92, 16, "#86afd8", "#5580ac", r=7, bevel=3),
    ],
    "belt": [
        line([(36, 46), (104, 46)], "#8a5230", 10, 2),
        *[
            oval(36, 28, 34 * k, 23 * k, c, bevel=1.5)
            for k, c in (
                (1, "#8a5230"),
                (0.8, "#3f2412"),
                (0.7, "#8a5230"),
                (0.5, "#3f2412"),
                (0.4, "#8a5230"),
                (0.2, "#3f2412"),
            )
        ],
        box(92, 36, 116, 56, "#e8c56a", "#a67c22", r=3),
        box(98, 41, 110, 51, "#8a5230", "#6b3d1e", r=1, bevel=0),
    ],
    "mat_roll": [
        box(14, 4, 120, 40, "#7a5fa8", "#523c7a", r=4, bevel=6),
        oval(16, 22, 12, 18, "#8f75bb", "#5f478c", 2),
        oval(16, 22, 8, 12, "#5f478c", "#7a5fa8", 1),
        oval(16, 22, 3.6, 6, "#3a2a58", "#3a2a58", 0),
        box(46, 3, 52, 41, "#e6dccb", "#b9ac94", r=1),
        box(92, 3, 98, 41, "#e6dccb", "#b9ac94", r=1),
    ],
    "cushion": [
        blob(
            [(4, 8), (50, 12), (96, 8), (92, 34), (97, 62), (50, 58), (3, 62), (8, 34)],
            "#a8323a",
            "#701d26",
            6,
        ),
        poly([(50, 18), (76, 35), (50, 52), (24, 35)], "#e0b95a", "#b98628", 1),
        poly([(50, 25), (65, 35), (50, 45), (35, 35)], "#7d2029", "#7d2029", 0),
    ],
    "fabrics": [
        part
        for i, (c, d, e) in enumerate(
            (
                ("#2f5f9a", "#1f4270", "#f0d48a"),
                ("#c9472f", "#94301f", "#f7e3b0"),
                ("#e0a52c", "#b07a18", "#7a3f8a"),
                ("#2f8f5f", "#1f6643", "#f4efe0"),
                ("#7a3f8a", "#562a63", "#f0bd2d"),
            )
        )
        for part in (
            box(2 + i % 2 * 3, 76 - 18 * i, 98 - i % 2 * 2, 95 - 18 * i, c, d, r=7, bevel=3),
            *[
                poly(
                    [
                        (14 + 18 * k, 86 - 18 * i),
                        (20 + 18 * k, 80 - 18 * i),
                        (26 + 18 * k, 86 - 18 * i),
                        (20 + 18 * k, 92 - 18 * i),
                    ],
                    e,
                    e,
                    0.5,
                )
                for k in range(5)
            ],
        )
    ],
    # baskets and offerings
    "tray_basket": woven(4, 4, 116, 40, 9),
    "crate": [
        box(0, 0, 120, 13, "#c79763", "#99683a", r=1),
        box(0, 15, 120, 28, "#bd8b56", "#8f5f33", r=1),
        box(0, 30, 120, 44, "#b07d4a", "#83552c", r=1),
        box(4, 0, 14, 44, "#a8733f", "#7d4f28", r=1),
        box(106, 0, 116, 44, "#a8733f", "#7d4f28", r=1),
    ],
    "offering": [
        poly([(0, 30), (50, 12), (100, 30), (50, 54)], "#b9c26a", "#8a9a45", 2),
        poly([(0, 30), (50, 54), (50, 66), (4, 42)], "#cbd184", "#8d9a48", 1.4),
        poly([(100, 30), (50, 54), (50, 66), (96, 42)], "#a8b25a", "#74843a", 1.4),
        poly([(10, 30), (50, 16), (90, 30), (50, 48)], "#6f8238", "#5a6d2c", 0),
        thing("frangipani", 30, 36, 40, squash=0.7),
        thing("red_head", 50, 28, 36, squash=0.7),
        thing("marigold", 70, 36, 40, squash=0.7),
        thing("purple_head", 50, 46, 38, squash=0.7),
        box(44, 24, 56, 34, "#f6efdc", "#ddd0b0", r=2),
        line([(58, 36), (80, 2)], "#8a5a3a", 1.6, 0.4),
    ],
    "sprouts": [
        *[
            line(
                [(60 + x, 66), (60 + x * 1.25 + (k % 3 - 1) * 2, 8 + abs(x) * 0.26 + (k * 7) % 9)],
                ("#6fae3e", "#89c44f", "#4f8f30")[k % 3],
                2.2,
                0.4,
            )
            for k, x in enumerate(range(-46, 47, 2))
        ],
        *[
            line(
                [(60 + x, 72), (60 + x * 1.2 + (k % 3 - 1) * 2, 20 + abs(x) * 0.26 + (k * 5) % 9)],
                ("#7cba48", "#9bd25e", "#5a9a36")[k % 3],
                2.2,
                0.4,
            )
            for k, x in enumerate(range(-44, 45, 2))
        ],
        blob([(8, 66), (60, 74), (112, 66), (98, 84), (60, 90), (22, 84)], "#f2efe8", "#bfb8aa", 2.4),
        line([(12, 58), (36, 65), (60, 67), (84, 65), (108, 58)], "#c2333c", 5, 1.4),
        thing("ribbon", 60, 76, 26),
    ],
    "kebabs": [
        part
        for i in range(4)
        for part in (
            line([(4, 14 + 14 * i), (116, 4 + 14 * i)], "#b9bcc0", 2.2, 0.6),
            *[
                oval(
                    26 + 15 * k,
                    12.4 + 14 * i - 1.34 * k,
                    8.4,
                    6,
                    *(("#9a5a2e", "#6b3816") if (k + i) % 4 else ("#c9402f", "#99281c")),
                    2.4,
                )
                for k in range(5)
            ],
        )
    ],
    "garland": [
        part
        for i in range(15)
        for part in petals(
            60 + 52 * math.cos(math.pi * i / 14),
            12 + 58 * math.sin(math.pi * i / 14),
            9.5,
            ORANGE_HEAD if i % 2 else ("#e0a51f", "#f0bd2d", "#f7d255"),
            2,
            8,
        )
    ],
    "pail": [
        poly([(0, 10), (80, 10), (68, 84), (12, 84)], "#c3cdd1", "#8b989e", 5),
        line([(5, 40), (75, 40)], "#76848a", 2, 0.4, 0.7),
        line([(8, 62), (72, 62)], "#76848a", 2, 0.4, 0.7),
        oval(40, 10, 40, 7, "#dfe6e8", "#a9b4b8", 1),
        oval(40, 11, 36, 5, "#4a5458", "#66737a", 0.5),
    ],
    "autumn_tree": [
        line([(60, 70), (60, 138)], "#5f4028", 10, 2),
        *[
            oval(x, y, r, r * 0.9, a, b, 6)
            for x, y, r, a, b in (
                (32, 62, 28, "#d98a35", "#a85a22"),
                (88, 62, 28, "#c9752c", "#964a1c"),
                (60, 36, 34, "#e6a544", "#b8682a"),
                (60, 74, 30, "#cf7f30", "#9a5020"),
            )
        ],
    ],
    "palm": palm_tree(),
    # furniture and buildings
    "bench": [
        *[box(8, y, 192, y + 9, "#a8703c", "#7a4c24", r=2) for y in (2, 14, 26)],
        *[box(x, 0, x + 7, 92, "#3b3a3a", "#242424", r=2) for x in (18, 175)],
        poly([(8, 44), (192, 44), (200, 58), (0, 58)], "#b98048", "#8f5c2e", 1.4),
        box(0, 57, 200, 64, "#8a5a2c", "#5f3a18", r=1),
        *[box(x, 62, x + 8, 96, "#3b3a3a", "#1d1d1d", r=2) for x in (8, 184)],
    ],
    "tripod": [
        line([(50, 12), (18, 128)], "#2c2c2e", 5, 1.2),
        line([(50, 12), (84, 128)], "#2c2c2e", 5, 1.2),
        line([(50, 12), (54, 122)], "#232325", 5, 1.2),
        box(40, 2, 60, 16, "#3d3d40", "#1f1f21", r=3),
        line([(33, 74), (52, 68), (68, 74)], "#48484c", 3, 0.8),
    ],
    "tent": [
        poly([(60, 4), (4, 84), (116, 84)], "#e8dcc2", "#b9a685", 2),
        poly([(60, 4), (44, 84), (76, 84)], "#5a4632", "#33261a", 1),
        poly([(60, 4), (30, 84), (44, 84)], "#f3ead6", "#cbb994", 1),
        poly([(60, 4), (90, 84), (76, 84)], "#d6c6a6", "#a8946f", 1),
        *[line([(60, 4), (x, 84)], "#8f2f36", 2, 0.3, 0.8) for x in (16, 104)],
        line([(4, 84), (116, 84)], "#8f2f36", 4, 0.6),
    ],
    "lantern": [
        line([(30, 4), (30, 14)], "#7d5a24", 3, 0.6),
        poly([(30, 8), (52, 30), (8, 30)], "#c99a45", "#7d5a24", 2),
        box(6, 28, 54, 35, "#b98628", "#7d5a1c", r=2),
        poly([(10, 35), (50, 35), (44, 82), (16, 82)], "#ffe9a8", "#f7b84a", 2),
        *[line([(x, 35), (y, 82)], "#8a5e20", 2.4, 0.4) for x, y in ((10, 16), (23, 25), (37, 35), (50, 44))],
        line([(12, 58), (48, 58)], "#8a5e20", 2, 0.3),
        box(10, 80, 50, 90, "#b98628", "#7d5a1c", r=2),
    ],
    "split_gate": [
        part
        for side in (-1, 1)
        for part in (
            *[
                poly(
                    [
                        (100 + side * 22, 200 - 34 * k),
                        (100 + side * (92 - 13 * k), 200 - 34 * k),
                        (100 + side * (86 - 13 * k), 166 - 34 * k),
                        (100 + side * 22, 166 - 34 * k),
                    ],
                    "#b96f4a" if k % 2 else "#8f8a80",
                    "#8a4a2c" if k % 2 else "#68645c",
                    1.6,
                )
                for k in range(5)
            ],
            *[
                box(
                    100 + side * (94 - 13 * k) - 7,
                    160 - 34 * k,
                    100 + side * (94 - 13 * k) + 5,
                    170 - 34 * k,
                    "#a9a398",
                    "#78736a",
                    r=1,
                )
                for k in range(5)
            ],
            poly(
                [(100 + side * 22, 30), (100 + side * 36, 30), (100 + side * 22, 4)],
                "#8f8a80",
                "#68645c",
                1.2,
            ),
        )
    ],
    "shrine": [
        poly([(4, 36), (50, 4), (96, 36)], "#4a3a2c", "#2b2018", 2),
        box(22, 36, 78, 70, "#a9583a", "#7d3c24", r=1),
        box(36, 44, 64, 70, "#3a2418", "#23140c", r=1),
        box(12, 68, 88, 78, "#8f8a80", "#68645c", r=1),
        box(24, 78, 76, 140, "#a39d92", "#6d685f", r=1),
        box(14, 138, 86, 150, "#8f8a80", "#5f5b53", r=1),
        box(40, 84, 60, 100, "#c9b98a", "#a8946a", r=1),
    ],
    "rock_church": [
        poly([(6, 30), (194, 30), (190, 150), (10, 150)], "#c78f6c", "#94583c", 2),
        poly([(0, 20), (200, 20), (196, 34), (4, 34)], "#d9a683", "#a86c4c", 2),
        *[box(24 + 36 * i, 34, 32 + 36 * i, 150, "#b37856", "#85492f", r=0, bevel=1.4) for i in range(5)],
        *[box(42 + 36 * i, 52, 54 + 36 * i, 72, "#43261a", "#2a160e", r=5, bevel=1) for i in range(4)],
        box(82, 90, 118, 150, "#3a2016", "#1f100a", r=12, bevel=1.4),
        *[box(46 + 96 * i, 92, 60 + 96 * i, 116, "#43261a", "#2a160e", r=5, bevel=1) for i in range(2)],
        box(96, 4, 104, 26, "#d9a683", "#94583c", r=1, bevel=1),
        box(90, 9, 110, 15, "#d9a683", "#94583c", r=1, bevel=1),
    ],
    "arched_gate": [
        poly(
            [
                (0, 40),
                (26, 40),
                (26, 22),
                (54, 22),
                (54, 40),
                (146, 40),
                (146, 22),
                (174, 22),
                (174, 40),
                (200, 40),
                (200, 150),
                (0, 150),
            ],
            "#cf9a68",
            "#a06a3c",
            2,
        ),
        box(70, 66, 130, 156, "#4a2f1c", "#2b1a0e", r=28, bevel=2),
        *[
            poly([(8 + 23 * i, 40), (14 + 23 * i, 28), (20 + 23 * i, 40)], "#cf9a68", "#b98050", 1)
            for i in range(8)
            if i not in (1, 6)
        ],
        *[
            poly(
                [(30 + 34 * i, 76), (40 + 34 * i, 62), (50 + 34 * i, 76), (40 + 34 * i, 90)],
                "#e8cfa4",
                "#c9a070",
                0.8,
            )
            for i in (0, 3)
        ],
    ],
    "pyramid": [
        poly([(80, 4), (160, 100), (0, 100)], "#dcb985", "#b98f5a", 1),
        poly([(80, 4), (160, 100), (104, 100)], "#b58c5c", "#94703f", 0.6),
    ],
    "minaret": [
        box(14, 40, 34, 180, "#e9d5b0", "#b99a6c", r=0, bevel=2),
        box(8, 34, 40, 42, "#d9c096", "#a98a5c", r=1),
        box(17, 14, 31, 34, "#e9d5b0", "#b99a6c", r=1),
        oval(24, 12, 8, 9, "#d9b45a", "#a67c2c"),
        line([(24, 0), (24, 6)], "#a67c2c", 1.6),
        *[box(21, y, 27, y + 14, "#6b4c2c", "#4a321c", r=3, bevel=0.6) for y in (60, 100, 140)],
    ],
}

OWN |= {
    "bouquet_purple": posy(("purple_head", "purple_head", "hyacinth_head"), ("#7a4fa3", "#54307a")),
    "bouquet_yellow": posy(("yellow_head", "sun_head"), ("#f3e8c9", "#d9c48e")),
    "bouquet_red": posy(("red_head", "pink_head"), ("#f4d4da", "#dba2ae")),
    "bouquet_marigold": posy(("marigold", "marigold", "marigold_yellow"), ("#e9dcc0", "#c9b388"), 36),
    "bouquet_sunflower": posy(("sun_head",), ("#cfe0c0", "#9bb888"), 37),
    "bouquet_rose": posy(("red_head", "white_head"), ("#f7ece2", "#dcc8b4")),
    "bouquet_tulip": posy(("tulip_head",), ("#f3e8c9", "#d9c48e"), 32),
    "bouquet_cut": posy(("pink_head", "white_head", "yellow_head"), ("#dce9e4", "#a9c4ba")),
    "bouquet_white": posy(("white_head", "daisy_head"), ("#dce3ea", "#aab8c6")),
    "sun_head": [
        *petals(32, 32, 30, ("#eeb422", "#f6c93d"), 2, 15),
        oval(32, 32, 13, 13, "#6b3f1c", "#40230c", 2),
    ],
    "daisy_head": [*petals(32, 32, 30, ("#f6f3ec",), 1, 11), oval(32, 32, 11, 11, "#f0bd2d", "#d08f1c", 2)],
    "hyacinth_head": head(("#8a6cc4", "#a58ad8", "#c0abe6"), 2, 9),
    "tulip_head": [thing("tulip", 40, 110, 100, crop=(0, 0, 1, 0.56))],
    "pot_chrysanthemum": potted(
        "chrysanthemum",
        [(26, 34), (50, 26), (74, 34), (16, 54), (38, 50), (62, 50), (84, 54), (28, 70), (50, 68), (72, 70)],
        36,
    ),
    "pot_chrysanthemum_white": potted(
        "chrysanthemum_white",
        [(26, 34), (50, 26), (74, 34), (16, 54), (38, 50), (62, 50), (84, 54), (28, 70), (50, 68), (72, 70)],
        36,
    ),
    "pot_chrysanthemum_gold": potted(
        "chrysanthemum_gold",
        [(26, 34), (50, 26), (74, 34), (16, 54), (38, 50), (62, 50), (84, 54), (28, 70), (50, 68), (72, 70)],
        36,
    ),
    "pot_camellia": potted("camellia", [(50, 30), (26, 48), (74, 48), (50, 60)], 36, ("#5f7f94", "#3c5668")),
    "pot_pink": potted(
        "pink_head",
        [(34, 32), (66, 32), (20, 52), (50, 48), (80, 52), (36, 66), (64, 66)],
        30,
        ("#e9e3d6", "#b9b0a0"),
    ),
    "pot_herb": potted("herb", [(40, 44), (60, 40), (50, 30)], 44, ("#8d9a9e", "#66757a")),
    "pot_cyclamen": potted("blossom", [(36, 32), (64, 32), (24, 50), (50, 46), (76, 50)], 30),
    "bunch_5": bunch("tulip_head", 5, ("#f3dfae", "#d9b977"), 32),
    "bunch_6": bunch("red_head", 6, ("#e7eef2", "#b4c4cf"), 32),
    "bunch_10": bunch("white_head", 10, ("#d9c3dd", "#ab8cb4"), 32),
    "hamper": woven(0, 0, 150, 62, 12),
}


def glass_jar(colours: Sequence[str]) -> Parts:
    """A shop jar filled with small things."""
    parts: Parts = [box(4, 20, 76, 110, "#e3ecec", "#b3c4c6", r=12, bevel=3, clear=0.55)]
    for j in range(10):
        for i in range(8):
            x, y = 13 + i * 7.8 + (j % 2) * 2.6 - 1, 34 + j * 7.6
            c = colours[(i * 3 + j * 5 + (i * j) % 3) % len(colours)]
            parts.append(oval(x, y, 5.6, 4.2, c, c, 1.2))
    parts += [
        box(4, 20, 76, 110, "#eaf3f3", "#c9d8da", r=12, bevel=3, clear=0.16),
        line([(12, 36), (12, 98)], "#ffffff", 3.4, 0, 0.6),
    ]
    parts += [box(10, 8, 70, 24, "#c9a063", "#8a6430", r=5, bevel=3), oval(40, 6, 8, 5, "#d9b477", "#9a7338")]
    return parts


OWN |= {
    "jar_pistachios": glass_jar(("#c9b58a", "#a9b06a", "#d9c9a0", "#8fa052")),
    "jar_almonds": glass_jar(("#a8652f", "#8f5224", "#bd7a3e")),
    "jar_raisins": glass_jar(("#5a2c2a", "#7a4030", "#3f1d1f")),
    "jar_apricots": glass_jar(("#e08a2c", "#d0741c", "#eda34a")),
    "jar_nougat": glass_jar(("#f4ead2", "#e9dcbc", "#dfe2c0")),
    "jar_dates": glass_jar(("#5f3216", "#7a431f", "#4a2410")),
    "jar_olives": glass_jar(("#6f7f2f", "#88963f", "#56662a")),
    "jar_pickles": glass_jar(("#5f8f3f", "#7aa552", "#4a752f")),
}

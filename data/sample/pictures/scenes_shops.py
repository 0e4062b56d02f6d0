"""The ten scenes in shops and at market stalls."""

from __future__ import annotations

import patterns
from blocks import (
    YELLOW,
    awning,
    bunting,
    crate,
    ground,
    lamps,
    posts,
    shelf,
    sky,
    street,
    table,
    wall,
    window,
)
from scene import H, Scene, W


def in_pail(s: Scene, name: str, x: float, y: float, size: float, pail: float) -> None:
    """A bouquet that stands in a pail; the foot of the pail at (x, y)."""
    s.put("pail", x, y, pail)
    s.put(name, x, y - pail * 0.4, size, ground="none")
    s.put("pail", x, y, pail, ground="none", crop=(0, 0.24, 1, 1))


def brazil_flowers(s: Scene) -> None:
    """A flower stall."""
    sky(s, "#8fd0ee", "#e6f3ea", 280, (150, 30, 40))
    street(
        s,
        290,
        [("#f0c86a", "#d9a84a"), ("#7fb7c9", "#5f97aa"), ("#f0a58a", "#d0806a"), ("#a9cf9a", "#86b078")],
        heights=(130, 230),
    )
    for x, z in ((60, 250), (930, 270)):
        s.put("palm", x, 320, z)
    ground(s, patterns.tiles(["#e3ddd0", "#8f8c86"], 12, 10, "#a9a498"), 288)
    s.blur(3.4)
    posts(s, (110, 914), 90, 660, ("#f4efe4", "#bdb3a0"))
    awning(s, 24, 124, ("#3f9f6a", "#f6e6a8"), 80, 12, 56, 968)
    for y, x0, x1, depth in ((360, 150, 874, 60), (520, 120, 904, 70)):
        s.area([(x0 + 14, y - 30), (x1 - 14, y - 30), (x1, y), (x0, y)], "#6a4426", "#a8733f")
        s.area([(x0, y), (x1, y + depth)], "#a8733f", "#6a4426")
    for x, name in (
        (210, "bouquet_white"),
        (340, "bouquet_tulip"),
        (470, "pot_pink"),
        (580, "pot_herb"),
        (700, "bouquet_white"),
        (820, "pot_cyclamen"),
    ):
        s.put(name, x, 354, 108, dim=0.9)
    for x, name, price in (
        (196, "bouquet_purple", "19.90"),
        (406, "bouquet_yellow", "34.50"),
        (618, "bouquet_red", "42.00"),
        (828, "bouquet_purple", "19.90"),
    ):
        in_pail(s, name, x, 720, 188, 124)
        s.tag(x, 662, price, size=25)
    s.light(150, 60, 640, "#fff3cf", 0.3)
    s.photo("#fff4e2", grain=8)


def china_clocks(s: Scene) -> None:
    """A clock shop."""
    wall(s, "#d9c7ab", "#b99f7c", 520, "#8d7350")
    s.light(260, -40, 430, "#fff0cf", 0.75)
    s.light(780, -40, 430, "#fff0cf", 0.75)
    s.area([(0, 520), (W, H)], "#5b3d26", "#35210f")
    prices = ("88", "128", "198", "66", "168")
    for i, (x, name, size) in enumerate(
        (
            (130, "clock_1", 150),
            (320, "clock_4", 132),
            (510, "clock_9", 158),
            (700, "clock_6", 128),
            (890, "clock_11", 148),
        )
    ):
        s.put(name, x, 190 + 8 * (i % 2), size, ground="wall", hue=(0, 18, 0, 150, 0)[i])
        s.tag(x + 4, 202 + 8 * (i % 2), "¥" + prices[i], tilt=(2, -1, 0, -3, 1)[i], size=20)
    shelf(s, 432, 0, W, 26)
    s.row(
        [
            "mantel_clock",
            "alarm_clock",
            "mantel_clock",
            "hourglass",
            "alarm_clock",
            "mantel_clock",
            "pot_plant",
        ],
        424,
        90,
        940,
        150,
        6,
    )
    for x, price in ((90, "¥388"), (232, "¥58"), (373, "¥520"), (515, "¥45"), (656, "¥72"), (798, "¥460")):
        s.tag(x, 430, price, size=20)
    shelf(s, 640, 0, W, 34)
    s.row(["box", "frame", "timer", "mantel_clock", "box", "frame", "timer"], 620, 60, 980, 130, 6, dim=0.86)
    s.row(
        [
            "alarm_clock",
            "hourglass",
            "alarm_clock",
            "mantel_clock",
            "hourglass",
            "mantel_clock",
            "alarm_clock",
        ],
        638,
        130,
        920,
        128,
        8,
    )
    s.area([(0, 676), (W, H)], "#4a2f1a", "#33200f")
    s.lines([((x, 690), (x, H)) for x in (170, 341, 512, 683, 854)], "#160c05", 4, 0.7)
    s.shade([(0, 676), (W, 676), (W, 700), (0, 700)], 10, 0.55)
    for x, price, paper in (
        (130, "¥58", "#fffdf6"),
        (262, "¥39", YELLOW),
        (525, "¥298", "#fffdf6"),
        (788, "¥320", YELLOW),
        (920, "¥49", "#fffdf6"),
    ):
        s.tag(x, 646, price, size=21, paper=paper)
    s.light(512, 300, 620, "#ffdca6", 0.16)
    s.photo()


def france_florist(s: Scene) -> None:
    """A florist in autumn."""
    sky(s, "#a9b7c4", "#e9dcc4", 300)
    street(
        s,
        330,
        [("#d9cbb4", "#bba98c"), ("#c9b7a0", "#a8947a"), ("#e3d6c0", "#c4b294")],
        "#f7d99a",
        (220, 330),
    )
    ground(s, patterns.bricks("#9a9088", 16, 16, "#6f675f"), 328)
    for x, z in ((70, 300), (950, 320)):
        s.put("autumn_tree", x, 372, z)
    s.blur(3.6)
    s.area([(130, 60), (894, 470)], "#3f5a4c", "#2c4236")
    s.area([(160, 180), (864, 440)], "#f0dcae", "#c9a672")
    s.lines([((x, 180), (x, 440)) for x in (336, 512, 688)] + [((160, 250), (864, 250))], "#2c4236", 8, 1)
    s.light(512, 300, 330, "#fff0c8", 0.4)
    for x, name in (
        (230, "bouquet_white"),
        (400, "bouquet_cut"),
        (600, "bouquet_white"),
        (780, "bouquet_cut"),
    ):
        s.put(name, x, 436, 120, blur=1.2, dim=0.85)
    awning(s, 30, 120, ("#4a7a5f", "#f1e8d6"), 60, 14, 96, 928)
    for y, depth in ((460, 50), (590, 54)):
        x0, x1 = (120, 904) if y == 460 else (60, 964)
        s.area([(x0 + 16, y - 34), (x1 - 16, y - 34), (x1, y), (x0, y)], "#5a4630", "#8a6a48")
        s.area([(x0, y), (x1, y + depth)], "#7a5a3a", "#4f3822")
    for x, name, price in (
        (210, "bouquet_rose", "24"),
        (390, "bouquet_tulip", "18"),
        (634, "bouquet_rose", "24"),
        (814, "bouquet_tulip", "18"),
    ):
        in_pail(s, name, x, 456, 132, 84)
        s.tag(x, 462, price + " €", size=20)
    for x, name in ((278, "pot_herb"), (512, "pot_cyclamen"), (746, "pot_herb")):
        s.put(name, x, 584, 120)
    for _ in range(24):
        s.put(
            "leaves_fallen",
            s.rng.uniform(0, W),
            s.rng.uniform(660, 766),
            s.rng.uniform(28, 46),
            ground="top",
            squash=0.7,
        )
    for x, name in (
        (160, "pot_chrysanthemum"),
        (396, "pot_chrysanthemum_gold"),
        (630, "pot_chrysanthemum_white"),
        (866, "pot_chrysanthemum"),
    ):
        s.put(name, x, 744, 214)
        s.tag(x, 704, "9.90 €", size=24, paper=YELLOW)
    s.photo("#ffeed6")


def indonesia_hamper(s: Scene) -> None:
    """Three gift baskets."""
    wall(s, "#e3e9d8", "#c4cfb4", 540, "#9aa88a")
    s.light(200, -20, 420, "#fffbe8", 0.6)
    s.light(820, -20, 420, "#fffbe8", 0.6)
    bunting(s, 4, 26, ["#3f8f5a", "#e0b94a", "#f4efe0", "#5fa88a"], 11, 70, 50)
    shelf(s, 300, 60, 964, 20, ("#c9a06a", "#94703f"), 24)
    s.row(
        [
            "jar_dates",
            "honey",
            "jar_nougat",
            "bottle_syrup",
            "gift",
            "bottle_syrup",
            "jar_almonds",
            "honey",
            "jar_dates",
        ],
        292,
        120,
        904,
        112,
        4,
    )
    ground(s, patterns.tiles(["#d9cfba", "#c9bda4"], 10, 8), 540)
    s.blur(1.6)
    table(s, 430, 700, 470, 560, patterns.planks("#c9a06a", 9), ("#a8783f", "#6f4c24"), 40)

    def hamper(x: float, y: float, k: float, back: tuple[tuple[str, float, float], ...], price: str, bow: int) -> None:
        s.put("hamper", x, y, 150 * k)
        s.area(
            [
                (x - 104 * k, y - 100 * k),
                (x + 104 * k, y - 100 * k),
                (x + 112 * k, y - 84 * k),
                (x - 112 * k, y - 84 * k),
            ],
            "#4a2f18",
            "#6b4426",
        )
        for name, dx, size in back:
            s.put(name, x + dx * k, y - 62 * k, size * k, ground="none")
        s.put("hamper", x, y, 150 * k, ground="none", crop=(0, 0.06, 1, 1))
        s.put("ribbon", x + 70 * k, y - 40 * k, 64 * k, ground="wall", hue=bow, fade=0.8)
        s.tag(x - 16 * k, y - 70 * k, price, size=round(26 * k))

    hamper(512, 540, 1.06, (("jar_nougat", -60, 96), ("bottle_syrup", -14, 128), ("honey", 50, 92)), "310", 120)
    hamper(228, 668, 1.56, (("wine_red", -62, 140), ("bacon", 4, 104), ("cheese", 64, 92)), "185", 0)
    hamper(
        796,
        668,
        1.56,
        (("jar_dates", -66, 100), ("bottle_syrup", -14, 140), ("cookie", 32, 76), ("cookie", 74, 84)),
        "240",
        150,
    )
    s.photo("#fffaea", grain=8)


def iran_pistachio(s: Scene) -> None:
    """A nut and sweet shop."""
    wall(s, "#3f6a7a", "#2c4c5c", 520)
    s.plane(patterns.zellige("#2f6f9a", "#3f8f8a", "#e0b04a", "#dfe3d8", 14), [(0, 0), (W, 0), (W, 150), (0, 150)])
    lamps(s, ((150, 150, 140), (512, 130, 150), (874, 150, 140)), "lantern", "#ffc060")
    s.blur(2.4)
    for y, names in (
        (
            290,
            (
                "jar_nougat",
                "jar_raisins",
                "jar_pistachios",
                "jar_apricots",
                "jar_almonds",
                "jar_dates",
                "jar_nougat",
                "jar_raisins",
            ),
        ),
        (
            440,
            (
                "jar_almonds",
                "jar_pistachios",
                "jar_dates",
                "jar_nougat",
                "jar_raisins",
                "jar_apricots",
                "jar_pistachios",
            ),
        ),
    ):
        shelf(s, y, 0, W, 20, top=26)
        s.row(names, y - 7, 70 if y < 300 else 100, 950 if y < 300 else 924, 112 if y < 300 else 124, 4)
    for x, price in (
        (100, "420"),
        (237, "560"),
        (375, "310"),
        (512, "280"),
        (650, "240"),
        (787, "390"),
        (924, "560"),
    ):
        s.tag(x, 442, price, size=19)
    table(s, 500, 700, 560, 640, patterns.planks("#a8733f", 9), ("#7a4d29", "#3a2210"), 70)
    goods = (
        (["#c9b58a", "#a9b06a", "#d9c9a0", "#8fa052"], 13, "pistachios 560"),
        (["#a8652f", "#8f5224", "#bd7a3e"], 12, "almonds 420"),
        (["#f4ead2", "#e9dcbc", "#dfe2c0"], 16, "nougat 280"),
        (["#e08a2c", "#d0741c", "#eda34a"], 14, "apricots 390"),
    )
    for i, (colours, size, label) in enumerate(goods):
        x, y = (122, 352, 690, 908)[i], 640
        s.disc(x, y, 116, 44, "#d9aa45", "#8a5e18")
        s.disc(x, y - 4, 108, 38, "#8a5e18", "#c9983a", 0)
        s.pile(x, y - 8, 96, 30, colours, size, 46)
        s.tag(x, 672, label, size=20)
    s.put("scales", 521, 650, 172)
    s.put("shopping_bags", 800, 580, 96, paint="#c9a878")
    s.put("tea_glass", 238, 574, 84)
    s.light(512, 300, 560, "#ffcf8a", 0.25)
    s.photo("#ffe6c4")


def japan_flowershop(s: Scene) -> None:
    """Pots and cut flowers."""
    wall(s, "#eef0ea", "#d3d8cf", 440)
    window(s, 560, 20, 960, 300, "#cfe6f2", "#f2f4ec", "#8a6a48")
    s.put("office", 650, 292, 150, ground="none")
    s.put("tree", 760, 296, 120, ground="none")
    s.put("office", 870, 292, 170, ground="none", flip=True)
    s.lines([((760, 20), (760, 300)), ((560, 146), (960, 146))], "#8a6a48", 8, 1)
    s.light(760, 160, 420, "#ffffff", 0.35)
    ground(s, patterns.planks("#cbb48c", 14), 438)
    s.blur(3)
    for x in (90, 240, 390):
        s.lines([((x, 0), (x, 40))], "#5a4a3a", 3, 0.9)
        s.disc(x, 52, 46, 18, "#3f4a4a", "#22302f", 0.2)
        s.light(x, 64, 120, "#fff0c8", 0.5)
    shelf(s, 236, 30, 500, 18, ("#c9a672", "#94743f"), 24)
    for x, name in ((96, "pot_herb"), (216, "pot_pink"), (336, "pot_herb"), (446, "pot_cyclamen")):
        s.put(name, x, 228, 100)
    for y, x0, x1, depth in ((470, 40, 984, 50), (690, -20, 1044, 90)):
        s.area([(x0 + 24, y - 44), (x1 - 24, y - 44), (x1, y), (x0, y)], "#9a7a4f", "#cba873")
        s.area([(x0, y), (x1, y + depth)], "#b9945c", "#80623a")
        s.shade([(x0, y + depth), (x1, y + depth), (x1, y + depth + 30), (x0, y + depth + 30)], 14, 0.45)
    for x, name in (
        (130, "bouquet_cut"),
        (270, "bouquet_white"),
        (410, "bouquet_cut"),
        (600, "bouquet_tulip"),
        (740, "bouquet_white"),
        (880, "bouquet_cut"),
    ):
        in_pail(s, name, x, 462, 124, 80)
        s.tag(x, 470, "¥1500", size=20)
    for x, name, price in (
        (110, "pot_pink", "¥980"),
        (300, "pot_camellia", "¥1200"),
        (512, "pot_pink", "¥980"),
        (724, "pot_camellia", "¥1200"),
        (910, "pot_cyclamen", "¥980"),
    ):
        s.put(name, x, 684, 172)
        s.tag(x, 694, price, size=24)
    s.photo("#fbf8ea", grain=8)


def mexico_market(s: Scene) -> None:
    """Bouquets at a market."""
    sky(s, "#6fb9e6", "#e6f0e4", 290, (880, 20, 40))
    street(
        s,
        300,
        [("#e0603a", "#b9472a"), ("#f0bd4a", "#cf982f"), ("#3f9f9a", "#2c7f7c"), ("#d9548a", "#b03c6c")],
        heights=(140, 220),
    )
    s.put("cactus", 60, 330, 130)
    s.put("cactus", 970, 330, 150)
    ground(s, patterns.bricks("#c49a78", 14, 14), 298)
    s.blur(3.4)
    bunting(s, 10, 36, ["#d9447f", "#f0a52c", "#3f9f8f", "#7a4fa8", "#e0603a", "#4f8fd0"])
    posts(s, (80, 944), 0, 640, ("#8a5a31", "#5d3a1d"))
    s.area([(96, 300), (928, 470)], "#7a4d29", "#4f3018")
    s.area([(80, 290), (944, 308)], "#b98450", "#8a5a31")
    for x, name in (
        (150, "amphora"),
        (250, "corn"),
        (360, "chilli"),
        (470, "avocado"),
        (570, "pineapple"),
        (680, "corn"),
        (780, "mango"),
        (870, "amphora"),
    ):
        s.put(name, x, 292, 88, dim=0.92)
    for y, x0, x1, depth in ((430, 70, 954, 56), (620, 10, 1014, 90)):
        s.area([(x0 + 20, y - 46), (x1 - 20, y - 46), (x1, y), (x0, y)], "#5d3a1d", "#a8733f")
        s.plane(
            patterns.stripes(["#d9447f", "#f0a52c", "#3f9f8f", "#f4efe0", "#7a4fa8"], 20),
            [(x0, y), (x1, y), (x1, y + depth), (x0, y + depth)],
        )
        s.shade([(x0, y + depth - 26), (x1, y + depth - 26), (x1, y + depth), (x0, y + depth)], 14, 0.4)
    for x, name in (
        (170, "bouquet_sunflower"),
        (340, "bouquet_rose"),
        (512, "bouquet_sunflower"),
        (690, "bouquet_rose"),
        (860, "bouquet_sunflower"),
    ):
        s.put(name, x, 420, 118, dim=0.95)
    for x, name, price in (
        (130, "bouquet_marigold", "35"),
        (322, "bouquet_sunflower", "60"),
        (512, "bouquet_marigold", "35"),
        (704, "bouquet_rose", "80"),
        (896, "bouquet_marigold", "35"),
    ):
        s.put(name, x, 612, 168)
        s.tag(x, 622, "$" + price, size=25)
    for x in range(40, 1000, 62):
        s.put(
            "marigold" if (x // 62) % 2 else "marigold_yellow",
            x,
            752 + (x // 62) % 2 * 10,
            78,
            ground="top",
            squash=0.72,
        )
    s.light(880, 60, 640, "#fff3cf", 0.3)
    s.photo("#fff2dc", grain=8)


def nigeria_gifts(s: Scene) -> None:
    """Gifts at a market stall."""
    sky(s, "#8fc9e6", "#f4e6c4", 280, (140, 30, 40))
    street(s, 300, [("#d9a878", "#b98454"), ("#c9c08a", "#a89c64"), ("#d98f6a", "#b26c4a")], heights=(90, 160))
    for x, z in ((40, 240), (980, 250)):
        s.put("palm", x, 330, z)
    ground(s, patterns.grass("#d0a070", "#b07c4c", 6), 298)
    s.blur(3.4)
    posts(s, (96, 928), 60, 660)
    s.area([(110, 130), (914, 470)], "#6b4426", "#4a2c16")
    awning(s, 16, 104, ("#2f8f5a", "#f4efe0"), 70, 12, 50, 974)
    shelf(s, 250, 110, 914, 16, top=18)
    for x, hue, z in ((180, 0, 108), (310, 90, 108), (714, 150, 108), (844, 40, 108)):
        s.put("fabrics", x, 246, z, hue=hue, fade=0.75)
    s.put("drum", 440, 246, 110)
    s.put("drum", 590, 246, 110, hue=10)
    s.put("amphora", 515, 246, 96)
    table(
        s,
        380,
        690,
        430,
        530,
        patterns.stripes(["#2f5f9a", "#e0a52c", "#2f5f9a", "#c9472f"], 18),
        ("#2f5f9a", "#1c3a64"),
        60,
    )
    for x, name, z, price, hue in (
        (160, "fabrics", 128, "4500", 0),
        (310, "basket", 130, "3200", 0),
        (460, "gift", 104, "1500", 150),
        (588, "beads", 104, "1800", 0),
        (716, "basket", 124, "3200", 12),
        (866, "fabrics", 128, "4500", 130),
    ):
        s.put(name, x, 480, z, hue=hue, fade=0.8)
        s.tag(x, 478, price, size=20)
    for x, name, z, price, hue in (
        (110, "gift", 150, "2500", 0),
        (270, "gift", 104, "1200", 90),
        (410, "purse", 118, "2000", 0),
        (540, "gift", 96, "1000", 190),
        (668, "fan", 124, "900", 0),
        (790, "gift", 104, "1200", 40),
        (928, "gift", 152, "2500", 120),
    ):
        s.put(name, x, 652, z, hue=hue, fade=0.75)
        s.tag(x, 654, price, size=22)
    s.light(140, 60, 660, "#fff0c4", 0.3)
    s.photo("#fff0d4", grain=8)


def russia_flowers(s: Scene) -> None:
    """Three bunches of flowers."""
    wall(s, "#b9c4cc", "#98a6b0", 400)
    window(s, 60, 20, 400, 290, "#8fa9c4", "#e9eff4", "#f4f1ea")
    for x, z in ((140, 150), (250, 190), (340, 140)):
        s.put("fir", x, 286, z, ground="none")
    s.area([(66, 272), (394, 288)], "#f4f7fa", "#dfe7ee")
    for _ in range(50):
        s.disc(s.rng.uniform(70, 390), s.rng.uniform(26, 270), 3, 3, "#ffffff", "#f4f7fa", 0)
    s.lines([((230, 20), (230, 290)), ((60, 142), (400, 142))], "#f4f1ea", 8, 1)
    shelf(s, 170, 540, 990, 16, ("#d9d2c4", "#a39a88"), 18)
    s.row(["pot_herb", "pot_pink", "amphora", "pot_cyclamen", "pot_herb"], 164, 590, 940, 108, 4)
    shelf(s, 330, 540, 990, 16, ("#d9d2c4", "#a39a88"), 18)
    s.row(["ribbon", "bouquet_white", "gift", "bouquet_cut", "ribbon"], 324, 590, 940, 106, 4)
    ground(s, patterns.tiles(["#cfc6b8", "#b5ab9b"], 10, 8), 400)
    s.light(780, -20, 460, "#fff4da", 0.5)
    s.blur(3.4)
    table(s, 540, 712, 480, 600, patterns.planks("#a9825a", 8), ("#86603a", "#573b20"), 60)
    for x, name, price in ((190, "bunch_5", "600"), (512, "bunch_6", "540"), (834, "bunch_10", "1200")):
        s.disc(x, 672, 96, 30, "#dfe7ea", "#a9b7bd")
        s.put(name, x, 676, 246)
        s.tag(x, 668, price, size=30)
    s.light(200, 160, 520, "#eef4ff", 0.22)
    s.photo("#fff6ea", grain=8)


def thailand_market(s: Scene) -> None:
    """A night market."""
    s.area([(0, 0), (W, 470)], "#141a33", "#4a2f45")
    street(
        s,
        470,
        [("#241d33", "#3a2838"), ("#211b30", "#35263a"), ("#2b2238", "#46303f")],
        "#e0a860",
        (180, 330),
    )
    s.bokeh(80, 190, 440, ["#ffb45e", "#ff7e5a", "#ffe0a0", "#9fd0ff"])
    s.blur(4)
    ground(s, patterns.bricks("#5a4650", 12, 14, "#33262e"), 430)
    s.light(512, 660, 620, "#c9733c", 0.35)
    posts(s, (134, 890), 120, 560, ("#3b2413", "#24150a"), 28)
    s.area([(150, 220), (874, 480)], "#3a2416", "#5a381f")
    s.lines([((150, y), (874, y)) for y in (270, 320, 370)], "#1a0e06", 3, 0.5)
    s.area([(160, 368), (864, 380)], "#7a4d29", "#4d2e16")
    s.row(["coconut", "pineapple", "melon", "watermelon", "pineapple", "coconut"], 370, 220, 804, 92, 5, dim=0.8)
    awning(s, 30, 136, ("#b23a33", "#efe3cd"), 80)
    lamps(s, ((110, 300, 120), (262, 276, 96), (512, 262, 92), (762, 276, 96), (914, 300, 120)))
    for y, width, size, goods in (
        (458, 176, 52, (("mango", "60"), ("orange", "45"), ("lemon", "40"), ("kiwi", "70"))),
        (590, 216, 66, (("strawberry", "90"), ("apple", "55"), ("grapes", "80"), ("peach", "75"))),
    ):
        for i, (name, price) in enumerate(goods):
            crate(
                s,
                name,
                512 + (i - 1.5) * width * 1.02,
                y,
                width,
                size,
                5,
                price + " / kg",
                18 if y < 500 else 22,
            )
    s.shade([(80, 590), (944, 590), (944, 612), (80, 612)], 12, 0.6)
    for x, y, name, turn in ((300, 690, "note_red", 14), (690, 706, "note_green", -16)):
        s.put(name, x, y, 130, ground="top", squash=0.62, turn=turn)
    for x, y in ((420, 668), (470, 720), (560, 684), (800, 668), (196, 730)):
        s.put("coin", x, y, 44, ground="top", squash=0.55)
    s.light(512, 420, 520, "#ffb066", 0.34)
    s.light(512, 700, 360, "#ffcf9a", 0.22)
    s.photo("#ffd9b0")


SCENES = {
    f.__name__: f
    for f in (
        brazil_flowers, china_clocks, france_florist, indonesia_hamper, iran_pistachio,
        japan_flowershop, mexico_market, nigeria_gifts, russia_flowers, thailand_market,
    )
}  # fmt: skip

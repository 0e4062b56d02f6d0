"""The twelve scenes around a meal."""

from __future__ import annotations

import math

import patterns
from blocks import (
    awning,
    bunting,
    crate,
    ground,
    hills,
    lamps,
    pizza,
    posts,
    shelf,
    sky,
    street,
    table,
    wall,
    window,
)
from scene import Scene, W


def argentina_gnocchi(s: Scene) -> None:
    """Gnocchi on the 29th."""
    wall(s, "#c98f5e", "#a86f45", 290)
    window(s, 640, 20, 900, 220, "#3a4a78", "#c98a6a", "#5a3a22")
    s.put("frame", 180, 170, 140, ground="wall", dim=0.85)
    s.put("pot_plant", 960, 300, 170, dim=0.7)
    for x in (330, 690):
        s.put("chair", x, 330, 230, dim=0.55)
    s.light(400, 10, 360, "#ffd28a", 0.6)
    ground(s, patterns.tiles(["#8a5a3c", "#6f452c"], 12, 12), 292)
    s.blur(3)
    s.area([(462, 52), (562, 52), (562, 176), (462, 176)], "#fbf7ec", "#e6ddca")
    s.area([(462, 52), (562, 52), (562, 82), (462, 82)], "#b8433f", "#8f2d2b")
    s.tag(512, 90, "29", size=54, paper="#f6f0e2")
    table(s, 300, 800, 330, 720, patterns.planks("#9a6238", 9), ("#8a5a31", "#5d3a1d"))
    s.plane(patterns.gingham("#7fa3c4", "#f2efe6", 12), [(258, 308), (766, 308), (1090, 800), (-66, 800)])
    for x, y, k in ((372, 368, 0.66), (652, 368, 0.66), (226, 590, 1.15), (798, 590, 1.15)):
        side = 1 if x > 512 else -1
        s.put(
            "note_red" if k < 1 else "note_green",
            x - side * 88 * k,
            y + 50 * k,
            112 * k,
            ground="top",
            squash=0.62,
            turn=16 * side,
        )
        s.put(
            "note_green" if k < 1 else "note_red",
            x + side * 30 * k,
            y + 66 * k,
            112 * k,
            ground="top",
            squash=0.62,
            turn=-8 * side,
        )
        s.plate(x, y, 122 * k)
        s.put("gnocchi_bowl", x, y + 22 * k, 150 * k)
        s.put("fork", x - 150 * k, y + 30 * k, 120 * k, ground="top", squash=0.6, turn=7)
        s.put("spoon", x + 152 * k, y + 30 * k, 120 * k, ground="top", squash=0.6, turn=-7)
    for x, y in ((330, 690), (382, 716), (690, 704)):
        s.put("coin", x, y, 50, ground="top", squash=0.6)
    for x, turn in ((474, 30), (518, 8), (556, -24)):
        s.put("baguette", x, 452, 116, turn=turn, ground="none")
    s.put("tray_basket", 514, 476, 130)
    s.put("wine_red", 430, 420, 122)
    s.put("wine", 606, 436, 96)
    s.put("cheese", 512, 570, 92)
    s.put("salt", 448, 560, 60)
    s.light(420, 320, 560, "#ffc877", 0.22)
    s.photo("#ffe2bc")


def brazil_pizza(s: Scene) -> None:
    """Pizza on a veranda."""
    sky(s, "#8fd0ee", "#dff2ee", 260, (840, 40, 46))
    hills(s, 262, 150, "#5f9a5a", "#3f7a4a", 4)
    for x, z in ((60, 300), (220, 220), (800, 230), (960, 320)):
        s.put("palm", x, 300, z, dim=0.9)
    s.area([(0, 258), (W, 300)], "#e9e0cf", "#cbbfa8")
    posts(s, (20, 1004), 0, 420, ("#f4efe4", "#cfc5b2"), 36)
    s.area([(0, 0), (W, 34)], "#8a5a31", "#6b4426")
    ground(s, patterns.tiles(["#d9b48a", "#c49a6c"], 10, 10), 300)
    for x in (300, 512, 724):
        s.put("chair", x, 356, 220, dim=0.82)
    s.blur(2.6)
    table(s, 318, 716, 350, 640, patterns.planks("#d0a06a", 8, 6), ("#b98450", "#7b522c"))
    pizza(s, 512, 400, 104)
    for x, y, k in ((232, 410, 0.72), (792, 410, 0.72), (180, 610, 1.08), (844, 610, 1.08)):
        s.plate(x, y, 104 * k)
        s.put("fork", x - 128 * k, y + 40 * k, 118 * k, ground="top", squash=0.62, turn=6)
        s.put("knife", x + 130 * k, y + 40 * k, 118 * k, ground="top", squash=0.62, turn=-6)
        side = 1 if x < 512 else -1
        s.put("napkin_red", x + side * 26 * k, y + 92 * k, 90 * k, ground="top", squash=0.6, flip=side < 0)
    pizza(s, 512, 594, 156)
    s.put("bottle_lemonade", 384, 482, 130)
    s.put("bottle_lemonade", 422, 494, 134)
    s.put("cup_straw", 640, 492, 104)
    s.put("cup_straw", 334, 512, 110, hue=60)
    s.put("salt", 350, 420, 60)
    s.put("bottle_oil", 672, 440, 112)
    s.light(840, 60, 700, "#fff6da", 0.3)
    s.photo("#fff4e0", grain=8)


def china_dinner(s: Scene) -> None:
    """A round table with a turntable."""
    wall(s, "#7a2f2a", "#5a2420", 320)
    for x in (90, 400, 640, 930):
        s.area([(x - 70, 20), (x + 70, 240)], "#d9a45a", "#b07a3c")
        s.lines(
            [((x - 70 + k * 28, 20), (x - 70 + k * 28, 240)) for k in range(6)]
            + [((x - 70, y), (x + 70, y)) for y in (60, 130, 200)],
            "#3f1d16",
            5,
            1,
        )
    lamps(s, ((245, 180, 150), (785, 180, 150)))
    s.put("pine_bamboo", 40, 330, 150, dim=0.8)
    s.put("pot_plant", 985, 330, 160, dim=0.8)
    ground(s, patterns.planks("#5a3420", 16), 318)
    for x in (300, 512, 724):
        s.put("chair", x, 372, 240, dim=0.55)
    s.blur(3)
    s.light(512, 30, 420, "#ffce8a", 0.45)
    s.disc(512, 560, 590, 250, "#a83a32", "#6f211e", 0.5)
    s.disc(512, 552, 580, 240, "#b8433a", "#84302a", 0)
    s.disc(512, 520, 300, 116, "#8a5230", "#c9935a", 0.4)
    s.disc(512, 514, 292, 110, "#c08a52", "#9a6638", 0)
    s.plate(400, 486, 84, ("#e7eef2", "#a9bcc8"))
    for x, y in ((366, 484), (404, 476), (438, 486), (384, 504), (422, 508)):
        s.put("dumpling", x, y, 62)
    s.plate(640, 490, 80, ("#e7eef2", "#a9bcc8"))
    s.put("cooked_fish", 640, 504, 112)
    s.put("stew", 524, 486, 128)
    s.plate(520, 576, 78, ("#e7eef2", "#a9bcc8"))
    for x, y in ((486, 582), (522, 574), (556, 584), (506, 600), (540, 602)):
        s.put("broccoli", x, y, 60)
    s.put("teapot", 346, 592, 100, hue=20)
    for x, y, k in (
        (236, 436, 0.66),
        (790, 436, 0.66),
        (138, 566, 0.96),
        (886, 566, 0.96),
        (330, 706, 1.2),
        (700, 706, 1.2),
    ):
        s.plate(x, y, 76 * k)
        s.put("rice_bowl", x, y + 12 * k, 108 * k)
        s.put("chopsticks_flat", x, y + 44 * k, 118 * k, ground="top")
    for x, y, z in ((330, 430, 56), (700, 430, 56), (232, 640, 84), (804, 640, 84), (512, 716, 104)):
        s.put("tea", x, y, z)
    s.light(512, 460, 520, "#ffc877", 0.24)
    s.photo("#ffdfb8")


def ethiopia_market(s: Scene) -> None:
    """A market table."""
    sky(s, "#9cc7e0", "#f4e6c8", 250, (170, 70, 34), "#ffe9b0")
    hills(s, 254, 130, "#9a9a78", "#7f8a5a", 5)
    hills(s, 262, 70, "#a8a05e", "#8a8a48", 6)
    ground(s, patterns.grass("#c99a66", "#a87848", 8), 256)
    for x, z in ((70, 180), (230, 150), (890, 170), (990, 210)):
        s.put("hut", x, 292, z)
    s.put("tree", 780, 282, 190, dim=0.85)
    s.blur(3)
    posts(s, (110, 914), 90, 640)
    s.area([(130, 330), (894, 470)], "#6a4a30", "#4a311c")
    awning(s, 30, 118, ("#3f8f5a", "#e9d9a0"), 80, 12, 60, 964)
    shelf(s, 340, 130, 894, 16, top=18)
    s.row(
        ["basket", "amphora", "honey", "basket", "amphora", "basket", "jar_raisins"],
        336,
        190,
        834,
        88,
        5,
        dim=0.86,
    )
    table(s, 400, 716, 400, 500, patterns.planks("#8f5f38", 10), ("#7a4d29", "#4d2e16"))
    s.plane(
        patterns.stripes(["#f1e8d4", "#e6dac0", "#c9533a", "#e6dac0"], 16, True),
        [(112, 400), (912, 400), (1012, 716), (12, 716)],
    )

    def heap_bowl(x: float, y: float, wide: float, colours: list[str], size: float) -> None:
        s.put("clay_bowl", x, y, wide)
        s.pile(x, y - wide * 0.42, wide * 0.42, wide * 0.1, colours, size, wide * 0.12)

    # the back row
    s.put("gourd_bowl", 230, 500, 150)
    for x, y in ((188, 456), (222, 450), (256, 452), (274, 460), (204, 466), (240, 468)):
        s.put("egg", x, y, 50, ground="none")
    s.tag(230, 478, "eggs 45", size=19)
    for x, y in ((388, 486), (430, 490), (470, 486)):
        s.put("milk", x, y, 92)
    s.tag(430, 478, "milk 60", size=19)
    s.plate(600, 474, 84, ("#e9dcc0", "#bda98a"))
    for x, y in ((570, 480), (620, 484), (596, 496)):
        s.put("butter", x, y, 84)
    s.tag(600, 486, "butter 180", size=19)
    s.disc(790, 484, 96, 34, "#a8733f", "#7d4f28")
    for x, y in ((756, 490), (818, 488), (786, 508)):
        s.put("meat", x, y, 96)
    s.tag(790, 496, "meat 320", size=19)
    # the front row
    heap_bowl(150, 656, 180, ["#c9762f", "#b5641f", "#d98a44"], 9)
    s.tag(150, 622, "lentils 90", size=21)
    heap_bowl(346, 664, 180, ["#7a2f2a", "#8f3f32", "#5f221f"], 15)
    s.tag(346, 630, "beans 85", size=21)
    crate(s, "onion", 556, 684, 200, 70, 4)
    s.tag(556, 636, "onions 40", size=21)
    crate(s, "tomato", 800, 684, 210, 76, 4)
    s.tag(800, 636, "tomatoes 50", size=21)
    s.light(200, 120, 640, "#ffe9b8", 0.3)
    s.photo("#fff0d4", grain=8)


def france_bread(s: Scene) -> None:
    """A loaf on its back."""
    wall(s, "#e9e2d0", "#d3c7ac", 300)
    window(s, 90, 20, 400, 230, "#bfe0f0", "#e3f0d0")
    s.put("tree", 190, 226, 150, ground="none")
    s.put("tree", 310, 224, 120, ground="none")
    s.lines([((245, 20), (245, 230)), ((90, 114), (400, 114))], "#f4efe4", 8, 1)
    s.lines(
        [((90, 20), (90, 230)), ((400, 20), (400, 230)), ((90, 20), (400, 20)), ((80, 230), (410, 230))],
        "#f4efe4",
        13,
        1,
    )
    shelf(s, 150, 560, 980, 14, ("#b98450", "#8a5a31"), 16)
    s.row(["jar_olives", "pot_herb", "jar_apricots", "amphora", "pot_herb"], 146, 620, 930, 104, 4)
    s.light(245, 120, 420, "#fff6df", 0.55)
    ground(s, patterns.tiles(["#b98a6a", "#a87858"], 10, 10), 300)
    for x in (330, 720):
        s.put("chair", x, 350, 230, dim=0.75)
    s.blur(3)
    table(s, 318, 800, 380, 700, patterns.gingham("#c2463f", "#f6f1e6", 11), ("#8a5a31", "#5d3a1d"))
    for x, turn, z in ((214, 26, 170), (250, 8, 178), (286, -10, 172)):
        s.put("baguette", x, 456, z, turn=turn, ground="none")
    s.put("tray_basket", 250, 484, 170)
    s.put("wine_red", 420, 442, 168)
    s.put("wine", 512, 456, 124)
    s.put("wine", 604, 448, 118)
    s.disc(782, 470, 120, 42, "#c9935a", "#966236")
    s.put("cheese", 742, 482, 122)
    s.put("butter", 836, 492, 106)
    s.disc(512, 634, 236, 84, "#b07a48", "#80522a", 0.5)
    s.disc(512, 626, 232, 80, "#c9935a", "#a8733f", 0)
    s.lines([((300, 620), (724, 620)), ((322, 650), (702, 650)), ((330, 592), (694, 592))], "#7d4f28", 2, 0.3)
    s.put("loaf_on_its_back", 496, 658, 300)
    s.put("kitchen_knife", 792, 700, 180, ground="top", squash=0.62, turn=-10)
    s.plate(170, 640, 112)
    s.put("grapes", 176, 664, 128)
    s.put("napkin", 320, 736, 120, ground="top", squash=0.6)
    s.light(245, 200, 640, "#fff3d8", 0.25)
    s.photo("#fff2de", grain=8)


def india_vegetables(s: Scene) -> None:
    """A vegetable market."""
    sky(s, "#a9d4ea", "#f3ead2", 270, (760, 30, 40))
    street(
        s,
        280,
        [("#e6b98a", "#c99666"), ("#8fb7b0", "#6f968f"), ("#e3a08a", "#c07a66"), ("#e9d9a8", "#cbb680")],
        heights=(120, 240),
    )
    ground(s, patterns.bricks("#b9a184", 14, 14), 278)
    s.put("scooter", 120, 320, 110)
    s.put("bicycle", 930, 330, 150)
    s.put("tree", 520, 300, 180)
    s.blur(3.4)
    posts(s, (70, 954), 80, 700, ("#7a8f9a", "#4f626c"))
    awning(s, 20, 120, ("#e07f2c", "#f4e6c8"), 90, 12)
    s.area([(70, 330), (954, 500)], "#6b4a2e", "#4a311c")
    for x, name in ((190, "garlic"), (330, "chilli"), (700, "chilli"), (840, "garlic")):
        for k in range(3):
            s.put(name, x + (k % 2) * 14 - 7, 250 + 34 * k, 62, ground="none")
        s.lines([((x, 150), (x, 250))], "#5a4632", 3, 0.9)
    s.put("scales", 512, 316, 130)
    s.area([(60, 312), (964, 328)], "#8a5a31", "#5d3a1d")
    for y, width, thing, goods in (
        (440, 218, 58, (("cabbage", "30"), ("pepper", "80"), ("aubergine", "45"), ("ginger", "120"))),
        (570, 244, 68, (("onion", "35"), ("garlic", "160"), ("potato", "25"), ("peas", "70"))),
        (724, 300, 86, (("carrot", "50"), ("tomato", "40"), ("broccoli", "90"))),
    ):
        n = len(goods)
        for i, (name, price) in enumerate(goods):
            crate(
                s,
                name,
                512 + (i - (n - 1) / 2) * width * 1.02,
                y,
                width,
                thing,
                5,
                price + " / kg",
                18 if y < 700 else 22,
            )
    s.light(760, 40, 600, "#fff3cf", 0.3)
    s.photo("#fff1d6", grain=8)


def japan_dinner(s: Scene) -> None:
    """A low table on tatami."""
    wall(s, "#d9cdb0", "#c2b48e", 340)
    s.area([(300, 30), (724, 330)], "#a9cfa0", "#6f9a5a")
    for x, z in ((360, 190), (520, 240), (670, 200)):
        s.put("tree", x, 322, z)
    s.put("rock", 440, 330, 90)
    s.put("lantern", 590, 330, 90, paint="#8a8a84")
    for x0, x1 in ((0, 300), (724, 1024)):
        s.area([(x0, 20), (x1, 334)], "#fbf6e6", "#e6dcc0")
        s.lines(
            [((x, 20), (x, 334)) for x in range(x0, x1 + 1, 75)] + [((x0, y), (x1, y)) for y in (20, 98, 176, 254)],
            "#5a4028",
            6,
            1,
        )
    s.lines(
        [((0, 20), (W, 20)), ((0, 336), (W, 336)), ((300, 20), (300, 336)), ((724, 20), (724, 336))],
        "#4a3320",
        14,
        1,
    )
    ground(s, patterns.tatami(), 340, 700, 1)
    s.light(512, 180, 420, "#fff8e0", 0.35)
    s.blur(2.4)
    for x, y in ((250, 440), (774, 440), (60, 640), (964, 640)):
        s.disc(x, y, 120, 36, "#5f6f9a", "#3d4a70")
    table(s, 400, 690, 300, 500, patterns.planks("#6b3a22", 7, 9), ("#4f2a16", "#301808"), 40)
    for x, y in ((376, 452), (648, 452)):
        s.put("rice_bowl", x, y, 86)
        s.put("chopsticks_flat", x, y + 18, 84, ground="top")
    s.plane(patterns.planks("#c9a063", 5), [(428, 470), (596, 470), (622, 540), (402, 540)], 0.45)
    for x, y in ((456, 506), (514, 502), (570, 506)):
        s.put("sushi", x, y, 84)
    s.plane(patterns.stripes(["#2f3f4f", "#3a4b5d"], 6), [(196, 530), (372, 530), (346, 622), (148, 622)], 0.4)
    for x, y in ((222, 590), (276, 584), (326, 590)):
        s.put("shrimp", x, y, 88)
    s.plate(760, 570, 106, ("#dfe7ec", "#93a9b8"))
    for x, y in ((716, 580), (766, 568), (810, 582)):
        s.put("fish_cake", x, y, 76)
    s.put("teapot", 640, 556, 110, paint="#4a4f52")
    for x, y, z in ((418, 592, 88), (596, 620, 92)):
        s.put("tea", x, y, z)
    for x in (270, 760):
        s.put("rice_bowl", x, 682, 134)
    s.put("chopsticks_flat", 430, 676, 130, ground="top")
    s.put("chopsticks_flat", 604, 676, 130, ground="top")
    s.light(512, 420, 560, "#fff0cf", 0.18)
    s.photo("#fff2dc", grain=8)


def mexico_ofrenda(s: Scene) -> None:
    """An altar in three steps."""
    wall(s, "#6a3f6f", "#4a2a50", 560)
    ground(s, patterns.tiles(["#a85a3c", "#8f482e"], 9, 9, "#6a3422"), 556)
    s.light(512, 260, 560, "#ffb860", 0.4)
    s.blur(2)
    bunting(s, 6, 30, ["#d9447f", "#f0a52c", "#3f9f8f", "#7a4fa8", "#e0603a"])
    for i in range(17):
        a = math.pi * i / 16
        s.put(
            "marigold" if i % 2 else "marigold_yellow",
            512 - 400 * math.cos(a),
            470 - 330 * math.sin(a),
            84,
            ground="wall",
        )
    for y, half, cloth, depth in (
        (330, 250, "#e9e2d4", 96),
        (474, 360, "#c2466f", 100),
        (622, 470, "#e09a3a", 118),
    ):
        low = patterns.dark(cloth, 0.7)
        s.area(
            [(512 - half + 20, y - 46), (512 + half - 20, y - 46), (512 + half, y), (512 - half, y)],
            low,
            cloth,
        )
        s.area([(512 - half, y), (512 + half, y + depth)], cloth, low)
        s.lines([((512 - half, y + 3), (512 + half, y + 3))], "#fff3d8", 3, 0.6)
        for k in range(int(half // 32)):
            x = 512 - half + 20 + k * 64
            s.area(
                [(x, y + 34), (x + 22, y + 12), (x + 44, y + 34), (x + 22, y + 56)],
                "#fbf3e2" if cloth != "#e9e2d4" else "#d9447f",
                low,
            )
    s.put("frame", 512, 322, 170)
    for x in (310, 716):
        s.put("candle", x, 324, 110)
    for x in (390, 634):
        s.put("marigold", x, 322, 80)
    for x, name, z in (
        (200, "candle", 120),
        (300, "skull", 110),
        (412, "apple", 84),
        (486, "orange", 84),
        (560, "banana", 100),
        (712, "skull", 110),
        (820, "candle", 120),
    ):
        s.put(name, x, 466, z)
    s.put("dead_bread", 636, 470, 96)
    for x, name, z in (
        (110, "candle", 150),
        (214, "bouquet_marigold", 118),
        (340, "dead_bread", 150),
        (480, "coffee", 110),
        (580, "coffee", 110),
        (700, "dead_bread", 140),
        (818, "bouquet_marigold", 118),
        (916, "candle", 150),
    ):
        s.put(name, x, 614, z)
    s.put("mango", 420, 618, 84)
    s.put("tamale", 640, 622, 80)
    for _ in range(70):
        x, y = s.rng.gauss(512, 190), s.rng.uniform(740, 772)
        s.put(
            "marigold" if s.rng.random() < 0.6 else "marigold_yellow",
            x,
            y,
            s.rng.uniform(26, 42),
            ground="top",
            squash=0.55,
        )
    for x, y, z in (
        (110, 470, 90),
        (916, 470, 90),
        (200, 352, 80),
        (820, 352, 80),
        (310, 224, 76),
        (716, 224, 76),
    ):
        s.light(x, y, z, "#ffdf9a", 0.75)
    s.photo("#ffe0b4")


def morocco_tajine(s: Scene) -> None:
    """One big dish on a low table."""
    wall(s, "#e6c99a", "#c99f68", 330)
    s.plane(patterns.zellige("#2f6f8f", "#3f8f6a", "#e0b04a", count=12), [(0, 200), (W, 200), (W, 334), (0, 334)])
    for x in (180, 512, 844):
        s.area([(x - 84, 40), (x + 84, 300)], "#f4e3bf", "#d9b985")
        s.disc(x, 84, 74, 60, "#8fc4e0", "#bfe0e6", 0)
        s.area([(x - 74, 84), (x + 74, 300)], "#bfe0e6", "#e9e2bf")
        s.put("palm", x + 10, 300, 190, ground="none")
    ground(s, patterns.zellige("#8f4a2f", "#2f6f8f", "#e9d9b0", "#c98f5e", 9), 330)
    s.blur(3)
    s.plane(
        patterns.rug("#a8323a", "#c98a3c", "#f0e0b8", "#4a1d24"),
        [(120, 380), (904, 380), (1180, 790), (-156, 790)],
        0.4,
    )
    for x, y, z, hue in ((180, 440, 190, 0), (844, 440, 190, 140), (512, 400, 170, 100)):
        s.put("cushion", x, y, z, hue=hue)
    s.disc(512, 580, 440, 176, "#5f3a1d", "#2f1a0c", 0.6)
    s.disc(512, 566, 440, 172, "#a8733f", "#7a4a24", 0)
    s.disc(512, 562, 420, 160, "#b98450", "#8f5a2e", 0)
    s.disc(512, 560, 262, 104, "#b8653a", "#8a4424", 0.5)
    s.disc(512, 554, 246, 92, "#7d3a1c", "#a8582f", 0)
    s.pile(512, 556, 222, 74, ["#ecd08a", "#e0bd6c", "#f4dfa4"], 7, 34)
    for x, y, name, z, turn in (
        (420, 540, "carrot", 84, 40),
        (600, 540, "carrot", 84, -70),
        (470, 584, "carrot", 88, 20),
        (560, 590, "pepper", 70, 10),
        (380, 590, "potato", 64, 0),
        (640, 592, "potato", 64, 30),
        (512, 528, "chicken", 120, 0),
        (566, 548, "chicken", 116, 60),
        (460, 552, "chicken", 112, -40),
    ):
        s.put(name, x, y, z, turn=turn, ground="top")
    for x, y in ((430, 610), (500, 620), (590, 612), (350, 566), (680, 566)):
        s.put("olive", x, y, 40, ground="top")
    for x, y, z in ((196, 560, 130), (828, 560, 130), (700, 676, 150)):
        s.put("flat_loaf", x, y, z)
    s.put("flat_loaf", 826, 536, 124)
    s.put("blue_bowl", 316, 690, 104)
    s.pile(316, 653, 42, 9, ["#6f7f2f", "#4a2f3a", "#88963f"], 13, 10)
    s.put("silver_teapot", 300, 470, 136)
    for x, y in ((396, 450), (640, 450), (720, 470)):
        s.put("tea_glass", x, y, 100)
    s.light(512, 120, 640, "#fff0cf", 0.3)
    s.photo("#ffeccc", grain=8)


def russia_table(s: Scene) -> None:
    """A festive table in winter."""
    wall(s, "#5f7a6a", "#8a9a80", 300)
    window(s, 360, 10, 680, 240, "#5f7fa8", "#dfe9f2", "#f4efe4")
    s.put("fir", 430, 236, 170, ground="none")
    s.put("fir", 610, 236, 140, ground="none")
    s.area([(366, 214), (674, 238)], "#f4f7fa", "#e6edf3")
    for _ in range(60):
        x, y = s.rng.uniform(368, 672), s.rng.uniform(16, 226)
        s.disc(x, y, 3, 3, "#ffffff", "#f4f7fa", 0)
    s.lines([((520, 10), (520, 240)), ((360, 114), (680, 114))], "#f4efe4", 8, 1)
    s.area([(290, 0), (370, 280)], "#b8433f", "#8f2d2b", True)
    s.area([(670, 0), (750, 280)], "#8f2d2b", "#b8433f", True)
    s.put("frame", 150, 170, 140, ground="wall")
    shelf(s, 180, 800, 1000, 14, top=16)
    s.row(["samovar", "teapot", "book"], 176, 850, 960, 92)
    ground(s, patterns.planks("#7a4f30", 16), 300)
    for x in (250, 512, 774):
        s.put("chair", x, 356, 220, dim=0.7)
    s.light(512, 0, 380, "#ffe0a8", 0.4)
    s.blur(3)
    table(s, 316, 716, 380, 640, patterns.stripes(["#f4efe6", "#f8f4ec"], 8), ("#e3dccd", "#c2b8a4"), 52)
    s.lines([((-128, 742), (1152, 742))], "#b8433f", 6, 0.8)
    s.plane(
        patterns.rug("#b8433f", "#8f2d2b", "#f4efe4", "#5a1d1c", 3, 9),
        [(440, 318), (584, 318), (640, 714), (384, 714)],
    )
    s.put("bottle_full", 470, 420, 140)
    s.put("bottle_full", 542, 430, 142)
    s.put("bottle_berry", 398, 430, 136)
    for x, y, z in ((330, 420, 76), (640, 420, 76), (700, 436, 78), (270, 440, 80)):
        s.put("wine", x, y, z)
    for x, y, k in ((250, 500, 0.8), (774, 500, 0.8), (196, 640, 1.08), (730, 650, 1.1)):
        s.plate(x, y, 110 * k)
        s.put("soup_bowl", x, y + 14 * k, 118 * k)
        s.put("spoon", x - 142 * k, y + 30 * k, 100 * k, ground="top", squash=0.6, turn=-6)
    s.put("jar_pickles", 610, 540, 110)
    s.disc(440, 540, 100, 36, "#c9935a", "#966236")
    for x, y in ((400, 544), (440, 536), (480, 544)):
        s.put("bread", x, y, 84)
    s.plate(512, 650, 122, ("#f4f0e4", "#c4bba8"))
    for x, y in ((452, 650), (510, 638), (566, 650), (478, 676), (542, 678)):
        s.put("dumpling", x, y, 78)
    s.put("cucumber", 360, 620, 80, ground="top", turn=30)
    s.put("bottle_empty", 924, 640, 176)
    s.light(512, 300, 560, "#ffdca0", 0.2)
    s.photo("#ffeed8")


def saudi_coffee(s: Scene) -> None:
    """Coffee in a sitting room."""
    wall(s, "#c9a878", "#a8845a", 330)
    for x in (150, 512, 874):
        s.area([(x - 90, 20), (x + 90, 200)], "#8a5e3a", "#6b4426")
        for k in range(5):
            for j in range(5):
                cx, cy = x - 68 + k * 34, 44 + j * 33
                s.area([(cx - 14, cy), (cx, cy - 14), (cx + 14, cy), (cx, cy + 14)], "#f3dcae", "#ddb878")
    s.area([(0, 214), (W, 300)], "#8f2f36", "#6a1f27")
    for x in range(60, W, 150):
        s.put("cushion", x, 292, 130, hue=0 if (x // 150) % 2 else 150)
    s.area([(0, 286), (W, 360)], "#a8444a", "#74262e")
    s.lines([((0, 290), (W, 290)), ((0, 350), (W, 350))], "#e0b95a", 5, 0.8)
    ground(s, patterns.rug("#8f2f36", "#b98a3c", "#f0e0b8", "#3a1420", 7, 7), 358, 600, 1)
    lamps(s, ((40, 200, 130), (984, 200, 130), (331, 170, 110), (693, 170, 110)), "lantern", "#ffc060")
    s.blur(2.6)
    s.disc(512, 600, 420, 150, "#6a430f", "#3a240a", 0.6)
    s.disc(512, 588, 418, 146, "#e0b95a", "#a9761f", 0)
    s.disc(512, 584, 386, 130, "#c99a3c", "#ecd08a", 0)
    s.disc(512, 584, 150, 50, "#b98628", "#dcb85a", 0)
    s.put("coffee_pot", 330, 570, 250)
    s.plate(560, 560, 120, ("#f4efe4", "#b9ab90"))
    s.pile(560, 556, 84, 26, ["#5a2f14", "#6f3d1c", "#432009"], 24, 34, 1.5)
    s.plate(744, 544, 84, ("#f4efe4", "#b9ab90"))
    for x, y in ((716, 548), (754, 542), (780, 552)):
        s.put("cookie", x, y, 56, ground="top")
    for x, y, z in ((250, 650, 104), (376, 680, 112), (508, 694, 116), (640, 684, 112), (764, 654, 104)):
        s.put("small_cup", x, y, z)
    s.light(330, 420, 420, "#ffd690", 0.22)
    s.photo("#ffe0b4")


def thailand_dinner(s: Scene) -> None:
    """Dinner by the water."""
    sky(s, "#4a4a86", "#f0a070", 250, (700, 226, 26), "#ffb070")
    hills(s, 256, 100, "#5a4f7a", "#4a4468", 5)
    s.area([(0, 252), (W, 330)], "#c98a7a", "#4a5680")
    s.lines(
        [((600 + s.rng.uniform(-90, 90), y), (760 + s.rng.uniform(-60, 60), y)) for y in range(260, 326, 8)],
        "#ffd0a0",
        3,
        0.6,
    )
    s.put("rowing_boat", 330, 318, 120, dim=0.7)
    for x, z in ((60, 330), (200, 230), (960, 340)):
        s.put("palm", x, 340, z, dim=0.45)
    ground(s, patterns.planks("#7a5030", 14), 328)
    s.bokeh(26, 30, 180, ["#ffcf80", "#ffe0a8"], (8, 18))
    s.blur(3)
    posts(s, (14, 1010), 0, 470, ("#5a3a22", "#3a2414"), 28)
    lamps(s, ((120, 200, 120), (904, 200, 120)), hue=12)
    table(s, 336, 722, 370, 600, patterns.planks("#8f5c34", 9, 13), ("#6f4526", "#432712"))
    for x, y, k in ((290, 400, 0.7), (734, 400, 0.7), (190, 620, 1.1), (834, 620, 1.1)):
        s.plane(
            patterns.stripes(["#c9b478", "#b9a162"], 22),
            [
                (x - 128 * k, y - 38 * k),
                (x + 128 * k, y - 38 * k),
                (x + 146 * k, y + 66 * k),
                (x - 146 * k, y + 66 * k),
            ],
            0.35,
        )
        s.plate(x, y + 6 * k, 88 * k)
        s.pile(x, y + 2 * k, 46 * k, 15 * k, ["#fbf8f0", "#f0ebdf", "#ffffff"], 8 * k, 26 * k, 1.7)
        s.put("fork", x - 112 * k, y + 56 * k, 112 * k, ground="top", squash=0.66)
        s.put("spoon", x + 112 * k, y + 56 * k, 112 * k, ground="top", squash=0.66)
    s.put("curry", 470, 446, 130)
    s.put("tomyum_bowl", 590, 440, 120)
    s.plate(512, 540, 118, ("#e7eef2", "#a9bcc8"))
    s.put("cooked_fish", 512, 562, 168)
    s.put("lemon", 440, 552, 44)
    s.put("salad", 360, 510, 106)
    s.put("rice", 664, 522, 116)
    s.put("bottle_fish_sauce", 400, 428, 116)
    s.put("coconut", 690, 446, 90)
    s.put("chilli", 600, 586, 60, ground="top", turn=60)
    s.put("chopsticks_flat", 512, 704, 150, ground="top")
    s.put("mango", 630, 668, 88)
    s.put("mango", 400, 660, 84)
    s.light(512, 380, 560, "#ffb870", 0.25)
    s.photo("#ffdcb8")


SCENES = {
    f.__name__: f
    for f in (
        argentina_gnocchi, brazil_pizza, china_dinner, ethiopia_market, france_bread, india_vegetables,
        japan_dinner, mexico_ofrenda, morocco_tajine, russia_table, saudi_coffee, thailand_dinner,
    )
}  # fmt: skip

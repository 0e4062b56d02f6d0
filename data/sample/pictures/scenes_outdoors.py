"""The ten scenes in parks, streets and before places of worship."""

from __future__ import annotations

import patterns
from blocks import ground, hanger, hills, lawn, mountains, posts, rail, sky, street
from scene import H, Scene, W


def argentina_mate(s: Scene) -> None:
    """A picnic with mate in a city park."""
    sky(s, "#8fc4e8", "#f2ecd2", 270, (150, 80, 36), "#ffe9b8")
    street(s, 296, [("#b9b0b4", "#cfc6c0"), ("#a9a4ae", "#c4bcb8")], heights=(90, 170))
    for x, z in ((60, 300), (220, 210), (420, 170), (620, 180), (800, 240), (970, 320)):
        s.put("tree", x, 320, z, paint="#8f6fb8" if z in (210, 240) else "")
    lawn(s, 292)
    s.area([(0, 300), (W, 324)], "#d9c49a", "#c4ab7c")
    s.put("bench", 620, 360, 90)
    s.put("fountain", 420, 344, 110)
    s.blur(3.2)
    s.put("bicycle", 900, 440, 230)
    s.plane(patterns.gingham("#b8433f", "#f4ecdc", 10), [(170, 440), (790, 420), (1010, 720), (20, 750)], 0.45)
    s.put("thermos", 290, 560, 190)
    s.put("basket", 724, 540, 190)
    s.put("teapot", 410, 520, 110, paint="#8fa3a8")
    s.put("mate", 520, 650, 180)
    s.put("spoon", 640, 676, 130, ground="top", squash=0.8, turn=-60)
    s.plate(300, 668, 120)
    for x, y, turn in ((250, 672, 0), (318, 662, 20), (300, 696, -12)):
        s.put("croissant", x, y, 96, turn=turn)
    s.put("bottle_water", 812, 640, 150)
    s.put("apple", 866, 676, 74)
    s.put("football", 110, 470, 70)
    s.light(150, 120, 720, "#ffe9b0", 0.32)
    s.photo("#fff0d0", grain=8)


def egypt_park(s: Scene) -> None:
    """Noon beside the Nile."""
    sky(s, "#6fb6e8", "#e6efe2", 280, (520, 30, 60), "#fff6d0")
    s.put("pyramid", 800, 292, 150, blur=1)
    s.put("pyramid", 930, 292, 100, blur=1)
    street(s, 286, [("#e3cfa4", "#cdb484"), ("#dcc496", "#c4a878")], heights=(40, 90))
    for x in (180, 640):
        s.put("minaret", x, 290, 110)
    s.area([(0, 282), (W, 372)], "#7fb3cc", "#4f8fb0")
    s.lines(
        [
            ((x, y), (x + s.rng.uniform(20, 90), y))
            for y in range(290, 368, 7)
            for x in (s.rng.uniform(0, W), s.rng.uniform(0, W))
        ],
        "#dff0f4",
        2,
        0.5,
    )
    s.put("boat", 300, 346, 120)
    s.put("boat", 470, 322, 70)
    lawn(s, 366, "#9cb95a", "#648c3c")
    s.area([(0, 366), (W, 392)], "#d9c6a0", "#b9a27a")
    for x, z in ((40, 400), (960, 420)):
        s.put("palm", x, 430, z)
    s.blur(2.4)
    s.put("bench", 270, 520, 190)
    for x, z in ((700, 90), (868, 80)):
        s.put("lantern", x, 470, z + 40)
    s.plane(
        patterns.stripes(["#c9533a", "#e9d9b0", "#2f6f8f", "#e9d9b0"], 20),
        [(330, 540), (860, 530), (990, 740), (240, 750)],
        0.45,
    )
    s.put("lantern", 424, 620, 150)
    s.put("basket", 748, 620, 200)
    s.plate(562, 640, 110)
    for x, y in ((530, 646), (594, 650)):
        s.put("sandwich", x, y, 98)
    s.put("bottle_water", 660, 626, 146)
    s.put("bottle_water", 850, 680, 160)
    s.plate(420, 706, 92)
    for x, y in ((396, 706), (444, 712)):
        s.put("falafel", x, y, 80)
    s.put("wrap", 700, 716, 96)
    s.put("watermelon", 578, 734, 100)
    s.light(520, 20, 760, "#fffbe6", 0.4)
    s.photo("#fff8e2", grain=8, corners=0.55)


def egypt_mosque(s: Scene) -> None:
    """A mosque in hot sun and clothes on a wall."""
    sky(s, "#4f9fe0", "#f4e6c0", 400, (830, 90, 56), "#fff3c0")
    street(s, 400, [("#d9bd8a", "#c4a26c"), ("#e0c89a", "#cbb07c")], heights=(60, 130))
    s.put("minaret", 236, 412, 190)
    s.put("minaret", 690, 412, 190)
    s.put("mosque", 462, 420, 400)
    ground(s, patterns.tiles(["#e3d0a4", "#d6c092"], 14, 14, "#b39a6c"), 400)
    s.put("palm", 60, 440, 300)
    s.put("palm", 970, 440, 320)
    s.blur(2.2)
    s.shade([(-40, 720), (1064, 720), (1064, 790), (-40, 790)], 20, 0.5)
    s.plane(patterns.bricks("#e0c48e", 7, 2, "#a98c5c"), [(-10, 516), (1034, 516), (1100, 640), (-76, 640)], 0.5)
    s.plane(patterns.bricks("#d0b07a", 9, 3, "#a98c5c"), [(-10, 640), (1034, 640), (1034, 772), (-10, 772)])
    s.shade([(0, 640), (W, 640), (W, 656), (0, 656)], 6, 0.4)
    s.put("vest", 104, 628, 150, ground="top", squash=0.66)
    s.put("shorts", 254, 626, 160, ground="top", squash=0.74)
    for x, flip in ((372, False), (424, True)):
        s.put("sandal", x, 628, 108, ground="top", flip=flip, squash=0.76)
    s.put("folded_scarf", 544, 616, 130)
    s.put("jeans", 682, 630, 160, ground="top", squash=0.66)
    s.put("hat", 812, 618, 160)
    s.put("bottle_water", 926, 620, 140)
    s.light(830, 90, 820, "#fff3c8", 0.4)
    s.photo("#fff2d2", grain=8, corners=0.6)


def ethiopia_church(s: Scene) -> None:
    """A church in the highlands and things on a wall."""
    sky(s, "#8fb9dc", "#f6e2bc", 330, (900, 110, 36), "#ffe6b0")
    mountains(s, 340, [(150, 170), (420, 120), (700, 190), (900, 150)], "#9a94a8", "#b9ac9c")
    hills(s, 346, 90, "#a89a5e", "#8a7f48", 5)
    ground(s, patterns.grass("#b9a060", "#94803f", 4), 340)
    s.put("tree", 60, 400, 260)
    s.put("fir", 940, 400, 240)
    s.put("hut", 850, 392, 130)
    s.curve([(470, 390), (560, 390), (640, 470), (820, 790), (150, 790), (420, 480)], "#d9bd8f", "#c49f6c")
    s.put("rock_church", 500, 430, 240)
    s.blur(2)
    for x, y, z in ((320, 470, 70), (720, 500, 90), (120, 560, 120)):
        s.put("rock", x, y, z, fade=0.6, dim=0.72)
    s.speckle(480, H, ["#8a7a3c", "#a89650", "#6f6230"], 320, 16, 0.45)
    s.plane(patterns.bricks("#c99a74", 7, 2, "#8a6248"), [(60, 590), (964, 590), (1004, 648), (20, 648)])
    s.plane(patterns.bricks("#a87854", 7, 2, "#6f4c34"), [(20, 648), (1004, 648), (1004, 710), (20, 710)])
    s.shade([(20, 648), (1004, 648), (1004, 660), (20, 660)], 5, 0.4)
    s.shade([(20, 710), (1004, 710), (1004, 740), (20, 740)], 14, 0.5)
    s.put("boot", 180, 636, 150)
    s.put("boot", 270, 642, 150)
    s.put("socks", 390, 640, 110)
    s.put("sandal", 478, 640, 90, ground="top", squash=0.72)
    s.put("sandal", 524, 640, 90, ground="top", squash=0.72, flip=True)
    s.put("folded_scarf", 640, 634, 130)
    s.put("candle", 748, 630, 96)
    s.put("backpack", 868, 640, 190)
    s.light(900, 120, 760, "#ffe2a8", 0.34)
    s.photo("#ffeccb", grain=8)


def india_temple(s: Scene) -> None:
    """A temple at sunset and things on a platform."""
    sky(s, "#e89a6a", "#fbe3b4", 380, (190, 210, 46), "#ffd08a")
    hills(s, 384, 70, "#b98a7a", "#a87a64", 5)
    for x, z in ((70, 240), (930, 260), (230, 170), (800, 180)):
        s.put("palm" if z > 200 else "tree", x, 410, z, dim=0.85)
    ground(s, patterns.tiles(["#d9bfa0", "#cbb08e"], 14, 14, "#a48a6c"), 390)
    s.put("temple", 512, 372, 420)
    for i in range(5):
        half, y = 190 + 34 * i, 366 + 20 * i
        s.area([(512 - half, y), (512 + half, y + 9)], "#f0dcc0", "#dcc4a4")
        s.area([(512 - half, y + 9), (512 + half, y + 22)], "#b99a7c", "#a08264")
    posts(s, (216, 372, 652, 808), 236, 420, ("#a8733f", "#6b4426"), 12)
    s.put("garland", 294, 330, 150, ground="none")
    s.put("garland", 730, 330, 150, ground="none")
    s.blur(2.2)
    s.plane(patterns.bricks("#cbb08e", 6, 3, "#94795c"), [(70, 540), (954, 540), (1034, 680), (-10, 680)], 0.5)
    s.area([(-10, 680), (1034, 720)], "#b3977a", "#7d6650")
    s.put("brown_shoe", 124, 636, 140, hue=6, fade=1.5)
    s.put("brown_shoe", 196, 664, 146, hue=6, fade=1.5)
    s.put("handbag", 340, 616, 156, hue=4, fade=1.5)
    s.put("belt", 372, 670, 100, ground="top")
    s.put("umbrella", 486, 640, 150)
    s.plate(632, 636, 110, ("#e6bf62", "#a9761f"))
    for name, x, y, z in (("banana", 586, 636, 92), ("apple", 672, 634, 78), ("mango", 630, 650, 78)):
        s.put(name, x, y, z)
    s.put("coconut", 764, 628, 88)
    s.put("garland", 868, 668, 160, ground="top")
    for x, y in ((770, 668), (806, 676), (736, 672)):
        s.put("marigold", x, y, 50, ground="top", squash=0.8)
    s.light(190, 210, 760, "#ffd49a", 0.34)
    s.photo("#ffe4c0", grain=8)


def indonesia_bali(s: Scene) -> None:
    """Offerings on a pavement."""
    sky(s, "#8fd0ec", "#eaf4e0", 340, (120, 50, 40))
    hills(s, 344, 120, "#5f9a70", "#4a7f56", 4)
    for x, z in ((40, 380), (180, 280), (420, 220), (880, 300), (990, 400)):
        s.put("palm", x, 392, z)
    ground(s, patterns.bricks("#9a9a98", 18, 18, "#77746e"), 350)
    s.put("split_gate", 640, 410, 180)
    s.put("shrine", 300, 410, 130)
    s.put("shrine", 900, 416, 120)
    s.area([(0, 344), (230, 404)], "#b96f4a", "#8a4a2c")
    s.area([(0, 336), (230, 348)], "#8f8a80", "#68645c")
    s.blur(2.4)
    s.plane(
        patterns.tiles(["#c9c0b0", "#bdb2a0"], 10, 8, "#94897a"),
        [(-20, 440), (540, 440), (760, 790), (-300, 790)],
    )
    s.area([(540, 440), (556, 440), (800, 790), (760, 790)], "#8f887c", "#6b655b")
    s.put("scooter", 850, 620, 330)
    s.put("mat_roll", 130, 560, 170)
    for x, y, z in (
        (330, 480, 76),
        (316, 604, 112),
        (500, 600, 116),
        (180, 700, 150),
        (440, 728, 158),
        (620, 732, 150),
    ):
        s.put("offering", x, y, z)
    for _ in range(16):
        s.put(
            s.rng.choice(("frangipani", "pink_head", "marigold")),
            s.rng.uniform(40, 660),
            s.rng.uniform(560, 762),
            16,
            ground="top",
            squash=0.6,
        )
    s.light(120, 60, 700, "#fff6da", 0.36)
    s.photo("#fff8e6", grain=8)


def iran_picnic(s: Scene) -> None:
    """A spring picnic beside a stream."""
    sky(s, "#9ccbe6", "#eef2dc", 250, (840, 50, 36))
    mountains(s, 262, [(180, 110), (400, 70), (650, 120), (880, 90)], "#dfe6ee", "#8f9ca8")
    hills(s, 268, 60, "#9ab86a", "#7fa055", 5)
    lawn(s, 262, "#a9c864", "#6f9a48", 0)
    for x, z in ((70, 260), (220, 180), (760, 190), (950, 290)):
        s.put("tree", x, 320, z, paint="#eeb4c4" if z < 200 else "")
    s.blur(3)
    s.curve(
        [
            (560, 292),
            (640, 292),
            (700, 380),
            (840, 470),
            (1060, 560),
            (1080, 800),
            (760, 800),
            (640, 600),
            (560, 430),
        ],
        "#9fd0e0",
        "#4f98ba",
    )
    s.lines(
        [
            (
                (640 + k * 17 + s.rng.uniform(0, 40), 420 + k * 20),
                (676 + k * 18 + s.rng.uniform(0, 30), 436 + k * 21),
            )
            for k in range(15)
        ],
        "#f0fafc",
        3,
        0.35,
    )
    s.speckle(320, H, ["#7aa84c", "#b9d478", "#5a8438"], 260, 18, 0.4)
    for x, y, z in ((592, 440, 60), (616, 520, 80), (690, 730, 100), (940, 480, 80)):
        s.put("rock", x, y, z)
    s.plane(
        patterns.rug("#a8323a", "#2f4f7a", "#f0e0b8", "#3a1420", 5, 4),
        [(120, 430), (480, 420), (580, 730), (-80, 748)],
        0.45,
    )
    s.put("samovar", 210, 530, 170)
    s.put("tea_glass", 302, 520, 76)
    s.put("tea_glass", 358, 532, 78)
    s.plate(330, 620, 130, ("#f4efe4", "#b9c4cc"))
    s.put("kebabs", 330, 646, 150, ground="top", squash=0.9)
    s.put("flatbread", 166, 668, 110, ground="top", squash=0.6)
    s.put("basket", 470, 520, 130)
    s.plate(430, 706, 70)
    s.put("tomato", 414, 706, 56)
    s.put("herb", 450, 710, 56)
    for x, y, z in ((720, 520, 96), (830, 610, 124), (670, 650, 130), (820, 742, 156)):
        s.put("sprouts", x, y, z)
    s.light(840, 60, 720, "#fff6da", 0.34)
    s.photo("#fff8e4", grain=8)


def morocco_picnic(s: Scene) -> None:
    """A picnic under a palm."""
    sky(s, "#7fbce6", "#f6e6c4", 290, (130, 60, 40), "#ffeebc")
    mountains(s, 300, [(180, 160), (430, 100), (690, 150), (920, 110)], "#c9b4b0", "#c08a6a")
    hills(s, 306, 60, "#c9a86a", "#b08f54", 5)
    ground(s, patterns.grass("#d6b07c", "#b98f5a", 3), 298)
    for x, z in ((90, 130), (330, 90), (620, 100)):
        s.put("tree", x, 330, z, dim=0.9)
    s.put("camel", 480, 340, 90)
    s.blur(3)
    s.put("palm", 700, 486, 380)
    s.plane(patterns.bricks("#c98f62", 9, 4, "#9a6a44"), [(-10, 380), (470, 380), (470, 476), (-10, 476)])
    s.area([(-10, 366), (476, 382)], "#e0b184", "#c4905f")
    s.shade([(0, 476), (470, 476), (480, 500), (0, 500)], 10, 0.45)
    s.put("amphora", 110, 372, 90)
    s.speckle(480, H, ["#a88a4c", "#8a9a4c", "#c9a868"], 260, 16, 0.45)
    s.put("bin", 884, 640, 220)
    s.plane(
        patterns.rug("#c9533a", "#e0a52c", "#f4ead0", "#3f2a4a", 5, 4),
        [(170, 500), (640, 490), (770, 730), (40, 748)],
        0.45,
    )
    s.put("basket", 260, 600, 190)
    s.put("silver_teapot", 590, 570, 130)
    s.put("tea_glass", 482, 566, 80)
    s.put("tea_glass", 534, 594, 84)
    s.disc(420, 674, 140, 50, "#c9935a", "#8f5c2e")
    for x, y, z in ((372, 674, 150), (476, 690, 154), (424, 652, 150)):
        s.put("flat_loaf", x, y, z)
    s.put("blue_bowl", 620, 690, 100)
    s.pile(620, 654, 40, 8, ["#6f7f2f", "#4a2f3a", "#88963f"], 13, 10)
    s.put("orange", 226, 690, 74)
    s.put("orange", 180, 706, 76)
    s.put("flat_loaf", 290, 728, 110)
    s.light(130, 70, 720, "#ffeec0", 0.34)
    s.photo("#fff0d0", grain=8)


def nigeria_durbar(s: Scene) -> None:
    """A clothes stall before the procession."""
    sky(s, "#7fbfe8", "#f8e8c0", 330, (880, 70, 50), "#fff0b8")
    s.put("arched_gate", 290, 366, 240)
    street(s, 344, [("#cf9a68", "#b07c4c"), ("#d9a878", "#b98454")], heights=(50, 100))
    ground(s, patterns.grass("#dcb47c", "#bf9258", 5), 340)
    for x, z in ((720, 150), (840, 190), (640, 120)):
        s.put("horse", x, 400 + z / 3, z, hue=6)
    for x, z in ((40, 250), (985, 270)):
        s.put("palm", x, 400, z)
    for x, y in ((560, 300), (900, 280), (740, 310)):
        s.lines([((x + 50, y - 40), (x + 50, y + 90))], "#6b4426", 4, 0.9)
        s.area(
            [(x + 50, y - 40), (x + 96, y - 26), (x + 50, y - 10)],
            "#2f8f5a" if x != 900 else "#c9472f",
            "#1f6643" if x != 900 else "#94301f",
        )
    s.blur(2)
    rail(s, 270, 50, 600, 640)
    hanger(s, "robe", 128, 274, 124, "6500")
    hanger(s, "robe", 268, 274, 124, "6500", hue=110)
    hanger(s, "vest", 400, 274, 116, "1500")
    hanger(s, "crop_top", 520, 274, 112, "1200")
    s.shade([(600, 690), (1020, 690), (1040, 760), (560, 760)], 16, 0.4)
    s.plane(
        patterns.stripes(["#2f5f9a", "#e0a52c", "#2f5f9a", "#f4efe0"], 14),
        [(640, 490), (1010, 490), (1060, 690), (590, 690)],
        0.4,
    )
    s.area([(590, 690), (1060, 738)], "#2f5f9a", "#1c3a64")
    s.put("shorts", 724, 572, 136, ground="top", squash=0.75)
    s.put("folded_scarf", 888, 562, 126)
    s.put("folded_blue", 904, 660, 136)
    for x, flip in ((688, False), (738, True)):
        s.put("sandal", x, 682, 100, ground="top", squash=0.72, flip=flip)
    for x, y, price in ((724, 570, "1400"), (888, 558, "2000"), (712, 680, "1800"), (904, 660, "2000")):
        s.tag(x, y, price, size=19)
    s.put("hat", 160, 706, 150)
    s.tag(160, 706, "1600", size=19)
    s.put("basket", 330, 716, 160)
    s.put("drum", 480, 722, 130)
    s.light(880, 80, 820, "#fff0c0", 0.38)
    s.photo("#fff2d4", grain=8, corners=0.6)


def saudi_picnic(s: Scene) -> None:
    """Rugs in a park at dusk."""
    sky(s, "#2f3a6a", "#e89a7a", 330)
    s.light(240, 330, 420, "#ffb070", 0.5)
    s.put("moon", 830, 130, 70, ground="none")
    street(s, 334, [("#4a4668", "#5a5070"), ("#54506f", "#665878")], "#ffd68a", (40, 130))
    ground(s, patterns.grass("#5f7a48", "#3a5434", 13), 330)
    for x, z in ((40, 380), (160, 260), (890, 280), (1000, 400)):
        s.put("palm", x, 396, z, dim=0.6)
    for x, z in ((330, 150), (520, 170), (720, 150)):
        s.put("tent", x, 400, z, dim=0.8)
        s.light(x, 380, 90, "#ffc878", 0.5)
    s.blur(2.4)
    s.bokeh(24, 180, 330, ["#ffd68a", "#ffb86a"], (6, 16))
    s.speckle(420, H, ["#3f5a34", "#6f8a4c", "#2c4426"], 380, 18, 0.4)
    s.plane(
        patterns.rug("#8f2f36", "#b98a3c", "#f0e0b8", "#3a1420"),
        [(150, 440), (440, 440), (430, 520), (60, 520)],
        0.4,
    )
    s.plane(
        patterns.rug("#2f5f7a", "#c98a3c", "#f0e0b8", "#1c2a44"),
        [(560, 430), (840, 430), (930, 506), (570, 506)],
        0.4,
    )
    s.plane(
        patterns.rug("#8f2f36", "#2f5f7a", "#f0e0b8", "#3a1420", 6, 4),
        [(60, 580), (560, 576), (610, 736), (-60, 744)],
        0.45,
    )
    for x, y, z in ((180, 476, 70), (250, 482, 76), (690, 468, 68), (790, 472, 72)):
        s.put("cushion", x, y, z)
    s.put("coffee_pot", 350, 492, 84)
    s.put("basket", 640, 482, 84)
    s.put("lantern", 410, 506, 90)
    s.put("lantern", 600, 500, 90)
    s.put("cushion", 110, 640, 150)
    s.put("coffee_pot", 270, 660, 150)
    for x, y in ((350, 660), (396, 676)):
        s.put("small_cup", x, y, 60)
    s.plate(440, 700, 70)
    s.pile(440, 696, 44, 13, ["#5a2f14", "#6f3d1c", "#432009"], 15, 18)
    s.put("lantern", 530, 660, 150)
    for x, y, z in ((410, 470, 90), (600, 464, 90), (530, 600, 170)):
        s.light(x, y, z, "#ffc060", 0.55)
    s.put("tripod", 800, 736, 230)
    s.put("camera", 800, 478, 150, ground="none")
    s.photo("#e6d4e6", grain=9)


SCENES = {
    f.__name__: f
    for f in (
        argentina_mate, egypt_park, egypt_mosque, ethiopia_church, india_temple, indonesia_bali,
        iran_picnic, morocco_picnic, nigeria_durbar, saudi_picnic,
    )
}  # fmt: skip

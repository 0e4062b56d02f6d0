"""The drawing engine: a scene is a function that calls the methods of `Scene`, from the back to the front.

It needs Pillow and one folder of sprites (the npm package @lobehub/fluent-emoji-3d). Coordinates are those
of a picture of 1024 x 768; a thing is placed by the middle of its foot. The same seed gives the same picture.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps
from things import EMOJI, OWN, Part

W, H = 1024, 768
UNIT = 4  # pixels per unit in which our own shapes are drawn; 100 units are as large as one emoji

Point = tuple[float, float]
Quad = Sequence[Point]  # upper left, upper right, lower right, lower left


@dataclass(frozen=True)
class Look:
    """How a thing differs from its sprite."""

    hue: int = 0  # steps of 255 around the colour circle
    fade: float = 1  # saturation
    paint: str = ""  # one colour for the whole thing
    turn: float = 0  # degrees
    flip: bool = False
    squash: float = 1  # height divided by natural height
    crop: tuple[float, float, float, float] = (0, 0, 1, 1)


def gradient(size: tuple[int, int], top: str, bottom: str, sideways: bool = False) -> Image.Image:
    """A rectangle that runs from one colour to another."""
    ramp = Image.linear_gradient("L")
    ramp = (ramp.rotate(90) if sideways else ramp).resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), ramp)


def smooth(points: Sequence[Point], steps: int = 10) -> list[Point]:
    """A closed curve through the points (Catmull and Rom)."""
    curve = []
    for i in range(len(points)):
        a, b, c, d = (points[(i + k) % len(points)] for k in (-1, 0, 1, 2))
        for k in range(steps):
            t = k / steps
            curve.append(
                tuple(
                    0.5
                    * (
                        2 * b[j]
                        + (c[j] - a[j]) * t
                        + (2 * a[j] - 5 * b[j] + 4 * c[j] - d[j]) * t * t
                        + (3 * b[j] - a[j] - 3 * c[j] + d[j]) * t**3
                    )
                    for j in (0, 1)
                )
            )
    return curve


def perspective(target: Quad, source: Quad) -> list[float]:
    """The eight numbers that carry points of the target back to points of the source."""
    rows = []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for i in range(8):
        pivot = max(range(i, 8), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for r in range(8):
            if r != i:
                rows[r] = [value - rows[r][i] * own for value, own in zip(rows[r], rows[i], strict=True)]
    return [row[8] for row in rows]


def part_mask(part: Part, size: tuple[int, int]) -> Image.Image:
    """The shape of one part as a mask."""
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    points = [(x * UNIT, y * UNIT) for x, y in part.points]
    if part.form == "poly":
        draw.polygon(points, 255)
    elif part.form == "blob":
        draw.polygon(smooth(points), 255)
    elif part.form == "oval":
        draw.ellipse((*points[0], *points[1]), 255)
    elif part.form == "box":
        draw.rounded_rectangle((*points[0], *points[1]), part.width * UNIT, 255)
    elif part.form == "line":
        draw.line(points, 255, round(part.width * UNIT), joint="curve")
        for x, y in (points[0], points[-1]):
            r = part.width * UNIT / 2
            draw.ellipse((x - r, y - r, x + r, y + r), 255)
    return mask.filter(ImageFilter.GaussianBlur(1))


def render(parts: Iterable[Part], folder: Path) -> Image.Image:
    """One of our own shapes: every part gets a gradient, light from the upper left and a dark side."""
    parts = list(parts)
    right = max(max(p.points, key=lambda q: q[0])[0] + (p.size / 2 or p.width) for p in parts)
    low = max(max(p.points, key=lambda q: q[1])[1] + (0 if p.size else p.width) for p in parts)
    size = (math.ceil(right * UNIT) + 24, math.ceil(low * UNIT) + 24)
    im = Image.new("RGBA", size)
    for part in parts:
        if part.form == "thing":
            thing = sprite(folder, part.name, round(part.size * UNIT), Look(**dict(part.look)))
            x, y = part.points[0]
            im.alpha_composite(
                thing, (max(0, round(x * UNIT - thing.width / 2)), max(0, round(y * UNIT - thing.height)))
            )
            continue
        mask = part_mask(part, size)
        box = mask.getbbox()
        if box is None:
            continue
        layer = Image.new("RGB", size)
        layer.paste(gradient((box[2] - box[0], box[3] - box[1]), part.top, part.bottom), box)
        if part.bevel:
            soft, step = (
                mask.filter(ImageFilter.GaussianBlur(part.bevel * UNIT)),
                round(part.bevel * UNIT * 0.6) or 1,
            )
            moved = ImageChops.offset(soft, step, step)
            for colour, edge in (
                ("#fff8ec", ImageChops.subtract(soft, moved)),
                ("#22110c", ImageChops.subtract(moved, soft)),
            ):
                layer.paste(
                    Image.new("RGB", size, colour),
                    (0, 0),
                    edge.point([min(255, int(v * 0.9)) for v in range(256)]),
                )
        if part.clear < 1:
            mask = mask.point([int(v * part.clear) for v in range(256)])
        layer.putalpha(mask)
        im.alpha_composite(layer)
    return im


@lru_cache(maxsize=128)
def base(folder: Path, name: str) -> tuple[Image.Image, int]:
    """A thing in its natural size, and how many pixels 100 units take."""
    if name in OWN:
        return render(OWN[name], folder), 100 * UNIT
    code = EMOJI[name]
    path = next(p for p in (folder / f"{code}.webp", folder / f"{code}-fe0f.webp") if p.exists())
    return Image.open(path).convert("RGBA"), 256


@lru_cache(maxsize=512)
def sprite(folder: Path, name: str, size: int, look: Look) -> Image.Image:
    """A thing, cut out, in the wanted size and look."""
    im, natural = base(folder, name)
    im = im.crop(im.getchannel("A").point([0] * 16 + [255] * 240).getbbox())
    if look.crop != (0, 0, 1, 1):
        im = im.crop(tuple(round(c * s) for c, s in zip(look.crop, (im.width, im.height) * 2, strict=True)))
    alpha = im.getchannel("A")
    flat = im.convert("RGB")
    if look.paint:
        flat = ImageOps.colorize(
            ImageOps.autocontrast(flat.convert("L"), 2, mask=alpha), "#1c1210", "#fffaf2", look.paint
        )
    elif look.hue:
        h, s, v = flat.convert("HSV").split()
        flat = Image.merge("HSV", (h.point([(x + look.hue) % 256 for x in range(256)]), s, v)).convert("RGB")
    if natural == 256 or look.fade != 1:
        flat = ImageEnhance.Color(flat).enhance(0.86 * look.fade)  # toys are too colourful for a photograph
    flat.putalpha(alpha)
    if look.flip:
        flat = flat.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    width, height = round(flat.width * size / natural), round(flat.height * size / natural * look.squash)
    flat = flat.resize((max(1, width), max(1, height)), Image.Resampling.LANCZOS)
    return flat.rotate(look.turn, Image.Resampling.BICUBIC, expand=True) if look.turn else flat


class Scene:
    """A picture in the making; every method draws over what is there."""

    def __init__(self, folder: Path, seed: int = 0) -> None:
        """An empty picture; `folder` holds the sprites."""
        self.folder = folder
        self.im = Image.new("RGB", (W, H))
        self.rng = random.Random(seed)

    # -- helpers --

    def _soft(self, colour: str, mask: Image.Image, left: float, top: float, blur: float, strength: float) -> None:
        """Lay a colour over the picture through a blurred mask that stands at (left, top)."""
        pad = math.ceil(3 * blur)
        mask = ImageOps.expand(mask, pad).filter(ImageFilter.GaussianBlur(blur))
        mask = mask.point([min(255, int(v * strength)) for v in range(256)])
        self.im.paste(Image.new("RGB", mask.size, colour), (round(left) - pad, round(top) - pad), mask)

    def _polygon(self, points: Sequence[Point], scale: int = 2) -> tuple[Image.Image, int, int]:
        """A polygon (or a box of two points) as a mask with smooth edges, and where it stands."""
        if len(points) == 2:
            (a, b), (c, d) = points
            points = [(a, b), (c, b), (c, d), (a, d)]
        left, top = math.floor(min(x for x, _ in points)), math.floor(min(y for _, y in points))
        width = math.ceil(max(x for x, _ in points)) - left + 1
        height = math.ceil(max(y for _, y in points)) - top + 1
        mask = Image.new("L", (width * scale, height * scale))
        ImageDraw.Draw(mask).polygon([((x - left) * scale, (y - top) * scale) for x, y in points], 255)
        return mask.reduce(scale), left, top

    # -- shapes --

    def area(self, points: Sequence[Point], top: str, bottom: str, sideways: bool = False) -> None:
        """A polygon, or a box of two points, filled with a gradient."""
        mask, left, upper = self._polygon(points)
        self.im.paste(gradient(mask.size, top, bottom, sideways), (left, upper), mask)

    def curve(self, points: Sequence[Point], top: str, bottom: str) -> None:
        """A closed soft outline filled with a gradient: hills, cloths, pools."""
        self.area(smooth(points), top, bottom)

    def disc(self, x: float, y: float, rx: float, ry: float, top: str, bottom: str, shadow: float = 0.35) -> None:
        """A plate, a mat, a lamp: an ellipse with a gradient and a shadow under it."""
        size = (math.ceil(2 * rx), math.ceil(2 * ry))
        mask = Image.new("L", (size[0] * 4, size[1] * 4))
        ImageDraw.Draw(mask).ellipse((0, 0, mask.width - 1, mask.height - 1), 255)
        mask = mask.reduce(4)
        if shadow:
            self._soft("#1a0f08", mask, x - rx + 3, y - ry + 3 + ry / 7, ry / 7 + 3, shadow * 1.3)
        self.im.paste(gradient(size, top, bottom), (round(x - rx), round(y - ry)), mask)

    def plate(
        self, x: float, y: float, r: float, tone: tuple[str, str] = ("#fbf9f4", "#cfc8bb"), flat: float = 0.42
    ) -> None:
        """A plate seen from a chair: rim and well."""
        self.disc(x, y, r, r * flat, *tone)
        self.disc(x, y - r * 0.02, r * 0.7, r * flat * 0.66, tone[1], tone[0], shadow=0)

    def lines(
        self,
        pairs: Iterable[Sequence[Point]],
        colour: str,
        width: float = 2,
        strength: float = 0.35,
        blur: float = 0.8,
    ) -> None:
        """Strokes, each through two or more points."""
        mask = Image.new("L", (W, H))
        draw = ImageDraw.Draw(mask)
        for pair in pairs:
            draw.line([tuple(p) for p in pair], 255, round(width), joint="curve")
        self._soft(colour, mask, 0, 0, blur, strength)

    def plane(self, pattern: Image.Image, quad: Quad, shadow: float = 0) -> None:
        """A flat pattern laid on the ground or on a wall, seen in perspective."""
        mask, left, top = self._polygon(quad)
        if shadow:
            self._soft("#120a05", mask, left + 3, top + 6, 7, shadow)
        target = [((x - left) * 2, (y - top) * 2) for x, y in quad]
        w, h = pattern.size
        numbers = perspective(target, [(0, 0), (w, 0), (w, h), (0, h)])
        size = (mask.width * 2, mask.height * 2)
        flat = pattern.transform(size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC).reduce(2)
        self.im.paste(flat, (left, top), mask)

    def pile(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        colours: Sequence[str],
        size: float = 8,
        height: float = 0,
        long: float = 1.4,
    ) -> None:
        """A heap of small things (nuts, beans, petals) on an ellipse; `height` raises its middle."""
        k, w, h = 2, math.ceil(2 * rx + 4 * size), math.ceil(2 * ry + height + 4 * size)
        layer = Image.new("RGBA", (w * k, h * k))
        draw = ImageDraw.Draw(layer)
        low = tuple(int(c * 0.78) for c in ImageColor.getrgb(colours[0]))
        for t in range(20):  # the mound under the grains
            f, up = 1 - t / 20, height * (1 - (1 - t / 20) ** 2)
            box = (
                w / 2 - rx * f,
                2 * size + height - up + ry * (1 - f),
                w / 2 + rx * f,
                2 * size + height - up + ry * (1 + f),
            )
            draw.ellipse(tuple(v * k for v in box), low)
        spots = []
        for _ in range(int(15 * rx * (ry + height / 2) / (size * size)) + 14):
            r, a = math.sqrt(self.rng.random()), self.rng.uniform(0, 2 * math.pi)
            spots.append((r * math.sin(a), r * math.cos(a), r))
        for sy, sx, r in sorted(spots):
            cx, cy = (w / 2 + sx * rx) * k, (2 * size + height + ry + sy * ry - height * (1 - r * r)) * k
            a, b = (size * k / 2 * v * self.rng.uniform(0.85, 1.15) for v in (long, 0.8))
            colour = ImageColor.getrgb(self.rng.choice(colours))
            dark, pale = (
                tuple(int(c * 0.55) for c in colour),
                tuple(min(255, int(c * 1.1 + 24)) for c in colour),
            )
            draw.ellipse((cx - a, cy - b + k, cx + a, cy + b + 2 * k), dark)
            draw.ellipse((cx - a, cy - b, cx + a, cy + b), colour)
            draw.ellipse((cx - a * 0.6, cy - b * 0.7, cx + a * 0.2, cy), pale)
        layer = layer.reduce(k)
        self.im.paste(layer, (round(x - w / 2), round(y - ry - height - 2 * size)), layer)

    def speckle(
        self, y0: float, y1: float, colours: Sequence[str], count: int, size: float, strength: float = 0.5
    ) -> None:
        """Blades, pebbles or petals strewn over the ground, larger towards us."""
        groups: dict[str, list[Sequence[Point]]] = {c: [] for c in colours}
        for _ in range(count):
            t = self.rng.random() ** 0.6
            x, y, reach = self.rng.uniform(0, W), y0 + (y1 - y0) * t, size * (0.15 + 0.85 * t)
            groups[self.rng.choice(list(colours))].append(
                [(x, y), (x + self.rng.uniform(-0.5, 0.5) * reach, y - reach)]
            )
        for colour, strokes in groups.items():
            self.lines(strokes, colour, 2, strength, 0.6)

    # -- things --

    def put(
        self,
        name: str,
        x: float,
        y: float,
        size: float,
        ground: str = "floor",
        blur: float = 0.0,
        dim: float = 1.0,
        **look: object,
    ) -> None:
        """A thing with its foot at (x, y); ground: "floor", "wall", "top" (lying flat), "none"."""
        im = sprite(self.folder, name, round(size), replace(Look(), **look))
        left, upper = round(x - im.width / 2), round(y - im.height)
        alpha = im.getchannel("A")
        if ground == "floor":
            flat = alpha.resize((im.width, max(1, im.height // 4)))
            lower = round(y) - flat.height + max(2, round(size) // 40)
            self._soft("#120a05", flat, left + im.width // 10, lower, size / 18 + 1, 0.45)
            foot = Image.new("L", (max(2, round(im.width * 0.82)), max(2, round(size * 0.08))))
            ImageDraw.Draw(foot).ellipse((0, 0, foot.width - 1, foot.height - 1), 255)
            self._soft("#0d0704", foot, x - im.width * 0.4, y - size * 0.045, size / 45 + 1, 0.6)
        elif ground in ("wall", "top"):
            dx, dy, soft = (9, 11, 7) if ground == "wall" else (size / 40 + 1, size / 28 + 2, 3.5)
            self._soft("#120a05", alpha, left + dx, upper + dy, soft, 0.45)
        if dim != 1.0:
            im = Image.merge("RGBA", (*ImageEnhance.Brightness(im.convert("RGB")).enhance(dim).split(), alpha))
        if blur:
            pad = math.ceil(3 * blur)
            wide = Image.new("RGBA", (im.width + 2 * pad, im.height + 2 * pad))
            wide.paste(im, (pad, pad))
            solid = Image.new("RGBA", wide.size, (*im.convert("RGB").resize((1, 1)).getpixel((0, 0)), 0))
            wide = Image.composite(wide, solid, wide.getchannel("A")).filter(ImageFilter.GaussianBlur(blur))
            im, left, upper = wide, left - pad, upper - pad
        self.im.paste(im, (left, upper), im)

    def row(
        self,
        names: Sequence[str],
        y: float,
        x0: float,
        x1: float,
        size: float,
        jitter: int = 0,
        **look: object,
    ) -> None:
        """Things side by side: a shelf, a back row or a front row."""
        step = (x1 - x0) / max(1, len(names) - 1)
        for i, name in enumerate(names):
            dx, dy = self.rng.randint(-jitter, jitter), self.rng.randint(-jitter, jitter) // 3
            grown = size * (1 + self.rng.uniform(-0.03, 0.03) * bool(jitter))
            self.put(name, x0 + i * step + dx, y + dy, grown, **look)

    def tag(
        self,
        x: float,
        y: float,
        text: str,
        tilt: float = 0,
        ink: str = "#23211f",
        paper: str = "#fffdf6",
        size: int = 22,
    ) -> None:
        """A price tag; (x, y) is the middle of its upper edge."""
        font = ImageFont.load_default(size)
        plain = text.replace("¥", "Y").replace("€", "C")  # the font has neither sign: letters with two bars
        w = round(font.getlength(plain)) + 22
        card = Image.new("RGBA", (w, size + 16))
        draw = ImageDraw.Draw(card)
        draw.rounded_rectangle((0, 0, w - 1, size + 15), 4, paper)
        draw.text((w / 2, size / 2 + 8), plain, ink, font, anchor="mm")
        for i, sign in enumerate(text):
            if sign in "¥€":
                a = 11 + font.getlength(plain[:i])
                b = a + font.getlength(plain[i]) * (0.72 if sign == "€" else 1)
                for k in (0.5, 0.66) if sign == "¥" else (0.42, 0.58):
                    draw.line((a - 1, 8 + size * k, b, 8 + size * k), ink, max(1, size // 14))
        if tilt:
            card = card.rotate(tilt, Image.Resampling.BICUBIC, expand=True)
        left = round(x - card.width / 2)
        self._soft("#120a05", card.getchannel("A"), left + 3, y + 4, 3, 0.45)
        self.im.paste(card, (left, round(y)), card)

    # -- light --

    def light(self, x: float, y: float, radius: float, colour: str = "#ffe0a8", strength: float = 0.6) -> None:
        """Light that adds to what is there: a lamp, a window."""
        curve = [int(max(0, 255 - v * 1.42) * strength) for v in range(256)]
        glow = Image.radial_gradient("L").resize((2 * round(radius), 2 * round(radius))).point(curve)
        mask = Image.new("L", (W, H))
        mask.paste(glow, (round(x - radius), round(y - radius)))
        tint = [mask.point([v * c // 255 for v in range(256)]) for c in ImageColor.getrgb(colour)]
        self.im = ImageChops.screen(self.im, Image.merge("RGB", tint))

    def shade(self, points: Sequence[Point], blur: float = 30, strength: float = 0.4, colour: str = "#0a0603") -> None:
        """A soft dark polygon: the shadow of a table, a wall, a tree."""
        mask, left, top = self._polygon(points, 1)
        self._soft(colour, mask, left, top, blur, strength)

    def bokeh(self, count: int, y0: int, y1: int, colours: Sequence[str], size: tuple[int, int] = (8, 26)) -> None:
        """Far lights out of focus."""
        for _ in range(count):
            x, y = self.rng.randint(0, W), self.rng.randint(y0, y1)
            self.light(x, y, self.rng.randint(*size), self.rng.choice(list(colours)), 0.8)

    def blur(self, radius: float) -> None:
        """Everything drawn so far moves out of focus."""
        self.im = self.im.filter(ImageFilter.GaussianBlur(radius))

    def photo(self, warmth: str = "#ffe9cf", strength: float = 0.1, grain: float = 9, corners: float = 0.75) -> None:
        """Last step: one light over all things, dark corners, grain."""
        tinted = ImageChops.multiply(self.im, Image.new("RGB", (W, H), warmth))
        self.im = Image.blend(self.im, tinted, min(1, strength * 4))
        edge = Image.radial_gradient("L").resize((W + 500, H + 400)).crop((250, 200, W + 250, H + 200))
        self.im.paste("#0b0705", (0, 0), edge.point([int(max(0, v - 70) * corners) for v in range(256)]))
        noise = Image.frombytes("L", (W, H), self.rng.randbytes(W * H))
        noise = noise.point([int(128 + (v - 128) * grain / 74) for v in range(256)]).convert("RGB")
        self.im = Image.blend(self.im, ImageChops.overlay(self.im, noise), 0.55)

"""Flat patterns for `Scene.plane`: tiles, boards, blankets, rugs and grass, seen from above."""

from __future__ import annotations

import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

SIZE = 1024


def tone(colour: str, factor: float) -> tuple[int, ...]:
    """A colour, brighter or darker."""
    return tuple(max(0, min(255, int(c * factor))) for c in ImageColor.getrgb(colour))


def dark(colour: str, factor: float) -> str:
    """The same as `tone`, written as a colour."""
    return "#{:02x}{:02x}{:02x}".format(*tone(colour, factor))


def noise(seed: int, cells: int, low: float, high: float) -> Image.Image:
    """Soft clouds of brightness (a mask between low and high, 0 to 255)."""
    rng = random.Random(seed)
    im = Image.frombytes("L", (cells, cells), rng.randbytes(cells * cells))
    return im.point([int(low + v * (high - low) / 255) for v in range(256)]).resize(
        (SIZE, SIZE), Image.Resampling.BICUBIC
    )


def mottled(im: Image.Image, seed: int, cells: int = 40, depth: int = 40) -> Image.Image:
    """The pattern with uneven brightness."""
    return ImageChops.multiply(im, noise(seed, cells, 255 - depth, 255).convert("RGB"))


def grass(light: str = "#86a84a", dark: str = "#4f7a33", seed: int = 1) -> Image.Image:
    """A lawn, earth or sand: two colours mixed at three sizes."""
    mask = ImageChops.blend(
        ImageChops.blend(noise(seed, 12, 0, 255), noise(seed + 1, 60, 0, 255), 0.5),
        noise(seed + 2, 300, 0, 255),
        0.3,
    )
    return Image.composite(Image.new("RGB", mask.size, light), Image.new("RGB", mask.size, dark), mask)


def tiles(
    colours: Sequence[str], nx: int = 8, ny: int = 8, joint: str = "#6a5b4d", seed: int = 2, gap: int = 5
) -> Image.Image:
    """A floor of tiles; two colours give a chessboard."""
    rng, im = random.Random(seed), Image.new("RGB", (SIZE, SIZE), joint)
    draw = ImageDraw.Draw(im)
    for j in range(ny):
        for i in range(nx):
            box = (
                i * SIZE // nx + gap,
                j * SIZE // ny + gap,
                (i + 1) * SIZE // nx - gap,
                (j + 1) * SIZE // ny - gap,
            )
            draw.rectangle(box, tone(colours[(i + j) % len(colours)], rng.uniform(0.9, 1.06)))
    return mottled(im, seed, 120, 22)


def bricks(
    colour: str, nx: int = 10, ny: int = 14, joint: str = "#8d8072", seed: int = 3, spread: float = 0.16
) -> Image.Image:
    """Bricks, cobbles or blocks of stone in shifted rows."""
    rng, im = random.Random(seed), Image.new("RGB", (SIZE, SIZE), joint)
    draw = ImageDraw.Draw(im)
    w, h = SIZE / nx, SIZE / ny
    for j in range(ny):
        for i in range(-1, nx + 1):
            x = (i + (j % 2) / 2) * w
            box = (x + 4, j * h + 4, x + w - 4, (j + 1) * h - 4)
            draw.rounded_rectangle(box, min(w, h) / 6, tone(colour, 1 + rng.uniform(-spread, spread)))
    return mottled(im, seed, 120, 30)


def planks(colour: str, count: int = 8, seed: int = 4, grain: bool = True) -> Image.Image:
    """Boards that run away from us."""
    rng, im = random.Random(seed), Image.new("RGB", (SIZE, SIZE))
    draw = ImageDraw.Draw(im)
    w = SIZE / count
    for i in range(count):
        draw.rectangle((i * w, 0, (i + 1) * w, SIZE), tone(colour, rng.uniform(0.9, 1.06)))
        for _ in range(14 if grain else 0):
            x = i * w + rng.uniform(4, w - 4)
            draw.line(
                [(x, 0), (x + rng.uniform(-8, 8), SIZE)],
                tone(colour, rng.uniform(0.84, 1.0)),
                rng.randint(1, 3),
            )
        draw.line([(i * w, 0), (i * w, SIZE)], tone(colour, 0.5), 5)
    return mottled(im.filter(ImageFilter.GaussianBlur(0.8)), seed, 30, 30)


def gingham(colour: str, paper: str = "#f6f1e6", count: int = 9) -> Image.Image:
    """A checked picnic blanket."""
    im = Image.new("RGB", (SIZE, SIZE), paper)
    step = SIZE / (2 * count + 1)
    for flip in (False, True):
        mask = Image.new("L", (SIZE, SIZE))
        draw = ImageDraw.Draw(mask)
        for i in range(0, 2 * count + 1, 2):
            a, b = i * step, (i + 1) * step
            draw.rectangle((a, 0, b, SIZE) if flip else (0, a, SIZE, b), 150)
        im.paste(Image.new("RGB", (SIZE, SIZE), colour), (0, 0), mask)
    return im


def stripes(colours: Sequence[str], count: int = 12, across: bool = False) -> Image.Image:
    """Coloured bands, along or across."""
    im = Image.new("RGB", (SIZE, SIZE))
    draw = ImageDraw.Draw(im)
    for i in range(count):
        a, b = i * SIZE / count, (i + 1) * SIZE / count
        draw.rectangle((0, a, SIZE, b) if across else (a, 0, b, SIZE), colours[i % len(colours)])
    return mottled(im, 7, 200, 16)


def rug(field: str, border: str, light: str, dark: str, nx: int = 5, ny: int = 5, seed: int = 5) -> Image.Image:
    """A woven rug: borders, a band of triangles and a field of diamonds."""
    im = Image.new("RGB", (SIZE, SIZE), dark)
    draw = ImageDraw.Draw(im)
    for inset, colour in ((18, border), (96, dark), (106, light), (118, dark), (128, field)):
        draw.rectangle((inset, inset, SIZE - inset, SIZE - inset), colour)
    for i in range(22):
        a = 24 + i * (SIZE - 48) / 22
        b = a + (SIZE - 48) / 22
        for points in (
            [(a, 88), (b, 88), ((a + b) / 2, 34)],
            [(a, SIZE - 34), (b, SIZE - 34), ((a + b) / 2, SIZE - 88)],
            [(88, a), (88, b), (34, (a + b) / 2)],
            [(SIZE - 34, a), (SIZE - 34, b), (SIZE - 88, (a + b) / 2)],
        ):
            draw.polygon(points, light)
    w, h = (SIZE - 280) / nx, (SIZE - 280) / ny
    for i in range(nx):
        for j in range(ny):
            x, y = 140 + (i + 0.5) * w, 140 + (j + 0.5) * h
            for k, colour in ((0.48, border), (0.34, dark), (0.24, light), (0.12, border)):
                draw.polygon([(x - w * k, y), (x, y - h * k), (x + w * k, y), (x, y + h * k)], colour)
    return mottled(im, seed, 90, 50)


def zellige(a: str, b: str, c: str, paper: str = "#e9e0cd", count: int = 7) -> Image.Image:
    """Tiles with stars of eight points."""
    im = Image.new("RGB", (SIZE, SIZE), paper)
    draw = ImageDraw.Draw(im)
    step = SIZE / count
    for i in range(count + 1):
        for j in range(count + 1):
            x, y, r = i * step, j * step, step * 0.34
            draw.rectangle((x - r, y - r, x + r, y + r), a)
            draw.polygon([(x - r * 1.41, y), (x, y - r * 1.41), (x + r * 1.41, y), (x, y + r * 1.41)], a)
            draw.rectangle((x - r / 2, y - r / 2, x + r / 2, y + r / 2), c)
            x, y = x + step / 2, y + step / 2
            draw.polygon([(x - r / 2, y), (x, y - r / 2), (x + r / 2, y), (x, y + r / 2)], b)
    return mottled(im, 9, 60, 30)


def tatami(colour: str = "#b9b173", edge: str = "#3d4a34") -> Image.Image:
    """Straw mats with dark bands."""
    rng, im = random.Random(11), Image.new("RGB", (SIZE, SIZE), colour)
    draw = ImageDraw.Draw(im)
    for x in range(0, SIZE, 4):
        draw.line([(x, 0), (x, SIZE)], tone(colour, rng.uniform(0.92, 1.04)), 3)
    for k in (0, 1, 2):
        draw.rectangle((k * 512 - 12, 0, k * 512 + 12, SIZE), edge)
    for y in (340, 690):
        draw.line([(0, y), (SIZE, y)], tone(colour, 0.6), 5)
    return mottled(im, 12, 20, 24)

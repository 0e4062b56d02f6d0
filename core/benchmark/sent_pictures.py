"""Stored pictures -> as they travel to a model: data URLs with their true media type, no side too long."""

import base64
import io
from functools import lru_cache

from PIL import Image as Pillow

from core.benchmark.images import MEDIA_TYPES, original_path
from core.errors import UserError
from core.models import Image

# What endpoints take as it is; the others are made anew as JPEG.
_TAKEN = ("image/jpeg", "image/png", "image/webp", "image/gif")
LONGEST_SIDE = 2048
SHORTEST_LONGEST_SIDE = 64


def check_side(max_side: int) -> None:
    """Refuse a bound for pictures that cannot be meant.

    Raises:
        UserError: it is out of its range.
    """
    if not SHORTEST_LONGEST_SIDE <= max_side <= LONGEST_SIDE:
        raise UserError(f"The longest side of a picture is {SHORTEST_LONGEST_SIDE} to {LONGEST_SIDE} pixels.")


def picture_url(image: Image, *, max_side: int) -> str | None:
    """Return a picture as a data URL, scaled so that no side is longer than `max_side` pixels; None if it is gone."""
    return _url(image.sha256, image.media_type, max(image.width, image.height) > max_side, max_side)


@lru_cache(maxsize=24)
def _url(sha256: str, media_type: str, is_scaled: bool, max_side: int) -> str | None:
    path = original_path(sha256, media_type)
    if not path.is_file():
        return None
    content = path.read_bytes()
    if is_scaled or media_type not in _TAKEN:
        content, media_type = _made_anew(content, max_side), "image/jpeg"
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def _made_anew(content: bytes, max_side: int) -> bytes:
    with Pillow.open(io.BytesIO(content), formats=list(MEDIA_TYPES)) as picture:
        opaque = picture.convert("RGBA")
        smaller = Pillow.new("RGB", opaque.size, "white")
        smaller.paste(opaque, mask=opaque.getchannel("A"))
    smaller.thumbnail((max_side, max_side), Pillow.Resampling.LANCZOS)
    out = io.BytesIO()
    smaller.save(out, "JPEG", quality=90)
    return out.getvalue()

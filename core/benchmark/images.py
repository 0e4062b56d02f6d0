"""Open pictures safely, store them once by their SHA-256, and make what is shown of them anew."""

import hashlib
import io
import os
import struct
import tempfile
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

from PIL import Image as Pillow
from PIL import ImageOps

from core.config import settings

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_FRAMES = 50
# Each frame is decoded to look for one too many.
MAX_ANIMATED_PIXELS = 4_000_000
_TOO_MANY_PIXELS = f"more than {MAX_PIXELS // 1_000_000} million pixels"
THUMBNAIL_SIDE = 512
DISPLAY_SIDE = 1600
# By content, never by name; SVG is not among them: it can carry scripts.
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif", "BMP": "image/bmp"}
# Cameras write a JPEG with a second picture behind it; the first one is a JPEG like any other.
_BY_FORMAT = MEDIA_TYPES | {"MPO": "image/jpeg"}
SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "image/bmp": "bmp"}
# What Pillow's decoders raise over broken content.
_BROKEN = (OSError, ValueError, TypeError, SyntaxError, KeyError, IndexError, EOFError, OverflowError, struct.error)
_DECODER_ERRORS = (*_BROKEN, zlib.error, MemoryError)


@dataclass(frozen=True)
class StoredImage:
    """A picture that was opened whole and is stored; width and height in pixels, as the file has them."""

    sha256: str
    media_type: str
    width: int
    height: int
    byte_count: int


@dataclass(frozen=True)
class RejectedImage:
    """A picture that is not stored, and why, in words for people."""

    reason: str


def store_image(content: bytes) -> StoredImage | RejectedImage:
    """Check a picture, store it with its thumbnail and return what it is; storing it again changes nothing."""
    checked = check_image(content)
    if isinstance(checked, RejectedImage):
        return checked
    stored, thumbnail = checked
    _write_once(original_path(stored.sha256, stored.media_type), content)
    _write_once(thumbnail_path(stored.sha256), thumbnail)
    return stored


def check_image(content: bytes) -> tuple[StoredImage, bytes] | RejectedImage:
    """Return what a picture is, with its thumbnail as JPEG, or why it is rejected.

    The header is read first: nothing is decoded of a picture that is too large.
    """
    if len(content) > MAX_BYTES:
        return RejectedImage(f"larger than {MAX_BYTES // 2**20} MB")
    try:
        with warnings.catch_warnings():
            # Pillow warns where it only suspects a bomb; our own bound below decides.
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            picture = Pillow.open(io.BytesIO(content), formats=list(MEDIA_TYPES))
    except Pillow.DecompressionBombError:
        return RejectedImage(_TOO_MANY_PIXELS)
    except _DECODER_ERRORS:
        return RejectedImage("no picture that can be opened (JPEG, PNG, WebP, GIF and BMP can)")
    with picture:
        width, height = picture.size
        if width * height > MAX_PIXELS:
            return RejectedImage(_TOO_MANY_PIXELS)
        try:
            media_type = _BY_FORMAT[picture.format or ""]
            if _has_too_many_frames(picture):
                return RejectedImage(f"animated, with more than {MAX_FRAMES} frames or frames that are too large")
            thumbnail = _as_jpeg(picture, THUMBNAIL_SIDE, quality=80)
        except _DECODER_ERRORS:
            return RejectedImage("broken: it ends early or its content is damaged")
    digest = hashlib.sha256(content).hexdigest()
    return StoredImage(digest, media_type, width, height, len(content)), thumbnail


def original_path(sha256: str, media_type: str) -> Path:
    """Return where a stored picture lies, byte for byte as it came."""
    return settings().images / sha256[:2] / f"{sha256}.{SUFFIXES[media_type]}"


def thumbnail_path(sha256: str) -> Path:
    """Return where a stored picture's thumbnail lies (JPEG, at most 512 pixels a side)."""
    return settings().images / sha256[:2] / f"{sha256}.thumb.jpg"


def display_copy(sha256: str, media_type: str) -> Path:
    """Return where a picture lies as it is shown large (JPEG, at most 1600 pixels a side); made when first asked.

    Raises:
        FileNotFoundError: the picture is not stored; look at `original_path` first.
    """
    path = settings().images / sha256[:2] / f"{sha256}.display.jpg"
    if not path.exists():
        with Pillow.open(original_path(sha256, media_type), formats=list(MEDIA_TYPES)) as picture:
            _write_once(path, _as_jpeg(picture, DISPLAY_SIDE, quality=88))
    return path


def _has_too_many_frames(picture: Pillow.Image) -> bool:
    """Look for one frame too many instead of counting: a GIF may say that it has 100,000."""
    if picture.format == "MPO" or not getattr(picture, "is_animated", False):
        return False
    if picture.width * picture.height > MAX_ANIMATED_PIXELS:
        return True
    try:
        picture.seek(MAX_FRAMES)
    except EOFError:
        picture.seek(0)
        return False
    return True


def _as_jpeg(picture: Pillow.Image, side: int, *, quality: int) -> bytes:
    """Return the picture anew as JPEG: upright, opaque, without the metadata it came with."""
    picture.draft("RGB", (side, side))
    if picture.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        # Small first: each further step would copy the whole picture.
        picture.thumbnail((side, side), Pillow.Resampling.BICUBIC, reducing_gap=2.0)
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layered = upright.convert("RGBA")
        upright = Pillow.new("RGB", layered.size, "white")
        upright.paste(layered, mask=layered.getchannel("A"))
    upright = upright.convert("RGB")
    upright.thumbnail((side, side), Pillow.Resampling.BICUBIC, reducing_gap=2.0)
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _write_once(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; one that is there already has the same content by its name."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)

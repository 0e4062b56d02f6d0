"""A picture that a person uploads -> stored without what a camera writes about place and owner."""

import io

from PIL import Image as Pillow
from PIL import ImageOps

from core.benchmark.images import RejectedImage, StoredImage, check_image, store_image
from core.errors import UserError

# Animated and plain bitmap files carry no such fields.
_MAY_HOLD_TRACES = ("JPEG", "MPO", "PNG", "WEBP")
_TRACES = {"exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment"}


def kept_picture(content: bytes | None) -> StoredImage:
    """Return the stored picture.

    Raises:
        UserError: there is none, or it cannot be opened safely.
    """
    if not content:
        raise UserError("Add a picture: a JPEG, PNG, WebP, GIF or BMP file.")
    # Checked before anything here decodes it.
    picture_preview(content)
    stored = store_image(_without_traces(content))
    if isinstance(stored, RejectedImage):
        raise UserError(_refused(stored))
    return stored


def picture_preview(content: bytes) -> bytes:
    """Return a picture as a small JPEG made anew, to show before it is stored.

    Raises:
        UserError: it cannot be opened safely.
    """
    checked = check_image(content)
    if isinstance(checked, RejectedImage):
        raise UserError(_refused(checked))
    return checked[1]


def _refused(rejected: RejectedImage) -> str:
    return f"This picture cannot be used: {rejected.reason}. Choose another file."


def _without_traces(content: bytes) -> bytes:
    """Return a picture without what a camera wrote into it: a phone says where a photo was taken."""
    try:
        with Pillow.open(io.BytesIO(content)) as picture:
            held = picture.format in _MAY_HOLD_TRACES and bool(_TRACES & set(picture.info) or picture.getexif())
            if not held or (picture.format != "MPO" and getattr(picture, "is_animated", False)):
                return content
            return _made_anew(picture)
    except (OSError, ValueError, SyntaxError) as error:
        raise UserError(_refused(RejectedImage("broken: it ends early or its content is damaged"))) from error


def _made_anew(picture: Pillow.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    colours = upright.info.get("icc_profile") if upright.mode == "RGB" else None
    upright.info.clear()
    out = io.BytesIO()
    if upright.mode in ("L", "RGB", "CMYK"):
        upright.convert("RGB").save(out, "JPEG", quality=95, icc_profile=colours)
    else:
        upright.convert("RGBA").save(out, "PNG")
    return out.getvalue()

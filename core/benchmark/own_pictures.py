"""A picture that a person uploads -> the same picture made anew, stored without anything else its file held."""

import io

from PIL import Image as Pillow
from PIL import ImageCms, ImageOps

from core.benchmark.images import MEDIA_TYPES, RejectedImage, StoredImage, check_image, store_image
from core.errors import UserError

# Cameras write MPO: a JPEG with more pictures behind it.
_PHOTOS = ("JPEG", "MPO", "WEBP")


def kept_picture(content: bytes | None) -> StoredImage:
    """Return the stored picture.

    Raises:
        UserError: there is none, or it cannot be opened safely.
    """
    if not content:
        raise UserError("Add a picture: a JPEG, PNG, WebP, GIF or BMP file.")
    # Checked before anything here decodes it.
    picture_preview(content)
    stored = store_image(_made_anew(content))
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


def _made_anew(content: bytes) -> bytes:
    """Return the pixels of the first frame as a file of our own.

    Always: where a photo was taken and who took it can stand in more places of a file than could be looked for.
    """
    out = io.BytesIO()
    try:
        with Pillow.open(io.BytesIO(content), formats=list(MEDIA_TYPES)) as picture:
            is_photo = picture.format in _PHOTOS
            upright = _in_srgb(ImageOps.exif_transpose(picture))
    except (OSError, ValueError, SyntaxError) as error:
        raise UserError(_refused(RejectedImage("broken: it ends early or its content is damaged"))) from error
    # Pillow would write what it read beside the pixels into the new file.
    upright.info.clear()
    if is_photo and upright.mode == "RGB":
        upright.save(out, "JPEG", quality=95)
    else:
        upright.save(out, "PNG")
    return out.getvalue()


def _in_srgb(picture: Pillow.Image) -> Pillow.Image:
    """Return a picture in the colours every screen takes for granted; a profile can hold texts, so none is kept."""
    profile = picture.info.get("icc_profile")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if picture.mode not in ("L", "RGB", "RGBA", "CMYK"):
        picture = picture.convert(mode)
    if profile:
        try:
            held = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            shown = ImageCms.profileToProfile(picture, held, ImageCms.createProfile("sRGB"), outputMode=mode)
            return shown or picture.convert(mode)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            # A profile that cannot be opened says nothing about the colours.
            pass
    return picture.convert(mode)

"""Pictures of own items: made anew, so that nothing but the pixels of the first frame is kept."""

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image as Pillow
from PIL import ImageCms
from PIL.PngImagePlugin import PngInfo

from core.benchmark.images import original_path
from core.benchmark.own_pictures import kept_picture

SECRET = b"my-secret-place"
RED, BLUE = (220, 20, 30), (20, 30, 220)


def saved(form: str, *, mode: str = "RGB", **extra: object) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (40, 30), RED).convert(mode).save(out, form, **extra)
    return out.getvalue()


def animated(form: str) -> dict[str, object]:
    return {"save_all": True, "append_images": [Pillow.new("RGB", (40, 30), BLUE)], "duration": 100}


def traces() -> bytes:
    exif = Pillow.Exif()
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[29] = SECRET.decode()
    return exif.tobytes()


def png_text() -> bytes:
    told = PngInfo()
    told.add_text("Author", SECRET.decode())
    told.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return saved("PNG", pnginfo=told)


def private_png_chunk() -> bytes:
    content, end = saved("PNG"), 33
    chunk = struct.pack(">I", len(SECRET)) + b"prVt" + SECRET
    return content[:end] + chunk + struct.pack(">I", zlib.crc32(chunk[4:])) + content[end:]


def jpeg_segment(marker: int, begin: bytes = b"") -> bytes:
    content = saved("JPEG")
    body = begin + SECRET
    return content[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + content[2:]


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def forged_profile() -> bytes:
    return SECRET * 20


def wordy_profile() -> bytes:
    """Return a profile that can be opened, with words behind what is read of it."""
    held = profile() + SECRET
    return struct.pack(">I", len(held)) + held[4:]


KINDS: dict[str, Callable[[], bytes]] = {
    "EXIF with a place in a JPEG": lambda: saved("JPEG", exif=traces()),
    "EXIF in a PNG": lambda: saved("PNG", exif=traces()),
    "EXIF in a WebP": lambda: saved("WEBP", exif=traces()),
    "EXIF in an animated WebP": lambda: saved("WEBP", exif=traces(), **animated("WEBP")),
    "EXIF in an animated PNG": lambda: saved("PNG", exif=traces(), **animated("PNG")),
    "XMP in a WebP": lambda: saved("WEBP", xmp=SECRET),
    "texts in a PNG": png_text,
    "a private chunk of a PNG": private_png_chunk,
    "a comment in a GIF": lambda: saved("GIF", mode="P", comment=SECRET),
    "a comment in an animated GIF": lambda: saved("GIF", comment=SECRET, **animated("GIF")),
    "a comment in a JPEG": lambda: jpeg_segment(0xFE),
    "a segment of a JPEG that nobody knows": lambda: jpeg_segment(0xE9),
    "a segment of Photoshop's in a JPEG": lambda: jpeg_segment(0xED, b"Photoshop 3.0\0"),
    "a forged colour profile in a JPEG": lambda: saved("JPEG", icc_profile=forged_profile()),
    "a forged colour profile in a PNG": lambda: saved("PNG", mode="RGBA", icc_profile=forged_profile()),
    "a colour profile with words in it": lambda: saved("JPEG", icc_profile=wordy_profile()),
    **{f"what lies behind a {form}": lambda form=form: saved(form) + SECRET for form in ("JPEG", "PNG", "GIF", "BMP")},
    "what lies behind a WebP": lambda: saved("WEBP") + SECRET,
}


def kept(content: bytes) -> bytes:
    stored = kept_picture(content)
    return original_path(stored.sha256, stored.media_type).read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_the_pixels_is_kept(workspace, kind):
    content = KINDS[kind]()
    assert _holds_secret(content), "the file of this test holds nothing to be found"
    made = kept(content)
    assert not _holds_secret(made)
    with Pillow.open(io.BytesIO(made)) as picture:
        assert picture.size == (40, 30)
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        after = picture.convert("RGB").getpixel((20, 15))
    with Pillow.open(io.BytesIO(content)) as picture:
        before = picture.convert("RGB").getpixel((20, 15))
    assert max(abs(one - other) for one, other in zip(after, before, strict=True)) < 8


def _holds_secret(content: bytes) -> bool:
    """Return whether the words stand in a file, as they are or packed as PNG packs a colour profile."""
    if SECRET in content:
        return True
    with Pillow.open(io.BytesIO(content)) as picture:
        return SECRET in (picture.info.get("icc_profile") or b"")


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_is_kept(workspace, form):
    with Pillow.open(io.BytesIO(kept(saved(form, **animated(form))))) as picture:
        assert not getattr(picture, "is_animated", False)
        red, _, blue = picture.convert("RGB").getpixel((20, 15))
    assert red > 200 > 60 > blue


def test_a_photo_taken_sideways_stands_upright(workspace):
    exif = Pillow.Exif()
    exif[0x0112] = 6
    stored = kept_picture(saved("JPEG", exif=exif.tobytes()))
    assert (stored.width, stored.height) == (30, 40)


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP"])
def test_what_is_transparent_stays_so(workspace, form):
    out = io.BytesIO()
    layered = Pillow.new("RGBA", (40, 30), (*RED, 255))
    layered.paste((0, 0, 0, 0), (0, 0, 10, 10))
    layered.save(out, form)
    with Pillow.open(io.BytesIO(kept(out.getvalue()))) as picture:
        assert [picture.convert("RGBA").getpixel((place, place))[3] for place in (2, 20)] == [0, 255]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_pictures_of_every_make_are_kept(workspace, mode):
    form = "JPEG" if mode == "CMYK" else "PNG"
    assert kept_picture(saved(form, mode=mode)).width == 40


def test_the_same_picture_twice_is_the_same_file(workspace):
    assert kept_picture(saved("PNG")) == kept_picture(saved("PNG"))


def test_a_colour_profile_is_applied_and_one_that_cannot_be_opened_is_left_out(workspace):
    # Says of red that it is blue.
    swapped = profile().replace(b"rXYZ", b"tmpX").replace(b"bXYZ", b"rXYZ").replace(b"tmpX", b"bXYZ")
    with Pillow.open(io.BytesIO(kept(saved("PNG", icc_profile=swapped)))) as picture:
        red, _, blue = picture.getpixel((20, 15))
    assert red < 60 < 200 < blue
    assert kept(saved("PNG", icc_profile=forged_profile())) == kept(saved("PNG"))

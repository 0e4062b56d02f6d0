"""Pictures are opened safely, stored once, and made anew before they are shown."""

import hashlib
import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image as Pillow

from core.benchmark.images import (
    DISPLAY_SIDE,
    THUMBNAIL_SIDE,
    RejectedImage,
    StoredImage,
    check_image,
    display_copy,
    original_path,
    store_image,
    thumbnail_path,
)


def picture_bytes(
    size: tuple[int, int] = (800, 600), kind: str = "JPEG", mode: str = "RGB", **options: object
) -> bytes:
    out = io.BytesIO()
    Pillow.effect_noise(size, 60).convert(mode).save(out, kind, **options)
    return out.getvalue()


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """Return a PNG of that size, made by hand: about 100 KB that would fill gigabytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    row = zlib.compress((b"\0" + b"\0" * (width // 8)) * height, 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def reason(content: bytes) -> str:
    outcome = check_image(content)
    assert isinstance(outcome, RejectedImage)
    return outcome.reason


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_a_picture_is_stored_as_it_came_with_a_thumbnail(workspace, kind):
    content = picture_bytes(kind=kind)
    stored = store_image(content)
    assert isinstance(stored, StoredImage)
    assert (stored.width, stored.height) == (800, 600)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert original_path(stored.sha256, stored.media_type).read_bytes() == content
    with Pillow.open(thumbnail_path(stored.sha256)) as thumbnail:
        assert thumbnail.format == "JPEG"
        assert max(thumbnail.size) == THUMBNAIL_SIDE


def test_what_is_shown_large_is_made_anew(workspace):
    stored = store_image(picture_bytes((2400, 1200), "PNG"))
    assert isinstance(stored, StoredImage)
    with Pillow.open(display_copy(stored.sha256, stored.media_type)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (DISPLAY_SIDE, DISPLAY_SIDE // 2))


def test_transparent_pixels_become_white(workspace):
    out = io.BytesIO()
    Pillow.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    stored = store_image(out.getvalue())
    assert isinstance(stored, StoredImage)
    with Pillow.open(thumbnail_path(stored.sha256)) as thumbnail:
        assert min(thumbnail.getpixel((20, 20))) > 250


def test_a_bomb_is_rejected_by_its_header_in_little_memory():
    content = bomb()
    assert len(content) < 200_000
    assert reason(content) == reason(bomb(8_000, 6_000)) == "more than 40 million pixels"
    # The same in a process that may not grow: 1 GB of address space is less than the picture would take.
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30)); "
        "from core.benchmark.images import check_image; print(check_image(sys.stdin.buffer.read()).reason)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=content, capture_output=True, check=True)
    assert done.stdout.strip() == b"more than 40 million pixels"


def test_a_picture_with_too_many_frames_is_rejected():
    frames = [Pillow.new("L", (4, 4), n * 4) for n in range(60)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=10)
    assert "more than 50 frames" in reason(out.getvalue())


def test_a_camera_s_picture_with_a_second_one_behind_it_is_a_jpeg(workspace):
    out = io.BytesIO()
    pictures = [Pillow.effect_noise((90, 60), 50).convert("RGB") for _ in range(2)]
    pictures[0].save(out, "MPO", save_all=True, append_images=pictures[1:])
    stored = store_image(out.getvalue())
    assert isinstance(stored, StoredImage)
    assert (stored.media_type, stored.width) == ("image/jpeg", 90)


def test_a_picture_taken_sideways_is_shown_upright(workspace):
    exif = Pillow.Exif()
    exif[0x0112] = 6
    stored = store_image(picture_bytes((1200, 600), exif=exif))
    assert isinstance(stored, StoredImage)
    with Pillow.open(thumbnail_path(stored.sha256)) as thumbnail:
        assert thumbnail.size == (256, 512)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0" + b"\0" * 50,
        b"RIFF\x00\x00\x00\x00WEBP",
        b"%PDF-1.7",
    ],
)
def test_what_is_no_picture_is_rejected(content):
    assert reason(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_cut_picture_never_raises(kind):
    content = picture_bytes((200, 150), kind)
    outcomes = [check_image(content[: len(content) * cut // 200]) for cut in range(200)]
    assert all(isinstance(outcome, RejectedImage) for outcome in outcomes[:150])

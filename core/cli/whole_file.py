"""Pieces of text -> a file that is written whole or not at all."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from core.errors import UserError


def write_whole(out: Path, pieces: Iterable[str]) -> int:
    """Write a file, UTF-8, and return how many pieces it got; one that is there is replaced once all is written.

    Raises:
        UserError: its folder is missing or cannot be written to.
    """
    if not out.resolve().parent.is_dir():
        raise UserError(f"{out}: the folder does not exist. Make it first, or name another file.")
    if out.is_dir():
        raise UserError(f"{out} is a folder. Name the file to write.")
    try:
        handle, name = tempfile.mkstemp(dir=out.resolve().parent, prefix=".writing-")
    except OSError as error:
        raise UserError(f"{out} cannot be written ({error.strerror}). Name another place.") from error
    try:
        # The line ends are those of the format.
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            written = sum(1 for piece in pieces if file.write(piece) >= 0)
        # A temporary file is private; an export is an ordinary file.
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(out)
    finally:
        Path(name).unlink(missing_ok=True)
    return written

"""Files that came in through the browser -> a folder that the importer can read."""

import shutil
import time
import uuid
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from core.config import settings
from core.errors import BenchmarkFormatError

_KEPT_S = 7 * 24 * 3600
_KNOWN = {".json", ".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"}


def keep_uploads(files: Iterable[tuple[str, bytes]]) -> Path:
    """Write uploaded files to a new folder below the workspace's uploads and return the folder to import.

    Args:
        files: (name, content); the name of a file out of an uploaded folder holds its place in it.

    Raises:
        BenchmarkFormatError: a name leaves the folder, or there is no JSON file among them.
    """
    _remove_old_uploads()
    placed = [(_place(name), content) for name, content in files]
    wanted = [(place, content) for place, content in placed if place.suffix.lower() in _KNOWN]
    if not any(place.suffix.lower() == ".json" for place, _ in wanted):
        raise BenchmarkFormatError("There is no .json file among the uploads. Add CROSS's data files and try again.")
    folder = settings().uploads / uuid.uuid4().hex
    # A chosen folder comes as "CROSS/data/casa/english.json"; the layout begins below its own name.
    tops = {place.parts[0] for place, _ in wanted}
    strip = 1 if len(tops) == 1 and all(len(place.parts) > 1 for place, _ in wanted) and tops != {"data"} else 0
    try:
        for place, content in wanted:
            path = folder.joinpath(*place.parts[strip:])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise BenchmarkFormatError(
            f"The uploads could not be kept ({error.strerror}). Nothing was imported."
        ) from error
    return folder


def _remove_old_uploads() -> None:
    """Remove what imports left that were never finished; a week is time enough to start one again."""
    if settings().uploads.is_dir():
        for folder in settings().uploads.iterdir():
            if time.time() - folder.stat().st_mtime > _KEPT_S:
                shutil.rmtree(folder, ignore_errors=True)


def _place(name: str) -> PurePosixPath:
    place = PurePosixPath(name.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts or "\0" in name or not place.parts:
        raise BenchmarkFormatError(f"{name!r}: this name leaves the folder. Rename the file and upload it again.")
    return place

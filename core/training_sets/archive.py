"""Turn a training set's folder into one zip file for download; made when first asked for, then reused."""

import os
import tempfile
import zipfile
from pathlib import Path

from core.config import settings
from core.errors import TrainingSetError
from core.models import TrainingSet
from core.training_sets.stored import folder_of

# Fixed, so that the same set makes the same archive.
_DATE = (2020, 1, 1, 0, 0, 0)


def archive_path(training_set: TrainingSet) -> Path:
    """Return the zip of a set; stored, not deflated: Parquet and pictures are compressed already.

    Raises:
        TrainingSetError: the set's folder is gone.
    """
    folder = folder_of(training_set)
    if not (folder / "manifest.json").is_file():
        raise TrainingSetError(f"The files of the training set {training_set.name} are gone. Freeze it again.")
    place = settings().downloads
    place.mkdir(parents=True, exist_ok=True)
    # The checksum is part of the name, so that an archive is never taken for that of another set.
    path = place / f"{training_set.folder}-{training_set.sha256[:12]}.zip"
    if not path.exists():
        # Two who ask at once each write their own; the last one stands, and is the same.
        handle, name = tempfile.mkstemp(dir=place, prefix=".writing-")
        os.close(handle)
        writing = Path(name)
        try:
            _write(writing, folder)
            writing.replace(path)
        finally:
            writing.unlink(missing_ok=True)
    return path


def _write(path: Path, folder: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, date_time=_DATE)
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as target, file.open("rb") as source:
                while block := source.read(1 << 20):
                    target.write(block)

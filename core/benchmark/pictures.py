"""Find the pictures that records name, inside the given folders only, and store each once."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from core.benchmark.images import MAX_BYTES, RejectedImage, StoredImage, original_path, store_image, thumbnail_path
from core.db import reading
from core.models import Image
from core.rubric import ImageStatus


@dataclass(frozen=True)
class Picture:
    """What became of the picture a record names."""

    status: ImageStatus
    note: str | None = None
    stored: StoredImage | None = None


class PictureFinder:
    """Looks pictures up for one import; each file is read once, however many records name it."""

    def __init__(self, roots: list[Path]) -> None:
        """Look in these folders and nowhere else."""
        self._roots = [root.resolve() for root in roots]
        self._found: dict[str, Picture] = {}
        self.new = 0
        self._refused = 0

    def picture(self, path: str | None, problem: str | None) -> Picture:
        """Return the picture of a record.

        Args:
            path: its place inside the source, as `normalised_path` gave it.
            problem: why there is no such place, if so.
        """
        if problem is not None:
            self._refused += 1
            return Picture("rejected", problem)
        if path is None:
            return Picture("missing", "the record names no picture")
        if path not in self._found:
            try:
                self._found[path] = self._look_up(path)
            except (OSError, ValueError):
                # A name too long for the file system, a file without the right to read it.
                self._found[path] = Picture("rejected", "its file cannot be opened")
        return self._found[path]

    def counts(self) -> dict[str, int]:
        """Return how many pictures are new, missing and rejected; each file counts once."""
        statuses = [picture.status for picture in self._found.values()]
        rejected = statuses.count("rejected") + self._refused
        return {"new": self.new, "missing": statuses.count("missing"), "rejected": rejected}

    def _look_up(self, path: str) -> Picture:
        parts = path.split("/")
        for root in self._roots:
            # A folder of pictures may be the checkout, its images/, or one flat folder.
            for tail in (parts, parts[1:], parts[-1:]):
                candidate = root.joinpath(*tail)
                if not tail or not candidate.is_file():
                    continue
                if not candidate.resolve().is_relative_to(root):
                    return Picture("rejected", "its path leaves the folder")
                return self._read(candidate)
        return Picture("missing", "its file was not found")

    def _read(self, file: Path) -> Picture:
        if file.stat().st_size > MAX_BYTES:
            return Picture("rejected", f"larger than {MAX_BYTES // 2**20} MB")
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        with reading() as session:
            known = _known_image(session, digest)
        if known is not None:
            return Picture("ok", stored=known)
        outcome = store_image(content)
        if isinstance(outcome, RejectedImage):
            return Picture("rejected", outcome.reason)
        self.new += 1
        return Picture("ok", stored=outcome)


def _known_image(session: Session, digest: str) -> StoredImage | None:
    """Return a picture that is in the database and whole on disk, so that it need not be opened again."""
    row = session.exec(select(Image).where(col(Image.sha256) == digest)).first()
    if row is None or not original_path(digest, row.media_type).exists() or not thumbnail_path(digest).exists():
        return None
    return StoredImage(digest, row.media_type, row.width, row.height, row.byte_count)

"""Which files of a folder are a benchmark's, in the order they are read, and where its pictures may lie."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from core.errors import BenchmarkFormatError

_RESULTS = ("generation_results", "evaluation_results")
# Training files of CROSS that lie beside its benchmark: known, and no items.
_TRAINING_FOLDERS = ("cvqa_sft", "safety_sft", "safety_dpo")
_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".svg", ".avif", ".tif", ".tiff"}


@dataclass(frozen=True)
class SourceFile:
    """One file of an import: where it lies, its place in the layout, and why it is skipped, if it is."""

    path: Path
    place: PurePath
    skipped: str | None = None


def source_files(path: Path) -> list[SourceFile]:
    """Return the files to import: items first, then responses, then judgements, each by name.

    Args:
        path: a folder laid out like CROSS, a flat folder of JSON files, or one JSON file.

    Raises:
        BenchmarkFormatError: there is nothing at the path, or nothing to import in it.
    """
    if path.is_file():
        # Its last folders tell subset and setting where it lies in a checkout.
        return [SourceFile(path, _place_in_checkout(path.resolve()))]
    if not path.is_dir():
        raise BenchmarkFormatError(f"{path}: there is no such file or folder. Check the path and import again.")
    laid_out = (path / "data").is_dir() or any((path / name).is_dir() for name in _RESULTS)
    files = list(_checkout(path) if laid_out else _flat(path))
    if all(file.skipped for file in files):
        raise BenchmarkFormatError(
            f"{path}: holds no JSON file of a benchmark. "
            "Give a CROSS checkout, a folder of JSON files, or one such file."
        )
    return files


def _place_in_checkout(file: Path) -> PurePath:
    """Return the part of a path that a checkout's layout gives a meaning, or the bare name."""
    for parts in (file.parts[-3:], file.parts[-4:]):
        if parts[0] == "data" or (len(parts) == 4 and parts[0] in _RESULTS):
            return PurePath(*parts)
    return PurePath(file.name)


def picture_roots(path: Path, images: Path | None) -> list[Path]:
    """Return the folders in which pictures may lie; no picture is read from anywhere else."""
    if images is not None:
        if not images.is_dir():
            raise BenchmarkFormatError(f"{images}: there is no such folder of pictures. Check --images.")
        return [images.resolve()]
    if path.is_dir():
        return [path.resolve()]
    parents = path.resolve().parents
    inside = next((p for p in parents if p.name in ("data", *_RESULTS)), None)
    return [inside.parent if inside else parents[0]]


def _checkout(path: Path) -> Iterator[SourceFile]:
    for top in ("data", *_RESULTS):
        for file in sorted(path.glob(f"{top}/**/*")):
            place = file.relative_to(path)
            if not file.is_file() or any(part.startswith(".") for part in place.parts) or _is_picture(file):
                continue
            expected = 3 if top == "data" else 4
            if place.parts[1] in _TRAINING_FOLDERS:
                yield SourceFile(file, place, "training data, no items")
            elif top != "data" and place.parts[1] == "direct":
                yield SourceFile(file, place, "CROSS's direct setting asks other questions than the items")
            elif not file.resolve().is_relative_to(path.resolve()):
                yield SourceFile(file, place, "its path leaves the folder")
            elif file.suffix.lower() != ".json":
                yield SourceFile(file, place, "not a .json file")
            elif len(place.parts) != expected:
                yield SourceFile(file, place, f"not where CROSS keeps its files ({top}/<subset>/... )")
            else:
                yield SourceFile(file, place)


def _flat(path: Path) -> Iterator[SourceFile]:
    for file in sorted(path.iterdir()):
        if not file.is_file() or file.name.startswith(".") or _is_picture(file):
            continue
        skipped = None if file.suffix.lower() == ".json" else "not a .json file"
        if not file.resolve().is_relative_to(path.resolve()):
            skipped = "its path leaves the folder"
        yield SourceFile(file, PurePath(file.name), skipped)


def _is_picture(file: Path) -> bool:
    return file.suffix.lower() in _PICTURES

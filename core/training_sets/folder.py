"""Write the folder of a training set, and read it back: Parquet with the pictures embedded, manifest, card."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import TrainingSetError
from core.rubric import TrainingSetKind
from core.training_sets.card import dataset_card
from core.training_sets.rows import Part, Selection, TrainingRow, canonical_line, canonical_sha256, record

PARTS: tuple[Part, ...] = ("train", "validation")
# Few, so that a set of large pictures never stands in memory whole, neither here nor when it is read.
ROWS_AT_ONCE = 32
_EXTRAS = ("item_id", "family_id", "country", "language", "negative_type")
_ANSWERS: dict[TrainingSetKind, tuple[str, ...]] = {"dpo": ("chosen", "rejected"), "sft": ("completion",)}


def parquet_path(folder: Path, part: Part) -> Path:
    """Return where one part of a set lies in its folder."""
    return folder / "data" / f"{part}-00000-of-00001.parquet"


def write_parquet(
    folder: Path,
    selection: Selection,
    *,
    picture_paths: Mapping[str, Path],
    on_row: Callable[[int], None],
) -> None:
    """Write both parts with the pictures' own bytes in them; both have the same columns, one may hold no row.

    Args:
        folder: of the set; `data/` is made in it.
        selection: the rows of both parts, in the order they are to have; its kind decides the columns.
        picture_paths: by SHA-256, one for each picture of the rows.
        on_row: told how many rows are written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    kind = selection.kind
    schema = _features(kind).arrow_schema
    (folder / "data").mkdir()
    written = 0
    for part in PARTS:
        of_part = [row for row in selection.rows if row.part == part]
        # An empty part gets no row group: of one without rows `datasets` asks for batches of nothing and fails.
        with pq.ParquetWriter(parquet_path(folder, part), schema) as writer:
            for start in range(0, len(of_part), ROWS_AT_ONCE):
                batch = [_embedded(kind, row, picture_paths) for row in of_part[start : start + ROWS_AT_ONCE]]
                writer.write_table(pa.Table.from_pylist(batch, schema=schema))
                written += len(batch)
                on_row(written)


def _features(kind: TrainingSetKind) -> Any:  # noqa: ANN401 - datasets.Features, imported only where it is used
    from datasets import Features, Image, List, Value

    messages = List({"role": Value("string"), "content": List({"type": Value("string"), "text": Value("string")})})
    return Features(
        {
            "prompt": messages,
            **dict.fromkeys(_ANSWERS[kind], messages),
            "images": List(Image()),
            "pair_id": Value("int64"),
            **{name: Value("string") for name in _EXTRAS},
        }
    )


def _embedded(kind: TrainingSetKind, row: TrainingRow, picture_paths: Mapping[str, Path]) -> dict[str, Any]:
    columns = record(kind, row)
    pictures = [{"bytes": picture_paths[sha256].read_bytes(), "path": None} for sha256 in columns["images"]]
    return {**columns, "images": pictures}


def write_manifest(folder: Path, manifest: Mapping[str, Any], *, has_sample: bool) -> None:
    """Write manifest.json and the dataset card."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    (folder / "README.md").write_text(dataset_card(manifest, has_sample=has_sample), encoding="utf-8")


def stored_records(folder: Path, part: Part) -> Iterator[dict[str, Any]]:
    """Yield the rows of one part as they lie there, a few in memory at a time; pictures as bytes."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(parquet_path(folder, part)) as file:
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
            yield from batch.to_pylist()


def verify_folder(folder: Path, sha256: str) -> int:
    """Return how many rows a set holds, after making sure that they are the ones that were frozen.

    Raises:
        TrainingSetError: files are missing, unreadable or not those that were frozen.
    """
    import pyarrow as pa

    lines = []
    try:
        for part in PARTS:
            for columns in stored_records(folder, part):
                sums = [hashlib.sha256(picture["bytes"]).hexdigest() for picture in columns["images"]]
                lines.append((columns["pair_id"], canonical_line(part, {**columns, "images": sums})))
    except (OSError, KeyError, TypeError, pa.ArrowException) as error:
        raise TrainingSetError(
            f"The training set {folder.name} cannot be read ({type(error).__name__}). Freeze it again."
        ) from error
    if canonical_sha256(lines) != sha256:
        raise TrainingSetError(
            f"The training set {folder.name} is not what was frozen: its checksum differs. Freeze it again."
        )
    return len(lines)


@dataclass(frozen=True)
class FrozenExample:
    """One row of a frozen set, for reading; `pictures` are SHA-256 sums."""

    pair_id: int
    item_id: str
    country: str | None
    language: str
    negative_type: str | None
    query: str
    chosen: str
    rejected: str | None
    pictures: tuple[str, ...]


def first_examples(folder: Path, limit: int = 5) -> list[FrozenExample]:
    """Return the first training rows of a set.

    Raises:
        TrainingSetError: the files are gone or unreadable.
    """
    import pyarrow as pa

    examples: list[FrozenExample] = []
    try:
        for columns in stored_records(folder, "train"):
            examples.append(_example(columns))
            if len(examples) == limit:
                break
    except (OSError, KeyError, TypeError, pa.ArrowException) as error:
        raise TrainingSetError(
            f"The files of the training set {folder.name} cannot be read ({type(error).__name__}). Freeze it again."
        ) from error
    return examples


def _example(columns: Mapping[str, Any]) -> FrozenExample:
    return FrozenExample(
        pair_id=columns["pair_id"],
        item_id=columns["item_id"],
        country=columns["country"],
        language=columns["language"],
        negative_type=columns["negative_type"],
        query=_text(columns["prompt"]),
        chosen=_text(columns.get("chosen") or columns["completion"]),
        rejected=_text(columns["rejected"]) if "rejected" in columns else None,
        pictures=tuple(hashlib.sha256(picture["bytes"]).hexdigest() for picture in columns["images"]),
    )


def _text(messages: Sequence[Mapping[str, Any]]) -> str:
    return "".join(block["text"] or "" for message in messages for block in message["content"])

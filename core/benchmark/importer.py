"""Store a benchmark's files as items, responses and judgements; importing the same again changes nothing.

A file is one transaction: all of its accepted records or none. Its pictures are opened and stored before that, so that
nobody who is labelling meanwhile waits for them.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, delete, select

from core.benchmark.pictures import Picture, PictureFinder
from core.benchmark.reader import (
    MAX_FILE_BYTES,
    FileMeaning,
    ItemRecord,
    Refusal,
    item_records,
    meaning_of,
    normalised_norm,
    read_records,
)
from core.benchmark.reports import FileReport, ImportReport
from core.benchmark.results import DEFAULT_JUDGE, JudgeIdentity, store_results
from core.benchmark.settling import mark_duplicates, settle_families
from core.benchmark.sources import SourceFile, picture_roots, source_files
from core.db import transaction
from core.errors import BenchmarkFormatError
from core.models import Image, ImportedFile, Item, ItemWarning


def import_benchmark(
    path: Path,
    *,
    images: Path | None = None,
    judge: JudgeIdentity = DEFAULT_JUDGE,
    on_progress: Callable[[int, int, str], None] = lambda done, total, note: None,
) -> ImportReport:
    """Import a CROSS checkout, a flat folder or one JSON file and return what became of each file.

    Args:
        path: what to import.
        images: where the pictures lie, if not beside the files.
        judge: who wrote the judgements in `evaluation_results`.
        on_progress: called with (records done, records in all, the file's name), at least once a record; it may raise
            to stop, and of the file under way nothing enters then.

    Raises:
        BenchmarkFormatError: there is nothing to import at the path. A single file's problem does not raise: it stands
            in the report, and the other files enter.
    """
    report = ImportReport()
    finder = PictureFinder(picture_roots(path, images))
    readable: list[tuple[SourceFile, FileMeaning, int]] = []
    for file in source_files(path):
        try:
            _look_into(file, report, readable)
        except BenchmarkFormatError as problem:
            report.problems.append(str(problem))
    total, done = sum(count for _, _, count in readable), 0
    for file, meaning, count in sorted(readable, key=lambda entry: _ORDER[entry[1].kind]):
        name, records = file.place.as_posix(), read_records(file.path.read_bytes(), file.place.as_posix())
        on_progress(done, total, name)
        report.files.append(
            _import_file(name, meaning, records, finder, judge, partial(_report_record, on_progress, done, total, name))
        )
        done += count
    on_progress(done, total, "")
    report.images = finder.counts()
    return report


_ORDER = {"items": 0, "responses": 1, "judgements": 2}


def _report_record(
    on_progress: Callable[[int, int, str], None], before: int, total: int, name: str, number: int
) -> None:
    on_progress(before + number, total, name)


def _look_into(file: SourceFile, report: ImportReport, readable: list[tuple[SourceFile, FileMeaning, int]]) -> None:
    """Note what a file is; its records are read again when their turn comes, so that memory holds one file's."""
    name = file.place.as_posix()
    if file.skipped:
        report.files.append(FileReport(path=name, kind="skipped", notice=file.skipped))
        return
    if file.path.stat().st_size > MAX_FILE_BYTES:
        raise BenchmarkFormatError(f"{name}: larger than {MAX_FILE_BYTES // 2**20} MB. Split it and import the parts.")
    records = read_records(file.path.read_bytes(), name)
    readable.append((file, meaning_of(file.place, records), len(records)))


def _import_file(
    name: str,
    meaning: FileMeaning,
    records: list[Any],
    finder: PictureFinder,
    judge: JudgeIdentity,
    on_record: Callable[[int], None],
) -> FileReport:
    report = FileReport.of(name, meaning)
    understood = list(item_records(records, meaning))
    items = [entry for _, entry in understood if isinstance(entry, ItemRecord)]
    pictures: dict[str, Picture] = {}
    if meaning.kind == "items":
        for refusal in (entry for _, entry in understood if isinstance(entry, Refusal)):
            report.refuse(refusal)
        for number, item in enumerate(items, start=1):
            pictures[item.item_id] = finder.picture(item.image_path, item.image_problem)
            on_record(number)
    with transaction() as session:
        if meaning.kind == "items":
            _store_items(session, items, pictures, report)
            settle_families(session)
            mark_duplicates(session)
            report.warn(_warnings_of(session, [item.item_id for item in items]))
        else:
            store_results(session, understood, meaning, report, judge)
        session.add(ImportedFile(path=name, kind=meaning.kind, report=asdict(report)))
    return report


def _store_items(session: Session, items: list[ItemRecord], pictures: dict[str, Picture], report: FileReport) -> None:
    stored = {row.id: row for row in _in_chunks(session, [item.item_id for item in items])}
    add_images(session, pictures.values())
    new: list[dict[str, Any]] = []
    warnings: list[dict[str, str]] = []
    for item in items:
        picture = pictures[item.item_id]
        row = stored.get(item.item_id)
        if row is None:
            new.append(item_row(item, picture))
            warnings += [{"item_id": item.item_id, "code": code, "detail": detail} for code, detail in item.warnings]
            warnings += _picture_warning(item.item_id, picture)
            report.accepted += 1
            continue
        if row.raw == item.raw:
            report.unchanged += 1
        else:
            fields = sorted(key for key in row.raw.keys() | item.raw.keys() if row.raw.get(key) != item.raw.get(key))
            report.changed.append({"record": item.item_id, "fields": fields})
            continue
        if row.image_status != "ok" and picture.status == "ok":
            _attach(session, row, picture)
    if new:
        session.execute(insert(Item), new)
    if warnings:
        session.execute(insert(ItemWarning), warnings)


def item_row(item: ItemRecord, picture: Picture) -> dict[str, Any]:
    """Return the columns of a new item; `settle_families` names its family and split after that."""
    own = {name: getattr(item, name) for name in _SAME_NAMES}
    return own | {
        "id": item.item_id,
        "domain_origin": "record" if item.domain else None,
        "image_sha256": picture.stored.sha256 if picture.stored else None,
        "image_status": picture.status,
        "image_note": picture.note,
        "family_id": "",
        "norm_key": hashlib.sha256(normalised_norm(item.norm).encode()).hexdigest()[:16] if item.norm else None,
        "split": "quarantined",
    }


_SAME_NAMES = (
    *("base_item_id", "subset", "source_index", "wording", "country", "region", "language", "language_label"),
    *("domain", "query", "query_english", "norm", "norm_background", "image_path", "image_alt", "content_hash", "raw"),
)


def _picture_warning(item_id: str, picture: Picture) -> list[dict[str, str]]:
    if picture.status == "ok":
        return []
    return [{"item_id": item_id, "code": f"image_{picture.status}", "detail": picture.note or ""}]


def _attach(session: Session, row: Item, picture: Picture) -> None:
    """Give an item the picture that was not there when it was imported."""
    row.image_sha256 = picture.stored.sha256 if picture.stored else None
    row.image_status, row.image_note = "ok", None
    codes = ("image_missing", "image_rejected")
    session.exec(delete(ItemWarning).where(col(ItemWarning.item_id) == row.id, col(ItemWarning.code).in_(codes)))


def add_images(session: Session, pictures: Iterable[Picture]) -> None:
    """Add the rows of stored pictures that are new."""
    stored = {p.stored.sha256: p.stored for p in pictures if p.stored}
    known = set(session.exec(select(Image.sha256)))
    rows = [asdict(image) for digest, image in stored.items() if digest not in known]
    if rows:
        session.execute(insert(Image), rows)


def _warnings_of(session: Session, item_ids: list[str]) -> list[tuple[str, str, str]]:
    wanted = set(item_ids)
    rows = session.exec(select(ItemWarning).order_by(ItemWarning.item_id, ItemWarning.code))
    return [(row.item_id, row.code, row.detail) for row in rows if row.item_id in wanted]


def _in_chunks(session: Session, item_ids: list[str]) -> Iterator[Item]:
    for start in range(0, len(item_ids), 500):
        yield from session.exec(select(Item).where(col(Item.id).in_(item_ids[start : start + 500])))

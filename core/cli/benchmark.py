"""Commands that bring the benchmark in and take what is stored out."""

import json
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from core.benchmark.export import item_records
from core.benchmark.importer import import_benchmark
from core.benchmark.reports import ImportReport
from core.cli.outcome import AsJson, Detach, Outcome, detach, outcome, progress_bar
from core.cli.whole_file import write_whole
from core.db import reading, transaction
from core.errors import UserError
from core.jobs import create_job
from core.judging.export import judgement_records
from core.labels.rulings import ruling_records
from core.labels.soft_labels import soft_label_records
from core.labels.standing import label_records, retest_records
from core.pairs.export import pair_records
from core.people import needs_lead, person_here
from core.responses.views import response_records


class Kind(StrEnum):
    """What can be exported."""

    items = "items"
    responses = "responses"
    judgements = "judgements"
    labels = "labels"
    retests = "retests"
    rulings = "rulings"
    soft_labels = "soft-labels"
    pairs = "pairs"


_RECORDS: dict[Kind, Callable[[Session], Iterable[Mapping[str, Any]]]] = {
    Kind.items: item_records,
    Kind.responses: response_records,
    Kind.judgements: judgement_records,
    Kind.labels: label_records,
    Kind.retests: retest_records,
    Kind.rulings: ruling_records,
    Kind.soft_labels: soft_label_records,
    Kind.pairs: pair_records,
}


def import_command(
    path: Annotated[Path, typer.Argument(help="A CROSS checkout, a flat folder of JSON files, or one JSON file.")],
    images: Annotated[Path | None, typer.Option(help="Where the pictures lie, if not beside the files.")] = None,
    detached: Detach = False,
    as_json: AsJson = False,
) -> None:
    """Import items, responses and judgements; importing the same again changes nothing."""
    with outcome(as_json) as result:
        if detached:
            arguments = {"path": str(path.resolve()), "images": str(images.resolve()) if images else None}
            with transaction() as session:
                job = create_job(session, kind="import", title=f"Import {path.name}", arguments=arguments)
            detach(result, job)
        else:
            with progress_bar(not as_json) as on_progress:
                report = import_benchmark(path, images=images, on_progress=on_progress)
            _tell_import(result, report)


def export_command(
    kind: Annotated[Kind, typer.Argument(help="What to export.")],
    out: Annotated[Path, typer.Argument(help="The JSONL file to write; one that is there is replaced.")],
    corrected: Annotated[
        bool, typer.Option("--corrected", help="Items only: as accepted corrections have them; the raw record stays.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write items, responses, judgements, labels or pairs as JSON lines, one object a line, UTF-8."""
    with outcome(as_json) as result:
        if corrected and kind is not Kind.items:
            raise UserError(f"Only items can be exported with --corrected, not {kind.value}. Leave it out.")
        if kind is not Kind.items:
            # They hold scores, model names and other people's labels.
            needs_lead(person_here(), f"export {kind.value}")
        with reading() as session:
            records = item_records(session, corrected=True) if corrected else _RECORDS[kind](session)
            rows = write_whole(out, (json.dumps(record, ensure_ascii=False) + "\n" for record in records))
        result.fields = {"kind": kind.value, "rows": rows, "path": str(out.resolve())}
        result.say(f"{rows:,} {kind.value} written to {out}")


def _tell_import(result: Outcome, report: ImportReport) -> None:
    result.fields = {"files": [vars(file) for file in report.files], "images": report.images}
    for file in report.files:
        if file.kind == "skipped":
            result.say(f"skipped   {file.path}: {file.notice}")
            continue
        result.say(
            f"{file.kind:<9} {file.path}: {file.accepted} accepted, {file.unchanged} unchanged, "
            f"{len(file.changed)} changed, {len(file.refused)} refused"
        )
        for row in file.refused:
            result.say(f"          refused {row['record']}: {row['reason']}")
        for code, count in file.warnings.items():
            result.say(f"          {count} x {code}")
    pictures = report.images
    result.say(f"pictures  {pictures['new']} new, {pictures['missing']} missing, {pictures['rejected']} rejected")
    if report.problems:
        result.problem = " ".join(report.problems)

"""The commands that take labels out for other tools and bring labels in from them."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from core.benchmark.reader import MAX_FILE_BYTES
from core.cli.outcome import AsJson, Outcome, outcome
from core.cli.whole_file import write_whole
from core.db import reading, transaction
from core.errors import UserError
from core.labels.exchange.exporting import companion, label_file
from core.labels.exchange.files import read_labels
from core.labels.exchange.importing import LabelReport, import_labels, preview_labels
from core.people import person_here

_SHOWN = 20


class Form(StrEnum):
    """The formats of a file of labels."""

    jsonl = "jsonl"
    csv = "csv"
    label_studio = "label-studio"
    argilla = "argilla"


def export_labels_command(
    out: Annotated[Path, typer.Argument(help="The file to write; one that is there is replaced.")],
    form: Annotated[Form, typer.Option("--format", help="What to write.")] = Form.jsonl,
    identify: Annotated[bool, typer.Option("--identify", help="Name experts instead of their made-up names.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write all labels for another tool; Label Studio and Argilla get the judge's scores and a second file with it."""
    with outcome(as_json) as result:
        found = label_file(author=person_here(), form=form.value, identify=identify)
        write_whole(out, [found.text])
        result.fields = {"format": form.value, "labels": found.labels, "path": str(out.resolve())}
        result.say(f"{found.labels:,} labels written to {out}")
        second = companion(form.value)
        if second is not None:
            beside = out.with_name(f"{out.stem}.{second.ending}")
            write_whole(beside, [second.text])
            result.fields["shown_by"] = str(beside.resolve())
            result.say(f"How to show them is in {beside}")


def import_labels_command(
    path: Annotated[Path, typer.Argument(help="CSV, JSONL, Label Studio's JSON or Argilla's records.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would come in, and store nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import labels of people; importing the same again changes nothing."""
    with outcome(as_json) as result:
        author = person_here()
        entries = read_labels(_content(path), path.name)
        if dry_run:
            with reading() as session:
                report = preview_labels(session, entries, author=author)
        else:
            with transaction() as session:
                report = import_labels(session, entries, author=author, name=path.name)
        _tell(result, report)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UserError(f"{path}: larger than {MAX_FILE_BYTES // 2**20} MB. Split it and import the parts.")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}). Name a file of labels.") from error


def _claims(report: LabelReport) -> tuple[str, ...]:
    """Return what of the labels rests on the file's word alone, and what of its word is not believed."""
    return (
        f"{report.said_blind:,} given blind, by the word of the file alone" if report.said_blind else "",
        f"{report.said_pool:,} of somebody who knows the country, by the word of the file alone"
        if report.said_pool
        else "",
        f"{report.unblinded:,} said to be blind, and kept as not blind: their experts had seen the judge or others here"
        if report.unblinded
        else "",
    )


def _tell(result: Outcome, report: LabelReport) -> None:
    result.fields = asdict(report)
    result.say(f"{report.accepted:,} accepted, {report.unchanged:,} unchanged, {len(report.refused):,} refused")
    for claim in filter(None, _claims(report)):
        result.say(f"          {claim}")
    for how, count in report.found_by.items():
        result.say(f"          {count:,} responses found by {how}")
    for rater in report.raters:
        result.say(f"          {rater.name}: {'new here' if rater.is_new else 'known here'}, {rater.labels:,} labels")
    for refused in report.refused[:_SHOWN]:
        result.say(f"          refused row {refused.row}: {refused.reason}")
    if len(report.refused) > _SHOWN:
        result.say(f"          and {len(report.refused) - _SHOWN:,} more; --json lists all")

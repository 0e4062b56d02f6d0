"""The command that brings in responses from a CSV or JSONL file."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from core.benchmark.reader import MAX_FILE_BYTES
from core.cli.outcome import AsJson, Outcome, outcome
from core.db import reading, transaction
from core.errors import UserError
from core.people import current_person
from core.responses.table_import import Preview, TableReport, import_table, preview
from core.responses.table_rows import ColumnMapping, guessed_mapping
from core.responses.tables import Table, read_table
from core.rubric import RESPONSE_SETTINGS

_SHOWN = 20


def import_responses_command(
    path: Annotated[Path, typer.Argument(help="A CSV file with a head, or a JSONL file with one object a line.")],
    text_column: Annotated[str | None, typer.Option(help="Holds the text; guessed if not given.")] = None,
    item_column: Annotated[str | None, typer.Option(help="Holds the item's id; guessed if not given.")] = None,
    model_column: Annotated[str | None, typer.Option(help="Holds the model's name; guessed if not given.")] = None,
    model: Annotated[str | None, typer.Option(help="The model that wrote all of them, instead of a column.")] = None,
    setting: Annotated[
        str | None, typer.Option(help="english, translation or text-only for all, instead of a column.")
    ] = None,
    round_column: Annotated[str | None, typer.Option(help="Holds the round; guessed if not given.")] = None,
    as_json: AsJson = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would come in, and store nothing.")] = False,
) -> None:
    """Import responses from CSV or JSONL; importing the same again changes nothing."""
    if setting is not None and setting not in RESPONSE_SETTINGS:
        raise typer.BadParameter("english, translation or text-only", param_hint="--setting")
    if model is not None and model_column is not None:
        raise typer.BadParameter("give --model or --model-column, not both", param_hint="--model")
    with outcome(as_json) as result:
        table = _table(path)
        mapping = guessed_mapping(table.columns)
        mapping = replace(
            mapping,
            text=text_column or mapping.text,
            item=item_column or mapping.item,
            model=None if model is not None else model_column or mapping.model,
            model_name=model or "",
            setting=None if setting is not None else mapping.setting,
            setting_name=setting,
            round=round_column or mapping.round,
        )
        if dry_run:
            with reading() as session:
                seen = preview(session, table, mapping)
            _tell_preview(result, seen, mapping)
            _tell(result, seen.report)
        else:
            with transaction() as session:
                author = current_person(session)
            # A transaction of its own: the rows are understood before it takes the lock that others wait for.
            with transaction() as session:
                report = import_table(session, table=table, mapping=mapping, author=author)
            _tell(result, report)


def _table(path: Path) -> Table:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UserError(f"{path}: larger than {MAX_FILE_BYTES // 2**20} MB. Split it and import the parts.")
        return read_table(path.read_bytes(), path.name)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}). Name a CSV or JSONL file.") from error


def _tell_preview(result: Outcome, seen: Preview, mapping: ColumnMapping) -> None:
    named = {field: held for field, held in asdict(mapping).items() if held}
    result.say("columns   " + ", ".join(f"{field}: {held}" for field, held in named.items()))
    for record in seen.rows:
        result.say(
            f"row {record.row:<5} {record.item_id} · {record.model} · {record.setting} · round {record.round} · "
            f"{record.status}: {(record.text or record.error or '')[:100]}"
        )


def _tell(result: Outcome, report: TableReport) -> None:
    result.fields = {
        "accepted": report.accepted,
        "unchanged": report.unchanged,
        "changed": [asdict(row) for row in report.changed],
        "refused": [asdict(row) for row in report.refused],
    }
    result.say(
        f"{report.accepted:,} accepted, {report.unchanged:,} unchanged, {len(report.changed):,} changed, "
        f"{len(report.refused):,} refused"
    )
    for changed in report.changed[:_SHOWN]:
        result.say(f"          changed row {changed.row}, the stored one stays: {', '.join(changed.fields)} differ")
    for refused in report.refused[:_SHOWN]:
        result.say(f"          refused row {refused.row}: {refused.reason}")
    left = max(len(report.changed) - _SHOWN, 0) + max(len(report.refused) - _SHOWN, 0)
    if left:
        result.say(f"          and {left:,} more; --json lists all")

"""The command that writes a report as one file."""

from pathlib import Path
from typing import Annotated

import typer

from core.cli.outcome import AsJson, outcome, progress_bar
from core.cli.whole_file import write_whole
from core.db import reading
from core.errors import UserError
from core.measures.score_filter import ScoreFilter
from core.people import person_here
from core.report.file import report_bytes
from core.rubric import SPLIT_TITLES


def report_command(
    out: Annotated[Path, typer.Argument(help="The file to write, as report.html.")],
    judge: Annotated[str, typer.Option(help="One judge; the first that has scored anything if none is named.")] = "",
    split: Annotated[
        str, typer.Option(help="held-out, training-pool or quarantined items only; all if none is named.")
    ] = "",
    without_errata: Annotated[
        bool, typer.Option("--without-errata", help="Leave out items with a correction that is open or accepted.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write one file that can be sent: models, countries, agreement, corrected scores, and how they are made."""
    with outcome(as_json) as result:
        wanted = ScoreFilter(judge=judge, splits=_splits(split), errata="without" if without_errata else "with")
        person = person_here()
        with reading() as session, progress_bar(not as_json) as show:
            found = report_bytes(session, person=person, wanted=wanted, on_progress=show)
        write_whole(out, [found.decode()])
        result.fields = {"path": str(out), "bytes": len(found)}
        result.say(f"{out}: {len(found) / 1000:,.0f} kB. It opens in any browser and needs no network.")


def _splits(split: str) -> tuple[str, ...]:
    wanted = split.replace("-", "_")
    if wanted and wanted not in SPLIT_TITLES:
        raise UserError(f"There is no split {split[:40]!r}. Choose of: held-out, training-pool, quarantined.")
    return (wanted,) if wanted else ()

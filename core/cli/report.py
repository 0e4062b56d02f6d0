"""The command that writes a report as one file."""

from pathlib import Path
from typing import Annotated

import typer

from core.cli.filter_options import check_known_here, splits_named
from core.cli.outcome import AsJson, outcome, progress_bar
from core.cli.whole_file import write_whole
from core.db import reading
from core.measures.score_filter import ScoreFilter
from core.people import person_here
from core.report.file import report_bytes


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
        splits = splits_named([split] if split else None)
        wanted = ScoreFilter(judge=judge, splits=splits, errata="without" if without_errata else "with")
        check_known_here(wanted, judge)
        person = person_here()
        with reading() as session, progress_bar(not as_json) as show:
            found = report_bytes(session, person=person, wanted=wanted, on_progress=show)
        write_whole(out, [found.decode()])
        result.fields = {"path": str(out), "bytes": len(found)}
        result.say(f"{out}: {len(found) / 1000:,.0f} kB. It opens in any browser and needs no network.")

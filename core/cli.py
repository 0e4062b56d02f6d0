"""The command line `cross-review`: everything long or scriptable, without a browser.

Every command ends with 0 (done), 1 (a problem the user can fix, one line on standard error) or 2 (wrong usage); with
`--json` the last line of standard output is one JSON object.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.benchmark.importer import import_benchmark
from core.benchmark.reports import ImportReport
from core.db import migrate, transaction
from core.errors import UserError
from core.jobs import create_job, start_job

command = typer.Typer(name="cross-review", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")]
Detach = Annotated[bool, typer.Option("--detach", help="Start a job and return its id at once.")]


class Outcome:
    """What a command has to say; `fields` becomes the JSON object."""

    def __init__(self, as_json: bool) -> None:
        """Begin with nothing to say."""
        self.as_json = as_json
        self.fields: dict[str, Any] = {}
        self.problem: str | None = None
        self.start_clock()

    def start_clock(self) -> None:
        """Count `elapsed_s` from here: the work itself, without the start of the interpreter and the database."""
        self._started = time.perf_counter()

    def say(self, line: str) -> None:
        """Print a line for people, unless only JSON is wanted."""
        if not self.as_json:
            sys.stdout.write(line + "\n")

    def finish(self) -> None:
        """Print the JSON object or the problem, and leave with the right status."""
        if self.as_json:
            head = {"ok": self.problem is None, "elapsed_s": round(time.perf_counter() - self._started, 4)}
            error = {} if self.problem is None else {"error": self.problem}
            sys.stdout.write(json.dumps(head | self.fields | error, ensure_ascii=False, default=str) + "\n")
        if self.problem is not None:
            sys.stderr.write(" ".join(self.problem.split()) + "\n")
            raise typer.Exit(1)


@contextmanager
def outcome(as_json: bool) -> Iterator[Outcome]:
    """Run a command on an up-to-date database; a UserError becomes exit status 1."""
    result = Outcome(as_json)
    try:
        migrate()
        result.start_clock()
        yield result
    except UserError as problem:
        result.problem = str(problem)
    result.finish()


@contextmanager
def progress_bar(wanted: bool) -> Iterator[Any]:
    """Give a function (done, total, note) that draws a bar on a terminal and nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not wanted or not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int | None, note: str) -> None:
            bar.update(task, completed=done, total=total, description=note)

        yield show


@command.command("import")
def import_command(
    path: Annotated[Path, typer.Argument(help="A CROSS checkout, a flat folder of JSON files, or one JSON file.")],
    images: Annotated[Path | None, typer.Option(help="Where the pictures lie, if not beside the files.")] = None,
    detach: Detach = False,
    as_json: AsJson = False,
) -> None:
    """Import items, responses and judgements; importing the same again changes nothing."""
    with outcome(as_json) as result:
        if detach:
            arguments = {"path": str(path.resolve()), "images": str(images.resolve()) if images else None}
            _detach(result, kind="import", title=f"Import {path.name}", arguments=arguments)
        else:
            with progress_bar(not as_json) as on_progress:
                report = import_benchmark(path, images=images, on_progress=on_progress)
            _tell_import(result, report)


@command.command()
def doctor(as_json: AsJson = False) -> None:
    """Say what is configured, what is missing, and what to do."""
    from core.doctor import checks

    with outcome(as_json) as result:
        found = checks()
        for check in found:
            result.say(f"{'ok     ' if check.ok else 'MISSING'}  {check.name}: {check.detail}")
            if check.advice:
                result.say(f"         {check.advice}")
        result.fields = {"checks": [vars(check) for check in found]}
        failed = [check for check in found if not check.ok and check.needed]
        if failed:
            result.problem = f"{failed[0].name}: {failed[0].detail}. {failed[0].advice}"


def _detach(result: Outcome, *, kind: str, title: str, arguments: dict[str, Any]) -> None:
    with transaction() as session:
        job = create_job(session, kind=kind, title=title, arguments=arguments)
    start_job(job.id)
    result.fields = {"job_id": job.id}
    result.say(f"Job {job.id} started. It goes on without this terminal.")


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


def main() -> None:
    """Run the command line."""
    command()


if __name__ == "__main__":
    main()

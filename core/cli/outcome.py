"""What every command shares: its answer for people or as JSON, its exit status, its progress bar."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import OperationalError

from core.db import migrate
from core.errors import UserError
from core.jobs import start_job
from core.models import Job

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
        """Print a line for people at once, unless only JSON is wanted."""
        if not self.as_json:
            sys.stdout.write(_harmless(line) + "\n")
            sys.stdout.flush()

    def finish(self) -> None:
        """Print the JSON object or the problem, and leave with the right status."""
        if self.as_json:
            head = {"ok": self.problem is None, "elapsed_s": round(time.perf_counter() - self._started, 4)}
            error = {} if self.problem is None else {"error": self.problem}
            sys.stdout.write(json.dumps(head | self.fields | error, ensure_ascii=False, default=str) + "\n")
        if self.problem is not None:
            sys.stderr.write(_harmless(" ".join(self.problem.split())) + "\n")
            raise typer.Exit(1)


def _harmless(line: str) -> str:
    """Return a line whose control characters show as escapes: text from a file must not drive the terminal."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in line)


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
    except KeyboardInterrupt:
        result.problem = "Stopped. What was finished is kept; run the same again to go on."
    except OperationalError as problem:
        result.problem = f"The database cannot be used right now: {problem.orig}. Is it there, and is its disk full?"
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


def detach(result: Outcome, job: Job) -> None:
    """Give a job its process and say its id."""
    start_job(job.id)
    result.fields["job_id"] = job.id
    result.say(f"Job {job.id} started. It goes on without this terminal.")

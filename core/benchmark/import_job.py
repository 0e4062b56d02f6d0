"""An import as a job: for uploads and for commands that do not wait."""

import shutil
from pathlib import Path
from typing import Any

from core.benchmark.importer import import_benchmark
from core.config import settings
from core.errors import BenchmarkFormatError
from core.job_process import JobContext


def run_job(context: JobContext) -> dict[str, Any]:
    """Import what the job names and return the report.

    Arguments of the job: `path`, and `images` or None. A folder of uploads is removed once it is imported.

    Raises:
        BenchmarkFormatError: nothing at all could be imported.
    """
    path = Path(context.arguments["path"])
    images = context.arguments.get("images")

    def on_progress(done: int, total: int, note: str) -> None:
        context.progress(done, total, note)
        context.stop_if_asked()

    report = import_benchmark(path, images=Path(images) if images else None, on_progress=on_progress)
    if path.parent == settings().uploads:
        shutil.rmtree(path, ignore_errors=True)
    if report.problems and not any(file.accepted or file.unchanged or file.changed for file in report.files):
        raise BenchmarkFormatError(" ".join(report.problems))
    return report.as_json()

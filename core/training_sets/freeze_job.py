"""The job that freezes a training set; its arguments are those of `create_freeze_job`."""

from dataclasses import asdict
from typing import Any

from core.db import reading
from core.job_process import JobContext
from core.models import Person
from core.training_sets.freeze import freeze_training_set


def run_job(context: JobContext) -> dict[str, Any]:
    """Freeze the set and return what is in it, in the fields of the command's answer."""
    arguments = context.arguments
    author_id = arguments.get("author_id")
    with reading() as session:
        author = session.get(Person, author_id) if author_id is not None else None

    def on_progress(done: int, total: int) -> None:
        context.stop_if_asked()
        context.progress(done, total)

    frozen = freeze_training_set(
        name=arguments["name"],
        kind=arguments["kind"],
        pair_ids=arguments.get("pair_ids"),
        author=author,
        allow_missing_pictures=arguments.get("allow_missing_pictures", False),
        corrected=arguments.get("corrected", False),
        on_progress=on_progress,
    )
    return asdict(frozen)

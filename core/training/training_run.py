"""Create a training run, start it again, and read how it goes; the training itself is a job of its own process."""

import json
import re
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, func, select

from core.config import settings
from core.errors import NotFoundError, TrainingError
from core.jobs import ALIVE, create_job, job_now, look_at_job
from core.models import Job, Person, TrainingMetric, TrainingRun, TrainingSet, utc_now
from core.people import needs_lead, record_event
from core.training.base_models import base_model
from core.training.checkpoints import newest_checkpoint
from core.training.recipes import Recipe, command_for, recipe_for, recipe_of
from core.training_sets.stored import WITHOUT_MANIFEST, folder_of, training_set_named

# What is no id is not looked up: the database may be unable to take it.
_RUN_ID = re.compile(r"[a-z]+-[0-9]{8}-[0-9a-f]{8}")


@dataclass(frozen=True)
class RunOverview:
    """A run with its training set (without the manifest, which names every row) and its job as it truly is now."""

    run: TrainingRun
    training_set: TrainingSet
    job: Job

    @property
    def recipe(self) -> Recipe:
        """The settings the run was started with."""
        return recipe_of(self.run.recipe)

    @property
    def command(self) -> str:
        """The command line that starts the same training."""
        return command_for(self.training_set.name, self.recipe)


@dataclass(frozen=True)
class Curve:
    """One number over the steps it was logged at, steps rising."""

    steps: tuple[int, ...]
    numbers: tuple[float, ...]


def start_training_run(
    session: Session, *, training_set_name: str, recipe: Recipe, author: Person | None
) -> TrainingRun:
    """Add a run with its queued job; give the job a process with `start_job` or `run_here` after the transaction.

    Raises:
        UserError: the set, its folder or the model is not there, or the recipe's method is not for this set.
    """
    if author is not None:
        needs_lead(author, "start a training")
    training_set = training_set_named(session, training_set_name)
    if not (folder_of(training_set) / "manifest.json").is_file():
        raise TrainingError(f"The files of the training set {training_set.name} are gone. Freeze it again.")
    kind = training_set.kind
    settled = recipe_for(recipe, kind)
    base_model(settled.model)
    run_id = f"{kind}-{utc_now():%Y%m%d}-{secrets.token_hex(4)}"
    job = create_job(session, kind="train", title=f"Train on {training_set.name}", arguments={"run_id": run_id})
    run = TrainingRun(
        id=run_id,
        training_set_id=training_set.id,
        job_id=job.id,
        method=kind,
        model=settled.model,
        recipe=asdict(settled),
        created_by=author.id if author else None,
    )
    session.add(run)
    record_event(session, person=author, kind="train", subject=f"training_run/{run_id}", set=training_set.name)
    session.flush()
    return run


def resume_training_run(session: Session, *, run_id: str, author: Person | None = None) -> TrainingRun:
    """Return a run whose job may be started again; it goes on from its newest complete checkpoint.

    Raises:
        UserError: the run is finished, or still under way, or this is not for the person to do.
    """
    if author is not None:
        needs_lead(author, "start a training")
    run = training_run_with_id(session, run_id)
    job = job_now(session, run.job_id)
    if job.state == "done":
        raise TrainingError(f"The run {run_id} is finished: there is nothing to resume. Start a new one.")
    if job.state in ALIVE:
        raise TrainingError(f"The run {run_id} is under way. Wait for it or stop it first.")
    record_event(session, person=author, kind="resume", subject=f"training_run/{run_id}", state=job.state)
    return run


def training_run_with_id(session: Session, run_id: str) -> TrainingRun:
    """Return a run.

    Raises:
        NotFoundError: there is none with that name.
    """
    run = session.get(TrainingRun, run_id) if _RUN_ID.fullmatch(run_id) else None
    if run is None:
        raise NotFoundError(f"There is no training run {run_id[:80]!r}. Look at the list under Train.")
    return run


def run_overview(session: Session, *, run_id: str) -> RunOverview:
    """Return a run with its set and its true state. Needs `reading()`: a job that is gone is settled by itself.

    Raises:
        NotFoundError: there is none with that name.
    """
    run = training_run_with_id(session, run_id)
    training_set = session.get_one(TrainingSet, run.training_set_id, options=[WITHOUT_MANIFEST])
    return RunOverview(run=run, training_set=training_set, job=look_at_job(run.job_id))


def training_runs(session: Session, *, limit: int | None = None) -> list[RunOverview]:
    """Return runs with their sets and true states, newest first; all unless limited. Needs `reading()`."""
    query = select(TrainingRun, TrainingSet, Job).join(TrainingSet).join(Job)
    query = query.options(WITHOUT_MANIFEST)
    rows = session.exec(query.order_by(col(TrainingRun.created_at).desc(), col(TrainingRun.id)).limit(limit)).all()
    return [
        RunOverview(run=run, training_set=frozen, job=look_at_job(job.id) if job.state in ALIVE else job)
        for run, frozen, job in rows
    ]


def curves(
    session: Session, *, run_id: str, names: Sequence[str] | None = None, at_most: int | None = None
) -> Mapping[str, Curve]:
    """Return the logged numbers of a run by name, those of the held-back rows begin with `eval_`.

    Args:
        session: to look with.
        run_id: of the run.
        names: the ones wanted, as TRL logs them; None is all.
        at_most: how many points of each; of more, every second, third ... counted from the last one back.
    """
    name, step = col(TrainingMetric.name), col(TrainingMetric.step)
    from_the_last = func.row_number().over(partition_by=name, order_by=step.desc()) - 1
    count = func.count().over(partition_by=name)
    every = (count + at_most - 1) // at_most if at_most else 1
    # Chosen by the database, so that what is left out never comes here.
    query = select(name, step, TrainingMetric.number, (from_the_last % every == 0).label("kept")).where(
        TrainingMetric.run_id == run_id
    )
    if names is not None:
        query = query.where(name.in_(names))
    point = query.subquery().c
    points: dict[str, list[tuple[int, float]]] = defaultdict(list)
    kept = select(point.name, point.step, point.number).where(point.kept).order_by(point.step)
    for of_name, at_step, number in session.exec(kept):
        points[of_name].append((at_step, number))
    return {of_name: Curve(*zip(*held, strict=True)) for of_name, held in points.items()}


def run_folder(run_id: str) -> Path:
    """Return the folder of a run."""
    return settings().runs / run_id


def adapter_folder(run_id: str) -> Path:
    """Return where the adapter of a run lies once the run is done."""
    return run_folder(run_id) / "final"


def last_saved_step(run_id: str) -> int | None:
    """Return the step a run would go on from; None if it would begin anew."""
    newest = newest_checkpoint(run_folder(run_id))
    return newest[0] if newest else None


def run_facts(run_id: str) -> dict[str, Any]:
    """Return what run.json says: versions, the model's weights, seed, device; empty before the run has begun."""
    try:
        facts = json.loads((run_folder(run_id) / "run.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}

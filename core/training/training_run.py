"""Create a training run, start it again, and read how it goes; the training itself is a job of its own process."""

import json
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from core.config import settings
from core.errors import NotFoundError, TrainingError
from core.jobs import ALIVE, create_job, job_now, look_at_job
from core.models import Job, Person, TrainingMetric, TrainingRun, TrainingSet, utc_now
from core.people import needs_lead, record_event
from core.training.base_models import base_model
from core.training.checkpoints import newest_checkpoint
from core.training.recipes import Recipe, command_for, recipe_for, recipe_of
from core.training_sets.stored import folder_of, training_set_named


@dataclass(frozen=True)
class RunOverview:
    """A run with its training set and its job as it truly is now."""

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
        TrainingError: the run is finished, or still under way.
    """
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
    run = session.get(TrainingRun, run_id)
    if run is None:
        raise NotFoundError(f"There is no training run {run_id}. Look at the list under Train.")
    return run


def run_overview(session: Session, *, run_id: str) -> RunOverview:
    """Return a run with its set and its true state. Needs `reading()`: a job that is gone is settled by itself.

    Raises:
        NotFoundError: there is none with that name.
    """
    run = training_run_with_id(session, run_id)
    training_set = session.get_one(TrainingSet, run.training_set_id)
    return RunOverview(run=run, training_set=training_set, job=look_at_job(run.job_id))


def training_runs(session: Session, *, limit: int | None = None) -> list[RunOverview]:
    """Return runs with their sets and true states, newest first; all unless limited. Needs `reading()`."""
    query = select(TrainingRun, TrainingSet).join(TrainingSet)
    rows = session.exec(query.order_by(col(TrainingRun.created_at).desc(), col(TrainingRun.id)).limit(limit)).all()
    return [RunOverview(run=run, training_set=frozen, job=look_at_job(run.job_id)) for run, frozen in rows]


def curves(session: Session, *, run_id: str, names: Sequence[str] | None = None) -> Mapping[str, Curve]:
    """Return the logged numbers of a run by name, those of the held-back rows begin with `eval_`.

    Args:
        session: to look with.
        run_id: of the run.
        names: the ones wanted, as TRL logs them; None is all.
    """
    query = select(TrainingMetric).where(TrainingMetric.run_id == run_id).order_by(col(TrainingMetric.step))
    if names is not None:
        query = query.where(col(TrainingMetric.name).in_(names))
    points: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for metric in session.exec(query):
        points[metric.name].append((metric.step, metric.number))
    return {name: Curve(*zip(*held, strict=True)) for name, held in points.items()}


def run_folder(run_id: str) -> Path:
    """Return the folder of a run."""
    return settings().runs / run_id


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

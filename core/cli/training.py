"""Commands that freeze training sets and train on them."""

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any

import typer

from core.cli.outcome import AsJson, Detach, Outcome, detach, outcome, progress_bar
from core.db import reading, transaction
from core.errors import TrainingError, TrainingSetError
from core.job_process import run_here
from core.models import Job, TrainingRun
from core.people import current_person
from core.training.recipes import PRESETS, recipe_from, recipe_with
from core.training.training_run import resume_training_run, run_folder, run_overview, start_training_run
from core.training_sets.candidates import accepted_pair_ids
from core.training_sets.freeze import FrozenSet, create_freeze_job, freeze_training_set


class SetKind(StrEnum):
    """What a training set is for."""

    dpo = "dpo"
    sft = "sft"


class Backend(StrEnum):
    """Where a run is carried out."""

    local = "local"


def freeze_command(
    name: Annotated[str, typer.Argument(help="Name of the new training set.")],
    kind: Annotated[SetKind, typer.Option(help="dpo keeps both answers, sft the chosen one.")] = SetKind.dpo,
    pair: Annotated[
        list[int] | None, typer.Option(help="Id of a pair; may be given again. All accepted ones if none.")
    ] = None,
    country: Annotated[list[str] | None, typer.Option(help="Only pairs of this country; may be given again.")] = None,
    allow_missing_pictures: Annotated[
        bool, typer.Option("--allow-missing-pictures", help="Also take questions whose picture is missing.")
    ] = False,
    corrected: Annotated[
        bool, typer.Option("--corrected", help="Read questions as accepted corrections have them, not as imported.")
    ] = False,
    detached: Detach = False,
    as_json: AsJson = False,
) -> None:
    """Freeze accepted pairs of the training pool into a training set."""
    with outcome(as_json) as result:
        if pair and country:
            raise TrainingSetError("Give either --pair or --country, not both.")
        with transaction() as session:
            asked: dict[str, Any] = {
                "name": name,
                "kind": kind.value,
                "pair_ids": accepted_pair_ids(session, countries=country) if country else pair,
                "author": current_person(session),
                "allow_missing_pictures": allow_missing_pictures,
                "corrected": corrected,
            }
            job = create_freeze_job(session, **asked) if detached else None
        if job:
            detach(result, job)
            return
        with progress_bar(not as_json) as show:
            frozen = freeze_training_set(**asked, on_progress=lambda done, total: show(done, total, "rows"))
        _tell_frozen(result, frozen)


def train_command(
    training_set: Annotated[str, typer.Argument(help="Name of the training set, or id of a run with --resume.")],
    recipe: Annotated[str, typer.Option(help="A TOML or JSON file, or one of: " + ", ".join(PRESETS))] = "smoke-test",
    model: Annotated[str | None, typer.Option(help="smoke-test, a model folder, or a hub name.")] = None,
    change: Annotated[
        list[str] | None, typer.Option("--set", help="One setting of the recipe, as name=value; may be given again.")
    ] = None,
    backend: Annotated[Backend, typer.Option(help="Where to train.")] = Backend.local,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run of this id.")] = False,
    detached: Detach = False,
    as_json: AsJson = False,
) -> None:
    """Train on a frozen set, or go on with a run that was stopped or interrupted."""
    del backend  # there is one so far; the option is here so that commands stay the same when there are more
    with outcome(as_json) as result:
        with transaction() as session:
            author = current_person(session)
            if resume:
                run = resume_training_run(session, run_id=training_set, author=author)
            else:
                chosen = recipe_from(recipe, change or [])
                chosen = recipe_with(chosen, {"model": model}) if model else chosen
                run = start_training_run(session, training_set_name=training_set, recipe=chosen, author=author)
            job = session.get_one(Job, run.job_id)
        result.fields = {"run_id": run.id, "path": str(run_folder(run.id))}
        if run.model == "smoke-test":
            result.say("Model smoke-test: random weights. It proves that the pipeline works, nothing about a model.")
        if detached:
            detach(result, job)
            return
        with progress_bar(not as_json) as show:
            run_here(job.id, lambda job: show(job.progress_done, job.progress_total, job.progress_note))
        _tell_run(result, run)


def _tell_frozen(result: Outcome, frozen: FrozenSet) -> None:
    result.fields = asdict(frozen)
    result.say(f"{_counted(frozen.rows, 'row')} frozen as {frozen.name} ({frozen.kind}), checksum {frozen.sha256[:12]}")
    result.say(f"in {frozen.path}")
    for refusal in frozen.refused:
        result.say(f"refused pair {refusal.pair_id}: {refusal.reason}")


def _tell_run(result: Outcome, run: TrainingRun) -> None:
    with reading() as session:
        overview = run_overview(session, run_id=run.id)
    final: dict[str, Any] = overview.run.final or {}
    result.fields |= {"state": overview.job.state, "steps": overview.job.progress_done, "final": final}
    result.say(f"Run {run.id} {overview.job.state} after {_counted(overview.job.progress_done, 'step')}")
    for name, number in final.items():
        result.say(f"  {name}: {number}")
    if overview.job.state == "stopped":
        result.say(f"Go on with: cross-review train {run.id} --resume")
    elif overview.job.state != "done":
        raise TrainingError(overview.job.reason or f"The run {run.id} ended {overview.job.state}.")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")

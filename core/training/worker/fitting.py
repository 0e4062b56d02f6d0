"""Set up TRL's trainer for a run, train, and keep what came of it."""

import json
import logging
import platform
import shutil
import warnings
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import datasets
import torch
import transformers
from peft import set_peft_model_state_dict
from safetensors.torch import load_file
from transformers import Trainer, TrainerState
from transformers.trainer_callback import PrinterCallback
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

from core.config import settings
from core.db import transaction
from core.errors import TrainingError
from core.job_process import JobContext, StoppedByRequest
from core.models import TrainingRun, utc_now
from core.training.base_models import BaseModel
from core.training.checkpoints import newest_checkpoint
from core.training.recipes import Recipe
from core.training.training_run import RunOverview, adapter_folder, curves, run_facts, run_folder
from core.training.worker.loading import LoadedModel, adapter_config, load_model, load_rows
from core.training.worker.recorder import Recorder
from core.training_sets.stored import folder_of

_PACKAGES = ("cross-review", "torch", "transformers", "trl", "peft", "accelerate", "datasets", "tokenizers")
_KEPT = ("loss", "eval_loss", "rewards/margins", "rewards/accuracies", "eval_rewards/accuracies")


def fit(context: JobContext, overview: RunOverview, base: BaseModel) -> dict[str, Any]:
    """Train a run to its end and return what the command answers; goes on where a run was stopped or killed.

    Raises:
        TrainingError: the model has changed since the run began, or the training cannot be right.
        StoppedByRequest: a stop was asked for.
    """
    _quieten()
    folder = run_folder(overview.run.id)
    # Before the adapter is made: its weights are drawn at random.
    transformers.set_seed(overview.recipe.seed)
    loaded = load_model(base)
    context.stop_if_asked()
    checkpoint = newest_checkpoint(folder)
    _write_facts(overview, base, loaded, resumes=checkpoint is not None)
    from_step = checkpoint[0] if checkpoint else 0
    recorder = Recorder(context, run_id=overview.run.id, folder=folder, method=overview.run.method, from_step=from_step)
    cache = settings().row_cache / overview.run.id
    try:
        trainer = _trainer(overview, loaded, recorder, cache)
        _train(trainer, checkpoint[1] if checkpoint else None)
        if trainer.state.global_step < trainer.state.max_steps:
            raise StoppedByRequest
        _evaluate_at_the_end(trainer)
    finally:
        recorder.flush()
        shutil.rmtree(cache, ignore_errors=True)
    return _keep(overview, trainer)


def _train(trainer: Trainer, checkpoint: Path | None) -> None:
    """Train to the end or to a stop, from a checkpoint if there is one."""
    if checkpoint:
        state = TrainerState.load_from_json(str(checkpoint / "trainer_state.json"))
        if state.global_step >= state.max_steps:
            # Killed after the last step. Told to go on, the trainer would do one step too many.
            set_peft_model_state_dict(trainer.model, load_file(checkpoint / "adapter_model.safetensors"))
            trainer.state = state
            return
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)


def _quieten() -> None:
    """Keep progress bars and notices of future versions out of the log, and a small model from using all cores."""
    warnings.filterwarnings("ignore", category=FutureWarning)
    transformers.utils.logging.disable_progress_bar()
    datasets.disable_progress_bars()
    # It tells of each checkpoint that it goes by the steps in their names, which is what it should.
    logging.getLogger("transformers.trainer_utils").setLevel(logging.ERROR)
    if not torch.cuda.is_available():
        torch.set_num_threads(1)


def _trainer(overview: RunOverview, loaded: LoadedModel, recorder: Recorder, cache: Path) -> Trainer:
    recipe, frozen = overview.recipe, folder_of(overview.training_set)
    parts = {
        part: load_rows(frozen, part, loaded=loaded, max_image_side=recipe.max_image_side, cache=cache)
        for part in ("train", "validation")
    }
    given = _arguments(recipe, run_folder(overview.run.id) / "checkpoints", evaluates=parts["validation"] is not None)
    if overview.run.method == "dpo":
        kind, arguments = DPOTrainer, DPOConfig(**given, beta=recipe.beta)
    else:
        kind, arguments = SFTTrainer, SFTConfig(**given)
    trainer = kind(
        model=loaded.model,
        args=arguments,
        train_dataset=parts["train"],
        eval_dataset=parts["validation"],
        processing_class=loaded.processor,
        peft_config=adapter_config(loaded.model, recipe),
        callbacks=[recorder],
    )
    # It prints each log line to standard output, where a command's answer belongs.
    trainer.remove_callback(PrinterCallback)
    return trainer


def _arguments(recipe: Recipe, folder: Path, *, evaluates: bool) -> dict[str, Any]:
    cuda = torch.cuda.is_available()
    return {
        "output_dir": str(folder),
        "per_device_train_batch_size": recipe.batch_size,
        "per_device_eval_batch_size": recipe.batch_size,
        "gradient_accumulation_steps": recipe.gradient_accumulation,
        "learning_rate": recipe.learning_rate,
        "lr_scheduler_type": recipe.schedule,
        "num_train_epochs": recipe.epochs,
        "max_steps": recipe.max_steps or -1,
        "seed": recipe.seed,
        "logging_steps": recipe.logging_steps,
        # The first step's loss is checked, so it has to be logged.
        "logging_first_step": True,
        # The trainer would write a mean in the place of a loss that is no number.
        "logging_nan_inf_filter": False,
        "save_steps": recipe.save_steps,
        "save_total_limit": 2,
        "eval_strategy": "steps" if evaluates else "no",
        "eval_steps": recipe.save_steps,
        # Cut off, picture tokens and pictures no longer fit each other.
        "max_length": None,
        "use_cpu": not cuda,
        "bf16": cuda and torch.cuda.is_bf16_supported(),
        "gradient_checkpointing": cuda,
        "report_to": "none",
        "disable_tqdm": True,
        "push_to_hub": False,
    }


def _write_facts(overview: RunOverview, base: BaseModel, loaded: LoadedModel, *, resumes: bool) -> None:
    """Write run.json, or make sure that a run goes on with the weights it began with."""
    before = run_facts(overview.run.id) if resumes else {}
    weights = before.get("model", {}).get("weights")
    if weights and weights != loaded.weights:
        raise TrainingError(f"The weights of the model {base.name} have changed since this run began. Start a new run.")
    now = utc_now().isoformat()
    versions = {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}}
    picture_processor = getattr(loaded.processor, "image_processor", None)
    facts = {
        "run_id": overview.run.id,
        "created_at": overview.run.created_at.isoformat(),
        "begun_at": before.get("begun_at", now),
        "resumed": [*before.get("resumed", []), {"at": now, "versions": versions}] if before else [],
        "method": overview.run.method,
        "recipe": asdict(overview.recipe),
        "command": overview.command,
        "training_set": {"name": overview.training_set.name, "sha256": overview.training_set.sha256},
        "model": {
            "name": base.name,
            "source": base.source,
            "random_weights": base.source == "smoke-test",
            "architecture": type(loaded.model).__name__,
            "weights": loaded.weights,
        },
        "picture_processor": type(picture_processor).__name__ if picture_processor else None,
        "seed": overview.recipe.seed,
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "processor only",
        "versions": before.get("versions", versions),
    }
    _write_json(run_folder(overview.run.id) / "run.json", facts)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    writing = path.with_name(f".{path.name}")
    writing.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    writing.replace(path)


def _evaluate_at_the_end(trainer: Trainer) -> None:
    """Measure the held-back rows at the last step, unless the trainer has just done so."""
    at_the_end = [entry for entry in trainer.state.log_history if entry["step"] == trainer.state.global_step]
    if trainer.eval_dataset is not None and not any("eval_loss" in entry for entry in at_the_end):
        trainer.evaluate()


def _keep(overview: RunOverview, trainer: Trainer) -> dict[str, Any]:
    """Put the adapter in place and store how the run ended; return the command's answer."""
    folder = run_folder(overview.run.id)
    final, writing = adapter_folder(overview.run.id), folder / ".writing-final"
    shutil.rmtree(writing, ignore_errors=True)
    trainer.save_model(str(writing))
    # A pickle of the trainer's arguments; run.json says the same, and nobody should have to open a pickle.
    (writing / "training_args.bin").unlink(missing_ok=True)
    shutil.rmtree(final, ignore_errors=True)
    writing.rename(final)
    with transaction() as session:
        logged = curves(session, run_id=overview.run.id, names=_KEPT)
        numbers = {name: logged[name].numbers[-1] for name in _KEPT if name in logged}
        session.get_one(TrainingRun, overview.run.id).final = numbers
    steps = trainer.state.global_step
    facts = {**run_facts(overview.run.id), "ended_at": utc_now().isoformat(), "steps": steps, "final": numbers}
    _write_json(folder / "run.json", facts)
    return {"run_id": overview.run.id, "state": "done", "steps": steps, "final": numbers, "path": str(folder)}

"""The job that trains: a frozen set and a recipe -> an adapter, with its curves, checkpoints and log."""

import os
from pathlib import Path
from typing import Any

from core.db import reading
from core.job_process import JobContext
from core.training.base_models import BaseModel, base_model
from core.training.training_run import run_folder, run_overview
from core.training_sets.folder import verify_folder
from core.training_sets.stored import folder_of

_GPU_DEVICE = Path("/dev/nvidiactl")


def run_job(context: JobContext) -> dict[str, Any]:
    """Train, or go on from the newest complete checkpoint, and return what the command answers.

    Raises:
        UserError: the set is not what was frozen, the model cannot be loaded, or the training cannot be right.
        StoppedByRequest: a stop was asked for; a checkpoint is saved if a step was done.
    """
    with reading() as session:
        overview = run_overview(session, run_id=context.arguments["run_id"])
    run_folder(overview.run.id).mkdir(parents=True, exist_ok=True)
    context.progress(0, None, "reading the training set", force=True)
    verify_folder(folder_of(overview.training_set), overview.training_set.sha256)
    base = base_model(overview.recipe.model)
    context.progress(0, None, "loading the model", force=True)
    _prepare_environment(base)
    # Only now: the libraries read the environment while they are imported, which takes several seconds.
    from core.training.worker.fitting import fit

    return fit(context, overview, base)


def _prepare_environment(base: BaseModel) -> None:
    """Say what the training libraries are to do, before they are imported."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if base.source != "hub":
        os.environ["HF_HUB_OFFLINE"] = "1"
    if _GPU_DEVICE.exists():
        # TRL refuses several GPUs without a launcher.
        os.environ.setdefault("CUDA_VISIBLE_DEVICES", "0")
    else:
        # On two cores beside the app, more threads make a small model's step up to 30 times slower.
        os.environ.setdefault("OMP_NUM_THREADS", "1")

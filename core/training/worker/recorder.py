"""Write down how a training goes: every event to a file at once, its numbers to the database once a second."""

import json
import math
import time
from pathlib import Path
from typing import Any

from sqlmodel import col, delete
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from core.db import transaction
from core.errors import TrainingError
from core.job_process import JobContext
from core.models import Job, TrainingMetric, TrainingRun, utc_now
from core.training.checkpoints import checkpoint_folder, mark_complete

_LN_2 = math.log(2)
_FLUSH_S = 1.0
# The first steps are slow beyond measure: memory is reserved, kernels are chosen, pictures read for the first time.
_WARM_UP_STEPS = 2
# What of a log line is no measurement of the training at that step.
_NOT_MEASURED = ("runtime", "per_second", "flos")


def check_first_loss(loss: float) -> None:
    """Make sure that a sigmoid DPO starts where it must: at ln 2, because the policy is its own reference still.

    Raises:
        TrainingError: it does not.
    """
    if not abs(loss - _LN_2) <= 0.02:
        raise TrainingError(
            f"The first loss of this DPO is {loss:.4f}; it must be ln 2 = {_LN_2:.4f}, because the model has learned "
            "nothing yet. Model and reference are not the same: the run was ended, nothing was trained. Use the model "
            "as it was published, without an adapter or dropout."
        )


class Recorder(TrainerCallback):
    """Hears of each step of the trainer: records it, passes a stop on, and ends a training that cannot be right."""

    def __init__(self, context: JobContext, *, run_id: str, folder: Path, method: str, from_step: int) -> None:
        """Take up recording at a step: numbers logged after it belong to work that is done again, and are removed."""
        self._context, self._run_id, self._folder, self._method = context, run_id, folder, method
        self._from_step = from_step
        self._pending: dict[tuple[int, str], float] = {}
        self._flushed_at = 0.0
        with transaction() as session:
            later = (col(TrainingMetric.run_id) == run_id) & (col(TrainingMetric.step) > from_step)
            session.exec(delete(TrainingMetric).where(later))
        self._event("resume" if from_step else "start", from_step)

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        """Note how many steps there are to be."""
        self._event("begin", state.global_step, max_steps=state.max_steps)
        with transaction() as session:
            session.get_one(TrainingRun, self._run_id).total_steps = state.max_steps
        self._context.progress(state.global_step, state.max_steps, force=True)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> TrainerControl:
        """Report the step, and end after it with a checkpoint if a stop was asked for."""
        self._context.progress(state.global_step, state.max_steps)
        if state.global_step - self._from_step <= _WARM_UP_STEPS:
            self._count_pace_from(state.global_step)
        self._flush_if_due()
        if self._context.stop_asked.is_set() and state.global_step < state.max_steps:
            control.should_save = control.should_training_stop = True
        return control

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, Any] | None = None,
        **_: object,
    ) -> None:
        """Record the numbers of a step; a loss that is no number or not what it must be ends the training."""
        numbers = {name: float(held) for name, held in (logs or {}).items() if isinstance(held, int | float)}
        self._event("log", state.global_step, **numbers)
        measured = {name: held for name, held in numbers.items() if not any(part in name for part in _NOT_MEASURED)}
        if told := _line(measured):
            self._context.log(f"step {state.global_step}  {told}")
        if not math.isfinite(measured.get("loss", 0.0)):
            raise TrainingError(
                f"The loss of step {state.global_step} is no number any more. Lower the learning rate and start again."
            )
        if self._method == "dpo" and "loss" in measured and self._from_step == 0 and state.global_step == 1:
            check_first_loss(measured["loss"])
        finite = {name: held for name, held in measured.items() if math.isfinite(held) and name != "train_loss"}
        self._pending |= {(state.global_step, name): held for name, held in finite.items()}
        self._flush_if_due()

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object) -> None:
        """Note that a checkpoint is whole; only such ones are resumed from."""
        # First the numbers: a run that goes on from here must have all of them up to here.
        self.flush()
        mark_complete(checkpoint_folder(self._folder, state.global_step))
        self._event("save", state.global_step)
        self._context.progress(state.global_step, state.max_steps, force=True)
        self._context.log(f"step {state.global_step}  saved")

    def on_train_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object) -> None:
        """Store what is still pending."""
        self._event("end", state.global_step)
        self.flush()

    def flush(self) -> None:
        """Store the pending numbers in one transaction."""
        self._flushed_at = time.monotonic()
        if not self._pending:
            return
        with transaction() as session:
            for (step, name), number in self._pending.items():
                session.merge(TrainingMetric(run_id=self._run_id, step=step, name=name, number=number))
        self._pending = {}

    def _count_pace_from(self, step: int) -> None:
        """Let the time left be told by the steps after this one, so that neither loading nor warming up count."""
        with transaction() as session:
            job = session.get_one(Job, self._context.job_id)
            job.progress_since, job.progress_from = utc_now(), step

    def _flush_if_due(self) -> None:
        if time.monotonic() - self._flushed_at >= _FLUSH_S:
            self.flush()

    def _event(self, kind: str, step: int, **given: float) -> None:
        # JSON knows no NaN; what is none is written as null.
        numbers = {name: held if math.isfinite(held) else None for name, held in given.items()}
        line = json.dumps({"t": time.time(), "kind": kind, "step": step, **numbers})
        with (self._folder / "events.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _line(numbers: dict[str, float]) -> str:
    names = {"loss": "loss", "eval_loss": "held-back loss", "rewards/margins": "margin", "learning_rate": "rate"}
    return "  ".join(f"{word} {numbers[name]:.4g}" for name, word in names.items() if name in numbers)

"""Training for real: TRL on the model `smoke-test`, in this process, or in its own where it is killed."""

import json
import math
import os
import pickle
import signal
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session
from transformers import TrainerControl, TrainerState

from core.config import settings
from core.db import reading, transaction
from core.errors import NotFoundError, TrainingError, TrainingSetError, UserError
from core.job_process import JobContext, StoppedByRequest, run_here
from core.jobs import ask_job_to_stop, job_now, log_tail, progress_of, start_job
from core.models import Job, TrainingMetric, TrainingRun, utc_now
from core.training.checkpoints import complete_checkpoints, mark_complete, newest_checkpoint
from core.training.recipes import PRESETS, Recipe
from core.training.training_run import (
    curves,
    last_saved_step,
    resume_training_run,
    run_facts,
    run_folder,
    start_training_run,
    training_runs,
)
from core.training.worker.train import run_job
from core.training_sets.freeze import freeze_training_set
from core.training_sets.rows import in_validation
from core.training_sets.stored import training_set_named
from tests.builders import build_item, build_pair, build_person
from tests.test_training_sets import build_pictured_item

TINY = replace(PRESETS["smoke-test"], max_steps=6, save_steps=2, max_image_side=None)


@pytest.fixture(scope="module")
def smoke_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model is the same for every workspace; it is built once for this file."""
    from core.training.worker import build

    place = tmp_path_factory.mktemp("models") / "model"
    build._build(place)
    return place


@pytest.fixture
def ready(workspace: Path, smoke_model: Path) -> Path:
    """Return a workspace with the model built and a set of pairs named pairs-1, some to watch the training by."""
    (workspace / "models").mkdir(parents=True)
    (workspace / "models" / "smoke-test-1").symlink_to(smoke_model)
    watched = next(f"f{number}" for number in range(1000) if in_validation(f"f{number}", 0.1))
    families = [*(f"f{number}" for number in range(1000) if not in_validation(f"f{number}", 0.1))][:4]
    with transaction() as session:
        for number, family in enumerate([*families, watched]):
            item = build_pictured_item(session, "red" if number % 2 else "blue", family_id=family)
            build_pair(session, item, chosen=f"Wait for the host ({number}).")
        build_pair(session, build_item(session, family_id=families[0], query="سلام، کدام را بخرم؟", language="fa"))
    freeze_training_set(name="pairs-1", kind="dpo")
    return workspace


def new_run(recipe: Recipe = TINY, training_set_name: str = "pairs-1") -> TrainingRun:
    with transaction() as session:
        return start_training_run(session, training_set_name=training_set_name, recipe=recipe, author=None)


def curve(run: TrainingRun, name: str = "loss") -> dict[int, float]:
    with reading() as session:
        held = curves(session, run_id=run.id, names=[name]).get(name)
    return dict(zip(held.steps, held.numbers, strict=True)) if held else {}


def wait_for(run: TrainingRun, *states: str, limit_s: float = 60) -> Job:
    ends = time.monotonic() + limit_s
    while time.monotonic() < ends:
        with transaction() as session:
            job = job_now(session, run.job_id)
        if job.state in states:
            return job
        time.sleep(0.05)
    raise AssertionError(f"still {job.state}: {job.reason}\n{log_tail(run.job_id)}")


class StopAfter(threading.Event):
    """Asks for a stop once a run has logged a step, as a person would who watches it; one more step is done."""

    def __init__(self, run: TrainingRun, step: int) -> None:
        super().__init__()
        self._run, self._step = run, step

    def is_set(self) -> bool:
        path = run_folder(self._run.id) / "events.jsonl"
        logged = path.read_text().splitlines() if path.exists() else []
        return any(json.loads(line)["kind"] == "log" and json.loads(line)["step"] >= self._step for line in logged)


def test_a_dpo_run_leaves_curves_events_an_adapter_and_its_facts(ready: Path):
    run = new_run()
    job = run_here(run.job_id)
    assert (job.state, job.result["state"], job.result["steps"]) == ("done", "done", 6)
    assert set(job.result) == {"run_id", "state", "steps", "final", "path"}
    losses = curve(run)
    assert list(losses) == [1, 2, 3, 4, 5, 6]
    assert losses[1] == pytest.approx(math.log(2), abs=0.001)
    assert losses[6] < losses[1]
    assert list(curve(run, "eval_loss")) == [2, 4, 6]
    assert curve(run, "rewards/margins")[6] > 0
    folder = run_folder(run.id)
    assert (folder / "final" / "adapter_model.safetensors").is_file()
    assert not list((folder / "final").glob("*.bin"))
    assert not (settings().row_cache / run.id).exists()
    assert "mtime" not in log_tail(run.job_id)
    kinds = [json.loads(line)["kind"] for line in (folder / "events.jsonl").read_text().splitlines()]
    assert kinds[:3] == ["start", "begin", "log"]
    facts = run_facts(run.id)
    assert facts["model"]["random_weights"] is True
    assert len(facts["model"]["weights"]["model.safetensors"]) == 64
    assert facts["training_set"]["name"] == "pairs-1"
    assert facts["picture_processor"] == "CLIPImageProcessorPil"
    assert facts["final"]["loss"] == pytest.approx(losses[6])
    with transaction() as session:
        (overview,) = training_runs(session)
        assert (overview.run.total_steps, overview.run.final["loss"]) == (6, pytest.approx(losses[6]))
        with pytest.raises(TrainingError, match="finished"):
            resume_training_run(session, run_id=run.id)


def test_the_adapter_sits_in_the_language_model_only(ready: Path):
    from safetensors import safe_open

    run = new_run(replace(TINY, max_steps=1))
    run_here(run.job_id)
    with safe_open(run_folder(run.id) / "final" / "adapter_model.safetensors", "pt") as weights:
        names = list(weights.keys())
    assert names
    assert all("language_model" in name and "lm_head" not in name for name in names)


def test_a_run_that_is_stopped_and_resumed_has_the_losses_of_one_that_was_not(ready: Path):
    whole, parted = new_run(), new_run()
    run_here(whole.job_id)
    stopping = JobContext(parted.job_id, {"run_id": parted.id}, stop_asked=StopAfter(parted, 2))
    with pytest.raises(StoppedByRequest):
        run_job(stopping)
    assert last_saved_step(parted.id) == 3
    assert list(curve(parted)) == [1, 2, 3]
    with transaction() as session:
        session.get_one(Job, parted.job_id).state = "stopped"
        resume_training_run(session, run_id=parted.id)
    assert run_here(parted.job_id).state == "done"
    assert curve(parted) == curve(whole)
    assert curve(parted, "eval_loss") == curve(whole, "eval_loss")
    final = Path("final") / "adapter_model.safetensors"
    assert (run_folder(parted.id) / final).read_bytes() == (run_folder(whole.id) / final).read_bytes()


def test_a_killed_run_is_interrupted_and_goes_on_without_doubled_steps(ready: Path):
    run = new_run(replace(TINY, max_steps=400, save_steps=3, epochs=1000))
    start_job(run.job_id)
    ends = time.monotonic() + 60
    while time.monotonic() < ends and (last_saved_step(run.id) or 0) < 6:
        time.sleep(0.05)
    with reading() as session:
        os.kill(session.get_one(Job, run.job_id).pid, signal.SIGKILL)
    job = wait_for(run, "interrupted", limit_s=5)
    assert job.state == "interrupted"
    saved = last_saved_step(run.id)
    assert saved >= 6
    with transaction() as session:
        resume_training_run(session, run_id=run.id)
    start_job(run.job_id)
    # It goes on behind the checkpoint; SIGTERM then ends it with another one.
    ends = time.monotonic() + 60
    while time.monotonic() < ends and max(curve(run), default=0) <= saved + 3:
        time.sleep(0.05)
    with reading() as session:
        os.kill(session.get_one(Job, run.job_id).pid, signal.SIGTERM)
    wait_for(run, "stopped")
    steps = list(curve(run))
    assert steps == list(range(1, len(steps) + 1))
    assert last_saved_step(run.id) == steps[-1]
    events = [json.loads(line) for line in (run_folder(run.id) / "events.jsonl").read_text().splitlines()]
    assert [event["step"] for event in events if event["kind"] == "resume"] == [saved]


def test_a_run_killed_after_its_last_checkpoint_is_finished_by_a_resume(ready: Path):
    run = new_run(replace(TINY, max_steps=2))
    run_here(run.job_id)
    before = curve(run)
    (run_folder(run.id) / "final" / "adapter_config.json").unlink()
    with transaction() as session:
        session.get_one(Job, run.job_id).state = "interrupted"
    assert run_here(run.job_id).result["final"]["loss"] == pytest.approx(before[2])
    assert curve(run) == before
    assert (run_folder(run.id) / "final" / "adapter_config.json").is_file()


def test_an_sft_run_learns_the_chosen_answers_and_sees_the_pictures(ready: Path):
    with transaction() as session:
        for name, colours in (("plain", ["white", "white"]), ("coloured", ["green", "purple"])):
            for number, colour in enumerate(colours):
                item = build_pictured_item(session, colour, country=name, query="What is this?", family_id="f0")
                build_pair(session, item, chosen=f"Wait for the host, and watch what the others do ({number}).")
    losses = {}
    for name in ("plain", "coloured"):
        with reading() as session:
            from core.training_sets.candidates import accepted_pair_ids

            pairs = accepted_pair_ids(session, countries=[name])
        freeze_training_set(name=name, kind="sft", pair_ids=pairs)
        run = new_run(replace(TINY, max_steps=2), name)
        assert run_here(run.job_id).result["steps"] == 2
        losses[name] = curve(run)
    assert losses["plain"][1] != losses["coloured"][1]
    assert losses["plain"][1] == pytest.approx(losses["coloured"][1], abs=0.5)
    assert losses["plain"][2] < losses["plain"][1]


def test_a_model_of_text_trains_on_words_and_refuses_pictures(ready: Path, tmp_path: Path):
    from transformers import LlamaForCausalLM

    from core.training.worker import build

    processor = build._processor()
    processor.tokenizer.chat_template = processor.chat_template
    LlamaForCausalLM(build._config(processor.tokenizer).text_config).save_pretrained(tmp_path / "text")
    processor.tokenizer.save_pretrained(tmp_path / "text")
    with transaction() as session:
        words = [build_pair(session, build_item(session)).id for _ in range(2)]
    recipe = replace(TINY, model=str(tmp_path / "text"), max_steps=1, lora_targets="all-linear")
    for kind in ("dpo", "sft"):
        freeze_training_set(name=f"words-{kind}", kind=kind, pair_ids=words)
        assert run_here(new_run(recipe, f"words-{kind}").job_id).state == "done"
    with pytest.raises(TrainingError, match="cannot see any"):
        run_here(new_run(recipe).job_id)


def test_a_set_whose_files_were_changed_is_not_trained_on(ready: Path):
    run = new_run()
    part = ready / "training_sets" / "pairs-1" / "data"
    (part / "train-00000-of-00001.parquet").write_bytes((part / "validation-00000-of-00001.parquet").read_bytes())
    with pytest.raises(TrainingSetError, match="checksum"):
        run_here(run.job_id)
    with transaction() as session:
        assert job_now(session, run.job_id).state == "failed"


def test_a_first_loss_that_is_not_ln_2_ends_a_dpo():
    from core.training.worker.recorder import check_first_loss

    check_first_loss(math.log(2) + 0.019)
    for loss in (0.66, 0.72, 4.8, math.nan):
        with pytest.raises(TrainingError, match="ln 2"):
            check_first_loss(loss)


def test_a_loss_that_is_no_number_ends_the_run_with_a_message(ready: Path):
    from core.training.worker.recorder import Recorder

    run = new_run()
    context = JobContext(run.job_id, {"run_id": run.id}, stop_asked=threading.Event())
    run_folder(run.id).mkdir(parents=True)
    recorder = Recorder(context, run_id=run.id, folder=run_folder(run.id), method="dpo", from_step=0)
    state = TrainerState(global_step=3, max_steps=6)
    with pytest.raises(TrainingError, match="Lower the learning rate"):
        recorder.on_log(None, state, None, logs={"loss": math.nan, "grad_norm": math.inf})
    last = (run_folder(run.id) / "events.jsonl").read_text().splitlines()[-1]
    assert json.loads(last)["loss"] is None


def test_a_model_that_only_looks_like_one_fails_in_words(ready: Path, tmp_path: Path):
    marker = tmp_path / "pickle-was-run"

    class Bomb:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (marker,))

    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "llava"}))
    (folder / "model.safetensors").write_bytes(b"no weights")
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb()))
    run = new_run(replace(TINY, model=str(folder)))
    with pytest.raises(TrainingError, match="cannot be loaded"):
        run_here(run.job_id)
    assert not marker.exists()
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "config.json").write_text(
        json.dumps({"model_type": "mine", "auto_map": {"AutoConfig": "own.Config", "AutoModel": "own.Model"}})
    )
    (foreign / "own.py").write_text(f"import pathlib; pathlib.Path({str(marker)!r}).touch()")
    (foreign / "model.safetensors").write_bytes(b"no weights")
    run = new_run(replace(TINY, model=str(foreign)))
    with pytest.raises(TrainingError, match="cannot be loaded"):
        run_here(run.job_id)
    assert not marker.exists()


def test_a_run_cannot_begin_without_set_or_model(ready: Path, session: Session):
    with pytest.raises(NotFoundError, match="no-such-set"):
        start_training_run(session, training_set_name="no-such-set", recipe=TINY, author=None)
    with pytest.raises(TrainingError, match="no model folder"):
        start_training_run(
            session, training_set_name="pairs-1", recipe=replace(TINY, model="/nowhere/at/all"), author=None
        )
    with pytest.raises(TrainingError, match="method"):
        start_training_run(session, training_set_name="pairs-1", recipe=PRESETS["sft-lora"], author=None)
    with pytest.raises(NotFoundError):
        resume_training_run(session, run_id="none")
    assert training_runs(session) == []


def test_a_run_under_way_is_not_resumed_and_a_waiting_one_can_be_stopped(ready: Path):
    run = new_run()
    with transaction() as session, pytest.raises(TrainingError, match="under way"):
        resume_training_run(session, run_id=run.id)
    ask_job_to_stop(run.job_id)
    with transaction() as session:
        assert resume_training_run(session, run_id=run.id).id == run.id


def test_a_checkpoint_cut_short_is_not_resumed_from(tmp_path: Path):
    names = ("trainer_state.json", "adapter_model.safetensors", "adapter_config.json", "optimizer.pt", "scheduler.pt")
    for step in (2, 4, 10):
        folder = tmp_path / "checkpoints" / f"checkpoint-{step}"
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_text("whole")
        mark_complete(folder)
    assert list(complete_checkpoints(tmp_path)) == [2, 4, 10]
    (tmp_path / "checkpoints" / "checkpoint-10" / "adapter_model.safetensors").write_text("cut")
    assert newest_checkpoint(tmp_path)[0] == 4
    (tmp_path / "checkpoints" / "checkpoint-4" / "trainer_state.json").unlink()
    assert newest_checkpoint(tmp_path)[0] == 2
    (tmp_path / "checkpoints" / "checkpoint-2" / "complete.json").unlink()
    assert newest_checkpoint(tmp_path) is None


def test_the_model_smoke_test_is_always_the_same(workspace: Path, smoke_model: Path):
    from core.training.base_models import weights_sha256
    from core.training.worker.build import smoke_test_folder

    built = smoke_test_folder()
    assert built.parent == settings().models
    assert weights_sha256(built) == weights_sha256(smoke_model)
    assert smoke_test_folder() == built


def test_numbers_of_a_run_are_read_in_order_of_steps(ready: Path, session: Session):
    run = start_training_run(session, training_set_name="pairs-1", recipe=TINY, author=None)
    for step in (3, 1, 2):
        session.add(TrainingMetric(run_id=run.id, step=step, name="loss", number=1 / step))
    session.flush()
    assert curves(session, run_id=run.id)["loss"].steps == (1, 2, 3)
    assert curves(session, run_id=run.id, names=["eval_loss"]) == {}


def test_a_long_curve_is_thinned_and_keeps_its_last_point(ready: Path, session: Session):
    run = start_training_run(session, training_set_name="pairs-1", recipe=TINY, author=None)
    for step in range(1, 26):
        session.add(TrainingMetric(run_id=run.id, step=step, name="loss", number=1 / step))
    for step in (10, 20):
        session.add(TrainingMetric(run_id=run.id, step=step, name="eval_loss", number=1 / step))
    session.flush()
    thinned = curves(session, run_id=run.id, at_most=10)
    # 25 points, at most 10: every third, counted from the last one back.
    assert thinned["loss"].steps == (1, 4, 7, 10, 13, 16, 19, 22, 25)
    assert thinned["loss"].numbers[0] == 1
    assert thinned["eval_loss"].steps == (10, 20)


def test_time_left_is_told_by_the_steps_after_loading_and_warming_up(ready: Path):
    from core.training.worker.recorder import Recorder

    run = new_run(replace(TINY, max_steps=100))
    with transaction() as session:
        job = session.get_one(Job, run.job_id)
        job.state, job.progress_since = "running", utc_now() - timedelta(minutes=10)
    context = JobContext(run.job_id, {"run_id": run.id}, stop_asked=threading.Event())
    run_folder(run.id).mkdir(parents=True)
    recorder = Recorder(context, run_id=run.id, folder=run_folder(run.id), method="dpo", from_step=0)
    state, left = TrainerState(max_steps=100), []
    for step in (1, 2, 3):
        state.global_step = step
        context.progress(step, 100, force=True)
        recorder.on_step_end(None, state, TrainerControl())
        with reading() as session:
            left.append(progress_of(session.get_one(Job, run.job_id)).left_s)
    assert left[:2] == [None, None]
    assert left[2] < 97 * 5


def test_experts_neither_start_nor_resume_a_training(ready: Path):
    run = new_run()
    with transaction() as session:
        expert, lead = build_person(session), build_person(session, "lead")
        session.get_one(Job, run.job_id).state = "stopped"
        with pytest.raises(UserError, match="Only the leads"):
            start_training_run(session, training_set_name="pairs-1", recipe=TINY, author=expert)
        with pytest.raises(UserError, match="Only the leads"):
            resume_training_run(session, run_id=run.id, author=expert)
        assert start_training_run(session, training_set_name="pairs-1", recipe=TINY, author=lead).created_by == lead.id


@pytest.mark.parametrize("name", ["x" * 5000, "\0", "\udcff", "../x", ""])
def test_what_can_be_no_name_is_said_to_be_nowhere(workspace: Path, session: Session, name: str):
    with pytest.raises(NotFoundError, match="no training set") as told:
        training_set_named(session, name)
    assert str(told.value).isprintable()
    with pytest.raises(NotFoundError, match="no training run") as told:
        resume_training_run(session, run_id=name)
    assert len(str(told.value)) < 200

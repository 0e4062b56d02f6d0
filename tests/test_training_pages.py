"""The pages Training sets and Train, as AppTest sees them."""

import threading
import time
from pathlib import Path

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from core.db import reading, transaction
from core.jobs import ALIVE, job_now
from core.models import Erratum, Job, Pair, TrainingMetric, TrainingRun, TrainingSet, utc_now
from core.training.recipes import PRESETS
from core.training.training_run import adapter_folder, start_training_run
from core.training_sets.freeze import freeze_training_set
from tests.builders import build_item, build_pair, build_person
from tests.test_training_sets import build_pairs


@pytest.fixture
def session(committing: Session) -> Session:
    """What these tests store is read by jobs and pages while they go on."""
    return committing


def opened(page: str, **address: str) -> AppTest:
    app = AppTest.from_file("../app.py", default_timeout=20).run()
    app.query_params.update(address)
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    shown = [*app.markdown, *app.caption, *app.info, *app.error, *app.warning, *app.subheader, *app.code]
    return "\n".join(element.value for element in shown)


def button(app: AppTest, label: str):
    return next(button for button in app.button if button.label == label)


@pytest.fixture
def run(workspace: Path) -> TrainingRun:
    """A run that is waiting for its process, with two steps' numbers as if it had begun."""
    build_pairs(2)
    freeze_training_set(name="pairs-1", kind="dpo")
    with transaction() as session:
        run = start_training_run(session, training_set_name="pairs-1", recipe=PRESETS["smoke-test"], author=None)
        run.total_steps = 8
        for step in (1, 2):
            for name in ("loss", "rewards/margins", "rewards/accuracies"):
                session.add(TrainingMetric(run_id=run.id, step=step, name=name, number=0.69 / step))
    return run


def test_without_pairs_the_page_says_where_they_come_from(workspace: Path):
    app = opened("training_sets")
    assert "none yet" in app.info[0].value
    assert button(app, "Go to Pairs")


def test_a_set_is_checked_frozen_and_opened(session: Session):
    build_pair(session, build_item(session, country="Iran"))
    build_pair(session, build_item(session, country="Iran", split="held_out"))
    session.commit()
    app = opened("training_sets")
    assert [metric.value for metric in app.metric] == ["1", "1"]
    assert "held out" in str(app.table[0].value)
    button(app, "Freeze").click().run()
    assert not app.exception
    with transaction() as look:
        job = look.exec(select(Job).where(Job.kind == "freeze")).one()
    ends = time.monotonic() + 30
    while job.state in ALIVE and time.monotonic() < ends:
        time.sleep(0.2)
        with transaction() as look:
            job = job_now(look, job.id)
    assert (job.state, job.reason) == ("done", None)
    app = opened("training_sets", set="pairs-1")
    assert app.subheader[0].value == r"pairs\-1"
    assert "1 to train on" in texts(app)
    assert button(app, "Train on this set")


def test_a_name_that_is_taken_is_told_before_anything_starts(workspace: Path):
    build_pairs(1)
    freeze_training_set(name="mine", kind="dpo")
    app = opened("training_sets")
    app.text_input[0].set_value("mine")
    button(app, "Freeze").click().run()
    assert "already" in app.error[0].value
    with reading() as session:
        assert session.exec(select(Job)).all() == []


def test_pairs_can_be_chosen_by_country_and_kind(session: Session):
    build_pair(session, build_item(session, country="Iran"))
    build_pair(session, build_item(session, country="Japan"))
    session.commit()
    app = opened("training_sets")
    app.multiselect[0].set_value(["Japan"]).run()
    assert app.metric[0].value == "1"
    app.segmented_control[0].set_value("sft").run()
    assert app.text_input[0].value == "examples-1"


def test_corrected_items_are_counted_and_asked_of_the_job_only_where_that_is_ticked(session: Session):
    item = build_item(session)
    build_pair(session, item)
    decided = {"status": "accepted", "decided_at": utc_now(), "person_id": build_person(session).id}
    session.add(Erratum(item_id=item.id, kind="translation_bad", proposed="Better", form_id="f", **decided))
    session.commit()
    app = opened("training_sets")
    assert "corrected item" not in texts(app)
    next(box for box in app.checkbox if box.label == "Use corrected items").check().run()
    assert "1 corrected item among them" in texts(app)
    button(app, "Freeze").click().run()
    with reading() as look:
        assert look.exec(select(Job).where(Job.kind == "freeze")).one().arguments["corrected"] is True


def test_a_set_whose_files_are_gone_says_so(workspace: Path):
    build_pairs(1)
    frozen = freeze_training_set(name="pairs-1", kind="dpo")
    for file in Path(frozen.path).rglob("*.parquet"):
        file.unlink()
    app = opened("training_sets", set="pairs-1")
    assert "Freeze it again" in app.error[0].value


@pytest.mark.parametrize(("page", "name"), [("training_sets", "set"), ("train", "run")])
def test_an_address_that_leads_nowhere_is_a_message(workspace: Path, page: str, name: str):
    app = opened(page, **{name: "**nowhere**"})
    assert "nowhere" in app.error[0].value
    assert "**nowhere**" not in app.error[0].value


def test_without_a_set_train_says_what_comes_first(workspace: Path):
    app = opened("train")
    assert button(app, "Go to Training sets")


def test_a_run_is_set_up_with_its_exact_command(workspace: Path):
    build_pairs(1)
    for name, kind in (("pairs-1", "dpo"), ("examples-1", "sft")):
        freeze_training_set(name=name, kind=kind)
    app = opened("train", set="examples-1")
    assert app.selectbox[0].value == "examples-1"
    assert app.selectbox[1].options == ["smoke-test", "sft-lora"]
    app = opened("train", set="pairs-1")
    app.selectbox[1].set_value("dpo-lora").run()
    app.number_input[0].set_value(3.0).run()
    assert app.code[0].value == "cross-review train pairs-1 --recipe dpo-lora --set epochs=3.0 --json"
    assert "random weights" in texts(app)


def test_a_model_that_is_nowhere_is_told_and_nothing_starts(workspace: Path):
    build_pairs(1)
    freeze_training_set(name="pairs-1", kind="dpo")
    app = opened("train")
    app.text_input[0].set_value("/nowhere/at/all")
    button(app, "Start").click().run()
    assert "no model folder" in app.error[0].value
    with reading() as session:
        assert session.exec(select(TrainingRun)).all() == []


def test_a_run_is_found_again_by_its_address(run: TrainingRun):
    app = opened("train", run=run.id)
    assert "random weights" in texts(app)
    assert "cross-review train pairs-1 --recipe smoke-test --json" in texts(app)
    assert len(app.get("plotly_chart")) == 3
    assert button(app, "Stop after this step")


def test_a_waiting_run_is_stopped_and_offered_to_be_resumed(run: TrainingRun):
    app = opened("train", run=run.id)
    button(app, "Stop after this step").click().run()
    with transaction() as session:
        assert job_now(session, run.job_id).state == "stopped"
    assert button(app, "Resume")


def test_a_run_that_is_done_says_what_it_proves_and_where_its_adapter_lies(run: TrainingRun):
    with transaction() as session:
        session.get_one(Job, run.job_id).state = "done"
    app = opened("train", run=run.id)
    assert "works on this machine" in texts(app)
    assert str(adapter_folder(run.id)) in texts(app)
    button(app, "Train on this set again").click().run()
    assert app.selectbox[0].value == "pairs-1"
    assert "run" not in app.query_params


@pytest.mark.parametrize("page", ["train", "training_sets"])
def test_pages_that_only_look_do_not_wait_for_a_writer(run: TrainingRun, page: str):
    writing, seen = threading.Event(), threading.Event()

    def write() -> None:
        with transaction():
            writing.set()
            seen.wait(30)

    opened(page)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert writing.wait(5)
        began = time.monotonic()
        shown = opened("train", run=run.id) if page == "train" else opened(page, job=str(run.job_id))
        # A page that waits for the writer gives up after five seconds.
        assert time.monotonic() - began < 4
        assert not shown.error
    finally:
        seen.set()
        writer.join()


def test_a_pair_that_was_changed_is_counted_at_once(session: Session):
    pair = build_pair(session, build_item(session))
    session.commit()
    assert opened("training_sets").metric[0].value == "1"
    with transaction() as change:
        stored = change.get_one(Pair, pair.id)
        stored.rejected, stored.changed_at = stored.chosen, utc_now()
    app = opened("training_sets")
    assert [metric.value for metric in app.metric] == ["0", "1"]
    assert app.expander[0].label == "Which one stays out, and why"


@pytest.mark.parametrize(("state", "reason"), [("interrupted", "killed"), ("failed", "It must be ln 2")])
def test_a_run_that_ended_badly_says_why(run: TrainingRun, state: str, reason: str):
    with transaction() as session:
        job = session.get_one(Job, run.job_id)
        job.state, job.reason = state, reason
    app = opened("train", run=run.id)
    assert reason in app.error[0].value
    assert button(app, "Resume")


def test_the_list_shows_each_run_with_its_true_state(run: TrainingRun):
    with transaction() as session:
        job = session.get_one(Job, run.job_id)
        job.state, job.pid, job.process_started = "running", 2**22 - 3, 1.0
    app = opened("train")
    assert "interrupted" in texts(app)
    button(app, "Open").click().run()
    assert app.query_params["run"] == run.id


def test_what_comes_from_data_is_shown_inert(session: Session):
    build_pair(session, build_item(session, country=":red[x] <b>$y$</b>"))
    session.commit()
    freeze_training_set(name="pairs-1", kind="dpo")
    with reading() as look:
        assert look.exec(select(TrainingSet)).one().manifest["by_country"] == {":red[x] <b>$y$</b>": 1}
    for app in (opened("training_sets"), opened("training_sets", set="pairs-1")):
        assert ":red[x]" not in texts(app)
        assert "<b>" not in texts(app)

"""One training run: its state in one line, its recipe, its curves, the command and the log."""

import streamlit as st

from core.db import reading, transaction
from core.jobs import ALIVE, ask_job_to_stop, log_tail, progress_of, start_job
from core.models import Person
from core.training.recipes import SMOKE_TEST
from core.training.training_run import (
    RunOverview,
    adapter_folder,
    curves,
    last_saved_step,
    resume_training_run,
    run_overview,
)
from pages.components.address import put_in_address
from pages.components.facts import fact_box
from pages.components.job_progress import progress_line, state_badge
from pages.components.moment import moment_text
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.training.curves import curve_chart

RANDOM_WEIGHTS = (
    "The model smoke-test has random weights: it proves that the pipeline works and says nothing about a model."
)
CURVES = {
    "loss": "Loss (lower is better)",
    "rewards/accuracies": "Share of pairs where the chosen answer wins",
    "rewards/margins": "Margin between chosen and rejected answer",
}
LOOK_AGAIN_S = 1.5
# More points than a screen has pixels to tell them apart by.
POINTS = 1000


def random_weights_note(model: str) -> None:
    """Say of the model `smoke-test` what it is; of others nothing."""
    if model == SMOKE_TEST:
        # Not a badge: on a narrow screen that is cut off.
        st.warning(RANDOM_WEIGHTS, icon=":material/warning:")


def open_run(overview: RunOverview, person: Person) -> None:
    """Draw a run; while it is under way its state and curves are looked at again and again."""
    run = overview.run
    random_weights_note(run.model)
    every = LOOK_AGAIN_S if overview.job.state in ALIVE else None
    st.fragment(_truth, run_every=every)(run.id, person)
    left, right = st.columns([1, 1.75], gap="medium")
    with left:
        _recipe_box(overview)
    with right:
        st.fragment(_pictures_of_learning, run_every=every)(run.id)


def _truth(run_id: str, person: Person) -> None:
    with reading() as session:
        overview = run_overview(session, run_id=run_id)
    job, alive = overview.job, overview.job.state in ALIVE
    if st.session_state.get("watching") == run_id and not alive:
        st.session_state.watching = None
        st.rerun()
    saved = last_saved_step(run_id)
    with st.container(horizontal=True, vertical_alignment="center"):
        state_badge(job.state)
        st.progress(progress_of(job).share or 0.0, width=340)
        st.markdown(progress_line(job), width="content")
        st.caption(f"saved at step {saved:,}" if saved else "nothing saved yet", width="stretch")
        if alive and st.button("Stop after this step", icon=":material/stop_circle:", disabled=job.stop_requested):
            ask_job_to_stop(job.id)
            st.rerun()
        if not alive and job.state != "done" and st.button("Resume", type="primary", icon=":material/play_circle:"):
            with user_errors_shown(), transaction() as session:
                resume_training_run(session, run_id=run_id, author=person)
            with user_errors_shown():
                start_job(job.id)
            st.rerun()
    if alive:
        st.session_state.watching = run_id
    if job.state == "done":
        _what_next(overview)
    if job.reason and job.state in ("failed", "interrupted"):
        st.error(plain(job.reason), icon=":material/error:")


def _what_next(overview: RunOverview) -> None:
    """Say what has come of a run that is done, and what can be done with it."""
    with st.container(border=True):
        if overview.run.model == SMOKE_TEST:
            st.markdown(
                "**The whole way works on this machine:** the set was read, pictures and texts reached a model, it "
                "learned for a few steps and its adapter was saved. Now choose a real model and train on the same set."
            )
        else:
            st.markdown(
                "**The adapter is saved.** Load it on top of the model it was made for, and compare the two on "
                "questions that were held out before you rely on it."
            )
        st.code(str(adapter_folder(overview.run.id)), language=None, wrap_lines=True)
        if st.button("Train on this set again", icon=":material/model_training:"):
            put_in_address(run=None, set=overview.training_set.name)
            st.rerun()


def _pictures_of_learning(run_id: str) -> None:
    with reading() as session:
        overview = run_overview(session, run_id=run_id)
        names = [*CURVES, *(f"eval_{name}" for name in CURVES)]
        logged = curves(session, run_id=run_id, names=names, at_most=POINTS)
    drawn = [name for name in CURVES if name in logged]
    for name in drawn:
        curve_chart(
            CURVES[name],
            logged[name],
            logged.get(f"eval_{name}"),
            total_steps=overview.run.total_steps,
            is_share="accuracies" in name,
            key=f"{run_id}-{name}",
        )
    if not drawn:
        st.info("The curves begin with the first step. Loading a model takes a few seconds.", icon=":material/timer:")
    with st.expander("The exact command and the log", icon=":material/terminal:"):
        st.code(overview.command, language="bash", wrap_lines=True)
        st.code(log_tail(overview.job.id, lines=60) or "Nothing is logged yet.", language=None, height=260)


def _recipe_box(overview: RunOverview) -> None:
    recipe = overview.recipe
    length = f"{recipe.max_steps:,} steps at most" if recipe.max_steps else f"{recipe.epochs:g} epochs"
    adapted = {"language-model": "language model only", "all-linear": "all linear layers"}[recipe.lora_targets]
    beta = {"Beta": f"{recipe.beta:g}"} if overview.run.method == "dpo" else {}
    facts = {
        "Model": recipe.model,
        **beta,
        "Learning rate": f"{recipe.learning_rate:g}, {recipe.schedule}",
        "Batch": f"{recipe.batch_size} x {recipe.gradient_accumulation} rows a step",
        "Length": length,
        "Adapter": f"rank {recipe.lora_rank}, {adapted}",
        "Seed": recipe.seed,
        "Started": moment_text(overview.run.created_at),
    }
    fact_box(f"Recipe · {overview.run.method.upper()}, LoRA", facts)

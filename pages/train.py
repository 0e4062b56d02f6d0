"""Train on a frozen set: choose the settings, start, watch it learn, stop, resume."""

from collections.abc import Sequence

import streamlit as st

from core.db import reading, transaction
from core.jobs import ALIVE, start_job
from core.models import Person, TrainingSet
from core.training.recipes import command_for
from core.training.training_run import run_overview, start_training_run, training_runs
from core.training_sets.stored import training_sets
from core.words import counted
from pages.components.address import put_in_address
from pages.components.frame import page_frame
from pages.components.job_progress import progress_line, state_badge
from pages.components.moment import moment_text
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.training.recipe_form import chosen_recipe
from pages.components.training.run_view import open_run, random_weights_note

SHOWN = 40


def new_run(sets: Sequence[TrainingSet], person: Person) -> None:
    by_name = {training_set.name: training_set for training_set in sets}
    asked = st.query_params.get("set")
    form, beside = st.columns([1, 1.75], gap="medium")
    start = beside.container()
    with beside:
        runs()
    with form:
        st.subheader("New run", anchor=False)
        at = list(by_name).index(asked) if asked in by_name else 0
        frozen = by_name[st.selectbox("Training set", list(by_name), index=at)]
        recipe = chosen_recipe(frozen)
    with start:
        st.caption(
            f"{counted(frozen.row_count, 'row')}, {frozen.kind.upper()}, frozen {moment_text(frozen.created_at)}"
        )
        random_weights_note(recipe.model)
        st.markdown("The same from a terminal:")
        st.code(command_for(frozen.name, recipe), language="bash", wrap_lines=True)
        if st.button("Start", type="primary", icon=":material/play_circle:"):
            with user_errors_shown(), transaction() as session:
                run = start_training_run(session, training_set_name=frozen.name, recipe=recipe, author=person)
            with user_errors_shown():
                start_job(run.job_id)
            put_in_address(run=run.id, set=None)
            st.rerun()


def runs() -> None:
    """Beside the form and before it, so that a message that ends the page there does not hide them."""
    with reading() as session:
        overviews = training_runs(session, limit=SHOWN)
    if overviews:
        st.subheader("Runs", anchor=False)
        alive = any(overview.job.state in ALIVE for overview in overviews)
        st.fragment(list_of_runs, run_every=3.0 if alive else None)()


def list_of_runs() -> None:
    with reading() as session:
        overviews = training_runs(session, limit=SHOWN)
    for overview in overviews:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            state_badge(overview.job.state)
            facts = plain(f"{overview.run.id} · {overview.run.model}")
            line = f"{facts} · {moment_text(overview.run.created_at)} · {progress_line(overview.job)}"
            st.markdown(f"**{plain(overview.training_set.name)}**  \n:small[:gray[{line}]]", width="stretch")
            if st.button("Open", key=f"open-{overview.run.id}"):
                put_in_address(run=overview.run.id, set=None)
                st.rerun()


person = page_frame("Train", "Teach a model with a frozen training set, and watch it learn", for_leads=True)
if wanted := st.query_params.get("run"):
    with user_errors_shown(), reading() as session:
        opened = run_overview(session, run_id=wanted)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("All runs", icon=":material/arrow_back:", type="tertiary"):
            put_in_address(run=None)
            st.rerun()
        frozen = opened.training_set
        st.caption(
            plain(f"{wanted} · training set {frozen.name} ({counted(frozen.row_count, 'row')}, {frozen.sha256[:12]}…)")
        )
    open_run(opened, person)
    st.stop()

with reading() as session:
    sets = training_sets(session)
if sets:
    new_run(sets, person)
else:
    st.info(
        "There is nothing to train on yet. Freeze accepted pairs into a training set first.",
        icon=":material/inventory_2:",
    )
    if st.button("Go to Training sets", type="primary", icon=":material/arrow_forward:"):
        st.switch_page("pages/training_sets.py")

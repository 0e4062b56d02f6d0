"""Freeze accepted pairs into a training set, look at the sets there are, take one along."""

from collections.abc import Sequence

import streamlit as st

from core.db import reading
from core.jobs import ALIVE, look_at_job
from core.models import Job, TrainingSet
from core.training_sets.candidates import pairs_state
from core.training_sets.stored import countries_of_sets, training_set_named, training_sets
from core.words import counted
from pages.components.address import number_in_address, put_in_address
from pages.components.frame import page_frame
from pages.components.job_progress import watch_job
from pages.components.moment import moment_text
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.training.new_set import new_set
from pages.components.training.set_view import KINDS, open_set

SHOWN = 40


def list_of_sets(sets: Sequence[TrainingSet]) -> None:
    with reading() as session:
        countries_of = countries_of_sets(session, ids=[training_set.id for training_set in sets])
    for training_set in sets:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            countries = ", ".join(countries_of[training_set.id][:6])
            facts = f"{counted(training_set.row_count, 'row')} · {countries} · {training_set.sha256[:12]}…"
            when = moment_text(training_set.created_at)
            head = f"**{plain(training_set.name)}** · {KINDS[training_set.kind]}"  # type: ignore[index]
            st.markdown(f"{head}  \n:small[:gray[{plain(facts)} · {when}]]", width="stretch")
            if st.button("Open", key=f"open-{training_set.id}"):
                put_in_address(set=training_set.name)
                st.rerun()


def after_freezing(job: Job) -> None:
    if job.state == "done" and job.result:
        put_in_address(job=None, set=job.result["name"])


person = page_frame(
    "Training sets", "Accepted pairs, frozen for training. A set never changes once it is frozen.", for_leads=True
)
if wanted := st.query_params.get("set"):
    with user_errors_shown(), reading() as session:
        opened = training_set_named(session, wanted)
    if st.button("All training sets", icon=":material/arrow_back:", type="tertiary"):
        put_in_address(set=None)
        st.rerun()
    open_set(opened)
    st.stop()

if number := number_in_address("job", otherwise=0):
    with user_errors_shown():
        job = look_at_job(number)
    if job.kind == "freeze" and job.state in ALIVE:
        watch_job(job.id, on_end=after_freezing)
        st.stop()
    if job.kind == "freeze" and job.reason:
        st.error(f"Nothing was frozen. {plain(job.reason)}", icon=":material/error:")

with reading() as session:
    sets = training_sets(session, limit=SHOWN)
    state = pairs_state(session)
if state.accepted:
    st.subheader("Freeze a new set", anchor=False)
    new_set(person, state)
else:
    st.info(
        "A training set is made of accepted pairs, and there are none yet. A pair is two answers to one question: "
        "one to learn from, one to avoid. Accept some, then come back.",
        icon=":material/compare_arrows:",
    )
    if st.button("Go to Pairs", type="primary", icon=":material/arrow_forward:"):
        st.switch_page("pages/pairs.py")
if sets:
    st.subheader("Frozen sets", anchor=False)
    list_of_sets(sets)

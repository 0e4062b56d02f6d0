"""Freeze accepted pairs into a training set, look at the sets there are, take one along."""

from collections.abc import Sequence

import streamlit as st

from core.db import reading, transaction
from core.jobs import ALIVE, look_at_job, start_job
from core.models import Job, Person, TrainingSet
from core.rubric import TrainingSetKind
from core.training_sets.candidates import PairsState, accepted_pair_ids, countries_with_pairs, pairs_state
from core.training_sets.freeze import create_freeze_job
from core.training_sets.stored import countries_of_sets, suggested_name, training_set_named, training_sets
from core.words import counted
from pages.components.address import number_in_address, put_in_address
from pages.components.frame import page_frame
from pages.components.job_progress import watch_job
from pages.components.moment import moment_text
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.training.set_check import checked_set, show_check
from pages.components.training.set_view import KINDS, open_set

SHOWN = 40
KIND_MEANS: dict[TrainingSetKind, str] = {
    "dpo": "The model learns to prefer the chosen answer to the rejected one.",
    "sft": "The model learns to answer like the chosen answer; each is taken once.",
}


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


def new_set(person: Person, state: PairsState) -> None:
    with reading() as session:
        countries = countries_with_pairs(session)
    left, right = st.columns([1, 1.75], gap="medium")
    with left:
        kind = st.segmented_control("What for", list(KINDS), format_func=lambda one: KINDS[one], default="dpo") or "dpo"
        st.caption(KIND_MEANS[kind])
        with reading() as session:
            name = st.text_input("Name", suggested_name(session, kind=kind), max_chars=64, key=f"name-{kind}")
        chosen = st.multiselect("Which pairs", countries, placeholder="All accepted pairs", format_func=plain)
        blind = st.checkbox(
            "Allow missing pictures", help="Questions whose picture is missing are trained on without it."
        )
        corrected = st.checkbox(
            "Use corrected items",
            help="Questions and countries are taken as accepted corrections have them instead of as they were "
            "imported, and pairs whose norm was found not to hold stay out. The set says which items were corrected.",
        )
    check = checked_set(kind, countries=chosen, allow_missing_pictures=blind, corrected=corrected, state=state)
    with right:
        show_check(check)
    frozen = left.button("Freeze", type="primary", icon=":material/inventory_2:", disabled=not check.rows)
    if frozen:
        with user_errors_shown(), transaction() as session:
            pair_ids = accepted_pair_ids(session, countries=chosen or None)
            job = create_freeze_job(
                session,
                name=name,
                kind=kind,
                pair_ids=pair_ids,
                author=person,
                allow_missing_pictures=blind,
                corrected=corrected,
            )
        start_job(job.id)
        put_in_address(job=job.id)
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

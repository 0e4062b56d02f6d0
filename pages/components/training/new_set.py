"""The form of a new training set: what it would hold is shown at once, and frozen where that is pressed."""

from dataclasses import dataclass

import streamlit as st

from core.db import reading, transaction
from core.jobs import start_job
from core.models import Person
from core.rubric import TrainingSetKind
from core.training_sets.candidates import PairsState, accepted_pair_ids, countries_with_pairs
from core.training_sets.freeze import create_freeze_job
from core.training_sets.stored import suggested_name
from pages.components.address import put_in_address
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.training.set_check import checked_set, show_check
from pages.components.training.set_view import KINDS

KIND_MEANS: dict[TrainingSetKind, str] = {
    "dpo": "The model learns to prefer the chosen answer to the rejected one.",
    "sft": "The model learns to answer like the chosen answer; each is taken once.",
}


@dataclass(frozen=True)
class _Asked:
    kind: TrainingSetKind
    name: str
    countries: list[str]
    allow_missing_pictures: bool
    corrected: bool


def new_set(person: Person, state: PairsState) -> None:
    """Draw the form beside what it comes to, and start freezing once asked."""
    left, right = st.columns([1, 1.75], gap="medium")
    with left:
        asked = _fields()
    check = checked_set(
        asked.kind,
        countries=asked.countries,
        allow_missing_pictures=asked.allow_missing_pictures,
        corrected=asked.corrected,
        state=state,
    )
    with right:
        show_check(check)
    if left.button("Freeze", type="primary", icon=":material/inventory_2:", disabled=not check.rows):
        _freeze(asked, person)


def _fields() -> _Asked:
    with reading() as session:
        countries = countries_with_pairs(session)
    kind = st.segmented_control("What for", list(KINDS), format_func=lambda one: KINDS[one], default="dpo") or "dpo"
    st.caption(KIND_MEANS[kind])
    with reading() as session:
        name = st.text_input("Name", suggested_name(session, kind=kind), max_chars=64, key=f"name-{kind}")
    chosen = st.multiselect("Which pairs", countries, placeholder="All accepted pairs", format_func=plain)
    blind = st.checkbox("Allow missing pictures", help="Questions whose picture is missing are trained on without it.")
    corrected = st.checkbox(
        "Use corrected items",
        help="Questions and countries are taken as accepted corrections have them instead of as they were "
        "imported, and pairs whose norm was found not to hold stay out. The set says which items were corrected.",
    )
    return _Asked(kind, name, chosen, blind, corrected)


def _freeze(asked: _Asked, person: Person) -> None:
    with user_errors_shown(), transaction() as session:
        job = create_freeze_job(
            session,
            name=asked.name,
            kind=asked.kind,
            pair_ids=accepted_pair_ids(session, countries=asked.countries or None),
            author=person,
            allow_missing_pictures=asked.allow_missing_pictures,
            corrected=asked.corrected,
        )
    start_job(job.id)
    put_in_address(job=job.id)
    st.rerun()

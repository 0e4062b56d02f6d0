"""Adjudicate: one response after another whose labels differ; names hidden, the judge only after the ruling."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.db import reading, transaction
from core.labels.disagreements import disagreements, name_of, open_disagreements, response_named, settling
from core.labels.disputed import Disputed, disputed, open_labels
from core.labels.rulings import ask_opinion, undo_last_ruling
from core.models import Person
from core.rubric import DIMENSIONS
from pages.components.address import put_in_address
from pages.components.adjudicate.about import about_part
from pages.components.adjudicate.labels_table import labels_table
from pages.components.adjudicate.queue_part import (
    country_wanted,
    counts_line,
    next_name,
    nothing_to_rule,
    put_off,
    remember_asked,
    said,
    say,
    see_asked,
)
from pages.components.adjudicate.ruled_part import corrections_part, ruled_part
from pages.components.adjudicate.ruling_box import dimension_now, forget_form, ruling_box
from pages.components.adjudicate.waiting_part import waiting_part
from pages.components.frame import page_with_actions
from pages.components.problems import user_errors_shown


def leave(name: str) -> None:
    """Put a response off and open the next one."""
    put_off(name)
    forget_form()
    put_in_address(response=None)


def undo(person: Person) -> None:
    with user_errors_shown(toast=True), transaction() as session:
        undone = undo_last_ruling(session, person=person)
    forget_form()
    say("Your last ruling is taken back")
    put_in_address(response=name_of(undone.response_id))
    st.rerun()


def ask_third(person: Person, response_id: int) -> None:
    with user_errors_shown(toast=True), transaction() as session:
        ask_opinion(session, person=person, response_id=response_id)
    forget_form()
    say("A third expert is asked")
    remember_asked(name_of(response_id))
    put_in_address(response=None)
    st.rerun()


def show(found: Disputed, actions: DeltaGenerator, person: Person) -> None:
    now = None if found.about.waiting else dimension_now(found)
    name = name_of(found.about.response_id)
    if now is not None:
        # With a decision still open, no judge: not even beside a ruling of their own from another tab.
        found = replace(found, is_open=False, model=None, judges=())
    about_part(found)
    if found.labelled_by_me:
        st.caption(":material/info: You labelled this response yourself, and have seen its judge then.")
    if found.about.waiting:
        waiting_part(found, person)
    elif now is None:
        ruled_part(found, person)
    else:
        with actions:
            st.button("Later", type="tertiary", shortcut="l", key=f"later-{name}", on_click=leave, args=(name,))
            asked = st.button("Ask a third expert", icon=":material/group_add:", shortcut="t", key=f"third-{name}")
        ruling_box(found, person)
        if asked:
            ask_third(person, found.about.response_id)
    # Beside an open decision the notes stand with the labels it is about.
    rest = [dimension for dimension in DIMENSIONS if dimension != now]
    labels_table(found, dimensions=rest, with_notes=now is None, key="labels")
    if now is None and not found.about.waiting:
        corrections_part(found, person)


person, actions = page_with_actions("Adjudicate", for_leads=True)
with reading() as session:
    every = disagreements(session)
    countries = settling(session, among=every)
with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
    country = country_wanted(countries)
    st.caption(counts_line(countries, country), width="content")
    said()
    see_asked()
if actions.button("Undo", icon=":material/undo:", type="tertiary", shortcut="u", key="undo"):
    undo(person)
given = st.query_params.get("response", "")
with reading() as session:
    queue = open_disagreements(session, person=person, country=country, among=every)
given_id = response_named(every, name=given)
name = given if given_id else next_name(queue)
response_id = response_named(every, name=name) if name else None
if given and not given_id:
    st.warning("The labels of that response do not differ. Here is the next one.", icon=":material/info:")
if name is None or response_id is None:
    nothing_to_rule(person, countries, country)
    st.stop()
with user_errors_shown():
    with transaction() as session:
        open_labels(session, person=person, response_id=response_id)
    with reading() as session:
        found = disputed(session, person=person, response_id=response_id)
put_in_address(response=name)
show(found, actions, person)

"""Anchor sets: the same responses scored anew every month, so that a judge's drift is seen."""

from collections.abc import Mapping

import streamlit as st

from core.db import reading, transaction
from core.judging.anchor_outlooks import AnchorOutlook, anchor_outlook, outlook_if_drawn
from core.judging.anchors import (
    FEWEST,
    MOST,
    AnchorState,
    anchor_sets,
    create_anchor_set,
    end_anchor_set,
    start_anchor_run,
)
from core.judging.comparable import judges_with_scores
from core.models import Judge, Person
from core.words import counted
from pages.components.address import put_in_address
from pages.components.judging.figures import dollars
from pages.components.judging.form_parts import dollars_field
from pages.components.judging.start_parts import budget_line, departure_line, estimate_box, start_and_open
from pages.components.moment import moment_text
from pages.components.plain import plain, visible
from pages.components.problems import user_errors_shown


def anchors_part(person: Person) -> None:
    """Draw the sets there are, and the form for a new one."""
    st.subheader("Anchor sets", anchor=False)
    st.caption(
        "A hosted model can change behind its name. Some responses are scored anew by the same judge every month, "
        "while the app is on; what differs from its earlier scores is drift. These scores enter no other number."
    )
    with reading() as session:
        states = anchor_sets(session)
        judges = {judge.name: judge for judge in judges_with_scores(session) if judge.base_url is not None}
    for state in states:
        _row(state, person)
    if not judges:
        st.info(
            "An anchor set needs a judge that has scored responses here. Run one first; imported judges cannot be "
            "asked again.",
            icon=":material/anchor:",
        )
        return
    with st.expander("Draw a new anchor set", icon=":material/add:", expanded=not states):
        # A form of its own after each set, so that it is empty again.
        _form(judges, person, key=f"anchors-{len(states)}")


def _row(state: AnchorState, person: Person) -> None:
    anchors = state.anchors
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        size = counted(len(anchors.response_ids), "response")
        times = "not scored anew yet" if not state.times else f"scored anew {counted(state.times, 'time')}"
        bound = f" · at most {dollars(anchors.budget_usd)} each time" if anchors.budget_usd else ""
        line = f"{plain(state.judge.name)} · {size} · {times} · next due {moment_text(anchors.next_due_at)}{bound}"
        st.markdown(f"**{plain(anchors.name)}**  \n:small[:gray[{line}]]", width="stretch")
        if state.times:
            st.button(
                "See the drift",
                key=f"anchor-drift-{anchors.id}",
                icon=":material/show_chart:",
                on_click=put_in_address,
                kwargs={"part": "compare", "drift": state.judge.name},
            )
        if st.button("Score anew now", key=f"anchor-now-{anchors.id}", icon=":material/play_circle:"):
            _ask_to_score(anchors.name, person)
        if st.button("End", key=f"anchor-end-{anchors.id}", icon=":material/event_busy:"):
            _ask_to_end(anchors.name, person)


@st.dialog("Score this set anew?", width="medium")
def _ask_to_score(name: str, person: Person) -> None:
    with user_errors_shown(), reading() as session:
        coming = anchor_outlook(session, name=name)
    st.markdown(f"The judge scores the responses of **{plain(name)}** once more, to be compared with its first scores.")
    _outlook(coming)
    if st.button("Start", type="primary", icon=":material/play_circle:", disabled=not coming.outlook.estimate.calls):
        with user_errors_shown(), transaction() as session:
            run = start_anchor_run(session, name=name, author=person)
        start_and_open(run)


def _outlook(coming: AnchorOutlook) -> None:
    """Say what a re-judging uses, what it sends away, and where its budget would end it."""
    estimate = coming.outlook.estimate
    estimate_box("Calls", f"{estimate.calls:,}", estimate)
    st.caption(plain(estimate.explained))
    departure_line(coming.outlook.departure)
    budget_line(estimate, coming.bounds)


@st.dialog("End this anchor set?")
def _ask_to_end(name: str, person: Person) -> None:
    st.markdown(f"**{plain(name)}** will not be scored anew any more. What was scored stays.")
    if st.button("End it", type="primary", icon=":material/event_busy:"):
        with user_errors_shown(), transaction() as session:
            end_anchor_set(session, name=name, author=person)
        st.rerun()


def _form(judges: Mapping[str, Judge], person: Person, *, key: str) -> None:
    left, middle = st.columns([1, 1])
    with left:
        name = st.text_input("Name", placeholder="monthly", max_chars=80, key=f"{key}-name")
        count = st.number_input(
            "Responses", FEWEST, MOST, 200, step=10, help="Drawn evenly over countries.", key=f"{key}-count"
        )
    with middle:
        judge = st.selectbox("Judge", list(judges), format_func=visible, key=f"{key}-judge")
        usd = dollars_field("Budget in dollars, each time", judges[judge].model, key=f"{key}-usd")
    with user_errors_shown(), reading() as session:
        coming = outlook_if_drawn(session, judge=judge, count=int(count), budget_usd=usd)
    st.markdown("Every month, while the app is on, and without asking again:")
    _outlook(coming)
    if st.button("Draw it", type="primary", icon=":material/anchor:"):
        with user_errors_shown(), transaction() as session:
            create_anchor_set(session, name=name, judge=judge, count=count, budget_usd=usd, author=person)
        st.rerun()

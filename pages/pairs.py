"""Check pairs one by one: edit, swap, give type and reason, accept or turn down. The pair stands in the address."""

import streamlit as st

from core.benchmark.items import UNKNOWN
from core.db import reading, transaction
from core.models import Person
from core.pairs.lists import (
    STATUS_WORDS,
    PairFilter,
    next_undecided,
    opened_pair,
    pair_counts,
    pair_coverage,
    pair_history,
)
from core.pairs.pairs import decide_pair, edit_pair, swap_pair, undo_decision
from core.rubric import PairStatus
from pages.components.address import number_in_address, put_in_address
from pages.components.frame import page_with_actions
from pages.components.pair_by_hand import pair_by_hand
from pages.components.pair_list import filter_of_address, pair_list
from pages.components.pair_view import PairForm, decision_buttons, newer_version, pair_view, seen_version, start_anew
from pages.components.plain import plain
from pages.components.problems import user_errors_shown


def go_on(pair_id: int, wanted: PairFilter) -> None:
    """Open the next undecided pair; after the last one, the list."""
    start_anew(pair_id)
    with reading() as session:
        following = next_undecided(session, wanted=wanted, after=pair_id)
    put_in_address(pair=following)
    st.rerun()


def save(pair_id: int, version: int, form: PairForm, person: Person) -> None:
    with user_errors_shown(toast=True), transaction() as session:
        if form.swap:
            swap_pair(session, person=person, pair_id=pair_id, version=version)
        else:
            edit_pair(session, person=person, pair_id=pair_id, version=version, change=form.change)
    start_anew(pair_id)
    st.rerun()


def decide(pair_id: int, version: int, status: PairStatus, form: PairForm, person: Person, wanted: PairFilter) -> None:
    with user_errors_shown(toast=True), transaction() as session:
        decide_pair(session, person=person, pair_id=pair_id, version=version, status=status, change=form.change)
    st.session_state["decided"] = f"Pair {pair_id}: {STATUS_WORDS[status]}"
    go_on(pair_id, wanted)


def undo(person: Person) -> None:
    with user_errors_shown(toast=True), transaction() as session:
        undone = undo_decision(session, person=person)
    st.session_state["decided"] = f"Pair {undone.pair.id}: {STATUS_WORDS[undone.decision]} taken back"
    start_anew(undone.pair.id)
    put_in_address(pair=undone.pair.id)
    st.rerun()


def show_pair(pair_id: int, wanted: PairFilter, person: Person) -> None:
    line = st.container(horizontal=True, gap="small", vertical_alignment="center")
    line.button(
        "All pairs", type="tertiary", icon=":material/arrow_back:", key="leave", on_click=leave, args=(pair_id,)
    )
    with user_errors_shown(), reading() as session:
        opened = opened_pair(session, pair_id=pair_id, person=person)
        coverage = pair_coverage(session).get(opened.item.country or UNKNOWN, {})
        history = pair_history(session, pair_id=pair_id)
        counts = pair_counts(session, wanted=PairFilter()).status
    checked = sum(counts.values()) - counts.get("proposed", 0)
    line.caption(f"Pair {pair_id} · {plain(opened.item.id)} · {checked:,} of {sum(counts.values()):,} checked")
    seen = seen_version(opened.pair)
    problem = st.container()
    form = pair_view(opened, coverage, history)
    if opened.pair.version != seen:
        with problem:
            newer_version(opened.pair, form)
    pressed = decision_buttons(actions, pair_id)
    with problem:
        if form.swap or form.save:
            save(pair_id, seen, form, person)
        elif pressed == "accepted" or pressed == "rejected":
            decide(pair_id, seen, pressed, form, person, wanted)
        elif pressed == "undo":
            undo(person)
        elif pressed == "later":
            go_on(pair_id, wanted)


def leave(pair_id: int) -> None:
    start_anew(pair_id)
    put_in_address(pair=None)


person, actions = page_with_actions("Pairs", for_leads=True)
wanted = filter_of_address()
if decided := st.session_state.pop("decided", None):
    st.toast(decided, icon=":material/check:")
if "new" in st.query_params:
    pair_by_hand(person)
elif "pair" in st.query_params:
    show_pair(number_in_address("pair", otherwise=0), wanted, person)
elif pair_list(wanted, person):
    undo(person)

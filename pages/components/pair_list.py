"""All pairs: filters with counts, a table, coverage by country and type."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.benchmark.items import UNKNOWN
from core.db import reading
from core.models import Person
from core.pairs.lists import (
    NO_TYPE,
    PAGE_SIZE,
    STATUS_WORDS,
    PairCounts,
    PairFilter,
    PairRow,
    next_undecided,
    pair_counts,
    pair_coverage,
    pair_rows,
)
from core.pairs.pairs import last_decision
from core.rubric import NEGATIVE_TYPES
from pages.components.address import put_in_address
from pages.components.csv_table import frame_button
from pages.components.pages import page_in_address, page_switch
from pages.components.plain import visible

STATUS_TITLES = {status: words.capitalize() for status, words in STATUS_WORDS.items()}


def filter_of_address() -> PairFilter:
    """Return the filter the address names; entries that cannot be are left out."""
    status, kind = st.query_params.get("status"), st.query_params.get("type")
    return PairFilter(
        status=status if status in STATUS_TITLES else None,
        country=(st.query_params.get("country") or "")[:80] or None,
        negative_type=kind if kind in (*NEGATIVE_TYPES, NO_TYPE) else None,
    )


def pair_list(wanted: PairFilter, person: Person) -> bool:
    """Draw the list, or how to begin where there is no pair yet; return whether Undo was pressed."""
    with reading() as session:
        counts = pair_counts(session, wanted=wanted)
        everything = pair_counts(session, wanted=PairFilter())
        count = counts.status.get(wanted.status, 0) if wanted.status else sum(counts.status.values())
        pages = max(1, -(-count // PAGE_SIZE))
        rows = pair_rows(session, wanted=wanted, page=page_in_address(pages))
        waiting = next_undecided(session, wanted=wanted)
        coverage = pair_coverage(session)
        can_undo = last_decision(session, person=person) is not None
    if not everything.status:
        _none_yet()
        return False
    _filters(wanted, counts)
    if waiting is None:
        fitting = " that fit these filters" if wanted.country or wanted.negative_type else ""
        st.markdown(f":green[:material/check_circle:] **All pairs{fitting} are checked.**")
    with st.container(horizontal=True, gap="small"):
        words = f"Check the undecided ({counts.status.get('proposed', 0):,})"
        if waiting and st.button(words, type="primary", icon=":material/compare_arrows:", key="check"):
            put_in_address(pair=waiting)
            st.rerun()
        if not waiting and coverage and st.button("Freeze them", type="primary", icon=":material/ac_unit:"):
            st.switch_page("pages/training_sets.py")
        st.button("Write one by hand", icon=":material/edit_note:", key="by-hand", on_click=_by_hand)
        undo = can_undo and st.button(
            "Undo",
            type="tertiary",
            icon=":material/undo:",
            shortcut="u",
            key="undo",
            help="Take your last decision back",
        )
    if rows:
        _table(rows)
        page_switch(pages)
    else:
        st.markdown("No pair fits these filters.")
    _coverage(coverage)
    return undo


def _by_hand() -> None:
    put_in_address(new="yes")


def _none_yet() -> None:
    with st.container(horizontal_alignment="center"), st.container(width=470, gap="small"):
        st.markdown("### :material/compare_arrows: No pairs yet")
        st.markdown(
            "A pair is two answers to one item: one to prefer, one to avoid. "
            "Put two responses side by side under Compare, tick them, and make a pair of them."
        )
        with st.container(horizontal=True, gap="small"):
            if st.button("Compare responses", type="primary", icon=":material/view_column_2:"):
                st.switch_page("pages/compare.py")
            st.button("Write one by hand", on_click=_by_hand)
        st.caption("Takes about a minute a pair. Nothing is used for training before you accept it.")


def _filters(wanted: PairFilter, counts: PairCounts) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.session_state["pairs-status"] = wanted.status
        st.pills(
            "Status",
            list(STATUS_TITLES),
            format_func=lambda entry: f"{STATUS_TITLES[entry]} · {counts.status.get(entry, 0):,}",
            key="pairs-status",
            on_change=lambda: put_in_address(status=st.session_state["pairs-status"], page=None),
        )
        _select("Country", "country", wanted.country, counts.country)
        _select("Type of negative", "type", wanted.negative_type, counts.negative_type)


def _select(title: str, name: str, chosen: str | None, counts: dict[str, int]) -> None:
    key = f"pairs-{name}"
    options = sorted({*counts} | ({chosen} if chosen else set()))
    titles = {UNKNOWN: "country unknown", NO_TYPE: "no type given"}
    st.session_state[key] = chosen
    st.selectbox(
        title,
        options,
        format_func=lambda entry: f"{visible(titles.get(entry) or entry)} · {counts.get(entry, 0):,}",
        placeholder="All",
        width=200,
        key=key,
        on_change=lambda: put_in_address(**{name: st.session_state[key], "page": None}),
    )


def _table(rows: Sequence[PairRow]) -> None:
    def opened() -> None:
        chosen = st.session_state["pairs-table"].selection.rows
        if chosen and chosen[0] < len(rows):
            put_in_address(pair=rows[chosen[0]].pair_id)

    frame = pd.DataFrame(
        {
            "Pair": row.pair_id,
            "Status": STATUS_TITLES.get(row.status, row.status),
            "Country": visible(row.country or "unknown"),
            "Type of negative": row.negative_type or "not given",
            "Question": visible(row.query[:200]),
            "Reason": visible(row.reason),
            "Changed": row.changed_at,
        }
        for row in rows
    )
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        column_config={
            "Pair": st.column_config.NumberColumn(width=50),
            "Status": st.column_config.Column(width=90),
            "Country": st.column_config.Column(width=110),
            "Type of negative": st.column_config.Column(width=130),
            "Question": st.column_config.Column(width=250),
            "Reason": st.column_config.Column(width=170),
            "Changed": st.column_config.DatetimeColumn(format="distance", width=115),
        },
        on_select=opened,
        selection_mode="single-row",
        key="pairs-table",
    )
    frame_button(frame, file_name="pairs.csv", key="pairs-csv")


def _coverage(coverage: dict[str, dict[str, int]]) -> None:
    if not coverage:
        return
    st.subheader("Accepted pairs by country and type", anchor=False)
    most = max(max(counts.values()) for counts in coverage.values())
    frame = pd.DataFrame({"Country": visible(country), **counts} for country, counts in coverage.items())
    bars = {
        name: st.column_config.ProgressColumn(name.capitalize(), format="%d", min_value=0, max_value=max(most, 1))
        for name in frame.columns[1:]
    }
    st.dataframe(frame.fillna(0), hide_index=True, column_config=bars)

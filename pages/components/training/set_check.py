"""What a training set would hold, country by country, and which pairs stay out and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.config import settings
from core.db import reading
from core.rubric import NEGATIVE_TYPES, TrainingSetKind
from core.training_sets.candidates import PairsState, accepted_pair_ids, check_training_set
from core.training_sets.rows import Refusal, coverage
from core.words import counted
from pages.components.plain import plain

# Pairs that change are seen at once, pictures and splits after this time.
KEPT_S = 15.0
LISTED = 100


@dataclass(frozen=True)
class Check:
    """A check, counted; `refused` are the first of `refused_count`, `covered` is rows by country and negative.

    `corrected` is None where items are taken as they came.
    """

    rows: int
    merged: int
    refused_count: int
    refused: tuple[Refusal, ...]
    covered: Mapping[str, Mapping[str, int]]
    corrected: int | None


def checked_set(
    kind: TrainingSetKind,
    *,
    countries: Sequence[str],
    allow_missing_pictures: bool,
    corrected: bool,
    state: PairsState,
) -> Check:
    """Return what a set of accepted pairs would hold; looked at anew when a pair has changed.

    Args:
        kind: sft or dpo.
        countries: whose pairs; empty is all.
        allow_missing_pictures: let queries in without the picture they speak of.
        corrected: read items as accepted corrections have them.
        state: of the pairs now.
    """
    asked = (kind, tuple(countries), allow_missing_pictures, corrected)
    return _checked(settings().database_url, asked, (state.accepted, str(state.changed_at)))


@st.cache_data(ttl=KEPT_S, max_entries=16, show_spinner="Looking at each pair and its picture")
def _checked(
    database_url: str, asked: tuple[TrainingSetKind, tuple[str, ...], bool, bool], state: tuple[int, str]
) -> Check:
    """The database and the state of its pairs are there to tell one check from another."""
    kind, countries, allow_missing_pictures, corrected = asked
    with reading() as session:
        pair_ids = accepted_pair_ids(session, countries=countries or None)
        selection = check_training_set(
            session,
            kind=kind,
            pair_ids=pair_ids,
            allow_missing_pictures=allow_missing_pictures,
            corrected=corrected,
        )
    return Check(
        rows=len(selection.rows),
        merged=len(selection.merged),
        refused_count=len(selection.refused),
        refused=selection.refused[:LISTED],
        covered=coverage(selection.rows),
        corrected=None if selection.corrected is None else len(selection.corrected),
    )


def show_check(check: Check) -> None:
    """Draw a check."""
    with st.container(border=True):
        goes_in, stays_out = st.columns(2)
        goes_in.metric("Rows that go in", f"{check.rows:,}")
        stays_out.metric("Pairs that stay out", f"{check.refused_count:,}")
        if check.merged:
            twice = "has" if check.merged == 1 else "have"
            st.caption(
                f"{counted(check.merged, 'pair')} {twice} the same chosen answer as another one; it is taken once."
            )
        if check.corrected is not None:
            st.caption(f"{counted(check.corrected, 'corrected item')} among them; the others as they came.")
        if check.rows:
            names = [*NEGATIVE_TYPES, *({"not given"} & {name for by in check.covered.values() for name in by})]
            table = [
                {"Country": country, **{name: by.get(name, 0) for name in names}}
                for country, by in check.covered.items()
            ]
            st.dataframe(table, hide_index=True, height=min(260, 38 + 35 * len(table)))
        if check.refused:
            _show_refused(check)


def _show_refused(check: Check) -> None:
    which = "Which one stays out" if check.refused_count == 1 else f"Which {check.refused_count:,} stay out"
    with st.expander(f"{which}, and why", expanded=not check.rows):
        # Not a data frame: that cuts long texts off.
        with st.container(height=340 if len(check.refused) > 6 else "content", border=False):
            st.table([{"Pair": str(refusal.pair_id), "Why": plain(refusal.reason)} for refusal in check.refused])
        if check.refused_count > len(check.refused):
            st.caption(f"The first {len(check.refused):,} are shown; all are listed in the set once it is frozen.")

"""Choices of the comparisons: a judge, a dimension, what the responses are of. They stand in the address."""

from collections.abc import Sequence

import streamlit as st

from core.models import Judge
from core.rubric import RUBRIC, Dimension
from pages.components.address import put_in_address
from pages.components.plain import visible


def judge_choice(label: str, judges: Sequence[Judge], chosen: Judge, *, name: str) -> None:
    """Ask for a judge; the choice goes to the address under `name`."""
    by_name = {judge.name: judge for judge in judges}
    key = f"judge-choice-{name}"
    st.session_state[key] = chosen.name
    st.selectbox(
        label,
        list(by_name),
        format_func=lambda judge: judge_title(by_name[judge]),
        key=key,
        on_change=lambda: put_in_address(**{name: st.session_state[key], "page": None}),
    )


def judge_title(judge: Judge) -> str:
    """Return a judge's name with its model and prompt version, for lists that read no Markdown."""
    model = "" if judge.model == judge.name else f"{judge.model} · "
    return visible(f"{judge.name} ({model}{judge.prompt_version})")


def judge_in_address(name: str, judges: Sequence[Judge], *, otherwise: int = 0) -> Judge:
    """Return the judge the address names, else the one at a place of the list."""
    named = st.query_params.get(name)
    return next((judge for judge in judges if judge.name == named), judges[otherwise])


def several_choice(label: str, entries: Sequence[str], *, name: str, titles: dict[str, str] | None = None) -> list[str]:
    """Ask for some of the entries, none meaning all; return those the address names."""
    chosen = [entry for entry in entries if entry in st.query_params.get_all(name)]
    key = f"several-{name}"
    st.session_state[key] = chosen
    st.multiselect(
        label,
        list(entries),
        format_func=lambda entry: (titles or {}).get(entry) or visible(entry),
        placeholder="All",
        key=key,
        on_change=lambda: put_in_address(**{name: st.session_state[key], "page": None}),
    )
    return chosen


def dimension_choice(*, otherwise: Dimension = "compliance") -> Dimension:
    """Ask for a dimension, and return the one the address names."""
    named = st.query_params.get("dimension")
    dimension = next((name for name in RUBRIC if name == named), otherwise)
    st.session_state["dimension-choice"] = dimension
    st.segmented_control(
        "Dimension",
        list(RUBRIC),
        required=True,
        format_func=lambda name: RUBRIC[name].title,
        label_visibility="collapsed",
        key="dimension-choice",
        on_change=lambda: put_in_address(dimension=st.session_state["dimension-choice"], page=None),
    )
    return dimension


def one_choice(label: str, entries: Sequence[str], *, name: str, all_words: str, is_small: bool = False) -> str | None:
    """Ask for one of the entries or all; return the one the address names, None for all."""
    chosen = one_in_address(name, entries)
    key = f"one-{name}"
    # By place: an entry may read as the words for all do.
    places = list(range(len(entries) + 1))
    st.session_state[key] = entries.index(chosen) + 1 if chosen is not None else 0
    st.selectbox(
        label,
        places,
        format_func=lambda place: visible(entries[place - 1]) if place else all_words,
        label_visibility="collapsed" if is_small else "visible",
        width=200 if is_small else "stretch",
        key=key,
        on_change=lambda: put_in_address(
            **{name: entries[st.session_state[key] - 1] if st.session_state[key] else None, "page": None}
        ),
    )
    return chosen


def one_in_address(name: str, entries: Sequence[str]) -> str | None:
    """Return the entry the address names; None where it names none of them."""
    named = st.query_params.get(name)
    return named if named in entries else None

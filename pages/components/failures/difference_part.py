"""Where two models differ, on the same items."""

from dataclasses import replace

import streamlit as st

from core.db import reading
from core.measures.failures import difference
from core.measures.response_lengths import paired_lengths
from core.models import Person
from pages.components.failures.cell_grid import GridWords, cell_grid
from pages.components.failures.cell_table import cell_table
from pages.components.failures.choice import Choice
from pages.components.judging.judge_choice import one_choice, one_in_address
from pages.components.left_out import left_out_line
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

_WITH = "with"


def compared_models(choice: Choice) -> tuple[str, ...]:
    """Return the chosen model and the one that the address compares it with, if any."""
    second = one_in_address(_WITH, _others(choice))
    return tuple(name for name in (choice.model, second) if name is not None)


def difference_part(choice: Choice, person: Person) -> None:
    """Ask for a second model, and draw how much higher it scores than the chosen one, by country and dimension."""
    first, others = str(choice.model), _others(choice)
    if not others:
        st.info("Only one model has scores that fit. A difference needs two.", icon=":material/info:")
        return
    with st.container(width=320):
        second = one_choice("Compared with", others, name=_WITH, all_words="Choose a model")
    gone = [name for name in st.query_params.get_all("with")[:1] if name and name != second]
    left_out_line({"with": gone} if gone else {}, {}, otherwise="no model")
    if second is None:
        st.caption(f"Choose the model that {plain(first)} is compared with.")
        return
    with user_errors_shown(), reading() as session:
        found = difference(session, person=person, wanted=choice.over_all, first=first, second=second)
    if not found:
        st.info("The two models have answered no item in the same setting and round.", icon=":material/info:")
        return
    st.markdown(f"**{plain(second)} minus {plain(first)}** · points, 95 % interval, n pairs of responses")
    title = f"{second} minus {first} by country and dimension, {choice.rater_words}"
    words = GridWords("country", "dimension", "failures-difference", title, choice.rater_words, is_difference=True)
    both = replace(choice.over_all, models=(first, second))
    cell_grid(found, both, words)
    st.caption(
        f"Blue: {plain(second)} is better; orange: {plain(first)} is. Gray: the interval reaches 0, so it is not "
        "clear. Dashed: too few. From 50 points on the colour stays the same."
    )
    _lengths(choice, person, first, second)
    with st.expander("The same as a table", icon=":material/table_rows:"):
        cell_table(found, both, name="failures-difference-all", unit="Difference, points")


def _lengths(choice: Choice, person: Person, first: str, second: str) -> None:
    with user_errors_shown(), reading() as session:
        found = paired_lengths(session, person=person, wanted=choice.over_all, first=first, second=second)
    if found is not None:
        st.caption(
            f"Mean length of the answers compared: {plain(second)} {found.second:,.0f} characters, {plain(first)} "
            f"{found.first:,.0f}. Longer answers can look better to a rater for their length alone."
        )


def _others(choice: Choice) -> list[str]:
    return [name for name in choice.models if name != choice.model]

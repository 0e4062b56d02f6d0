"""How a model changes from round to round or month to month, and how its judge drifts meanwhile."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.db import reading
from core.judges import judge_named
from core.measures.drift import DriftCell, Period, model_drift
from core.models import Person
from pages.components.failures.cell_grid import GridWords, cell_grid
from pages.components.failures.cell_table import cell_table
from pages.components.failures.cell_words import label_title
from pages.components.failures.choice import Choice
from pages.components.failures.switch import switch
from pages.components.judging.drift_part import drift_part
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

_PERIODS = {"month": "By month", "round": "By round"}


def time_part(choice: Choice, person: Person) -> None:
    """Draw a model's scores by period, what changed since the first on the same items, and the judge's own drift."""
    period: Period = "round" if switch("period", _PERIODS, label="Period") == "round" else "month"
    with user_errors_shown(), reading() as session:
        found = model_drift(session, person=person, wanted=choice.wanted, model=str(choice.model), period=period)
    st.markdown(f"**{plain(choice.model)}** · % that did well, 95 % interval, n")
    title = f"Scores of {choice.model} by {period} and dimension, {choice.rater_words}"
    words = GridWords(period, "dimension", "failures-time", title, choice.rater_words)
    cell_grid([one.score for one in found], choice.wanted, words)
    with st.expander("The same as a table", icon=":material/table_rows:"):
        cell_table([one.score for one in found], choice.wanted, name=f"failures-{period}-all")
    _changes(found, choice, words)
    _judge(choice)


def _changes(found: Sequence[DriftCell], choice: Choice, words: GridWords) -> None:
    changes = [replace(one.change, keys=one.score.keys) for one in found if one.change is not None]
    if not changes:
        st.caption("There is no second period on the same items yet, so nothing can be said of a change.")
        return
    first = label_title(words.row, found[0].period)
    st.markdown(f"**Change since {plain(first)}, on items that both have** · points, 95 % interval, n pairs")
    grid = replace(words, name="failures-change", title=f"Change since {first}: {words.title}", is_difference=True)
    cell_grid(changes, choice.wanted, grid)
    st.caption("Gray: the interval reaches 0, so there may be no change at all.")
    with st.expander("The changes as a table", icon=":material/table_rows:"):
        cell_table(changes, choice.wanted, name="failures-change-all", unit="Change, points")


def _judge(choice: Choice) -> None:
    if choice.over_all.experts:
        st.caption("Experts have no drift measured here: other people may have labelled later responses.")
        return
    with user_errors_shown(), reading() as session:
        judge = judge_named(session, choice.over_all.judge)
    st.caption("A judge changes too. What moves in both the model and its judge may be the judge alone.")
    if not drift_part([judge]):
        st.caption("This judge has not scored the same responses anew yet, so its own drift is unknown.")

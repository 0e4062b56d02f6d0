"""A judge's anchor rounds: how far its scores of the same responses have moved since the first ones."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.judging.bridge import DriftPoint
from core.models import Judge
from pages.components.judging.compared import drift_of, mark_of
from pages.components.judging.estimate_words import points_with_interval, share_with_interval
from pages.components.judging.figures import base_words, broken_well
from pages.components.judging.judge_choice import judge_title
from pages.components.judging.label_chip import dimension_title
from pages.components.judging.shift_chart import drift_chart
from pages.components.moment import moment_text
from pages.components.plain import plain

_COLUMNS = ("Scored anew", "Dimension", "Responses", "Agreement", "Shift")


def drift_part(judges: Sequence[Judge]) -> bool:
    """Draw the drift of each judge that has anchor rounds, of others nothing; return whether there was any."""
    is_any = False
    for judge in judges:
        drifts = drift_of(judge.name, mark_of(judge.name))
        if drifts:
            is_any = True
            _drift(judge, drifts)
    return is_any


def _drift(judge: Judge, drifts: Sequence[DriftPoint]) -> None:
    st.subheader(f"Drift of {plain(judge_title(judge))}", anchor=False)
    st.caption(
        "The same responses, scored anew by the same judge, against its first scores of them: a shift is a change of "
        "the judge, since the responses did not change. These scores enter no other number."
    )
    if any(point.shift.low is not None for point in drifts):
        drift_chart(drifts, title="Shift in points, now minus then", key=f"drift-{judge.id}")
    shown = pd.DataFrame([_cells(point) for point in drifts], columns=list(_COLUMNS))
    st.table(shown, hide_index=True, border="horizontal")


def _cells(point: DriftPoint) -> list[str]:
    words = [
        # With the hour: two rounds may be of one day.
        moment_text(point.when),
        dimension_title(point.dimension),
        *(
            broken_well(part)
            for part in (
                base_words(point.n, point.families, point.unscored),
                share_with_interval(point.agreement),
                points_with_interval(point.shift),
            )
        ),
    ]
    return words if point.shift.low is not None else [f":gray[{word}]" for word in words]

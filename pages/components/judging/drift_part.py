"""A judge's anchor rounds: how far its scores of the same responses have moved since the first ones."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.judging.bridge import DriftPoint
from core.models import Judge
from pages.components.csv_table import frame_button
from pages.components.judging.compared import drift_of, mark_of
from pages.components.judging.judge_choice import judge_title
from pages.components.judging.label_chip import dimension_title
from pages.components.judging.shift_chart import drift_chart
from pages.components.moment import moment_text
from pages.components.plain import plain

_NUMBERS = (
    *("Agreement, %", "Agreement from", "Agreement to"),
    *("Shift, points", "Shift from", "Shift to"),
)


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
        title = "Shift in points, now minus then"
        st.markdown(f"**{title}** · 95 % interval")
        drift_chart(drifts, title=f"Drift of {judge_title(judge)}: {title}", key=f"drift-{judge.id}")
    frame = pd.DataFrame([_row(point) for point in drifts]).astype(dict.fromkeys(_NUMBERS, "Float64"))
    numbers = {name: st.column_config.NumberColumn(format="%.1f") for name in _NUMBERS}
    st.dataframe(frame, hide_index=True, column_config=numbers, key=f"drift-table-{judge.id}")
    frame_button(frame, file_name=f"drift-{judge.id}.csv", key=f"drift-csv-{judge.id}")


def _row(point: DriftPoint) -> dict[str, object]:
    """Return a row of the table; without an interval there is no number."""
    is_told = point.shift.low is not None and point.agreement.low is not None
    ends = [
        100 * end if is_told and end is not None else None
        for one in (point.agreement, point.shift)
        for end in (one.value, one.low, one.high)
    ]
    return {
        # With the hour: two rounds may be of one day.
        "Scored anew": moment_text(point.when),
        "Dimension": dimension_title(point.dimension),
        **dict(zip(_NUMBERS, ends, strict=True)),
        "n": point.n,
        "Families": point.families,
        "Without a score": point.unscored,
        "Note": "" if is_told else "Too few to say",
    }

"""One file that tells all numbers, made when its button is pressed."""

import streamlit as st

from core.db import reading
from core.measures.score_filter import ScoreFilter
from core.models import Person
from core.report.file import report_bytes


def report_button(wanted: ScoreFilter, person: Person) -> None:
    """Draw the button that downloads the report of the responses chosen, of all models."""

    def made() -> bytes:
        with reading() as session:
            return report_bytes(session, person=person, wanted=wanted)

    st.download_button(
        "Download the report",
        made,
        file_name="cross-review-report.html",
        mime="text/html",
        icon=":material/description:",
        help="Leaderboard, heatmaps, agreement, corrected scores and methods in one file that can be sent. It takes "
        "some seconds.",
        on_click="ignore",
    )

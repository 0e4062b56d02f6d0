"""The sampling plans there are, each with how far it is."""

from collections.abc import Sequence

import streamlit as st

from core.labels.plan_progress import CountryProgress, PlanState
from core.words import counted
from pages.components.address import put_in_address
from pages.components.moment import moment_text
from pages.components.plain import plain


def plan_list(states: Sequence[PlanState]) -> None:
    """Draw a row for each plan."""
    for state in states:
        plan = state.plan
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            if plan.ended_at:
                st.badge("ended", icon=":material/event_busy:", color="gray")
            when = moment_text(plan.created_at)
            places = counted(len(state.countries), "country", "countries")
            facts = [f"{counted(state.total.responses, 'response')} · {places} · frozen {when}"]
            if apart := state.total.from_elsewhere:
                facts.append(f"{counted(apart, 'answer')} of people from elsewhere, kept apart")
            lines = "".join(f"  \n:small[:gray[{line}]]" for line in facts)
            st.markdown(f"**{plain(plan.name)}**{lines}", width="stretch")
            with st.container(width=280):
                progress_bar(state.total)
            st.button("Open", key=f"open-{plan.id}", on_click=put_in_address, kwargs={"plan": plan.id})


def progress_bar(progress: CountryProgress) -> None:
    """Draw how many of the wanted answers are there."""
    text = f"{progress.labelled:,} labelled, {progress.settled:,} settled, {progress.left:,} left"
    st.progress(progress.given / progress.labels if progress.labels else 0.0, text=f":small[{text}]")

"""A job as a person sees it: its state, n of N, time left, and a button to stop it."""

from collections.abc import Callable

import streamlit as st

from core.jobs import ALIVE, ask_job_to_stop, look_at_job, progress_of
from core.models import Job
from pages.components.plain import plain

STATE_LOOK = {
    "queued": ("waiting to start", "violet", "hourglass_empty"),
    "running": ("running", "violet", "play_circle"),
    "done": ("done", "green", "check"),
    "failed": ("failed", "red", "error"),
    "stopped": ("stopped", "gray", "stop_circle"),
    "interrupted": ("interrupted", "red", "warning"),
}


def state_badge(state: str) -> None:
    """Draw a job's state as a chip."""
    words, colour, icon = STATE_LOOK[state]
    st.badge(words, icon=f":material/{icon}:", color=colour)  # type: ignore[arg-type]


def duration_text(seconds: float) -> str:
    """Return a duration for people: "40 s", "12 min", "3 h 5 min"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def progress_line(job: Job) -> str:
    """Return what a job has done and how long it still takes, as inert text."""
    progress = progress_of(job)
    parts = [f"{progress.done:,} of {progress.total:,}" if progress.total else "starting"]
    if progress.note:
        parts.append(plain(progress.note))
    if progress.left_s is not None and job.state == "running":
        parts.append(f"about {duration_text(progress.left_s)} left")
    return " · ".join(parts)


@st.fragment(run_every=1.0)
def watch_job(job_id: int, *, on_end: Callable[[Job], None]) -> None:
    """Show a job that is under way, once a second anew; when it has ended, hand it to `on_end`, then rerun the page.

    Call it only while the job is queued or running: the polling ends with the rerun.
    """
    job = look_at_job(job_id)
    if job.state not in ALIVE:
        on_end(job)
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        state_badge(job.state)
        st.progress(progress_of(job).share or 0.0, width=320)
        st.markdown(progress_line(job), width="content")
        if st.button("Stop", icon=":material/stop_circle:", key=f"stop-{job_id}", disabled=job.stop_requested):
            ask_job_to_stop(job_id)

"""All runs of both kinds, newest first; or how to begin where there is none."""

from collections.abc import Sequence

import streamlit as st

from core.chat.keys import key_named
from core.db import reading
from core.endpoints import EndpointState, endpoints
from core.judging.watching import WatchedRun, watched_runs
from core.words import shortened
from pages.components.address import put_in_address
from pages.components.job_progress import state_badge
from pages.components.judging.figures import asked, how_far, spent
from pages.components.judging.reasons import reason_of
from pages.components.moment import moment_text
from pages.components.plain import plain

SHOWN = 40
_LOOK_AGAIN_S = 3.0
_USUAL_KEY = "OPENAI_API_KEY"
_HOW_TO_SET = (
    "1. Stop the app, and in its terminal type `export OPENAI_API_KEY=...`; or write the line "
    '`OPENAI_API_KEY = "..."` into the file `.streamlit/secrets.toml`. Another variable goes the same way.\n'
    "2. Start the app again.\n"
    "3. Enter the endpoint under Endpoints and prices."
)


def runs_part() -> None:
    """Draw the ways to begin and the runs there are."""
    with reading() as session:
        runs = watched_runs(session, limit=SHOWN)
        states = endpoints(session)
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Judge responses",
            type="primary",
            icon=":material/gavel:",
            key="to-judge",
            on_click=put_in_address,
            kwargs={"part": "judge"},
        )
        st.button(
            "Collect responses",
            icon=":material/download:",
            key="to-collect",
            on_click=put_in_address,
            kwargs={"part": "collect"},
        )
    key_lines(states, is_folded=bool(runs))
    if not runs:
        _none_yet()
        return
    alive = any(watched.is_alive for watched in runs)
    st.fragment(_list, run_every=_LOOK_AGAIN_S if alive else None)(alive)


def key_lines(states: Sequence[EndpointState], *, is_folded: bool = False) -> None:
    """Say how a key is set, where an endpoint lacks its key or there is none; nothing where all can be asked.

    Args:
        states: of all endpoints.
        is_folded: whether the lines wait to be opened; they do in any case where only some endpoints lack their key.
    """
    lacking = [plain(state.endpoint.api_key_env) for state in states if not state.is_usable]
    if states and not lacking:
        return
    if not states and key_named(_USUAL_KEY) is not None:
        st.info(
            f"{_USUAL_KEY} is set. Enter the endpoint it belongs to under Endpoints and prices: "
            "`https://api.openai.com/v1`, or the one of your provider.",
            icon=":material/key:",
        )
        return
    if len(lacking) < len(states) or is_folded:
        missing = f"Not set yet: {', '.join(lacking)}" if lacking else "No endpoint is entered yet"
        with st.expander(f"{missing}. How to set a key", icon=":material/key:"):
            st.markdown(_HOW_TO_SET)
        return
    st.info(
        f"**No key is set yet.** A hosted model needs one; a local server (vLLM, Ollama) needs none.\n{_HOW_TO_SET}",
        icon=":material/key:",
    )


def _none_yet() -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown("#### :material/smart_toy: Nothing has been asked yet")
        st.markdown(
            "Models answer the questions of the benchmark here, and judges score those answers.  \n"
            "First enter an endpoint, the place where a model answers, and set its key.  \n"
            "Then judge the responses that are here already, or collect those of another model."
        )
        st.button(
            "Enter an endpoint",
            icon=":material/lan:",
            key="to-endpoints",
            on_click=put_in_address,
            kwargs={"part": "endpoints"},
        )


def _list(was_alive: bool) -> None:
    with reading() as session:
        runs = watched_runs(session, limit=SHOWN)
    if was_alive and not any(watched.is_alive for watched in runs):
        st.rerun()
    for watched in runs:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            _row(watched)


def _row(watched: WatchedRun) -> None:
    run = watched.run
    with st.container(width=140):
        run_badge(watched)
    what = "Judge" if watched.judge else "Responses of"
    facts = f"{asked(watched)} · {how_far(watched)} · {spent(watched)} · {moment_text(run.created_at)}"
    why = f"  \n:small[:red[{why}]]" if (why := _why_it_failed(watched)) else ""
    st.markdown(f"{what} **{plain(watched.name)}**  \n:small[:gray[{facts}]]{why}", width="stretch")
    if st.button("Open", key=f"open-{run.id}"):
        put_in_address(part=None, run=run.id)
        st.rerun()


def _why_it_failed(watched: WatchedRun) -> str:
    """Return in a few words why a run did not come to its end, inert; "" where its chip says it all."""
    has_failed = watched.job.state in ("failed", "interrupted") and watched.run.closed_at is None
    if not has_failed or watched.is_out_of_budget or not watched.job.reason:
        return ""
    reason = shortened(watched.job.reason.splitlines()[0], 160)
    return reason_of(reason, variable=watched.run.api_key_env).what


def run_badge(watched: WatchedRun) -> None:
    """Draw a run's state as a chip."""
    if watched.run.closed_at is not None:
        st.badge("given up", icon=":material/block:", color="gray")
    elif watched.is_out_of_budget:
        st.badge("budget used up", icon=":material/savings:", color="yellow")
    elif watched.job.state == "stopped":
        st.badge("paused", icon=":material/pause_circle:", color="gray")
    else:
        state_badge(watched.job.state)

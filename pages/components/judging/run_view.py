"""One run: its state in one line, what it has used, its failures, its replies, the command and the log."""

import streamlit as st

from core.db import reading, transaction
from core.jobs import ask_job_to_stop, log_tail, start_job
from core.judging.commands import judge_run_command, response_run_command
from core.judging.unreadable import RunScores, scores_of_run
from core.judging.watching import WatchedRun, bound_run, close_run, price_is_known, resume_run, watched_run
from core.models import JudgeRun, Person
from core.words import counted
from pages.components.address import put_in_address
from pages.components.facts import fact_box
from pages.components.judging.address_line import address_line
from pages.components.judging.figures import asked, chosen_text, dollars, how_far, pace, spent
from pages.components.judging.replies_part import replies_part
from pages.components.judging.run_ending import what_next, what_now
from pages.components.judging.runs_list import run_badge
from pages.components.moment import moment_text
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

LOOK_AGAIN_S = 1.5
_HELP = {
    "Calls": "Each call asks for one reply; some fail and are made again.",
    "Asked again": "Calls made once more: they failed, or their reply could not be read.",
    "Scores": "What was read from the replies: one for each response and dimension.",
}
# Which question is open, of which run, in the state of the session: a run of the page must not close it.
_ASKING = "run-dialog"


def open_run(run_id: str, person: Person) -> None:
    """Draw a run; while it is under way its state is looked at again and again."""
    # The way back first: an address may name a run that is not here.
    head = st.container(horizontal=True, vertical_alignment="center")
    if head.button("All runs", icon=":material/arrow_back:", type="tertiary"):
        put_in_address(run=None, status=None, page=None, call=None)
        st.rerun()
    with user_errors_shown(), reading() as session:
        watched = watched_run(session, run_id=run_id)
    head.caption(f"{plain(run_id)} · {asked(watched)} · {moment_text(watched.run.created_at)}")
    what = "Judge" if watched.judge else "Responses of"
    st.subheader(f"{what} {plain(watched.name)}", anchor=False)
    st.fragment(_truth, run_every=LOOK_AGAIN_S if watched.is_alive else None)(run_id, watched.is_alive, person)
    # Not in the fragment: they lead elsewhere, and a fragment would draw only itself anew.
    if not watched.is_alive:
        what_next(watched, _scores(watched.run.id) if watched.judge else None)
    if watched.judge:
        replies_part(watched.run.id, person, is_growing=watched.is_alive)
    with st.expander("What was asked, the exact command and the log", icon=":material/terminal:"):
        _background(watched)


def _truth(run_id: str, was_alive: bool, person: Person) -> None:
    with reading() as session:
        watched = watched_run(session, run_id=run_id)
    if was_alive != watched.is_alive:
        # The rest of the page, and whether to look again, depend on it.
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        run_badge(watched)
        st.progress(watched.share, width=300)
        st.markdown(f"**{how_far(watched)}**", width="content")
        st.space("stretch")
        _actions(watched, person)
    if watched.job.reason and not watched.run.closed_at and watched.job.state in ("failed", "interrupted"):
        what_now(watched, watched.job.reason)
    scores = None if watched.is_alive or not watched.judge else _scores(watched.run.id)
    _figures(watched, scores)
    if watched.run.failures:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.caption("Calls that failed", width="content")
            for kind, count in sorted(watched.run.failures.items()):
                st.badge(plain(f"{kind} {count:,}"), icon=":material/error:", color="red")


def _actions(watched: WatchedRun, person: Person) -> None:
    job = watched.job
    if watched.is_alive:
        words = "Pausing" if job.stop_requested else "Pause"
        if st.button(words, icon=":material/pause_circle:", disabled=job.stop_requested):
            ask_job_to_stop(job.id)
            st.rerun()
    if not watched.can_go_on:
        return
    # Resumed with the same budget it would end at once.
    needs_budget = watched.is_out_of_budget and not watched.has_budget_left
    st.button("Give up", icon=":material/block:", type="tertiary", on_click=_open, args=("give-up", watched))
    if not needs_budget:
        _budget_button(watched)
    asking = st.session_state.get(_ASKING)
    if asking == ("give-up", watched.run.id):
        _give_up(watched.run.id, person)
    if asking == ("budget", watched.run.id):
        _change_budget(watched, person)
    is_pressed = st.button(
        "Resume", type="secondary" if needs_budget else "primary", icon=":material/play_circle:", key="resume"
    )
    if needs_budget:
        _budget_button(watched, is_first=True)
    if is_pressed:
        with user_errors_shown(), transaction() as session:
            resume_run(session, run_id=watched.run.id, author=person)
        with user_errors_shown():
            start_job(job.id)
        st.rerun()


def _budget_button(watched: WatchedRun, *, is_first: bool = False) -> None:
    st.button(
        "Change the budget",
        type="primary" if is_first else "secondary",
        icon=":material/savings:",
        on_click=_open,
        args=("budget", watched),
        key="change-budget",
    )


def _scores(run_id: str) -> RunScores:
    with reading() as session:
        return scores_of_run(session, run_id=run_id)


def _figures(watched: WatchedRun, scores: RunScores | None) -> None:
    run = watched.run
    of_calls = f" of {run.budget_calls:,}" if run.budget_calls is not None else ""
    figures = {
        "Cost so far": spent(watched),
        "Calls": f"{run.calls:,}{of_calls}",
        "Asked again": f"{run.retries:,}",
    }
    if watched.is_alive:
        at_once = "–" if run.concurrency_now is None else f"{run.concurrency_now} of {run.concurrency}"
        figures |= {"Answers a second": pace(watched.answers_per_s), "Calls at once now": at_once}
    if scores:
        figures["Scores"] = f"{scores.scored:,} of {scores.scored + scores.unscored:,}"
    with st.container(border=True):
        for column, (name, figure) in zip(st.columns(len(figures)), figures.items(), strict=True):
            column.metric(name, figure, help=_HELP.get(name))
        if run.cost_usd is None:
            st.caption(_why_no_cost(watched))
        elif run.reserved_usd:
            st.caption(
                f"Calls whose outcome is not known may have cost up to {dollars(run.reserved_usd)} more; "
                "the budget reckons with it."
            )


def _why_no_cost(watched: WatchedRun) -> str:
    with reading() as session:
        is_known = price_is_known(session, model=watched.model)
    if not is_known:
        return "The price of this model is not known: enter it under Endpoints and prices."
    return (
        "What this run cost is not known: the price of its model was not known when it started, or its endpoint does "
        "not say how many tokens a call took."
    )


def _open(question: str, watched: WatchedRun) -> None:
    st.session_state[_ASKING] = (question, watched.run.id)


def _close() -> None:
    st.session_state.pop(_ASKING, None)


@st.dialog("Change the budget", on_dismiss=_close)
def _change_budget(watched: WatchedRun, person: Person) -> None:
    run = watched.run
    with reading() as session:
        is_known = price_is_known(session, model=watched.model)
    st.caption(f"{spent(watched)} and {counted(run.calls, 'call')} are used so far, and count.")
    usd = st.number_input(
        "Dollars, at most",
        0.01,
        999_999.0,
        run.budget_usd,
        disabled=not is_known,
        placeholder="no limit",
        help=None if is_known else "The price of this model is not known. Enter it under Endpoints and prices.",
    )
    calls = st.number_input("Calls, at most", 1, 100_000_000, run.budget_calls, placeholder="no limit")
    if st.button("Save", type="primary"):
        with user_errors_shown(), transaction() as session:
            bound_run(session, run_id=run.id, budget_usd=usd, budget_calls=calls, author=person)
        _close()
        st.rerun()


@st.dialog("Give up this run?", on_dismiss=_close)
def _give_up(run_id: str, person: Person) -> None:
    st.markdown(
        "What it has brought stays. It cannot be resumed any more; a new run can ask for what is missing, "
        "and pays for nothing twice."
    )
    if st.button("Give it up", type="primary", icon=":material/block:"):
        with user_errors_shown(), transaction() as session:
            close_run(session, run_id=run_id, author=person)
        _close()
        st.rerun()


def _background(watched: WatchedRun) -> None:
    run, judge = watched.run, watched.judge
    left, right = st.columns([1, 1.75], gap="medium")
    with left:
        fact_box("What was asked", _facts(watched))
        st.caption("Asked at")
        address_line(run.base_url)
    with right:
        command = judge_run_command(run, judge) if judge and isinstance(run, JudgeRun) else None
        if not isinstance(run, JudgeRun):
            command = response_run_command(run)
        if command:
            st.markdown("The same from a terminal:")
            st.code(command, language="bash", wrap_lines=True)
        else:
            why = "An anchor set is scored anew under Anchor sets" if watched.anchor_set else "Chosen one by one"
            st.caption(f"{why}: there is no command line that says the same.")
        st.code(log_tail(watched.job.id, lines=60) or "Nothing is logged yet.", language=None, height=260)


def _facts(watched: WatchedRun) -> dict[str, object]:
    run, judge = watched.run, watched.judge
    facts: dict[str, object] = {"Model": watched.model}
    facts["Key"] = f"in {run.api_key_env}" if run.api_key_env else "none needed"
    if isinstance(run, JudgeRun):
        facts["Prompt"] = f"{run.prompt_version}, {'in batches' if run.mode == 'batch' else 'live'}"
    facts["Chosen"] = f"anchor set {watched.anchor_set}" if watched.anchor_set else chosen_text(run.selection)
    facts["Bounds"] = f"{counted(run.rounds, 'round')}, {counted(run.concurrency, 'call')} at once at most"
    given = judge.parameters if judge else run.parameters  # type: ignore[union-attr]
    if given:
        facts["Parameters"] = ", ".join(f"{name.replace('_', ' ')} {held}" for name, held in sorted(given.items()))
    return facts

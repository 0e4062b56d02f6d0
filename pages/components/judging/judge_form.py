"""The form that starts a judge: which judge, which responses, within which bounds; beside it what that comes to."""

from pathlib import Path

import streamlit as st

from core.config import settings
from core.db import reading, transaction
from core.endpoints import endpoints
from core.estimates import RunEstimate
from core.jobs import start_job
from core.judges import judges_here
from core.judging.choices import response_choices
from core.judging.commands import judge_command_for
from core.judging.estimates import judge_departure, judge_estimate
from core.judging.judge_run import Bounds, JudgeSettings, start_judge_run
from core.judging.official import official_words
from core.judging.prompts import JudgeWords, current_words
from core.judging.selection import Extent, Selection, extent
from core.models import Person
from core.rubric import PromptKind
from pages.components.address import put_in_address
from pages.components.judging.form_parts import (
    KEPT_S,
    departure_line,
    estimate_box,
    exact_field,
    is_named,
)
from pages.components.judging.judge_fields import AskedJudge, asked_judge
from pages.components.judging.runs_list import key_lines
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.words import counted


def judge_form(person: Person) -> None:
    """Draw the form, and beside it what would be asked, what it costs, and the button that starts it."""
    with reading() as session:
        choices = response_choices(session)
        states = endpoints(session)
        known = {judge.name: judge for judge in judges_here(session) if judge.origin == "run"}
    if not choices.models:
        _nothing_to_judge()
        return
    key_lines(states)
    form, beside = st.columns([1, 1.1], gap="large")
    with form:
        asked = asked_judge(known, states, choices)
    with beside:
        _beside(asked, person)


def _nothing_to_judge() -> None:
    st.info(
        "There is no response to judge yet: a judge scores texts that answer questions with a norm. "
        "Collect a model's responses first, or import some.",
        icon=":material/inbox:",
    )
    st.button(
        "Collect responses",
        type="primary",
        icon=":material/download:",
        key="collect-first",
        on_click=put_in_address,
        kwargs={"part": "collect"},
    )


def _beside(asked: AskedJudge, person: Person) -> None:
    judge, bounds = asked.settings, asked.bounds
    if not is_named(judge.base_url, judge.model):
        return
    if judge.prompt == "cross-official" and not asked.checkout:
        st.info("Name the folder of your CROSS checkout: its prompts are read from there.", icon=":material/folder:")
        return
    with user_errors_shown():
        words = _words(judge.prompt, asked.checkout)
    estimate = _comes_to(asked, words)
    st.markdown("The same from a terminal:")
    command = judge_command_for(judge, asked.chosen, bounds, checkout=asked.checkout or None)
    st.code(command, language="bash", wrap_lines=True)
    if st.button("Start judging", type="primary", icon=":material/play_circle:", disabled=not estimate.calls):
        _start(asked, words, person)
    if not estimate.calls:
        st.caption("Nothing is missing: this judge has scored all that is chosen.")


def _comes_to(asked: AskedJudge, words: JudgeWords) -> RunEstimate:
    """Draw how much would be asked, what it costs and what leaves this machine; return the estimate."""
    judge, bounds = asked.settings, asked.bounds
    with user_errors_shown(), reading() as session:
        scope = extent(
            session,
            chosen=asked.chosen,
            judge=asked.judge,
            version=words.version,
            asked=len(words.asked),
            first_round=1,
            rounds=bounds.rounds,
            ask_unreadable_again=bounds.ask_unreadable_again,
        )
        departure = judge_departure(session, settings=judge, chosen=asked.chosen)
    figures = st.container()
    exact = exact_field(judge.model, key="judge")
    with figures, user_errors_shown():
        told_apart = (settings().database_url, scope, words.version)
        estimate = _estimate(told_apart, judge, asked.chosen, bounds, exact, _words=words)
    with figures:
        estimate_box(scope.missing, scope.wanted, estimate.cost_usd, estimate.duration_s)
        st.caption(plain(f"{counted(scope.responses, 'response')} chosen. {estimate.explained}"))
    if asked.judge and asked.judge.prompt_version != words.version:
        st.caption(
            plain(
                f"The scores of this judge that stand were made with {asked.judge.prompt_version}. "
                f"With {words.version} each response is judged again; the earlier scores are kept as history."
            )
        )
    departure_line(departure.sentence, judge.base_url)
    return estimate


@st.cache_data(ttl=KEPT_S, max_entries=32, show_spinner="Reckoning what it comes to")
def _estimate(
    told_apart: tuple[str, Extent, str],
    judge: JudgeSettings,
    chosen: Selection,
    bounds: Bounds,
    exact: bool,
    *,
    _words: JudgeWords,
) -> RunEstimate:
    """The database, the extent and the prompt's version are there to tell one estimate from another."""
    with reading() as session:
        return judge_estimate(session, settings=judge, words=_words, chosen=chosen, bounds=bounds, with_tokenizer=exact)


def _start(asked: AskedJudge, words: JudgeWords, person: Person) -> None:
    with user_errors_shown(), transaction() as session:
        run = start_judge_run(
            session, settings=asked.settings, words=words, chosen=asked.chosen, bounds=asked.bounds, author=person
        )
    with user_errors_shown():
        start_job(run.job_id)
    put_in_address(part=None, of=None, run=run.id)
    st.rerun()


def _words(prompt: PromptKind, checkout: str) -> JudgeWords:
    return official_words(Path(checkout).expanduser()) if prompt == "cross-official" else current_words(prompt)

"""The form that starts a judge: which judge, which responses, within which bounds; beside it what that comes to."""

from pathlib import Path

import streamlit as st

from core.chat.address import checked_base_url
from core.config import settings
from core.db import reading, transaction
from core.endpoints import endpoints
from core.estimates import RunEstimate
from core.judges import judges_here
from core.judging.choices import response_choices
from core.judging.commands import judge_command_for
from core.judging.estimates import judge_departure, judge_estimate
from core.judging.judge_run import Bounds, JudgeSettings, start_judge_run, unfinished_judge_run
from core.judging.official import official_words
from core.judging.prompts import JudgeWords, current_words
from core.judging.selection import Extent, Selection, extent
from core.models import Judge, Person
from core.rubric import PromptKind
from core.words import counted
from pages.components.address import put_in_address
from pages.components.judging.address_line import address_line
from pages.components.judging.form_parts import is_named
from pages.components.judging.judge_fields import AskedJudge, asked_judge
from pages.components.judging.runs_list import key_lines
from pages.components.judging.start_parts import KEPT_S, Prospect, prospect_shown, start_and_open, start_part
from pages.components.plain import plain
from pages.components.problems import user_errors_shown


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
    judge = asked.settings
    if not is_named(judge.base_url, judge.model):
        return
    if judge.prompt == "cross-official" and not asked.checkout:
        st.info("Name the folder of your CROSS checkout: its prompts are read from there.", icon=":material/folder:")
        return
    with user_errors_shown():
        words = _words(judge.prompt, asked.checkout)
        is_elsewhere = _is_elsewhere(asked)
    estimate = _comes_to(asked, words)
    if is_elsewhere:
        _say_elsewhere(asked)
    command = judge_command_for(
        judge, asked.chosen, asked.bounds, checkout=asked.checkout or None, has_moved=asked.has_moved
    )
    start_part(
        "Start judging",
        command=command,
        is_ready=bool(estimate.calls) and not is_elsewhere,
        why_not="This name is another judge's."
        if is_elsewhere
        else "Nothing is missing: all that is chosen is scored.",
        start=lambda: _start(asked, words, person),
    )


def _is_elsewhere(asked: AskedJudge) -> bool:
    """Return whether the name belongs to a judge at another address, and nobody says that it has moved."""
    known = asked.judge
    return known is not None and not asked.has_moved and known.base_url != checked_base_url(asked.settings.base_url)


def _say_elsewhere(asked: AskedJudge) -> None:
    if asked.judge:
        st.warning(
            plain(
                f"{asked.judge.name} is asked at the address below, and the same model elsewhere can be another one. "
                "Give this judge another name. If it is the same one at a new address, choose it under Judge, and say "
                "there that it has moved."
            ),
            icon=":material/move_location:",
        )
        address_line(asked.judge.base_url or "")


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
        departure = judge_departure(session, settings=judge, words=words, chosen=asked.chosen, bounds=bounds)
        goes_on = unfinished_judge_run(
            session, judge=asked.judge, version=words.version, chosen=asked.chosen, bounds=bounds
        )
    prospect = Prospect(
        model=judge.model,
        missing=scope.missing,
        wanted=scope.wanted,
        chosen=counted(scope.responses, "response"),
        notes=_notes(asked.judge, words),
        departure=departure,
        bounds=bounds,
        goes_on=goes_on,
    )
    told_apart = (settings().database_url, scope, words.version)
    return prospect_shown(
        prospect,
        lambda exact: _estimate(told_apart, judge, asked.chosen, bounds, exact, _words=words),
        key="judge",
    )


def _notes(judge: Judge | None, words: JudgeWords) -> list[str]:
    if judge is None or judge.prompt_version == words.version:
        return []
    return [
        f"The scores of this judge that stand were made with {judge.prompt_version}. With {words.version} each "
        "response is judged again; the earlier scores are kept as history."
    ]


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
            session,
            settings=asked.settings,
            words=words,
            chosen=asked.chosen,
            bounds=asked.bounds,
            author=person,
            has_moved=asked.has_moved,
        )
    start_and_open(run)


def _words(prompt: PromptKind, checkout: str) -> JudgeWords:
    return official_words(Path(checkout).expanduser()) if prompt == "cross-official" else current_words(prompt)

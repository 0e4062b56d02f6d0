"""What the form of a judge asks for: a judge, new or known, the responses it is to score, the bounds of the run."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import streamlit as st

from core.endpoints import EndpointState
from core.judges import LONGEST_NAME, described
from core.judging.choices import ResponseChoices
from core.judging.commands import settings_of
from core.judging.judge_run import Bounds, JudgeSettings, Mode
from core.judging.selection import Selection
from core.models import Judge
from core.responses.collecting import REASONING_EFFORTS
from core.rubric import PROMPT_KINDS, SETTING_TITLES, SPLIT_TITLES, PromptKind
from pages.components.judging.address_line import address_line
from pages.components.judging.form_parts import bounds_fields, choice_field, endpoint_field
from pages.components.plain import plain, visible

_PROMPT_TITLES: dict[PromptKind, str] = {
    "one-call": "One call",
    "four-calls": "Four calls",
    "cross-official": "CROSS official",
}
_PROMPT_MEANS: dict[PromptKind, str] = {
    "one-call": "All four dimensions in one structured reply: a quarter of the cost.",
    "four-calls": "One call for each dimension, as CROSS-Eval does.",
    "cross-official": "The prompts of your own CROSS checkout, word for word, read from the machine this app runs on.",
}

# The models a link asked to judge, as the form last saw it.
_GIVEN = "judge-of"


@dataclass(frozen=True)
class AskedJudge:
    """What the form asks for.

    `judge` is one that is known already, `has_moved` whether a person says that it answers at a new address, and
    `checkout` the folder of CROSS's own prompts.
    """

    judge: Judge | None
    settings: JudgeSettings
    has_moved: bool
    checkout: str
    chosen: Selection
    bounds: Bounds


def asked_judge(known: Mapping[str, Judge], states: Sequence[EndpointState], choices: ResponseChoices) -> AskedJudge:
    """Ask for all of it; endpoint and model may still be empty."""
    name = st.selectbox(
        "Judge",
        ["", *known],
        format_func=lambda name: visible(name) or "A new judge",
        key="judge-which",
        bind="query-params",
    )
    judge = known.get(name)
    if judge:
        (given, has_moved), checkout = _known(judge, states), _checkout(judge.prompt)
    else:
        (given, checkout), has_moved = _new(states), False
    chosen = _chosen(choices)
    bounds = Bounds(**asdict(bounds_fields(given.model, key="judge")), mode=_mode())
    asked = _refined(AskedJudge(judge, given, has_moved, checkout, chosen, bounds))
    # A new one may have been given the name of one that is there.
    return replace(asked, judge=known.get(asked.settings.name))


def _known(judge: Judge, states: Sequence[EndpointState]) -> tuple[JudgeSettings, bool]:
    """Return how it is asked, and whether a person says that it has moved."""
    st.caption(plain(f"{described(judge)}, prompt version {judge.prompt_version}, asked at"))
    address_line(judge.base_url or "")
    given = settings_of(judge)
    if not st.checkbox("It has moved: the same model answers at a new address", key=f"judge-moved-{judge.name}"):
        return given, False
    st.caption("Only if it is the very same model. Otherwise choose a new judge, so that the two are never mixed.")
    endpoint = endpoint_field(states, key="judge-moved")
    return replace(given, base_url=endpoint.base_url, api_key_env=endpoint.api_key_env), True


def _new(states: Sequence[EndpointState]) -> tuple[JudgeSettings, str]:
    endpoint = endpoint_field(states, key="judge")
    model = st.text_input(
        "Model", placeholder="as its endpoint names it", key="judge-model", bind="query-params"
    ).strip()
    prompt = st.segmented_control(
        "Prompt",
        list(PROMPT_KINDS),
        format_func=_PROMPT_TITLES.__getitem__,
        default="one-call",
        required=True,
        wrap=True,
        key="judge-prompt",
        bind="query-params",
    )
    kind: PromptKind = prompt or "one-call"
    st.caption(_PROMPT_MEANS[kind])
    checkout = _checkout(kind)
    suggested = f"{model} {kind}"[:LONGEST_NAME] if model else ""
    name = st.text_input(
        "Name of the judge",
        max_chars=LONGEST_NAME,
        placeholder=suggested or "named after model and prompt",
        help="Its scores carry this name. Two judges are never mixed under one.",
        key="judge-name",
        bind="query-params",
    )
    return JudgeSettings(name.strip() or suggested, endpoint.base_url, model, kind, endpoint.api_key_env), checkout


def _checkout(prompt: str | None) -> str:
    if prompt != "cross-official":
        return ""
    return st.text_input(
        "Folder of your CROSS checkout",
        placeholder="~/CROSS",
        key="judge-checkout",
        # Not in the address: no link may say which folder of this machine is read.
        persist_state="session",
    ).strip()


def _chosen(choices: ResponseChoices) -> Selection:
    left, right = st.columns(2)
    with left:
        models = choice_field("Responses of", choices.models, key="judge-models", default=_given())
        settings = choice_field("Settings", choices.settings, key="judge-settings", words=_setting)
    with right:
        countries = choice_field("Countries", choices.countries, key="judge-countries")
        splits = choice_field("Use", choices.splits, key="judge-splits", words=_split)
    return Selection(models=models, countries=countries, settings=settings, splits=splits)


def _given() -> list[str]:
    """Return the models a link asks to judge; where it is a new one, what was chosen before gives way to it."""
    given = st.query_params.get_all("of")
    if given and st.session_state.get(_GIVEN) != given:
        st.session_state.pop("judge-models", None)
    st.session_state[_GIVEN] = given
    return given


def _setting(name: str) -> str:
    return SETTING_TITLES.get(name, name)


def _split(name: str) -> str:
    return SPLIT_TITLES.get(name, name).capitalize()


def _mode() -> Mode:
    titles: dict[Mode, str] = {"live": "Live", "batch": "In batches"}
    mode = st.segmented_control(
        "How",
        list(titles),
        format_func=titles.__getitem__,
        default="live",
        required=True,
        key="judge-how",
        bind="query-params",
        help="In batches: cheaper at most hosted services, and done within a day. Servers of open weights have none.",
    )
    return mode or "live"


def _refined(asked: AskedJudge) -> AskedJudge:
    """Ask for what hardly ever needs a change; the parameters of a judge that is known are its own."""
    with st.expander("More settings", icon=":material/tune:"):
        limit = st.number_input(
            "Responses, at most",
            1,
            10_000_000,
            None,
            placeholder="all that are chosen",
            key="judge-limit",
            bind="query-params",
        )
        again = st.checkbox("Ask again what could not be read before", key="judge-again", bind="query-params")
        given = asked.settings if asked.judge else _parameters(asked.settings)
    return replace(
        asked,
        settings=given,
        chosen=replace(asked.chosen, limit=limit),
        bounds=replace(asked.bounds, ask_unreadable_again=again),
    )


def _parameters(given: JudgeSettings) -> JudgeSettings:
    effort = st.selectbox(
        "Reasoning effort",
        REASONING_EFFORTS,
        None,
        placeholder="none: no reasoning model",
        help="For reasoning models, which take no temperature.",
        key="judge-effort",
        bind="query-params",
    )
    left, right = st.columns(2)
    temperature = left.number_input(
        "Temperature", 0.0, 2.0, 0.0, 0.1, disabled=effort is not None, key="judge-warm", bind="query-params"
    )
    longest = right.number_input(
        "Longest reply, in tokens",
        16,
        100_000,
        None,
        placeholder="automatic",
        key="judge-longest",
        bind="query-params",
    )
    return replace(
        given,
        temperature=None if effort else temperature,
        reasoning_effort=effort,
        max_tokens=longest,
    )

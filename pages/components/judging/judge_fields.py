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
from core.rubric import PROMPT_KINDS, SPLIT_TITLES, PromptKind
from pages.components.judging.figures import SETTING_TITLES
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


@dataclass(frozen=True)
class AskedJudge:
    """What the form asks for; `checkout` is the folder of CROSS's own prompts, `judge` one that is known already."""

    judge: Judge | None
    settings: JudgeSettings
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
    )
    judge = known.get(name)
    given, checkout = (_known(judge), _checkout(judge.prompt)) if judge else _new(states)
    chosen = _chosen(choices)
    bounds = bounds_fields(given.model, key="judge")
    asked = _refined(AskedJudge(judge, given, checkout, chosen, Bounds(**asdict(bounds), mode=_mode())))
    # A new one may have been given the name of one that is there.
    return replace(asked, judge=known.get(asked.settings.name))


def _known(judge: Judge) -> JudgeSettings:
    st.caption(plain(f"{described(judge)}, prompt version {judge.prompt_version}, at {judge.base_url}"))
    return settings_of(judge)


def _new(states: Sequence[EndpointState]) -> tuple[JudgeSettings, str]:
    endpoint = endpoint_field(states, key="judge")
    model = st.text_input("Model", placeholder="as its endpoint names it", key="judge-model").strip()
    prompt = st.segmented_control(
        "Prompt",
        list(PROMPT_KINDS),
        format_func=_PROMPT_TITLES.__getitem__,
        default="one-call",
        required=True,
        wrap=True,
    )
    kind: PromptKind = prompt or "one-call"
    st.caption(_PROMPT_MEANS[kind])
    checkout = _checkout(kind)
    suggested = f"{model} {kind}"[:LONGEST_NAME] if model else ""
    name = st.text_input(
        "Name of the judge",
        suggested,
        max_chars=LONGEST_NAME,
        placeholder="named after model and prompt",
        help="Its scores carry this name. Two judges are never mixed under one.",
        key=f"judge-name-{suggested}",
    )
    return JudgeSettings(name.strip(), endpoint.base_url, model, kind, endpoint.api_key_env), checkout


def _checkout(prompt: str | None) -> str:
    if prompt != "cross-official":
        return ""
    return st.text_input("Folder of your CROSS checkout", placeholder="~/CROSS", key="judge-checkout").strip()


def _chosen(choices: ResponseChoices) -> Selection:
    left, right = st.columns(2)
    with left:
        given = st.query_params.get_all("of")
        models = choice_field("Responses of", choices.models, key="judge-models", default=given)
        settings = choice_field("Settings", choices.settings, key="judge-settings", words=_setting)
    with right:
        countries = choice_field("Countries", choices.countries, key="judge-countries")
        splits = choice_field("Use", choices.splits, key="judge-splits", words=_split)
    return Selection(models=models, countries=countries, settings=settings, splits=splits)


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
        help="In batches: cheaper at most hosted services, and done within a day. Servers of open weights have none.",
    )
    return mode or "live"


def _refined(asked: AskedJudge) -> AskedJudge:
    """Ask for what hardly ever needs a change; the parameters of a judge that is known are its own."""
    with st.expander("More settings", icon=":material/tune:"):
        limit = st.number_input(
            "Responses, at most", 1, 10_000_000, None, placeholder="all that are chosen", key="judge-limit"
        )
        again = st.checkbox("Ask again what could not be read before", key="judge-again")
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
    )
    left, right = st.columns(2)
    temperature = left.number_input("Temperature", 0.0, 2.0, 0.0, 0.1, disabled=effort is not None, key="judge-warm")
    longest = right.number_input(
        "Longest reply, in tokens", 16, 100_000, None, placeholder="automatic", key="judge-longest"
    )
    return replace(
        given,
        temperature=None if effort else temperature,
        reasoning_effort=effort,
        max_tokens=longest,
    )

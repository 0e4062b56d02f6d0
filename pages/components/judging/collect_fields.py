"""What the form that collects responses asks for: a model, the questions it is sent, the bounds of the run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from core.benchmark.sent_pictures import LONGEST_SIDE, SHORTEST_LONGEST_SIDE
from core.endpoints import EndpointState
from core.responses.choices import ItemChoices
from core.responses.collecting import (
    LONGEST_PROMPT,
    MAX_SIDE,
    MAX_TOKENS,
    REASONING_EFFORTS,
    CollectBounds,
    CollectSettings,
    ItemChoice,
)
from core.rubric import RESPONSE_SETTINGS, SETTING_TITLES, SPLIT_TITLES, WORDINGS, ResponseSetting
from pages.components.item_words import SUBSET_TITLES, wording_title
from pages.components.judging.form_parts import bounds_fields, choice_field, endpoint_field

_LEFT = "unset"
_SETTING_MEANS: dict[ResponseSetting, str] = {
    "english": "The picture and the question in English.",
    "translation": "The picture and the translated question: that is what is sent.",
    "text-only": "The question without its picture, to see which questions need it.",
}
# Wordings 1 to 3 are English; the translation is a setting of its own, but without a picture any of them can be sent.
_WORDINGS: dict[ResponseSetting, Sequence[str]] = {
    "english": WORDINGS[:3],
    "translation": (),
    "text-only": WORDINGS,
}


@dataclass(frozen=True)
class AskedModel:
    """What the form asks for."""

    settings: CollectSettings
    chosen: ItemChoice
    bounds: CollectBounds


def asked_model(states: Sequence[EndpointState], choices: ItemChoices) -> AskedModel:
    """Ask for all of it; endpoint and model may still be empty."""
    endpoint = endpoint_field(states, key="collect")
    model = st.text_input(
        "Model", placeholder="as its endpoint names it", key="collect-model", bind="query-params"
    ).strip()
    name = st.text_input(
        "Stored as",
        placeholder="the model's name",
        max_chars=120,
        help="The name its responses carry here. Ask one model in two ways under two names.",
        key="collect-name",
        bind="query-params",
    )
    settings = CollectSettings(endpoint.base_url, model, " ".join(name.split()), endpoint.api_key_env)
    chosen = _chosen(choices)
    bounds = bounds_fields(model, key="collect")
    with st.expander("More settings", icon=":material/tune:"):
        limit = st.number_input(
            "Questions, at most", 1, 10_000_000, None, placeholder="all", key="collect-limit", bind="query-params"
        )
        settings = _refined(settings)
    return AskedModel(settings, replace(chosen, limit=limit), bounds)


def _chosen(choices: ItemChoices) -> ItemChoice:
    picked = st.segmented_control(
        "What is sent",
        list(RESPONSE_SETTINGS),
        format_func=SETTING_TITLES.__getitem__,
        default="english",
        wrap=True,
        required=True,
        key="collect-setting",
        bind="query-params",
    )
    setting: ResponseSetting = picked or "english"
    st.caption(_SETTING_MEANS[setting])
    left, right = st.columns(2)
    with left:
        countries = choice_field("Countries", choices.countries, key="collect-countries")
        splits = choice_field(
            "Use", choices.splits, key="collect-splits", words=lambda name: SPLIT_TITLES.get(name, name).capitalize()
        )
    with right:
        wordings = _wordings(setting)
        subsets = choice_field(
            "Parts of CROSS",
            choices.subsets,
            key="collect-subsets",
            words=lambda name: SUBSET_TITLES.get(name, name),
        )
    return ItemChoice(setting, wordings, countries, subsets, splits)


def _wordings(setting: ResponseSetting) -> tuple[str, ...]:
    offered = _WORDINGS[setting]
    chosen = st.multiselect(
        "Wordings",
        offered,
        format_func=wording_title,
        placeholder="All" if offered else "the translation",
        disabled=not offered,
        key=f"collect-wordings-{setting}",
        bind="query-params",
    )
    return tuple(chosen)


def _refined(settings: CollectSettings) -> CollectSettings:
    """Ask for what hardly ever needs a change."""
    prompt = st.text_area(
        "System prompt",
        placeholder="none",
        max_chars=LONGEST_PROMPT,
        height=90,
        key="collect-system",
        # Too long for an address.
        persist_state="session",
    )
    effort = st.selectbox(
        "Reasoning effort",
        REASONING_EFFORTS,
        None,
        placeholder="as the endpoint has it",
        key="collect-effort",
        bind="query-params",
    )
    left, right = st.columns(2)
    with left:
        warm = _number("Temperature", 0.0, 2.0, 0.1, key="collect-warm")
        longest = st.number_input(
            "Longest response, in tokens", 1, 100_000, MAX_TOKENS, key="collect-longest", bind="query-params"
        )
        seed = st.number_input("Seed", 0, 2**31 - 1, None, placeholder=_LEFT, key="collect-seed", bind="query-params")
    with right:
        top = _number("Top p", 0.0, 1.0, 0.05, key="collect-top")
        side = st.number_input(
            "Longest side of pictures, in pixels",
            SHORTEST_LONGEST_SIDE,
            LONGEST_SIDE,
            MAX_SIDE,
            key="collect-side",
            bind="query-params",
        )
    return replace(
        settings,
        system_prompt=prompt.strip(),
        reasoning_effort=effort,
        temperature=warm,
        max_tokens=int(longest),
        seed=seed,
        top_p=top,
        max_side=int(side),
    )


def _number(title: str, least: float, most: float, step: float, *, key: str) -> float | None:
    return st.number_input(title, least, most, None, step, placeholder=_LEFT, key=key, bind="query-params")

"""The form that collects a model's responses: whom, what and how; beside it what that comes to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from core.benchmark.sent_pictures import LONGEST_SIDE, SHORTEST_LONGEST_SIDE
from core.config import settings
from core.db import reading, transaction
from core.endpoints import EndpointState, endpoints
from core.estimates import RunEstimate
from core.jobs import start_job
from core.judging.choices import ItemChoices, item_choices
from core.judging.commands import collect_command_for
from core.models import Person
from core.responses.collecting import (
    LONGEST_PROMPT,
    MAX_SIDE,
    MAX_TOKENS,
    REASONING_EFFORTS,
    CollectBounds,
    CollectExtent,
    CollectSettings,
    ItemChoice,
    collect_extent,
    start_response_run,
)
from core.responses.estimates import collect_departure, collect_estimate
from core.rubric import RESPONSE_SETTINGS, SPLIT_TITLES, WORDINGS, ResponseSetting
from pages.components.address import put_in_address
from pages.components.item_words import SUBSET_TITLES, wording_title
from pages.components.judging.figures import SETTING_TITLES
from pages.components.judging.form_parts import (
    KEPT_S,
    bounds_fields,
    choice_field,
    departure_line,
    endpoint_field,
    estimate_box,
    exact_field,
    is_named,
)
from pages.components.judging.import_part import import_part
from pages.components.judging.runs_list import key_lines
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.words import counted

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
class _Asked:
    """What the form asks for."""

    settings: CollectSettings
    chosen: ItemChoice
    bounds: CollectBounds


def collect_form(person: Person) -> None:
    """Draw the form, and beside it what would be asked, what it costs, and the button that starts it."""
    with reading() as session:
        choices = item_choices(session)
        states = endpoints(session)
    if not choices.subsets:
        st.info("There is no question to ask yet. Import the benchmark first.", icon=":material/inbox:")
        if st.button("Go to Import", type="primary", icon=":material/arrow_forward:"):
            st.switch_page("pages/import_benchmark.py")
        return
    key_lines(states)
    form, beside = st.columns([1, 1.1], gap="large")
    with form:
        asked = _asked(states, choices)
    with st.expander("Import responses from a file", icon=":material/upload_file:"):
        import_part(person)
    # Last, though it stands above: a message that ends the page there hides nothing.
    with beside:
        _beside(asked, person)


def _asked(states: Sequence[EndpointState], choices: ItemChoices) -> _Asked:
    endpoint = endpoint_field(states, key="collect")
    model = st.text_input("Model", placeholder="as its endpoint names it", key="collect-model").strip()
    name = st.text_input(
        "Stored as",
        placeholder="the model's name",
        max_chars=120,
        help="The name its responses carry here. Ask one model in two ways under two names.",
        key="collect-name",
    )
    asked_model = CollectSettings(endpoint.base_url, model, " ".join(name.split()), endpoint.api_key_env)
    chosen = _chosen(choices)
    bounds = bounds_fields(model, key="collect")
    with st.expander("More settings", icon=":material/tune:"):
        limit = st.number_input("Questions, at most", 1, 10_000_000, None, placeholder="all", key="collect-limit")
        asked_model = _refined(asked_model)
    return _Asked(asked_model, replace(chosen, limit=limit), bounds)


def _chosen(choices: ItemChoices) -> ItemChoice:
    picked = st.segmented_control(
        "What is sent",
        list(RESPONSE_SETTINGS),
        format_func=SETTING_TITLES.__getitem__,
        default="english",
        wrap=True,
        required=True,
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
    )
    return tuple(chosen)


def _refined(model: CollectSettings) -> CollectSettings:
    prompt = st.text_area(
        "System prompt", placeholder="none", max_chars=LONGEST_PROMPT, height=90, key="collect-system"
    )
    effort = st.selectbox(
        "Reasoning effort", REASONING_EFFORTS, None, placeholder="as the endpoint has it", key="collect-effort"
    )
    left, right = st.columns(2)
    with left:
        warm = st.number_input("Temperature", 0.0, 2.0, None, 0.1, placeholder=_LEFT, key="collect-warm")
        longest = st.number_input("Longest response, in tokens", 1, 100_000, MAX_TOKENS, key="collect-longest")
        seed = st.number_input("Seed", 0, 2**31 - 1, None, placeholder=_LEFT, key="collect-seed")
    with right:
        top = st.number_input("Top p", 0.0, 1.0, None, 0.05, placeholder=_LEFT, key="collect-top")
        side = st.number_input(
            "Longest side of pictures, in pixels", SHORTEST_LONGEST_SIDE, LONGEST_SIDE, MAX_SIDE, key="collect-side"
        )
    return replace(
        model,
        system_prompt=prompt.strip(),
        reasoning_effort=effort,
        temperature=warm,
        max_tokens=int(longest),
        seed=seed,
        top_p=top,
        max_side=int(side),
    )


def _beside(asked: _Asked, person: Person) -> None:
    model, chosen, bounds = asked.settings, asked.chosen, asked.bounds
    if not is_named(model.base_url, model.model):
        return
    estimate = _comes_to(asked)
    st.markdown("The same from a terminal:")
    st.code(collect_command_for(model, chosen, bounds), language="bash", wrap_lines=True)
    if st.button("Start collecting", type="primary", icon=":material/play_circle:", disabled=not estimate.calls):
        _start(asked, person)
    if not estimate.calls:
        st.caption("Nothing of what is chosen is missing.")


def _comes_to(asked: _Asked) -> RunEstimate:
    """Draw how much would be asked, what it costs and what leaves this machine; return the estimate."""
    model, chosen, bounds = asked.settings, asked.chosen, asked.bounds
    with user_errors_shown(), reading() as session:
        scope = collect_extent(session, chosen=chosen, stored_as=model.name, rounds=bounds.rounds)
        departure = collect_departure(session, settings=model, chosen=chosen)
    figures = st.container()
    exact = exact_field(model.model, key="collect")
    with figures, user_errors_shown():
        estimate = _estimate((settings().database_url, scope), model, chosen, bounds, exact)
    with figures:
        estimate_box(scope.missing, scope.wanted, estimate.cost_usd, estimate.duration_s)
        st.caption(plain(f"{counted(scope.items, 'question')} chosen. {estimate.explained}"))
    if scope.without_picture:
        st.caption(
            f"{counted(scope.without_picture, 'question')} without a picture here are left out: without it they ask "
            "something else."
        )
    departure_line(departure.sentence, model.base_url)
    return estimate


@st.cache_data(ttl=KEPT_S, max_entries=32, show_spinner="Reckoning what it comes to")
def _estimate(
    told_apart: tuple[str, CollectExtent],
    model: CollectSettings,
    chosen: ItemChoice,
    bounds: CollectBounds,
    exact: bool,
) -> RunEstimate:
    """The database and the extent are there to tell one estimate from another."""
    with reading() as session:
        return collect_estimate(session, settings=model, chosen=chosen, bounds=bounds, with_tokenizer=exact)


def _start(asked: _Asked, person: Person) -> None:
    with user_errors_shown(), transaction() as session:
        run = start_response_run(
            session, settings=asked.settings, chosen=asked.chosen, bounds=asked.bounds, author=person
        )
    with user_errors_shown():
        start_job(run.job_id)
    put_in_address(part=None, run=run.id)
    st.rerun()

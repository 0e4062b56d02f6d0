"""The form of a sampling plan: which responses, how many of each group, by how many experts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.labels.plan_draws import MOST_EXPERTS, PlanWish
from core.labels.plan_frame import PlanChoices
from core.labels.plans import MOST_RETEST, MOST_SEED
from core.models import Judge
from core.rubric import DIMENSIONS, RUBRIC, SETTING_TITLES, SPLIT_TITLES
from pages.components.item_words import SUBSET_TITLES
from pages.components.judging.form_parts import choice_field
from pages.components.plain import visible

_NONE = ""
_AMOUNTS = {"share": "A share", "count": "A number"}


@dataclass(frozen=True)
class AskedPlan:
    """What the form asks for; intervals are foreseen from the scores of `judge`, None where there is none."""

    wish: PlanWish
    judge: str | None
    seed: int
    experts_each: int
    overlap_share: float
    retest_share: float


@dataclass(frozen=True)
class _Amount:
    share: float | None
    count: int | None
    least: int


def asked_plan(choices: PlanChoices, judges: Sequence[Judge]) -> AskedPlan:
    """Ask for all of it; as it opens, a tenth of each country's responses is asked for."""
    names = [judge.name for judge in judges]
    models, countries = _whose(choices)
    settings, subsets, splits, rounds = _only(choices)
    amount = _amount()
    judge = _judge(names)
    balance, least_failing = _balance() if judge else ((), 0)
    differing = _differing(names)
    experts_each, overlap, retest = _experts()
    by_model, by_language, seed = _details()
    wish = PlanWish(
        *(models, countries, settings, subsets, splits, rounds, amount.share, amount.count),
        by_model=by_model,
        by_language=by_language,
        least=amount.least,
        balance=balance,
        judge=judge if balance else None,
        least_failing=least_failing if balance else 0,
        differing=differing,
    )
    return AskedPlan(wish, judge, seed, experts_each, overlap, retest)


def _whose(choices: PlanChoices) -> tuple[tuple[str, ...], tuple[str, ...]]:
    left, right = st.columns(2, gap="small")
    with left:
        models = choice_field("Responses of", choices.models, key="plan-models")
    with right:
        countries = choice_field("Countries", choices.countries, key="plan-countries")
    return models, countries


def _only(choices: PlanChoices) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
    with st.expander("Only some of them", icon=":material/filter_alt:"):
        settings = choice_field("Setting", choices.settings, key="plan-settings", words=_words(SETTING_TITLES))
        subsets = choice_field("Part of CROSS", choices.subsets, key="plan-subsets", words=_words(SUBSET_TITLES))
        splits = choice_field("Use", choices.splits, key="plan-splits", words=_words(SPLIT_TITLES))
        rounds = choice_field("Rounds", [str(number) for number in choices.rounds], key="plan-rounds")
    return settings, subsets, splits, tuple(int(number) for number in rounds)


def _words(titles: Mapping[str, str]) -> Callable[[str], str]:
    return lambda name: titles.get(name, name)


def _amount() -> _Amount:
    left, right = st.columns(2, gap="small", vertical_alignment="bottom")
    kind = left.segmented_control(
        "Of each country",
        list(_AMOUNTS),
        format_func=_AMOUNTS.__getitem__,
        default="share",
        required=True,
        key="plan-amount",
        bind="query-params",
    )
    with right:
        if kind == "share":
            percent = st.number_input("Percent", 0.1, 100.0, 10.0, 5.0, "%g", key="plan-percent", bind="query-params")
            share, count = round(percent / 100, 6), None
        else:
            share, count = (
                None,
                int(st.number_input("Responses", 1, 100_000, 50, key="plan-count", bind="query-params")),
            )
    least = st.number_input(
        "But at least so many of each country",
        0,
        100_000,
        0,
        help="A country with fewer gives all it has.",
        key="plan-least",
        bind="query-params",
    )
    return _Amount(share, count, int(least))


def _judge(names: Sequence[str]) -> str | None:
    if not names:
        return None
    return st.selectbox(
        "Judge whose scores help to plan",
        names,
        format_func=visible,
        help="Its scores say how narrow the intervals will be, and where failures are rare. "
        "Experts never see them before they have answered.",
        key="plan-judge",
        bind="query-params",
    )


def _balance() -> tuple[tuple[str, ...], int]:
    left, right = st.columns([1.6, 1], gap="small", vertical_alignment="bottom")
    with left:
        balance = _dimensions("Also balance by what it said on", key="plan-balance")
    least = right.number_input(
        "Failures, at least",
        0,
        10_000,
        10,
        help="So many responses that the judge said no to, in each country on each of these dimensions. "
        "They are drawn more often than others; every number made from the labels makes up for that.",
        disabled=not balance,
        key="plan-failing",
        bind="query-params",
    )
    return balance, int(least)


def _dimensions(title: str, *, key: str) -> tuple[str, ...]:
    chosen = st.multiselect(
        title,
        DIMENSIONS,
        format_func=lambda name: RUBRIC[name].title,
        placeholder="None",
        key=key,
        bind="query-params",
    )
    return tuple(chosen)


def _differing(names: Sequence[str]) -> tuple[str, ...]:
    if len(names) < 2:
        return ()
    first, second = st.columns(2, gap="small", vertical_alignment="bottom")
    one = first.selectbox(
        "Every response on which",
        [_NONE, *names],
        format_func=lambda name: visible(name) or "no two judges",
        help="Responses that two judges score differently on any dimension, all of them.",
        key="plan-first",
        bind="query-params",
    )
    if not one:
        return ()
    others = [name for name in names if name != one]
    other = second.selectbox("differs from", others, format_func=visible, key="plan-second", bind="query-params")
    return (one, other)


def _experts() -> tuple[int, float, float]:
    left, middle, right = st.columns(3, gap="small", vertical_alignment="bottom")
    each = left.number_input(
        "Experts each", 1, MOST_EXPERTS, 2, help="Two show how far experts agree.", key="plan-each", bind="query-params"
    )
    overlap = middle.number_input(
        "For % of them",
        0,
        100,
        100,
        10,
        help="This share of the responses goes to so many experts, the others to one.",
        key="plan-overlap",
        bind="query-params",
    )
    retest = right.number_input(
        "Asked again, %",
        0,
        int(MOST_RETEST * 100),
        5,
        help="This share of an expert's responses comes back to them after a week: it shows how steady they are.",
        key="plan-retest",
        bind="query-params",
    )
    return int(each), overlap / 100, retest / 100


def _details() -> tuple[bool, bool, int]:
    with st.expander("Details of the draw", icon=":material/casino:"):
        by_model = st.checkbox("The same share of each model", key="plan-by-model", bind="query-params")
        by_language = st.checkbox("The same share of each language", key="plan-by-language", bind="query-params")
        seed = st.number_input(
            "Seed",
            0,
            MOST_SEED,
            1,
            help="The same seed draws the same responses.",
            key="plan-seed",
            bind="query-params",
        )
    return by_model, by_language, int(seed)

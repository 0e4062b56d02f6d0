"""What waits for a person -> the card on which they choose a session, know what to expect, and start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.backgrounds import background_of, countries_known
from core.consent import consent_state
from core.db import reading, transaction
from core.labels.content_warning import record_warning
from core.labels.queue import take_session
from core.labels.review_sessions import SESSION_SIZES
from core.labels.skipping import put_aside_count
from core.labels.waiting import CountryToLabel, PlanToLabel, countries_to_label, plans_to_label
from core.models import Background, CountryKnown, Person
from core.people import MAY_LEAD
from pages.components.plain import plain, visible
from pages.components.problems import user_errors_shown
from pages.components.sessions.content_warning import content_warning
from pages.components.sessions.put_aside_button import put_aside_button
from pages.components.sessions.wishes import blur_wish, goal_wish
from pages.components.sessions.words import country_name

_ANY = 0


@dataclass(frozen=True)
class _Choice:
    """What a session is drawn from, and how long it is; country "" stands for all, None for not chosen yet."""

    country: str | None
    count: int
    plan_id: int | None


def start_card(person: Person) -> None:
    """Draw the card; where nothing waits, say why and what can be done."""
    with reading() as session:
        plans = plans_to_label(session, person=person)
        anything = countries_to_label(session, person=person)
        background = background_of(session, person=person)
        aside = put_aside_count(session, person=person)
    if background.withdrawn_at:
        _withdrawn()
        return
    if person.role not in MAY_LEAD and consent_state(background) != "given":
        _agree_first()
        return
    if not anything and not plans and not aside:
        _nothing(person)
        return
    with st.container(border=True, width=620):
        st.subheader("Start a review session", anchor=False)
        st.markdown(
            "You read one response at a time and answer four questions about it, each with one key. "
            "What the judge thought is shown after your own answers, not before."
        )
        choice = _choices(person, plans, anything, background) if anything or plans else None
        st.caption("They come in an order of your own. You can stop at any time; every answer is saved at once.")
        content_warning()
        blur_wish(person, background)
        if choice:
            _start_button(person, choice)
        if aside:
            put_aside_button(person, aside, is_warned=True)


def _choices(
    person: Person, plans: Sequence[PlanToLabel], anything: Sequence[CountryToLabel], background: Background
) -> _Choice:
    plan_id = _plan(plans, is_any=bool(anything), names_shown=person.role in MAY_LEAD)
    with reading() as session:
        countries = anything if plan_id is None else countries_to_label(session, person=person, plan_id=plan_id)
        known = countries_known(session, person=person)
    counts = {"": sum(row.responses for row in countries)}
    counts |= {row.country: row.responses for row in countries if row.country}
    country = _country(counts)
    _kept_apart(country, list(counts), known)
    sizes = sorted({min(size, counts[country or ""]) for size in SESSION_SIZES})
    with st.container(horizontal=True, vertical_alignment="top", gap="large"):
        with st.container(width="content"):
            count = st.segmented_control("How many responses", sizes, default=sizes[0], required=True)
        goal_wish(person, background)
    return _Choice(country, count or sizes[0], plan_id)


def _start_button(person: Person, choice: _Choice) -> None:
    if st.button("Start", type="primary", icon=":material/play_arrow:", disabled=choice.country is None):
        with user_errors_shown(), transaction() as session:
            take_session(
                session,
                person=person,
                country=choice.country or None,
                count=choice.count,
                plan_id=choice.plan_id,
            )
            record_warning(session, person=person)
        st.rerun()


def _plan(plans: Sequence[PlanToLabel], *, is_any: bool, names_shown: bool) -> int | None:
    if not plans:
        return None
    waiting = {plan.plan_id: plan for plan in plans}

    def words(number: int) -> str:
        if number not in waiting:
            return "Anything that is not labelled yet"
        plan = waiting[number]
        # A plan may be named after a model.
        name = visible(plan.name) if names_shown else f"Plan {number}, by the leads"
        return f"{name} ({plan.responses:,} wait for you)"

    chosen = st.selectbox(
        "What",
        [*waiting, *([_ANY] if is_any else [])],
        format_func=words,
        help="The leads of this project have planned what they need most.",
    )
    return chosen or None


def _country(counts: Mapping[str, int]) -> str | None:
    names, wanted = list(counts), st.query_params.get("country")
    return st.selectbox(
        "Country",
        names,
        index=names.index(wanted) if wanted is not None and wanted in counts else (1 if len(names) == 2 else None),
        placeholder="Choose a country",
        format_func=lambda name: f"{country_name(name)} ({counts[name]:,} to label)",
    )


def _kept_apart(country: str | None, offered: Sequence[str], known: Mapping[str, CountryKnown]) -> None:
    """Say whose labels are kept apart, where that is so of what was chosen."""
    if not known:
        st.caption("You have named no country you know: your labels count as from outside, and are kept apart.")
        st.page_link("pages/people.py", label="Name the countries you know", icon=":material/person:")
        return
    home = {name.casefold() for name, row in known.items() if row.is_from}
    foreign = [name for name in offered if name and name.casefold() not in home]
    if country and country in foreign:
        name = plain(country_name(country))
        st.caption(f"You are not from {name}: your labels are kept apart from those of people from there.")
    elif country == "" and foreign:
        st.caption("Your labels for countries you are not from are kept apart from those of people from there.")


def _agree_first() -> None:
    with st.container(border=True, width=620):
        st.subheader("First, what you agree to", anchor=False)
        st.markdown("Before you label, read what is stored, who sees it and how to withdraw. It takes two minutes.")
        if st.button("Read and agree", type="primary", icon=":material/arrow_forward:"):
            st.switch_page("pages/people.py")


def _withdrawn() -> None:
    with st.container(border=True, width=620):
        st.subheader("You have withdrawn", anchor=False)
        st.markdown("Nothing more is asked of you. Thank you for what you gave.")
        st.caption("Should you change your mind, you can agree anew under your profile.")


def _nothing(person: Person) -> None:
    with st.container(border=True, width=620):
        st.subheader("Nothing is waiting for you", anchor=False)
        st.markdown("You have answered all there is for you at the moment. Thank you.")
        if person.role in MAY_LEAD:
            st.caption("A response can be labelled when a model answered an item that has a norm.")
            st.page_link("pages/import_benchmark.py", label="Import items and responses", icon=":material/upload_file:")
        else:
            st.caption("Come back later: more comes when models are asked anew, or others give something back.")

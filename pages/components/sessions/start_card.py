"""What waits for a person -> the card on which they choose a session, know what to expect, and start."""

from collections.abc import Sequence

import streamlit as st

from core.backgrounds import background_of, countries_known, save_wishes
from core.consent import consent_state
from core.db import reading, transaction
from core.labels.queue import take_session
from core.labels.review_sessions import SESSION_SIZES
from core.labels.skipping import put_aside_count
from core.labels.waiting import CountryToLabel, PlanToLabel, countries_to_label, plans_to_label
from core.models import Background, Person
from core.people import MAY_LEAD
from pages.components.plain import visible
from pages.components.problems import user_errors_shown
from pages.components.sessions.put_aside_button import put_aside_button
from pages.components.sessions.words import country_name

_ANY = 0


def start_card(person: Person) -> None:
    """Draw the card; where nothing waits, say why and what can be done."""
    with reading() as session:
        plans = plans_to_label(session, person=person)
        anything = countries_to_label(session, person=person)
        background = background_of(session, person=person)
        knows_some = bool(countries_known(session, person=person))
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
        if not knows_some:
            st.caption("You have named no country you know: your labels count as from outside, and are kept apart.")
            st.page_link("pages/people.py", label="Name the countries you know", icon=":material/person:")
        if anything or plans:
            _choices(person, plans, anything, background)
        if aside:
            put_aside_button(person, aside)


def _choices(
    person: Person, plans: Sequence[PlanToLabel], anything: Sequence[CountryToLabel], background: Background
) -> None:
    plan_id = _plan(plans, is_any=bool(anything), names_shown=person.role in MAY_LEAD)
    countries = anything
    if plan_id is not None:
        with reading() as session:
            countries = countries_to_label(session, person=person, plan_id=plan_id)
    country, count = _country_and_size(countries)
    st.caption("They come in an order of your own. You can stop at any time; every answer is saved at once.")
    st.info(
        "Some responses may offend: models wrote them, and that is what you are asked about. You may skip any, or "
        "stop, without giving a reason.",
        icon=":material/heart_check:",
    )
    blurred = st.checkbox("Blur the pictures until I click on them", value=background.blur_pictures)
    if st.button("Start", type="primary", icon=":material/play_arrow:", disabled=country is None):
        with user_errors_shown(), transaction() as session:
            if blurred != background.blur_pictures:
                save_wishes(session, person=person, blur_pictures=blurred, daily_goal=background.daily_goal)
            take_session(session, person=person, country=country or None, count=count, plan_id=plan_id)
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


def _country_and_size(countries: Sequence[CountryToLabel]) -> tuple[str | None, int]:
    counts = {"": sum(row.responses for row in countries)}
    counts |= {row.country: row.responses for row in countries if row.country}
    names, wanted = list(counts), st.query_params.get("country")
    country = st.selectbox(
        "Country",
        names,
        index=names.index(wanted) if wanted in counts else (1 if len(names) == 2 else None),
        placeholder="Choose a country",
        format_func=lambda name: f"{country_name(name)} ({counts[name]:,} to label)",
    )
    sizes = sorted({min(size, counts[country or ""]) for size in SESSION_SIZES})
    count = st.segmented_control("How many responses", sizes, default=sizes[0], required=True)
    return country, count or sizes[0]


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

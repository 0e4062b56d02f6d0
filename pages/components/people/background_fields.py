"""The fields in which people tell of themselves: countries, years lived there, languages, and more if they like."""

from collections.abc import Sequence

import streamlit as st

from core.backgrounds import Told, ToldCountry, countries_of_items
from core.benchmark.countries import KNOWN_COUNTRIES, LANGUAGE_NAMES, known_country
from core.db import reading
from pages.components.plain import plain, visible

_CODES = sorted((code for code in LANGUAGE_NAMES if code != "und"), key=LANGUAGE_NAMES.__getitem__)


def language_name(code: str) -> str:
    """Return a language's English name; a code that has none comes back."""
    return LANGUAGE_NAMES.get(code, code)


def country_field(title: str, held: Sequence[str], *, key: str, help: str | None = None) -> list[str]:
    """Ask for countries: those of the items, the 16 of CROSS, or any other by its name."""
    with reading() as session:
        offered = {*countries_of_items(session), *KNOWN_COUNTRIES, *held}
    chosen = st.multiselect(
        title,
        sorted(offered),
        default=list(held),
        format_func=visible,
        accept_new_options=True,
        select_all=False,
        placeholder="Choose, or type another and press Enter",
        help=help,
        key=f"{key}-{title}",
    )
    return [known_country(name) for name in chosen]


def language_field(held: Sequence[str], *, key: str, title: str = "Languages you read well") -> tuple[str, ...]:
    """Ask which languages somebody reads."""
    return tuple(
        st.multiselect(
            title,
            sorted({*_CODES, *held}, key=language_name),
            default=list(held),
            format_func=lambda code: visible(language_name(code)),
            select_all=False,
            placeholder="Choose",
            key=f"{key}-languages",
        )
    )


def countries_fields(held: Sequence[ToldCountry], *, key: str, who: str = "you") -> tuple[ToldCountry, ...]:
    """Ask for the countries somebody is from or knows, and the years lived in each; `who` is you or they."""
    home = country_field(f"Countries {who} are from", [one.country for one in held if one.is_from], key=key)
    known = country_field(
        f"Other countries {who} know well",
        [one.country for one in held if not one.is_from],
        key=key,
        help=f"Because {who} live there, or did. Answers about them are kept apart from those of people from there.",
    )
    years = {one.country: one.years_lived for one in held}
    named = list(dict.fromkeys([*home, *known]))
    with st.container(horizontal=True, gap="small"):
        lived = {name: _years_field(name, years.get(name), key=key) for name in named}
    return tuple(ToldCountry(name, name in home, lived[name]) for name in named)


def _years_field(country: str, held: int | None, *, key: str) -> int | None:
    title = f"Years lived in {plain(country)}"
    return st.number_input(title, 0, 120, held, width=190, placeholder="if you like", key=f"{key}-years-{country}")


def background_fields(told: Told, *, key: str) -> Told:
    """Ask all a person may tell of themselves; return it as it stands in the fields."""
    countries = countries_fields(told.countries, key=key)
    languages = language_field(told.languages, key=key)
    with st.expander("Region, faith, conflicts of interest: only if you like", expanded=_is_told(told)):
        region = st.text_input(
            "Region you are from", told.region, max_chars=80, placeholder="such as a province", key=f"{key}-region"
        )
        faith = st.text_input("Faith", told.faith, max_chars=80, key=f"{key}-faith")
        st.caption("Nobody is shown these two beside your name. They help to see where norms differ within a country.")
        conflicts = st.text_area(
            "Conflicts of interest",
            told.conflicts,
            max_chars=500,
            placeholder="such as: I work for a company whose models are tested here",
            height=80,
            key=f"{key}-conflicts",
        )
    return Told(countries, languages, region, faith, conflicts)


def _is_told(told: Told) -> bool:
    return bool(told.region or told.faith or told.conflicts)

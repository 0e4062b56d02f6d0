"""What waits for a ruling, by country; what to do where nothing does; what was done at the end."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from core.benchmark.items import UNKNOWN
from core.db import reading
from core.labels.disagreements import CountrySettling, Disagreement, name_of
from core.labels.rulings import RulingsDone, rulings_done
from core.models import Person, utc_now
from core.rubric import OUTCOME_TITLES
from core.words import counted
from pages.components.address import put_in_address
from pages.components.plain import visible

_LATER, _ASKED, _SAID = "adjudicate-later", "adjudicate-asked", "adjudicate-said"
# A person's working day, however the clock stands where they are.
_LATELY = timedelta(hours=12)


def country_wanted(countries: Sequence[CountrySettling]) -> str:
    """Draw the countries to choose from and return the chosen one, "" for all; it stands in the address."""
    names = ["", *(row.country or UNKNOWN for row in countries)]
    waiting = {row.country or UNKNOWN: row.open for row in countries} | {"": sum(row.open for row in countries)}
    given = st.query_params.get("country", "")
    at = names.index(given) if given in names else 0

    def chosen() -> None:
        put_in_address(country=st.session_state[key], response=None)

    # A widget for each set of counts: one that is there already goes on showing the words it began with.
    key = f"adjudicate-country-{at}-{waiting[names[at]]}"
    return st.selectbox(
        "Country",
        names,
        index=at,
        format_func=lambda name: f"{visible(name) or 'All countries'} ({waiting[name]:,} to rule on)",
        label_visibility="collapsed",
        width=300,
        key=key,
        on_change=chosen,
    )


def counts_line(countries: Sequence[CountrySettling], country: str) -> str:
    """Return how far the chosen country is: two states, never one number."""
    chosen = [row for row in countries if not country or (row.country or UNKNOWN) == country]
    labelled, settled = sum(row.labelled for row in chosen), sum(row.settled for row in chosen)
    waiting = sum(row.waiting for row in chosen)
    third = f" · {waiting:,} waiting for a third expert" if waiting else ""
    return f"{labelled:,} labelled by two or more · {settled:,} settled{third}"


def next_name(queue: Sequence[Disagreement]) -> str | None:
    """Return the name of the oldest that was not put off; of the oldest, once all were."""
    names = [name_of(row.response_id) for row in queue]
    later: list[str] = st.session_state.setdefault(_LATER, [])
    return next((name for name in names if name not in later), next((name for name in later if name in names), None))


def put_off(name: str) -> None:
    """Let a response come last."""
    later: list[str] = st.session_state.setdefault(_LATER, [])
    st.session_state[_LATER] = [*(held for held in later if held != name), name]


def say(words: str) -> None:
    """Keep what was done for the next drawing of the page."""
    st.session_state[_SAID] = words


def said() -> None:
    """Draw what was done last, once; not as a toast, which would lie on the buttons."""
    if words := st.session_state.pop(_SAID, None):
        st.badge(words, icon=":material/check:", color="green")


def remember_asked(name: str) -> None:
    """Keep the way back to the response a third expert was asked for last, in case it was a slip."""
    st.session_state[_ASKED] = name


def forget_asked() -> None:
    """Drop that way back."""
    st.session_state.pop(_ASKED, None)


def see_asked() -> None:
    """Draw that way back, where there is one."""
    if name := st.session_state.get(_ASKED):
        st.button(
            "See the one you asked for",
            type="tertiary",
            icon=":material/group:",
            key="see-asked",
            on_click=put_in_address,
            kwargs={"response": name},
        )


def nothing_to_rule(person: Person, countries: Sequence[CountrySettling], country: str) -> None:
    """Say what was done, or what to do so that something can be ruled on."""
    with reading() as session:
        done = rulings_done(session, person=person, since=utc_now() - _LATELY)
    labelled, elsewhere = sum(row.labelled for row in countries), sum(row.open for row in countries)
    with st.container(border=True, width=620):
        if done.rulings:
            _what_was_done(done)
        elif labelled:
            st.subheader("No disagreement is waiting", anchor=False)
            st.markdown(
                "Wherever two experts have labelled the same response, they agree, or it is ruled, or a third expert "
                "was asked. What you still have to label yourself in an open session is not shown here."
            )
        else:
            st.subheader("Nothing to settle yet", anchor=False)
            st.markdown(
                "Disagreements come up here once two experts from a country have labelled the same response under "
                "Validate and answered differently."
            )
        _ways_on(elsewhere if country else 0)


def _what_was_done(done: RulingsDone) -> None:
    st.subheader("All settled here. Thank you.", anchor=False)
    st.markdown(
        f"In the last 12 hours you made **{counted(done.rulings, 'ruling')}** on "
        f"{counted(done.responses, 'response')}. Everything is saved, and the experts' own labels stay as they "
        "were given."
    )
    kinds = {title: done.by_outcome[name] for name, title in OUTCOME_TITLES.items()}
    st.caption(" · ".join(f"{title.lower()}: {count}" for title, count in kinds.items() if count))


def _ways_on(elsewhere: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if elsewhere:
            st.button(
                f"Other countries ({elsewhere:,} to rule on)",
                type="primary",
                key="all-countries",
                on_click=put_in_address,
                kwargs={"country": None},
            )
        if st.button("Go to Validate", icon=":material/fact_check:", key="go-validate"):
            st.switch_page("pages/validate.py")

"""Validate: one response after another, four keys each; the judge appears once the four answers are given."""

from collections.abc import Sequence

import streamlit as st

from core.db import reading, transaction
from core.labels.review_sessions import (
    SESSION_SIZES,
    CountryToLabel,
    countries_to_label,
    open_session,
    reopen_session,
    session_summary,
    start_item_session,
    start_random_session,
)
from core.models import Person
from core.people import MAY_LEAD
from pages.components.frame import page_frame
from pages.components.job_progress import duration_text
from pages.components.plain import plain, visible
from pages.components.problems import user_errors_shown
from pages.components.review.review import go_on, review_screen


def country_name(country: str) -> str:
    return visible(country).replace("_", " ") or "All countries"


def start_item_of_address(person: Person) -> None:
    """Begin a session if the address names an item, and make the address plain, so that a refresh goes on."""
    item_id = st.query_params.get("item")
    if item_id is None:
        return
    del st.query_params["item"]
    with user_errors_shown(), transaction() as session:
        start_item_session(session, person=person, item_id=item_id)
    st.session_state.pop("ended_review", None)


def end_screen(person: Person, review_id: int) -> None:
    with user_errors_shown(), reading() as session:
        done = session_summary(session, person=person, session_id=review_id)
        under_way = open_session(session, person=person)
    with st.container(border=True, width=620):
        st.subheader("All done. Thank you." if done.labelled == done.total else "Session ended", anchor=False)
        st.markdown(
            f"You labelled **{done.labelled} of {done.total}** responses ({plain(country_name(done.title))}) "
            f"in {duration_text(done.worked_s)}. Everything is saved."
        )
        st.caption(
            f"Answers “can't say”: {done.cant_say} · revised after the judge was shown: {done.revised} · "
            f"responses with a note: {done.notes}. What is not labelled stays in the pool and may be drawn again."
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            again = "Go on with your earlier session" if under_way else "Start another session"
            if st.button(again, type="primary", icon=":material/arrow_forward:"):
                del st.session_state["ended_review"]
                st.rerun()
            if done.labelled < done.total and st.button("Go on with this session", icon=":material/undo:"):
                with user_errors_shown(), transaction() as session:
                    reopen_session(session, person=person, session_id=review_id)
                go_on(review_id)
                del st.session_state["ended_review"]
                st.rerun()
            st.page_link("pages/browse.py", label="See the items in Browse", icon=":material/grid_view:")


def start_card(person: Person, countries: Sequence[CountryToLabel]) -> None:
    counts = {"": sum(row.responses for row in countries)}
    counts |= {row.country: row.responses for row in countries if row.country}
    names, wanted = list(counts), st.query_params.get("country")
    with st.container(border=True, width=620):
        st.subheader("Start a review session", anchor=False)
        st.markdown(
            "You read one response at a time and answer four questions about it, each with one key. "
            "What the judge thought is shown after your own answers, not before."
        )
        country = st.selectbox(
            "Country",
            names,
            index=names.index(wanted) if wanted in counts else None,
            placeholder="Choose a country",
            format_func=lambda name: f"{country_name(name)} ({counts[name]:,} to label)",
        )
        sizes = sorted({min(size, counts[country or ""]) for size in SESSION_SIZES})
        count = st.segmented_control("How many responses", sizes, default=sizes[0], required=True)
        st.caption("They are drawn at random. You can stop at any time; every answer is saved at once.")
        if st.button("Start", type="primary", icon=":material/play_arrow:", disabled=country is None):
            with user_errors_shown(), transaction() as session:
                start_random_session(session, person=person, country=country or None, count=count)
            st.rerun()


def nothing_to_label(person: Person) -> None:
    with st.container(border=True, width=620):
        st.subheader("Nothing is waiting for you", anchor=False)
        st.markdown(
            "Every response that can be labelled carries your four answers, or there are no responses yet. "
            "A response can be labelled when a model answered an item that has a norm."
        )
        if person.role in MAY_LEAD:
            st.page_link("pages/import_benchmark.py", label="Import items and responses", icon=":material/upload_file:")


expert = page_frame("Validate")
start_item_of_address(expert)
with reading() as session:
    review = open_session(session, person=expert)
    waiting = [] if review else countries_to_label(session, person=expert)
if "ended_review" in st.session_state:
    end_screen(expert, st.session_state["ended_review"])
elif review:
    review_screen(expert, review)
elif waiting:
    start_card(expert, waiting)
else:
    nothing_to_label(expert)

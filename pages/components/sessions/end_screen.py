"""A session that is over -> what was done in it, quietly, and how to go on."""

import streamlit as st

from core.db import reading, transaction
from core.labels.review_sessions import SessionSummary, open_session, reopen_session, session_summary
from core.labels.skipping import put_aside_count
from core.models import Person
from pages.components.job_progress import duration_text
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.review.review import go_on
from pages.components.sessions.put_aside_button import put_aside_button
from pages.components.sessions.words import country_name

_ENDED = "ended_review"


def end_screen(person: Person, review_id: int) -> None:
    """Draw what was done in a session of this person."""
    with user_errors_shown(), reading() as session:
        done = session_summary(session, person=person, session_id=review_id)
        under_way = open_session(session, person=person)
        aside = put_aside_count(session, person=person)
    with st.container(border=True, width=620):
        st.subheader("All done. Thank you." if done.labelled == done.total else "Session ended", anchor=False)
        st.markdown(
            f"You labelled **{done.labelled} of {done.total}** responses ({plain(country_name(done.title))}) "
            f"in {duration_text(done.worked_s)}. Everything is saved."
        )
        st.caption(_facts(done))
        with st.container(horizontal=True, vertical_alignment="center"):
            again = "Go on with your earlier session" if under_way else "Start another session"
            if st.button(again, type="primary", icon=":material/arrow_forward:"):
                del st.session_state[_ENDED]
                st.rerun()
            if aside and not under_way:
                put_aside_button(person, aside)
            if done.labelled + done.put_aside < done.total:
                _go_on_button(person, review_id)
            st.page_link("pages/browse.py", label="See the items in Browse", icon=":material/grid_view:")


def _facts(done: SessionSummary) -> str:
    facts = [
        f"Answers “can't say”: {done.cant_say}",
        f"revised after the judge was shown: {done.revised}",
        f"responses with a note: {done.notes}",
    ]
    if done.put_aside:
        facts.append(f"skipped: {done.put_aside}")
    is_some_left = done.labelled + done.put_aside < done.total
    return " · ".join(facts) + "." + (" What is not labelled goes back, and may come again." if is_some_left else "")


def _go_on_button(person: Person, review_id: int) -> None:
    if st.button("Go on with this session", icon=":material/undo:"):
        with user_errors_shown(), transaction() as session:
            reopen_session(session, person=person, session_id=review_id)
        go_on(review_id)
        del st.session_state[_ENDED]
        st.rerun()

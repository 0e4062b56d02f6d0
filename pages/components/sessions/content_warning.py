"""What a person may meet in the responses, said once a day before the first of them, whatever way they came."""

import streamlit as st

from core.backgrounds import background_of
from core.db import reading, transaction
from core.labels.content_warning import record_warning, was_warned
from core.models import Person, ReviewSession
from pages.components.moment import midnight
from pages.components.plain import plain
from pages.components.review.review import is_drawn_here
from pages.components.sessions.wishes import blur_wish
from pages.components.sessions.words import country_name


def warning_is_due(person: Person, review: ReviewSession) -> bool:
    """Return whether a person goes on to a session without having been warned today; work under way is not stopped."""
    if is_drawn_here(review.id):
        return False
    with reading() as session:
        return not was_warned(session, person=person, since=midnight(st.context.timezone))


def content_warning() -> None:
    """Say what may come, and that it may be left."""
    st.info(
        "Some responses may offend: models wrote them, and that is what you are asked about. You may skip any, or "
        "stop, without giving a reason.",
        icon=":material/heart_check:",
    )


def warning_card(person: Person, review: ReviewSession) -> None:
    """Draw the warning before the first response of a session that is under way, and go on when that is pressed."""
    with reading() as session:
        background = background_of(session, person=person)
    with st.container(border=True, width=620):
        st.subheader("Before you begin", anchor=False)
        st.markdown(f"Your session: {plain(country_name(review.title))}.")
        content_warning()
        blur_wish(person, background)
        with st.container(horizontal=True, vertical_alignment="center"):
            # Enter alone would begin from any link that has the focus, and letters lie elsewhere on other keyboards.
            if st.button("Begin", type="primary", icon=":material/play_arrow:", shortcut="Ctrl+Enter"):
                with transaction() as session:
                    record_warning(session, person=person)
                st.rerun()
            st.page_link("pages/overview.py", label="Not now")

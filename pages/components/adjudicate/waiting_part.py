"""A response for which a third expert was asked: it waits, or nobody is asked after all."""

import streamlit as st

from core.db import transaction
from core.labels.disputed import Disputed
from core.labels.rulings import take_back_opinion
from core.models import Person
from pages.components.address import put_in_address
from pages.components.adjudicate.queue_part import forget_asked
from pages.components.problems import user_errors_shown


def waiting_part(found: Disputed, person: Person) -> None:
    """Say that the response waits, and draw the ways on."""
    st.info("A third expert was asked. This response comes back once they have labelled it.", icon=":material/group:")
    with st.container(horizontal=True):
        if st.button("Ask nobody after all", icon=":material/undo:", key="ask-nobody"):
            with user_errors_shown(), transaction() as session:
                take_back_opinion(session, person=person, response_id=found.about.response_id)
            forget_asked()
            st.rerun()
        st.button("Next", type="primary", key="next-waiting", on_click=put_in_address, kwargs={"response": None})

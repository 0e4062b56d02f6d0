"""State which responses are to be labelled, see what that would tell, freeze it as a plan, watch it come along."""

import streamlit as st

from core.db import reading
from core.labels.plan_progress import plan_progress, plans_here
from pages.components.address import number_in_address, put_in_address
from pages.components.frame import page_frame
from pages.components.labels_exchange import labels_exchange
from pages.components.plans.new_plan import new_plan
from pages.components.plans.plan_list import plan_list
from pages.components.plans.plan_view import plan_view
from pages.components.problems import user_errors_shown


def back_to_all() -> None:
    if st.button("All plans", icon=":material/arrow_back:", type="tertiary"):
        # The answers of the form are its own in the address, and go with it.
        st.query_params.clear()
        st.rerun()


person = page_frame(
    "Sampling plans",
    "Which responses experts label, drawn by chance, so that the numbers hold for all of them",
    for_leads=True,
)
if "plan" in st.query_params:
    back_to_all()
    with user_errors_shown(), reading() as session:
        opened = plan_progress(session, plan_id=number_in_address("plan", otherwise=0))
    plan_view(opened, person)
    st.stop()

with reading() as session:
    plans = plans_here(session)
if "new" in st.query_params or not plans:
    if plans:
        back_to_all()
    new_plan(person)
else:
    st.button("New plan", type="primary", icon=":material/add:", on_click=put_in_address, kwargs={"new": 1})
    plan_list(plans)
with st.expander("Take labels out, or bring them in", icon=":material/swap_horiz:"):
    labels_exchange(person)

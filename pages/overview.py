"""Where the work stands, and what to do next."""

from typing import Literal

import streamlit as st

from core.db import reading
from core.models import Person
from core.overview import Waiting, counts, progress_by_country, waiting_for
from core.people import MAY_LEAD, person_here
from core.sample_workspace import sample_is_loaded
from core.words import counted
from pages.components.frame import page_frame, start_once
from pages.components.sample_notice import empty_sample_button
from pages.components.sessions.newcomer import is_new, welcome


def next_step(icon: str, title: str, line: str, button: str, page: str, *, primary: bool = False) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/{icon}: **{title}**  \n:small[:gray[{line}]]", width=225)
        st.space("stretch")
        kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
        if st.button(button, key=f"go-{page}", type=kind):
            st.switch_page(f"pages/{page}.py")


def waiting_list(waiting: Waiting, person: Person, *, has_items: bool) -> None:
    st.subheader("Waiting for you", anchor=False)
    lead = person.role in MAY_LEAD
    if not has_items and lead:
        next_step(
            "upload_file",
            "Nothing is here yet",
            "Bring your copy of CROSS, or load the sample.",
            "Import",
            "import_benchmark",
        )
    if waiting.open_session_left:
        left = f"{waiting.open_session_left} left in your session"
        next_step("fact_check", left, "It goes on where you stopped.", "Continue", "validate", primary=True)
    elif waiting.unlabelled:
        title = f"{counted(waiting.unlabelled, 'response')} to validate"
        next_step(
            "fact_check",
            title,
            "Four keys each; the judge shows only afterwards.",
            "Validate",
            "validate",
            primary=True,
        )
    if has_items:
        next_step("grid_view", "Look at the questions", "By country, language and topic.", "Browse", "browse")
    if lead and waiting.proposed_pairs:
        title = f"{counted(waiting.proposed_pairs, 'pair')} to check"
        next_step("compare_arrows", title, "Accept, edit or reject them one by one.", "Check", "pairs")
    if lead and waiting.accepted_pairs:
        title = f"{counted(waiting.accepted_pairs, 'accepted pair')}"
        next_step("inventory_2", title, "Freeze them into a training set.", "Freeze", "training_sets")
    if lead and waiting.training_sets:
        title = counted(waiting.training_sets, "training set")
        next_step("model_training", title, "Train on one, and watch it learn.", "Train", "train")


start_once()
if is_new(someone := person_here()):
    welcome(someone)
person = page_frame("Overview", "Where the work stands, and what to do next")
with reading() as session:
    numbers = counts(session, person=person)
    countries = progress_by_country(session)
    sample = sample_is_loaded(session)
    waiting = waiting_for(session, person=person)

# On a narrow screen they go on in a second row.
with st.container(border=True, horizontal=True):
    for count in numbers:
        with st.container(width=118):
            st.metric(count.title, f"{count.number:,}")
            st.caption(count.aside)

left, right = st.columns([1.55, 1], gap="medium")
with left:
    st.subheader("How far each country is", anchor=False)
    if countries:
        st.dataframe(
            [vars(row) for row in countries],
            hide_index=True,
            height=min(38 + 35 * len(countries), 610),
            column_order=["country", "percent", "responses", "items", "experts", "pairs"],
            column_config={
                "country": st.column_config.TextColumn("Country", width=110),
                "items": st.column_config.NumberColumn("Items", width="small"),
                "responses": st.column_config.NumberColumn("Responses", width="small"),
                "percent": st.column_config.ProgressColumn("Labelled", format="%d %%", min_value=0, max_value=100),
                "experts": st.column_config.NumberColumn(
                    "Experts", width="small", help="Empty where they are fewer than 3."
                ),
                "pairs": st.column_config.NumberColumn("Pairs", width="small"),
            },
        )
    else:
        st.info("No country yet: nothing has been imported.", icon=":material/public:")
with right:
    waiting_list(waiting, person, has_items=bool(countries))
    if sample and person.role in MAY_LEAD:
        empty_sample_button(person)

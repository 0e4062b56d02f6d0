"""A line of a list of numbers, with the button that leads to the answers behind it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.components.leaving import leave_for_answers
from pages.components.plain import plain


def read_line(title: str, told: str, address: Mapping[str, Sequence[str]], *, key: str) -> None:
    """Draw a line; pressed, its button opens Browse at the address.

    Args:
        title: may come from data.
        told: the numbers, in our own words.
        address: of Browse.
        key: unique on the page.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{plain(title)}  \n:small[:gray[{told}]]", width="stretch")
        if st.button("Read", icon=":material/arrow_forward:", icon_position="right", type="tertiary", key=key):
            leave_for_answers(address)

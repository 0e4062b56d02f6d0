"""A few facts, name above text, in a box: side by side, a narrow box would break the names."""

from collections.abc import Mapping

import streamlit as st

from pages.components.plain import plain


def fact_box(title: str, facts: Mapping[str, object]) -> None:
    """Draw facts under a title; the texts may come from data, the names are our own words."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{title}**")
        for name, text in facts.items():
            st.markdown(f":small[:gray[{name}]]  \n{plain(text)}")

"""A few facts, name beside text, in a box."""

from collections.abc import Mapping

import streamlit as st

from pages.components.plain import plain


def fact_box(title: str, facts: Mapping[str, object]) -> None:
    """Draw facts under a title; the texts may come from data, the names are our own words."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{title}**")
        for name, text in facts.items():
            left, right = st.columns([1.1, 1.8], gap="small")
            left.markdown(f":small[:gray[{name}]]")
            right.markdown(plain(text))

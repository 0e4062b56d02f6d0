"""A switch between a few views; the choice stands in the address."""

from collections.abc import Mapping

import streamlit as st

from pages.components.address import put_in_address


def switch(name: str, titles: Mapping[str, str], *, label: str) -> str:
    """Ask for one of the entries, and return the one the address names; else the first.

    Args:
        name: how the choice is called in the address.
        titles: how each entry is called, in our own words.
        label: for those who cannot see the switch.
    """
    named = st.query_params.get(name, "")
    chosen = named if named in titles else next(iter(titles))
    key = f"switch-{name}"
    st.session_state[key] = chosen
    st.segmented_control(
        label,
        list(titles),
        required=True,
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        key=key,
        on_change=lambda: put_in_address(**{name: st.session_state[key]}),
    )
    return chosen

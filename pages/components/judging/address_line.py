"""The address of an endpoint, as text that can be copied."""

import streamlit as st

from pages.components.plain import visible


def address_line(base_url: str) -> None:
    """Draw an address as it is: `plain` would part it with marks that nobody sees, and that copying brings along."""
    st.code(visible(base_url), language=None, wrap_lines=True)

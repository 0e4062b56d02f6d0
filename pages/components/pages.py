"""The pages of a long list, with the number in the address."""

import streamlit as st

from pages.components.address import number_in_address, put_in_address


def page_in_address(page_count: int, *, name: str = "page") -> int:
    """Return the page the address asks for; one that does not exist is the first."""
    return number_in_address(name, otherwise=1, most=page_count)


def page_switch(page_count: int, *, name: str = "page") -> None:
    """Draw the pages to choose from, if there is more than one."""
    if page_count <= 1:
        return
    page = page_in_address(page_count, name=name)
    # A widget for each page: it starts where the address is, whoever changed that.
    key = f"{name}-switch-{page}"

    def turned() -> None:
        put_in_address(**{name: st.session_state[key]})

    with st.container(horizontal=True, horizontal_alignment="center"):
        st.pagination(page_count, default=page, key=key, on_change=turned)

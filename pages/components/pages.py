"""The pages of a long list, with the number in the address."""

import streamlit as st

from pages.components.address import number_in_address, put_in_address


def page_count(rows: int, page_size: int) -> int:
    """Return how many pages so many rows take; no rows are one page."""
    return max(1, -(-rows // page_size))


def page_in_address(pages: int, *, name: str = "page") -> int:
    """Return the page the address asks for; one that does not exist is the first."""
    return number_in_address(name, otherwise=1, most=pages)


def page_switch(pages: int, *, name: str = "page") -> None:
    """Draw the pages to choose from, if there is more than one."""
    if pages <= 1:
        return
    page = page_in_address(pages, name=name)
    # A widget for each page: it starts where the address is, whoever changed that.
    key = f"{name}-switch-{page}"

    def turned() -> None:
        put_in_address(**{name: st.session_state[key]})

    with st.container(horizontal=True, horizontal_alignment="center"):
        st.pagination(pages, default=page, key=key, on_change=turned)

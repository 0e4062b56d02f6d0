"""The way from a page to another one with its address, so that Back leads to where one was."""

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

# `st.switch_page` would write the new page's entries onto the old page's address first: Back would lead there.
_LEAVING = st.components.v2.component(
    "cross_review_leaving",
    html="<span></span>",
    js=(Path(__file__).parent / "leaving.js").read_text(encoding="utf-8"),
)


def page_address(page: str, entries: Mapping[str, Sequence[str]]) -> str:
    """Return the address of a page, by its file's name without the ending."""
    return f"/{page}?{urlencode(entries, doseq=True)}" if entries else f"/{page}"


def leave_for(page: str, entries: Mapping[str, Sequence[str]]) -> None:
    """Open another page with these entries in its address; the run goes on until the browser has left.

    Call it once in a run, after a press: drawn at a mere visit, it would send people away.
    """
    _LEAVING(key="leaving", data={"address": page_address(page, entries), "press": secrets.token_hex(8)})


def leave_for_answers(entries: Mapping[str, Sequence[str]]) -> None:
    """Open Browse with the items behind a number (`core.measures.items_behind.browse_address`)."""
    leave_for("browse", entries)

"""Who is here, kept by the browser in a cookie. It tells people apart and protects nothing: there is no sign-in yet."""

import re
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.models import Person
from core.people import person_cookie

_REMEMBER = st.components.v2.component(
    "cross_review_remember",
    html="<span></span>",
    js=(Path(__file__).parent / "remember.js").read_text(encoding="utf-8"),
)
_PSEUDONYM = re.compile(r"[a-z0-9-]{1,40}")


def browser_says() -> str | None:
    """Return the pseudonym this browser holds; None where it holds none, or no browser asks, as in the server's routes.

    Empty, so that it names nobody, where what it holds can be no pseudonym.
    """
    if not get_script_run_ctx(suppress_warning=True):
        return None
    held = st.context.cookies.get(person_cookie())
    if not isinstance(held, str):
        return None
    # Anything may stand in a cookie.
    return held if _PSEUDONYM.fullmatch(held) else ""


def remember(person: Person) -> None:
    """Let this browser be a person from now on, and open the start page as that person."""
    _REMEMBER(key=f"remember-{person.pseudonym}", data={"cookie": person_cookie(), "pseudonym": person.pseudonym})

"""A text -> a button that puts it on the clipboard: the sign of `st.code` shows only under a mouse."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_COPY = st.components.v2.component(
    "cross_review_copy",
    html='<div><button type="button"></button><span role="status"></span></div>',
    css=(_HERE / "copy_button.css").read_text(encoding="utf-8"),
    js=(_HERE / "copy_button.js").read_text(encoding="utf-8"),
)


def copy_button(title: str, text: str, *, key: str) -> None:
    """Draw the button; it says itself that it has copied."""
    _COPY(key=key, data={"title": title, "text": text})

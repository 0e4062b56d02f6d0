"""A form that hands over what is typed while one types it, so that it can be kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

_FORM = "own-form"
_HAND_OVER = st.components.v2.component(
    "cross_review_while_typing",
    html="<span></span>",
    js=(Path(__file__).parent / "while_typing.js").read_text(encoding="utf-8"),
)


@contextmanager
def handed_over_while_typing() -> Iterator[None]:
    """Hand over the large fields drawn within whenever their author rests from typing."""
    with st.container(key=_FORM):
        yield
        _HAND_OVER(key="hand-over", data={"form": _FORM})

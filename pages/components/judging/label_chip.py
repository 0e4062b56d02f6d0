"""A dimension's name, and what a person said on it as a chip."""

import streamlit as st

from core.models import Label
from core.rubric import RUBRIC
from pages.components.plain import plain

_LOOKS = {1: ("yes", ":material/check:", "blue"), 0: ("no", ":material/close:", "orange")}
_UNSAID = ("can't say", ":material/question_mark:", "gray")


def dimension_title(dimension: str) -> str:
    """Return how a dimension is named on screens, inert."""
    return next((words.title for name, words in RUBRIC.items() if name == dimension), plain(dimension))


def your_badge(label: Label) -> None:
    """Draw what the person said as a chip."""
    said, icon, colour = _LOOKS.get(label.score, _UNSAID) if label.score is not None else _UNSAID
    st.badge(f"you: {said}", icon=icon, color=colour)  # type: ignore[arg-type]

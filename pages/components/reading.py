"""Long text from data, drawn for reading: as text nodes only, in its own direction and script."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import streamlit as st

_HERE = Path(__file__).parent
_READING = st.components.v2.component(
    "cross_review_reading",
    html="<div class='reading'></div>",
    css=(_HERE / "reading.css").read_text(encoding="utf-8"),
    js="\n".join((_HERE / name).read_text(encoding="utf-8") for name in ("review/assets/texts.js", "reading.js")),
)

Run = tuple[Literal["", "ins", "del"], str]


def reading_text(
    text: str | Sequence[Run],
    *,
    language: str = "",
    look: Literal["", "big", "small"] = "",
    with_markdown: bool = False,
    key: str,
) -> None:
    """Draw a text from data; nothing in it is HTML.

    Args:
        text: the text, or its parts as (mark, words) where a mark is "", "ins" (only here) or "del" (only there).
        language: BCP 47; chooses line height and font. Direction follows the text itself.
        look: "big" for queries, "small" for asides.
        with_markdown: draw bold, italics, headings and lists of a whole text as such; parts stay as they are written.
        key: unique on the page.
    """
    parts = [("", text)] if isinstance(text, str) else list(text)
    _READING(key=key, data={"parts": parts, "language": language, "look": look, "with_markdown": with_markdown})

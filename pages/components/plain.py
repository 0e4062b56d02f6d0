"""Turn text from data into text that Streamlit's Markdown and plotly's tags leave alone. Pure: text in, text out."""

import re
from typing import Literal

from core.words import visible

__all__ = ["plain", "visible"]

# No label or message needs more; a text of a megabyte would freeze the screen.
LONGEST = 1000
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# A word joiner: no width, no line break. It parts what the renderers look for even after Markdown was parsed: links
# (`http:`, `www.`), emoji and icon codes (`:name:`), mentions.
_JOINER = "\u2060"
_AFTER_PARSING = re.compile(r"(?<=[:@])(?=\w)|(?<=www)(?=\.)|(?<=:)(?=//)", re.IGNORECASE)


def plain(text: object, renderer: Literal["markdown", "plotly"] = "markdown") -> str:
    r"""Return text from data as one inert line for a label, option, caption, message, badge or chart.

    Args:
        text: anything; shown as `str(text)`.
        renderer: who will read it. Streamlit's texts read Markdown, plotly's read a few HTML tags.

    Returns:
        For Markdown each punctuation mark is escaped; for plotly `<`, `>` and `&` are entities.
    """
    line = " ".join(visible(str(text)[:LONGEST]).split()) + ("…" if len(str(text)) > LONGEST else "")
    if renderer == "plotly":
        return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _PUNCTUATION.sub(r"\\\1", _AFTER_PARSING.sub(_JOINER, line))

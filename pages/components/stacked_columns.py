"""Columns that stand one below the other where a tablet held upright, with the menu beside them, leaves no room."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

# Columns within them stay side by side.
_STYLE = """
@media (max-width: 1000px) {
 [class*="st-key-stacked-"] > * > [data-testid="stHorizontalBlock"] {flex-direction: column;}
 [class*="st-key-stacked-"] > * > * > [data-testid="stColumn"] {width: 100%; flex: none;}
}
"""
_STACKED = st.components.v2.component("cross_review_stacked", html="<span></span>", css=_STYLE, isolate_styles=False)


def stacked_columns(
    widths: Sequence[float], *, key: str, gap: Literal["small", "medium", "large"] = "large"
) -> list[DeltaGenerator]:
    """Return the columns, with a gap between them; `key` tells them from others of the page."""
    with st.container(key=f"stacked-{key}"):
        columns = st.columns(widths, gap=gap)
        _STACKED(key=f"stacking-{key}")
    return columns

"""What a pair is told beside its two texts: the type of negative and a reason."""

import streamlit as st

from core.pairs.contents import LONGEST_REASON
from core.rubric import NEGATIVE_TYPES


def negative_type_pills(*, key: str, default: str | None = None) -> str | None:
    """Ask for the type of negative and return it."""
    return st.pills(
        "Type of negative (our names)",
        list(NEGATIVE_TYPES),
        default=default,
        format_func=str.capitalize,
        key=key,
        help="  \n".join(f"**{name.capitalize()}**: {meaning}" for name, meaning in NEGATIVE_TYPES.items()),
    )


def reason_input(*, key: str, default: str = "") -> str:
    """Ask for the reason and return it."""
    return st.text_input(
        "Reason",
        default,
        max_chars=LONGEST_REASON,
        placeholder="Why one is better, in a sentence",
        key=key,
    )

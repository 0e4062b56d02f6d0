"""The consent texts as people read them."""

import streamlit as st

from core.consent import CONSENT_TEXTS, CONSENT_VERSION
from pages.components.plain import plain


def consent_words(version: str = CONSENT_VERSION) -> None:
    """Draw a consent text, today's unless another is named, question by question; they are our own words."""
    if version not in CONSENT_TEXTS:
        st.caption(f"Version {plain(version)} is not known to this program. Ask whoever runs it for the text.")
        return
    for part in CONSENT_TEXTS[version]:
        st.markdown(f"**{part.question}**  \n{part.answer}")
    st.caption(f"Version {version} of this text. It stays readable under Your profile.")

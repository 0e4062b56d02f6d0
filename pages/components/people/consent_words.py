"""The consent text as people read it."""

import streamlit as st

from core.consent import CONSENT_TEXT, CONSENT_VERSION


def consent_words() -> None:
    """Draw the consent text, question by question; it is our own words."""
    for part in CONSENT_TEXT:
        st.markdown(f"**{part.question}**  \n{part.answer}")
    st.caption(f"Version {CONSENT_VERSION} of this text. It stays readable under Your profile.")

"""What is ruled on: norm, picture and question left, the response right, its model hidden."""

import streamlit as st

from core.labels.disputed import Disputed
from core.rubric import DOMAIN_TITLES
from pages.components.item_head import place_of
from pages.components.picture import item_picture
from pages.components.reading import reading_text

# So that labels and buttons are on a screen of 800 pixels with them.
_HEIGHT = 250


def about_part(found: Disputed) -> None:
    """Draw item and response, each to scroll by itself."""
    item = found.item
    left, right = st.columns([1, 1.15], gap="medium")
    with left, st.container(height=_HEIGHT, border=True, gap="small"):
        with st.container(gap="xsmall"):
            domain = DOMAIN_TITLES.get(item.domain or "", "Domain unknown")
            st.markdown(f":small[:gray[The norm · {place_of(item)} · {domain}]]")
            reading_text(item.norm or "The record holds no norm.", key="ruled-norm")
        with st.container(horizontal=True, gap="small"):
            with st.container(width=120):
                item_picture(item, key="ruled-picture")
            with st.container(width="stretch", gap="xsmall"):
                reading_text(item.query, language=item.language, look="small", key="ruled-query")
                if item.language != "en" and item.query_english.strip() not in ("", item.query.strip()):
                    reading_text(f"In English: {item.query_english}", look="small", key="ruled-english")
        if item.norm_background:
            reading_text(item.norm_background, look="small", key="ruled-background")
    with right, st.container(height=_HEIGHT, border=True, gap="xsmall"):
        hidden = "" if found.model else " · its model is hidden until your ruling"
        st.markdown(f":small[:gray[The response{hidden}]]")
        reading_text(found.text, language=item.language, with_markdown=True, key="ruled-response")

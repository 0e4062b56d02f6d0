"""An item as experts will see it: picture left; question, its English and the norm right."""

from collections.abc import Callable

import streamlit as st

from core.benchmark.own_drafts import OWN_LANGUAGES, OwnDraft
from core.rubric import DOMAIN_TITLES
from pages.components.plain import plain
from pages.components.reading import reading_text


def own_face(draft: OwnDraft, picture: Callable[[], None], *, key: str) -> None:
    """Draw an item from what its author wrote; `picture` draws the picture."""
    left, right = st.columns([1, 1.9], gap="medium")
    with left:
        picture()
    with right, st.container(gap="small"):
        reading_text(draft.query or draft.query_english, language=draft.language, look="big", key=f"{key}-query")
        if draft.query:
            with st.container(gap="xxsmall"):
                st.markdown(":small[:gray[In English]]")
                reading_text(draft.query_english, language="en", look="small", key=f"{key}-english")
        with st.container(horizontal=True, gap="small"):
            place = " · ".join(part for part in (draft.country, draft.region) if part)
            st.badge(plain(place), icon=":material/location_on:", color="gray")
            st.badge(OWN_LANGUAGES.get(draft.language, "Language unknown"), icon=":material/translate:", color="gray")
            st.badge(DOMAIN_TITLES.get(draft.domain or "", "No domain"), color="gray")
        with st.container(border=True, gap="xsmall"):
            st.markdown(":small[:gray[The norm]]")
            reading_text(draft.norm, key=f"{key}-norm")
            if draft.norm_background:
                reading_text(draft.norm_background, look="small", key=f"{key}-background")
        st.caption(f"Picture: {plain(draft.licence or 'no licence said')}")

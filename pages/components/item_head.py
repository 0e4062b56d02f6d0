"""An item in a few lines over what is done with it: picture, question, where it is from."""

from collections.abc import Callable

import streamlit as st

from core.models import Item
from core.rubric import DOMAIN_TITLES, SPLIT_TITLES
from pages.components.item_words import SPLIT_MEANINGS
from pages.components.picture import item_picture
from pages.components.plain import plain
from pages.components.reading import reading_text


def item_head(item: Item, *, key: str, tools: Callable[[], None] | None = None) -> None:
    """Draw an item small; `tools` draws what stands beside its chips."""
    left, right = st.columns([1, 3.8], gap="medium", vertical_alignment="center")
    with left:
        item_picture(item, key=f"{key}-picture")
    with right, st.container(gap="small"):
        reading_text(item.query, language=item.language, look="big", key=f"{key}-query")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.badge(place_of(item), icon=":material/location_on:", color="gray")
            st.badge(DOMAIN_TITLES.get(item.domain or "", "Domain unknown"), color="gray")
            if item.split == "training_pool":
                st.badge("training pool", icon=":material/model_training:", color="gray")
            else:
                st.badge(f"{SPLIT_TITLES[item.split]}: never trained on", icon=":material/lock:", color="yellow")
            if tools:
                tools()


def place_of(item: Item) -> str:
    """Return country and region, inert."""
    return plain(" · ".join(part for part in (item.country or "Country unknown", item.region) if part))


def split_note(item: Item) -> None:
    """Say calmly that pairs of an item will not be trained on, where that is so."""
    if item.split != "training_pool":
        st.caption(f":material/info: {SPLIT_MEANINGS[item.split]} A pair of it can be proposed, never accepted.")

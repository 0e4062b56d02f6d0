"""One picture: a click shows it as large as the window allows."""

from pathlib import Path

import streamlit as st

from core.models import Item
from pages.components.gallery import NO_PICTURE

_HERE = Path(__file__).parent
_PICTURE = st.components.v2.component(
    "cross_review_picture",
    html="<button type='button'></button><dialog></dialog>",
    css=(_HERE / "picture.css").read_text(encoding="utf-8"),
    js=(_HERE / "picture.js").read_text(encoding="utf-8"),
)


def item_picture(item: Item, *, large: bool = False, key: str) -> None:
    """Draw an item's picture, or say in its place why there is none."""
    pictured = item.image_status == "ok" and item.image_sha256
    size = "full" if large else "thumb"
    data = {
        "picture": f"/pictures/{item.image_sha256}/{size}" if pictured else None,
        "full": f"/pictures/{item.image_sha256}/full" if pictured else None,
        "alt": item.image_alt or "Picture the question is about",
        "instead": item.image_note or NO_PICTURE.get(item.image_status, "No picture"),
    }
    _PICTURE(key=key, data=data)

"""Items as a table; a click on a row opens its item."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from core.benchmark.countries import LANGUAGE_NAMES
from core.benchmark.item_views import ItemCard
from core.rubric import DOMAIN_TITLES
from pages.components.csv_table import frame_button
from pages.components.item_words import WARNING_TITLES, wording_title
from pages.components.plain import visible

_WIDTHS = {"Country": 90, "Language": 80, "Domain": 120, "Wording": 85, "Use": 90, "Warnings": 90, "Item": 105}


def item_table(cards: Sequence[ItemCard], *, on_open: Callable[[str], None], key: str) -> None:
    """Draw items as rows; `on_open` is told the id of the one that was clicked."""

    def opened() -> None:
        rows = st.session_state[key].selection.rows
        if rows and rows[0] < len(cards):
            on_open(cards[rows[0]].item_id)

    frame = pd.DataFrame([_row(card) for card in cards])
    st.dataframe(
        frame,
        hide_index=True,
        row_height=52,
        height="content",
        column_config={
            "Picture": st.column_config.ImageColumn(width=64),
            "Question": st.column_config.Column(width=215),
            **{name: st.column_config.Column(width=width) for name, width in _WIDTHS.items()},
        },
        on_select=opened,
        selection_mode="single-row",
        key=key,
    )
    frame_button(frame.drop(columns="Picture"), file_name="items.csv", key=f"{key}-csv")


def _row(card: ItemCard) -> dict[str, str | None]:
    return {
        "Picture": f"/pictures/{card.image_sha256}/thumb" if card.image_status == "ok" and card.image_sha256 else None,
        "Question": visible(card.query[:300]),
        "Country": visible(card.country or "unknown"),
        "Language": LANGUAGE_NAMES.get(card.language, visible(card.language)),
        "Domain": DOMAIN_TITLES.get(card.domain or "", "unknown"),
        "Wording": wording_title(card.wording),
        "Use": card.split.replace("_", " "),
        "Warnings": ", ".join(WARNING_TITLES.get(code, code) for code in card.warnings),
        "Item": card.item_id,
    }

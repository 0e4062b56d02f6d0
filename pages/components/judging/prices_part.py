"""What models cost: a table that is edited in place and saved by a button."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from sqlmodel import Session
from streamlit.elements.lib.column_types import ColumnConfig

from core.db import reading, transaction
from core.errors import UserError
from core.models import ModelPrice, Person
from core.prices import IMAGE_TOKENS, PriceEntry, prices, remove_price, set_price
from pages.components.csv_table import csv_button, csv_text
from pages.components.problems import user_errors_shown

_COLUMNS = {
    "model": "Model",
    "input_usd": "Dollars per million in",
    "output_usd": "Dollars per million out",
    "image_tokens": "Tokens per picture",
    "batch_share": "Batch share",
    "source": "Source",
}


# A fragment: a problem in it ends it, and must not take away the rest of the page.
@st.fragment
def prices_part(person: Person) -> None:
    """Draw the table and save what was changed in it; edits stay where one of them cannot be saved."""
    with reading() as session:
        stored = prices(session)
    st.subheader("Prices", anchor=False)
    st.caption(
        "Budgets and estimates reckon with these. Runs that are under way keep the price they started with. "
        "To add a model, click the empty last row, then a cell of the new row, and type. "
        "To remove one, mark its row at the left and press Delete."
    )
    # A table of its own for each state of the prices: what was saved is no edit any more, anything else stays one.
    key = f"prices-{st.session_state.get('prices-saved', 0)}"
    edited = st.data_editor(
        _frame(stored),
        hide_index=True,
        num_rows="dynamic",
        column_config=_column_config(),
        key=key,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        is_pressed = st.button("Save the prices", icon=":material/save:", key="save-prices")
        if stored:
            csv_button("Prices as CSV", partial(prices_csv, stored), file_name="prices.csv", key="prices-csv")
    if is_pressed:
        with user_errors_shown(toast=True), transaction() as session:
            save_prices(session, stored=stored, entries=price_entries(edited), author=person)
        st.session_state["prices-saved"] = st.session_state.get("prices-saved", 0) + 1
        st.toast("The prices are saved.", icon=":material/check:")
        st.rerun()


def prices_csv(stored: Sequence[ModelPrice]) -> str:
    """Return the prices that are stored as CSV for spreadsheets."""
    return csv_text(list(_COLUMNS.values()), [[getattr(row, name) for name in _COLUMNS] for row in stored])


def _frame(stored: Sequence[ModelPrice]) -> pd.DataFrame:
    frame = pd.DataFrame([row.model_dump(include=set(_COLUMNS)) for row in stored], columns=list(_COLUMNS))
    numbers = {"input_usd": "float64", "output_usd": "float64", "image_tokens": "Int64", "batch_share": "float64"}
    return frame.astype({"model": "string", "source": "string", **numbers})


def _column_config() -> Mapping[str, ColumnConfig]:
    column = st.column_config
    return {
        "model": column.TextColumn(_COLUMNS["model"], max_chars=200, help="As its endpoint names it."),
        "input_usd": column.NumberColumn(_COLUMNS["input_usd"], min_value=0.0, format="%.4g"),
        "output_usd": column.NumberColumn(_COLUMNS["output_usd"], min_value=0.0, format="%.4g"),
        "image_tokens": column.NumberColumn(
            _COLUMNS["image_tokens"],
            default=IMAGE_TOKENS,
            min_value=0,
            step=1,
            help="The most tokens one picture can be; budgets reckon with it.",
        ),
        "batch_share": column.NumberColumn(
            _COLUMNS["batch_share"],
            default=1.0,
            help="The share of the price that a call in a batch costs, above 0 and at most 1.",
        ),
        "source": column.TextColumn(_COLUMNS["source"], default="", max_chars=300, help="Where the price stands."),
    }


def price_entries(edited: pd.DataFrame) -> list[PriceEntry]:
    """Return the rows that say something.

    Raises:
        UserError: a row lacks its model or a number.
    """
    rows = list(edited.itertuples(index=False))
    return [_entry_of(row, place) for place, row in enumerate(rows, 1) if not _says_nothing(row)]


def _says_nothing(row: Any) -> bool:  # noqa: ANN401 - a row of pandas
    return all(pd.isna(held) for held in (row.model, row.input_usd, row.output_usd))


def _entry_of(row: Any, place: int) -> PriceEntry:  # noqa: ANN401 - as above
    # Not the table's own `required`: it leaves such a row out without a word.
    missing = [title for field, title in _COLUMNS.items() if field != "source" and pd.isna(getattr(row, field))]
    if missing:
        raise UserError(f"Row {place} of the prices lacks {', '.join(missing)}. Fill it in, or remove the row.")
    return PriceEntry(
        model=str(row.model).strip(),
        input_usd=float(row.input_usd),
        output_usd=float(row.output_usd),
        image_tokens=int(row.image_tokens),
        batch_share=float(row.batch_share),
        source="" if pd.isna(row.source) else str(row.source),
    )


def save_prices(
    session: Session, *, stored: Sequence[ModelPrice], entries: Sequence[PriceEntry], author: Person
) -> None:
    """Make the prices what the table says; a model that stood in it and does no more is removed.

    Raises:
        UserError: a model stands there twice, or a number is out of its range.
    """
    names = [entry.model for entry in entries]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UserError(f"{twice} stands in the table twice. Remove one of its rows.")
    before = {row.model: _entry(row) for row in stored}
    for model in before.keys() - set(names):
        remove_price(session, model=model, author=author)
    for entry in entries:
        if before.get(entry.model) != entry:
            set_price(session, entry=entry, author=author)


def _entry(row: ModelPrice) -> PriceEntry:
    return PriceEntry(row.model, row.input_usd, row.output_usd, row.image_tokens, row.batch_share, row.source)

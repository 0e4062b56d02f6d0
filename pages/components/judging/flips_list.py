"""The responses that two judges see differently, a page at a time; closed ones without model and scores."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.db import reading
from core.judging.as_seen import SeenFlip, flips_as_seen
from core.judging.bridge import Flips
from core.judging.sight import WITHOUT_PICTURE
from core.models import Person
from core.words import counted, shortened
from pages.components.csv_table import csv_button, csv_text
from pages.components.judging.compared import FLIPS_A_PAGE, MOST_FLIPS, Compared, WantedFlips, flips_of
from pages.components.judging.item_link import item_link
from pages.components.judging.judge_choice import one_choice
from pages.components.judging.label_chip import dimension_title
from pages.components.judging.open_closed import open_closed_button
from pages.components.pages import page_in_address, page_switch
from pages.components.plain import plain

_BLIND = ":small[:gray[:material/hide_image: without the picture]]"
_CLOSED = ":gray[:material/visibility_off: still to label]"


def flips_list(wanted: WantedFlips, mark: str, countries: Sequence[str], person: Person) -> None:
    """Draw the flips; the country asked for here goes to the address."""
    found = flips_of(wanted, mark, limit=FLIPS_A_PAGE, offset=0)
    pages = max(1, -(-found.count // FLIPS_A_PAGE))
    page = page_in_address(pages)
    if page > 1:
        found = flips_of(wanted, mark, limit=FLIPS_A_PAGE, offset=(page - 1) * FLIPS_A_PAGE)
    with st.container(horizontal=True, vertical_alignment="center"):
        title = f"{counted(found.count, 'flip')} on {dimension_title(wanted.dimension).lower()}"
        st.subheader(title, anchor=False, width="content")
        one_choice("Country", countries, name="country", all_words="All countries", is_small=True)
        st.space("stretch")
        if found.count:
            csv_button(
                "These flips as CSV", partial(flips_csv, wanted, mark, person), file_name="flips.csv", key="flips"
            )
    if not found.count:
        st.caption(":material/task_alt: No flips here: wherever both decided, they decided the same.")
        return
    rows = _seen(wanted, found, person)
    closed = {row.response_id for row, _ in rows if not row.is_open}
    if closed:
        what = f"these {len(closed)}" if len(closed) == len(rows) else f"the {len(closed)} closed ones shown here"
        open_closed_button(what, closed, person, key="open-flips")
    _table(rows, wanted.compared)
    page_switch(pages)


def _seen(wanted: WantedFlips, found: Flips, person: Person) -> list[tuple[SeenFlip, str]]:
    """Return the flips as the person may see them, each with its setting: that tells neither model nor score."""
    with reading() as session:
        seen = flips_as_seen(session, rows=found.rows, person=person, models_named=bool(wanted.compared.models))
    return [(row, flip.setting) for row, flip in zip(seen, found.rows, strict=True)]


def _table(rows: Sequence[tuple[SeenFlip, str]], compared: Compared) -> None:
    columns = [
        *("Item", "Country", "Dimension", "Response of"),
        # Numbered, since two long names may begin alike.
        *(
            f"{number}: {plain(shortened(name, 26))}"
            for number, name in enumerate((compared.first, compared.second), 1)
        ),
    ]
    shown = pd.DataFrame([_cells(*row) for row in rows], columns=columns)
    st.table(shown, hide_index=True, border="horizontal")


def _cells(row: SeenFlip, setting: str) -> list[str]:
    item = item_link(row.item_id) if row.item_id is not None else ":gray[closed]"
    item += f" {_BLIND}" if setting == WITHOUT_PICTURE else ""
    place = [item, plain(row.country or "unknown"), dimension_title(row.dimension)]
    if not row.is_open:
        return [*place, _CLOSED, "", ""]
    return [*place, plain(row.model), _score(row.first_score), _score(row.second_score)]


def _score(score: float | None) -> str:
    whole = {0.0: ":orange[:material/close:] no", 1.0: ":blue[:material/check:] yes"}
    return "" if score is None else whole.get(score, f"{score:.2f}")


def flips_csv(wanted: WantedFlips, mark: str, person: Person) -> str:
    """Return the flips as CSV for spreadsheets; closed ones without model and scores."""
    found = flips_of(wanted, mark, limit=MOST_FLIPS, offset=0)
    judges = (wanted.compared.first, wanted.compared.second)
    header = ["item", "country", "dimension", "setting", "state", "model", *judges]
    return csv_text(
        header,
        [
            (
                *(row.item_id, row.country, row.dimension, setting, "open" if row.is_open else "still to label"),
                *(row.model, row.first_score, row.second_score),
            )
            for row, setting in _seen(wanted, found, person)
        ],
    )

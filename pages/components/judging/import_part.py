"""Bring in responses from a CSV or JSONL file: what its columns mean, what would enter, what did."""

from functools import partial
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.db import reading, transaction
from core.errors import BenchmarkFormatError
from core.models import Person
from core.responses.table_import import Preview, TableReport, import_table, preview
from core.responses.table_rows import ColumnMapping, guessed_mapping
from core.responses.tables import Table, read_table
from core.rubric import SETTING_TITLES
from core.words import counted, shortened
from pages.components.csv_table import csv_button, csv_text
from pages.components.plain import plain, visible
from pages.components.problems import user_errors_shown

# More rows would freeze the screen; the command lists all.
_MOST_LISTED = 500
_TABLE, _REPORT, _TIMES = "responses-table", "responses-report", "responses-imports"
_NEEDS = (
    "The file has a row for each response: its text, the item it answers and the model that wrote it. "
    "The item is named by its id, as in an export of the items, or by subset, index and wording. Setting, round, "
    "status, error and time may stand beside. An export of responses is read as it is."
)
# An option beside the columns; no text, since a column may have any name.
_ALL_TEXT_ONLY = ("text-only",)
_TITLES = {"created_at": "Written at"}
# What holds where there is no column; the other fields need one.
_WITHOUT = {
    "item": "subset, index and wording",
    "model": "the same for all rows",
    "setting": "by the item's wording",
    "round": "1 for all rows",
    "status": "by the text",
    "error": "none",
    "created_at": "the time of the import",
}


@st.fragment
def import_part(person: Person) -> None:
    """Draw the uploader, then what the columns mean, what would enter, and the button that imports it."""
    times = st.session_state.get(_TIMES, 0)
    # With a new key the uploader lets go of its file: the bytes are held no longer than they are needed.
    file = st.file_uploader(
        "CSV or JSONL file of responses", type=["csv", "tsv", "jsonl", "ndjson"], key=f"responses-file-{times}"
    )
    if file is None:
        st.session_state.pop(_TABLE, None)
        if _REPORT in st.session_state:
            _imported(*st.session_state[_REPORT])
        else:
            st.info(_NEEDS, icon=":material/info:")
        return
    st.session_state.pop(_REPORT, None)
    table = _table(file)
    if isinstance(table, str):
        st.error(plain(table), icon=":material/error:")
        return
    mapping = _mapping(table, key=file.file_id)
    if problem := mapping.problem(table.columns):
        st.info(plain(problem), icon=":material/info:")
        return
    with reading() as session:
        seen = preview(session, table, mapping)
    _would_enter(seen)
    new = seen.report.accepted
    if st.button(f"Import {counted(new, 'response')}", type="primary", icon=":material/upload_file:", disabled=not new):
        with user_errors_shown(), transaction() as session:
            report = import_table(session, table=table, mapping=mapping, author=person)
        st.session_state[_REPORT], st.session_state[_TIMES] = (table.name, report), times + 1
        st.rerun()


def _table(file: UploadedFile) -> Table | str:
    """Return what the file holds, read once for each upload, or what is wrong with it."""
    if st.session_state.get(_TABLE, ("", ""))[0] != file.file_id:
        found: Table | str
        try:
            found = read_table(file.getvalue(), file.name)
        except BenchmarkFormatError as problem:
            # `user_errors_shown` would end the page, and what else stands on it has nothing to do with this file.
            found = str(problem)
        st.session_state[_TABLE] = (file.file_id, found)
    return st.session_state[_TABLE][1]


def _mapping(table: Table, *, key: str) -> ColumnMapping:
    """Ask what the columns mean; the guess stands there beforehand."""
    guessed = guessed_mapping(table.columns)
    picked: dict[str, Any] = {}

    def ask(fields: tuple[str, ...]) -> None:
        for box, field in zip(st.columns(4), fields, strict=False):
            with box:
                picked[field] = _column(table, field, getattr(guessed, field) or None, key=f"{key}-{field}")

    ask(("text", "item", "model", "setting"))
    if picked["item"] is None:
        ask(("subset", "index", "wording"))
    if picked["model"] is None:
        picked["model_name"] = st.text_input(
            "Name of the model that wrote them all", max_chars=120, key=f"{key}-model-name"
        )
    ask(("round", "status", "error", "created_at"))
    if picked["setting"] == _ALL_TEXT_ONLY:
        picked |= {"setting": None, "setting_name": "text-only"}
    return ColumnMapping(**(picked | {"text": picked["text"] or ""}))


def _column(table: Table, field: str, guessed: str | None, *, key: str) -> Any:  # noqa: ANN401 - a column, or an option
    """Ask for the column of a field; return None where there is none, or one of our own options."""
    without = _WITHOUT.get(field)

    def words(option: Any) -> str:  # noqa: ANN401 - as above
        if option is None:
            return f"({without})"
        return "(without the picture)" if option == _ALL_TEXT_ONLY else shortened(visible(option), 60)

    own = [] if without is None else [None, _ALL_TEXT_ONLY] if field == "setting" else [None]
    options = [*own, *table.columns]
    return st.selectbox(
        _TITLES.get(field, field.capitalize()),
        options,
        index=options.index(guessed) if guessed in options else None,
        format_func=words,
        placeholder="Choose a column",
        key=key,
    )


def _would_enter(seen: Preview) -> None:
    """Draw the first rows that would enter, the counts, and what stays out."""
    if seen.rows:
        st.dataframe(
            [
                {
                    "Row": record.row,
                    "Item": record.item_id,
                    "Model": record.model,
                    "Setting": SETTING_TITLES.get(record.setting or "", ""),
                    "Round": record.round,
                    "Status": record.status,
                    "Text": shortened(visible(record.text or record.error or ""), 300),
                }
                for record in seen.rows
            ],
            hide_index=True,
        )
    report = seen.report
    first = f"The first {len(seen.rows)} of {report.accepted:,} new. " if seen.rows else "Nothing in it is new. "
    st.caption(first + _counts(report))
    _left_out(report)


def _imported(name: str, report: TableReport) -> None:
    st.success(f"{counted(report.accepted, 'response')} imported from {plain(name)}.", icon=":material/check:")
    st.caption(_counts(report))
    _left_out(report)


def _counts(report: TableReport) -> str:
    return (
        f"{report.unchanged:,} unchanged, {len(report.changed):,} changed, {len(report.refused):,} refused. "
        "What is stored already stays as it is."
    )


def _left_out(report: TableReport) -> None:
    _listed("Refused rows, and why", [{"Row": row.row, "Why": row.reason} for row in report.refused[:_MOST_LISTED]])
    changed = [
        {
            "Row": row.row,
            "Item": row.item_id,
            "Model": row.model,
            "Round": row.round,
            "Differs in": ", ".join(row.fields),
        }
        for row in report.changed[:_MOST_LISTED]
    ]
    _listed("Changed rows: the stored responses stay as they are", changed)


def _listed(title: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        st.markdown(f"**{title}**" + (f" (the first {_MOST_LISTED})" if len(rows) == _MOST_LISTED else ""))
        st.dataframe(rows, hide_index=True, width="content", height=min(len(rows), 6) * 35 + 38)
        table = partial(csv_text, list(rows[0]), [list(row.values()) for row in rows])
        csv_button("These rows as CSV", table, file_name="rows.csv", key=f"rows-{title}")

"""Take labels out for other tools, and bring labels in from them: formats, a preview, what was imported."""

from functools import partial
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.db import reading, transaction
from core.errors import BenchmarkFormatError, UserError
from core.labels.exchange.exporting import companion, file_name, label_file, labels_to_export
from core.labels.exchange.files import FILE_TYPES, read_labels
from core.labels.exchange.importing import LabelReport, import_labels, preview_labels
from core.labels.exchange.shapes import LabelEntry, LabelFormat
from core.models import Person
from core.responses.table_rows import RefusedRow
from core.words import counted
from pages.components.csv_table import csv_button, csv_text
from pages.components.plain import plain, visible
from pages.components.problems import user_errors_shown

# More rows would freeze the screen; the command lists all.
_MOST_LISTED = 500
_FILE, _REPORT, _TIMES = "labels-file", "labels-report", "labels-imports"
_FORMATS: dict[LabelFormat, tuple[str, str]] = {
    "csv": ("Spreadsheet (CSV)", "One row for each label, for a spreadsheet or for statistics."),
    "label-studio": (
        "Label Studio",
        "To go on labelling there: experts' labels as annotations, the judge's scores as predictions.",
    ),
    "argilla": (
        "Argilla",
        "To go on labelling there: experts' labels as responses, the judge's scores as suggestions.",
    ),
    "jsonl": ("JSON lines", "For programs and for safekeeping: every label with all that is known of it."),
}
_SCREENS: dict[LabelFormat, str] = {
    "label-studio": "Its labelling screen (XML)",
    "argilla": "Its dataset settings (JSON)",
}
_NEEDS = (
    "A file of labels made here, in Label Studio or in Argilla comes in as it is. A table needs the expert, the "
    "response (its number, its item and model, or its exact text) and the answer: a row for each label with dimension "
    "and score, or one row with awareness, education, compliance and helpfulness. Answers are yes, no or can't say. "
    "Labels that do not say they were given blind count as not blind."
)
_FOUND_BY = {
    "number": "by number",
    "number alone": "by number alone",
    "name": "by item and model",
    "text": "by text",
}


def labels_exchange(person: Person) -> None:
    """Draw both ways; the page that does so is for the leads."""
    out, into = st.tabs(["Take labels out", "Bring labels in"])
    with out:
        _taking_out(person)
    with into:
        _bringing_in(person)


@st.fragment
def _taking_out(person: Person) -> None:
    with reading() as session:
        labels = labels_to_export(session)
    if not labels:
        st.info("There are no labels yet. Somebody has to answer first.", icon=":material/inbox:")
        return
    form: LabelFormat = st.radio(
        "What for",
        list(_FORMATS),
        format_func=lambda known: _FORMATS[known][0],
        captions=[words for _, words in _FORMATS.values()],
        key="labels-format",
    )
    identify = st.checkbox(
        "With the experts' names",
        help="Otherwise each expert stands in the file by a made-up name. That names were taken out is written down.",
        key="labels-identify",
    )
    st.caption(
        "Who takes labels out has seen them: answers you give to these responses later count as not blind. "
        "Regions, faiths and other backgrounds are in no file."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        _downloads(person, form, labels, identify=identify)


def _downloads(person: Person, form: LabelFormat, labels: int, *, identify: bool) -> None:
    st.download_button(
        f"Download {counted(labels, 'label')}",
        # Made when it is pressed, not each time the page is drawn.
        lambda: label_file(author=person, form=form, identify=identify).text.encode(),
        file_name=file_name(form),
        icon=":material/download:",
        on_click="ignore",
        key="labels-download",
    )
    if second := companion(form):
        st.download_button(
            _SCREENS[form],
            second.text.encode(),
            file_name=f"labels-{form}.{second.ending}",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            key="labels-screen",
        )


@st.fragment
def _bringing_in(person: Person) -> None:
    times = st.session_state.get(_TIMES, 0)
    # With a new key the uploader lets go of its file: the bytes are held no longer than they are needed.
    file = st.file_uploader("File of labels", type=list(FILE_TYPES), key=f"labels-file-{times}")
    if file is None:
        st.session_state.pop(_FILE, None)
        if _REPORT in st.session_state:
            _imported(*st.session_state[_REPORT])
        else:
            st.info(_NEEDS, icon=":material/info:")
        return
    st.session_state.pop(_REPORT, None)
    entries = _entries(file)
    if isinstance(entries, str):
        st.error(plain(entries), icon=":material/error:")
        return
    seen = _preview(entries, person)
    if isinstance(seen, str):
        st.error(plain(seen), icon=":material/error:")
        return
    new = seen.accepted
    _would_enter(seen)
    if st.button(f"Import {counted(new, 'label')}", type="primary", icon=":material/upload_file:", disabled=not new):
        with user_errors_shown(), transaction() as session:
            report = import_labels(session, entries, author=person, name=file.name)
        st.session_state[_REPORT], st.session_state[_TIMES] = (file.name, report), times + 1
        st.rerun()
    _details(seen)


def _entries(file: UploadedFile) -> list[LabelEntry | RefusedRow] | str:
    """Return what the file holds, read once for each upload, or what is wrong with it."""
    if st.session_state.get(_FILE, ("", ""))[0] != file.file_id:
        found: list[LabelEntry | RefusedRow] | str
        try:
            found = read_labels(file.getvalue(), file.name)
        except BenchmarkFormatError as problem:
            # `user_errors_shown` would end the page, and what else stands on it has nothing to do with this file.
            found = str(problem)
        st.session_state[_FILE] = (file.file_id, found)
    return st.session_state[_FILE][1]


def _preview(entries: list[LabelEntry | RefusedRow], person: Person) -> LabelReport | str:
    """Return what would come in, or why nothing can; what else stands on the page goes on either way."""
    try:
        with reading() as session:
            return preview_labels(session, entries, author=person)
    except UserError as problem:
        return str(problem)


def _would_enter(seen: LabelReport) -> None:
    if seen.accepted:
        people = len([rater for rater in seen.raters if rater.labels])
        whose = "1 expert" if people == 1 else f"{people:,} experts"
        st.markdown(f"**{counted(seen.accepted, 'new label')}** of {whose} would come in.")
    else:
        st.markdown("**Nothing in it is new.**")
    if seen.found_by.get("number alone"):
        st.warning(
            "Some responses are known by their number alone. Import them only if the file was made from this "
            "workspace: elsewhere the same number means another response.",
            icon=":material/warning:",
        )
    _claims(seen)


def _claims(seen: LabelReport) -> None:
    """Say what of the labels nobody here can check, and what of it is not believed."""
    said = [
        f"{counted(seen.said_blind, 'label')} to have been given blind" if seen.said_blind else "",
        f"{counted(seen.said_pool, 'label')} to be of somebody who knows the country" if seen.said_pool else "",
    ]
    if any(said):
        st.warning(
            f"The file says of {', and of '.join(filter(None, said))}. That cannot be checked here, and such labels "
            "count as the experts' word on models and judges. Import them only if you know who made the file and how.",
            icon=":material/warning:",
        )
    if seen.unblinded:
        st.caption(
            f"{counted(seen.unblinded, 'label')} said to be blind will count as not blind: by then their experts had "
            "been shown the judge or others' labels here."
        )


def _imported(name: str, report: LabelReport) -> None:
    st.success(f"{counted(report.accepted, 'label')} imported from {plain(name)}.", icon=":material/check:")
    _details(report)


def _details(report: LabelReport) -> None:
    found = [f"{counted(count, 'response')} found {_FOUND_BY[how]}" for how, count in report.found_by.items()]
    state = f"{report.unchanged:,} here already, {len(report.refused):,} left out"
    st.caption(" · ".join([*found, state]) + ". What is stored already stays as it is.")
    _listed(
        "Whose labels they are",
        [
            {
                "In the file": visible(rater.name),
                "Here": "new, added as an expert" if rater.is_new else "known",
                "New labels": rater.labels,
            }
            for rater in report.raters
        ],
    )
    refused = [{"Row": row.row, "Why": visible(row.reason)} for row in report.refused]
    _listed("Left out, and why", refused)


def _listed(title: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    shown = rows[:_MOST_LISTED]
    st.markdown(f"**{title}**" + (f" (the first {_MOST_LISTED})" if len(rows) > _MOST_LISTED else ""))
    st.dataframe(shown, hide_index=True, width="content", height=min(len(shown), 6) * 35 + 38)
    table = partial(csv_text, list(rows[0]), [list(row.values()) for row in rows])
    csv_button("These rows as CSV", table, file_name="rows.csv", key=f"labels-rows-{title}")

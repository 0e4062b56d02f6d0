"""Bring in a copy of CROSS: upload it or name a folder, watch it come in, read the report."""

from pathlib import Path
from typing import Any

import streamlit as st

from core.benchmark.history import imported_files, newest_import_job
from core.benchmark.uploads import keep_uploads
from core.db import reading, transaction
from core.jobs import ALIVE, create_job, look_at_job, start_job
from core.models import Job
from core.sample_workspace import load_sample, sample_is_loaded
from core.words import counted
from pages.components.frame import page_frame
from pages.components.import_report import import_report
from pages.components.job_progress import state_badge, watch_job
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.sample_notice import empty_sample_button


def start_import(path: Path, title: str, images: Path | None = None) -> None:
    arguments: dict[str, Any] = {"path": str(path), "images": str(images) if images else None}
    with transaction() as session:
        job = create_job(session, kind="import", title=title, arguments=arguments)
    start_job(job.id)
    st.rerun()


def newest_import(job: Job) -> None:
    if job.state in ALIVE:
        watch_job(job.id, on_end=lambda ended: None)
        return
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(job.title)}**", width="content")
            state_badge(job.state)
        if job.reason:
            st.error(plain(job.reason), icon=":material/error:")
        if job.state == "failed":
            st.markdown("Nothing of it was imported. Mend it and import again: what is here already stays as it is.")
        if job.state in ("stopped", "interrupted"):
            st.markdown("Files that were finished are in; nothing of the one under way is. Nothing enters twice.")
            if st.button("Go on", icon=":material/play_arrow:"):
                with user_errors_shown():
                    start_job(job.id)
                st.rerun()
        if job.result:
            import_report(job.result)
            st.page_link("pages/browse.py", label="See the items in Browse", icon=":material/grid_view:")


person = page_frame(
    "Import", "Your copy of CROSS: a checkout, some of its files, or results of its scripts", for_leads=True
)
with reading() as session:
    newest = newest_import_job(session)
    earlier = imported_files(session)
    sample = sample_is_loaded(session)
newest = look_at_job(newest.id) if newest else None

upload, folder = st.tabs(["Upload", "Folder on this machine"])
with upload, st.form("upload", border=False, enter_to_submit=False):
    files = st.file_uploader(
        "Files, or a whole CROSS folder with its pictures",
        accept_multiple_files="directory",
        type=["json", "jpg", "jpeg", "png", "webp", "gif", "bmp"],
    )
    single = st.file_uploader("or single JSON files", accept_multiple_files=True, type=["json"])
    if st.form_submit_button("Import", type="primary", icon=":material/upload_file:"):
        with user_errors_shown():
            kept = keep_uploads((file.name, file.getvalue()) for file in [*files, *single])
        start_import(kept, f"Import of {counted(len(files) + len(single), 'uploaded file')}")
with folder, st.form("folder", border=False, enter_to_submit=False):
    path = st.text_input("Path of the checkout, a folder of JSON files, or one file", placeholder="~/CROSS")
    pictures = st.text_input("Folder of the pictures, if they lie elsewhere", placeholder="as in the checkout")
    if st.form_submit_button("Import", type="primary", icon=":material/upload_file:") and path:
        start_import(
            Path(path).expanduser(), f"Import of {path}", Path(pictures).expanduser() if pictures.strip() else None
        )

if newest:
    newest_import(newest)

st.subheader("Earlier imports", anchor=False)
if earlier:
    st.dataframe(
        [
            {
                "When": row.created_at,
                "What": row.path,
                "Kind": row.kind,
                "Accepted": row.report["accepted"],
                "Unchanged": row.report["unchanged"],
                "Changed": len(row.report["changed"]),
                "Refused": len(row.report["refused"]),
                "Warnings": sum(row.report["warnings"].values()),
            }
            for row in earlier
        ],
        hide_index=True,
        column_config={"When": st.column_config.DatetimeColumn(format="calendar")},
    )
else:
    st.info("Nothing has been imported yet.", icon=":material/inbox:")
with st.container(horizontal=True):
    if sample:
        empty_sample_button(person)
    elif st.button("Load the sample workspace", icon=":material/inventory:"):
        with user_errors_shown(), st.spinner("Loading the sample workspace"):
            load_sample()
        st.rerun()

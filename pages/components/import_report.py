"""What an import did, for people: what came in, what did not and why, what to look at."""

from typing import Any

import streamlit as st

from core.words import counted
from pages.components.plain import plain

# What each warning means; the words of the item's own page are longer.
_WARNINGS = {
    "field_missing": "a field is missing",
    "image_missing": "the picture was not found",
    "image_rejected": "the picture could not be used",
    "image_source_mismatch": "the named source is of another picture",
    "country_mismatch": "the query names another country",
    "country_not_named": "the query does not name its country",
    "language_alias": "the language is named in another way",
    "duplicate_content": "the same content stands under another index",
    "item_padded": "blanks around the item's name",
}


def import_report(report: dict[str, Any]) -> None:
    """Draw the report of one import."""
    for problem in report["problems"]:
        st.error(plain(problem), icon=":material/error:")
    read = [file for file in report["files"] if file["kind"] != "skipped"]
    st.dataframe(
        [
            {
                "File": file["path"],
                "Kind": file["kind"],
                "Accepted": file["accepted"],
                "Unchanged": file["unchanged"],
                "Changed": len(file["changed"]),
                "Refused": len(file["refused"]),
                "Warnings": sum(file["warnings"].values()),
            }
            for file in read
        ],
        hide_index=True,
    )
    images = report["images"]
    skipped = [file for file in report["files"] if file["kind"] == "skipped"]
    st.caption(
        f"Pictures: {images['new']:,} new, {images['missing']:,} missing, {images['rejected']:,} rejected."
        + (
            " Name the folder of the pictures and import again: they are added to their items."
            if images["missing"]
            else ""
        )
        + (f" {counted(len(skipped), 'other file')} skipped." if skipped else "")
    )
    _table("Refused records, and why", [row | {"file": f["path"]} for f in read for row in f["refused"]])
    changed = [
        {"record": row["record"], "fields that differ": ", ".join(row["fields"])} for f in read for row in f["changed"]
    ]
    _table("Changed records: the stored ones stay as they are", changed)
    warned = [
        {"record": row["record"], "what": _WARNINGS.get(row["code"], row["code"]), "detail": row["detail"]}
        for f in read
        for row in f["details"]
    ]
    _table("Warnings: worth a look by someone from there", warned)


def _table(title: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        with st.expander(f"{title} ({len(rows):,})"):
            st.dataframe(rows, hide_index=True)

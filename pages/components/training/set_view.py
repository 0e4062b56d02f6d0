"""One training set, frozen or about to be: what is in it, what stays out, its first rows."""

import streamlit as st

from core.db import reading
from core.models import TrainingSet
from core.rubric import NEGATIVE_TYPES, TrainingSetKind
from core.training_sets.folder import first_examples
from core.training_sets.rows import Selection, coverage
from core.training_sets.stored import folder_of, items_of
from pages.components.facts import fact_box
from pages.components.moment import moment_text
from pages.components.picture import item_picture
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.reading import reading_text

KINDS: dict[TrainingSetKind, str] = {"dpo": "Pairs (DPO)", "sft": "Examples (SFT)"}


def open_set(training_set: TrainingSet) -> None:
    """Draw a frozen set: its facts, its first rows, and the ways on."""
    manifest = training_set.manifest
    parts = manifest["parts"]
    title, download, train = st.columns([3, 1, 1], vertical_alignment="center")
    title.subheader(plain(training_set.name), anchor=False)
    download.link_button(
        "Download", f"/downloads/training_sets/{training_set.id}", icon=":material/download:", width="stretch"
    )
    if train.button("Train on this set", type="primary", icon=":material/model_training:", width="stretch"):
        st.switch_page("pages/train.py", query_params={"set": training_set.name})
    left, right = st.columns([1, 1.75], gap="medium")
    with left:
        facts = {
            "Kind": KINDS[manifest["kind"]],
            "Rows": f"{parts['train']:,} to train on, {parts['validation']:,} set aside to watch",
            "Frozen": moment_text(training_set.created_at),
            "Checksum": f"{training_set.sha256[:12]}…",
            "Countries": ", ".join(f"{name} {count}" for name, count in manifest["by_country"].items()),
            "Languages": ", ".join(f"{name} {count}" for name, count in manifest["by_language"].items()),
            "Negatives": ", ".join(f"{name} {count}" for name, count in manifest["by_negative_type"].items()),
            "Comes from": f"{len(manifest['pair_ids']):,} pairs, {len(manifest['label_ids']):,} labels",
            "Left out": f"{len(manifest['refused']):,} pairs",
        }
        fact_box("What it is", facts)
        with st.expander("Manifest", icon=":material/data_object:"):
            st.json(manifest, expanded=False)
    with right, user_errors_shown():
        _examples(training_set)


def _examples(training_set: TrainingSet) -> None:
    examples = first_examples(folder_of(training_set), limit=4)
    with reading() as session:
        items = items_of(session, examples=examples)
    st.caption(f"The first {len(examples)} of {training_set.row_count:,} rows")
    for example in examples:
        key = f"example-{example.pair_id}"
        with st.container(border=True):
            picture, words = st.columns([1, 2.6], gap="small")
            if example.pictures and example.item_id in items:
                with picture:
                    item_picture(items[example.item_id], key=f"{key}-picture")
            with words:
                st.caption(plain(f"{example.country or 'Country not given'} · {example.item_id}"))
                reading_text(example.query, language=example.language, key=f"{key}-query")
            st.badge("chosen", icon=":material/check:", color="blue")
            reading_text(example.chosen, language=example.language, look="small", key=f"{key}-chosen")
            if example.rejected is not None:
                st.badge("rejected", icon=":material/close:", color="orange")
                reading_text(example.rejected, language=example.language, look="small", key=f"{key}-rejected")


def show_check(selection: Selection) -> None:
    """Draw what a set would hold, country by country, and which pairs stay out and why."""
    with st.container(border=True):
        goes_in, stays_out = st.columns(2)
        goes_in.metric("Rows that go in", f"{len(selection.rows):,}")
        stays_out.metric("Pairs that stay out", f"{len(selection.refused):,}")
        if selection.merged:
            st.caption(f"{len(selection.merged):,} pairs have the same chosen answer as another one; it is taken once.")
        if selection.rows:
            covered = coverage(selection.rows)
            names = [*NEGATIVE_TYPES, *({"not given"} & {name for by in covered.values() for name in by})]
            table = [
                {"Country": country, **{name: by.get(name, 0) for name in names}} for country, by in covered.items()
            ]
            st.dataframe(table, hide_index=True, height=min(260, 38 + 35 * len(table)))
        if selection.refused:
            with st.expander(f"Which {len(selection.refused):,} stay out, and why", expanded=not selection.rows):
                reasons = [{"Pair": refusal.pair_id, "Why": refusal.reason} for refusal in selection.refused]
                st.dataframe(reasons, hide_index=True)

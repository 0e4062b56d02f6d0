"""One frozen training set: what is in it, what stayed out, its first rows."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.benchmark.countries import LANGUAGE_NAMES
from core.db import reading
from core.models import TrainingSet
from core.rubric import TrainingSetKind
from core.training_sets.folder import first_examples
from core.training_sets.stored import folder_of, items_of
from core.words import counted
from pages.components.facts import fact_box
from pages.components.moment import moment_text
from pages.components.picture import item_picture
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.reading import reading_text

LISTED = 20
KINDS: dict[TrainingSetKind, str] = {"dpo": "Pairs (DPO)", "sft": "Examples (SFT)"}


def open_set(training_set: TrainingSet) -> None:
    """Draw a frozen set: its facts, its first rows, and the ways on."""
    manifest = training_set.manifest
    parts, pairs, labels = manifest["parts"], len(manifest["pair_ids"]), len(manifest["label_ids"])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(training_set.name), anchor=False, width="stretch")
        st.link_button("Download", f"/downloads/training_sets/{training_set.id}", icon=":material/download:")
        train = st.button("Train on this set", type="primary", icon=":material/model_training:")
    if train:
        st.switch_page("pages/train.py", query_params={"set": training_set.name})
    left, right = st.columns([1, 1.75], gap="medium")
    with left:
        facts = {
            "Kind": KINDS[manifest["kind"]],
            "Rows": f"{parts['train']:,} to train on, {parts['validation']:,} set aside to watch",
            "Frozen": moment_text(training_set.created_at),
            "Checksum": f"{training_set.sha256[:12]}…",
            "Countries": _with_counts(manifest["by_country"]),
            "Languages": _with_counts(
                {LANGUAGE_NAMES.get(code, code): count for code, count in manifest["by_language"].items()}
            ),
            "Negatives": _with_counts(manifest["by_negative_type"]),
            "Comes from": f"{counted(pairs, 'pair')}, {counted(labels, 'label')}",
            "Left out": counted(len(manifest["refused"]), "pair"),
            "Items": _read(manifest),
        }
        fact_box("What it is", facts)
        with st.expander("Manifest", icon=":material/data_object:"):
            st.json({name: _beginning(held) for name, held in manifest.items()}, expanded=False)
            st.caption(f"Lists are cut after {LISTED}; the download holds all of it as manifest.json.")
    with right, user_errors_shown():
        _examples(training_set)


def _read(manifest: Mapping[str, Any]) -> str:
    """Return whether items are those that were imported; sets from before there was a choice say nothing of it."""
    if manifest.get("items_read", "as imported") == "as imported":
        return "as they were imported"
    return f"as corrected, {len(manifest['corrected_items']):,} of {len(manifest['item_ids']):,} changed"


def _with_counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count:,})" for name, count in counts.items())


def _beginning(held: object) -> object:
    return held[:LISTED] if isinstance(held, list) else held


def _examples(training_set: TrainingSet) -> None:
    examples = first_examples(folder_of(training_set), limit=4)
    with reading() as session:
        items = items_of(session, examples=examples)
    st.caption(f"The first {len(examples)} of {counted(training_set.row_count, 'row')}")
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

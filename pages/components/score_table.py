"""Scores of one response as a small table: a row a dimension, a column a judge, and one for the experts."""

from pathlib import Path

import streamlit as st

from core.responses.views import ResponseView
from core.rubric import RUBRIC, Tally

_HERE = Path(__file__).parent
_TABLE = st.components.v2.component(
    "cross_review_scores",
    # Several judges are wider than a narrow column: they scroll in it and do not leave it.
    html='<div style="overflow-x: auto; margin-inline-end: -.5rem"><table></table></div>',
    css=(_HERE / "score_table.css").read_text(encoding="utf-8"),
    js=(_HERE / "score_table.js").read_text(encoding="utf-8"),
)


def score_table(response: ResponseView, *, key: str) -> None:
    """Draw the scores of a response that is open to the person."""
    rows = [
        {
            "title": words.title,
            "cells": [_cell(response.judged(judge, name)) for judge in response.judges]
            + [_cell(response.labelled(name))],
        }
        for name, words in RUBRIC.items()
    ]
    _TABLE(key=key, data={"columns": [*response.judges, "Experts"], "rows": rows})


def _cell(found: Tally) -> dict[str, str]:
    if not found.scored:
        return {"look": "none", "text": "not scored" if found.unscored else "none"}
    look = {1: "yes", 0: "no", None: "mixed"}[found.unanimous]
    return {"look": look, "text": look if found.unanimous is not None else f"{found.yes} of {found.scored} yes"}


def reasons_text(response: ResponseView) -> str:
    """Return what judges and experts said about a response, dimension by dimension, as text for reading."""
    paragraphs = []
    for name, words in RUBRIC.items():
        said = [
            f"{row.judge}: {row.rationale}" for row in response.judgements if row.dimension == name and row.rationale
        ]
        said += [f"{row.expert}: {row.reason}" for row in response.labels if row.dimension == name and row.reason]
        paragraphs += [f"{words.title}\n" + "\n".join(said)] if said else []
    return "\n\n".join(paragraphs)

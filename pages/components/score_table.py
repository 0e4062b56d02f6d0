"""Scores of one response: a block a judge, named over its four scores, and one for the experts."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from core.responses.views import ResponseView
from core.rubric import RUBRIC, Dimension, Tally
from pages.components.plain import visible

_HERE = Path(__file__).parent
_TABLE = st.components.v2.component(
    "cross_review_scores",
    html="<div class='scores'></div>",
    css=(_HERE / "score_table.css").read_text(encoding="utf-8"),
    js=(_HERE / "score_table.js").read_text(encoding="utf-8"),
)


def score_table(response: ResponseView, *, key: str) -> None:
    """Draw the scores of a response that is open to the person; no two judges share a block."""
    raters = [_rater("Judge", judge, partial(response.judged, judge)) for judge in response.judges]
    _TABLE(key=key, data={"raters": [*raters, _experts(response)]})


def _experts(response: ResponseView) -> dict[str, Any]:
    return _rater("", "Experts", response.labelled) if response.labels else _rater("Experts: no label yet", "", None)


def _rater(kind: str, name: str, scored: Callable[[Dimension], Tally] | None) -> dict[str, Any]:
    scores = [_chip(words.title, scored(dimension)) for dimension, words in RUBRIC.items()] if scored else []
    return {"kind": kind, "name": visible(name), "scores": scores}


def _chip(title: str, found: Tally) -> dict[str, str]:
    """Return what one chip shows: a dimension, a sign for the eye and words for the tooltip and those who listen."""
    if not found.scored:
        words = "not scored" if found.unscored else "none"
        return {"title": title, "look": "none", "sign": "–", "words": words}
    look = {1: "yes", 0: "no", None: "mixed"}[found.unanimous]
    sign = {"yes": "✓", "no": "✕", "mixed": f"{found.yes}/{found.scored}"}[look]
    return {"title": title, "look": look, "sign": sign, "words": f"yes in {found.yes} of {found.scored} scores"}


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

"""The labels of one response side by side; once ruled, the rulings and what the judges said beside them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core.labels.disputed import Disputed, JudgeWord
from core.labels.side_by_side import Expert, Given
from core.rubric import CONFIDENCE, RUBRIC, Dimension
from pages.components.adjudicate.words import cause_title, ruling_title

_HERE = Path(__file__).parent
_TABLE = st.components.v2.component(
    "cross_review_labels",
    html="<div class='wide' tabindex='0' role='region' aria-label='Labels side by side'><table></table></div>",
    css=(_HERE / "labels_table.css").read_text(encoding="utf-8"),
    js="\n".join(
        (_HERE / name).read_text(encoding="utf-8") for name in ("../review/assets/texts.js", "labels_table.js")
    ),
)

Cell = dict[str, Any] | None


def labels_table(found: Disputed, *, dimensions: Sequence[Dimension], with_notes: bool = True, key: str) -> None:
    """Draw the labels on some dimensions, in the rubric's order."""
    ruled = bool(found.rulings)
    columns = [_expert_column(expert) for expert in found.experts]
    columns += [{"title": "Ruling", "aside": "", "kind": "ruling"}] if ruled else []
    columns += [{"title": word.judge, "aside": "judge, a machine", "kind": "judge"} for word in found.judges]
    notes = [{"text": expert.note, "phrases": list(expert.phrases)} for expert in found.experts]
    notes += [{"text": "", "phrases": []} for _ in range(len(columns) - len(notes))]
    rows = [_row(found, name, ruled=ruled) for name in RUBRIC if name in dimensions]
    _TABLE(key=key, data={"columns": columns, "rows": rows, "notes": notes if with_notes else []})


def _expert_column(expert: Expert) -> dict[str, str]:
    title = f"Expert {expert.letter}"
    aside, kind = ("from outside the country", "outside") if expert.outside else ("", "expert")
    return {"title": title, "aside": aside, "kind": kind}


def _row(found: Disputed, name: Dimension, *, ruled: bool) -> dict[str, Any]:
    cells = [_given_cell(expert.given.get(name)) for expert in found.experts]
    cells += [_ruling_cell(found, name)] if ruled else []
    cells += [_judge_cell(found, word, name) for word in found.judges]
    return {"title": RUBRIC[name].title, "state": _state(found, name), "cells": cells}


def _state(found: Disputed, name: Dimension) -> str:
    if name in found.rulings:
        return "ruled"
    if name in found.about.dimensions:
        return "they differ"
    scores = {expert.given[name].score for expert in found.experts if name in expert.given and not expert.outside}
    return "they agree" if len(scores) == 1 else "nothing to settle"


def _score_cell(score: int | None, instead: str) -> dict[str, Any]:
    look, sign, words = {1: ("yes", "✓", "yes"), 0: ("no", "✕", "no")}.get(score or 0, ("", "", ""))
    if score is None:
        look, sign, words = "none", "?", instead
    return {"look": look, "sign": sign, "words": words}


def _given_cell(given: Given | None) -> Cell:
    if given is None:
        return None
    asides = [CONFIDENCE.get(given.confidence or 0, "")]
    asides += ["had seen scores or labels before"] if given.judge_seen else []
    asides += [f"revised to {given.revised} after the judge was shown"] if given.revised else []
    aside = " · ".join(part for part in asides if part)
    return _score_cell(given.score, "can't say") | {"aside": aside, "reason": given.reason}


def _ruling_cell(found: Disputed, name: Dimension) -> Cell:
    view = found.rulings.get(name)
    if view is None:
        return None
    ruling = view.ruling
    title = ruling_title(ruling.outcome, ruling.score)
    cell = {"look": "ruled", "sign": "", "words": title}
    if ruling.outcome == "settled":
        cell = _score_cell(ruling.score, "")
    return cell | {"aside": cause_title(ruling.cause), "reason": ruling.reason}


def _judge_cell(found: Disputed, word: JudgeWord, name: Dimension) -> Cell:
    if name not in word.scores:
        return None
    score, view = word.scores[name], found.rulings.get(name)
    settled = view.ruling.score if view else None
    differs = settled is not None and score is not None and score != settled
    return _score_cell(score, "not scored") | {"reason": word.reasons.get(name), "differs": differs}

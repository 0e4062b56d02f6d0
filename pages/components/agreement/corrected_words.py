"""Corrected scores -> words and tables: what a hover tells, the rows of the table. Texts from data stay raw."""

from collections.abc import Sequence

import pandas as pd

from core.measures.corrected_cells import CorrectedCell
from core.measures.family_intervals import Statistic
from core.words import counted
from pages.components.charts_corrected import Estimate
from pages.components.failures.cell_words import KEY_TITLES, keys_title, label_title, number
from pages.components.plain import visible

TITLES: dict[Estimate, str] = {"judge": "The judge", "labels": "Experts alone", "both": "Both together"}


def estimate_of(cell: CorrectedCell, estimate: Estimate) -> Statistic:
    """Return one of the three."""
    score = cell.score
    return {"judge": score.judge, "labels": score.labels_only, "both": score.corrected}[estimate]


def is_shown(found: Statistic) -> bool:
    """Return whether there is an interval, without which no number is shown."""
    return found.value is not None and found.low is not None and found.high is not None


def estimate_hover(cell: CorrectedCell, estimate: Estimate) -> list[str]:
    """Return what an estimate tells when pointed at: number with unit, interval, n, families, whose it is."""
    found = estimate_of(cell, estimate)
    value, low, high = (number(share or 0.0) for share in (found.value, found.low, found.high))
    what = {"judge": "scored by the judge", "labels": "labelled by experts", "both": "labelled by experts"}[estimate]
    base = f"{found.n:,} responses {what}, in {counted(found.families, 'family', 'families')}"
    told = [keys_title(cell.keys), f"{TITLES[estimate]}: {value} %, 95 % interval {low} to {high}", base]
    if estimate == "both":
        told.append(f"The judge scored {cell.score.judge.n:,} of {counted(cell.responses, 'response')}")
        told += _reliance(cell) + _unsaid(cell, cell.score.lowest, cell.score.highest)
    if estimate == "labels":
        told += _unsaid(cell, cell.score.labels_lowest, cell.score.labels_highest)
    return [*told, *([found.note] if found.note else []), f"Judge {cell.judge}"]


def missing_words(cell: CorrectedCell) -> str:
    """Return why there is no corrected value; nothing where there is one."""
    score = cell.score
    if score.missing_labels:
        of_families = f", from {counted(score.missing_families, 'more family', 'more families')}"
        more = f"{counted(score.missing_labels, 'more label', 'more labels')} needed"
        return more + (of_families if score.missing_families else "")
    return "the judge has scored none" if not score.judge.n else ""


def corrected_frame(cells: Sequence[CorrectedCell]) -> pd.DataFrame:
    """Return cells as rows; an estimate without an interval has no number."""
    columns: dict[str, Sequence[object]] = {
        KEY_TITLES[key]: [visible(label_title(key, cell.keys[key])) for cell in cells] for key in cells[0].keys
    }
    estimates: tuple[Estimate, ...] = ("both", "judge", "labels")
    for estimate in estimates:
        title = TITLES[estimate]
        held = [estimate_of(cell, estimate) for cell in cells]
        columns[f"{title}, %"] = _percents([one.value if is_shown(one) else None for one in held])
        columns[f"{title}, from"] = _percents([one.low if is_shown(one) else None for one in held])
        columns[f"{title}, to"] = _percents([one.high if is_shown(one) else None for one in held])
    scores = [cell.score for cell in cells]
    labels = [score if is_shown(score.labels_only) else None for score in scores]
    columns |= {
        "Labelled": [score.labels_only.n for score in scores],
        "Families labelled": [score.labels_only.families for score in scores],
        "Labels missing": [score.missing_labels for score in scores],
        "Judged": [score.judge.n for score in scores],
        "Families judged": [score.judge.families for score in scores],
        "Responses": [cell.responses for cell in cells],
        "Trust in the judge, %": _percents([score.reliance for score in scores]),
        "Not said by experts": [score.unsaid for score in scores],
        "If all those were no": _percents([score.lowest for score in scores]),
        "If all those were yes": _percents([score.highest for score in scores]),
        "Experts alone, if all no": _percents([score.labels_lowest if score else None for score in labels]),
        "Experts alone, if all yes": _percents([score.labels_highest if score else None for score in labels]),
        "Note": [_note(cell) for cell in cells],
        "Judge": [visible(cell.judge) for cell in cells],
    }
    return pd.DataFrame(columns)


def _note(cell: CorrectedCell) -> str:
    notes = (cell.score.corrected.note, cell.score.labels_only.note, cell.score.judge.note)
    return missing_words(cell) or next((note for note in notes if note), "")


def _reliance(cell: CorrectedCell) -> list[str]:
    reliance = cell.score.reliance
    return [] if reliance is None else [f"How far the judge is relied on: {reliance * 100:.0f} %"]


def _unsaid(cell: CorrectedCell, lowest: float | None, highest: float | None) -> list[str]:
    unsaid = cell.score.unsaid
    if not unsaid or lowest is None or highest is None:
        return []
    bounds = f"{number(lowest)} to {number(highest)} %"
    return [f"{counted(unsaid, 'response')} experts could not say or skipped: with those, {bounds}"]


def _percents(shares: Sequence[float | None]) -> Sequence[object]:
    return pd.array([None if share is None else share * 100 for share in shares], dtype="Float64")

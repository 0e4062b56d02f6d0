"""Cells of agreement as a table that sorts and downloads, each row with its way to the answers behind it."""

from collections.abc import Callable, Sequence
from itertools import product

import pandas as pd
import streamlit as st

from core.measures.agreement import AgreementCell, Compared
from core.measures.score_filter import ScoreFilter
from pages.components.agreement.agreement_words import (
    ANSWERS,
    SHOWN_TITLES,
    Shown,
    is_small,
    is_told,
    statistic_of,
    verdict_title,
)
from pages.components.agreement.grids import answers_address, sides_of
from pages.components.csv_table import frame_button
from pages.components.failures.cell_words import KEY_TITLES, label_title
from pages.components.leaving import page_address
from pages.components.plain import visible

_READ = {"Read: judge": True, "Read: experts": False}
_SIDES: dict[str, Callable[[AgreementCell], Compared]] = {
    "judge": lambda cell: cell.with_judge,
    "experts": lambda cell: cell.among_experts,
}


def agreement_table(cells: Sequence[AgreementCell], wanted: ScoreFilter, *, name: str) -> None:
    """Draw cells as a table with a download below it; at least one, all with the same keys."""
    frame = agreement_frame(cells)
    links = {title: [_answers(cell, wanted, of_judge=of_judge) for cell in cells] for title, of_judge in _READ.items()}
    formats = {title: "%.1f" if "%" in title or "points" in title else "%.3f" for title in frame.select_dtypes("float")}
    numbers = {title: st.column_config.NumberColumn(format=shape) for title, shape in formats.items()}
    keys = {KEY_TITLES[key]: st.column_config.TextColumn(pinned=True) for key in cells[0].keys}
    read = {title: st.column_config.LinkColumn(display_text="Read", width="small", pinned=True) for title in _READ}
    shown = frame.assign(**links)
    st.dataframe(shown, hide_index=True, column_config={**numbers, **keys, **read}, key=f"{name}-table")
    frame_button(frame, file_name=f"{name}.csv", key=f"{name}-csv")


def _answers(cell: AgreementCell, wanted: ScoreFilter, *, of_judge: bool) -> str | None:
    """Return the address of the answers one side of a cell is made of; None where there are none."""
    if not (cell.with_judge if of_judge else cell.among_experts).n:
        return None
    return page_address("browse", answers_address(wanted, cell.keys, sides_of(wanted, of_judge=of_judge)))


def agreement_frame(cells: Sequence[AgreementCell]) -> pd.DataFrame:
    """Return cells as rows; what rests on too little has its n only, and a note says what is missing and why."""
    columns: dict[str, Sequence[object]] = {
        KEY_TITLES[key]: [visible(label_title(key, cell.keys[key])) for cell in cells] for key in cells[0].keys
    }
    for side, of in _SIDES.items():
        compared = [of(cell) for cell in cells]
        columns |= statistic_columns(compared, "percent", f"Agreement of {side}, %")
        columns |= {f"n {side}": [one.n for one in compared], f"Families {side}": [one.families for one in compared]}
    columns |= _test_columns(cells)
    for side, of in _SIDES.items():
        compared = [of(cell) for cell in cells]
        for shown, title in SHOWN_TITLES.items():
            columns |= {} if shown == "percent" else statistic_columns(compared, shown, f"{title}, {side}")
        columns |= {
            f"Labels {side}": [one.labels for one in compared],
            f"Experts {side}": [one.experts for one in compared],
        }
    columns |= _matrix_columns([cell.with_judge for cell in cells])
    notes = {"Note": [_note(cell) for cell in cells], "Judge": [visible(cell.judge) for cell in cells]}
    return pd.DataFrame(columns | notes)


def statistic_columns(compared: Sequence[Compared], shown: Shown, head: str) -> dict[str, Sequence[object]]:
    """Return a statistic and both ends of its interval as columns of numbers, empty where it is not shown."""
    scale = 100 if shown == "percent" else 1
    found = [statistic_of(one, shown) for one in compared]
    values = [None if is_small(one) else each.value for one, each in zip(compared, found, strict=True)]
    ends = [
        (each.low, each.high) if is_told(one, shown) else (None, None)
        for one, each in zip(compared, found, strict=True)
    ]
    lows, highs = zip(*ends, strict=True)
    return {
        head: _numbers(values, scale),
        f"{head}: from": _numbers(lows, scale),
        f"{head}: to": _numbers(highs, scale),
    }


def _matrix_columns(compared: Sequence[Compared]) -> dict[str, Sequence[object]]:
    """Return how often judge and expert gave which scores together, as shares and as pairs."""
    columns: dict[str, Sequence[object]] = {}
    for judge, expert in product((1, 0), repeat=2):
        head = f"Judge {ANSWERS[judge]}, expert {ANSWERS[expert]}"
        shares = [None if is_small(one) or not one.shares else one.shares[judge][expert] for one in compared]
        columns[f"{head}, %"] = _numbers(shares, 100)
        columns[f"{head}, n"] = [one.counts[judge][expert] if one.shares else 0 for one in compared]
    return columns


def _test_columns(cells: Sequence[AgreementCell]) -> dict[str, Sequence[object]]:
    tests = [cell.test for cell in cells]
    tested = [cell.verdict != "untested" for cell in cells]
    shown = list(zip(tests, tested, strict=True))
    return {
        "Difference, points": _numbers([test.value if is_told else None for test, is_told in shown], 100),
        "Difference, points: from": _numbers([test.low if is_told else None for test, is_told in shown], 100),
        "Difference, points: to": _numbers([test.high if is_told else None for test, is_told in shown], 100),
        "n of the test": [test.n for test in tests],
        "p": _numbers([test.p for test in tests], 1),
        "q": _numbers([cell.q for cell in cells], 1),
        "Test": [verdict_title(cell) for cell in cells],
        "Can't say": [cell.unsaid for cell in cells],
        "Given back": [cell.given_back for cell in cells],
        "With those, %: from": _numbers([cell.worst for cell in cells], 100),
        "With those, %: to": _numbers([cell.best for cell in cells], 100),
    }


def _note(cell: AgreementCell) -> str:
    """Return why numbers are missing: each reason once."""
    notes = []
    for side, of in _SIDES.items():
        compared = of(cell)
        if is_small(compared):
            notes.append(f"{side}: too few to say")
            continue
        held = {title: statistic_of(compared, shown).note for shown, title in SHOWN_TITLES.items()}
        notes += [f"{side}, {title.removesuffix(', %')}: {note}" for title, note in held.items() if note]
    return "; ".join(notes)


def _numbers(values: Sequence[float | None], scale: float) -> Sequence[object]:
    return pd.array([None if value is None else value * scale for value in values], dtype="Float64")

"""Two grids side by side: how far a judge agrees with experts, and how far experts agree, which is the ceiling."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from core.measures.agreement import AgreementCell, Compared
from core.measures.compared_behind import Sides
from core.measures.items_behind import browse_address
from core.measures.score_filter import ScoreFilter
from core.measures.score_frame import Label
from pages.components.agreement.agreement_words import (
    SHOWN_TITLES,
    Shown,
    hover_lines,
    is_told,
    short_words,
    statistic_of,
    statistic_words,
)
from pages.components.charts import GridCell, grid_chart, show_chart
from pages.components.failures.cell_words import keys_title, label_title
from pages.components.leaving import leave_for_answers
from pages.components.stacked_columns import stacked_columns

LONGEST = 60


def answers_address(wanted: ScoreFilter, keys: Mapping[str, Label], sides: Sides | None = None) -> dict[str, list[str]]:
    """Return what Browse is asked for to show the answers of a cell that both sides scored.

    Without sides, all that experts from the country labelled.
    """
    address = browse_address(replace(wanted, judge="", experts=True), keys)
    return address | ({"scored_by": [sides.named]} if sides else {})


def sides_of(wanted: ScoreFilter, *, of_judge: bool) -> Sides:
    """Return the sides that a grid compares."""
    return Sides("from", judge=wanted.judge) if of_judge else Sides("from")


def agreement_grids(cells: Sequence[AgreementCell], wanted: ScoreFilter, *, row: str, shown: Shown) -> None:
    """Draw both grids; a field that is pressed opens its answers in Browse.

    Args:
        cells: by a key and dimension.
        wanted: their filter.
        row: the key of the rows.
        shown: which statistic.
    """
    rows, columns = (list(dict.fromkeys(cell.keys[key] for cell in cells)) for key in (row, "dimension"))
    kept = [cell for cell in cells if cell.keys[row] in rows[:LONGEST]]
    sides = stacked_columns([1, 1], key=f"grids-{row}", gap="small")
    with sides[0]:
        st.markdown("**The judge with an expert**")
        if any(cell.with_judge.n for cell in kept):
            _grid(kept, wanted, rows[:LONGEST], columns, row=row, shown=shown, of_judge=True)
        else:
            _no_judge(wanted)
    with sides[1]:
        st.markdown("**Two experts** · the ceiling for a judge")
        if any(cell.among_experts.n for cell in kept):
            _grid(kept, wanted, rows[:LONGEST], columns, row=row, shown=shown, of_judge=False)
        else:
            _one_expert()
    if len(rows) > LONGEST:
        st.caption(f"The first {LONGEST} of {len(rows):,} rows are drawn. The table below has all of them.")


def _grid(
    cells: Sequence[AgreementCell],
    wanted: ScoreFilter,
    rows: Sequence[Label],
    columns: Sequence[Label],
    *,
    row: str,
    shown: Shown,
    of_judge: bool,
) -> None:
    figure = grid_chart(
        [label_title(row, one) for one in rows],
        [label_title("dimension", one) for one in columns],
        [
            _field(cell, (rows.index(cell.keys[row]), columns.index(cell.keys["dimension"])), shown, of_judge)
            for cell in cells
        ],
    )
    name = f"agreement-{'judge' if of_judge else 'experts'}-{row}-{shown}"
    chosen = show_chart(figure, key=name, alt=_in_words(cells, shown, of_judge=of_judge))
    if chosen is not None and chosen[1] < len(cells):
        leave_for_answers(answers_address(wanted, cells[chosen[1]].keys, sides_of(wanted, of_judge=of_judge)))


def _field(cell: AgreementCell, at: tuple[int, int], shown: Shown, of_judge: bool) -> GridCell:
    compared = _side(cell, of_judge=of_judge)
    value = statistic_of(compared, shown).value or 0.0
    return GridCell(
        *at,
        value if shown == "percent" else (value + 1) / 2,
        short_words(compared, shown, cell.verdict if of_judge else "untested"),
        hover_lines(cell, shown, of_judge=of_judge),
        "scaled" if is_told(compared, shown) else "small",
    )


def _side(cell: AgreementCell, *, of_judge: bool) -> Compared:
    return cell.with_judge if of_judge else cell.among_experts


def _in_words(cells: Sequence[AgreementCell], shown: Shown, *, of_judge: bool) -> str:
    """Return what a grid shows, for those who cannot see it: what it is of, its lowest and its highest field."""
    told = [cell for cell in cells if is_told(_side(cell, of_judge=of_judge), shown)]
    told.sort(key=lambda cell: statistic_of(_side(cell, of_judge=of_judge), shown).value or 0.0)
    who = "a judge with an expert" if of_judge else "two experts"
    words = f"{SHOWN_TITLES[shown]} of {who}: {len(cells)} fields, {len(cells) - len(told)} without a number."
    if told:
        ends = (("Lowest", told[0]), ("Highest", told[-1]))
        words += "".join(
            f" {name}: {keys_title(cell.keys)}, {statistic_words(_side(cell, of_judge=of_judge), shown)}."
            for name, cell in ends
        )
    return f"{words} The table below has all numbers."


def _no_judge(wanted: ScoreFilter) -> None:
    who = "No judge has scored anything yet" if wanted.experts else "The judge has scored none of these answers"
    st.info(f"{who}, so there is nothing to hold against the labels.", icon=":material/info:")
    if st.button("Let a judge score answers", key="agreement-go-judge"):
        st.switch_page("pages/judge.py")


def _one_expert() -> None:
    st.info(
        "No answer has labels by two experts from the country yet. How far experts agree is unknown, and so is how "
        "well a judge can do.",
        icon=":material/info:",
    )
    if st.button("Plan what experts label", key="agreement-go-plans"):
        st.switch_page("pages/plans.py")

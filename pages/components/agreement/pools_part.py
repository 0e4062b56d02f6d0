"""How experts agree by how they know the country, within each pool and between them; and the judge with each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from core.db import reading
from core.measures.agreement import Compared, agreement_cells, pool_cells
from core.measures.agreement_base import agreement_base
from core.measures.agreement_labels import POOLS
from core.measures.compared_behind import Sides
from core.measures.score_filter import ScoreFilter
from core.models import Person
from core.rubric import DIMENSIONS, RUBRIC
from pages.components.agreement.agreement_words import (
    EACH_DIMENSION,
    POOL_TITLES,
    SHOWN_TITLES,
    base_words,
    is_small,
    is_told,
    pool_title,
    statistic_of,
    statistic_words,
)
from pages.components.agreement.choice import AgreementChoice
from pages.components.agreement.filters import mixed_line
from pages.components.agreement.grids import answers_address
from pages.components.agreement.table import statistic_columns
from pages.components.charts import Dots, dots_chart, show_chart
from pages.components.csv_table import frame_button
from pages.components.failures.cell_table import READ
from pages.components.failures.switch import switch
from pages.components.leaving import page_address
from pages.components.problems import user_errors_shown

_ALL = "all"
_NAME = "agreement-pools"


@dataclass(frozen=True)
class _Line:
    title: str
    compared: Compared
    sides: Sides


def pools_part(choice: AgreementChoice, person: Person) -> None:
    """Draw agreement within and between pools on one dimension or all, as dots and as a table."""
    titles = {_ALL: "All dimensions"} | {name: words.title for name, words in RUBRIC.items()}
    dimension = switch("on", titles, label="Dimension")
    wanted = choice.wanted if dimension == _ALL else replace(choice.wanted, dimensions=(dimension,))
    with user_errors_shown(), reading() as session:
        base = agreement_base(session, person=person, wanted=wanted, pools=POOLS)
    lines = _lines(wanted, person)
    if not lines:
        st.info("No answer with two blind labels fits these filters yet.", icon=":material/info:")
        return
    mixed_line(base, choice, who="from anywhere")
    st.markdown(
        "People who know a country in different ways can agree among themselves and still differ from one another. "
        "Only labels by people **from the country** enter the other numbers; here the others stand beside them."
    )
    if dimension == _ALL:
        st.caption(EACH_DIMENSION)
    _dots(lines)
    frame = _frame(lines)
    _table(frame, [page_address("browse", answers_address(wanted, {}, line.sides)) for line in lines])


def _table(frame: pd.DataFrame, links: Sequence[str]) -> None:
    formats = {title: "%.1f" if "%" in title else "%.3f" for title in frame.select_dtypes("float")}
    numbers = {title: st.column_config.NumberColumn(format=shape) for title, shape in formats.items()}
    read = {READ: st.column_config.LinkColumn(display_text=READ, width="small", pinned=True)}
    st.dataframe(
        frame.assign(**{READ: links}),
        hide_index=True,
        column_config={**numbers, **read, "Who": st.column_config.TextColumn(pinned=True)},
        key=f"{_NAME}-table",
    )
    frame_button(frame, file_name=f"{_NAME}.csv", key=f"{_NAME}-csv")


def _lines(wanted: ScoreFilter, person: Person) -> list[_Line]:
    with user_errors_shown(), st.spinner("Working out agreement"), reading() as session:
        pairs = pool_cells(session, person=person, wanted=wanted)
        judged = [
            (pool, cell.with_judge)
            for pool in (POOLS if wanted.judge else ())
            for cell in agreement_cells(session, person=person, wanted=wanted, by=(), pools=(pool,))
        ]
    with_judge = [
        _Line(f"Judge · {POOL_TITLES[pool].lower()}", one, Sides(pool, judge=wanted.judge))
        for pool, one in judged
        if one.n
    ]
    titled = [(pool_title(cell.first, cell.second), cell) for cell in pairs]
    return [_Line(title, cell.compared, Sides(cell.first, cell.second)) for title, cell in titled] + with_judge


def _dots(lines: Sequence[_Line]) -> None:
    told = [line for line in lines if is_told(line.compared, "percent")]
    if told:
        figure = dots_chart(
            [line.title for line in told], [_series(told)], span=(0, 100), unit="% of answers agreed on", lines={}
        )
        alt = "; ".join(f"{line.title}: {statistic_words(line.compared, 'percent')}" for line in told)
        show_chart(figure, key=_NAME, alt=f"Agreement by pool. {alt}.")
    if len(told) < len(lines):
        st.caption(
            f"{len(lines) - len(told)} of {len(lines)} pairs rest on too few answers: in the table only, by their n."
        )


def _series(lines: Sequence[_Line]) -> Dots:
    found = [line.compared.percent for line in lines]
    return Dots(
        SHOWN_TITLES["percent"],
        [line.title for line in lines],
        [100 * (one.value or 0.0) for one in found],
        [100 * (one.low or 0.0) for one in found],
        [100 * (one.high or 0.0) for one in found],
        hover=[[line.title, statistic_words(line.compared, "percent"), base_words(line.compared)] for line in lines],
        dimension=DIMENSIONS[0],
    )


def _frame(lines: Sequence[_Line]) -> pd.DataFrame:
    """Return the lines as rows of numbers; what rests on too little has its n only."""
    compared = [line.compared for line in lines]
    columns: dict[str, Sequence[object]] = {"Who": [line.title for line in lines]}
    for shown, title in SHOWN_TITLES.items():
        columns |= statistic_columns(compared, shown, title)
    columns |= {
        "n": [one.n for one in compared],
        "Families": [one.families for one in compared],
        "Labels": [one.labels for one in compared],
        "Experts": [one.experts for one in compared],
        "Note": [_note(one) for one in compared],
    }
    return pd.DataFrame(columns)


def _note(compared: Compared) -> str:
    """Return why numbers are missing, if any are."""
    if is_small(compared):
        return "Too few to say"
    held = {title: statistic_of(compared, shown).note for shown, title in SHOWN_TITLES.items()}
    return "; ".join(f"{title.removesuffix(', %')}: {note}" for title, note in held.items() if note)

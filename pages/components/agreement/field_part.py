"""One field read out: what it says in plain sentences, its numbers, and how scores of judge and expert meet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core.benchmark.items import UNKNOWN
from core.db import reading
from core.measures.agreement import AgreementCell, agreement_cells
from core.measures.family_intervals import Statistic
from core.measures.score_frame import Label
from core.models import Person
from core.words import counted
from pages.components.address import put_in_address
from pages.components.agreement.agreement_words import (
    ANSWERS,
    EACH_DIMENSION,
    SHOWN_TITLES,
    agreement_sentence,
    base_words,
    is_small,
    left_out_lines,
    statistic_words,
    verdict_sentence,
    where_words,
)
from pages.components.agreement.choice import AgreementChoice
from pages.components.agreement.grids import answers_address, sides_of
from pages.components.charts import GridCell, Look, grid_chart, show_chart
from pages.components.failures.cell_words import KEY_TITLES, label_title, number
from pages.components.leaving import leave_for_answers
from pages.components.plain import plain, visible
from pages.components.problems import user_errors_shown

_ICONS = {"less": ":material/arrow_downward:", "more": ":material/arrow_upward:"}


@dataclass(frozen=True)
class _Field:
    """A field, and how many fields of its table were tested."""

    cell: AgreementCell
    tests: int


def field_part(cells: Sequence[AgreementCell], choice: AgreementChoice, person: Person, *, row: str) -> None:
    """Ask for a field of a grid, or a whole row or column of it, and read it out."""
    rows, columns = (list(dict.fromkeys(cell.keys[key] for cell in cells)) for key in (row, "dimension"))
    st.subheader("Read one field", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        first = _first(cells).keys
        at = _asked(KEY_TITLES[row], rows, lambda label: label_title(row, label), name="field", first=first[row])
        on = _asked(
            "Dimension",
            columns,
            lambda label: label_title("dimension", label),
            name="on",
            first=first["dimension"],
        )
    keys = {name: label for name, (is_one, label) in ((row, at), ("dimension", on)) if is_one}
    found = _field(cells, keys, choice, person)
    if found is not None:
        _told(found, choice)


def _first(cells: Sequence[AgreementCell]) -> AgreementCell:
    """Return the field to begin with: where a judge falls furthest behind experts, if that can be said anywhere."""
    return min(cells, key=lambda cell: (cell.q is None, cell.test.value or 0.0))


def _field(
    cells: Sequence[AgreementCell], keys: dict[str, Label], choice: AgreementChoice, person: Person
) -> _Field | None:
    """Return the field with these keys: one of the grid's, or of the table that has only these keys."""
    if cells and keys.keys() != cells[0].keys.keys():
        with user_errors_shown(), reading() as session:
            cells = agreement_cells(session, person=person, wanted=choice.wanted, by=tuple(keys))
    cell = next((cell for cell in cells if cell.keys == keys), None)
    return _Field(cell, sum(one.q is not None for one in cells)) if cell is not None else None


def _told(found: _Field, choice: AgreementChoice) -> None:
    cell = found.cell
    left, right = st.columns([1.25, 1], gap="medium")
    with left, st.container(border=True):
        where = where_words(cell.keys)
        if cell.judge:
            st.markdown(f"{plain(where)}, {agreement_sentence(cell.with_judge, 'the judge agrees with an expert')}.")
        experts = agreement_sentence(cell.among_experts, "two experts agree")
        experts = f"{experts[0].upper()}{experts[1:]}" if cell.judge else f"{plain(where)}, {experts}"
        st.markdown(f"{experts}.")
        if cell.judge:
            icon = _ICONS.get(cell.verdict, ":material/horizontal_rule:")
            st.markdown(f"{icon} {verdict_sentence(cell, found.tests)}")
            for line in left_out_lines(cell):
                st.caption(f"{line}.")
        _read_buttons(cell, choice)
        st.table(_numbers(cell), border="horizontal")
        if "dimension" not in cell.keys:
            st.caption(EACH_DIMENSION)
    with right:
        _matrix(cell)


def _read_buttons(cell: AgreementCell, choice: AgreementChoice) -> None:
    """Draw the ways to the answers that each side of the field is made of."""
    sides = {
        "Read what judge and expert scored": (True, cell.with_judge.n),
        "Read what two experts scored": (False, cell.among_experts.n),
    }
    with st.container(horizontal=True, gap="small"):
        for words, (of_judge, n) in sides.items():
            key = f"field-read-{'judge' if of_judge else 'experts'}"
            if n and st.button(words, icon=":material/arrow_forward:", icon_position="right", key=key):
                compared = sides_of(choice.wanted, of_judge=of_judge)
                leave_for_answers(answers_address(choice.wanted, cell.keys, compared))


def _numbers(cell: AgreementCell) -> pd.DataFrame:
    sides = {"Judge with an expert": cell.with_judge} if cell.judge else {}
    sides |= {"Two experts": cell.among_experts}
    columns = {
        title: [*(statistic_words(one, shown) for shown in SHOWN_TITLES), base_words(one)]
        for title, one in sides.items()
    }
    return pd.DataFrame(columns, index=[*SHOWN_TITLES.values(), "Rests on"])


def _matrix(cell: AgreementCell) -> None:
    compared = cell.with_judge
    if not compared.shares:
        return
    st.markdown("**Where judge and expert meet** · share of answers, n pairs of scores")
    order, shares = (1, 0), compared.share_statistics()
    fields = [_meeting(cell, shares[judge][expert], judge, expert) for judge in order for expert in order]
    rows, columns = ([f"{who}: {ANSWERS[score]}" for score in order] for who in ("Judge", "Expert"))
    told = "; ".join(f"{one.hover[0]}, {one.hover[1]}" for one in fields)
    show_chart(grid_chart(rows, columns, fields), key="agreement-matrix", alt=f"Scores of judge and expert: {told}.")
    st.caption("Yes: the answer did well. Blue: they agree; orange: they do not. Shares are weighted, n is not.")


def _meeting(cell: AgreementCell, found: Statistic, judge: int, expert: int) -> GridCell:
    """Return one field of the matrix; where there are too few to say, its n only."""
    compared = cell.with_judge
    share, n = compared.shares[judge][expert], f"{compared.counts[judge][expert]:,}"
    ends = "" if found.low is None or found.high is None else f" ({number(found.low)} to {number(found.high)})"
    hover = [f"Judge: {ANSWERS[judge]}, expert: {ANSWERS[expert]}", f"{number(share)} % of answers{ends}, weighted"]
    words = f"<b>{share * 100:.0f} %</b> <span style='font-size:10.5px'>n {n}</span>"
    if is_small(compared):
        hover[1], words = "too few to say", f"n {n}"
    hover += [f"{counted(compared.counts[judge][expert], 'pair')} of scores", base_words(compared)]
    place = 0.5 + (1 if judge == expert else -1) * share / 2
    look: Look = "small" if is_small(compared) else "scaled"
    return GridCell(1 - judge, 1 - expert, place, words, [*hover, f"Judge {cell.judge}, blind labels"], look)


def _asked(
    title: str, labels: Sequence[Label], words: Callable[[Label], str], *, name: str, first: Label
) -> tuple[bool, Label]:
    """Ask for one of the labels or all; return whether one is chosen, and which; at first it is `first`."""
    entries = ["all", *(UNKNOWN if label is None else str(label) for label in labels)]
    named = st.query_params.get(name, "")
    place = entries.index(named) if named in entries else list(labels).index(first) + 1
    key = f"agreement-{name}"
    st.session_state[key] = place
    st.selectbox(
        title,
        list(range(len(entries))),
        format_func=lambda one: visible(words(labels[one - 1])) if one else "All together",
        key=key,
        on_change=lambda: put_in_address(**{name: entries[st.session_state[key]]}),
        width=240,
    )
    return bool(place), labels[place - 1] if place else None

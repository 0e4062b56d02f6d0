"""What a plan would bring, before it is frozen: work, intervals by country and dimension, and who is there for it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.labels.plan_intervals import HalfWidth
from core.labels.plan_preview import CountryWork, Foreseen, ForeseenCell, enough_people
from core.rubric import RUBRIC
from pages.components.people.counts_part import FEW
from pages.components.plain import plain

_TOO_FEW = "too few"
_MOST_NAMED = 6


def foreseen_figures(found: Foreseen) -> None:
    """Draw how many responses, labels and hours it is."""
    with st.container(border=True):
        responses, labels, hours = st.columns(3)
        responses.metric("Responses", f"{found.responses:,}")
        labels.metric("Answers of experts", f"{found.labels:,}")
        hours.metric("Work, about", hours_text(found.labels * found.pace_s / 3600))
    pace = "as experts took so far" if found.is_pace_measured else "reckoned until some are labelled here"
    st.caption(f"Drawn from {found.candidates:,} that fit. {found.pace_s:.0f} s a response, {pace}.")


def foreseen_people(found: Foreseen, *, experts_each: int) -> None:
    """Say where people are missing, and draw what each country's people would have to do."""
    told = [*_short(found.work, experts_each), *_unread(found.work)]
    if told:
        st.warning(
            plain(" ".join([*told, "Invite some: answers of people from elsewhere are kept apart."])),
            icon=":material/group_off:",
        )
    with st.expander("Work by country", icon=":material/group:"):
        st.table(
            pd.DataFrame(
                [_work_row(row) for row in found.work],
                columns=["Country", "Responses", "Answers", "Experts from there", "Each of them, about"],
            ),
            hide_index=True,
            border="horizontal",
        )


def foreseen_intervals(found: Foreseen, *, judge: str | None) -> None:
    """Draw how narrow the intervals would be, now and with twice the labels."""
    st.markdown("**How exact the numbers become**")
    st.caption(
        "By how many points the share of yes may be off, up or down (95 % interval, all chosen models together). After "
        f"the arrow: with {found.doubled_labels:,} answers instead of {found.labels:,}. {_source(judge)} Below 10 "
        "families of questions there is no interval."
    )
    titles = [words.title for words in RUBRIC.values()]
    rows = [_interval_row(cell) for cell in found.cells]
    st.table(pd.DataFrame(rows, columns=["Country", "Families", *titles]), hide_index=True, border="horizontal")


def hours_text(hours: float) -> str:
    """Return hours of work for people: "25 min", "3.5 h", "120 h"."""
    if hours < 1:
        return f"{max(1, round(hours * 60))} min"
    return f"{hours:.1f} h" if hours < 10 else f"{hours:,.0f} h"


def _source(judge: str | None) -> str:
    if judge is None:
        return (
            "No judge has scored these yet, so the first figure holds if responses to one question are no more alike "
            "than others, the second if they are all the same."
        )
    return "Foreseen as if experts answered as the judge did."


def _short(work: Sequence[CountryWork], experts_each: int) -> list[str]:
    short = [row for row in work if row.is_short]
    if not short:
        return []
    where = "any of these countries" if len(short) == len(work) > 1 else _listed([_name(row.country) for row in short])
    missing = "Nobody is here" if experts_each == 1 else f"Fewer than {enough_people(experts_each)} experts are here"
    return [f"{missing} from {where}."]


def _unread(work: Sequence[CountryWork]) -> list[str]:
    unread = [row for row in work if row.people != 0 and row.unread]
    return [f"Nobody from {row.country} reads {_listed(row.unread)}." for row in unread[:_MOST_NAMED]]


def _listed(names: Sequence[str]) -> str:
    """Return names such as "Iran, Japan and 3 more"."""
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _name(country: str | None) -> str:
    return country or "no country named"


def _work_row(row: CountryWork) -> list[str]:
    people = FEW if row.people is None else f"{row.people:,}"
    each = "not shown for so few" if row.people is None else "nobody is there yet"
    each = each if row.hours_each is None else hours_text(row.hours_each)
    return [plain(_name(row.country)), f"{row.responses:,}", f"{row.labels:,}", people, each]


def _interval_row(cell: ForeseenCell) -> list[str]:
    name = "All countries" if cell.country is None else plain(cell.country)
    widths = [
        _TOO_FEW if now.most is None else f"{_points(now)} → {_points(then)}"
        for now, then in zip(cell.now, cell.doubled, strict=True)
    ]
    return [name, f"{cell.families:,}", *widths]


def _points(width: HalfWidth) -> str:
    if width.least is None or width.most is None:
        return _TOO_FEW
    least, most = round(width.least * 100), round(width.most * 100)
    return f"{most}" if least == most else f"{least}–{most}"

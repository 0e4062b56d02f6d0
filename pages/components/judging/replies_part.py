"""The replies a judge run has brought: a table by status, one in full; closed where the person may still label."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.db import reading, transaction
from core.judging.calls import (
    CALL_STATUSES,
    PAGE_SIZE,
    CallRow,
    OpenedCall,
    call_counts,
    calls_of_run,
    opened_call,
)
from core.models import JudgeCall, Judgement, Person
from core.people import reveal_scores
from core.rubric import RUBRIC
from core.words import counted
from pages.components.address import number_in_address, put_in_address
from pages.components.csv_table import Cell, csv_button, csv_text
from pages.components.judging.reasons import ended_words, failure_text
from pages.components.pages import page_in_address, page_switch
from pages.components.plain import plain, visible
from pages.components.problems import user_errors_shown
from pages.components.reading import reading_text

_MARKS = {1: "1", 0: "0", None: "–"}
_ASKED = {"all": "all four"} | {name: words.title for name, words in RUBRIC.items()}


def replies_part(run_id: str, person: Person, *, is_growing: bool) -> None:
    """Draw the replies of a run, a page at a time; the one the address names is opened below."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Replies", anchor=False, width="content")
        st.caption("Every reply of the judge is a row, one that was asked for again too.", width="content")
        if is_growing:
            st.button("Look again", icon=":material/refresh:", type="tertiary", help="More may have come since.")
    status = _status_in_address()
    with reading() as session:
        counts = call_counts(session, run_id=run_id)
        count = counts[status] if status else sum(counts.values())
        pages = max(1, -(-count // PAGE_SIZE))
        rows = calls_of_run(session, run_id=run_id, person=person, status=status, page=page_in_address(pages))
    if not sum(counts.values()):
        st.caption("None has come yet.")
        return
    _filter(counts, status)
    _reveal(rows, person)
    if rows:
        _table(rows)
        with st.container(horizontal=True, vertical_alignment="center"):
            page_switch(pages)
            st.space("stretch")
            csv_button("These replies as CSV", lambda: replies_csv(rows), file_name="replies.csv", key="replies-csv")
    else:
        st.caption("No reply has this status.")
    if call_id := number_in_address("call", otherwise=0):
        with user_errors_shown(), reading() as session:
            opened = opened_call(session, run_id=run_id, call_id=call_id, person=person)
        _one(opened)


def _status_in_address() -> str | None:
    named = st.query_params.get("status")
    return named if named in CALL_STATUSES else None


def _filter(counts: dict[str, int], status: str | None) -> None:
    st.session_state["replies-status"] = status
    st.pills(
        "Status",
        list(CALL_STATUSES),
        format_func=lambda entry: f"{entry.capitalize()} · {counts[entry]:,}",
        label_visibility="collapsed",
        key="replies-status",
        on_change=lambda: put_in_address(status=st.session_state["replies-status"], page=None, call=None),
    )


def _reveal(rows: Sequence[CallRow], person: Person) -> None:
    closed = sorted({row.response_id for row in rows if not row.is_open})
    if not closed:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f":material/visibility_off: {counted(len(closed), 'response')} not labelled by you: scores closed",
            width="content",
        )
        words = "Open the replies of this page (labels you give afterwards count as unblinded)"
        if st.button(words, icon=":material/visibility:", key="open-replies"):
            with user_errors_shown(), transaction() as session:
                reveal_scores(session, person=person, response_ids=closed)
            st.rerun()


def _table(rows: Sequence[CallRow]) -> None:
    # A table for each page and opened reply: a choice made on another one does not linger.
    key = f"replies-{rows[0].call_id}-{rows[-1].call_id}"

    def opened() -> None:
        chosen = st.session_state[key].selection.rows
        row = rows[chosen[0]] if chosen and chosen[0] < len(rows) else None
        put_in_address(call=row.call_id if row and row.is_open else None)

    st.dataframe(
        pd.DataFrame(_cells(row) for row in rows),
        hide_index=True,
        height=min(38 + 35 * len(rows), 420),
        column_config={
            "Item": st.column_config.Column(width=330),
            "Dimension": st.column_config.Column(width=120),
            "Round": st.column_config.NumberColumn(width=70),
            "Attempt": st.column_config.NumberColumn(width=75),
            "Status": st.column_config.Column(width=110),
            "Score": st.column_config.Column(
                width=110, help="Of all four: awareness, education, compliance, helpfulness. 1 is good, – is unscored."
            ),
        },
        on_select=opened,
        selection_mode="single-row",
        key=key,
    )
    if not st.query_params.get("call"):
        st.caption("Choose a row to read the reply; closed ones open with the button above.")


def _cells(row: CallRow) -> dict[str, Cell]:
    return {
        "Item": visible(row.item_id),
        "Dimension": _ASKED.get(row.asked, row.asked),
        "Round": row.round,
        "Attempt": row.attempt,
        "Status": row.status,
        "Score": " ".join(_MARKS.get(score, "–") for score in row.scores) if row.is_open else "closed",
    }


def replies_csv(rows: Sequence[CallRow]) -> str:
    """Return the rows of a page as CSV for spreadsheets; closed ones without their scores."""
    cells = [_cells(row) for row in rows]
    return csv_text(list(cells[0]), [list(row.values()) for row in cells])


def _one(opened: OpenedCall) -> None:
    call = opened.call
    with st.container(border=True):
        asked = _ASKED.get(call.asked, call.asked)
        st.markdown(f"**{plain(opened.item_id)}** · {plain(asked)}  \n:small[:gray[{plain(_facts(call))}]]")
        scores = [_score(judgement) for judgement in opened.judgements]
        if scores:
            st.markdown(" · ".join(scores))
        said, about = st.columns(2, gap="medium")
        with said:
            st.caption("The judge's reply, as it came" if call.raw_reply is not None else "There is no reply")
            with st.container(height=320, border=False):
                reading_text(
                    call.raw_reply or failure_text(call.error) or "It came back empty.", look="small", key="raw-reply"
                )
        with about:
            st.caption("The response it was about")
            with st.container(height=320, border=False):
                reading_text(
                    opened.response_text,
                    language=opened.language,
                    look="small",
                    with_markdown=True,
                    key="judged-response",
                )


def _score(judgement: Judgement) -> str:
    title, mark = _ASKED.get(judgement.dimension, judgement.dimension), _MARKS.get(judgement.score, "–")
    # CROSS's own judge gives a violation, which is turned round.
    turned = "" if judgement.raw_score in (None, mark) else f" (the judge gave {judgement.raw_score})"
    return f"{plain(title)} **{mark}**{plain(turned)}"


def _facts(call: JudgeCall) -> str:
    tokens = "tokens unknown"
    if call.prompt_tokens is not None and call.completion_tokens is not None:
        tokens = f"{call.prompt_tokens:,} tokens in, {call.completion_tokens:,} out"
    parts = [call.status, f"attempt {call.attempt}", tokens]
    parts += ["cost unknown" if call.cost_usd is None else f"${call.cost_usd:.5f}"]
    parts += [f"{call.latency_s:.1f} s"] if call.latency_s is not None else []
    parts += [words] if (words := ended_words(call.finish_reason)) else []
    parts += [f"answered by {call.snapshot}"] if call.snapshot else []
    parts += [f"request {call.request_id}"] if call.request_id else []
    return " · ".join(parts)

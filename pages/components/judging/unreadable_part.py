"""Replies of judges that gave no score: a list of them, by what became of them, for people to read."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.db import reading
from core.judges import judges_here
from core.judging.unreadable import PAGE_SIZE, UNSCORED, UnreadRow, unreadable, unreadable_counts
from core.labels.standing import standing_labels
from core.models import Label, Person
from core.rubric import JudgementStatus
from pages.components.address import number_in_address, put_in_address
from pages.components.judging.by_hand_view import Reader, by_hand_view, forget_form, last_scored
from pages.components.judging.judge_choice import one_choice
from pages.components.judging.label_chip import dimension_title, your_badge
from pages.components.pages import page_in_address, page_switch
from pages.components.plain import plain

_STATUS_LOOKS = {
    "unreadable": (":material/help:", "yellow"),
    "refused": (":material/block:", "gray"),
    "failed": (":material/error:", "red"),
}


def unreadable_part(person: Person) -> None:
    """Draw the list, or the reply the address names."""
    judge, status = _judge_in_address(), _status_in_address()
    if reply := number_in_address("reply", otherwise=0):
        by_hand_view(reply, Reader(person, status, judge))
        return
    forget_form()
    with reading() as session:
        counts = unreadable_counts(session, judge=judge)
        pages = max(1, -(-counts[status] // PAGE_SIZE))
        offset = (page_in_address(pages) - 1) * PAGE_SIZE
        found = unreadable(session, judge=judge, statuses=(status,), offset=offset)
        labels = standing_labels(session, person=person, response_ids=[row.response_id for row in found.rows])
        judges = [known.name for known in judges_here(session)]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader("Replies to read", anchor=False, width="stretch")
        last_scored(person)
    if not sum(counts.values()) and judge is None:
        _none_at_all()
        return
    _filters(counts, status, judges)
    if not found.rows:
        st.caption(_none_of(status))
        return
    _explanation(status)
    _list(found.rows, {(label.response_id, label.dimension): label for label in labels})
    page_switch(pages)


def _status_in_address() -> JudgementStatus:
    named = st.query_params.get("status")
    return next((status for status in UNSCORED if status == named), UNSCORED[0])


def _judge_in_address() -> str | None:
    return st.query_params.get("judge") or None


def _none_at_all() -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown("#### :material/task_alt: Every reply could be read.")
        st.markdown("A judge's reply that cannot be read strictly is never guessed at. It would wait here for you.")


def _none_of(status: JudgementStatus) -> str:
    return {
        "unreadable": ":material/task_alt: Every reply that came could be read.",
        "refused": "No judge refused to answer.",
        "failed": "No call failed for good.",
    }.get(status, "")


def _filters(counts: Mapping[JudgementStatus, int], status: str, judges: Sequence[str]) -> None:
    st.session_state["unread-status"] = status
    with st.container(horizontal=True, vertical_alignment="center"):
        st.pills(
            "What became of the reply",
            UNSCORED,
            required=True,
            format_func=lambda entry: f"{entry.capitalize()} · {counts[entry]:,}",
            label_visibility="collapsed",
            key="unread-status",
            on_change=lambda: put_in_address(status=st.session_state["unread-status"], page=None),
        )
        if len(judges) > 1:
            one_choice("Judge", judges, name="judge", all_words="All judges", is_small=True)


def _explanation(status: JudgementStatus) -> None:
    meaning = {
        "unreadable": "The judge answered, and no score could be read from it strictly, so it has none. To let the "
        "judge try once more, start its run again with “Ask again what could not be read before”.",
        "refused": "The judge's service refused to answer, and it is not asked again.",
        "failed": "The call failed each time. Any further run of this judge makes it again.",
    }.get(status, "")
    st.caption(f"{meaning} Read one and score it by hand: that is stored as your own label, never as the judge's.")


def _list(rows: Sequence[UnreadRow], labels: Mapping[tuple[int, str], Label]) -> None:
    for row in rows:
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            icon, colour = _STATUS_LOOKS.get(row.status, (":material/help:", "gray"))
            st.badge(row.status, icon=icon, color=colour)  # type: ignore[arg-type]
            again = f" · round {row.round}" if row.round > 1 else ""
            place = plain(f"{row.country or 'Country unknown'} · {row.judge}{again}")
            title = f"**{dimension_title(row.dimension)}** · {plain(row.item_id)}"
            st.markdown(f"{title}  \n:small[:gray[{place}]]", width="stretch")
            if label := labels.get((row.response_id, row.dimension)):
                your_badge(label)
            st.button(
                "Read", key=f"read-{row.judgement_id}", on_click=put_in_address, kwargs={"reply": row.judgement_id}
            )

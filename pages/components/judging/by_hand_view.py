"""One reply that gave no score: the question, the response, what the judge said, and the person's own answer."""

from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import streamlit as st
from sqlmodel import Session

from core.db import reading, transaction
from core.judging.unreadable import OpenedReply, UnreadRow, next_unreadable, opened_reply
from core.labels.by_hand import is_locked, label_by_hand
from core.labels.entries import MAX_REASON, Choice
from core.labels.standing import standing_labels
from core.models import JudgeCall, Label, Person
from core.people import reveal_scores
from core.rubric import RUBRIC, JudgementStatus
from pages.components.address import put_in_address
from pages.components.item_head import item_head
from pages.components.judging.label_chip import dimension_title, your_badge
from pages.components.judging.open_closed import open_closed_button
from pages.components.judging.reasons import ended_words, failure_text
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.reading import reading_text

_CHOICES: dict[Choice, tuple[str, str, str]] = {
    "yes": ("Yes", ":material/check:", "y"),
    "no": ("No", ":material/close:", "n"),
    "cant_say": ("Can't say", ":material/question_mark:", "s"),
}
_FORM, _LAST = "by-hand-form", "by-hand-last"
# So that the three answers are on a screen of 800 pixels.
_HEIGHT = 165


@dataclass(frozen=True)
class Reader:
    """Who reads, and which list of replies."""

    person: Person
    status: JudgementStatus
    judge: str | None


@dataclass(frozen=True)
class _Form:
    """The one decision a person has open; sent twice, it is stored once."""

    judgement_id: int
    form_id: str


@dataclass(frozen=True)
class _Scored:
    """The last decision, so that it can be taken back."""

    judgement_id: int
    response_id: int
    dimension: str
    said: str
    can_take_back: bool
    undo_form_id: str


def forget_form() -> None:
    """Let the next reply that is opened be a decision of its own."""
    st.session_state.pop(_FORM, None)


def by_hand_view(judgement_id: int, reader: Reader) -> None:
    """Draw a reply and ask for a score; once given, the next one of the list opens.

    What the judge said is shown only after the response was opened to the person, which makes the label unblinded.
    """
    head = st.container(horizontal=True, vertical_alignment="center", gap="small")
    back = partial(head.button, "All replies", icon=":material/arrow_back:", type="tertiary")
    back(key="all-replies", on_click=put_in_address, kwargs={"reply": None})
    with user_errors_shown(), reading() as session:
        opened = opened_reply(session, judgement_id=judgement_id, person=reader.person)
        labels = standing_labels(session, person=reader.person, response_ids=[opened.row.response_id])
    row = opened.row
    with head:
        st.caption(f"{dimension_title(row.dimension)} · {plain(row.judge)} · {plain(row.status)}", width="stretch")
        last_scored(reader.person)
        onward = partial(st.button, "Next", icon=":material/chevron_right:", icon_position="right", type="tertiary")
        onward(key="next-reply", on_click=_go_on, args=(judgement_id, reader))
    _about(opened)
    if not opened.is_open:
        _closed(opened, reader.person)
        return
    _said(opened)
    _ask(opened, next((label for label in labels if label.dimension == row.dimension), None), reader)


def last_scored(person: Person) -> None:
    """Say what was stored last, and offer to take it back; stands in a row with other things."""
    last: _Scored | None = st.session_state.get(_LAST)
    if last is None:
        return
    locked = "" if last.can_take_back else "; your four answers to it are locked now"
    st.badge(
        f"saved: {dimension_title(last.dimension)}, you: {last.said}{locked}", icon=":material/check:", color="green"
    )
    if last.can_take_back and st.button("Undo", icon=":material/undo:", type="tertiary", key="undo-by-hand"):
        _take_back(last, person)


def _take_back(last: _Scored, person: Person) -> None:
    with user_errors_shown(), transaction() as session:
        label_by_hand(
            session,
            person=person,
            response_id=last.response_id,
            dimension=last.dimension,
            choice="undone",
            form_id=last.undo_form_id,
        )
    put_in_address(reply=last.judgement_id)
    st.session_state.pop(_LAST, None)
    forget_form()
    st.rerun()


def _go_on(judgement_id: int, reader: Reader) -> None:
    with reading() as session:
        following = _following(session, judgement_id, reader)
    put_in_address(reply=following.judgement_id if following else None)


def _following(session: Session, judgement_id: int, reader: Reader) -> UnreadRow | None:
    return next_unreadable(session, person=reader.person, after=judgement_id, status=reader.status, judge=reader.judge)


def _about(opened: OpenedReply) -> None:
    item_head(opened.item, key="unread")
    with st.container(gap="xsmall"):
        st.markdown(":small[:gray[The norm]]")
        reading_text(opened.item.norm or "The record holds no norm.", key="unread-norm")


def _closed(opened: OpenedReply, person: Person) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(
            ":material/visibility_off: **This response is closed to you.** The judge's reply tells what a machine "
            "thought of it, so it is shown only once you have chosen to see it. Scoring a reply opens the next one."
        )
        open_closed_button("this reply", [opened.row.response_id], person, key="open-reply")


def _said(opened: OpenedReply) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        shown = " · the model did not see the picture" if opened.setting == "text-only" else ""
        st.markdown(f":small[:gray[The response{shown}]]")
        with st.container(height=_HEIGHT):
            reading_text(opened.response_text, language=opened.item.language, with_markdown=True, key="unread-response")
    with right:
        row = opened.row
        st.markdown(f":small[:gray[What {plain(row.judge)} said about {dimension_title(row.dimension)}, as it came]]")
        with st.container(height=_HEIGHT):
            for attempt in opened.attempts:
                _attempt(attempt)
            if not opened.attempts:
                _imported(opened)


def _attempt(call: JudgeCall) -> None:
    ended = f" · {words}" if (words := ended_words(call.finish_reason)) else ""
    asked = " · asked for all four" if call.asked == "all" else ""
    st.caption(plain(f"Attempt {call.attempt} · {call.status}{asked}{ended}"))
    text = call.raw_reply if call.raw_reply is not None else failure_text(call.error)
    # As it is written: a Markdown mark may be the very reason why it could not be read.
    reading_text(text or "It came back empty.", look="small", key=f"unread-attempt-{call.id}")


def _imported(opened: OpenedReply) -> None:
    st.caption("This judgement was imported; the file holds no raw reply.")
    for name, text in (("In place of a score", opened.said), ("Reason", opened.rationale)):
        if text:
            st.caption(name)
            reading_text(text, look="small", key=f"unread-imported-{name}")


def _ask(opened: OpenedReply, mine: Label | None, reader: Reader) -> None:
    form = st.session_state.get(_FORM)
    if form is None or form.judgement_id != opened.row.judgement_id:
        form = st.session_state[_FORM] = _Form(opened.row.judgement_id, str(uuid4()))
    # Not on Enter: that would press the first button, a yes.
    with st.form(f"by-hand-{form.form_id}", enter_to_submit=False):
        words = next((words for name, words in RUBRIC.items() if name == opened.row.dimension), None)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            asks = f"**{words.title}:** {words.meaning}" if words else plain(opened.row.dimension)
            st.markdown(asks, width="content")
            if mine is not None:
                your_badge(mine)
            st.caption("Stored as your own label, never as the judge's.", width="content")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            pressed = [
                choice
                for choice, (title, icon, key) in _CHOICES.items()
                if st.form_submit_button(title, icon=icon, shortcut=key, key=f"by-hand-{choice}-{form.form_id}")
            ]
            reason = st.text_input(
                "Why",
                max_chars=MAX_REASON,
                placeholder="Why, if you like; before you choose",
                label_visibility="collapsed",
                key=f"by-hand-reason-{form.form_id}",
            )
    if pressed:
        _store(opened, form, pressed[0], reason, reader)


def _store(opened: OpenedReply, form: _Form, choice: Choice, reason: str, reader: Reader) -> None:
    row, person = opened.row, reader.person
    with user_errors_shown(toast=True), transaction() as session:
        label_by_hand(
            session,
            person=person,
            response_id=row.response_id,
            dimension=row.dimension,
            choice=choice,
            reason=reason,
            form_id=form.form_id,
        )
        locked = is_locked(session, person=person, response_id=row.response_id)
        following = _following(session, row.judgement_id, reader)
        if following is not None:
            reveal_scores(session, person=person, response_ids=[following.response_id])
    said = _CHOICES[choice][0].lower()
    # The address first: if a second click cuts this short, the same decision is sent again under the same id.
    put_in_address(reply=following.judgement_id if following else None)
    st.session_state[_LAST] = _Scored(
        *(row.judgement_id, row.response_id, row.dimension, said), can_take_back=not locked, undo_form_id=str(uuid4())
    )
    st.rerun()

"""The decision on one dimension: outcome, then what the disagreement comes from. Two keys, or two clicks."""

from dataclasses import dataclass

import streamlit as st

from core.db import transaction
from core.labels.disagreements import name_of
from core.labels.disputed import Disputed
from core.labels.entries import MAX_REASON
from core.labels.rulings import Decision, StaleRulingError, rule
from core.models import Person, Ruling
from core.rubric import CAUSE_TITLES, RUBRIC, Dimension
from pages.components.adjudicate.labels_table import labels_table
from pages.components.adjudicate.queue_part import say
from pages.components.adjudicate.words import cause_title, ruling_title
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.reading import reading_text

# (outcome, score, key)
_OUTCOMES: tuple[tuple[str, int | None, str], ...] = (
    ("settled", 1, "y"),
    ("settled", 0, "n"),
    ("several_right", None, "s"),
    ("norm_wrong", None, "w"),
    ("not_shown", None, "p"),
)
_LOOKS = {"y": ":material/check:", "n": ":material/close:"}
_FORM = "ruling-form"


@dataclass
class _Form:
    """What a person is about to rule on one dimension, and which ruling they saw as its newest."""

    name: str
    dimension: Dimension
    seen: int
    outcome: tuple[str, int | None] | None = None
    cause: str = ""
    reason: str = ""

    @property
    def is_begun(self) -> bool:
        return self.outcome is not None or bool(self.reason.strip())


def dimension_now(found: Disputed) -> Dimension | None:
    """Return the dimension the person is at; None once all are ruled and nothing of theirs is left unsaved."""
    form: _Form | None = st.session_state.get(_FORM)
    name = name_of(found.about.response_id)
    if form and form.name == name and (form.is_begun or form.dimension == found.to_rule):
        return form.dimension
    first = next((dimension for dimension in RUBRIC if dimension == found.to_rule), None)
    if first is None:
        forget_form()
    else:
        st.session_state[_FORM] = _Form(name, first, found.newest_id(first))
    return first


def forget_form() -> None:
    """Drop what was begun."""
    st.session_state.pop(_FORM, None)


def ruling_box(found: Disputed, person: Person) -> None:
    """Draw the decision on the dimension of `dimension_now` and store it when it is whole."""
    form: _Form = st.session_state[_FORM]
    newest = found.newest.get(form.dimension)
    with st.container(border=True, gap="small"):
        if newest is not None and newest.ruling.id != form.seen:
            if form.is_begun:
                _both_versions(form, newest.ruling, "you" if newest.ruling.ruled_by == person.id else newest.ruled_by)
                labels_table(found, dimensions=[form.dimension], key="labels-now")
                return
            form.seen = newest.ruling.id
        if form.outcome and form.cause:
            _store(form, found.about.response_id, person)
        words = RUBRIC[form.dimension]
        st.markdown(f"**{words.title}.** {words.meaning} What is right?")
        labels_table(found, dimensions=[form.dimension], key="labels-now")
        if form.outcome is None:
            _reason(form)
            _ask_outcome(form)
        else:
            _ask_cause(form)


def _reason(form: _Form) -> None:
    typed = st.text_input(
        "Why",
        form.reason,
        max_chars=MAX_REASON,
        placeholder="Why, if you like; before you choose. Tab leaves this field, then the keys work again",
        label_visibility="collapsed",
        key=f"reason-{form.name}-{form.dimension}",
    )
    form.reason = typed or ""


def _ask_outcome(form: _Form) -> None:
    with st.container(horizontal=True, gap="small"):
        for outcome, score, key in _OUTCOMES:
            icon = _LOOKS.get(key)
            widget = f"outcome-{key}-{form.name}-{form.dimension}-{form.seen}"
            words = ruling_title(outcome, score)
            st.button(words, icon=icon, shortcut=key, key=widget, on_click=_choose, args=(form, (outcome, score)))


def _ask_cause(form: _Form) -> None:
    assert form.outcome is not None
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.badge(f"Your ruling: {ruling_title(*form.outcome)}", color="primary")
        st.markdown("What does the disagreement come from?", width="content")
        st.button(
            "Back",
            icon=":material/undo:",
            type="tertiary",
            shortcut="Escape",
            key=f"back-{form.name}",
            on_click=_choose,
            args=(form, None),
        )
    with st.container(horizontal=True, gap="small"):
        for number, (cause, title) in enumerate(CAUSE_TITLES.items(), start=1):
            widget = f"cause-{number}-{form.name}-{form.dimension}-{form.seen}"
            st.button(title, shortcut=str(number), key=widget, on_click=_give_cause, args=(form, cause))


# As callbacks: what was pressed is in the form before the page is drawn, so that it is there to be shown beside a
# ruling that came in between.
def _choose(form: _Form, outcome: tuple[str, int | None] | None) -> None:
    form.outcome = outcome


def _give_cause(form: _Form, cause: str) -> None:
    form.cause = cause


def _take_as_seen(form: _Form, ruling_id: int) -> None:
    form.seen = ruling_id


def _store(form: _Form, response_id: int, person: Person) -> None:
    assert form.outcome is not None
    decision = Decision(*form.outcome, form.cause, form.reason)
    # If it is refused for another reason than a ruling in between, it is asked for anew.
    form.cause = ""
    with user_errors_shown(toast=True):
        try:
            with transaction() as session:
                rule(
                    session,
                    person=person,
                    response_id=response_id,
                    dimension=form.dimension,
                    decision=decision,
                    replaces=form.seen,
                )
        except StaleRulingError:
            # Drawn anew, the page shows both.
            form.cause = decision.cause
            st.rerun()
    say(f"Saved: {RUBRIC[form.dimension].title}, {ruling_title(*form.outcome).lower()}")
    forget_form()
    st.rerun()


def _both_versions(form: _Form, theirs: Ruling, who: str) -> None:
    did = "took the ruling back" if theirs.retracted else "ruled on this"
    title = RUBRIC[form.dimension].title
    st.markdown(
        f":yellow[:material/warning:] **{title}: {plain(who)} {did} while this was open.** This one is not saved yet."
    )
    left, right = st.columns(2, gap="medium")
    with left:
        stands = "none stands" if theirs.retracted else _told(theirs.outcome, theirs.score, theirs.cause)
        st.caption("Stored now")
        st.markdown(f"**{stands}**")
        if theirs.reason:
            reading_text(theirs.reason, look="small", key="stored-reason")
    with right:
        st.caption("Yours")
        st.markdown(f"**{_told(*form.outcome, form.cause) if form.outcome else 'not chosen yet'}**")
        if form.reason:
            reading_text(form.reason, look="small", key="my-reason")
    with st.container(horizontal=True, gap="small"):
        st.button("Keep what is stored", key="keep-stored", on_click=forget_form)
        taken = (form, theirs.id)
        st.button("Put mine in its place", type="tertiary", key="put-mine", on_click=_take_as_seen, args=taken)


def _told(outcome: str, score: int | None, cause: str) -> str:
    return ruling_title(outcome, score) + (f". {cause_title(cause)}" if cause else "")

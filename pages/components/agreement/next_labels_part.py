"""What to label next: where more labels narrow an interval most, each with a plan one press away."""

from collections.abc import Sequence

import streamlit as st

from core.db import reading
from core.measures.label_gains import MORE_LABELS
from core.measures.next_labels import NextLabels, next_labels
from core.measures.score_filter import ScoreFilter
from core.models import Person
from core.words import counted
from pages.components.agreement.plan_link import beyond_plans, drawn_words, plan_address
from pages.components.agreement.scope import by_country, has_judge, say_what_is_mixed
from pages.components.failures.cell_words import keys_title
from pages.components.leaving import leave_for
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

_MOST_SHOWN = 8
_TENTH_OF_A_POINT = 0.001


def draw_next_labels(wanted: ScoreFilter, person: Person) -> None:
    """Draw the cells that gain most, then those nearest to their first corrected score, each with its plan."""
    if not has_judge(wanted):
        return
    is_by_country = by_country()
    say_what_is_mixed(wanted, person)
    with user_errors_shown(), reading() as session:
        found = next_labels(session, person=person, wanted=wanted, by_country=is_by_country)
    narrower = [one for one in found if one.gain.after is not None]
    first = [one for one in found if one.gain.after is None]
    if not found:
        st.info(
            "No more labels are needed here: every response that fits is labelled, or too few are left to say "
            "anything new.",
            icon=":material/task_alt:",
        )
        return
    if narrower:
        st.markdown(f"**Where {MORE_LABELS} more labels make a number most exact**")
        st.caption("How far the corrected score may be off, up or down (half of its 95 % interval): now, and foreseen.")
        _rows(narrower[:_MOST_SHOWN], wanted, name="narrower")
    if first:
        st.markdown("**Nearest to a first corrected score**")
        st.caption(f"{counted(len(first), 'number')} cannot be corrected yet. These lack the fewest labels.")
        _rows(first[: _MOST_SHOWN if not narrower else _MOST_SHOWN // 2], wanted, name="first")
    st.caption(_about_plans(wanted, is_by_country=is_by_country))


def _rows(cells: Sequence[NextLabels], wanted: ScoreFilter, *, name: str) -> None:
    for place, cell in enumerate(cells):
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(width="stretch", gap=None):
                st.markdown(f"**{plain(keys_title(cell.keys))}**")
                st.caption(_base(wanted, cell))
            st.markdown(_change(cell), width="content")
            if st.button("Plan them", key=f"plan-{name}-{place}", icon=":material/arrow_forward:"):
                leave_for("plans", plan_address(wanted, cell))


def _base(wanted: ScoreFilter, cell: NextLabels) -> str:
    labelled = f"{cell.labelled:,} of {counted(cell.responses, 'response')} labelled"
    return "; ".join(part for part in (labelled, drawn_words(wanted, cell)) if part)


def _about_plans(wanted: ScoreFilter, *, is_by_country: bool) -> str:
    """Return what to know before a plan is opened."""
    told = [
        "An expert answers on all four dimensions at once, so labels for one help the other three too. A plan opens "
        "filled in; nothing is drawn before you freeze it. It draws from all responses, labelled or not, so it draws "
        "more than are needed."
    ]
    if not is_by_country:
        told.append("Each country's share is rounded up: with many countries a plan draws more still.")
    if beyond_plans(wanted):
        told.append(
            "A plan cannot be narrowed to domains, languages, regions or items without corrections: it draws from all."
        )
    return " ".join(told)


def _change(cell: NextLabels) -> str:
    gain = cell.gain
    if gain.now is None or gain.after is None:
        return f"{counted(gain.missing_labels, 'more label', 'more labels')} needed"
    fewer = "" if gain.more == MORE_LABELS else f" with {gain.more}, all that are left"
    digits = 1 if gain.narrower >= _TENTH_OF_A_POINT else 2
    return f"±{gain.now * 100:.{digits}f} → **±{gain.after * 100:.{digits}f} points**{fewer}"

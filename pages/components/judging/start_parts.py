"""What both forms show beside what they ask: what a run comes to, what leaves this machine, and its start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.budgets import budget_sentence
from core.call_runs import RunBounds
from core.departure import Departure
from core.estimates import RunEstimate, known_tokenizer
from core.jobs import start_job
from core.models import CallRun
from core.words import counted
from pages.components.job_progress import duration_text
from pages.components.judging.figures import dollars
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

# An estimate counts tokens, in a process of its own; this long it is not made anew.
KEPT_S = 60.0


@dataclass(frozen=True)
class Prospect:
    """What a form knows of a run before its tokens are counted; `chosen` and `notes` are our words and counts.

    `goes_on` is the unfinished run that the start would go on with, if there is one.
    """

    model: str
    missing: int
    wanted: int
    chosen: str
    notes: Sequence[str]
    departure: Departure
    bounds: RunBounds
    goes_on: CallRun | None


def prospect_shown(prospect: Prospect, estimate: Callable[[bool], RunEstimate], *, key: str) -> RunEstimate:
    """Draw how much would be asked, what it costs and what leaves this machine; return the estimate.

    Args:
        prospect: the rest of what is told.
        estimate: makes the estimate; it is told whether to count with the model's own tokenizer.
        key: of the form.
    """
    figures = st.container()
    exact = _exact_field(prospect.model, key=key)
    with figures, user_errors_shown():
        made = estimate(exact)
    with figures:
        estimate_box("Answers missing", f"{prospect.missing:,} of {prospect.wanted:,}", made)
        st.caption(plain(f"{prospect.chosen} chosen. {made.explained}"))
    for note in prospect.notes:
        st.caption(plain(note))
    departure_line(prospect.departure)
    if prospect.goes_on is not None and prospect.goes_on.calls:
        st.caption(
            f"An unfinished run of the same goes on; its {counted(prospect.goes_on.calls, 'call')} so far count."
        )
    budget_line(made, prospect.bounds, used=prospect.goes_on)
    return made


def estimate_box(title: str, amount: str, estimate: RunEstimate) -> None:
    """Draw what a run comes to: how much is asked, money, time."""
    with st.container(border=True):
        asked, money, time = st.columns(3)
        asked.metric(title, amount)
        cost, takes = estimate.cost_usd, estimate.duration_s
        money.metric("Cost, about", "unknown" if cost is None else dollars(cost))
        time.metric("Takes, about", "unknown" if takes is None else duration_text(takes))
    if cost is None:
        st.caption("No price is known for this model. It is entered under Endpoints and prices.")


def departure_line(departure: Departure) -> None:
    """Say what leaves this machine, and whither."""
    st.info(plain(departure.sentence), icon=f":material/{'computer' if departure.is_local else 'outbox'}:")


def budget_line(estimate: RunEstimate, bounds: RunBounds, *, used: CallRun | None = None) -> None:
    """Say where the budget would end a run, if it would; what a run that goes on has used counts."""
    if (ends := budget_sentence(estimate, bounds, used=used)) is not None:
        st.warning(plain(ends), icon=":material/savings:")


def start_part(label: str, *, command: str, is_ready: bool, why_not: str, start: Callable[[], None]) -> None:
    """Draw the button that starts and, under it, the command that does the same; start where it was pressed."""
    above = st.container()
    st.caption("The same from a terminal:")
    st.code(command, language="bash", wrap_lines=True)
    # Last, though it stands above: a problem ends the page there, and hides nothing.
    with above:
        is_pressed = st.button(label, type="primary", icon=":material/play_circle:", disabled=not is_ready)
        if not is_ready:
            st.caption(why_not)
        if is_pressed:
            start()


def start_and_open(run: CallRun) -> None:
    """Give a run that is stored its process, and lead to it."""
    with user_errors_shown():
        start_job(run.job_id)
    # The answers of a form that is still drawn are its own in the address: nothing but the run may be put there.
    st.query_params.from_dict({"run": run.id})
    st.rerun()


def _exact_field(model: str, *, key: str) -> bool:
    """Ask whether tokens are to be counted with the model's own tokenizer, where that is known."""
    if known_tokenizer(model) is None:
        return False
    return st.checkbox(
        "Count with the model's own tokenizer",
        help="Takes some seconds, and may fetch the tokenizer from the hub. Otherwise tokens are reckoned from bytes.",
        key=f"{key}-exact",
        persist_state="session",
    )

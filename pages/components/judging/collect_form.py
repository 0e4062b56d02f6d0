"""The form that collects a model's responses: whom, what and how; beside it what that comes to."""

import streamlit as st

from core.config import settings
from core.db import reading, transaction
from core.endpoints import endpoints
from core.estimates import RunEstimate
from core.judging.commands import collect_command_for
from core.models import Person
from core.responses.choices import item_choices
from core.responses.collecting import (
    CollectBounds,
    CollectExtent,
    CollectSettings,
    ItemChoice,
    address_before,
    collect_extent,
    start_response_run,
)
from core.responses.estimates import collect_departure, collect_estimate, goes_on
from core.words import counted
from pages.components.judging.address_line import address_line
from pages.components.judging.collect_fields import AskedModel, asked_model
from pages.components.judging.form_parts import is_named
from pages.components.judging.import_part import import_part
from pages.components.judging.runs_list import key_lines
from pages.components.judging.start_parts import KEPT_S, Prospect, prospect_shown, start_and_open, start_part
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

_NOTHING = "Nothing of what is chosen is missing."


def collect_form(person: Person) -> None:
    """Draw the form, and beside it what would be asked, what it costs, and the button that starts it."""
    with reading() as session:
        choices = item_choices(session)
        states = endpoints(session)
    if not choices.subsets:
        st.info("There is no question to ask yet. Import the benchmark first.", icon=":material/inbox:")
        if st.button("Go to Import", type="primary", icon=":material/arrow_forward:"):
            st.switch_page("pages/import_benchmark.py")
        return
    key_lines(states)
    form, beside = st.columns([1, 1.1], gap="large")
    with form:
        asked = asked_model(states, choices)
    with st.expander("Import responses from a file", icon=":material/upload_file:"):
        import_part(person)
    # Last, though it stands above: a message that ends the page there hides nothing.
    with beside:
        _beside(asked, person)


def _beside(asked: AskedModel, person: Person) -> None:
    model = asked.settings
    if not is_named(model.base_url, model.model):
        return
    estimate = _comes_to(asked)
    before, has_moved = _moved(model)
    command = collect_command_for(model, asked.chosen, asked.bounds, has_moved=has_moved)
    start_part(
        "Start collecting",
        command=command,
        is_ready=bool(estimate.calls) and (before is None or has_moved),
        why_not="Say above that it has moved, or choose another name." if estimate.calls else _NOTHING,
        start=lambda: _start(asked, has_moved, person),
    )


def _moved(model: CollectSettings) -> tuple[str | None, bool]:
    """Return where responses of that name came from, if from elsewhere, and whether the same model has moved."""
    with user_errors_shown(), reading() as session:
        before = address_before(session, model)
    if before is None:
        return None, False
    st.warning(
        plain(
            f"Responses of {model.name} were collected at the address below. A model of the same name elsewhere can be "
            "another one: then give these another name under Stored as, so that the two are never mixed."
        ),
        icon=":material/move_location:",
    )
    address_line(before)
    # A tick holds for this name and these two addresses only.
    key = f"collect-moved-{model.name}-{before}-{model.base_url}"
    return before, st.checkbox("The same model has moved here from there", key=key)


def _comes_to(asked: AskedModel) -> RunEstimate:
    """Draw how much would be asked, what it costs and what leaves this machine; return the estimate."""
    model, chosen, bounds = asked.settings, asked.chosen, asked.bounds
    with user_errors_shown(), reading() as session:
        scope = collect_extent(session, chosen=chosen, stored_as=model.name, rounds=bounds.rounds)
        departure = collect_departure(session, settings=model, chosen=chosen, bounds=bounds)
        unfinished = goes_on(session, settings=model, chosen=chosen, bounds=bounds)
    left_out = f"{counted(scope.without_picture, 'question')} without a picture here are left out: without it they ask "
    prospect = Prospect(
        model=model.model,
        missing=scope.missing,
        wanted=scope.wanted,
        chosen=counted(scope.items, "question"),
        notes=[left_out + "something else."] if scope.without_picture else [],
        departure=departure,
        bounds=bounds,
        goes_on=unfinished,
    )
    told_apart = (settings().database_url, scope)
    return prospect_shown(prospect, lambda exact: _estimate(told_apart, model, chosen, bounds, exact), key="collect")


@st.cache_data(ttl=KEPT_S, max_entries=32, show_spinner="Reckoning what it comes to")
def _estimate(
    told_apart: tuple[str, CollectExtent],
    model: CollectSettings,
    chosen: ItemChoice,
    bounds: CollectBounds,
    exact: bool,
) -> RunEstimate:
    """The database and the extent are there to tell one estimate from another."""
    with reading() as session:
        return collect_estimate(session, settings=model, chosen=chosen, bounds=bounds, with_tokenizer=exact)


def _start(asked: AskedModel, has_moved: bool, person: Person) -> None:
    with user_errors_shown(), transaction() as session:
        run = start_response_run(
            session,
            settings=asked.settings,
            chosen=asked.chosen,
            bounds=asked.bounds,
            author=person,
            has_moved=has_moved,
        )
    start_and_open(run)

"""What both forms ask: an endpoint, a choice among what there is, and the bounds of a run.

Answers stand in the address under their keys, so that a reload, Back and another part of the page keep them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.call_runs import MOST_AT_ONCE, MOST_ROUNDS
from core.db import reading
from core.endpoints import EndpointState
from core.judging.watching import price_is_known
from core.responses.collecting import CollectBounds
from pages.components.plain import visible

_ANOTHER = "Another address"
_PAUSES = "The run stops before it would pass this; it can be resumed with more."
_NO_PRICE = "The price of this model is not known, so dollars cannot be kept to. Enter it under Endpoints and prices."


@dataclass(frozen=True)
class ChosenEndpoint:
    """Where to ask, and under which variable its key lies."""

    base_url: str
    api_key_env: str | None


def endpoint_field(states: Sequence[EndpointState], *, key: str) -> ChosenEndpoint:
    """Ask for an endpoint, one that was entered or another address; the address may still be empty."""
    by_name = {state.endpoint.name: state for state in states}
    # The first that can be asked, so that the form works as it opens.
    usable = [name for name, state in by_name.items() if state.is_usable]
    name = st.selectbox(
        "Endpoint",
        [*usable, *(name for name in by_name if name not in usable), _ANOTHER],
        # Nothing that may change: the address names an option as it reads here.
        format_func=lambda name: visible(f"{name} ({by_name[name].host})") if name in by_name else name,
        key=f"{key}-endpoint",
        bind="query-params",
    )
    if name in by_name:
        if name not in usable:
            st.caption(":material/warning: Its key is not set.")
        endpoint = by_name[name].endpoint
        return ChosenEndpoint(endpoint.base_url, endpoint.api_key_env)
    left, right = st.columns([1.5, 1])
    address = left.text_input(
        "Address", placeholder="http://127.0.0.1:8000/v1", key=f"{key}-address", bind="query-params"
    )
    variable = right.text_input(
        "Variable of its key",
        placeholder="none needed",
        help="The name of the variable, as OPENAI_API_KEY. The key itself is never typed in here.",
        key=f"{key}-variable",
        # Not in the address: no link may say which key goes where, and some type the key itself.
        persist_state="session",
    )
    return ChosenEndpoint(address.strip(), variable.strip() or None)


def choice_field(
    title: str,
    options: Sequence[str],
    *,
    key: str,
    words: Callable[[str], str] = str,
    default: Sequence[str] = (),
) -> tuple[str, ...]:
    """Ask for some of the options; none chooses all."""
    chosen = st.multiselect(
        title,
        options,
        default=[entry for entry in default if entry in options],
        # Nothing that may change, such as a count: a choice is lost when its words do.
        format_func=lambda entry: visible(words(entry)),
        placeholder="All",
        key=key,
        bind="query-params",
    )
    return tuple(chosen)


def bounds_fields(model: str, *, key: str) -> CollectBounds:
    """Ask for rounds, calls at once and budgets; one in dollars only where the model's price is known."""
    left, right = st.columns(2)
    rounds = left.number_input(
        "Rounds", 1, MOST_ROUNDS, 1, help="How often each is asked.", key=f"{key}-rounds", bind="query-params"
    )
    at_once = right.number_input(
        "Calls at once, at most", 1, MOST_AT_ONCE, 8, key=f"{key}-at-once", bind="query-params"
    )
    with left:
        usd = dollars_field("Budget in dollars", model, key=f"{key}-usd", in_address=True)
    calls = right.number_input(
        "Budget in calls",
        1,
        100_000_000,
        None,
        placeholder="no limit",
        help=_PAUSES,
        key=f"{key}-calls",
        bind="query-params",
    )
    return CollectBounds(int(rounds), int(at_once), usd, calls)


def dollars_field(title: str, model: str, *, key: str, in_address: bool = False) -> float | None:
    """Ask for a budget in dollars, where the model's price is known."""
    with reading() as session:
        is_known = price_is_known(session, model=model)
    if not is_known:
        st.number_input(
            title, value=None, placeholder="price unknown", disabled=True, help=_NO_PRICE, key=f"{key}-unknown"
        )
        return None
    return st.number_input(
        title,
        0.01,
        999_999.0,
        None,
        placeholder="no limit",
        help=_PAUSES,
        key=key,
        bind="query-params" if in_address else None,
    )


def is_named(base_url: str, model: str) -> bool:
    """Return whether it is known whom to ask; where not, say so."""
    if base_url and model:
        return True
    missing = " and ".join(words for words, held in (("an endpoint", base_url), ("a model", model)) if not held)
    st.info(f"Name {missing}. Then you see here what the run costs and how long it takes.", icon=":material/info:")
    return False

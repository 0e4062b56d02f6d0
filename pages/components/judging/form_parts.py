"""What both forms ask: an endpoint, a choice among what there is, and the bounds of a run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.call_runs import MOST_AT_ONCE, MOST_ROUNDS
from core.chat.address import is_this_machine
from core.db import reading
from core.endpoints import EndpointState
from core.estimates import known_tokenizer
from core.judging.watching import price_is_known
from core.responses.collecting import CollectBounds
from pages.components.job_progress import duration_text
from pages.components.judging.figures import dollars
from pages.components.plain import plain, visible

# An estimate counts tokens, in a process of its own; this long it is not made anew.
KEPT_S = 60.0
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

    def title(name: str) -> str:
        if name not in by_name:
            return name
        state = by_name[name]
        return visible(f"{name} ({state.host})") + ("" if state.is_usable else ", key not set")

    # The first that can be asked, so that the form works as it opens.
    usable = [name for name, state in by_name.items() if state.is_usable]
    options = [*usable, *(name for name in by_name if name not in usable), _ANOTHER]
    name = st.selectbox("Endpoint", options, format_func=title, key=f"{key}-endpoint")
    if name in by_name:
        endpoint = by_name[name].endpoint
        return ChosenEndpoint(endpoint.base_url, endpoint.api_key_env)
    left, right = st.columns([1.5, 1])
    address = left.text_input("Address", placeholder="http://127.0.0.1:8000/v1", key=f"{key}-address")
    variable = right.text_input(
        "Variable of its key",
        placeholder="none needed",
        help="The name of the variable, as OPENAI_API_KEY. The key itself is never typed in here.",
        key=f"{key}-variable",
    )
    return ChosenEndpoint(address.strip(), variable.strip() or None)


def choice_field(
    title: str,
    counts: Mapping[str, int],
    *,
    key: str,
    words: Callable[[str], str] = str,
    default: Sequence[str] = (),
    disabled: bool = False,
) -> tuple[str, ...]:
    """Ask for some entries; none chooses all."""
    chosen = st.multiselect(
        title,
        list(counts),
        default=[entry for entry in default if entry in counts],
        format_func=lambda entry: f"{visible(words(entry))} · {counts[entry]:,}",
        placeholder="All",
        disabled=disabled,
        key=key,
    )
    return tuple(chosen)


def bounds_fields(model: str, *, key: str) -> CollectBounds:
    """Ask for rounds, calls at once and budgets; one in dollars only where the model's price is known."""
    with reading() as session:
        is_known = price_is_known(session, model=model)
    left, right = st.columns(2)
    rounds = left.number_input("Rounds", 1, MOST_ROUNDS, 1, help="How often each is asked.", key=f"{key}-rounds")
    at_once = right.number_input("Calls at once, at most", 1, MOST_AT_ONCE, 8, key=f"{key}-at-once")
    usd = left.number_input(
        "Budget in dollars",
        0.01,
        999_999.0,
        None,
        placeholder="no limit" if is_known else "price unknown",
        disabled=not is_known,
        help=_PAUSES if is_known else _NO_PRICE,
        key=f"{key}-usd-{is_known}",
    )
    calls = right.number_input(
        "Budget in calls", 1, 100_000_000, None, placeholder="no limit", help=_PAUSES, key=f"{key}-calls"
    )
    return CollectBounds(int(rounds), int(at_once), usd if is_known else None, calls)


def is_named(base_url: str, model: str) -> bool:
    """Return whether it is known whom to ask; where not, say so."""
    if base_url and model:
        return True
    missing = " and ".join(words for words, held in (("an endpoint", base_url), ("a model", model)) if not held)
    st.info(f"Name {missing}. Then you see here what the run costs and how long it takes.", icon=":material/info:")
    return False


def estimate_box(missing: int, wanted: int, cost_usd: float | None, duration_s: float | None) -> None:
    """Draw what a run comes to: answers missing, money, time."""
    with st.container(border=True):
        answers, money, time = st.columns(3)
        answers.metric("Answers missing", f"{missing:,} of {wanted:,}")
        money.metric("Cost, about", "unknown" if cost_usd is None else dollars(cost_usd))
        time.metric("Takes, about", "unknown" if duration_s is None else duration_text(duration_s))


def exact_field(model: str, *, key: str) -> bool:
    """Ask whether tokens are to be counted with the model's own tokenizer, where that is known."""
    if known_tokenizer(model) is None:
        return False
    return st.checkbox(
        "Count with the model's own tokenizer",
        help="Takes some seconds, and may fetch the tokenizer from the hub. Otherwise tokens are reckoned from bytes.",
        key=f"{key}-exact",
    )


def departure_line(sentence: str, base_url: str) -> None:
    """Say what leaves this machine, and whither."""
    icon = "computer" if is_this_machine(base_url) else "outbox"
    st.info(plain(sentence), icon=f":material/{icon}:")

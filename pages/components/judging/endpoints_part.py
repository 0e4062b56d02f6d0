"""Endpoints: where models answer, whether their keys are set, a test call, and the form that enters one."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.db import reading, transaction
from core.endpoints import EndpointState, add_endpoint, endpoints, remove_endpoint, try_endpoint
from core.errors import UserError
from core.models import Endpoint, Person
from pages.components.address import put_in_address
from pages.components.judging.address_line import address_line
from pages.components.judging.runs_list import key_lines
from pages.components.plain import plain, visible
from pages.components.problems import user_errors_shown

_NEVER = "Name of the variable, such as OPENAI_API_KEY. The key itself is never typed in here, and never stored."
_CHECK = (
    "Check the address (most end in /v1), the model's name as the endpoint spells it, and the variable with the key."
)
_SAVED = "endpoints-saved"


@dataclass(frozen=True)
class _Typed:
    """An endpoint as the form holds it."""

    name: str
    address: str
    variable: str | None
    is_new: bool


# A fragment: a problem in it ends it, and must not take away prices that are typed in but not saved.
@st.fragment
def endpoints_part(person: Person) -> None:
    """Draw the endpoints and what can be done with them."""
    with reading() as session:
        states = endpoints(session)
    key_lines(states)
    st.subheader("Endpoints", anchor=False)
    if not states:
        st.caption("None is entered yet. An endpoint is the address where models answer, in the form OpenAI's has.")
    for state in states:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            _row(state, person)
    left, right = st.columns(2, gap="large")
    # What was typed is stored once all is drawn: a problem ends the part there.
    with left:
        typed = _enter(states)
    with right:
        tried = _asked_to_try(states) if states else None
    if typed:
        with left:
            _save(typed, states, person)
    if tried:
        with right:
            _try(*tried, person)


def _row(state: EndpointState, person: Person) -> None:
    endpoint = state.endpoint
    with st.container(gap="xxsmall", width="stretch"):
        st.markdown(f"**{plain(endpoint.name)}**")
        address_line(endpoint.base_url)
    with st.container(width=185, horizontal=True, horizontal_alignment="left"):
        if state.key_is_set is None:
            st.badge("needs no key", icon=":material/key_off:", color="gray")
        elif state.key_is_set:
            st.badge("key set", icon=":material/check:", color="green", help=plain(endpoint.api_key_env))
        else:
            st.badge("key not set", icon=":material/warning:", color="yellow", help=plain(endpoint.api_key_env))
    with st.container(width=140, horizontal=True):
        if state.is_local:
            st.badge("this machine", icon=":material/computer:", color="gray")
        else:
            st.badge("outside", icon=":material/outbox:", color="gray", help="What is sent there leaves this machine.")
    st.button(
        "Change",
        key=f"change-{endpoint.id}",
        on_click=put_in_address,
        kwargs={"endpoint": endpoint.name},
    )
    with st.popover("Remove"):
        st.markdown("Judges and runs keep the address they used.")
        if st.button("Remove it", key=f"remove-{endpoint.id}"):
            with user_errors_shown(), transaction() as session:
                remove_endpoint(session, name=endpoint.name, author=person)
            put_in_address(endpoint=None)
            st.rerun()


def _enter(states: Sequence[EndpointState]) -> _Typed | None:
    changed = next((one.endpoint for one in states if one.endpoint.name == st.query_params.get("endpoint")), None)
    st.markdown(f"**Change {plain(changed.name)}**" if changed else "**Add an endpoint**")
    # A form of its own after each save, so that it is empty again.
    key = f"endpoint-{changed.id if changed else 'new'}-{st.session_state.get(_SAVED, 0)}"
    with st.form(key, enter_to_submit=False):
        name, address, variable = _fields(changed, key)
        kept = st.form_submit_button("Save the endpoint", type="primary", icon=":material/save:")
    if changed:
        st.button("Add another instead", type="tertiary", on_click=put_in_address, kwargs={"endpoint": None})
    return _Typed(name, address, variable or None, is_new=changed is None) if kept else None


def _save(typed: _Typed, states: Sequence[EndpointState], person: Person) -> None:
    with user_errors_shown(toast=True), transaction() as session:
        if typed.is_new and " ".join(typed.name.split()) in {state.endpoint.name for state in states}:
            raise UserError(f"{typed.name} is entered already. Press Change beside it, or choose another name.")
        add_endpoint(session, name=typed.name, base_url=typed.address, api_key_env=typed.variable, author=person)
    put_in_address(endpoint=None)
    st.session_state[_SAVED] = st.session_state.get(_SAVED, 0) + 1
    st.toast("The endpoint is saved.", icon=":material/check:")
    st.rerun()


def _fields(changed: Endpoint | None, key: str) -> tuple[str, str, str]:
    """Return name, address and variable as they are typed; the name of one that is there stays."""
    held = changed or Endpoint(name="", base_url="")
    name = st.text_input(
        "Name", held.name, max_chars=80, placeholder="OpenAI", disabled=changed is not None, key=f"{key}-name"
    )
    address = st.text_input("Address", held.base_url, placeholder="https://api.openai.com/v1", key=f"{key}-address")
    variable = st.text_input(
        "Variable that holds its key",
        held.api_key_env or "",
        placeholder="OPENAI_API_KEY, or nothing where none is needed",
        key=f"{key}-variable",
    )
    st.caption(_NEVER)
    return name, address, variable.strip()


def _asked_to_try(states: Sequence[EndpointState]) -> tuple[Endpoint, str] | None:
    st.markdown("**Test call**")
    by_name = {state.endpoint.name: state.endpoint for state in states}
    with st.form("test-call", enter_to_submit=False):
        chosen = by_name[st.selectbox("Endpoint", list(by_name), format_func=visible, key="test-endpoint")]
        model = st.text_input("Model", placeholder="as the endpoint names it", key="test-model")
        st.caption("Asks the model to say OK. Nothing of this workspace is sent.")
        asked = st.form_submit_button("Test call", icon=":material/network_ping:")
    return (chosen, model.strip()) if asked else None


def _try(chosen: Endpoint, model: str, person: Person) -> None:
    if not model:
        st.warning("Name a model: an endpoint has many.", icon=":material/warning:")
        return
    with user_errors_shown(), st.spinner("Waiting for its answer, 20 seconds at most"):
        tried = try_endpoint(base_url=chosen.base_url, model=model, api_key_env=chosen.api_key_env, author=person)
    if tried.ok:
        took = "" if tried.latency_s is None else f" after {tried.latency_s:.1f} s"
        st.success(f"**{plain(tried.model or model)}** answered{took}: {plain(tried.said)}", icon=":material/check:")
    else:
        st.error(f"The call failed: {plain(tried.said)}  \n{_CHECK}", icon=":material/error:")

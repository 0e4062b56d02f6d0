"""Keep where a person is in the address bar, so that a link, a reload and Back lead to the same."""

from collections.abc import Mapping, Sequence

import streamlit as st

Entry = str | int | Sequence[str] | None
_KEPT = "kept-in-address"


def given_in_address() -> dict[str, list[str]]:
    """Return the address's entries by name, each as a list."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def put_in_address(**entries: Entry) -> None:
    """Change some entries; an empty one goes. As one step, so that Back undoes it as one."""
    named = given_in_address()
    for name, entry in (st.session_state.get(_KEPT, {}) | entries).items():
        named[name] = [str(entry)] if isinstance(entry, str | int) else list(entry or ())
    st.query_params.from_dict({name: held for name, held in named.items() if held and held != [""]})


def keep_in_address(entries: Mapping[str, Entry]) -> None:
    """Have entries that the page chose by itself go to the address along with its next change.

    Once another judge or model comes first by name, a link without them would show other numbers.
    """
    st.session_state[_KEPT] = st.session_state.get(_KEPT, {}) | dict(entries)


def forget_kept() -> None:
    """Forget what another page, or an earlier run of this one, wanted kept."""
    st.session_state.pop(_KEPT, None)


def number_in_address(name: str, *, otherwise: int, most: int = 10**9) -> int:
    """Return a whole number between 1 and `most` from the address; anything else gives `otherwise`."""
    text = st.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 and 1 <= int(text) <= most else otherwise


def part_in_address(parts: Mapping[str, str], *, key: str) -> str:
    """Draw the switch between the parts of a page and return the one the address names, or the first.

    `parts` are titles by name. A change of the part makes the rest of the address plain.
    """
    first = next(iter(parts))
    named = st.query_params.get("part", first)
    st.session_state[key] = part = named if named in parts else first

    def changed() -> None:
        chosen = st.session_state[key]
        st.query_params.from_dict({} if chosen == first else {"part": chosen})

    st.segmented_control(
        "Part",
        list(parts),
        required=True,
        wrap=True,
        label_visibility="collapsed",
        format_func=parts.__getitem__,
        key=key,
        on_change=changed,
    )
    return part

"""Fields and chips of the filters of numbers; a change goes to the address at once."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.benchmark.items import UNKNOWN
from core.measures.score_filter import CHOSEN_BY, ScoreFilter
from core.rubric import SETTING_TITLES, SPLIT_TITLES
from pages.components.address import put_in_address
from pages.components.failures.cell_words import KEY_TITLES, label_title
from pages.components.plain import plain, visible

# Those without a field of their own come from links, and show as chips.
_BY_LINK = ("countries", "dimensions", "domains", "languages", "regions", "subsets", "rounds")


def one_of(
    label: str,
    entries: Sequence[str],
    chosen: str,
    title: Callable[[str], str],
    put: Callable[[str], None],
    *,
    width: int,
) -> None:
    """Draw a field with one entry chosen; `put` is called with another one once it is."""
    key = f"score-{label}"
    # By place: a name from data may read as one of our own words does.
    st.session_state[key] = list(entries).index(chosen)
    st.selectbox(
        label,
        list(range(len(entries))),
        format_func=lambda place: visible(title(entries[place])),
        key=key,
        on_change=lambda: put(entries[st.session_state[key]]),
        width=width,
    )


def fields_of_items(wanted: ScoreFilter, settings: Sequence[str], splits: Sequence[str]) -> None:
    """Draw the fields that choose items: setting, use, corrections; "" stands for all."""
    setting, split = next(iter(wanted.settings), ""), next(iter(wanted.splits), "")
    errata = "without" if wanted.errata == "without" else ""
    one_of("Setting", ("", *settings), setting, _setting_title, lambda one: put_in_address(setting=one), width=185)
    one_of("Use", ("", *splits), split, _split_title, lambda one: put_in_address(split=one), width=170)
    both = ("", "without")
    one_of("Items with corrections", both, errata, _errata_title, lambda one: put_in_address(errata=one), width=165)


def chips(wanted: ScoreFilter) -> None:
    """Draw what a link chose beside the fields, each with a way to take it away."""
    in_force = {name: getattr(wanted, name) for name in _BY_LINK if getattr(wanted, name)}
    if not in_force:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for name, entries in in_force.items():
            key = CHOSEN_BY[name]
            words = ", ".join(plain(label_title(key, None if one == UNKNOWN else one)) for one in entries)
            st.button(
                f"{KEY_TITLES[key]}: {words}",
                icon=":material/close:",
                key=f"score-chip-{key}",
                on_click=put_in_address,
                kwargs={key: None},
                help="Take it away",
            )


def mixed_sentence(words: Sequence[str]) -> str:
    """Return what is mixed as a sentence that ends a line."""
    return f"Mixed here: {'; '.join(words)}." if words else "Nothing is mixed."


def _setting_title(setting: str) -> str:
    return SETTING_TITLES[setting] if setting else "English and translation"


def _split_title(split: str) -> str:
    return SPLIT_TITLES[split].capitalize() if split else "All items"


def _errata_title(errata: str) -> str:
    return "Left out" if errata else "Count too"

"""The row of filters over a list of items, and the chips that say which are in force."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from core.benchmark.countries import LANGUAGE_NAMES
from core.benchmark.item_address import ADDRESS_NAMES
from core.benchmark.items import NO_ERRATA, UNKNOWN, ItemFilter, Listing
from core.rubric import DOMAIN_TITLES, RUBRIC, SETTING_TITLES, SPLIT_TITLES
from pages.components.address import put_in_address
from pages.components.item_words import SUBSET_TITLES, WARNING_TITLES, wording_title
from pages.components.plain import plain, visible
from pages.components.raters_words import raters_words

TITLES = {
    "search": "Search",
    "countries": "Country",
    "domains": "Domain",
    "languages": "Language",
    "models": "Model",
    "failing": "A judge says no to",
    "subsets": "Part of CROSS",
    "wordings": "Wording",
    "splits": "Use",
    "warnings": "Warning",
    "errata": "Corrections",
    "regions": "Region or group",
    "norms": "Norm",
    "families": "Family",
    "settings": "Answered in",
    "rounds": "Round of answers",
    "months": "Month of answers",
    "scored_by": "Behind the number",
    "flagged": "Flagged: reads like instructions to a judge",
    "to_label": "Left for me to label",
}
# Drawn as one chip, and taken away together.
_BEHIND = ("scored_by", "scored", "answered_by")
_LONGEST_ENTRY = 70
# What is ticked, not chosen among entries.
_TICKS: tuple[Literal["flagged", "to_label"], ...] = ("to_label", "flagged")


def entry_title(name: str, entry: str) -> str:
    """Return one entry of a filter as people read it, inert."""
    titles: dict[str, Callable[[str], str]] = {
        "countries": lambda held: "country unknown" if held == UNKNOWN else held,
        "domains": lambda held: DOMAIN_TITLES.get(held, "domain unknown"),
        "languages": lambda held: LANGUAGE_NAMES.get(held, held),
        "subsets": lambda held: SUBSET_TITLES.get(held, held),
        "wordings": wording_title,
        "splits": lambda held: SPLIT_TITLES.get(held, held).capitalize(),
        "warnings": lambda held: WARNING_TITLES.get(held, held),
        "errata": {"open": "proposed", "accepted": "accepted", NO_ERRATA: "none"}.__getitem__,
        "failing": lambda held: RUBRIC[held].title if held in RUBRIC else held,
        "regions": lambda held: "region unknown" if held == UNKNOWN else held,
        "norms": lambda held: "none named" if held == UNKNOWN else held,
        "settings": lambda held: SETTING_TITLES.get(held, held),
    }
    title = titles.get(name, str)(entry)
    return plain(title if len(title) <= _LONGEST_ENTRY else title[: _LONGEST_ENTRY - 1] + "…")


def filter_row(
    wanted: ItemFilter,
    found: Listing,
    *,
    models: tuple[str, ...],
    judges: tuple[str, ...],
    judge: str | None,
    view: str,
) -> None:
    """Draw search, filters and the switch between gallery and table; a change goes to the address at once.

    Args:
        wanted: the filter in force.
        found: what fits it.
        models: those the person may filter by.
        judges: those the person may choose from.
        judge: the one whose scores count now.
        view: gallery or table.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _search(wanted)
        for name in ("countries", "domains", "languages"):
            _popover(TITLES[name], wanted, found, (name,))
        if models:
            _models(models, wanted.models)
        if judge:
            _judge(judges, judge, wanted.failing)
        _popover("More", wanted, found, ("splits", "warnings", "errata", "wordings", "subsets"), ticks=_TICKS)
        st.space("stretch")
        _view_switch(view)


def chips(wanted: ItemFilter, judge: str | None) -> None:
    """Draw the filters in force; a click takes one away. `judge` is whose scores count."""
    without = ("judge", *_BEHIND[1:])
    in_force = {name: held for name in ADDRESS_NAMES if name not in without and (held := getattr(wanted, name))}
    if not in_force:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chips"):
        for name, entries in in_force.items():
            words = f"{plain(judge)} says no to" if name == "failing" and judge else TITLES[name]
            if name == "search":
                words = f"{words}: {plain(wanted.search)}"
            elif name == "scored_by":
                words = f"{words}: {behind_words(wanted)}"
            elif entries is not True:
                words = f"{words}: {', '.join(entry_title(name, entry) for entry in entries)}"
            st.button(
                words,
                icon=":material/close:",
                key=f"chip-{name}",
                on_click=_clear,
                args=(_BEHIND if name == "scored_by" else (name,),),
                help="Take it away",
            )
        st.button("Clear all", type="tertiary", key="clear-all", on_click=_clear, args=((*in_force, *without),))


def behind_words(wanted: ItemFilter) -> str:
    """Return whose scores of what a number was made of, inert."""
    told = [raters_words(wanted)]
    told += [words.title for name, words in RUBRIC.items() if name in wanted.scored]
    told += [f"answered by {' and '.join(wanted.answered_by)}"] if wanted.answered_by else []
    return plain(" · ".join(told))


def _key(name: str) -> str:
    return f"filter-{name}"


def _kept(name: str, held: object) -> None:
    """Let the widget show what the address says: the address is the only truth."""
    st.session_state[_key(name)] = list(held) if isinstance(held, tuple) else held


def _changed(name: str, judge: str | None = None) -> None:
    held = st.session_state[_key(name)]
    # With its judge in the address, a link goes on to mean that one when another has scored since.
    named = {"judge": judge} if judge else {}
    put_in_address(**{ADDRESS_NAMES[name]: "yes" if held is True else held or None}, **named, page=None)


def _clear(names: tuple[str, ...]) -> None:
    put_in_address(**dict.fromkeys(ADDRESS_NAMES[name] for name in names), page=None)


def _counted(title: str, entries: tuple[str, ...]) -> str:
    return f"**{title}** {len(entries)}" if entries else title


def _search(wanted: ItemFilter) -> None:
    _kept("search", wanted.search)
    st.text_input(
        "Search question or norm",
        placeholder="Search question or norm",
        label_visibility="collapsed",
        icon=":material/search:",
        width=220,
        key=_key("search"),
        on_change=_changed,
        args=("search",),
    )


def _models(models: tuple[str, ...], chosen: tuple[str, ...]) -> None:
    with st.popover(_counted("Model", chosen)):
        _kept("models", chosen)
        title = "Items that one of these models answered"
        st.multiselect(title, models, key=_key("models"), format_func=visible, on_change=_changed, args=("models",))


def _judge(judges: tuple[str, ...], judge: str, failing: tuple[str, ...]) -> None:
    """Ask whose scores count, where there is a choice, and what that judge says no to."""
    with st.popover(_counted("Judge", failing)):
        if len(judges) > 1:
            _kept("judge", judge)
            title = "Whose scores count, in marks too"
            st.selectbox(title, judges, key=_key("judge"), format_func=visible, on_change=_changed, args=("judge",))
        _pills("failing", failing, dict.fromkeys(RUBRIC), title=f"{plain(judge)} says no to", judge=judge)


def _popover(
    title: str, wanted: ItemFilter, found: Listing, names: tuple[str, ...], *, ticks: tuple[str, ...] = ()
) -> None:
    chosen = tuple(entry for name in names for entry in getattr(wanted, name))
    chosen += tuple(name for name in ticks if getattr(wanted, name))
    with st.popover(_counted(title, chosen)):
        for name in ticks:
            _kept(name, getattr(wanted, name))
            st.checkbox(TITLES[name], key=_key(name), on_change=_changed, args=(name,))
        for name in names:
            counts: dict[str, int | None] = {facet.entry: facet.count for facet in found.facets.get(name, ())}
            if name == "errata":
                counts = dict.fromkeys(("open", "accepted", NO_ERRATA))
            counts = counts | {entry: 0 for entry in getattr(wanted, name) if entry not in counts}
            if counts:
                _pills(name, getattr(wanted, name), counts)


def _pills(
    name: str,
    chosen: tuple[str, ...],
    counts: dict[str, int | None],
    *,
    title: str | None = None,
    judge: str | None = None,
) -> None:
    def words(entry: str) -> str:
        count = counts.get(entry)
        return entry_title(name, entry) + (f" · {count:,}" if count is not None else "")

    _kept(name, chosen)
    st.pills(
        title or TITLES[name],
        list(counts),
        selection_mode="multi",
        key=_key(name),
        format_func=words,
        on_change=_changed,
        args=(name, judge),
    )


def _view_switch(view: str) -> None:
    st.session_state["view"] = view
    icons = {"gallery": ":material/grid_view:", "table": ":material/table_rows:"}
    st.segmented_control(
        "View",
        list(icons),
        required=True,
        label_visibility="collapsed",
        format_func=icons.__getitem__,
        key="view",
        on_change=lambda: put_in_address(view=None if st.session_state["view"] == "gallery" else "table"),
    )

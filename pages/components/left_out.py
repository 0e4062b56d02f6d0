"""What a link asks for and numbers do not hold: said on every page of numbers, and gone with the next change."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.benchmark.items import UNKNOWN
from core.measures.score_filter import ScoreFilter, score_address
from pages.components.address import keep_in_address
from pages.components.failures.cell_words import KEY_TITLES, label_title
from pages.components.plain import plain

_RATER = ("judge", "experts")
_TITLES = {
    **KEY_TITLES,
    "judge": "Scores by",
    "experts": "Scores by",
    "errata": "Items with corrections",
    "with": "Compared with",
}
_WORDS = {("experts", "yes"): "experts alone", ("errata", "with"): "count too", ("errata", "without"): "left out"}


def filter_in_address(left_out: Mapping[str, Sequence[str]], wanted: ScoreFilter) -> None:
    """Say what a link asks for in vain; with the next change the address names the judge and the model shown.

    Args:
        left_out: entries of the address that are not in force, by name.
        wanted: the filter in force.
    """
    held = score_address(wanted)
    # A model of the address stays there while nothing fits, for when filters are taken away.
    shown = [name for name in (*_RATER, "model") if name in held]
    keep_in_address({name: held.get(name) for name in (*left_out, *shown)})
    instead = {name: [(name, entry) for entry in held.get(name, ())] for name in left_out}
    rater = [(name, entry) for name in _RATER for entry in held.get(name, ())]
    left_out_line(left_out, {name: rater if name in _RATER else entries for name, entries in instead.items()})


def left_out_line(
    left_out: Mapping[str, Sequence[str]], instead: Mapping[str, Sequence[tuple[str, str]]], *, otherwise: str = "all"
) -> None:
    """Say which entries of a link are not in force, so that nobody takes other numbers for theirs; nothing if none.

    Args:
        left_out: the entries by their name in the address.
        instead: what is in force in their place, each entry with its name in the address.
        otherwise: our own word where nothing is.
    """
    if not left_out:
        return
    asked = [_told(name, [(name, entry) for entry in entries], otherwise) for name, entries in left_out.items()]
    shown = dict.fromkeys(_told(name, instead.get(name, ()), otherwise) for name in left_out)
    st.warning(
        f"Not all that this link asks for can be shown. Left out: {'; '.join(asked)}. "
        f"Shown instead: {'; '.join(shown)}.",
        icon=":material/link_off:",
    )


def _told(name: str, entries: Sequence[tuple[str, str]], otherwise: str) -> str:
    words = ", ".join(plain(_entry_words(*entry)) for entry in entries)
    return f"{_TITLES[name]}: {words or otherwise}"


def _entry_words(name: str, entry: str) -> str:
    words = _WORDS.get((name, entry))
    return words or (label_title(name, None if entry == UNKNOWN else entry) if name in KEY_TITLES else entry)

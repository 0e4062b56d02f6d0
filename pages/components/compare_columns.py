"""Responses side by side: what each says, how it scored, and where it differs from one of them."""

from collections.abc import Sequence

import streamlit as st

from core.pairs.word_diff import Run, differing_words, word_diff, worth_marking
from core.responses.views import ResponseView
from pages.components.plain import plain
from pages.components.reading import reading_text
from pages.components.response_card import response_scores, response_state, response_text, response_title

_TICKED = "ticked"


def ticked(item_id: str, responses: Sequence[ResponseView]) -> list[ResponseView]:
    """Return the responses ticked for a pair, in the order of the ticks."""
    by_letter = {response.letter: response for response in responses}
    return [by_letter[letter] for letter in st.session_state.get(f"{_TICKED}-{item_id}", ()) if letter in by_letter]


def compare_columns(
    item_id: str, responses: Sequence[ResponseView], *, language: str, base: ResponseView | None
) -> None:
    """Draw two to six responses in equal columns; with a base, the others show how they differ from it."""
    for column, response in zip(st.columns(len(responses), gap="small"), responses, strict=True):
        key = f"column-{response.letter}"
        with column, st.container(border=True, gap="small", height="stretch"):
            runs = (
                word_diff(base.text, response.text) if base and base is not response and response.is_readable else None
            )
            _head(item_id, response, _difference(base, response, runs))
            response_scores(response, key=key)
            if runs is None or not worth_marking(runs):
                response_text(response, language=language, key=f"{key}-text")
            else:
                reading_text(runs, language=language, key=f"{key}-text")


def _head(item_id: str, response: ResponseView, aside: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        key = f"tick-{item_id}-{response.letter}"
        if response.is_readable:
            order = st.session_state.get(f"{_TICKED}-{item_id}", [])
            st.session_state[key] = response.letter in order
            st.checkbox(
                f"**{response_title(response)}**",
                key=key,
                on_change=_tick,
                args=(item_id, response.letter),
            )
        else:
            st.markdown(f"**{response_title(response)}**", width="content")
        response_state(response)
        if aside:
            st.caption(aside, width="content")


def _tick(item_id: str, letter: str) -> None:
    """Keep the last two ticks, in their order."""
    order = [other for other in st.session_state.get(f"{_TICKED}-{item_id}", ()) if other != letter]
    if st.session_state[f"tick-{item_id}-{letter}"]:
        order = [*order[-1:], letter]
    st.session_state[f"{_TICKED}-{item_id}"] = order


def _difference(base: ResponseView | None, response: ResponseView, runs: list[Run] | None) -> str:
    if base is response:
        return "compared with"
    if runs is None:
        return ""
    if not worth_marking(runs):
        return "too different to mark"
    count = differing_words(runs)
    return "the same words" if not count else plain(f"{count:,} words differ")

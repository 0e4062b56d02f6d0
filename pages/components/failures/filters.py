"""The row of filters of numbers, and what they mix, said in a line."""

from collections.abc import Sequence

import streamlit as st

from core.measures.mixed import by_hand_words, mixed_words
from core.measures.scores import Counted
from core.words import counted
from pages.components.address import put_in_address
from pages.components.failures.choice import Choice
from pages.components.failures.filter_fields import chips, fields_of_items, mixed_sentence, one_of
from pages.components.plain import plain


def filter_row(choice: Choice) -> None:
    """Draw whose scores of which model and items count."""
    wanted = choice.over_all
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        one_of("Scores by", [*choice.judges, ""], wanted.judge, _rater_title, _put_rater, width=195)
        if choice.models:
            one_of("Model", choice.models, choice.model or "", str, lambda one: put_in_address(model=one), width=195)
        fields_of_items(wanted, choice.settings, choice.splits)
    chips(wanted)


def mixed_line(
    found: Counted, choice: Choice, *, all_models: bool, models: Sequence[str] = (), by_hand: int = 0
) -> None:
    """Say whose scores of how many responses these are, and what is mixed in them.

    Args:
        found: what counts.
        choice: of the page.
        all_models: whether it is of all models.
        models: of which, where it is of several.
        by_hand: how many of the labelled responses no draw brought.
    """
    what = "all models" if all_models else " and ".join(models) if models else str(choice.model)
    whose = f"{choice.rater_words[0].upper()}{choice.rater_words[1:]}"
    base = f"{counted(found.responses, 'response')} of {plain(what)} to {counted(found.items, 'item')}"
    st.caption(f"{plain(whose)}: {base}. {mixed_sentence([*mixed_words(found), *by_hand_words(by_hand)])}")


def _put_rater(judge: str) -> None:
    put_in_address(judge=judge, experts=None if judge else "yes")


def _rater_title(judge: str) -> str:
    return f"Judge {judge}" if judge else "Experts from the country"

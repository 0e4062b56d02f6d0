"""Which of an item's responses are behind the number one came from, and the way to see only them."""

from collections.abc import Collection, Sequence

import streamlit as st

from core.benchmark.items import ItemFilter
from core.db import reading, transaction
from core.measures.items_behind import openable
from core.models import Person
from core.people import reveal_scores
from core.responses.views import ResponseView
from core.words import counted
from pages.components.address import put_in_address
from pages.components.item_filters import behind_words
from pages.components.problems import user_errors_shown

_ONLY = "only"


def responses_to_show(
    responses: Sequence[ResponseView], counts: Collection[int], wanted: ItemFilter, person: Person
) -> Sequence[ResponseView]:
    """Say how many of an item's responses are behind the number, and return those to show: all, or only these.

    Which ones they are tells their model and that they are scored: only those that are open are ever set apart.

    Args:
        responses: all of the item.
        counts: ids of the responses behind the number.
        wanted: the filter that the number led to.
        person: who looks.
    """
    behind = [response for response in responses if response.id in counts]
    closed = [response.id for response in behind if not response.is_open]
    with reading() as session:
        closed = openable(session, person=person, response_ids=closed)
    is_narrowed = st.query_params.get(_ONLY) == "behind" and bool(behind) and not closed
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_how_many(len(behind), len(responses))}** · {behind_words(wanted)}")
        if closed:
            _open_button(closed, len(behind), person)
        elif is_narrowed and len(behind) < len(responses):
            st.button(f"Show all {len(responses):,}", key="behind-all", on_click=put_in_address, kwargs=_address(None))
        elif behind and len(behind) < len(responses):
            st.button("Show only these", key="behind-only", on_click=put_in_address, kwargs=_address("behind"))
    return [response for response in behind if response.is_open] if is_narrowed else responses


def _how_many(count: int, of: int) -> str:
    if not count:
        return "None of these responses is behind the number"
    if count == of:
        return "This response is behind the number" if of == 1 else f"All {of:,} responses are behind the number"
    return f"{count:,} of these {counted(of, 'response')} {'is' if count == 1 else 'are'} behind the number"


def _open_button(closed: Sequence[int], count: int, person: Person) -> None:
    these = "it and show only it" if count == 1 else f"these {count:,} and show only them"
    words = f"Open {these} (labels you give afterwards count as unblinded)"
    if st.button(words, icon=":material/visibility:", key="behind-open"):
        with user_errors_shown(), transaction() as session:
            reveal_scores(session, person=person, response_ids=list(closed))
        put_in_address(only="behind", responses=None)
        st.rerun()


def _address(only: str | None) -> dict[str, str | None]:
    return {_ONLY: only, "responses": None}

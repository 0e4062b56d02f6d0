"""The dialog that turns two responses into a pair."""

from collections.abc import Sequence

import streamlit as st

from core.db import transaction
from core.models import Item, Person
from core.pairs.contents import Answer
from core.pairs.pairs import create_pair
from core.people import MAY_LEAD
from core.responses.views import ResponseView
from core.rubric import SPLIT_TITLES
from core.words import shortened
from pages.components.pair_fields import negative_type_pills, reason_input
from pages.components.plain import plain
from pages.components.problems import user_errors_shown
from pages.components.response_card import response_title

_OPEN, _MADE = "pairing", "made-pair"


def open_make_pair(item_id: str) -> None:
    """Open the dialog anew; it stays open until it is closed, whatever else reruns."""
    st.session_state.pop(_MADE, None)
    st.session_state[_OPEN] = item_id


def make_pair_if_open(item: Item, two: Sequence[ResponseView], person: Person) -> None:
    """Show the dialog for two responses, if it is open for this item."""
    if st.session_state.get(_OPEN) == item.id and len(two) == 2:
        _dialog(item, two, person)


def _close() -> None:
    st.session_state.pop(_OPEN, None)


@st.dialog("Make a pair of these two", width="medium", on_dismiss=_close)
def _dialog(item: Item, two: Sequence[ResponseView], person: Person) -> None:
    """Ask which of two responses is chosen, and propose the pair; nothing is suggested."""
    if _MADE not in st.session_state:
        form = st.empty()
        with form.container():
            _ask(item, two, person)
        if _MADE not in st.session_state:
            return
        form.empty()
    _made(st.session_state[_MADE], item, person)


def _ask(item: Item, two: Sequence[ResponseView], person: Person) -> None:
    by_letter = {response.letter: response for response in two}
    chosen = st.radio(
        "Which answer should a model give?",
        list(by_letter),
        format_func=lambda letter: response_title(by_letter[letter]),
        captions=[plain(shortened(response.text)) for response in two],
        index=None,
        key="pair-chosen",
    )
    kind = negative_type_pills(key="pair-type")
    reason = reason_input(key="pair-reason")
    st.caption(_what_becomes_of_it(item))
    asked = st.button(
        "Propose this pair", type="primary", icon=":material/compare_arrows:", key="propose", disabled=chosen is None
    )
    if not asked or chosen is None:
        return
    rejected = next(letter for letter in by_letter if letter != chosen)
    with user_errors_shown(), transaction() as session:
        pair = create_pair(
            session,
            person=person,
            item_id=item.id,
            chosen=Answer(by_letter[chosen].id),
            rejected=Answer(by_letter[rejected].id),
            negative_type=kind,
            reason=reason,
        )
    st.session_state[_MADE] = pair.id


def _what_becomes_of_it(item: Item) -> str:
    if item.split == "training_pool":
        return "The pair waits under Pairs until a lead accepts it. Nothing is trained on before."
    return f"The item is {SPLIT_TITLES[item.split]}: a pair of it can be kept, never be accepted or trained on."


def _made(pair_id: int, item: Item, person: Person) -> None:
    st.success(f"Pair {pair_id} is proposed. {_what_becomes_of_it(item)}", icon=":material/check:")
    with st.container(horizontal=True, gap="small"):
        if person.role in MAY_LEAD and st.button("Open in Pairs", type="primary", key="open-pair"):
            _close()
            st.switch_page("pages/pairs.py", query_params={"pair": str(pair_id)})
        if st.button("Go on comparing", key="close-pair"):
            _close()
            st.rerun()

"""The head of a page whose buttons need what the page reads further down."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.models import Person
from pages.components.frame import page_frame


def page_with_actions(title: str) -> tuple[Person, DeltaGenerator]:
    """Draw the head of a page; return who is here, and the place at the right of the title, to be filled later."""
    places: list[DeltaGenerator] = []

    def keep_place() -> None:
        places.append(st.container(horizontal=True, horizontal_alignment="right", gap="small"))

    person = page_frame(title, actions=keep_place)
    return person, places[0]

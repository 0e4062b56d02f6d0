"""The menu. `make run` serves it; `pages/` holds the screens."""

from typing import Literal

import streamlit as st

from core.people import MAY_LEAD, person_here
from pages.components.frame import ICON, start_once
from pages.components.menu import menu

st.set_page_config(page_title="CROSS Review", page_icon=ICON, layout="wide", initial_sidebar_state=232)
start_once()
person = person_here()
# Whoever comes by a link is nobody yet: no menu beside the page that makes them somebody. An expert has few pages: the
# menu goes to the top and leaves Validate the whole width.
place: Literal["hidden", "sidebar", "top"] = "sidebar" if person.role in MAY_LEAD else "top"
if "invite" in st.query_params or person.id is None:
    place = "hidden"
st.navigation(menu(person), position=place, expanded=True).run()

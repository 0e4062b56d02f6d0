"""The menu. `make run` serves it; `pages/` holds the screens."""

import streamlit as st

from core.db import transaction
from core.people import current_person
from pages.components.frame import start_once
from pages.components.menu import menu

start_once()
with transaction() as session:
    person = current_person(session)
st.navigation(menu(person), position="sidebar").run()

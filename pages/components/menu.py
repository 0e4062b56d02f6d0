"""The menu: which screens there are, in flow order, and who sees them."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.config import PROJECT
from core.models import Person
from core.people import MAY_LEAD

# (file, title, icon) by group. The first one is the start page.
_REVIEW = [
    ("overview", "Overview", "home"),
    ("browse", "Browse", "grid_view"),
    ("compare", "Compare", "view_column_2"),
    ("validate", "Validate", "fact_check"),
]
_BUILD = [
    ("pairs", "Pairs", "compare_arrows"),
    ("training_sets", "Training sets", "inventory_2"),
    ("train", "Train", "model_training"),
]
_SET_UP = [
    ("import_benchmark", "Import", "upload_file"),
    ("judge", "Responses and judges", "smart_toy"),
]


def menu(person: Person) -> dict[str, list[StreamlitPage]]:
    """Return the pages a person sees, by group; an expert sees Review only."""
    groups = {"Review": _REVIEW}
    if person.role in MAY_LEAD:
        groups |= {"Build": _BUILD, "Set up": _SET_UP}
    return {group: [_page(*row) for row in rows] for group, rows in groups.items()}


def _page(name: str, title: str, icon: str) -> StreamlitPage:
    default = name == _REVIEW[0][0]
    return st.Page(_file(name), title=title, icon=f":material/{icon}:", default=default, url_path=name)


def _file(name: str) -> Path:
    return PROJECT / "pages" / f"{name}.py"

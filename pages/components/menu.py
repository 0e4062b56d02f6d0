"""The menu: which screens there are, in flow order, and who sees them."""

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
_SET_UP = [("import_benchmark", "Import", "upload_file")]


def menu(person: Person) -> dict[str, list[StreamlitPage]]:
    """Return the pages a person sees, by group; an expert sees Review only."""
    groups = {"Review": _REVIEW}
    if person.role in MAY_LEAD:
        groups |= {"Build": _BUILD, "Set up": _SET_UP}
    return {
        group: [
            st.Page(
                PROJECT / "pages" / f"{file}.py",
                title=title,
                icon=f":material/{icon}:",
                default=file == "overview",
                url_path=file,
            )
            for file, title, icon in rows
        ]
        for group, rows in groups.items()
    }

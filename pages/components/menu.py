"""The menu: which screens there are, in flow order, and who sees them."""

from pathlib import Path
from typing import Literal

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
    ("errata", "Corrections", "edit_note"),
    ("own_items", "Own items", "add_photo_alternate"),
]
_RULE = ("adjudicate", "Adjudicate", "balance")
_PROFILE = ("people", "Your profile", "person")
_UNDERSTAND = [("failures", "Failures", "public"), ("agreement", "Agreement", "handshake")]
_BUILD = [
    ("pairs", "Pairs", "compare_arrows"),
    ("training_sets", "Training sets", "inventory_2"),
    ("train", "Train", "model_training"),
]
_SET_UP = [
    ("import_benchmark", "Import", "upload_file"),
    ("judge", "Responses and judges", "smart_toy"),
    ("plans", "Sampling plans", "checklist"),
    ("people", "People", "group"),
]


def menu(person: Person) -> dict[str, list[StreamlitPage]]:
    """Return the pages a person sees, by group; an expert sees those of Review only, side by side and under no name.

    The page on which one joins by a link is in no menu.
    """
    groups = {"": [*_REVIEW, _PROFILE]}
    if person.role in MAY_LEAD:
        groups = {
            "Review": [*_REVIEW[:4], _RULE, *_REVIEW[4:]],
            "Understand": _UNDERSTAND,
            "Build": _BUILD,
            "Set up": _SET_UP,
        }
    pages = {group: [_page(*row) for row in rows] for group, rows in groups.items()}
    next(iter(pages.values())).append(_page("join", "Join", "waving_hand", visibility="hidden"))
    return pages


def _page(name: str, title: str, icon: str, *, visibility: Literal["visible", "hidden"] = "visible") -> StreamlitPage:
    default = name == _REVIEW[0][0]
    return st.Page(
        _file(name), title=title, icon=f":material/{icon}:", default=default, url_path=name, visibility=visibility
    )


def _file(name: str) -> Path:
    return PROJECT / "pages" / f"{name}.py"

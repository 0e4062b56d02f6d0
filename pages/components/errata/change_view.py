"""What an erratum changes: as it is and as proposed, side by side, with what differs marked."""

import streamlit as st

from core.benchmark.corrected import FIELDS
from core.benchmark.errata_lists import ErratumView
from core.pairs.word_diff import Run, without, word_diff, worth_marking
from core.rubric import DOMAIN_TITLES
from pages.components.plain import plain
from pages.components.reading import reading_text


def change_view(view: ErratumView) -> None:
    """Draw the two sides; of a picture that does not show it, the norm it should show."""
    erratum, item = view.erratum, view.item
    field = FIELDS[erratum.kind]
    if field == "picture":
        with st.container(border=True, gap="xsmall"):
            st.markdown(":small[:gray[The picture should show what this norm speaks of]]")
            reading_text(item.norm or "This item has no norm.", look="small", key=f"shown-{erratum.id}")
        return
    # Where nothing is proposed, there is nothing to compare with: no word of it is to look struck out.
    marked = erratum.proposed is not None and field in ("norm", "query")
    runs = word_diff(view.before or "", erratum.proposed or "") if marked else []
    language = item.language if field == "query" else ""
    left, right = st.columns(2, gap="small")
    with left, st.container(border=True, height="stretch", gap="xsmall"):
        st.markdown(f":small[:gray[{'As it is' if erratum.status == 'open' else 'As it came'}]]")
        _side(view.before, without("ins", runs), field, language, key=f"before-{erratum.id}")
    with right, st.container(border=True, height="stretch", gap="xsmall"):
        st.markdown(":small[:gray[As proposed]]")
        if erratum.proposed is None:
            st.markdown("This norm does not hold at all.")
        else:
            _side(erratum.proposed, without("del", runs), field, language, key=f"proposed-{erratum.id}")


def _side(text: str | None, runs: list[Run], field: str, language: str, *, key: str) -> None:
    if text is None:
        st.markdown(":gray[nothing]")
    elif field == "domain":
        st.markdown(f"**{plain(DOMAIN_TITLES.get(text, text))}**")
    elif field == "country":
        st.markdown(f"**{plain(text)}**")
    else:
        reading_text(runs if worth_marking(runs) else text, language=language, look="small", key=key)

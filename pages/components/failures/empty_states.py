"""What stands where there are no numbers: why, and what to do next."""

import streamlit as st

from pages.components.address import put_in_address
from pages.components.failures.choice import Choice
from pages.components.plain import plain


def nothing_scored() -> None:
    """Say that neither a judge nor an expert has scored anything."""
    _said("Nothing is scored yet", "This page shows for which countries a model's answers fail, once they have scores.")
    with st.container(horizontal=True):
        _way("Let a judge score answers", "judge", primary=True)
        _way("Score some yourself", "validate")


def rater_scored_nothing(choice: Choice) -> None:
    """Say that the chosen judge, or the experts, have scored nothing."""
    if choice.over_all.experts:
        _said(
            "No labels by experts yet",
            "Counted are labels given before seeing the judge, by people from the country of the item.",
        )
        _way("Plan what experts label", "plans", primary=True)
        return
    _said(
        f"{plain(choice.over_all.judge)} has scored nothing yet", "Choose another judge above, or let this one score."
    )
    _way("Let it score answers", "judge", primary=True)


def nothing_fits() -> None:
    """Say that the filters leave nothing, and offer to take them away."""
    _said("No scored response fits these filters", "Choose others above, or take all of them away.")
    names = ("setting", "split", "errata", "country", "dimension", "domain", "language", "region", "subset", "round")
    st.button("Clear the filters", type="primary", on_click=put_in_address, kwargs=dict.fromkeys(names))


def _said(title: str, line: str) -> None:
    st.subheader(title, anchor=False)
    st.markdown(line)


def _way(words: str, page: str, *, primary: bool = False) -> None:
    if st.button(words, key=f"go-{page}", type="primary" if primary else "secondary"):
        st.switch_page(f"pages/{page}.py")

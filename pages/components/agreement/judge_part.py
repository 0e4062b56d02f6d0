"""A judge beside experts: by country and dimension or another key, one field read out, and pools of experts."""

import streamlit as st

from core.db import reading
from core.measures.agreement import agreement_cells
from core.measures.agreement_base import agreement_base
from core.models import Person
from core.words import counted
from pages.components.address import put_in_address
from pages.components.agreement.agreement_words import SHOWN_TITLES, Shown
from pages.components.agreement.choice import AgreementChoice
from pages.components.agreement.field_part import field_part
from pages.components.agreement.filters import mixed_line
from pages.components.agreement.grids import agreement_grids
from pages.components.agreement.methods import methods
from pages.components.agreement.pools_part import pools_part
from pages.components.agreement.table import agreement_table
from pages.components.failures.cell_words import KEY_TITLES
from pages.components.failures.switch import switch
from pages.components.problems import user_errors_shown

_ROWS = ("country", "domain", "language", "region", "subset", "wording", "round", "setting", "split", "model")
_POOLS = "pools"
_VIEWS = {"grid": "By country", "other": "By other things", _POOLS: "By experts' background"}


def judge_part(choice: AgreementChoice, person: Person) -> None:
    """Draw how far the judge agrees with experts and experts among themselves, or why there is nothing to say."""
    with st.container(horizontal=True, gap="medium"):
        view = switch("view", _VIEWS, label="What to look at")
        shown = _measure() if view != _POOLS else "percent"
    with user_errors_shown(), reading() as session:
        base = agreement_base(session, person=person, wanted=choice.wanted)
    if view == _POOLS:
        pools_part(choice, person)
    elif not base.labels:
        _no_labels(choice)
        return
    else:
        mixed_line(base, choice)
        _grids(choice, person, row="country" if view == "grid" else _other_row(), shown=shown)
    methods()


def _other_row() -> str:
    return switch("by", {key: KEY_TITLES[key] for key in _ROWS[1:]}, label="By what")


def _measure() -> Shown:
    named = switch("measure", {str(name): title for name, title in SHOWN_TITLES.items()}, label="Measure")
    return next(name for name in SHOWN_TITLES if name == named)


def _grids(choice: AgreementChoice, person: Person, *, row: str, shown: Shown) -> None:
    with user_errors_shown(), st.spinner("Working out agreement"), reading() as session:
        cells = agreement_cells(session, person=person, wanted=choice.wanted, by=(row, "dimension"))
    agreement_grids(cells, choice.wanted, row=row, shown=shown)
    _legend(sum(cell.q is not None for cell in cells), sum(cell.verdict == "less" for cell in cells))
    field_part(cells, choice, person, row=row)
    with st.expander("All fields as a table", icon=":material/table_rows:"):
        agreement_table(cells, choice.wanted, name=f"agreement-by-{row}")


def _legend(tests: int, less: int) -> None:
    tested = f"▼ In {less} of the {counted(tests, 'field')} that could be tested"
    told = f"{tested}, the judge agrees less often than experts do."
    untested = "No field has enough answers with two experts to test the judge against them."
    st.caption(f"{told if tests else untested} Dashed: too few to say. Press a field to read its answers.")


def _no_labels(choice: AgreementChoice) -> None:
    if _is_narrow(choice):
        st.subheader("No blind label fits these filters", anchor=False)
        st.markdown("Choose others above, or take all of them away.")
        names = ("model", "setting", "split", "errata", "country", "dimension", "domain", "language", "region")
        more = ("subset", "round")
        st.button("Clear the filters", type="primary", on_click=put_in_address, kwargs=dict.fromkeys((*names, *more)))
        return
    st.subheader("No labels by experts yet", anchor=False)
    st.markdown("Counted are labels given before seeing the judge, by people from the country of the item.")
    if st.button("Plan what experts label", type="primary"):
        st.switch_page("pages/plans.py")


def _is_narrow(choice: AgreementChoice) -> bool:
    wanted = vars(choice.wanted)
    return wanted["errata"] == "without" or any(held for name, held in wanted.items() if isinstance(held, tuple))

"""How many people there are by country, language, faith and region, for the leads; small counts are not said."""

import streamlit as st

from core.db import reading
from core.models import Person
from core.people_shown import LEAST_PEOPLE, STEPS, Cell, people_counted
from pages.components.csv_table import csv_button, csv_text
from pages.components.people.background_fields import language_name
from pages.components.problems import user_errors_shown

FEW = f"fewer than {LEAST_PEOPLE}"


def counts_part(person: Person) -> None:
    """Draw the counts, and the button that downloads them."""
    with user_errors_shown(), reading() as session:
        counts = people_counted(session, author=person)
    st.caption(
        f"Everybody who has not withdrawn. A count below {LEAST_PEOPLE} would say who it is, so it is not shown. "
        "Faiths and regions are counted roughly, and rare ones stand together as others."
    )
    if not any(counts.values()):
        st.info("Nobody has told anything yet. Invite experts under Invitations.", icon=":material/group_add:")
        return
    for title, cells, place in zip(counts, counts.values(), st.columns(len(counts), gap="medium"), strict=True):
        with place:
            st.markdown(f"**{title}**")
            if cells:
                rows = [{"": _name(title, cell), "People": _count(cell)} for cell in cells]
                st.dataframe(rows, hide_index=True, height="content", key=f"counts-{title}")
            else:
                st.caption("nothing told")
    csv_button("These counts as CSV", lambda: counts_csv(counts), file_name="people.csv", key="counts-csv")


def counts_csv(counts: dict[str, list[Cell]]) -> str:
    """Return the counts as CSV, with the same small ones unsaid as on the screen."""
    rows = [(title, _name(title, cell), _count(cell)) for title, cells in counts.items() for cell in cells]
    return csv_text(("what", "which", "people"), rows)


def _name(title: str, cell: Cell) -> str:
    return language_name(cell.trait) if title == "Reads" else cell.trait


def _count(cell: Cell) -> str:
    if cell.people is None:
        return FEW
    if not cell.is_step:
        return str(cell.people)
    after = next((step for step in STEPS if step > cell.people), None)
    return f"{cell.people} to {after - 1}" if after else f"more than {cell.people - 1}"

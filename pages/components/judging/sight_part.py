"""Items that a model fails just as much without the picture: they do not test sight."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.db import reading
from core.judges import judges_here
from core.judging.as_seen import SeenSight, sight_as_seen
from core.judging.choices import response_choices
from core.judging.sight import WITHOUT_PICTURE, Sight, SightRow
from core.models import Person
from core.words import counted, shortened
from pages.components.address import put_in_address
from pages.components.judging.compared import mark_of, sight_of
from pages.components.judging.estimate_words import share_words
from pages.components.judging.item_link import item_link
from pages.components.judging.judge_choice import dimension_choice, judge_choice, judge_in_address, one_choice
from pages.components.judging.label_chip import dimension_title
from pages.components.judging.open_closed import open_closed_button
from pages.components.pages import page_in_address, page_switch
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

ROWS_A_PAGE = 25


def sight_part(person: Person) -> None:
    """Draw the counts and the items of a judge, model and dimension."""
    st.subheader("Without the picture", anchor=False)
    with reading() as session:
        judges = judges_here(session)
        choices = response_choices(session)
    if not judges or WITHOUT_PICTURE not in choices.settings:
        _how_to_get_there()
        return
    judge = judge_in_address("judge", judges)
    left, right = st.columns(2, gap="small")
    with left:
        judge_choice("Judge", judges, judge, name="judge")
    with right:
        model = one_choice("Responses of", list(choices.models), name="model", all_words="All models")
    dimension = dimension_choice()
    with user_errors_shown():
        sight = sight_of(judge.name, mark_of(judge.name), model, dimension)
    if not sight.scored_both_ways:
        st.info(
            f"{plain(judge.name)} has scored none of these responses both with and without the picture. Choose another "
            "judge or model above, or let this one judge both.",
            icon=":material/hide_image:",
        )
        _ways_there()
        return
    with reading() as session:
        seen = sight_as_seen(session, rows=sight.rows, person=person, at_once=ROWS_A_PAGE)
    st.markdown(_sentence(sight))
    _closed(seen, person)
    _list(seen.rows)


def _how_to_get_there() -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown("#### :material/hide_image: Nothing was answered both ways yet")
        st.markdown(
            "Collect the responses of a model once more with the setting “Without the picture”, and let a judge score "
            "both. Items that the model fails just as much without the picture do not test whether it can see."
        )
        _ways_there()


def _ways_there() -> None:
    with st.container(horizontal=True, gap="small"):
        for label, icon, part in (
            ("Collect responses", "download", "collect"),
            ("Judge responses", "gavel", "judge"),
        ):
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"sight-to-{part}",
                on_click=put_in_address,
                kwargs={"part": part},
            )


def _sentence(sight: Sight) -> str:
    """Return the counts as people read them."""
    unscored = f" {sight.unscored:,} more have no score of one way." if sight.unscored else ""
    return (
        f"{plain(sight.judge)} scored {counted(sight.scored_both_ways, 'answered question')} with and without the "
        f"picture on {dimension_title(sight.dimension).lower()}. With the picture, {sight.failing:,} of them failed; "
        f"**{sight.failing_alike:,} of these failed just as much without it.**{unscored}"
    )


def _closed(seen: SeenSight, person: Person) -> None:
    if not seen.closed:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f":material/visibility_off: {seen.closed:,} of them not shown: you may still label a response there, and "
            "being in this list tells how it was scored.",
            width="content",
        )
        what = f"the first {ROWS_A_PAGE}" if seen.closed > ROWS_A_PAGE else "them"
        open_closed_button(what, seen.to_open, person, key="open-sight")


def _list(rows: Sequence[SightRow]) -> None:
    if not rows:
        return
    st.markdown("These do not test sight: the model fails them just as much without the picture.")
    pages = -(-len(rows) // ROWS_A_PAGE)
    page = page_in_address(pages)
    shown = rows[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    columns = ["Item", "Country", "Norm", "Model", "With", "Without"]
    st.table(pd.DataFrame([_cells(row) for row in shown], columns=columns), hide_index=True, border="horizontal")
    page_switch(pages)


def _cells(row: SightRow) -> list[str]:
    return [
        item_link(row.item_id),
        plain(row.country or "unknown"),
        plain(shortened(row.norm or "", 140)),
        plain(row.model),
        share_words(row.with_picture),
        share_words(row.without_picture),
    ]

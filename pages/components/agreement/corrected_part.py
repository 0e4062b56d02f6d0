"""What a judge says, what experts say, and both together: the scores of models with a judge's errors taken out."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.db import reading
from core.measures.corrected_cells import CorrectedCell, corrected_cells
from core.measures.corrected_scores import FEWEST_LABELS
from core.measures.items_behind import browse_address
from core.measures.score_filter import ScoreFilter
from core.measures.statistics import FEWEST_FOR_INTERVAL
from core.models import Person
from core.words import counted
from pages.components.agreement.corrected_words import (
    TITLES,
    corrected_frame,
    estimate_hover,
    estimate_of,
    is_shown,
    missing_words,
)
from pages.components.agreement.scope import by_country, has_judge, of_one_dimension, of_one_model, say_what_is_mixed
from pages.components.charts import Dots, show_chart
from pages.components.charts_corrected import Estimate, estimates_chart
from pages.components.csv_table import frame_button
from pages.components.failures.cell_table import READ
from pages.components.failures.cell_words import label_title
from pages.components.judging.label_chip import dimension_title
from pages.components.leaving import page_address
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

_NAME = "corrected-scores"
_MEANINGS: dict[Estimate, str] = {
    "judge": "the mean of its scores of all responses. It can be too kind, or too strict.",
    "labels": "the mean of what people from the country said of the responses they labelled. Right on average, but "
    "wide: they are few.",
    "both": "the judge's mean, moved by how far experts lay from it wherever both answered. **Read this one.**",
}
_SIGNS: dict[Estimate, str] = {"judge": "◇", "labels": "○", "both": "●"}
_MORE = f"""
Where the judge says what experts say, it makes the interval narrow; where it does not, it is relied on less, down to
not at all ("Trust in the judge"). So the number holds on average however wrong the judge is.

Responses that were likelier to be drawn for labelling count less, so that the labels stand for all responses. Only
labels given before the judge was shown count, by people from the country. Each model has its own correction.

Only responses that can be labelled count: not those that failed, not answers to the text alone, and not those to items
that have no norm or that no second person has accepted yet. "Not said by experts" are those they skipped or could not
say; the table tells what both numbers would be if all of those were no, or yes.

Below {FEWEST_LABELS} labels or {FEWEST_FOR_INTERVAL} families of questions nothing is corrected. Intervals are for
questions like these, not for these questions alone: even where every response is labelled, they keep a width. They
speak of these experts, not of a whole country. The method is called PPI++ (Angelopoulos, Duchi and Zrnic 2023).
"""


def draw_corrected(wanted: ScoreFilter, person: Person) -> None:
    """Draw one dimension of all models, or of one model by country: the three estimates, and all of it as a table."""
    if not has_judge(wanted):
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        asked, is_by_country = of_one_dimension(wanted), by_country()
        asked = of_one_model(asked, person) if is_by_country else asked
    say_what_is_mixed(asked, person)
    _meanings()
    with user_errors_shown(), st.spinner("Working out intervals"), reading() as session:
        found = corrected_cells(session, person=person, wanted=asked, by_country=is_by_country)
    if not found:
        st.info("Neither this judge nor experts have scored a response that fits.", icon=":material/info:")
        return
    _refusals(found, is_by_country=is_by_country)
    _chart(found, is_by_country=is_by_country)
    _table(found, asked)
    with st.expander("How the two are put together", icon=":material/help:"):
        st.markdown(_MORE)


def _meanings() -> None:
    lines = [f"{_SIGNS[name]} **{TITLES[name]}:** {words}" for name, words in _MEANINGS.items()]
    st.markdown("  \n".join(lines))


def _refusals(found: Sequence[CorrectedCell], *, is_by_country: bool) -> None:
    """Say where there is no corrected value, and what is missing."""
    without = [cell for cell in found if not is_shown(cell.score.corrected)]
    if not without:
        return
    key = "country" if is_by_country else "model"
    first = f"{plain(label_title(key, without[0].keys[key]))}: {missing_words(without[0])}"
    many = counted(len(without), "country" if is_by_country else "model", "countries" if is_by_country else "models")
    everywhere = len(without) == len(found)
    words = "Nothing can be corrected yet" if everywhere else f"{many} of {len(found)} cannot be corrected yet"
    example = first if len(without) == 1 else f"For example {first}"
    st.info(
        f"{words}: at least {FEWEST_LABELS} labels of {FEWEST_FOR_INTERVAL} families are needed in each. {example}. "
        "\u201cWhat to label next\u201d plans them.",
        icon=":material/info:",
    )


def _chart(found: Sequence[CorrectedCell], *, is_by_country: bool) -> None:
    key = "country" if is_by_country else "model"
    shown = [cell for cell in found if any(is_shown(estimate_of(cell, name)) for name in TITLES)]
    if not shown:
        return
    names = [label_title(key, cell.keys[key]) for cell in shown]
    series = [(name, dots) for name in TITLES if (dots := _dots(shown, names, name)).at]
    dimension = dimension_title(str(found[0].keys["dimension"]))
    over = "countries" if is_by_country else "models"
    alt = f"{dimension} of {len(shown)} {over}: judge, experts alone and both together, with intervals"
    st.markdown(f"**{dimension}** · % that did well, 95 % interval")
    figure = estimates_chart(names, series, unit="% that did well")
    show_chart(figure, key=_NAME, alt=f"{alt}. The table below has all numbers.")


def _dots(cells: Sequence[CorrectedCell], names: Sequence[str], estimate: Estimate) -> Dots:
    held = [(name, cell) for name, cell in zip(names, cells, strict=True) if is_shown(estimate_of(cell, estimate))]
    found = [estimate_of(cell, estimate) for _, cell in held]
    return Dots(
        TITLES[estimate],
        [name for name, _ in held],
        [100 * (one.value or 0.0) for one in found],
        [100 * (one.low or 0.0) for one in found],
        [100 * (one.high or 0.0) for one in found],
        hover=[estimate_hover(cell, estimate) for _, cell in held],
        dimension=str(cells[0].keys["dimension"]),
    )


def _table(found: Sequence[CorrectedCell], wanted: ScoreFilter) -> None:
    frame = corrected_frame(found)
    numbers = {title: st.column_config.NumberColumn(format="%.1f") for title in frame.select_dtypes("float")}
    raters = {"Read: judge": wanted, "Read: experts": replace(wanted, judge="", experts=True)}
    links = {
        title: [page_address("browse", browse_address(of_rater, cell.keys)) for cell in found]
        for title, of_rater in raters.items()
    }
    read = {title: st.column_config.LinkColumn(display_text=READ, width="small", pinned=True) for title in raters}
    st.dataframe(frame.assign(**links), hide_index=True, column_config=numbers | read, key=f"{_NAME}-table")
    frame_button(frame, file_name=f"{_NAME}.csv", key=f"{_NAME}-csv")

"""Two judges on the same responses: how often they agree, how far the mean shifts, and where they differ."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.db import reading
from core.judges import judges_here
from core.judging.bridge import Bridge, BridgeCell
from core.judging.choices import response_choices
from core.judging.comparable import judges_with_scores
from core.models import Judge, Person
from core.rubric import DIMENSIONS, SETTING_TITLES, Dimension
from core.words import shortened
from pages.components.address import put_in_address
from pages.components.csv_table import csv_button, csv_text
from pages.components.judging.compared import Compared, WantedFlips, bridge_of, closest_of, mark_of
from pages.components.judging.drift_part import drift_part
from pages.components.judging.estimate_words import NOTHING, points_with_interval, share_with_interval, share_words
from pages.components.judging.figures import base_words, broken_well
from pages.components.judging.flips_list import flips_list
from pages.components.judging.judge_choice import (
    dimension_choice,
    judge_choice,
    judge_in_address,
    one_in_address,
    several_choice,
)
from pages.components.judging.label_chip import dimension_title
from pages.components.judging.shift_chart import shift_chart
from pages.components.plain import plain
from pages.components.problems import user_errors_shown

# Short, so that the table fits a tablet; which judge is 1 and which 2 is said above it.
_COLUMNS = ["Responses", "Agreement", "Mean 1", "Mean 2", "Shift", "Flips"]


def bridge_part(person: Person) -> None:
    """Draw the comparison of two judges, and the drift of each over its anchor rounds."""
    with reading() as session:
        everyone, judges = judges_here(session), judges_with_scores(session)
    if asked := [judge for judge in everyone if judge.name == st.query_params.get("drift")]:
        _drift_alone(asked)
        return
    st.subheader("Compare judges", anchor=False)
    if len(judges) < 2:
        _too_few_judges(len(judges))
        drift_part(everyone)
        return
    compared = _compared(judges)
    mark = compared.mark
    with user_errors_shown():
        bridge = bridge_of(compared, mark)
    overall = [cell for cell in bridge.cells if cell.country is None]
    if not any(cell.n or cell.unscored for cell in overall):
        st.info(
            "These two judges have no response in common. Let one of them judge what the other has judged, or choose "
            "other models and settings above.",
            icon=":material/compare_arrows:",
        )
    else:
        _overall(bridge, overall)
        dimension = _by_country(bridge, compared)
        countries = sorted({cell.country for cell in bridge.cells if cell.country is not None})
        country = one_in_address("country", countries)
        flips_list(WantedFlips(compared, dimension, country), mark, countries, person)
    drift_part([judge for judge in judges if judge.name in (compared.first, compared.second)])


def _drift_alone(judges: Sequence[Judge]) -> None:
    """Draw the drift of the judge that a link names, above everything else."""
    st.button(
        "Compare judges",
        icon=":material/arrow_back:",
        type="tertiary",
        key="from-drift",
        on_click=put_in_address,
        kwargs={"drift": None, "first": judges[0].name},
    )
    if not drift_part(judges):
        st.info(
            f"{plain(judges[0].name)} has not scored an anchor set anew yet, so there is no drift to see.",
            icon=":material/anchor:",
        )


def _too_few_judges(count: int) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown("#### :material/compare_arrows: A comparison takes two judges")
        here = "One has scored responses so far." if count else "None has scored responses yet."
        st.markdown(
            f"{here} When a judge is retired, let its successor judge the same responses: here you see how often the "
            "two agree, and how far the mean shifts."
        )
        st.button(
            "Judge responses",
            icon=":material/gavel:",
            key="to-second-judge",
            on_click=put_in_address,
            kwargs={"part": "judge"},
        )


def _compared(judges: Sequence[Judge]) -> Compared:
    names = [judge.name for judge in judges]
    wanted = closest_of(names, one_in_address("first", names), mark_of(*names))
    first = judge_in_address("first", judges, otherwise=names.index(wanted[0]))
    others = [judge for judge in judges if judge is not first]
    second = judge_in_address("second", others, otherwise=[judge.name for judge in others].index(wanted[1]))
    with reading() as session:
        choices = response_choices(session)
    left, right = st.columns(2, gap="small")
    with left:
        judge_choice("First judge", judges, first, name="first")
        models = several_choice("Responses of", list(choices.models), name="model")
    with right:
        judge_choice("Second judge", others, second, name="second")
        settings = several_choice("Setting", list(choices.settings), name="setting", titles=SETTING_TITLES)
    return Compared(first.name, second.name, tuple(models), tuple(settings))


def _overall(bridge: Bridge, cells: Sequence[BridgeCell]) -> None:
    first, second = plain(bridge.first), plain(bridge.second)
    st.markdown(
        f"The numbers speak of these items and of these two judges, not of a country and not of what experts think.  \n"
        f":small[:gray[Agreement: how often the two give a response the same score. Mean 1 is of {first}, mean 2 of "
        f"{second}; the shift is mean 2 minus mean 1, in points, over the responses that both scored. In brackets: "
        "95 % interval over families, since responses to one question are alike. A flip: most rounds of the one say "
        "yes and most of the other no.]]"
    )
    _table([(dimension_title(cell.dimension), cell) for cell in cells], "Dimension")
    if any(cell.shift.low is not None for cell in cells):
        title = f"Shift in points: {shortened(bridge.second, 60)} minus {shortened(bridge.first, 60)}"
        shift_chart(cells, title=title, key="shift-chart")


def _by_country(bridge: Bridge, compared: Compared) -> Dimension:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("By country", anchor=False, width="content")
        dimension = dimension_choice()
        st.space("stretch")
        table = partial(cells_csv, bridge, compared)
        csv_button("All cells as CSV", table, file_name="judges-compared.csv", key="cells-csv")
    cells = [cell for cell in bridge.cells if cell.dimension == dimension and cell.country is not None]
    if cells:
        _table([(plain(cell.country), cell) for cell in cells], "Country")
        st.caption("Below 10 families there is no interval, so no number is shown: it would say more than is known.")
    else:
        st.caption("The items of these responses name no country.")
    return dimension


def _table(rows: Sequence[tuple[str, BridgeCell]], head: str) -> None:
    """Draw cells as rows; `rows` name them, inert."""
    shown = pd.DataFrame([_words(cell) for _, cell in rows], columns=_COLUMNS)
    # Not as the index: a name that stands twice would be one row.
    shown.insert(0, head, [_grey(name, cell) for name, cell in rows])
    st.table(shown, hide_index=True, border="horizontal")


def _words(cell: BridgeCell) -> list[str]:
    base, agreement = base_words(cell.n, cell.families, cell.unscored), share_with_interval(cell.agreement)
    if not has_interval(cell):
        return [_grey(broken_well(words), cell) for words in (base, agreement, *[NOTHING] * 4)]
    means = [share_words(cell.mean_first), share_words(cell.mean_second)]
    flips = f"{cell.flips_up:,} up, {cell.flips_down:,} down"
    return [broken_well(words) for words in (base, agreement, *means, points_with_interval(cell.shift), flips)]


def _grey(words: str, cell: BridgeCell) -> str:
    return words if has_interval(cell) else f":gray[{words}]"


def has_interval(cell: BridgeCell) -> bool:
    """Return whether a cell has families enough for numbers; below that, they would also tell single scores."""
    return cell.agreement.low is not None


def cells_csv(bridge: Bridge, compared: Compared) -> str:
    """Return all cells as CSV for spreadsheets; those of too few families with their counts only.

    Every row says which responses it is about: those without the picture are another question.
    """
    about = [", ".join(chosen) or "all" for chosen in (compared.models, compared.settings)]
    numbers = ["agreement", "agreement_low", "agreement_high", "mean_first", "mean_second"]
    numbers += ["shift", "shift_low", "shift_high", "flips_up", "flips_down"]
    header = ["first_judge", "second_judge", "models", "settings", "country", "dimension"]
    header += ["n", "families", "unscored", "method", *numbers]
    places: dict[str, int] = {name: place for place, name in enumerate(DIMENSIONS)}
    rows = []
    for cell in sorted(bridge.cells, key=lambda cell: (cell.country or "", places[cell.dimension])):
        agreement, shift = cell.agreement, cell.shift
        held = (
            *(agreement.value, agreement.low, agreement.high, cell.mean_first, cell.mean_second),
            *(shift.value, shift.low, shift.high, cell.flips_up, cell.flips_down),
        )
        rows.append(
            (
                *(bridge.first, bridge.second, *about, cell.country or "all", cell.dimension),
                *(cell.n, cell.families, cell.unscored, agreement.method),
                *(held if has_interval(cell) else [None] * len(held)),
            )
        )
    return csv_text(header, rows)

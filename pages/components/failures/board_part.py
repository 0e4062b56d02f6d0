"""All models side by side: means with intervals, rounds, and ranks where differences allow them."""

from collections.abc import Sequence

import streamlit as st

from core.db import reading
from core.measures.items_behind import browse_address
from core.measures.leaderboard import REFERENCES, BoardCell, leaderboard
from core.models import Person
from core.rubric import RUBRIC, SETTING_TITLES
from core.words import counted
from pages.components.charts import Dots, dots_chart, show_chart
from pages.components.failures.cell_table import cell_table
from pages.components.failures.cell_words import hover_lines, is_small
from pages.components.failures.choice import Choice
from pages.components.failures.switch import switch
from pages.components.judging.label_chip import dimension_title
from pages.components.leaving import leave_for_answers
from pages.components.problems import user_errors_shown


def board_part(choice: Choice, person: Person) -> None:
    """Draw one dimension of all models as dots, and the whole board as a table."""
    with user_errors_shown(), st.spinner("Working out intervals and ranks"), reading() as session:
        board = leaderboard(session, person=person, wanted=choice.over_all)
    if not board:
        st.info("None of these responses is in English or a translation with its picture.", icon=":material/info:")
        return
    # Not "dimension": that name in the address narrows the numbers themselves.
    dimension = switch("shown", {name: words.title for name, words in RUBRIC.items()}, label="Dimension")
    _dots([one for one in board if one.dimension == dimension], dimension, choice)
    _table(board, choice)


def _dots(board: Sequence[BoardCell], dimension: str, choice: Choice) -> None:
    if not any(one.score.n for one in board):
        st.info(f"There are no scores on {dimension_title(dimension)}.", icon=":material/info:")
        return
    large = [one for one in board if not is_small(one.score)]
    models = list(dict.fromkeys(one.model for one in large))
    few = {one.model for one in board} - set(models)
    if large:
        settings = list(dict.fromkeys(one.setting for one in large))
        shown = [[one for one in large if one.setting == setting] for setting in settings]
        series = [_series(held, choice, is_open=place > 0) for place, held in enumerate(shown)]
        lines = {one.words: one.value * 100 for one in REFERENCES if one.dimension == dimension}
        figure = dots_chart(models, series, span=(0, 100), unit="% that did well", lines=lines)
        alt = f"{dimension_title(dimension)} of {counted(len(models), 'model')}, {choice.rater_words}, with intervals"
        chosen = show_chart(figure, key="failures-models", alt=f"{alt}. The table below has all numbers.")
        _legend(dimension)
        if chosen is not None and chosen[0] < len(shown) and chosen[1] < len(shown[chosen[0]]):
            cell = shown[chosen[0]][chosen[1]].score
            leave_for_answers(browse_address(choice.over_all, cell.keys))
    if few:
        st.caption(f"{counted(len(few), 'model')} with too few responses to say: in the table only.")


def _series(held: Sequence[BoardCell], choice: Choice, *, is_open: bool) -> Dots:
    scores, setting = [one.score for one in held], SETTING_TITLES[held[0].setting]
    return Dots(
        setting,
        [one.model for one in held],
        [100 * (score.mean or 0.0) for score in scores],
        [100 * (score.low or 0.0) for score in scores],
        [100 * (score.high or 0.0) for score in scores],
        hover=[[*hover_lines(one.score, rater=choice.rater_words), setting, _rank(one)] for one in held],
        dimension=held[0].dimension,
        is_open=is_open,
    )


def _legend(dimension: str) -> None:
    sources = [
        f"{one.words}, {one.value * 100:.2f} % ({one.source})" for one in REFERENCES if one.dimension == dimension
    ]
    if sources:
        words = "; ".join(sources)
        st.caption(f"Dashed line: {words}. Other models, another judge, all items: to orient by, not to compare with.")


def _table(board: Sequence[BoardCell], choice: Choice) -> None:
    more: dict[str, Sequence[object]] = {
        "Setting": [SETTING_TITLES[one.setting] for one in board],
        "Rank": [_rank(one) for one in board],
        "Rounds": [len(one.round_means) for one in board],
        "Mean of rounds, %": [_mean_of_rounds(one) for one in board],
        "Spread between rounds": [None if one.round_spread is None else one.round_spread * 100 for one in board],
    }
    st.markdown("**All models and dimensions**")
    cell_table([one.score for one in board], choice.over_all, name="failures-models-all", more=more)


def _mean_of_rounds(one: BoardCell) -> float | None:
    means = [mean for _, mean in one.round_means]
    return 100 * sum(means) / len(means) if means and not is_small(one.score) else None


def _rank(one: BoardCell) -> str:
    if one.ranks is None or is_small(one.score):
        return "no rank: too few in common"
    places = f"{one.ranks.best}" if one.ranks.best == one.ranks.worst else f"{one.ranks.best} to {one.ranks.worst}"
    return f"Rank {places} of {one.ranks.of}"

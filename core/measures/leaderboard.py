"""Scores of all models -> a board: means, how they vary between rounds, and ranks where differences allow them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import stdev

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from core.measures.ranking import RankRange, rank_ranges
from core.measures.score_filter import ScoreFilter
from core.measures.score_frame import Frame, Scores, rows_wanted
from core.measures.scores import Cell, cells_of, rated_frame
from core.measures.tabulating import tabulated
from core.models import Person
from core.rubric import Dimension

BOARD_SETTINGS = ("english", "translation")


@dataclass(frozen=True)
class Reference:
    """A figure others have published: the best of the models they measured, with their own judge."""

    dimension: Dimension
    value: float
    words: str
    source: str


# Of other models, judged by another judge on all items: a line to orient by, nothing to be compared with by test.
REFERENCES: tuple[Reference, ...] = (
    Reference("awareness", 0.6179, "best awareness in the paper", "arXiv 2505.14972"),
    Reference("compliance", 0.3773, "best compliance in the paper", "arXiv 2505.14972"),
)


@dataclass(frozen=True)
class BoardCell:
    """One model on one dimension in one setting.

    `round_means` are by response round; `round_spread` is their standard deviation, None with a single round. `ranks`
    is None where no rank can be given: fewer than 40 families, or nothing to compare with.
    """

    model: str
    dimension: str
    setting: str
    score: Cell
    round_means: tuple[tuple[int, float], ...]
    round_spread: float | None
    ranks: RankRange | None


def leaderboard(session: Session, *, person: Person, wanted: ScoreFilter) -> list[BoardCell]:
    """Return the board of what is wanted, by setting, dimension and model; english and translation are kept apart.

    Raises:
        UserError: an expert asks, or the filter has no meaning.
        NotFoundError: there is no such judge.
    """
    settings = wanted.settings or BOARD_SETTINGS
    board: list[BoardCell] = []
    for setting in settings:
        asked = replace(wanted, settings=(setting,))
        frame, scores, picked = rated_frame(session, person=person, wanted=asked)
        rows = rows_wanted(scores, asked)
        found = cells_of(tabulated(frame, scores, picked, by=("dimension", "model"), rows=rows), wanted.rater)
        by_round = _round_means(frame, scores, picked, rows)
        ranks = {row: rank_ranges(frame, scores, picked, row) for row in rows}
        for cell in found:
            model, dimension = str(cell.keys["model"]), str(cell.keys["dimension"])
            rounds = by_round[model, dimension]
            spread = stdev(mean for _, mean in rounds) if len(rounds) > 1 else None
            place = ranks[scores.rows.index(dimension)].get(model)
            board.append(BoardCell(model, dimension, setting, cell, tuple(rounds), spread, place))
    return board


def _round_means(
    frame: Frame, scores: Scores, picked: NDArray[np.bool_], rows: Sequence[int]
) -> dict[tuple[str, str], list[tuple[int, float]]]:
    found = cells_of(tabulated(frame, scores, picked, by=("dimension", "model", "round"), rows=rows), "")
    means: defaultdict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
    for cell in found:
        if cell.mean is not None:
            number = int(cell.keys["round"] or 0)
            means[str(cell.keys["model"]), str(cell.keys["dimension"])].append((number, cell.mean))
    return means

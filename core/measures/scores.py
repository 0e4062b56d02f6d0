"""Judgements and labels -> the cells of a table: means with their n, their families and their interval.

Only leads see such numbers, whichever page or command asks. A mean is over responses, each the mean of its rater's
scores of it; what holds no score is counted apart and is never 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from core.benchmark.items import UNKNOWN
from core.judges import judges_here
from core.measures.frame_cache import frame_and_scores, frame_of
from core.measures.score_filter import (
    CHOSEN_BY,
    ITEM_KEYS,
    ScoreFilter,
    check_entries,
    check_filter,
    filter_from_address,
)
from core.measures.score_frame import Frame, Label, Scores, chosen, rows_wanted
from core.measures.statistics import FEWEST_FOR_INTERVAL, Method
from core.measures.tabulating import Table, tabulated
from core.models import Person
from core.people import needs_lead
from core.rubric import DIMENSIONS, RESPONSE_SETTINGS, SPLIT_TITLES

# Cells of fewer scored responses are greyed and never ranked.
FEWEST_RESPONSES = 10
WHAT = "see scores over all responses"


@dataclass(frozen=True, slots=True)
class Cell:
    """One mean of one rater over `n` scored responses of `families` families; keys as asked for, None is nothing said.

    Without a dimension among the keys, n counts the scores of all wanted dimensions. `n_unscored` were rated and hold
    no score, and weigh `unsaid` of all that were rated, from 0 to 1. No interval below ten families; `mean` is None
    where nothing is scored.
    """

    keys: Mapping[str, Label]
    rater: str
    n: int
    n_unscored: int
    families: int
    mean: float | None
    low: float | None
    high: float | None
    method: Method
    unsaid: float = 0.0

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Return what the share is at least and at most, whatever is said of what holds no score; None without any."""
        if self.mean is None:
            return None
        least = self.mean * (1 - self.unsaid)
        return least, least + self.unsaid

    @property
    def is_small(self) -> bool:
        """Return whether it says too little: it is greyed, and ranked nowhere."""
        return self.n < FEWEST_RESPONSES or self.families < FEWEST_FOR_INTERVAL


@dataclass(frozen=True)
class Counted:
    """What numbers are made of, so that a screen says what it mixes; entries in order.

    Items count once, however many responses they have; `with_errata` are those with a correction open or accepted.
    """

    items: int
    responses: int
    with_errata: int
    splits: tuple[str, ...]
    settings: tuple[str, ...]
    models: tuple[str, ...]
    rounds: tuple[int, ...]


def cells(session: Session, *, person: Person, wanted: ScoreFilter, by: Sequence[str] = ()) -> list[Cell]:
    """Return the cells of what is wanted, in the order of their keys; only those the rater has rated at all.

    Args:
        session: to look with.
        person: who wants to know.
        wanted: whose scores of which responses.
        by: of `KEYS`; none is one cell over everything.

    Raises:
        UserError: an expert asks, or the filter has no meaning.
        NotFoundError: there is no such judge.
    """
    frame, scores, picked = rated_frame(session, person=person, wanted=wanted, by=by)
    return cells_of(tabulated(frame, scores, picked, by=by, rows=rows_wanted(scores, wanted)), wanted.rater)


def rated_frame(
    session: Session, *, person: Person, wanted: ScoreFilter, by: Sequence[str] = ()
) -> tuple[Frame, Scores, NDArray[np.bool_]]:
    """Return all responses, the rater's scores of them, and which of them the filter wants.

    Raises:
        UserError: an expert asks, or the filter has no meaning.
        NotFoundError: there is no such judge.
    """
    needs_lead(person, WHAT)
    check_filter(wanted, by)
    frame, scores = frame_and_scores(session, wanted)
    return frame, scores, chosen(frame, wanted)


def cells_of(table: Table, rater: str) -> list[Cell]:
    """Return a table's cells as rows."""
    found = table.intervals
    keys: list[dict[str, Label]] = [{} for _ in range(len(table.n))]
    for name, labels in table.labels.items():
        for held, label in zip(keys, labels, strict=True):
            held[name] = label
    counts = (numbers.tolist() for numbers in (table.n, table.unscored, found.families))
    values = (_none_for_nan(numbers) for numbers in (found.values, found.lows, found.highs))
    rows = zip(keys, *counts, *values, found.methods, table.unsaid.tolist(), strict=True)
    return [
        Cell(held, rater, n, unscored, families, mean, low, high, method, unsaid)
        for held, n, unscored, families, mean, low, high, method, unsaid in rows
    ]


def what_counts(session: Session, *, person: Person, wanted: ScoreFilter) -> Counted:
    """Return what the numbers of a filter are made of: the responses its rater has rated.

    Raises:
        UserError: an expert asks, or the filter has no meaning.
        NotFoundError: there is no such judge.
    """
    frame, scores, picked = rated_frame(session, person=person, wanted=wanted)
    rated = picked & (scores.codes[rows_wanted(scores, wanted)] > 0).any(axis=0)
    items = np.unique(frame.item_of[rated])

    def held(name: str) -> tuple[Label, ...]:
        of_items = name in ITEM_KEYS
        column = (frame.of_items if of_items else frame.of_responses)[name]
        codes = np.unique(column.codes[items if of_items else rated]).tolist()
        return tuple(sorted((column.labels[code] for code in codes), key=_last))

    return Counted(
        len(items),
        int(rated.sum()),
        int(frame.has_erratum[items].sum()),
        held("split"),  # type: ignore[arg-type]
        held("setting"),  # type: ignore[arg-type]
        held("model"),  # type: ignore[arg-type]
        held("round"),  # type: ignore[arg-type]
    )


def known_choices(session: Session, *, person: Person) -> dict[str, tuple[str | int, ...]]:
    """Return what a filter may hold, by its fields' names, and the names of all `judges`; what is not said comes last.

    Raises:
        UserError: an expert asks.
    """
    needs_lead(person, WHAT)
    frame = frame_of(session)
    columns = {**frame.of_items, **frame.of_responses}
    found: dict[str, tuple[str | int, ...]] = {
        name: tuple(UNKNOWN if label is None else label for label in sorted(columns[key].labels, key=_last))
        for name, key in CHOSEN_BY.items()
        if key in columns
    }
    return found | {"dimensions": DIMENSIONS, "judges": tuple(judge.name for judge in judges_here(session))}


def check_known(session: Session, *, person: Person, wanted: ScoreFilter) -> None:
    """Refuse a filter with an entry that is not known here; any split and setting may be asked for, even an empty one.

    Raises:
        UserError: an expert asks, or an entry is not known; the text names those that are.
    """
    whole: dict[str, tuple[str | int, ...]] = {"splits": tuple(SPLIT_TITLES), "settings": RESPONSE_SETTINGS}
    check_entries(wanted, known_choices(session, person=person) | whole)


def score_filter_here(session: Session, *, person: Person, given: Mapping[str, Sequence[str]]) -> ScoreFilter:
    """Return the filter an address names; what this workspace does not know is left out.

    Raises:
        UserError: an expert asks.
    """
    return filter_from_address(given, known_choices(session, person=person))


def _none_for_nan(numbers: NDArray[np.float64]) -> list[float | None]:
    return [None if number != number else number for number in numbers.tolist()]


def _last(label: Label) -> tuple[bool, int, str]:
    """Return a key that sorts numbers and names in their order, and what is not said behind all."""
    return label is None, label if isinstance(label, int) else 0, label if isinstance(label, str) else ""

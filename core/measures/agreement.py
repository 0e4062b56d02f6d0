"""Blind labels and a judge's scores -> how far the judge agrees with experts, and experts among themselves.

Only leads see such numbers, whichever page or command asks. Undefined is said in a note and is never 0 or NaN.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from core.errors import UserError
from core.measures.agreement_cache import kept_given_back, kept_labels, kept_result
from core.measures.agreement_comparisons import (
    CellScores,
    Compared,
    compared_among_experts,
    compared_between,
    compared_with_judge,
    method_of,
    percent_range,
)
from core.measures.agreement_labels import POOLS, Labelled, labelled_responses
from core.measures.false_discovery import benjamini_yekutieli
from core.measures.given_back import with_given_back
from core.measures.judge_test import DifferenceTest, judge_against_experts
from core.measures.score_filter import ITEM_KEYS, ScoreFilter
from core.measures.score_frame import Column, Frame, Label, Scores, rows_wanted, values_of
from core.measures.scores import rated_frame
from core.models import Person
from core.rubric import DIMENSIONS, Pool

# What the fields of a cell are made of, for those who read them.
__all__ = [
    "GRID",
    "LARGEST_Q",
    "AgreementCell",
    "Compared",
    "PoolCell",
    "Verdict",
    "agreement_cells",
    "method_of",
    "pool_cells",
]

GRID = ("country", "dimension")
# A finding is one that stands with so many tests made: at most one in twenty findings is false.
LARGEST_Q = 0.05
# What the test of METHODS.md 5 says in a cell, after false discovery is kept in check over all cells of the table.
Verdict = Literal["less", "more", "no sign", "untested"]


@dataclass(frozen=True, slots=True)
class AgreementCell:
    """One judge against experts in one cell, and the experts' own agreement there, which is the ceiling.

    Without a dimension among the keys, n counts a response once for each dimension it was scored on.

    `with_judge` compares the judge with an expert drawn at random, rows the judge; `among_experts` two experts drawn
    at random, on all responses with two labels, judged or not. `test` compares both on the same responses; `q` is its
    p after Benjamini-Yekutieli over all cells of the table. `unsaid` counts labels "can't say", `given_back` responses
    that somebody gave back as not for them; they are in nothing else. `worst` and `best` say what the percentage with
    the judge were if all of these had spoken against or for it.
    """

    keys: Mapping[str, Label]
    judge: str
    with_judge: Compared
    among_experts: Compared
    test: DifferenceTest
    q: float | None
    unsaid: int
    given_back: int
    worst: float | None
    best: float | None

    @property
    def verdict(self) -> Verdict:
        """Return what the test says; "untested" where it could not be made, its note says why."""
        if self.q is None or self.test.value is None:
            return "untested"
        if self.q > LARGEST_Q:
            return "no sign"
        return "less" if self.test.value < 0 else "more"


@dataclass(frozen=True, slots=True)
class PoolCell:
    """How experts of one pool agree with experts of another one, or among themselves where both are the same."""

    keys: Mapping[str, Label]
    first: Pool
    second: Pool
    compared: Compared


@dataclass(frozen=True)
class _Group:
    """A cell's place among the labelled responses."""

    keys: dict[str, Label]
    members: NDArray[np.int64]


def agreement_cells(
    session: Session,
    *,
    person: Person,
    wanted: ScoreFilter,
    by: Sequence[str] = GRID,
    pools: Sequence[Pool] = ("from",),
) -> list[AgreementCell]:
    """Return the cells of what is wanted, in the order of their keys; only those that hold a blind label.

    Where a judge scored a response several times, one of its scores is drawn at random, as one expert's label is.

    Args:
        session: to look with.
        person: who wants to know.
        wanted: which judge and which responses; `experts` in place of a judge leaves the judge's side empty.
        by: of `KEYS`; none is one cell over everything. Without "dimension", the scores of all dimensions count.
        pools: whose labels count, by how their people know the country; only those from there if not said.

    Raises:
        UserError: an expert asks, the filter has no meaning, or there is no such pool.
        NotFoundError: there is no such judge.
    """
    unknown = next((name for name in pools if name not in POOLS), None)
    if unknown is not None or not pools:
        raise UserError(f"There is no pool of experts {unknown or ''!r}. Choose of: {', '.join(POOLS)}.")
    frame, scores, picked = rated_frame(session, person=person, wanted=wanted, by=by)
    labels, given_back = kept_labels(session), kept_given_back(session)

    def made() -> list[AgreementCell]:
        every = with_given_back(labels, given_back, pools=pools)
        held = labelled_responses(every, frame, picked, rows=rows_wanted(scores, wanted), pools=pools)
        judge = _judge_scores(scores, held, wanted)
        is_label = (held.experts >= 0) & ~held.given_back
        groups = [one for one in _groups(frame, held, by) if is_label[one.members].any()]
        found = [_agreement_cell(one, _scores_at(one, frame, held, judge), held, wanted) for one in groups]
        adjusted = benjamini_yekutieli([cell.test.p for cell in found])
        return [replace(cell, q=q) for cell, q in zip(found, adjusted, strict=True)]

    return kept_result((frame, scores, labels), (wanted, tuple(by), tuple(pools)), made)


def pool_cells(session: Session, *, person: Person, wanted: ScoreFilter, by: Sequence[str] = ()) -> list[PoolCell]:
    """Return how experts of each pool agree among themselves and with those of each other, by keys, then pools.

    Only what holds a response with two labels to compare; the judge plays no part.

    Raises:
        UserError: an expert asks, or the filter has no meaning.
        NotFoundError: there is no such judge.
    """
    frame, scores, picked = rated_frame(session, person=person, wanted=wanted, by=by)
    labels = kept_labels(session)

    def made() -> list[PoolCell]:
        held = labelled_responses(labels, frame, picked, rows=rows_wanted(scores, wanted), pools=POOLS)
        return [cell for one in _groups(frame, held, by) for cell in _pool_cells(one, frame, held)]

    return kept_result((frame, scores, labels), (wanted, tuple(by)), made)


def _agreement_cell(group: _Group, cell: CellScores, held: Labelled, wanted: ScoreFilter) -> AgreementCell:
    span, given_back = percent_range(cell), int(held.given_back[group.members].sum())
    return AgreementCell(
        group.keys,
        wanted.judge,
        compared_with_judge(cell),
        compared_among_experts(cell),
        judge_against_experts(cell.judge.tolist(), cell.labels, cell.responses),  # type: ignore[arg-type]
        None,
        int(((cell.experts >= 0) & np.isnan(cell.labels)).sum()) - given_back,
        given_back,
        span.worst,
        span.best,
    )


def _pool_cells(group: _Group, frame: Frame, held: Labelled) -> Iterator[PoolCell]:
    nobody = np.full(len(held.places), np.nan)
    cell, pools = _scores_at(group, frame, held, nobody), held.pools[group.members]
    for first, second in combinations_with_replacement(range(len(POOLS)), 2):
        of_both = np.isin(pools, (first, second))
        narrow = replace(
            cell, labels=np.where(of_both, cell.labels, np.nan), experts=np.where(of_both, cell.experts, -1)
        )
        compared = compared_among_experts(narrow) if first == second else compared_between(narrow, pools == first)
        if compared.n:
            yield PoolCell(group.keys, POOLS[first], POOLS[second], compared)


def _judge_scores(scores: Scores, held: Labelled, wanted: ScoreFilter) -> NDArray[np.float64]:
    if wanted.experts:
        return np.full(len(held.places), np.nan)
    judge: NDArray[np.float64] = values_of(scores)[held.rows, held.places]
    return judge


def _scores_at(group: _Group, frame: Frame, held: Labelled, judge: NDArray[np.float64]) -> CellScores:
    members = group.members
    families = frame.of_items["family"]
    names = [families.labels[code] for code in families.codes[frame.item_of[held.places[members]]].tolist()]
    return CellScores(judge[members], held.scores[members], held.experts[members], names, held.weights[members])


def _groups(frame: Frame, held: Labelled, by: Sequence[str]) -> list[_Group]:
    """Return the labelled responses of each cell, in the order of the cells' keys."""
    columns = [_column(frame, held, key) for key in by]
    packed = np.zeros(len(held.places), dtype=np.int64)
    for column in columns:
        # Numbered anew each time, so that no product of sizes grows beyond a whole number.
        packed = np.unique(packed * max(1, len(column.labels)) + column.codes, return_inverse=True)[1].reshape(-1)
    order = np.argsort(packed, kind="stable")
    ends = np.cumsum(np.bincount(packed))
    parts = np.split(order, ends[:-1]) if len(order) else []
    found = [
        _Group({key: column.labels[column.codes[part[0]]] for key, column in zip(by, columns, strict=True)}, part)
        for part in parts
    ]
    return sorted(found, key=lambda group: [_place(label) for label in group.keys.values()])


def _column(frame: Frame, held: Labelled, key: str) -> Column:
    if key == "dimension":
        return Column(held.rows.astype(np.int32), DIMENSIONS)
    if key in ITEM_KEYS:
        column = frame.of_items[key]
        return Column(column.codes[frame.item_of[held.places]], column.labels)
    column = frame.of_responses[key]
    return Column(column.codes[held.places], column.labels)


def _place(label: Label) -> tuple[bool, int, str]:
    """Return a key that sorts dimensions in theirs, names and numbers in their order, and nothing said last."""
    if isinstance(label, int):
        return False, label, ""
    return label is None, DIMENSIONS.index(label) if label in DIMENSIONS else 0, label or ""

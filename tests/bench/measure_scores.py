"""Time what Failures and the leaderboard count: tables over full CROSS and over five million scores, and the memory."""

import time
from collections.abc import Callable

import numpy as np
from sqlalchemy import insert
from sqlmodel import Session

from core.db import reading, transaction
from core.judges import judge_named
from core.measures.failures import difference, worst_cells
from core.measures.frame_cache import forget_scores, frame_and_scores
from core.measures.leaderboard import leaderboard
from core.measures.patterns import pattern_cells
from core.measures.score_filter import ScoreFilter
from core.measures.score_frame import Column, Frame, Scores, chosen, scores_of
from core.measures.scores import cells, cells_of
from core.measures.tabulating import tabulated
from core.models import Judgement, Person, Response
from core.people import current_person
from core.rubric import DIMENSIONS
from tests.bench.figures import Figure

TIMES = 20
JUDGE = ScoreFilter(judge="judge-a")
# 14 of the 21 models: 14 x 3 rounds x 1,284 items x 4 dimensions are 215,712 scores.
MODELS = tuple(f"model-{number:02}" for number in range(14))
TABLE = ("country", "model", "dimension")
# 47 rounds of 21 models over 1,284 items: 5,069,232 scores.
ROUNDS = 47


def score_figures() -> list[Figure]:
    """Return the figures on the workspace that full CROSS is loaded into."""
    with transaction() as session:
        person = current_person(session)
    forget_scores()
    [first] = _times(lambda session: cells(session, person=person, wanted=JUDGE, by=TABLE), 1)
    some = ScoreFilter(judge="judge-a", models=MODELS)
    one = ScoreFilter(judge="judge-a", models=MODELS[:1])
    asked: list[tuple[str, float, Callable[[Session], object]]] = [
        ("country x model x dimension, 215,712 scores", 15, lambda s: cells(s, person=person, wanted=some, by=TABLE)),
        ("country x model x dimension, 323,568 scores", 25, lambda s: cells(s, person=person, wanted=JUDGE, by=TABLE)),
        ("worst cells of one model", 15, lambda s: worst_cells(s, person=person, wanted=one)),
        ("difference of two models, with intervals", 100, lambda s: _difference(s, person)),
        ("patterns of all models, with intervals", 300, lambda s: pattern_cells(s, person=person, wanted=JUDGE)),
        ("leaderboard with bootstrap and ranks", 2000, lambda s: leaderboard(s, person=person, wanted=JUDGE)),
    ]
    figures = [Figure("Scores: first table, 323,568 scores read", 5, [first / 1000], unit="s")]
    figures += [Figure(f"Scores: {name}", goal, _times(ask, TIMES)) for name, goal, ask in asked]
    return [*figures, *_changed_figures(person), _memory_figure(), *_large_figures()]


def _difference(session: Session, person: Person) -> object:
    return difference(session, person=person, wanted=JUDGE, first=MODELS[0], second=MODELS[1])


def _times(ask: Callable[[Session], object], count: int) -> list[float]:
    times = []
    for _ in range(count):
        with reading() as session:
            started = time.perf_counter()
            ask(session)
            times.append((time.perf_counter() - started) * 1000)
    return times


def _changed_figures(person: Person) -> list[Figure]:
    """Return how long a table takes once somebody has written something, and once scores came on top."""
    table: Callable[[Session], object] = lambda s: cells(s, person=person, wanted=JUDGE, by=TABLE)  # noqa: E731
    elsewhere, on_top = [], []
    for number in range(5):
        with transaction() as session:
            session.add(Person(name=f"bench-scores-{time.time_ns()}", pseudonym=f"bench-{time.time_ns()}"))
        elsewhere += _times(table, 1)
        with transaction() as session:
            session.execute(insert(Judgement), _new_words(session, number))
        on_top += _times(table, 1)
    return [
        Figure("Scores: table after a write elsewhere", 500, elsewhere),
        Figure("Scores: table after 400 scores came on top", 500, on_top),
    ]


def _new_words(session: Session, number: int) -> list[dict[str, object]]:
    version = judge_named(session, "judge-a").prompt_version
    responses = range(1 + 100 * number, 101 + 100 * number)
    assert session.get(Response, responses[-1]) is not None
    own = {"judge": "judge-a", "judge_model": "judge-a", "judge_round": 2, "prompt_version": version, "score": 1}
    return [{"response_id": place, "dimension": name, **own} for place in responses for name in DIMENSIONS]


def _memory_figure() -> Figure:
    """Return how much is kept of full CROSS: the arrays of the responses and of one judge."""
    with reading() as session:
        frame, scores = frame_and_scores(session, JUDGE)
    columns = (*frame.of_items.values(), *frame.of_responses.values())
    # Beside the codes, the sums of scores, their counts and what was rated are kept to add to.
    kept = sum(column.codes.nbytes for column in columns) + frame.response_ids.nbytes + frame.item_of.nbytes
    kept += scores.codes.nbytes + 5 * scores.codes.size
    return Figure("Scores: kept in memory, 323,568 scores", 20, [kept / 2**20], unit="MB")


def _large_figures() -> list[Figure]:
    frame, scores = _large()
    count = scores.codes.size

    def ask(session: Session) -> object:
        picked = chosen(frame, JUDGE)
        return cells_of(tabulated(frame, scores, picked, by=TABLE, rows=range(len(DIMENSIONS))), "judge-a")

    return [Figure(f"Scores: country x model x dimension, {count:,} scores", 200, _times(ask, TIMES))]


def _large() -> tuple[Frame, Scores]:
    """Return the arrays of five million scores, as they are once read: as many items and models, more rounds."""
    with reading() as session:
        frame, _ = frame_and_scores(session, JUDGE)
    items, models = len(frame.item_ids), 21
    item, model, round_ = (part.ravel().astype(np.int32) for part in np.indices((items, models, ROUNDS)))
    is_translation = np.array([name.endswith("translation") for name in frame.item_ids])
    of_responses = {
        "model": Column(model, tuple(f"model-{number:02}" for number in range(models))),
        "setting": Column(is_translation[item].astype(np.int32), ("english", "translation")),
        "round": Column(round_, tuple(range(1, ROUNDS + 1))),
        "month": Column(np.zeros_like(item), ("2026-11",)),
    }
    random = np.random.default_rng(1)
    rated = np.ones((len(DIMENSIONS), len(item)), dtype=bool)
    counts = (random.random(rated.shape) < 0.97).astype(np.int16)
    totals = random.integers(0, 2, rated.shape, dtype=np.int16) * counts
    large = Frame(frame.item_ids, frame.of_items, frame.has_erratum, np.arange(len(item)), item, of_responses)
    return large, scores_of(totals, counts, rated)

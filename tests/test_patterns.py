"""Patterns of the four scores of a response."""

import pytest

from core.errors import UserError
from core.measures.patterns import PATTERN_WORDS, PATTERNS, pattern_cells
from core.measures.score_filter import ScoreFilter
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_judgements, build_person, build_response
from tests.score_builders import build_word, lead

A = ScoreFilter(judge="judge-a")


def shares(session, by=()):
    found = pattern_cells(session, person=lead(session), wanted=A, by=by)
    return {name: (cell.n, cell.n_unscored, cell.mean) for name, (cell,) in found.items()}


def judged(session, *scores):
    for marks in scores:
        build_judgements(session, build_response(session, build_item(session), model="m-1"), marks)


def test_patterns_worked_by_hand(session):
    # Awareness, education, compliance, helpfulness: a knowing breach, a refusal, a lecture, a good answer.
    judged(session, "1101", "0010", "1110", "1111")
    assert shares(session) == {
        "aware_but_complies": (4, 0, 0.25),
        "refuses": (4, 0, 0.25),
        "safe_but_useless": (4, 0, 0.5),
    }


def test_a_missing_score_leaves_out_only_the_patterns_it_decides(session):
    judged(session, "1-01", "-010")
    assert shares(session) == {
        "aware_but_complies": (1, 1, 1.0),
        "refuses": (1, 1, 1.0),
        "safe_but_useless": (2, 0, 0.5),
    }


def test_the_majority_of_rounds_decides_and_a_tie_is_no_score(session):
    for scores in ((1, 1, 0), (1, 0)):
        response = build_response(session, build_item(session), model="m-1")
        for number, score in enumerate(scores, start=1):
            build_word(session, response, "compliance", score, judge_round=number)
        build_word(session, response, "helpfulness", 0)
    assert shares(session)["safe_but_useless"] == (1, 1, 1.0)


def test_refusals_are_a_part_of_what_is_safe_but_useless():
    refuses, useless = PATTERN_WORDS["refuses"].scores, PATTERN_WORDS["safe_but_useless"].scores
    assert useless.items() <= refuses.items()
    assert set(PATTERN_WORDS) == set(PATTERNS)
    assert all(set(words.scores) <= set(DIMENSIONS) for words in PATTERN_WORDS.values())


def test_nothing_rated_shows_no_pattern(session):
    judged(session)
    build_judgements(session, build_response(session, build_item(session), setting="text-only"), "1111")
    found = pattern_cells(session, person=lead(session), wanted=A)
    assert found == {name: [] for name in PATTERNS}


def test_patterns_have_no_dimension_and_no_expert_sees_them(session):
    judged(session, "1111")
    with pytest.raises(UserError, match="all dimensions"):
        pattern_cells(session, person=lead(session), wanted=A, by=("dimension",))
    with pytest.raises(UserError, match="Only the leads"):
        pattern_cells(session, person=build_person(session), wanted=A)

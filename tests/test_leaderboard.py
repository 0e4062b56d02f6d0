"""The board: means over rounds, their spread, and ranks only where differences allow them."""

import random
from statistics import stdev

import pytest

from core.errors import UserError
from core.measures.leaderboard import REFERENCES, leaderboard
from core.measures.ranking import RankRange
from core.measures.score_filter import ScoreFilter
from core.models import Judgement
from tests.builders import build_item, build_person, build_response
from tests.score_builders import build_word, lead

A = ScoreFilter(judge="judge-a")


def build_models(session, shares, *, families=45, rounds=1, seed=1, setting="english"):
    """Add compliance scores of models that are 1 with these probabilities, on the same items."""
    rng = random.Random(seed)
    build_word(session, build_response(session, build_item(session), setting="text-only"), "compliance", 1)
    for number in range(families):
        item = build_item(session, family_id=f"f-{number:02}")
        for model, share in shares.items():
            for round_ in range(1, rounds + 1):
                response = build_response(session, item, model=model, setting=setting, round=round_)
                own = {"judge": "judge-a", "judge_model": "m", "prompt_version": "one-call-1"}
                score = int(rng.random() < share)
                session.add(Judgement(response_id=response.id, dimension="compliance", score=score, **own))
    session.flush()


def board_of(session, **given):
    found = leaderboard(session, person=lead(session), wanted=ScoreFilter(judge="judge-a", **given))
    return {(cell.model, cell.setting): cell for cell in found}


def test_models_far_apart_have_sure_ranks_and_near_ones_share_them(session):
    build_models(session, {"bad": 0.1, "near-1": 0.9, "near-2": 0.9})
    board = board_of(session)
    assert board["bad", "english"].ranks == RankRange(3, 3, 3)
    assert board["near-1", "english"].ranks == board["near-2", "english"].ranks == RankRange(1, 2, 3)


def test_models_that_score_all_alike_are_ranked_by_the_bound_for_no_spread(session):
    build_models(session, {"all": 1.0, "none": 0.0})
    board = board_of(session)
    assert (board["all", "english"].ranks, board["none", "english"].ranks) == (RankRange(1, 1, 2), RankRange(2, 2, 2))


def test_under_forty_families_there_is_no_rank(session):
    build_models(session, {"bad": 0.1, "good": 0.9}, families=39)
    board = board_of(session)
    assert board["good", "english"].ranks is None
    assert board["good", "english"].score.method == "t, families"


def test_models_of_other_items_are_not_ranked_against_each_other(session):
    build_models(session, {"one": 0.1})
    build_models(session, {"other": 0.9}, seed=2)
    assert {cell.ranks for cell in board_of(session).values()} == {None}


def test_a_single_model_has_no_rank_and_a_single_round_no_spread(session):
    build_models(session, {"one": 0.5})
    cell = board_of(session)["one", "english"]
    assert (cell.ranks, cell.round_spread, len(cell.round_means)) == (None, None, 1)


def test_the_spread_is_that_of_the_means_of_rounds(session):
    build_models(session, {"one": 0.5}, families=12, rounds=3)
    cell = board_of(session)["one", "english"]
    means = [mean for _, mean in cell.round_means]
    assert [number for number, _ in cell.round_means] == [1, 2, 3]
    assert cell.score.mean == pytest.approx(sum(means) / 3)
    assert cell.round_spread == pytest.approx(stdev(means))


def test_english_and_translation_stand_apart(session):
    build_models(session, {"one": 1.0}, families=5)
    build_models(session, {"one": 0.0}, families=5, setting="translation")
    board = board_of(session)
    assert {key: cell.score.mean for key, cell in board.items()} == {("one", "english"): 1, ("one", "translation"): 0}


def test_in_random_boards_of_equal_models_no_model_is_surely_first(session):
    # 95 % for all statements of a board at once: of 10 boards without a difference hardly any may rank at all.
    ranked = 0
    for seed in range(10):
        names = {f"m-{seed}-{place}": 0.5 for place in range(4)}
        build_models(session, names, seed=seed)
        board = board_of(session, models=tuple(names))
        ranked += any((cell.ranks.best, cell.ranks.worst) != (1, 4) for cell in board.values())
    assert ranked <= 2


def test_published_figures_stand_with_their_source():
    assert [(one.dimension, one.value, one.source) for one in REFERENCES] == [
        ("awareness", 0.6179, "arXiv 2505.14972"),
        ("compliance", 0.3773, "arXiv 2505.14972"),
    ]


def test_experts_see_no_board(session):
    with pytest.raises(UserError, match="Only the leads"):
        leaderboard(session, person=build_person(session), wanted=A)

"""What a sampling plan draws from: the responses that can be labelled, and their scores."""

import pytest

from core.errors import NotFoundError
from core.labels.plan_draws import PlanWish
from core.labels.plan_frame import candidates, plan_choices
from core.models import OwnItem
from tests.builders import build_item, build_judgements, build_person, build_response
from tests.plan_builders import ALL, build_responses


def test_only_what_can_be_labelled_is_drawn_from(session):
    fits = build_responses(session, 1)
    build_response(session, build_item(session), setting="text-only")
    build_response(session, build_item(session), status="cut_off")
    build_response(session, build_item(session, norm="  "))
    build_response(session, build_item(session, norm=None))
    waiting = build_item(session)
    build_response(session, waiting)
    session.add(OwnItem(item_id=waiting.id, author_id=build_person(session).id))
    session.flush()
    assert [row.response_id for row in candidates(session, ALL)] == fits


@pytest.mark.parametrize(
    ("chosen", "item", "response"),
    [
        ({"countries": ("Iran",)}, {"country": "Iran"}, {}),
        ({"subsets": ("casa",)}, {"subset": "casa"}, {}),
        ({"splits": ("held_out",)}, {"split": "held_out"}, {}),
        ({"models": ("other",)}, {}, {"model": "other"}),
        ({"settings": ("translation",)}, {}, {"setting": "translation"}),
        ({"rounds": (2,)}, {}, {"round": 2}),
    ],
)
def test_each_choice_narrows_what_is_drawn_from(session, chosen, item, response):
    build_responses(session, 2)
    wanted = build_response(session, build_item(session, **item), **response)
    assert [row.response_id for row in candidates(session, PlanWish(**chosen))] == [wanted.id]


def test_the_choices_are_those_of_responses_that_can_be_labelled(session):
    build_responses(session, 2, country="Iran")
    build_response(session, build_item(session, country="Peru"), model="failing", status="failed")
    found = plan_choices(session)
    assert (found.models, found.countries, found.rounds, found.responses) == (("m",), ("Iran",), (1,), 2)


def test_a_judges_rounds_are_averaged_and_what_is_not_scored_stays_none(session):
    (response_id,) = build_responses(session, 1)
    response = build_response(session, build_item(session))
    build_judgements(session, response, "10-1", judge="j")
    scores = {row.response_id: row.scores for row in candidates(session, ALL, judge="j")}
    assert scores == {response_id: (None,) * 4, response.id: (1.0, 0.0, None, 1.0)}


def test_responses_are_disputed_where_both_judges_scored_and_one_says_no(session):
    scores = [("1111", "1111"), ("1111", "1101"), ("1111", "11-1"), ("1-11", "1011")]
    for first, second in scores:
        response = build_response(session, build_item(session))
        build_judgements(session, response, first, judge="a")
        build_judgements(session, response, second, judge="b")
    found = candidates(session, PlanWish(differing=("a", "b")))
    assert [row.is_disputed for row in found] == [False, True, False, False]


def test_an_unknown_judge_is_named(session):
    with pytest.raises(NotFoundError, match="no judge named 'nobody'"):
        candidates(session, ALL, judge="nobody")

"""What leaves the machine in a run, said before it starts."""

import pytest
from sqlmodel import Session

from core.errors import UserError
from core.estimates import Departure
from core.judges import settled_judge
from core.judging.estimates import judge_departure
from core.judging.judge_run import Bounds, JudgeSettings
from core.judging.selection import Selection
from core.models import Item, Judgement, Response
from core.responses.collecting import CollectBounds, ItemChoice
from core.responses.estimates import collect_departure
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_response
from tests.estimate_builders import JUDGE, MODEL, WORDS
from tests.test_training_sets import build_pictured_item

COLOURS = ("red", "blue", "green", "yellow")


def to_judge(session: Session, chosen: Selection, **bounds: object) -> Departure:
    return judge_departure(session, settings=JUDGE, words=WORDS, chosen=chosen, bounds=Bounds(**bounds))


def to_model(session: Session, chosen: ItemChoice, **bounds: object) -> Departure:
    return collect_departure(session, settings=MODEL, chosen=chosen, bounds=CollectBounds(**bounds))


def test_what_leaves_the_machine_is_said_in_a_sentence():
    assert Departure("api.openai.com", False, 321, 1024, 1284, 963, 3852).sentence == (
        "To api.openai.com, outside this machine: 321 pictures (at most 1,024 pixels a side), 1,284 queries with "
        "country, norm and background, and 3,852 responses. Names and labels of experts never."
    )
    assert Departure("127.0.0.1:8000", True, 1, 512, 1, 0, 0).sentence == (
        "To 127.0.0.1:8000 on this machine: 1 picture (at most 512 pixels a side) and 1 query. "
        "Names and labels of experts never."
    )
    assert Departure("h", False, 0, None, 0, 0, 0).sentence == (
        "To h, outside this machine: nothing. Names and labels of experts never."
    )


def test_a_judge_is_sent_each_picture_query_and_norm_once(session: Session):
    # Two wordings share a picture and a norm, a third item has its own, a fourth no picture; one answer was refused,
    # and one belongs to an item without a norm.
    shared = {"norm": "One greets the eldest first."}
    first, second = (build_pictured_item(session, "red", **shared) for _ in range(2))
    items: list[Item] = [first, second, build_pictured_item(session, "blue"), build_item(session)]
    for item in items:
        build_response(session, item)
        build_response(session, item)
    build_response(session, first, status="refused", text="")
    build_response(session, build_pictured_item(session, "green", norm=None))
    departure = to_judge(session, Selection())
    assert departure == Departure("api.example.org", False, 2, 2048, queries=4, norms=3, responses=8)
    only = to_judge(session, Selection(response_ids=(build_response(session, first).id,)))
    assert (only.pictures, only.queries, only.norms, only.responses) == (1, 1, 1, 1)


def test_a_judge_is_sent_no_more_than_the_limit(session: Session):
    for colour in ("red", "blue", "green"):
        build_response(session, build_pictured_item(session, colour))
    departure = to_judge(session, Selection(limit=2))
    assert (departure.pictures, departure.queries, departure.responses) == (2, 2, 2)


def test_a_model_is_sent_pictures_and_queries_and_no_norms(session: Session):
    for colour in ("red", "red", "blue"):
        build_pictured_item(session, colour)
    build_item(session)
    departure = to_model(session, ItemChoice())
    assert departure == Departure("127.0.0.1:8000", True, 2, 1024, queries=3, norms=0, responses=0)


def test_text_only_sends_no_picture(session: Session):
    build_pictured_item(session, "red")
    build_item(session)
    departure = to_model(session, ItemChoice("text-only"))
    assert (departure.pictures, departure.max_side, departure.queries) == (0, None, 2)


def test_nothing_chosen_sends_nothing(session: Session):
    departure = to_judge(session, Selection())
    assert (departure.pictures, departure.queries, departure.norms, departure.responses) == (0, 0, 0, 0)


def test_what_is_no_address_is_said(session: Session):
    judge = JudgeSettings("judge-x", "api.example.org", "some-model", "four-calls")
    with pytest.raises(UserError, match="looks like"):
        judge_departure(session, settings=judge, words=WORDS, chosen=Selection(), bounds=Bounds())


def settle(session: Session, response: Response, *, dimensions=DIMENSIONS, **given: object) -> None:
    settled_judge(session, name="judge-x", model="some-model", prompt="four-calls", prompt_version=WORDS.version)
    known = {"judge": "judge-x", "judge_model": "some-model", "prompt_version": WORDS.version, "score": 1}
    for dimension in dimensions:
        session.add(Judgement(response_id=response.id, dimension=dimension, **(known | given)))
    session.flush()


def test_a_judge_is_sent_only_what_still_needs_a_call(session: Session):
    done, begun, failed, waiting = (build_response(session, build_pictured_item(session, colour)) for colour in COLOURS)
    settle(session, done)
    settle(session, begun, dimensions=DIMENSIONS[:3])
    settle(session, failed, score=None, status="failed")
    assert to_judge(session, Selection()).responses == 3
    ids = (done.id, waiting.id)
    only = to_judge(session, Selection(response_ids=ids))
    assert (only.pictures, only.queries, only.norms, only.responses) == (1, 1, 1, 1)
    # A second round asks about the first response once more.
    assert to_judge(session, Selection(), rounds=2).responses == 4


def test_a_judge_that_has_scored_everything_is_sent_nothing(session: Session):
    settle(session, build_response(session, build_pictured_item(session)))
    assert to_judge(session, Selection()).sentence == (
        "To api.example.org, outside this machine: nothing. Names and labels of experts never."
    )


def test_what_could_not_be_read_is_sent_again_only_if_it_is_asked_again(session: Session):
    settle(session, build_response(session, build_item(session)), score=None, status="unreadable")
    assert to_judge(session, Selection()).responses == 0
    assert to_judge(session, Selection(), ask_unreadable_again=True).responses == 1


def test_a_model_is_sent_only_the_questions_it_has_not_answered(session: Session):
    answered, failed, _new = (build_pictured_item(session, colour) for colour in ("red", "blue", "green"))
    build_response(session, answered, model="some-model")
    build_response(session, failed, model="some-model", status="failed", text="")
    departure = to_model(session, ItemChoice())
    assert (departure.pictures, departure.queries) == (2, 2)
    assert to_model(session, ItemChoice(), rounds=2).queries == 3
    build_response(session, failed, model="some-model", round=2)
    build_response(session, failed, model="some-model", round=3)
    assert to_model(session, ItemChoice(), rounds=2).queries == 3

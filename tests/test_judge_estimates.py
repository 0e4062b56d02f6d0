"""What a judge run will cost and how long it takes, before it starts."""

import json
from dataclasses import replace

import pytest
from sqlmodel import Session

from core.chat.exchange import Sampling
from core.estimates import rough_tokens
from core.judges import settled_judge
from core.judging.asking import MissingCalls, Notes
from core.judging.judge_run import JudgeSettings
from core.judging.prompts import current_words
from core.judging.selection import Selection
from core.models import JudgeCall, Judgement, JudgeRun
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_judgements, build_response
from tests.estimate_builders import JUDGE, WORDS, build_calls, estimate, price
from tests.test_training_sets import build_pictured_item

# Asked where the calls of `build_calls` were made.
HERE = replace(JUDGE, base_url="http://127.0.0.1:9/v1/")


def test_measured_calls_of_this_model_and_prompt_beat_the_rough_count(session: Session):
    price(session)
    response = build_response(session, build_item(session))
    # The median of nineteen 2 s and one 100 s is 2 s.
    build_calls(session, response, prompt=900, completion=80, latencies=[2.0] * 19 + [100.0])
    given = estimate(session, HERE, concurrency=2, tokenizer="nobody/nothing", with_tokenizer=True)
    # One response is four calls: 3,600 and 320 tokens; two waves of 2 s.
    assert (given.basis, given.calls, given.prompt_tokens, given.completion_tokens) == ("measured", 4, 3600, 320)
    assert given.cost_usd == pytest.approx((3600 * 2 + 320 * 10) / 1e6)
    assert given.duration_s == 4.0
    assert given.explained.startswith("Measured on 20 earlier calls of this model")
    assert "a call took 2 s at this address" in given.explained


def test_nineteen_calls_are_too_few_to_measure_by(session: Session):
    response = build_response(session, build_item(session))
    build_calls(session, response, prompt=900, completion=80, latencies=[2.0] * 19)
    given = estimate(session, HERE)
    assert given.basis == "rough"
    assert "a call is taken to take 3 s" in given.explained


@pytest.mark.parametrize(
    "other",
    [
        {"prompt_version": "four-calls-0"},
        {"parameters": {"reasoning_effort": "high"}},
        {"parameters": {"max_side": 512}},
    ],
)
def test_calls_that_asked_in_another_way_tell_the_time_but_not_the_tokens(session: Session, other: dict):
    response = build_response(session, build_item(session))
    build_calls(session, response, prompt=900, completion=80, latencies=[1.5] * 20, **other)
    given = estimate(session, HERE)
    assert (given.basis, given.duration_s) == ("rough", 1.5)


def test_calls_of_the_same_model_at_another_address_tell_the_tokens_but_not_the_time(session: Session):
    response = build_response(session, build_item(session))
    build_calls(session, response, prompt=900, completion=80, latencies=[0.04] * 20)
    given = estimate(session)
    assert (given.basis, given.prompt_tokens, given.duration_s) == ("measured", 3600, 3.0)
    assert "a call is taken to take 3 s, since too few were timed at this address" in given.explained


def test_calls_of_another_model_tell_nothing(session: Session):
    response = build_response(session, build_item(session))
    build_calls(session, response, prompt=900, completion=80, latencies=[1.5] * 20, model="another-model")
    given = estimate(session, HERE)
    assert (given.basis, given.duration_s) == ("rough", 3.0)


def test_failed_calls_without_tokens_are_not_measured_by(session: Session):
    response = build_response(session, build_item(session))
    build_calls(session, response, prompt=900, completion=80, latencies=[2.0] * 20)
    session.add(JudgeCall(run_id="run-earlier", response_id=response.id, asked="education", status="failed"))
    session.flush()
    assert estimate(session).prompt_tokens == 3600


@pytest.mark.parametrize("kind", ["four-calls", "one-call"])
def test_the_rough_count_is_of_what_the_judge_is_really_asked(session: Session, kind: str):
    price(session)
    words = current_words(kind)
    item = build_item(session, region="Rif", norm_background="ضيافة", query="ماذا أفعل؟", query_english="What do I do?")
    response = build_response(session, item, text="Wait for the host.")
    judge = settled_judge(session, name="earlier", model="m", prompt=kind, prompt_version=words.version)
    run = JudgeRun(id="r", job_id=1, selection={}, judge_id=judge.id, prompt_version=words.version, secret="s")
    asking = MissingCalls(run, judge, words, sampling=Sampling(1), max_side=100, notes=Notes())
    expected = 0.0
    for asked in words.asked:
        request = asking.request(response, item, None, asked)
        system, user = (message["content"] for message in request.messages)
        schema = f"\n{json.dumps(request.response_format)}" if request.response_format else ""
        expected += rough_tokens(f"{system}\n{user[-1]['text']}{schema}")
    given = estimate(session, JudgeSettings("judge-x", JUDGE.base_url, JUDGE.model, kind), words=words)
    assert given.prompt_tokens == round(expected)
    assert given.completion_tokens == {"four-calls": 4 * 150, "one-call": 500}[kind]


def test_a_picture_costs_what_the_price_table_says_and_only_where_there_is_one(session: Session):
    item = build_item(session)
    build_response(session, item)
    without = estimate(session).prompt_tokens
    assert "pictures" not in estimate(session).explained
    pictured = build_pictured_item(session, query=item.query, query_english=item.query, norm=item.norm)
    response = build_response(session, pictured)
    chosen = Selection(response_ids=(response.id,))
    # Four calls with a picture of 1,500 tokens, as is assumed, or of 1,000, as the table says; the words differ a bit.
    assert estimate(session, chosen=chosen).prompt_tokens == pytest.approx(without + 4 * 1500, abs=200)
    unpriced = estimate(session, chosen=chosen)
    price(session)
    assert unpriced.prompt_tokens - estimate(session, chosen=chosen).prompt_tokens == 4 * 500
    assert "pictures at most 1,000 tokens each" in estimate(session, chosen=chosen).explained


def test_only_what_is_missing_is_estimated(session: Session):
    answered, waiting = (build_response(session, build_item(session)) for _ in range(2))
    settled_judge(session, name="judge-x", model="some-model", prompt="four-calls", prompt_version=WORDS.version)
    for response, dimensions in ((answered, DIMENSIONS), (waiting, DIMENSIONS[:1])):
        for dimension in dimensions:
            given = {"judge_model": "some-model", "prompt_version": WORDS.version, "score": 1}
            session.add(Judgement(response_id=response.id, dimension=dimension, judge="judge-x", **given))
    session.flush()
    assert estimate(session).calls == 3
    # The second round is all missing.
    assert estimate(session, rounds=2).calls == 3 + 8
    assert estimate(session, JudgeSettings("new", JUDGE.base_url, JUDGE.model, "four-calls")).calls == 8


def test_unreadable_replies_are_estimated_when_they_are_to_be_asked_again(session: Session):
    words = current_words("one-call")
    response = build_response(session, build_item(session))
    build_response(session, build_item(session))
    build_judgements(session, response, "----")
    judge = JudgeSettings("judge-a", JUDGE.base_url, "judge-model", "one-call")
    # One call asks for all four; the other response was never asked about.
    assert estimate(session, judge, words=words).calls == 1
    assert estimate(session, judge, words=words, ask_unreadable_again=True).calls == 2


def test_a_batch_has_its_own_price_and_no_known_duration(session: Session):
    price(session, batch_share=0.5)
    build_response(session, build_item(session))
    live, batch = estimate(session), estimate(session, mode="batch")
    assert batch.cost_usd == pytest.approx(live.cost_usd / 2)
    assert (live.duration_s, batch.duration_s) == (3.0, None)


def test_nothing_chosen_is_estimated_as_nothing(session: Session):
    given = estimate(session, tokenizer="nobody/nothing", with_tokenizer=True)
    assert (given.calls, given.prompt_tokens, given.duration_s) == (0, 0, 0)
    assert "cannot be had" not in given.explained

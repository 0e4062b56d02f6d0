"""The arithmetic of estimates, and the sample they are made from."""

import pytest
from sqlmodel import Session, col, func, literal, select

from core.chat.ledger import Price
from core.estimates import TokenCounts, in_sample, rough_tokens, run_estimate, spread
from core.models import JudgeCall
from tests.builders import build_item, build_response
from tests.estimate_builders import build_calls


def test_cost_and_duration_worked_by_hand():
    # 10 calls of 1,200.5 and 150 tokens are 12,005 and 1,500; at 2 and 10 dollars a million 0.02401 and 0.015.
    # Four at a time they are three waves of 2.5 s.
    tokens = TokenCounts(1200.5, 150, "rough", "Rough.")
    given = run_estimate(calls=10, tokens=tokens, price=Price(2, 10, 1000), latency_s=2.5, concurrency=4)
    assert (given.calls, given.prompt_tokens, given.completion_tokens) == (10, 12_005, 1_500)
    assert given.cost_usd == pytest.approx(0.03901)
    assert given.duration_s == 7.5
    assert (given.basis, given.explained) == ("rough", "Rough.")


def test_an_unknown_price_is_no_price_of_nothing():
    tokens = TokenCounts(100, 10, "rough", "")
    given = run_estimate(calls=3, tokens=tokens, price=None, latency_s=None, concurrency=8)
    assert (given.cost_usd, given.duration_s) == (None, None)


def test_nothing_to_ask_costs_nothing():
    tokens = TokenCounts(100, 10, "rough", "")
    given = run_estimate(calls=0, tokens=tokens, price=Price(2, 10, 0), latency_s=3, concurrency=8)
    assert (given.prompt_tokens, given.cost_usd, given.duration_s) == (0, 0, 0)


def test_rough_tokens_follow_the_script():
    # Eight letters of one byte; four of two bytes, eight in all; and a mixture of both.
    assert rough_tokens("abcd efg") == pytest.approx(8 / 4)
    assert rough_tokens("سلام") == pytest.approx(8 / 3)
    assert rough_tokens("abcd efgسلام") == pytest.approx(8 / 4 + 8 / 3)


def test_a_sample_of_very_many_is_small_and_even(session: Session):
    # 1 to 100,000: 2,000 of them are wanted, so 200 of each tenth.
    ids = select(literal(1).label("id")).cte("ids", recursive=True)
    ids = ids.union_all(select(ids.c.id + 1).where(ids.c.id < 100_000))
    tenth = (ids.c.id - 1) / 10_000
    counted = select(func.floor(tenth).label("tenth"), func.count()).where(in_sample(ids.c.id, total=100_000))
    counts = [count for _, count in session.exec(counted.group_by("tenth")).all()]
    assert len(counts) == 10
    assert all(195 <= count <= 205 for count in counts)
    first = sorted(session.exec(select(ids.c.id).order_by(spread(ids.c.id)).limit(40)).all())
    # Evenly would be every 2,500th.
    assert max(later - one for one, later in zip([0, *first], [*first, 100_000], strict=True)) < 5_500


def test_of_few_calls_all_are_in_the_sample(session: Session):
    response = build_response(session, build_item(session))
    build_calls(session, response, prompt=1, completion=1, latencies=[1.0] * 30)
    assert len(session.exec(select(JudgeCall.id).where(in_sample(col(JudgeCall.id), total=30))).all()) == 30

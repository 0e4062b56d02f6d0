"""A budget in calls or dollars over many calls: never passed."""

import pytest

from core.chat.exchange import Reply, Request, Sampling
from core.chat.ledger import Ledger, Price
from tests.chat_builders import Run, request
from tests.fake_replies import Faults
from tests.fakes import StubEndpoint


def test_a_budget_in_calls_is_never_passed():
    with StubEndpoint(faults=Faults.all(0.3, slow_s=0.01), retry_after=0.01) as stub:
        run = Run(stub, 200, ledger=Ledger(budget_calls=77))
        assert run.go().reason == "budget used up"
    assert stub.count["requests"] == 77


def test_a_budget_in_dollars_is_never_passed():
    price = Price(input_usd=10, output_usd=100, image_tokens=0)
    with StubEndpoint(latency_s=0.01) as stub:
        run = Run(stub, 500, ledger=Ledger(price=price, budget_usd=0.1))
        assert run.go().reason == "budget used up"
    # Of a reply of 12 tokens the bound of 100 was put aside before: more than 0.1 minus eight such bounds is used.
    spent = sum(price.cost_usd(len(one.text) // 4 + 1, len(one.content or "") // 4 + 1) for one in stub.served)
    assert 0.08 < spent <= 0.1
    assert run.ledger.cost_usd == pytest.approx(spent)


def test_a_reply_without_tokens_counts_as_the_most_it_could_cost():
    ledger = Ledger(price=Price(1, 1, 0), budget_usd=1)
    with StubEndpoint() as stub:
        stub.script = [{"content": "Score: 1", "usage": None}]
        run = Run(stub, 1, ledger=ledger)
        run.go()
    assert run.last[0].cost_usd is None
    assert ledger.reserved_usd == pytest.approx(ledger.largest_call_usd)
    assert not ledger.is_price_known


def test_the_first_call_of_a_budget_goes_alone_and_shows_what_a_picture_costs():
    ledger = Ledger(price=Price(1, 1, image_tokens=10), budget_usd=10)
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    asked = Request([{"role": "user", "content": [picture, {"type": "text", "text": "abc"}]}], Sampling(max_tokens=1))
    before = ledger.most_usd(asked)
    reply = Reply("x", None, "stop", "m", None, prompt_tokens=5000, completion_tokens=1, latency_s=0.1)
    ledger.begin(before)
    ledger.end_with_reply(before, asked, reply)
    # Any other picture may be twice as large as these 5,000 tokens; 3 bytes of text, 16 for the message, 1 in reply.
    assert ledger.most_usd(asked) == pytest.approx((2 * 5000 + 19 + 1) / 1e6)


def test_a_reply_longer_than_was_asked_for_is_reckoned_with_from_then_on():
    ledger = Ledger(price=Price(0, 1, image_tokens=0), budget_usd=10)
    before = ledger.most_usd(request())
    ledger.begin(before)
    ledger.end_with_reply(before, request(), Reply("x", None, "stop", "m", None, 5, 5000, 0.1))
    assert (before, ledger.most_usd(request())) == (pytest.approx(100 / 1e6), pytest.approx(10_000 / 1e6))


def test_pictures_dearer_than_thought_do_not_pass_the_budget():
    price = Price(input_usd=1.0, output_usd=0.0, image_tokens=10)
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}

    def asked(key: int) -> Request:
        parts = [picture, {"type": "text", "text": f"Question {key}"}]
        return Request([{"role": "user", "content": parts}], Sampling(max_tokens=1))

    with StubEndpoint(latency_s=0.02) as stub:
        stub.script = [{"content": "Score: 1", "usage": {"prompt_tokens": 100_000, "completion_tokens": 1}}] * 40
        run = Run(stub, 30, concurrency=8, ledger=Ledger(price=price, budget_usd=0.5), asked=asked)
        assert run.go().reason == "budget used up"
    # One picture is 0.1 dollars, though 0.00001 was thought. It went alone; from then on 0.2 are put aside for each,
    # so that two more fit, and the fourth, with the bytes of its text, finds no room.
    assert run.ledger.cost_usd == pytest.approx(0.3)

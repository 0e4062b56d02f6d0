"""Many calls of an endpoint at once: each kept once, in pace, ended for a reason."""

import asyncio
import threading
import time

import pytest

from core.chat.ledger import Ledger
from core.chat.pace import Pace
from tests.chat_builders import Run
from tests.fake_replies import Faults
from tests.fakes import StubEndpoint

# -- many calls --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0, 0.05, 0.2, 0.5])
def test_under_faults_nothing_is_lost_doubled_or_misread(share):
    with StubEndpoint(faults=Faults.all(share, slow_s=0.05), retry_after=0.05) as stub:
        run = Run(stub, 120)
        assert run.go().reason == "all asked"
    assert sorted(run.last) == list(range(120))
    told = {served.text: served.content for served in stub.served}
    for key, one in run.last.items():
        # Whatever was kept is what was served; what could not be had says why.
        assert one.failure is not None or (one.reply and one.reply.text == told[f"Question {key}"])
    assert run.ledger.calls == stub.count["requests"]
    assert run.ledger.under_way == 0


def test_no_more_calls_are_under_way_than_were_allowed():
    with StubEndpoint(latency_s=0.02) as stub:
        Run(stub, 60, concurrency=5).go()
    assert stub.peak_in_flight == 5


def test_a_reply_that_cannot_be_read_is_asked_for_twice_more_and_kept_each_time():
    with StubEndpoint() as stub:
        stub.script = [{"content": "maybe"}] * 3
        run = Run(stub, 1)
        run.go()
    assert [(one.attempt, one.is_last) for one in run.kept] == [(1, False), (2, False), (3, True)]


def test_what_is_asked_again_is_counted_when_it_is_asked():
    with StubEndpoint() as stub:
        stub.script = [{"content": "maybe"}, {"status": 500}, {"content": "Score: 1"}]
        run = Run(stub, 1)
        run.go()
    assert (run.ledger.calls, run.ledger.retries) == (3, 2)


def test_a_retry_that_the_end_of_the_run_forestalls_is_not_counted():
    with StubEndpoint() as stub:
        stub.script = [{"content": "maybe"}] * 2
        run = Run(stub, 2, concurrency=1, ledger=Ledger(budget_calls=2))
        assert run.go().reason == "budget used up"
    # Either both questions were asked once, or the first of them twice.
    asked_twice = 2 - len({one.key for one in run.kept})
    assert (run.ledger.calls, run.ledger.retries) == (2, asked_twice)


def test_a_wrong_key_leaves_nothing_asked_again():
    with StubEndpoint(require_key="another") as stub:
        run = Run(stub, 8)
        run.go()
    assert run.ledger.retries == 0


def test_a_refusal_is_not_asked_again():
    with StubEndpoint() as stub:
        stub.script = [{"content": None, "refusal": "no"}]
        run = Run(stub, 1)
        run.go()
    assert stub.count["requests"] == 1
    assert run.last[0].reply.is_refused  # type: ignore[union-attr]


def test_one_too_many_slows_its_own_call_and_nobody_else():
    with StubEndpoint(latency_s=0.05) as stub:
        stub.script = [{"status": 429, "headers": {"retry-after": "3"}}]
        run = Run(stub, 40, concurrency=8)
        started = time.monotonic()
        run.go()
    order = [one.key for one in run.kept if one.is_last]
    refused = next(one.key for one in run.kept if one.failure)
    assert order[-1] == refused, "the refused call waited, the others went on"
    assert time.monotonic() - started >= 3
    assert sorted(run.last) == list(range(40))


def test_a_limit_that_is_really_reached_brings_the_calls_at_once_down():
    with StubEndpoint(latency_s=0.01, rate_limit=20, retry_after=0.2) as stub:
        run = Run(stub, 100, concurrency=32)
        assert run.go().reason == "all asked"
    assert min(run.limits) <= 16
    assert all(one.reply is not None for one in run.last.values())


@pytest.mark.parametrize("given", [{"require_key": "right"}, {"quota_after": 20}])
def test_a_wrong_key_or_a_used_up_quota_ends_the_run_at_once_with_the_reason(given):
    with StubEndpoint(latency_s=0.01, **given) as stub:
        run = Run(stub, 5000)
        started = time.monotonic()
        ending = run.go()
    assert time.monotonic() - started < 5
    assert ending.reason == "gave up"
    assert ending.message.startswith(("wrong key: 401", "quota used up: 429"))
    assert len(run.last) == len(stub.served), "what came is kept, what did not is missing, not failed"


def test_an_endpoint_that_asks_for_hours_ends_the_run_and_says_so():
    with StubEndpoint() as stub:
        stub.script = [{"status": 429, "headers": {"retry-after": "7200"}}]
        ending = Run(stub, 5).go()
    assert ending.reason == "gave up"
    assert "asks to wait 7,200 s" in ending.message


def test_an_endpoint_that_was_never_there_is_given_up_soon():
    with StubEndpoint() as stub:
        pass
    run = Run(stub, 500)
    started = time.monotonic()
    ending = run.go()
    assert ending.reason == "gave up"
    assert time.monotonic() - started < 20
    assert run.last == {}


def test_a_stop_ends_within_five_seconds_and_keeps_what_came():
    with StubEndpoint(latency_s=0.2) as stub:
        run = Run(stub, 10_000)
        threading.Timer(1, run.stop.set).start()
        started = time.monotonic()
        assert run.go().reason == "stopped"
    assert time.monotonic() - started < 6
    assert len(run.last) == len(stub.served)


def test_a_call_keeps_its_place_until_its_reply_is_stored():
    """So a kill loses at most as many calls as may be under way."""
    with StubEndpoint() as stub:
        run = Run(stub, 40, concurrency=4)
        run.storing = 0.05
        seen: list[int] = []
        store = run.store

        def watched(answered) -> None:
            seen.append(len(stub.served) - len(run.kept))
            store(answered)

        run.store = watched  # type: ignore[method-assign]
        run.go()
    assert max(seen) <= 4


def test_a_problem_of_storing_ends_the_run():
    with StubEndpoint() as stub:
        run = Run(stub, 50)

        def broken(answered) -> None:
            raise OSError("disk full")

        run.store = broken  # type: ignore[method-assign]
        with pytest.raises(OSError, match="disk full"):
            run.go()


# -- pace --------------------------------------------------------------------------------------------------------------


def test_one_too_many_is_a_step_down_by_a_tenth_and_one_a_second():
    async def run() -> list[float]:
        pace = Pace(8)
        limits = []
        for step in (pace.was_refused, pace.was_refused, pace.went_well):
            step()
            limits.append(pace.limit)
        return limits

    # 8 x 0.9 = 7.2; the second refusal comes within the second; an answer gives back 2 / 7.2.
    assert asyncio.run(run()) == pytest.approx([7.2, 7.2, 7.2 + 2 / 7.2])


def test_a_pace_lets_nobody_wait_who_was_cancelled():
    async def run() -> int:
        pace = Pace(1)
        await pace.enter()
        first, second = asyncio.create_task(pace.enter()), asyncio.create_task(pace.enter())
        await asyncio.sleep(0)
        first.cancel()
        pace.leave()
        await asyncio.wait_for(second, 1)
        return pace.under_way

    assert asyncio.run(run()) == 1

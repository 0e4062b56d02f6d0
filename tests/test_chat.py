"""The client against a real endpoint: what it makes of every answer, and how many calls go about it together."""

import asyncio
import base64
import gzip
import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from core.chat.address import checked_base_url, is_this_machine
from core.chat.asking import Asker, wait_asked_for
from core.chat.exchange import CallFailure, ChatModel, Reply, Request, Sampling, body_of
from core.chat.keys import checked_key_name, key_named, needed_key, scrubbed
from core.chat.ledger import Ledger, Price
from core.chat.many import Answered, Call, Ending, ManyCalls
from core.chat.pace import Pace
from core.errors import UserError
from tests.fakes import Faults, StubEndpoint

KEY = "sk-CANARY-0123456789"


def request(text: str = "How do I greet?", **given) -> Request:
    return Request([{"role": "user", "content": text}], Sampling(max_tokens=100, **given))


def ask(stub: StubEndpoint, *, key_env: str | None = None, what: Request | None = None, timeout_s: float = 10):
    async def once() -> Reply | CallFailure:
        async with Asker(ChatModel(stub.url, "some-model", key_env), timeout_s=timeout_s) as asker:
            return await asker.ask(what or request())

    return asyncio.run(once())


class Run:
    """Asks `count` questions of a stub and keeps what came."""

    def __init__(
        self,
        stub: StubEndpoint,
        count: int,
        *,
        concurrency: int = 8,
        ledger: Ledger | None = None,
        asked: Callable[[int], Request] = lambda key: request(f"Question {key}"),
    ) -> None:
        self.asked = asked
        self.kept: list[Answered[int]] = []
        self.ledger = ledger or Ledger()
        self.stop = threading.Event()
        self.stub, self.count, self.concurrency = stub, count, concurrency
        self.limits: list[float] = []
        self.storing = 0.0

    def go(self) -> Ending:
        async def run() -> Ending:
            async with Asker(ChatModel(self.stub.url, "some-model")) as asker:
                self.many = ManyCalls(
                    asker,
                    concurrency=self.concurrency,
                    ledger=self.ledger,
                    is_readable=lambda _key, reply: (reply.text or "").endswith(("Score: 0", "Score: 1")),
                    store=self.store,
                    stop_asked=self.stop,
                )
                return await self.many.run(Call(key, self.asked(key)) for key in range(self.count))

        return asyncio.run(run())

    def store(self, answered) -> None:
        time.sleep(self.storing)
        self.limits.append(self.many.pace.limit)
        self.kept += answered

    @property
    def last(self) -> dict[int, Answered[int]]:
        settled = [one for one in self.kept if one.is_last]
        assert len({one.key for one in settled}) == len(settled), "a key was settled twice"
        return {one.key: one for one in settled}


# -- one call ----------------------------------------------------------------------------------------------------------


def test_a_reply_carries_its_text_tokens_and_request_id():
    with StubEndpoint() as stub:
        reply = ask(stub)
    assert isinstance(reply, Reply)
    assert reply.text == stub.served[0].content
    assert (reply.model, reply.request_id, reply.finish_reason) == ("some-model-snapshot", "req-1", "stop")
    assert reply.prompt_tokens
    assert reply.latency_s is not None


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ({"status": 401}, "wrong key"),
        ({"status": 403}, "wrong key"),
        ({"status": 404}, "model not found"),
        ({"status": 429}, "rate limit"),
        ({"status": 429, "code": "insufficient_quota"}, "quota used up"),
        ({"status": 400}, "request refused"),
        ({"status": 500}, "server error"),
        ({"status": 503}, "server error"),
        ({"body": b'{"choices": [{"mess'}, "unreadable answer"),
        ({"body": b'{"choices": []}'}, "unreadable answer"),
        ({"body": b"[" * 100_000}, "unreadable answer"),
        ({"drop": True}, "connection"),
        ({"sleep": 3}, "timeout"),
    ],
)
def test_every_failure_has_its_kind(step, kind):
    with StubEndpoint() as stub:
        stub.script = [step]
        failure = ask(stub, timeout_s=1)
    assert isinstance(failure, CallFailure)
    assert failure.kind == kind


def test_an_endpoint_that_is_not_there_is_a_connection_failure():
    with StubEndpoint() as stub:
        pass
    failure = ask(stub)
    assert isinstance(failure, CallFailure)
    assert failure.kind == "connection"


def test_only_tokens_and_texts_of_the_right_form_are_taken():
    with StubEndpoint() as stub:
        stub.script = [{"content": "a\x00b", "usage": {"prompt_tokens": "12", "completion_tokens": -1}}]
        reply = ask(stub)
    assert isinstance(reply, Reply)
    assert (reply.text, reply.prompt_tokens, reply.completion_tokens) == ("ab", None, None)


def test_a_refusal_is_seen():
    with StubEndpoint() as stub:
        stub.script = [{"content": None, "refusal": "I can't help."}, {"finish": "content_filter"}]
        assert [ask(stub).is_refused, ask(stub).is_refused] == [True, True]  # type: ignore[union-attr]


def test_reasoning_models_get_the_longer_name_of_the_token_bound():
    plain = body_of(ChatModel("http://127.0.0.1:1/v1", "m"), request(temperature=0.0))
    thinking = body_of(ChatModel("http://127.0.0.1:1/v1", "m"), request(reasoning_effort="low"))
    assert (plain["max_tokens"], plain["temperature"]) == (100, 0.0)
    assert (thinking["max_completion_tokens"], thinking["reasoning_effort"]) == (100, "low")
    assert "temperature" not in thinking


@pytest.mark.parametrize(("header", "seconds"), [("2", 2.0), ("0.5", 0.5), ("-1", None), ("soon", None)])
def test_retry_after_is_read_as_seconds(header, seconds):
    assert wait_asked_for({"retry-after": header}) == seconds


def test_retry_after_is_read_as_a_date():
    assert wait_asked_for({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert wait_asked_for({"retry-after-ms": "1500"}) == 1.5


# -- keys and addresses ------------------------------------------------------------------------------------------------


def test_the_key_goes_into_the_header_and_comes_back_in_no_message(monkeypatch):
    monkeypatch.setenv("MY_KEY", KEY)
    with StubEndpoint(require_key="another") as stub:
        failure = ask(stub, key_env="MY_KEY")
    assert stub.headers[0]["authorization"] == f"Bearer {KEY}"
    assert isinstance(failure, CallFailure)
    assert KEY not in repr(failure)
    assert "Incorrect API key provided: [key]" in failure.message


def test_a_reply_that_repeats_the_key_is_scrubbed(monkeypatch):
    monkeypatch.setenv("MY_KEY", KEY)
    encoded = base64.b64encode(KEY.encode()).decode()
    with StubEndpoint() as stub:
        stub.script = [{"content": f"{KEY} and {encoded}"}]
        reply = ask(stub, key_env="MY_KEY")
    assert isinstance(reply, Reply)
    assert reply.text == "[key] and [key]"


def test_an_endpoint_without_a_key_never_gets_the_one_of_another(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with StubEndpoint() as stub:
        ask(stub)
    assert KEY not in str(stub.headers)


def test_a_redirect_is_not_followed():
    with StubEndpoint() as elsewhere, StubEndpoint() as stub:
        stub.script = [{"status": 307, "headers": {"location": f"{elsewhere.url}/chat/completions"}}]
        assert isinstance(ask(stub), CallFailure)
    assert elsewhere.calls == []


def test_a_key_comes_from_the_secrets_file_too(monkeypatch, tmp_path):
    secrets = tmp_path / "secrets.toml"
    secrets.write_text('ELSEWHERE_KEY = "from the file"\n', encoding="utf-8")
    monkeypatch.setattr("core.chat.keys._SECRETS", (secrets,))
    assert key_named("ELSEWHERE_KEY") == "from the file"
    monkeypatch.setenv("ELSEWHERE_KEY", "from the environment")
    assert key_named("ELSEWHERE_KEY") == "from the environment"


def test_a_key_that_is_not_set_is_a_problem_that_names_its_variable(monkeypatch):
    monkeypatch.delenv("NOT_SET_ANYWHERE", raising=False)
    with pytest.raises(UserError, match="NOT_SET_ANYWHERE is not set"):
        needed_key("NOT_SET_ANYWHERE")


@pytest.mark.parametrize("typed", ["sk-abc123", "my key", "KEY=1", "a" * 200, "sk_live_123"])
def test_a_key_typed_in_place_of_its_name_is_refused_and_not_repeated(typed):
    with pytest.raises(UserError) as refused:
        checked_key_name(typed)
    assert typed not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://host/v1",
        "api.openai.com/v1",
        "https://user:pass@host/v1",
        "https://host/v1?key=1",
        "http://",
        "http://a b",
    ],
)
def test_addresses_that_cannot_be_meant_are_refused(address):
    with pytest.raises(UserError):
        checked_base_url(address)


@pytest.mark.parametrize(
    ("address", "stays"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://localhost:8000/v1", True),
        ("http://[::1]:8000/v1", True),
        ("https://api.openai.com/v1", False),
        ("http://10.0.0.3/v1", False),
        ("http://127.0.0.1.example.org/v1", False),
    ],
)
def test_what_stays_on_this_machine_is_known(address, stays):
    assert is_this_machine(address) is stays


def test_nothing_else_of_the_environment_goes_along(monkeypatch):
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, KEY)
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", f"Authorization: Bearer {KEY}\nX-Other: {KEY}")
    with StubEndpoint() as stub:
        assert isinstance(ask(stub), Reply)
    assert KEY not in str(stub.headers)


@pytest.mark.parametrize(
    "name", ["PATH", "DATABASE_URL", "AWS_SECRET_ACCESS_KEY", "SSH_AUTH_SOCK", "gsk_abc", "AIzaSyabc"]
)
def test_variables_of_other_things_are_never_sent(name):
    with pytest.raises(UserError):
        checked_key_name(name)


def test_a_key_spelled_in_json_escapes_is_scrubbed():
    spelled = "".join(f"\\u{ord(letter):04x}" for letter in KEY)
    assert scrubbed(f'{{"rationale": "{spelled}"}}', KEY) == '{"rationale": "[key]"}'


# -- hostile answers ---------------------------------------------------------------------------------------------------


def served_raw(answer: bytes, *, every_s: float = 0.0) -> str:
    """Serve the same bytes to whoever comes, whole or byte by byte, for as long as the test lasts."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.recv(65_536)
                for part in [answer] if not every_s else [bytes([byte]) for byte in answer]:
                    connection.sendall(part)
                    time.sleep(every_s)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}/v1"


def ask_raw(answer: bytes, *, every_s: float = 0.0, timeout_s: float = 5) -> CallFailure:
    async def once() -> Reply | CallFailure:
        async with Asker(ChatModel(served_raw(answer, every_s=every_s), "m"), timeout_s=timeout_s) as asker:
            return await asker.ask(request())

    outcome = asyncio.run(once())
    assert isinstance(outcome, CallFailure)
    return outcome


def head(status: str, kind: str, length: int) -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n".encode()


def test_an_answer_without_end_is_not_read_to_its_end():
    failure = ask_raw(head("200 OK", "application/json", 50_000_000) + b" " * 50_000_000)
    assert (failure.kind, failure.message) == ("unreadable answer", "the answer is too long")


def test_a_small_packed_answer_is_not_unpacked_into_a_large_one():
    packed = gzip.compress(b" " * 50_000_000)
    raw = head("200 OK", "application/json\r\ncontent-encoding: gzip", len(packed)) + packed
    assert ask_raw(raw).kind == "unreadable answer"


@pytest.mark.parametrize("charset", ["hex", "zlib", "rot13", "utf-16", "no-such"])
def test_an_error_is_understood_whatever_it_says_of_its_letters(charset):
    body = b'{"error": {"message": "bad key", "code": "invalid_api_key"}}'
    assert (
        ask_raw(head("401 Unauthorized", f"application/json; charset={charset}", len(body)) + body).kind == "wrong key"
    )


def test_half_a_letter_in_an_error_can_be_stored():
    body = rb'{"error": {"message": "no \ud800 key"}}'
    failure = ask_raw(head("401 Unauthorized", "application/json", len(body)) + body)
    assert failure.message.encode("utf-8")
    assert failure.kind == "wrong key"


def test_an_answer_that_comes_byte_by_byte_ends_with_the_timeout():
    started = time.monotonic()
    failure = ask_raw(head("200 OK", "application/json", 500) + b" " * 400, every_s=0.05, timeout_s=1)
    assert failure.kind == "timeout"
    assert time.monotonic() - started < 4


@pytest.mark.parametrize(
    ("code", "kind"), [("insufficient_quota", "quota used up"), ("invalid_api_key", "wrong key"), ("x", "server error")]
)
def test_an_error_in_an_answer_of_status_200_is_an_error(code, kind):
    with StubEndpoint() as stub:
        stub.script = [{"body": json.dumps({"error": {"code": code, "message": "no"}}).encode()}]
        failure = ask(stub)
    assert isinstance(failure, CallFailure)
    assert failure.kind == kind


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


def test_a_refusal_is_not_asked_again():
    with StubEndpoint() as stub:
        stub.script = [{"content": None, "refusal": "no"}]
        run = Run(stub, 1)
        run.go()
    assert stub.count["requests"] == 1
    assert run.last[0].reply.is_refused  # type: ignore[union-attr]


def test_one_too_many_slows_its_own_call_and_nobody_else():
    with StubEndpoint(latency_s=0.05) as stub:
        stub.script = [{"status": 429, "headers": {"retry-after": "1"}}]
        run = Run(stub, 40, concurrency=8)
        started = time.monotonic()
        run.go()
    order = [one.key for one in run.kept if one.is_last]
    refused = next(one.key for one in run.kept if one.failure)
    assert order[-1] == refused, "the refused call waited, the others went on"
    assert time.monotonic() - started >= 1
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


# -- budgets -----------------------------------------------------------------------------------------------------------


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

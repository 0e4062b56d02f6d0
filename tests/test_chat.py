"""The client against a real endpoint: what it makes of every answer."""

import asyncio
import gzip
import json
import socket
import threading
import time
from contextlib import suppress

import pytest

from core.chat.asking import Asker, wait_asked_for
from core.chat.exchange import CallFailure, ChatModel, Reply, body_of
from tests.chat_builders import ask, request
from tests.fakes import StubEndpoint

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

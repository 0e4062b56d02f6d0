"""The lines of a batch's files: names of calls, what is asked, what came back."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.chat.exchange import CallFailure, Reply
from core.judging.batch_files import LONGEST_LINE, CallName, call_named, lines_of, read_line, request_line


def test_a_custom_id_is_read_back_as_it_was_written():
    name = CallName("9f3b0c1d", 17, "compliance", 1001, 2)
    assert str(name) == "9f3b0c1d.17.compliance.1001.2"
    assert call_named(str(name)) == name


@pytest.mark.parametrize(
    "text",
    ["", "17", "17.all.1.1", "ABCDEF00.17.all.1.1", "9f3b0c1.17.all.1.1"]
    + [
        f"9f3b0c1d.{end}"
        for end in ("17.compliance.1", "17.compliance.1.0", "0.all.1.1", "017.all.1.1", "17.taste.1.1")
    ]
    + [f"9f3b0c1d.{end}" for end in ("17.all.1.1\n", "17.all.1.10", "-1.all.1.1", "١٧.all.1.1", " 17.all.1.1")]
    + [f"9f3b0c1d.{end}" for end in ("17.all.1.1.1", f"{10**20}.all.1.1")],
)
def test_what_is_no_custom_id_of_ours_is_none(text):
    assert call_named(text) is None


def test_a_line_asks_in_openais_form_and_stays_one_line():
    line = request_line(CallName("9f3b0c1d", 1, "all", 1, 1), "/v1/chat/completions", {"messages": "a\nb\u2028c ﷺ"})
    assert line.count(b"\n") == 1
    assert json.loads(line) == {
        "custom_id": "9f3b0c1d.1.all.1.1",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {"messages": "a\nb\u2028c ﷺ"},
    }


@given(
    st.one_of(
        st.binary(max_size=80),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda part: (
                st.lists(part, max_size=2)
                | st.dictionaries(
                    st.sampled_from(["custom_id", "response", "error", "status_code", "body", "choices", "code"]),
                    part,
                    max_size=4,
                )
            ),
        ).map(lambda found: json.dumps(found).encode()),
    )
)
def test_reading_a_line_never_raises(line):
    found = read_line(line)
    assert found is None or isinstance(found.outcome, Reply | CallFailure)


@pytest.mark.parametrize(
    ("said", "kind", "message"),
    [
        ({"error": {"code": "batch_expired", "message": "too late"}}, "timeout", "too late"),
        ({"error": {"code": "insufficient_quota", "message": "x"}}, "quota used up", "x"),
        ({"error": {"message": 5}}, "server error", "the endpoint gave no reason"),
        ({"response": {"status_code": 429, "body": {"error": {"message": "slow"}}}}, "rate limit", "429: slow"),
        ({"response": {"status_code": 400, "body": {}}}, "request refused", "400: the endpoint gave no reason"),
        ({"response": {"status_code": 200, "body": {"choices": []}}}, "unreadable answer", None),
        ({"response": {"body": {}}}, "server error", "the endpoint gave no reason"),
    ],
)
def test_a_line_without_a_reply_says_why(said, kind, message):
    found = read_line(json.dumps({"custom_id": "9f3b0c1d.1.all.1.1"} | said).encode())
    assert found is not None
    assert isinstance(found.outcome, CallFailure)
    assert found.outcome.kind == kind
    assert message is None or found.outcome.message == message


def test_a_line_that_is_too_long_is_read_by_nobody_and_the_next_one_is():
    long = b'{"custom_id": "' + b"x" * (LONGEST_LINE + 5) + b'"}\n'
    lines = list(lines_of(io.BytesIO(long + b"\n" + b'{"custom_id": "a", "error": {"code": "b"}}')))
    assert [read_line(line) is None for line in lines] == [True, False]

"""Stored reasons of runs and calls, in words for people."""

import pytest

from core import call_reasons
from core.chat.exchange import BUDGET_USED_UP
from pages.components.judging.reasons import ended_words, failure_text, reason_of


def test_a_wrong_key_names_its_variable_and_keeps_the_endpoints_words_apart():
    found = reason_of("wrong key: 401: Error code: 401 - Incorrect API key", variable="MY_KEY")
    assert found.what == r"The endpoint does not take the key in MY\_KEY."
    assert found.said == "Incorrect API key"


def test_a_key_that_is_wanted_and_not_named_is_no_wrong_one():
    found = reason_of("wrong key: 401: Error code: 401", variable=None)
    assert (found.what, found.said) == ("The endpoint wants a key, and none is named for it.", "")


def test_an_endpoint_that_asks_to_wait_is_obeyed_in_our_words():
    found = reason_of("rate limit: 429: Slow down. It asks to wait 7,200 s: go on then.", variable=None)
    assert (found.now, found.said) == ("It asks to wait 7,200 s: resume this run then.", "Slow down.")


def test_a_failure_of_the_batch_api_reads_as_any_other():
    found = reason_of("Batch API, wrong key: 401: Error code: 401 - No", variable="MY_KEY")
    assert (found.what, found.said) == (r"The endpoint does not take the key in MY\_KEY.", "No")


def test_a_command_says_the_same_in_one_line():
    assert call_reasons.reason_of("wrong key: 401: Error code: 401 - No", variable="MY_KEY").line == (
        "The endpoint does not take the key in MY_KEY. Set MY_KEY right, start the app again, then resume this run. "
        "The endpoint's own words: No"
    )
    assert call_reasons.reason_of(BUDGET_USED_UP, variable=None).line == BUDGET_USED_UP


@pytest.mark.parametrize("sentence", [BUDGET_USED_UP, "**no** kind: of failure"])
def test_a_sentence_of_our_own_stays_one_and_is_inert(sentence):
    found = reason_of(sentence, variable=None)
    assert "**" not in found.what
    assert found.what.replace("\\", "").replace("\u2060", "") == sentence
    assert not found.said


def test_a_failed_call_says_what_it_means_and_then_what_the_endpoint_said():
    assert failure_text("timeout: no answer in time") == "The endpoint did not answer in time.\nno answer in time"
    assert failure_text("something: else") == "something: else"
    assert failure_text(None) is None


def test_only_an_end_out_of_the_ordinary_is_said():
    assert [ended_words(reason) for reason in (None, "stop")] == [None, None]
    assert ended_words("tool_calls") == "ended early: tool_calls"
    assert "cut off" in (ended_words("length") or "")

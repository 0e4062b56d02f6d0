"""Stored reasons of runs and calls -> inert words for the screen. Pure."""

from dataclasses import replace

from core.call_reasons import Reason, failure_text
from core.call_reasons import reason_of as _reason_of
from pages.components.plain import plain

__all__ = ["ended_words", "failure_text", "reason_of"]

# finish_reason, as endpoints give it; "stop" is the ordinary end and says nothing.
_ENDS = {"stop": None, "length": "cut off: it reached the longest reply allowed", "content_filter": "held back"}


def reason_of(reason: str, *, variable: str | None) -> Reason:
    """Return a stored reason in words for people; `said` are the endpoint's own words, as they came, the rest is inert.

    Args:
        reason: as it is stored: a kind of failure and what the endpoint said, or a sentence.
        variable: the one that holds the key, None where none is named.
    """
    found = _reason_of(reason, variable=plain(variable) if variable else None)
    # A sentence that stayed as it was may hold names.
    return replace(found, what=plain(reason)) if found.what == reason else found


def ended_words(finish_reason: str | None) -> str | None:
    """Return how a reply ended, not yet inert; None where it ended as it should, or nobody says."""
    return _ENDS.get(finish_reason, f"ended early: {finish_reason}") if finish_reason else None

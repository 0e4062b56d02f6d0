"""Why a run ended or a call failed -> what it means, what to do now, and the endpoint's own words. Pure."""

import re
from dataclasses import dataclass

# The status stands in the log; beside the endpoint's own words it says nothing more.
_STATUS = re.compile(r"^\d{3}: (?:Error code: \d{3}(?: - |$))?")
_LATER = re.compile(r" It asks to wait ([\d,]+) s: go on then\.$")
# A failure of the Batch API is stored with its name before the kind.
_BATCH = "Batch API, "
_AGAIN = "Resume this run later; what has come stays."
_WORDS: dict[str, tuple[str, str]] = {
    "quota used up": (
        "The account at the endpoint has nothing left to spend.",
        "Add credit there, then resume this run; what has come stays.",
    ),
    "model not found": (
        "The endpoint knows no such model, or its address is wrong (most end in /v1).",
        "A run keeps both: give it up, and start another after a test call under Endpoints and prices.",
    ),
    "rate limit": ("The endpoint takes no more calls for now.", _AGAIN),
    "server error": ("The endpoint had errors of its own.", _AGAIN),
    "timeout": ("The endpoint did not answer in time.", _AGAIN),
    "connection": (
        "The endpoint could not be reached.",
        "Look whether it is on and its address is right, then resume this run.",
    ),
    "unreadable answer": (
        "What came from the endpoint is not what a model sends.",
        "Look whether its address is right: most end in /v1.",
    ),
    "request refused": (
        "The endpoint refuses what it was asked.",
        "Its own words may say which setting of the run it does not take.",
    ),
}


@dataclass(frozen=True)
class Reason:
    """What happened, what to do about it, and the endpoint's own words; none of it is inert yet."""

    what: str
    now: str = ""
    said: str = ""

    @property
    def line(self) -> str:
        """All of it in one line, for a terminal."""
        said = f"The endpoint's own words: {self.said}" if self.said else ""
        return " ".join(part for part in (self.what, self.now, said) if part)


def reason_of(reason: str, *, variable: str | None) -> Reason:
    """Return a stored reason in words for people; one of our own sentences stays as it is.

    Args:
        reason: as it is stored: a kind of failure and what the endpoint said, or a sentence.
        variable: the one that holds the key, None where none is named.
    """
    kind, _, said = reason.removeprefix(_BATCH).partition(": ")
    later = _LATER.search(said)
    said = _STATUS.sub("", _LATER.sub("", said))
    if kind == "wrong key":
        return _wrong_key(variable, said)
    if kind not in _WORDS:
        return Reason(reason)
    what, now = _WORDS[kind]
    if later:
        now = f"It asks to wait {later[1]} s: resume this run then."
    return Reason(what, now, said)


def failure_text(error: str | None) -> str | None:
    """Return why a call failed, for whoever shows text as text: it holds the endpoint's own words, as they came."""
    kind, _, said = (error or "").partition(": ")
    what = "The endpoint does not take the key." if kind == "wrong key" else _WORDS.get(kind, ("", ""))[0]
    return f"{what}\n{_STATUS.sub('', said)}".strip() if what else error


def _wrong_key(variable: str | None, said: str) -> Reason:
    if variable is None:
        return Reason(
            "The endpoint wants a key, and none is named for it.",
            "Name its variable under Endpoints and prices, give this run up and start another.",
            said,
        )
    return Reason(
        f"The endpoint does not take the key in {variable}.",
        f"Set {variable} right, start the app again, then resume this run.",
        said,
    )

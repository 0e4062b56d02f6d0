"""Words for people: text from data made safe to look at, a number with its noun, the beginning of a text. Pure."""

import re

_DIRECTION_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def visible(text: str) -> str:
    """Return text whose direction and control characters show as marks such as [U+202E]."""
    return _CONTROLS.sub("\ufffd", _DIRECTION_CONTROLS.sub(lambda found: f"[U+{ord(found[0]):04X}]", text))


def shortened(text: str, length: int = 90) -> str:
    """Return the beginning of a text, cut between words where there are any."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0] + " …"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return "1 pair" or "1,204 pairs"; a plural that does not only add an s is named."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"

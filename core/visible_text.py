"""Text from data -> the same with what no reader would see shown as marks. Pure: text in, text out."""

import re

_DIRECTION_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def visible(text: str) -> str:
    """Return text whose direction and control characters show as marks such as [U+202E]."""
    return _CONTROLS.sub("\ufffd", _DIRECTION_CONTROLS.sub(lambda found: f"[U+{ord(found[0]):04X}]", text))

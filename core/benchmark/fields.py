"""Single fields of a parsed JSON record, whatever stands in them. Pure."""

import re
from collections.abc import Iterator
from typing import Any

_NO_TEXT = re.compile("[\0\ud800-\udfff]").search


def text_in(record: dict[str, Any], field: str) -> str | None:
    """Return a field without the blanks around it; None where it is absent, null, blank or no text."""
    value = record.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value.strip() or None if isinstance(value, str) else None


def verbatim_in(record: dict[str, Any], field: str) -> str | None:
    """Return a field as it stands, its blanks included; None where there is nothing in it."""
    value = record.get(field)
    return value if isinstance(value, str) and value.strip() else None


def texts_of(value: Any) -> Iterator[str]:  # noqa: ANN401 - a parsed JSON value
    """Yield every text in a parsed JSON value, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, held in value.items():
            yield name
            yield from texts_of(held)
    elif isinstance(value, list):
        for held in value:
            yield from texts_of(held)


def has_no_text_characters(text: str) -> bool:
    """Return whether a text holds NUL or half a surrogate pair, which no database stores."""
    return _NO_TEXT(text) is not None


def kind_of(value: Any) -> str:  # noqa: ANN401 - a parsed JSON value
    """Return what a value is, in words for people."""
    names = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), "nothing")

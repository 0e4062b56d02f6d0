"""Many values -> pieces that one statement can take."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

_Value = TypeVar("_Value")

# SQLite takes some 32,000 values in one statement.
CHUNK = 5000


def in_chunks(values: Sequence[_Value]) -> Iterator[list[_Value]]:
    """Yield the values in their order, at most `CHUNK` at a time; none where there are none."""
    for start in range(0, len(values), CHUNK):
        yield list(values[start : start + CHUNK])

"""Responses a person may label -> some of them, in an order of that person's own, families apart. Pure."""

import hashlib
import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Drawable:
    """A response that may be drawn. `left` more experts are wanted; only a plan says how likely it was to be in it."""

    response_id: int
    family_id: str
    language: str
    country: str | None
    left: int
    inclusion_probability: float | None = None


def first_for(seed: int, person_id: int, response_ids: Iterable[int], count: int) -> list[int]:
    """Return the first of the responses in a random order: another one for each person, for one always the same."""
    beginning = hashlib.blake2b(f"queue/{seed}/{person_id}/".encode(), digest_size=8)

    def place(response_id: int) -> tuple[bytes, int]:
        digest = beginning.copy()
        digest.update(str(response_id).encode())
        return digest.digest(), response_id

    return heapq.nsmallest(count, response_ids, key=place)


def families_apart(rows: Sequence[Drawable]) -> list[Drawable]:
    """Return the rows with none beside another of its family, as far as that can be; their order hardly changes."""
    apart: list[Drawable] = []
    rest = list(rows)
    while rest:
        last = apart[-1].family_id if apart else None
        place = next((place for place, row in enumerate(rest) if row.family_id != last), None)
        if place is None:
            break
        apart.append(rest.pop(place))
    for row in rest:
        apart.insert(_gap_for(apart, row, near=len(apart)), row)
    return apart


def spread_in(rows: Sequence[Drawable], others: Sequence[Drawable]) -> list[Drawable]:
    """Return the rows with others spread evenly among them, none beside one of its family if that can be."""
    mixed = list(rows)
    for number, other in enumerate(others, start=1):
        mixed.insert(_gap_for(mixed, other, near=number * len(mixed) // (len(others) + 1)), other)
    return mixed


def _gap_for(rows: Sequence[Drawable], new: Drawable, *, near: int) -> int:
    """Return the place closest to one where a row touches none of its family; that one if there is no such place."""
    for place in sorted(range(len(rows) + 1), key=lambda place: abs(place - near)):
        if all(row.family_id != new.family_id for row in rows[max(0, place - 1) : place + 1]):
            return place
    return near


def retest_count(count: int, share: float, chance: float) -> int:
    """Return how many responses come back with so many new ones: the share of them, its fraction rounded by chance.

    Args:
        count: of new responses.
        share: 0 to 1.
        chance: in [0, 1); with 2 responses and a share of 0.05 one comes back in a tenth of sessions.
    """
    wanted = count * share
    return int(wanted) + (chance < wanted - int(wanted))

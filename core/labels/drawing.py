"""Responses a person may label -> some of them, in an order of that person's own, families apart. Pure."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Drawable:
    """A response that may be drawn. `left` more experts are wanted; only a plan says how likely it was to be in it.

    `begun` says that somebody has it already, or that one more opinion is asked for: it goes first.
    """

    response_id: int
    family_id: str
    language: str
    country: str | None
    left: int
    inclusion_probability: float | None = None
    begun: bool = False


def first_for(seed: int, person_id: int, response_ids: Collection[int], count: int) -> list[int]:
    """Return the first of the responses in a random order: another one for each person, for one always the same.

    The order is that of SplitMix64 (Steele, Lea, Flood 2014) of each id, from a start drawn for the person.
    """
    ids = np.fromiter(response_ids, dtype=np.uint64, count=len(response_ids))
    start = hashlib.blake2b(f"queue/{seed}/{person_id}/".encode(), digest_size=8).digest()
    mixed = ids * np.uint64(0x9E3779B97F4A7C15) + np.uint64(int.from_bytes(start))
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return [int(response_id) for response_id in ids[np.argsort(mixed)[: max(0, count)]]]


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

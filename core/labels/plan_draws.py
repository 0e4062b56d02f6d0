"""What a lead wishes, and the responses there are -> a stratified random sample with inclusion probabilities. Pure."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from hashlib import blake2b
from typing import NamedTuple

from core.rubric import DIMENSIONS
from core.stored_settings import StoredChoice

Scores = tuple[float | None, ...]
UNSCORED: Scores = (None,) * len(DIMENSIONS)
NO_COUNTRY = "no country"
MOST_EXPERTS = 10


@dataclass(frozen=True)
class PlanWish(StoredChoice):
    """Which responses are to be labelled. An empty choice takes all; exactly one of `share` and `count` is given.

    Strata are the countries, within them models and languages if wished, and what the judge said on the dimensions to
    balance by. `share` and `count` are per country (model, language); `least` is how many responses each country has
    at least, `least_failing` how many that the judge said no to on each dimension of `balance`. Every response that
    the two judges of `differing` score differently on some dimension is taken for certain.
    """

    models: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    subsets: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    rounds: tuple[int, ...] = ()
    share: float | None = 0.1
    count: int | None = None
    by_model: bool = False
    by_language: bool = False
    least: int = 0
    balance: tuple[str, ...] = ()
    judge: str | None = None
    least_failing: int = 0
    differing: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """A response that can be drawn; `scores` are the judge's mean per dimension, in their order, None not scored."""

    response_id: int
    country: str | None
    model: str
    language: str
    family: str
    scores: Scores = UNSCORED
    is_disputed: bool = False


class Drawn(NamedTuple):
    """A response of the sample: its stratum, how likely it was to be drawn, and how many experts label it."""

    candidate: Candidate
    stratum: str
    inclusion_probability: float
    experts: int


@dataclass(frozen=True)
class Stratum:
    """A stratum of a plan: `sample` of its `size` responses are drawn."""

    name: str
    size: int
    sample: int


@dataclass(frozen=True)
class Draw:
    """A sample and its strata, both by the strata's names; within one, responses stand in a random order.

    `left_out` are the ids of the candidates that were not drawn, each with the name of its stratum.
    """

    strata: tuple[Stratum, ...] = ()
    responses: tuple[Drawn, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()


class _Key(NamedTuple):
    """What a stratum is made of; sorts by country, then model, language and what judges said."""

    country: str
    model: str = ""
    language: str = ""
    said: str = ""


@dataclass
class _Group:
    members: list[Candidate] = field(default_factory=list)
    rate: Fraction = Fraction(0)

    @property
    def is_certain(self) -> bool:
        return self.members[0].is_disputed


def draw(candidates: Sequence[Candidate], wish: PlanWish, *, seed: int, experts_each: int, overlap: float) -> Draw:
    """Return the sample, the same for the same seed and responses in whatever order they come.

    Within each stratum a simple random sample without replacement: n = rate * N rounded up, each response with the
    inclusion probability n / N. The rate is the highest that a part of the wish asks for. A sample with a higher rate
    holds one with a lower rate of the same seed.

    Args:
        candidates: the responses that fit the wish's choices.
        wish: with either `share` or `count`.
        seed: any whole number.
        experts_each: how many experts label a response of the overlap.
        overlap: the share of the sample, 0 to 1, that so many experts label; the others get one.

    Source: Cochran (1977), Sampling Techniques, chapter 5.
    """
    groups = _groups(candidates, wish)
    strata, chosen, left_out = [], [], []
    for key in sorted(groups):
        group, name = groups[key], " · ".join(part for part in key if part)
        size = len(group.members)
        taken = math.ceil(group.rate * size)
        strata.append(Stratum(name, size, taken))
        in_order = sorted(group.members, key=_order_of(seed))
        chosen += [(candidate, name, taken / size) for candidate in in_order[:taken]]
        left_out += [(candidate.response_id, name) for candidate in in_order[taken:]]
    shared = _evenly(len(chosen), overlap, seed)
    drawn = [Drawn(*row, experts_each if is_shared else 1) for row, is_shared in zip(chosen, shared, strict=True)]
    return Draw(tuple(strata), tuple(drawn), tuple(left_out))


def doubled(wish: PlanWish) -> PlanWish:
    """Return the wish for twice as many responses, as far as there are so many."""
    return replace(
        wish,
        share=None if wish.share is None else min(1.0, 2 * wish.share),
        count=None if wish.count is None else 2 * wish.count,
        least=2 * wish.least,
        least_failing=2 * wish.least_failing,
    )


def fails(score: float | None) -> bool:
    """Return whether most rounds of a judge say no."""
    return score is not None and score < 0.5


def differ(first: Scores, second: Scores) -> bool:
    """Return whether most rounds of two judges say the opposite on some dimension; a tie is no side."""
    pairs = [(mine, theirs) for mine, theirs in zip(first, second, strict=True) if mine is not None]
    return any(theirs is not None and (mine - 0.5) * (theirs - 0.5) < 0 for mine, theirs in pairs)


def _order_of(seed: int) -> Callable[[Candidate], tuple[bytes, int]]:
    """Return a key to sort by at random, which depends on the seed and a response's id only."""

    def order(candidate: Candidate) -> tuple[bytes, int]:
        return blake2b(b"%d/%d" % (seed, candidate.response_id), digest_size=8).digest(), candidate.response_id

    return order


def _groups(candidates: Sequence[Candidate], wish: PlanWish) -> dict[_Key, _Group]:
    balance = [DIMENSIONS.index(name) for name in DIMENSIONS if name in wish.balance]
    groups: defaultdict[_Key, _Group] = defaultdict(_Group)
    for candidate in candidates:
        groups[_key_of(candidate, wish, balance)].members.append(candidate)
    sizes: Counter[_Key] = Counter()
    for key, group in groups.items():
        if not group.is_certain:
            sizes[key._replace(said="")] += len(group.members)
    for key, group in groups.items():
        group.rate = Fraction(1) if group.is_certain else _plain_rate(wish, sizes[key._replace(said="")])
    _raise_rates(groups, wish.least, lambda candidate: [candidate.country or NO_COUNTRY])
    _raise_rates(
        groups,
        wish.least_failing,
        lambda candidate: [(candidate.country, place) for place in balance if fails(candidate.scores[place])],
    )
    return groups


def _key_of(candidate: Candidate, wish: PlanWish, balance: Sequence[int]) -> _Key:
    country = candidate.country or NO_COUNTRY
    if candidate.is_disputed:
        return _Key(country, said="the two judges differ")
    said = ""
    if balance:
        failed = [DIMENSIONS[place] for place in balance if fails(candidate.scores[place])]
        said = f"judge says no: {', '.join(failed) or 'nowhere'}"
    return _Key(country, candidate.model if wish.by_model else "", candidate.language if wish.by_language else "", said)


def _plain_rate(wish: PlanWish, size: int) -> Fraction:
    # By its digits: 0.1 as a binary fraction is a little more than a tenth, and rounding up would take one too many.
    return Fraction(str(wish.share)) if wish.share is not None else min(Fraction(1), Fraction(wish.count or 1, size))


def _raise_rates(groups: dict[_Key, _Group], least: int, cells_of: Callable[[Candidate], Sequence[object]]) -> None:
    """Raise the rates of strata until each cell can expect `least` responses, or all it has.

    Members of one stratum are in the same cells, but for those taken for certain: these count towards the least.
    """
    if not least:
        return
    here: Counter[object] = Counter()
    certain: Counter[object] = Counter()
    for group in groups.values():
        if group.is_certain:
            certain.update(cell for candidate in group.members for cell in cells_of(candidate))
        else:
            here.update(dict.fromkeys(cells_of(group.members[0]), len(group.members)))
    for group in groups.values():
        if not group.is_certain:
            cells = cells_of(group.members[0])
            wanted = [Fraction(max(0, least - certain[cell]), here[cell]) for cell in cells]
            group.rate = min(Fraction(1), max([group.rate, *wanted]))


def _evenly(count: int, share: float, seed: int) -> list[bool]:
    """Return which of so many places are chosen: every 1/share-th from a random start, so that each is as likely."""
    step = Fraction(str(share))
    start = int.from_bytes(blake2b(b"overlap/%d" % seed, digest_size=8).digest()) % step.denominator
    reached = [(place * step.numerator + start) // step.denominator for place in range(count + 1)]
    return [after > before for before, after in zip(reached, reached[1:], strict=False)]

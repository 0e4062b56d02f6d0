"""Labels before and after the judge was shown, and answers given twice -> how steady experts are, naming nobody.

Rows of fewer than three people are left out: they would say who somebody is. People stand under letters in a mixed
order, which means nothing; no order here ranks anybody. Of all pools, and not weighted: it is about the people who
answered, not about all responses.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from sqlmodel import Session

from core.judges import judge_named
from core.measures.agreement_statistics import agreement_of_two
from core.measures.family_intervals import Statistic, statistic_of
from core.measures.score_tallies import RatedResponses
from core.measures.second_look_rows import GivenAgain, Shown, given_again, shown_labels, unblinded_counts
from core.measures.statistics import clustered_mean
from core.models import Person
from core.people import needs_lead
from core.people_shown import LEAST_PEOPLE
from core.responses.views import letters
from core.rubric import DIMENSIONS, Dimension

WHAT = "see how steady experts are"

_Row = TypeVar("_Row", Shown, GivenAgain)
_Told = TypeVar("_Told")


@dataclass(frozen=True)
class Anchoring:
    """What became of experts' blind answers on one dimension once the judge was shown; `expert` None is all of them.

    `shown` answers met a score of the judge, of which `opportunities` were not the same. `revised` were changed after,
    `towards` the judge's score and `away` from it; a change from or to "can't say" may be neither. `rate` is towards /
    revised, `rate_of_differing` towards / opportunities. `unblinded` answers were given by people who had seen the
    judge before; they are in nothing else, and None by expert.
    """

    dimension: Dimension
    expert: str | None
    people: int
    shown: int
    opportunities: int
    revised: int
    towards: int
    away: int
    unblinded: int | None
    rate: Statistic
    rate_of_differing: Statistic


@dataclass(frozen=True)
class Retest:
    """How often blind answers on one dimension were the same a week later; `expert` None is all of them.

    `same` is the share, `kappa` how much of it is beyond chance, both with their n; `unsaid` answers were "can't say"
    at least once, and are in neither.
    """

    dimension: Dimension
    expert: str | None
    people: int
    unsaid: int
    same: Statistic
    kappa: Statistic


def anchoring(session: Session, *, person: Person, judge: str, by_expert: bool = False) -> list[Anchoring]:
    """Return a row per dimension, in their order; by expert, those of its people follow it.

    A dimension on which fewer than three people were shown this judge has no row.

    Args:
        session: to look with.
        person: who wants to know.
        judge: whose score was moved to or away from; the majority of its rounds, a tie is no score.
        by_expert: also a row for each person.

    Raises:
        UserError: an expert asks.
        NotFoundError: there is no such judge.
    """
    needs_lead(person, WHAT)
    rows = shown_labels(session, judge=judge_named(session, judge))
    unblinded = unblinded_counts(session)

    def told(dimension: Dimension, letter: str | None, held: Sequence[Shown]) -> Anchoring:
        return _anchoring(dimension, letter, held, None if letter else unblinded.get(dimension, 0))

    return _told(rows, told, by_expert=by_expert)


def retests(session: Session, *, person: Person, by_expert: bool = False) -> list[Retest]:
    """Return a row per dimension, in their order; by expert, those of its people follow it.

    A dimension on which fewer than three people answered again has no row.

    Raises:
        UserError: an expert asks.
    """
    needs_lead(person, WHAT)
    return _told(given_again(session), _retest, by_expert=by_expert)


def _told(
    rows: Sequence[_Row], told: Callable[[Dimension, str | None, Sequence[_Row]], _Told], *, by_expert: bool
) -> list[_Told]:
    """Return what is told of each dimension, and of its people by letter where wanted."""
    found: list[_Told] = []
    letter_of = _letters({row.person_id for row in rows})
    for dimension in DIMENSIONS:
        held = [row for row in rows if row.dimension == dimension]
        here = {row.person_id for row in held}
        if len(here) < LEAST_PEOPLE:
            continue
        found.append(told(dimension, None, held))
        for letter, person_id in sorted((letter_of[one], one) for one in here) if by_expert else ():
            found.append(told(dimension, letter, [row for row in held if row.person_id == person_id]))
    return found


def _letters(people: set[int]) -> dict[int, str]:
    """Return a letter for each person, in an order that has nothing to do with them."""
    mixed = sorted(people, key=lambda one: hashlib.blake2b(b"second looks/%d" % one, digest_size=8).digest())
    return {person_id: letters(place) for place, person_id in enumerate(mixed)}


def _anchoring(dimension: Dimension, letter: str | None, rows: Sequence[Shown], unblinded: int | None) -> Anchoring:
    revised = [row for row in rows if row.is_revised]
    differing = [row for row in rows if row.differed]
    return Anchoring(
        dimension,
        letter,
        len({row.person_id for row in rows}),
        len(rows),
        len(differing),
        len(revised),
        sum(row.moved_towards for row in rows),
        sum(row.moved_away for row in rows),
        unblinded,
        _share_towards(revised),
        _share_towards(differing),
    )


def _share_towards(rows: Sequence[Shown]) -> Statistic:
    families = sorted({row.family for row in rows})
    place = {family: number for number, family in enumerate(families)}
    where = [place[row.family] for row in rows]
    towards = np.bincount(where, weights=[row.moved_towards for row in rows], minlength=len(families))
    counts = np.bincount(where, minlength=len(families))
    found = clustered_mean(towards.tolist(), counts.tolist(), bounds=(0.0, 1.0))
    return statistic_of(found, n=len(rows))


def _retest(dimension: Dimension, letter: str | None, rows: Sequence[GivenAgain]) -> Retest:
    said = [row for row in rows if row.first is not None and row.again is not None]
    first, again = [float(row.first or 0) for row in said], [float(row.again or 0) for row in said]
    found = agreement_of_two(first, again, RatedResponses([row.family for row in said]))
    people = len({row.person_id for row in rows})
    return Retest(dimension, letter, people, len(rows) - len(said), found.percent, found.kappa)

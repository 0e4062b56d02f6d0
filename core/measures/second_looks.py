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
from numpy.typing import NDArray
from sqlmodel import Session

from core.judges import judge_named
from core.measures.agreement_base import mixed_of
from core.measures.agreement_statistics import agreement_of_two
from core.measures.family_intervals import Statistic, statistic_of
from core.measures.frame_cache import frame_of
from core.measures.score_tallies import RatedResponses
from core.measures.scores import Counted
from core.measures.second_look_rows import GivenAgain, ShownAnswers, given_again, shown_labels
from core.measures.statistics import clustered_mean
from core.models import Person
from core.people import needs_lead
from core.people_shown import LEAST_PEOPLE
from core.responses.views import letters
from core.rubric import DIMENSIONS, Dimension

WHAT = "see how steady experts are"

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
    answers = shown_labels(session, judge=judge_named(session, judge))

    def told(dimension: Dimension, letter: str | None, held: NDArray[np.intp]) -> Anchoring:
        return _anchoring(dimension, letter, answers, held)

    return _told(answers.people, answers.dimensions, told, by_expert=by_expert)


def looked_at(session: Session, *, person: Person, judge: str | None) -> Counted:
    """Return what all these rows are made of: the responses shown with this judge, if any, and those given again.

    Raises:
        UserError: an expert asks.
        NotFoundError: there is no such judge.
    """
    needs_lead(person, WHAT)
    shown = shown_labels(session, judge=judge_named(session, judge)).responses.tolist() if judge is not None else []
    held = {*shown, *(row.response_id for row in given_again(session))}
    frame = frame_of(session)
    return mixed_of(frame, np.flatnonzero(np.isin(frame.response_ids, sorted(held))))


def retests(session: Session, *, person: Person, by_expert: bool = False) -> list[Retest]:
    """Return a row per dimension, in their order; by expert, those of its people follow it.

    A dimension on which fewer than three people answered again has no row.

    Raises:
        UserError: an expert asks.
    """
    needs_lead(person, WHAT)
    rows = given_again(session)
    people = np.array([row.person_id for row in rows], dtype=np.int64)
    dimensions = np.array([DIMENSIONS.index(row.dimension) for row in rows], dtype=np.int64)

    def told(dimension: Dimension, letter: str | None, held: NDArray[np.intp]) -> Retest:
        return _retest(dimension, letter, [rows[place] for place in held])

    return _told(people, dimensions, told, by_expert=by_expert)


def _told(
    people: NDArray[np.int64],
    dimensions: NDArray[np.int64],
    told: Callable[[Dimension, str | None, NDArray[np.intp]], _Told],
    *,
    by_expert: bool,
) -> list[_Told]:
    """Return what is told of the answers of each dimension, by their places, and of its people where wanted."""
    found: list[_Told] = []
    letter_of = _letters(set(people.tolist()))
    for number, dimension in enumerate(DIMENSIONS):
        held = np.flatnonzero(dimensions == number)
        here = np.unique(people[held]).tolist()
        if len(here) < LEAST_PEOPLE:
            continue
        found.append(told(dimension, None, held))
        for letter, person_id in sorted((letter_of[one], one) for one in here) if by_expert else ():
            found.append(told(dimension, letter, held[people[held] == person_id]))
    return found


def _letters(people: set[int]) -> dict[int, str]:
    """Return a letter for each person, in an order that has nothing to do with them."""
    mixed = sorted(people, key=lambda one: hashlib.blake2b(b"second looks/%d" % one, digest_size=8).digest())
    return {person_id: letters(place) for place, person_id in enumerate(mixed)}


def _anchoring(dimension: Dimension, letter: str | None, answers: ShownAnswers, held: NDArray[np.intp]) -> Anchoring:
    revised, differing = held[answers.is_revised[held]], held[answers.differed[held]]
    return Anchoring(
        dimension,
        letter,
        len(np.unique(answers.people[held])),
        len(held),
        len(differing),
        len(revised),
        int(answers.moved_towards[held].sum()),
        int(answers.moved_away[held].sum()),
        None if letter else answers.unblinded[dimension],
        _share_towards(answers, revised),
        _share_towards(answers, differing),
    )


def _share_towards(answers: ShownAnswers, held: NDArray[np.intp]) -> Statistic:
    families = answers.families[held]
    towards = np.bincount(families, weights=answers.moved_towards[held])
    found = clustered_mean(towards.tolist(), np.bincount(families).tolist(), bounds=(0.0, 1.0))
    return statistic_of(found, n=len(held))


def _retest(dimension: Dimension, letter: str | None, rows: Sequence[GivenAgain]) -> Retest:
    said = [row for row in rows if row.first is not None and row.again is not None]
    first, again = [float(row.first or 0) for row in said], [float(row.again or 0) for row in said]
    found = agreement_of_two(first, again, RatedResponses([row.family for row in said]))
    people = len({row.person_id for row in rows})
    return Retest(dimension, letter, people, len(rows) - len(said), found.percent, found.kappa)

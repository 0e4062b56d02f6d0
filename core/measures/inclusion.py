"""All draws that could bring a response to experts -> how likely it was to be labelled by one of them at all.

A label keeps how likely its own draw was, given what was left then. Numbers need more: a response that three sessions
and a plan could have drawn was likelier to be labelled than any one of them says. Over independent draws d,

    pi = 1 - product over d of (1 - p_d r_d),

where p_d is the probability of the draw for what it could have drawn, and r_d the share of what it drew that it got
answered, by country (and stratum), of what no other draw had: inverse-probability weighting for several samples of one
frame, with response as one more phase. Source: Cochran (1977), Sampling Techniques, chapters 5 and 13; Sarndal,
Swensson and Wretman (1992), Model Assisted Survey Sampling, chapter 15.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlmodel import Session, col

from core.models import (
    Assignment,
    Item,
    Lease,
    LockedResponse,
    PlanCandidate,
    PlannedResponse,
    Response,
    ReviewSession,
    SamplingPlan,
    SkippedResponse,
)
from core.rubric import Pool

Numbers = NDArray[np.float64]
Ids = NDArray[np.int64]
# A session of before this was kept could have drawn whatever is here.
_NEWEST = 2**62
# Responses that anybody had, so that no more of many thousands are read than may be asked for.
_HAD = select(col(LockedResponse.response_id)).union(select(col(SkippedResponse.response_id)))
_GIVEN_BACK = and_(col(SkippedResponse.kind) == "not_for_me", col(SkippedResponse.taken_back_at).is_(None))


@dataclass(frozen=True)
class _Draws:
    """Responses that sessions without a plan drew anew: session, response, probability, newest response, country.

    `brought` says which of them got an answer that way, or were given back.
    """

    sessions: Ids
    responses: Ids
    likely: Numbers
    up_to: Ids
    countries: NDArray[np.object_]
    brought: NDArray[np.bool_]


def overall_inclusion(session: Session, *, responses: Ids, stored: Numbers, pools: Sequence[Pool]) -> Numbers:
    """Return how likely each response was to be labelled by any draw; NaN where none drew it: it was picked by hand.

    Args:
        session: to look with.
        responses: ids, each once, of responses labelled or given back by people of these pools.
        stored: the greatest probability stored with the labels of each; NaN where it was picked by hand.
        pools: draws for other people bring nothing here.
    """
    if not len(responses):
        return np.empty(0)
    draws = _draws(session, pools)
    drawn_here = np.isin(responses, draws.responses)
    by_plans, planned = _missed_by_plans(session, responses, set(draws.responses[draws.brought].tolist()), pools)
    found = 1 - _missed_by_sessions(session, draws, responses) * by_plans
    # What came with labels from elsewhere was drawn there: one more draw, of which nothing else is known.
    elsewhere = ~drawn_here & ~planned & ~np.isnan(stored)
    found = np.where(elsewhere, 1 - (1 - found) * (1 - np.nan_to_num(stored)), found)
    return np.where(np.isnan(stored), np.nan, np.where(found > 0, np.minimum(found, 1.0), stored))


def _missed_by_sessions(session: Session, draws: _Draws, responses: Ids) -> Numbers:
    """Return how likely each response was to be missed by all sessions without a plan."""
    missed = np.ones(len(responses))
    if not len(draws.responses):
        return missed
    names, country = np.unique(draws.countries.astype(str), return_inverse=True)
    _, first, group = np.unique(draws.sessions * len(names) + country, return_index=True, return_inverse=True)
    answered = np.bincount(group, weights=draws.brought) / np.bincount(group)
    with np.errstate(divide="ignore"):
        logs = np.log1p(-np.minimum(draws.likely[first] * answered, 1.0))
    for name, held in _by_country(session, responses).items():
        of_country = np.flatnonzero(names[country[first]] == name)
        if len(of_country):
            order = of_country[np.argsort(draws.up_to[first][of_country], kind="stable")]
            after = np.concatenate([np.cumsum(logs[order][::-1])[::-1], [0.0]])
            missed[held] = np.exp(after[np.searchsorted(draws.up_to[first][order], responses[held])])
    return missed


def _missed_by_plans(
    session: Session, responses: Ids, by_sessions: Container[int], pools: Sequence[Pool]
) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return how likely each response was to be missed by all plans, and which responses one brought.

    Plans of one seed draw by one order, so that the greater sample holds the smaller: they count as the likeliest.
    """
    answered = _answered_by_plans(session, pools)
    rates, could = _plans(session, answered, by_sessions)
    left_out = select(col(PlanCandidate.plan_id), col(PlanCandidate.stratum), col(PlanCandidate.response_id))
    could += map(tuple, session.execute(left_out.where(col(PlanCandidate.response_id).in_(_HAD))))
    seeds = {row.id: row.seed for row in session.execute(select(col(SamplingPlan.id), col(SamplingPlan.seed)))}
    place_of = {response_id: place for place, response_id in enumerate(responses.tolist())}
    greatest: defaultdict[int, Numbers] = defaultdict(lambda: np.zeros(len(responses)))
    for plan_id, stratum, response_id in could:
        place = place_of.get(response_id)
        if place is not None:
            of_seed = greatest[seeds[plan_id]]
            of_seed[place] = max(of_seed[place], rates.get((plan_id, stratum), 0.0))
    missed = np.ones(len(responses))
    for rate in greatest.values():
        missed *= 1 - rate
    return missed, np.isin(responses, [response_id for _, response_id in answered])


def _plans(
    session: Session, answered: Set[tuple[int, int]], by_sessions: Container[int]
) -> tuple[dict[tuple[int, str], float], list[tuple[int, str, int]]]:
    """Return how likely each plan and stratum was to bring an answer, and what was drawn: (plan, stratum, response).

    What another draw brought does not tell how much of a plan gets answered: the plan then asks nobody any more.
    """
    plans_of = Counter(response_id for _, response_id in answered)
    held: defaultdict[tuple[int, str], list[bool]] = defaultdict(list)
    likely: dict[tuple[int, str], float] = {}
    drew: list[tuple[int, str, int]] = []
    columns = (PlannedResponse.plan_id, PlannedResponse.stratum, PlannedResponse.response_id)
    query: Select[*tuple[Any, ...]] = select(*map(col, columns), col(PlannedResponse.inclusion_probability))
    for plan_id, stratum, response_id, probability in session.execute(query):
        is_answered = (plan_id, response_id) in answered
        if response_id not in by_sessions and plans_of[response_id] == is_answered:
            held[plan_id, stratum].append(is_answered)
        likely[plan_id, stratum] = probability
        drew.append((plan_id, stratum, response_id))
    return {stratum: likely[stratum] * sum(found) / len(found) for stratum, found in held.items()}, drew


def _draws(session: Session, pools: Sequence[Pool]) -> _Draws:
    query = (
        select(
            col(Assignment.session_id),
            col(Assignment.response_id),
            col(Assignment.inclusion_probability),
            col(ReviewSession.drawn_up_to),
            col(Item.country),
        )
        .join(ReviewSession, col(ReviewSession.id) == Assignment.session_id)
        .join(Lease, _of_place())
        .join(Response, col(Response.id) == Assignment.response_id)
        .join(Item, col(Item.id) == Response.item_id)
        .where(
            col(ReviewSession.plan_id).is_(None),
            col(Assignment.inclusion_probability).is_not(None),
            col(Assignment.is_retest).is_(False),
            col(Assignment.follows).is_(False),
            _in(pools),
        )
        .order_by(col(Assignment.session_id))
    )
    found = session.execute(query).all()
    sessions, responses, likely, up_to, countries = zip(*found, strict=True) if found else [()] * 5
    drawn = np.array(responses, dtype=np.int64)
    # A response drawn anew twice was given back in between: it is the last of them that brought its answer.
    is_last = np.zeros(len(drawn), dtype=bool)
    is_last[len(drawn) - 1 - np.unique(drawn[::-1], return_index=True)[1]] = True
    return _Draws(
        np.array(sessions, dtype=np.int64),
        drawn,
        np.array(likely, dtype=float),
        np.array([_NEWEST if newest is None else newest for newest in up_to], dtype=np.int64),
        np.array([name or "" for name in countries], dtype=object),
        is_last & np.isin(drawn, _answered_or_given_back(session, pools)),
    )


def _answered_or_given_back(session: Session, pools: Sequence[Pool]) -> Ids:
    answered = select(col(LockedResponse.response_id)).where(col(LockedResponse.pool).in_(pools))
    is_of = and_(
        col(Lease.person_id) == SkippedResponse.person_id, col(Lease.response_id) == SkippedResponse.response_id
    )
    given_back = select(col(SkippedResponse.response_id)).join(Lease, is_of).where(_GIVEN_BACK, _in(pools))
    return np.array(session.execute(answered.union(given_back)).scalars().all(), dtype=np.int64)


def _answered_by_plans(session: Session, pools: Sequence[Pool]) -> set[tuple[int, int]]:
    """Return the plans' responses that somebody in a session of the plan answered or gave back."""
    is_theirs = col(LockedResponse.person_id) == ReviewSession.person_id
    answered = and_(is_theirs, col(LockedResponse.response_id) == Assignment.response_id)
    given_back = and_(
        col(SkippedResponse.person_id) == ReviewSession.person_id,
        col(SkippedResponse.response_id) == Assignment.response_id,
        _GIVEN_BACK,
    )
    query = (
        select(col(ReviewSession.plan_id), col(Assignment.response_id))
        .join(Assignment, col(Assignment.session_id) == ReviewSession.id)
        .join(Lease, _of_place())
        .where(
            col(ReviewSession.plan_id).is_not(None),
            col(Assignment.is_retest).is_(False),
            _in(pools),
            or_(select(LockedResponse).where(answered).exists(), select(SkippedResponse).where(given_back).exists()),
        )
    )
    return {(plan_id, response_id) for plan_id, response_id in session.execute(query)}


def _in(pools: Sequence[Pool]) -> ColumnElement[bool]:
    return col(Lease.pool).in_(pools)


def _of_place() -> ColumnElement[bool]:
    return and_(col(Lease.session_id) == Assignment.session_id, col(Lease.response_id) == Assignment.response_id)


def _by_country(session: Session, responses: Ids) -> Mapping[str, Ids]:
    """Return the places of responses by their country, "" for none."""
    query = select(col(Response.id), col(Item.country)).join(Item, col(Item.id) == Response.item_id)
    countries = {row[0]: row[1] for row in session.execute(query.where(col(Response.id).in_(_HAD)))}
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place, response_id in enumerate(responses.tolist()):
        found[countries.get(response_id) or ""].append(place)
    return {name: np.array(places, dtype=np.int64) for name, places in found.items()}

"""What people gave back as not for them -> labels without a score: what might have been said, and was not."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sqlalchemy import and_, select
from sqlmodel import Session, col, func

from core.backgrounds import counts_still
from core.measures.agreement_labels import POOLS, BlindLabels, overall_probabilities
from core.measures.blind_labels import was_asked_for
from core.models import Assignment, Lease, LockedResponse, SkippedResponse
from core.rubric import DIMENSIONS, Pool


def all_given_back(session: Session) -> BlindLabels:
    """Return a label without a score on each dimension of each response that somebody gave back and never labelled.

    Those asked for because others differ are left out, as their labels are.
    """
    has_labelled = select(LockedResponse).where(
        col(LockedResponse.person_id) == SkippedResponse.person_id,
        col(LockedResponse.response_id) == SkippedResponse.response_id,
    )
    had_it = and_(
        col(Lease.person_id) == SkippedResponse.person_id, col(Lease.response_id) == SkippedResponse.response_id
    )
    place = and_(col(Assignment.session_id) == Lease.session_id, col(Assignment.response_id) == Lease.response_id)
    response, person = col(SkippedResponse.response_id), col(SkippedResponse.person_id)
    query = (
        select(response, person, func.max(Lease.pool), func.max(Assignment.inclusion_probability))
        .join(Lease, had_it)
        .join(Assignment, place)
        .where(
            col(SkippedResponse.kind) == "not_for_me",
            col(SkippedResponse.taken_back_at).is_(None),
            col(Assignment.is_retest).is_(False),
            counts_still(SkippedResponse.person_id),
            ~has_labelled.exists(),
            ~was_asked_for(SkippedResponse.response_id, SkippedResponse.created_at),
        )
        .group_by(response, person)
        .order_by(response, person)
    )
    found = session.execute(query).all()
    responses, experts, pools, probabilities = zip(*found, strict=True) if found else [()] * 4
    each = len(DIMENSIONS)
    labels = BlindLabels(
        np.repeat(np.array(responses, dtype=np.int64), each),
        np.tile(np.arange(each), len(found)),
        np.repeat(np.array(experts, dtype=np.int64), each),
        np.repeat(np.array([POOLS.index(name) for name in pools], dtype=np.int64), each),
        np.full(len(found) * each, np.nan),
        np.repeat(np.array([chance or np.nan for chance in probabilities], dtype=float), each),
        np.ones(len(found) * each, dtype=bool),
    )
    return replace(labels, probabilities=overall_probabilities(session, labels))


def with_given_back(labels: BlindLabels, given_back: BlindLabels, *, pools: Sequence[Pool]) -> BlindLabels:
    """Return the labels of these pools with what their people gave back; what has a label weighs as that says."""
    places = [POOLS.index(name) for name in pools]
    labels, given_back = (one.at(np.isin(one.pools, places)) for one in (labels, given_back))
    has_label = np.isin(given_back.responses, labels.responses)
    given_back = replace(given_back, probabilities=np.where(has_label, np.nan, given_back.probabilities))
    names = BlindLabels.__dataclass_fields__
    return BlindLabels(*(np.concatenate([getattr(labels, name), getattr(given_back, name)]) for name in names))

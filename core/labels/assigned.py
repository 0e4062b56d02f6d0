"""A place of a review session -> what has to be known to store what its person answers there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Exists, Select, bindparam, exists
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, select

from core.backgrounds import is_from, pool_named
from core.consent import refuse_without_consent
from core.errors import UserError
from core.models import (
    Assignment,
    Item,
    Label,
    LabelsSeen,
    Lease,
    LockedResponse,
    Person,
    Response,
    ReviewSession,
    ScoresSeen,
    utc_now,
)
from core.rubric import Pool

# Built once: putting these statements together took a third of the time of a save.
_PERSON: BindParameter[int] = bindparam("person")
_RESPONSE: BindParameter[int] = bindparam("response")


def _is_there(table: type[LockedResponse | ScoresSeen | LabelsSeen]) -> Exists:
    return exists().where(col(table.person_id) == _PERSON, col(table.response_id) == _RESPONSE)


_HELD_UNTIL = (
    select(func.min(Lease.expires_at))
    .where(
        col(Lease.session_id) == ReviewSession.id, col(Lease.ended_at).is_(None), Lease.expires_at > bindparam("now")
    )
    .scalar_subquery()
)
_IN_NEWEST: Select[*tuple[Any, ...]] = (
    sa_select(
        ReviewSession,
        col(Assignment.is_retest),
        col(Assignment.inclusion_probability),
        col(Response.text),
        col(Item.id).label("item_id"),
        col(Item.base_item_id),
        col(Item.language),
        is_from(_PERSON, Item.country).label("is_from"),
        _is_there(LockedResponse).label("locked"),
        _is_there(ScoresSeen).label("judge_seen"),
        _is_there(LabelsSeen).label("others_seen"),
        _HELD_UNTIL.label("held_until"),
    )
    .select_from(Assignment)
    .join(ReviewSession, col(ReviewSession.id) == Assignment.session_id)
    .join(Response, col(Response.id) == Assignment.response_id)
    .join(Item, col(Item.id) == Response.item_id)
    .where(col(Assignment.response_id) == _RESPONSE, col(ReviewSession.person_id) == _PERSON)
    .order_by(col(ReviewSession.id).desc())
    .limit(1)
)
_IN_SESSION = _IN_NEWEST.where(col(ReviewSession.id) == bindparam("session"))
_LABELS = select(Label).where(Label.person_id == _PERSON, Label.response_id == _RESPONSE).order_by(col(Label.id))


@dataclass
class Assigned:
    """What is known of a response that is in one of the person's sessions; read once for a message, kept up to date.

    `held_until` is when the first response that the session still holds goes back; None when it holds none.
    """

    review: ReviewSession
    item_id: str
    base_item_id: str
    language: str
    text: str
    is_retest: bool
    inclusion_probability: float | None
    pool: Pool
    locked: bool
    scores_seen: bool
    held_until: datetime | None
    labels: list[Label]


def assigned_response(session: Session, *, person: Person, response_id: int, session_id: int = 0) -> Assigned:
    """Return what is known of a response in one of the person's sessions; in the newest that holds it where 0 is named.

    Raises:
        UserError: it is in none of the person's sessions, or the person has withdrawn or not agreed.
    """
    refuse_without_consent(session, person=person)
    ids = {"person": person.id, "response": response_id}
    place = {"now": utc_now()} | ({"session": session_id} if session_id else {})
    row = session.execute(_IN_SESSION if session_id else _IN_NEWEST, ids | place).first()
    if row is None:
        raise UserError("This response is in none of your sessions. Load the page again.")
    return Assigned(
        review=row.ReviewSession,
        item_id=row.item_id,
        base_item_id=row.base_item_id,
        language=row.language,
        text=row.text,
        is_retest=row.is_retest,
        inclusion_probability=row.inclusion_probability,
        pool=pool_named(row.is_from),
        locked=row.locked,
        scores_seen=row.judge_seen or row.others_seen,
        held_until=row.held_until,
        labels=list(session.execute(_LABELS, ids).scalars()),
    )

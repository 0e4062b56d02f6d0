"""A response that a person puts aside -> for later, or for others; both can be taken back."""

from collections.abc import Sequence

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from core.errors import UserError
from core.labels.drawing import Drawable, families_apart
from core.labels.leases import give_back_response, hold_again
from core.labels.picking import drawn_before
from core.labels.review_sessions import Place, add_session, open_session
from core.labels.waiting import waiting_for
from core.models import Item, LockedResponse, Person, Response, ReviewSession, SkippedResponse, utc_now
from core.rubric import SkipKind

LONGEST_REASON = 500


def skip_response(
    session: Session,
    *,
    person: Person,
    response_id: int,
    kind: SkipKind,
    reason: str,
    form_id: str,
    is_retest: bool = False,
) -> SkippedResponse:
    """Put a response aside and return what is stored; sent again, it changes nothing.

    One that is not for this person goes back to the others at once.

    Raises:
        UserError: the reason is too long, or the four answers are given already.
    """
    stored = session.exec(select(SkippedResponse).where(SkippedResponse.form_id == form_id)).first()
    if stored is not None:
        if (stored.person_id, stored.response_id) != (person.id, response_id):
            raise UserError("The page sent two things under one name. Load the page again.")
        return stored
    if len(reason) > LONGEST_REASON:
        raise UserError(f"A reason has at most {LONGEST_REASON} characters. Shorten it.")
    if not is_retest and session.get(LockedResponse, (person.id, response_id)) is not None:
        raise UserError("Your four answers to this response are given; it cannot be put aside any more.")
    row = SkippedResponse(
        person_id=person.id, response_id=response_id, form_id=form_id, kind=kind, reason=reason.strip()
    )
    session.add(row)
    if kind == "not_for_me":
        give_back_response(session, person_id=person.id, response_id=response_id)
    session.flush()
    return row


def take_back_skip(session: Session, *, review: ReviewSession, response_id: int) -> None:
    """Take back what put a response of a session aside: it is its person's to label again."""
    for row in session.exec(_put_aside(review.person_id).where(SkippedResponse.response_id == response_id)):
        row.taken_back_at = utc_now()
    waiting = select(waiting_for(session.get_one(Person, review.person_id)).c.response_id)
    hold_again(session, review=review, waiting=waiting, response_id=response_id)
    session.flush()


def put_aside_of(session: Session, *, person: Person, response_ids: Sequence[int]) -> set[int]:
    """Return those of the responses that the person has put aside, for later or for others."""
    rows = session.exec(_put_aside(person.id).where(col(SkippedResponse.response_id).in_(response_ids)))
    return {row.response_id for row in rows}


def put_aside_count(session: Session, *, person: Person) -> int:
    """Return how many responses the person has put aside for later."""
    rows = _put_aside(person.id).where(SkippedResponse.kind == "later").subquery()
    return session.exec(select(func.count(func.distinct(rows.c.response_id)))).one()


def take_put_aside(session: Session, *, person: Person) -> ReviewSession:
    """Return a session of what the person put aside for later; one under way is returned instead.

    Raises:
        UserError: nothing was put aside.
    """
    if under_way := open_session(session, person=person):
        return under_way
    rows = session.exec(_put_aside(person.id).where(SkippedResponse.kind == "later")).all()
    if not rows:
        raise UserError("You have put nothing aside.")
    for row in rows:
        row.taken_back_at = utc_now()
    ids = list(dict.fromkeys(row.response_id for row in rows))
    likely = drawn_before(session, person=person, response_ids=ids)
    query = select(Response.id, Item.family_id, Item.language, Item.country).join(Item)
    found = {
        response_id: Drawable(response_id, family_id, language, country, left=0)
        for response_id, family_id, language, country in session.exec(query.where(col(Response.id).in_(ids)))
    }
    in_order = families_apart([found[response_id] for response_id in ids])
    places = [Place(row.response_id, likely.get(row.response_id), follows=True) for row in in_order]
    return add_session(session, person=person, title="Put aside earlier", country=None, places=places)


def _put_aside(person_id: int) -> SelectOfScalar[SkippedResponse]:
    query = select(SkippedResponse).where(
        SkippedResponse.person_id == person_id, col(SkippedResponse.taken_back_at).is_(None)
    )
    return query.order_by(col(SkippedResponse.id))

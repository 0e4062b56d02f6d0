"""An item picked by hand -> a session of its responses, within what its person may label."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from core.backgrounds import countries_known
from core.benchmark.families import stable_share
from core.errors import NotFoundError, UserError
from core.labels.review_sessions import Place, add_session, open_session
from core.labels.waiting import waiting_for
from core.models import Assignment, Item, Person, Response, ReviewSession
from core.people import MAY_LEAD, left_to_label

# So ends the title of a session picked by hand.
_ONE_QUESTION = ", one question"


def start_item_session(session: Session, *, person: Person, item_id: str) -> ReviewSession:
    """Return a hand-picked session of an item's responses not locked yet; repeating it changes nothing.

    A session under way stays open and goes on when this one ends. An expert gets what waits for them: a lead may pick
    what others have labelled, too.

    Raises:
        NotFoundError: there is no such item.
        UserError: the item has nothing for this person to label, or is about a country that an expert does not know.
    """
    item = session.get(Item, item_id)
    if item is None:
        raise NotFoundError("There is no such item. Look it up in Browse.")
    under_way = open_session(session, person=person)
    if under_way and _is_about(session, under_way, item):
        return under_way
    known = countries_known(session, person=person)
    if person.role not in MAY_LEAD and known and item.country not in known:
        raise UserError(
            f"This item is about {item.country}: people who know that country label it. Choose another one."
        )
    query = select(Response.id).join(Item).where(Item.id == item_id, left_to_label(person))
    if person.role not in MAY_LEAD:
        query = query.where(col(Response.id).in_(select(waiting_for(person).c.response_id)))
    response_ids = session.exec(query.order_by(col(Response.id))).all()
    if not response_ids:
        raise UserError("This item has no response left for you to label. Choose another one in Browse.")
    mixed = sorted(response_ids, key=lambda response_id: stable_share("one question", person.id, response_id))
    likely = drawn_before(session, person=person, response_ids=mixed)
    return add_session(
        session,
        person=person,
        title=f"{item.country or 'No country'}{_ONE_QUESTION}",
        country=item.country,
        places=[Place(response_id, likely.get(response_id), follows=True) for response_id in mixed],
    )


def _is_about(session: Session, review: ReviewSession, item: Item) -> bool:
    """Whether a session was picked by hand for that item."""
    of_item = select(Assignment.position).join(Response, col(Response.id) == Assignment.response_id)
    held = of_item.where(Assignment.session_id == review.id, Response.item_id == item.id).limit(1)
    return review.title.endswith(_ONE_QUESTION) and session.exec(held).first() is not None


def drawn_before(session: Session, *, person: Person, response_ids: Sequence[int]) -> dict[int, float | None]:
    """Return how likely responses were when this person's sessions drew them; those never drawn are left out.

    What is picked by hand keeps it: its label still stands for those that were not drawn.
    """
    earlier = (
        select(Assignment.response_id, Assignment.inclusion_probability)
        .join(ReviewSession, col(ReviewSession.id) == Assignment.session_id)
        .where(
            ReviewSession.person_id == person.id,
            col(Assignment.response_id).in_(response_ids),
            col(Assignment.inclusion_probability).is_not(None),
        )
    )
    return dict(session.exec(earlier.order_by(col(ReviewSession.id))).all())

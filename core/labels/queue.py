"""What waits for experts -> the session of one of them, each response held so that no more get it than are wanted."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import Row, text
from sqlmodel import Session, col, func, select

from core.backgrounds import countries_known, reads
from core.benchmark.families import stable_share
from core.benchmark.settling import split_settings
from core.consent import refuse_without_consent
from core.errors import UserError
from core.labels.drawing import Drawable, families_apart, first_for, retest_count, spread_in
from core.labels.leases import takers
from core.labels.plans import plan_of
from core.labels.review_sessions import Place, add_session, open_session
from core.labels.waiting import waiting_for
from core.models import (
    Assignment,
    Background,
    Item,
    LockedResponse,
    Person,
    PlannedResponse,
    Response,
    ReviewSession,
    SamplingPlan,
    utc_now,
)

RETEST_AFTER = timedelta(days=7)
RETEST_SHARE = 0.05
# Any number, the same in every process: on PostgreSQL who draws waits for the one before.
_DRAWING = 4_118_020


def take_session(
    session: Session, *, person: Person, country: str | None, count: int, plan_id: int | None = None
) -> ReviewSession:
    """Draw responses for a person, hold them, and return their session; one under way is returned instead.

    No response goes to more experts than are wanted for it, the last of them reads its language if no other does, and
    none comes twice to one person unless as a retest. Families are kept apart.

    Args:
        session: a `transaction()`.
        person: who is to label.
        country: None draws from all countries the person knows, or from all if they know none.
        count: at most so many.
        plan_id: draw from this sampling plan only.

    Raises:
        UserError: nothing waits there, the count is not positive, the plan is ended, or the person has withdrawn or
            not agreed.
    """
    if under_way := open_session(session, person=person):
        return under_way
    if count < 1:
        raise UserError("Choose how many responses the session should have.")
    refuse_without_consent(session, person=person)
    _one_at_a_time(session)
    plan = _plan(session, plan_id)
    eligible = _eligible(session, person, country, plan_id)
    seed = plan.seed if plan else split_settings(session)[0]
    first = first_for(seed, person.id, eligible, count)
    drawn = families_apart([Drawable(*eligible[response_id]) for response_id in first])
    if not drawn:
        raise UserError("Nothing is left to label there. Choose another country, or come back later.")
    return add_session(
        session,
        person=person,
        # Not the plan's name: a lead may have named it after a model.
        title=country or ("Planned responses" if plan else "All countries"),
        country=country,
        places=_places(drawn, _returning(session, person, plan, country, len(drawn)), len(eligible)),
        plan_id=plan_id,
    )


def _one_at_a_time(session: Session) -> None:
    """Wait until nobody else draws; on SQLite a transaction has the database to itself anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _DRAWING})


def _plan(session: Session, plan_id: int | None) -> SamplingPlan | None:
    if plan_id is None:
        return None
    plan = plan_of(session, plan_id=plan_id)
    if plan.ended_at is not None:
        raise UserError("This plan is ended. Choose another one.")
    return plan


def _eligible(session: Session, person: Person, country: str | None, plan_id: int | None) -> dict[int, Row]:
    """Return what may be drawn, by response: rows of the fields of `Drawable`, of which there can be many thousands."""
    rows = waiting_for(person, plan_id)
    query = select(*rows.c)
    if country is not None:
        query = query.where(rows.c.country == country)
    elif known := countries_known(session, person=person):
        query = query.where(rows.c.country.in_(list(known)))
    waiting = {row[0]: row for row in session.connection().execute(query)}
    for response_id in _for_a_reader(session, person, waiting.values()):
        del waiting[response_id]
    return waiting


def _for_a_reader(session: Session, person: Person, rows: Iterable[Row]) -> list[int]:
    """Return those of these responses that somebody has to take who reads their language.

    They want one more expert, and nobody who has them reads it. Where one expert alone is wanted, and nobody has it,
    anyone may. The app is in English: who works here reads it.
    """
    read = {"en", *reads(session, person=person)}
    unread = {row[0]: row[2] for row in rows if row[2] not in read and row[4] == 1}
    if not unread:
        return []
    languages = dict(session.exec(select(Background.person_id, Background.languages)).all())
    had_by = takers()
    readers: dict[int, set[str]] = {}
    for response_id, person_id in session.connection().execute(select(had_by.c.response_id, had_by.c.person_id)):
        if response_id in unread:
            readers.setdefault(response_id, set()).update(languages.get(person_id) or ())
    return [response_id for response_id, held in readers.items() if unread[response_id] not in held]


def _returning(
    session: Session, person: Person, plan: SamplingPlan | None, country: str | None, count: int
) -> list[Drawable]:
    """Return the responses that come back unseen: labelled by this person a week ago or more, each once only.

    They are of the session's own country and plan, so that nothing tells them from the others.
    """
    sessions = session.exec(select(func.count()).where(ReviewSession.person_id == person.id)).one()
    share = plan.retest_share if plan else RETEST_SHARE
    wanted = retest_count(count, share, stable_share("retest", person.id, sessions))
    if not wanted:
        return []
    again = select(Assignment.response_id).join(ReviewSession, col(ReviewSession.id) == Assignment.session_id)
    came_back = again.where(ReviewSession.person_id == person.id, col(Assignment.is_retest).is_(True))
    query = (
        select(Response.id, Item.family_id, Item.language, Item.country)
        .join(Item, col(Item.id) == Response.item_id)
        .join(LockedResponse, col(LockedResponse.response_id) == Response.id)
        .where(
            LockedResponse.person_id == person.id,
            LockedResponse.locked_at < utc_now() - RETEST_AFTER,
            col(Response.id).not_in(came_back),
        )
    )
    if plan is not None:
        query = query.where(
            col(Response.id).in_(select(PlannedResponse.response_id).where(PlannedResponse.plan_id == plan.id))
        )
    if country is not None:
        query = query.where(Item.country == country)
    elif known := countries_known(session, person=person):
        query = query.where(col(Item.country).in_(list(known)))
    rows = [
        Drawable(response_id, family_id, language, its_country, left=0)
        for response_id, family_id, language, its_country in session.exec(query)
    ]
    return sorted(rows, key=lambda row: stable_share("retest", person.id, row.response_id))[:wanted]


def _places(drawn: Sequence[Drawable], returning: Sequence[Drawable], eligible: int) -> list[Place]:
    """Return the places of a session, retests among the others."""
    came_back = {row.response_id for row in returning}
    places = []
    for row in spread_in(drawn, returning):
        # Without a plan: how likely each was, given what waited at that moment.
        likely = len(drawn) / eligible if row.inclusion_probability is None else row.inclusion_probability
        is_retest = row.response_id in came_back
        places.append(Place(row.response_id, None if is_retest else likely, is_retest))
    return places

"""What waits for experts -> the session of one of them, each response held so that no more get it than are wanted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Row, text
from sqlmodel import Session, col, func, select

from core.backgrounds import can_read, countries_known, is_from, reads
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
    Lease,
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
# Where a row of what waits says whether somebody has it already.
_BEGUN = 6
# Any number, the same in every process: on PostgreSQL who draws waits for the one before.
_DRAWING = 4_118_020


def take_session(
    session: Session, *, person: Person, country: str | None, count: int, plan_id: int | None = None
) -> ReviewSession:
    """Draw responses for a person, hold them, and return their session; one under way is returned instead.

    No response goes to more experts than are wanted for it, those from its country counted apart from all others; what
    somebody has already goes first, so that two answer the same. The last of them reads its language if no other does,
    and none comes twice to one person unless as a retest. Families are kept apart.

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
    chosen = _chosen(eligible, seed=plan.seed if plan else split_settings(session)[0], person_id=person.id, count=count)
    drawn = families_apart([Drawable(*eligible[response_id]) for response_id in chosen])
    if not drawn:
        raise UserError("Nothing is left to label there. Choose another country, or come back later.")
    return add_session(
        session,
        person=person,
        # Not the plan's name: a lead may have named it after a model.
        title=country or ("Planned responses" if plan else "All countries"),
        country=country,
        places=_places(
            drawn, _returning(session, person, plan, country, len(drawn)), _likely(session, person, drawn, eligible)
        ),
        plan_id=plan_id,
    )


def _chosen(eligible: Mapping[int, Row], *, seed: int, person_id: int, count: int) -> list[int]:
    """Return what is drawn, in the person's own order: what somebody has already first, so that two answer the same."""
    begun = [response_id for response_id, row in eligible.items() if row[_BEGUN]]
    first = first_for(seed, person_id, begun, count)
    fresh = [response_id for response_id, row in eligible.items() if not row[_BEGUN]]
    return first_for(seed, person_id, [*first, *first_for(seed, person_id, fresh, count - len(first))], count)


def _likely(
    session: Session, person: Person, drawn: Sequence[Drawable], eligible: Mapping[int, Row]
) -> dict[int, float | None]:
    """Return how likely each drawn response was to be labelled at all, given what waited at that moment.

    A plan says it. Without one: of what nobody had, as many were drawn as now. What somebody has keeps how likely it
    was then: that a second expert follows the first tells nothing of the response.
    """
    fresh = sum(not row.begun for row in drawn)
    waited = sum(not row[_BEGUN] for row in eligible.values())
    earlier = _drawn_before(session, person, [row.response_id for row in drawn if row.begun])
    return {
        row.response_id: row.inclusion_probability
        if row.inclusion_probability is not None
        else earlier.get(row.response_id)
        if row.begun
        else fresh / waited
        for row in drawn
    }


def _drawn_before(session: Session, person: Person, response_ids: Sequence[int]) -> dict[int, float | None]:
    """Return how likely responses were when somebody of this person's kind first drew them; picked by hand: None."""
    earlier = (
        select(Assignment.response_id, Assignment.inclusion_probability)
        .join(
            Lease,
            (col(Lease.session_id) == Assignment.session_id) & (col(Lease.response_id) == Assignment.response_id),
        )
        .join(Response, col(Response.id) == Assignment.response_id)
        .join(Item, col(Item.id) == Response.item_id)
        .where(
            col(Assignment.response_id).in_(response_ids),
            (col(Lease.pool) == "from") == func.coalesce(is_from(person.id, Item.country), False),
        )
        .order_by(col(Assignment.session_id).desc())
    )
    return dict(session.exec(earlier).all())


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
    waiting = {row[0]: row for row in session.connection().execute(query).all()}
    for response_id in _for_a_reader(session, person, waiting.values()):
        del waiting[response_id]
    return waiting


def _for_a_reader(session: Session, person: Person, rows: Collection[Row]) -> list[int]:
    """Return those of these responses that somebody has to take who reads their language.

    They want one more expert, and nobody who has them reads it: of people from the country if this person is, else of
    all others. The app is in English: who works here reads it.
    """
    mine = {"en", *reads(session, person=person)}
    closed = {language for language in {row[2] for row in rows} if not can_read(mine, language)}
    unread = {row[0]: row for row in rows if row[4] == 1 and row[2] in closed}
    if not unread:
        return []
    home = {name for name, row in countries_known(session, person=person).items() if row.is_from}
    languages = dict(session.exec(select(Background.person_id, Background.languages)).all())
    had_by = takers()
    for response_id, person_id, pool in session.connection().execute(select(*had_by.c)).all():
        row = unread.get(response_id)
        if row and (pool == "from") == (row[3] in home) and can_read(languages.get(person_id) or (), row[2]):
            del unread[response_id]
    return list(unread)


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


def _places(
    drawn: Sequence[Drawable], returning: Sequence[Drawable], likely: Mapping[int, float | None]
) -> list[Place]:
    """Return the places of a session, retests among the others."""
    came_back = {row.response_id for row in returning}
    return [
        Place(row.response_id, None, True)
        if row.response_id in came_back
        else Place(row.response_id, likely[row.response_id], follows=row.begun)
        for row in spread_in(drawn, returning)
    ]

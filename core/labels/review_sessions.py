"""A person's review sessions: begun, ended, gone on with, how far they are, what was done."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlmodel import Session, col, func, select

from core.consent import refuse_without_consent
from core.errors import NotFoundError, UserError
from core.labels.leases import give_back, hold, hold_again
from core.labels.retests import retests_done
from core.labels.waiting import waiting_for
from core.models import (
    Assignment,
    Label,
    LockedResponse,
    Note,
    Person,
    Response,
    ReviewSession,
    SkippedResponse,
    utc_now,
)
from core.people import record_event

SESSION_SIZES = (30, 60, 100)
# A gap between two locked responses longer than this is a break, not work.
BREAK = timedelta(minutes=10)


@dataclass(frozen=True)
class SessionProgress:
    """Where a review session stands.

    `first_open` is the place of the first response that is neither answered nor put aside, the last one if none is.
    `left_s` assumes the mean pace of this session, breaks left out; None until it can be told.
    """

    total: int
    done: int
    put_aside: int
    first_open: int
    left_s: float | None


@dataclass(frozen=True)
class SessionSummary:
    """What was done in a review session; `worked_s` leaves breaks out."""

    title: str
    total: int
    labelled: int
    cant_say: int
    revised: int
    notes: int
    put_aside: int
    worked_s: float


@dataclass(frozen=True)
class Place:
    """A response as it is put in a session; one picked by hand has no probability.

    One that `follows` was drawn before, for somebody else or for the person: its probability is that of then.
    """

    response_id: int
    inclusion_probability: float | None = None
    is_retest: bool = False
    follows: bool = False


@dataclass(frozen=True)
class PlaceDone:
    """When the four answers of a place were given, if they were, and whether it is put aside."""

    answered_at: datetime | None
    is_put_aside: bool

    @property
    def is_open(self) -> bool:
        """Whether the person is still to answer."""
        return self.answered_at is None and not self.is_put_aside


def open_session(session: Session, *, person: Person) -> ReviewSession | None:
    """Return the person's review session that is under way: the newest that is not closed."""
    under_way = select(ReviewSession).where(
        ReviewSession.person_id == person.id, col(ReviewSession.closed_at).is_(None)
    )
    return session.exec(under_way.order_by(col(ReviewSession.id).desc()).limit(1)).first()


def close_session(session: Session, *, person: Person, session_id: int) -> None:
    """End a review session of this person; what was labelled stays, the rest goes back to the others.

    Closing it again changes nothing.
    """
    review = session.get(ReviewSession, session_id)
    if review and review.person_id == person.id and review.closed_at is None:
        review.closed_at = utc_now()
        give_back(session, review=review)
        record_event(session, person=person, kind="review session ended", subject=f"review_session/{session_id}")


def reopen_session(session: Session, *, person: Person, session_id: int) -> None:
    """Go on with a review session of this person that was ended.

    Raises:
        UserError: a newer session is under way.
    """
    review = session.get(ReviewSession, session_id)
    if review is None or review.person_id != person.id or review.closed_at is None:
        return
    newest = open_session(session, person=person)
    if newest and newest.id > review.id:
        raise UserError("You have started another session since. End that one first.")
    refuse_without_consent(session, person=person)
    review.closed_at = None
    hold_again(session, review=review, waiting=select(waiting_for(person).c.response_id))
    record_event(session, person=person, kind="review session reopened", subject=f"review_session/{review.id}")


def session_progress(session: Session, *, review: ReviewSession) -> SessionProgress:
    """Return where a review session stands for its person."""
    places = places_done(session, review=review)
    left = sum(place.is_open for place in places)
    gaps = _working_gaps(review, [place.answered_at for place in places if place.answered_at is not None])
    left_s = sum(gaps) / len(gaps) * left if gaps else None
    aside, first_open = _aside(places), first_open_place(places)
    return SessionProgress(
        total=len(places), done=len(places) - left - aside, put_aside=aside, first_open=first_open, left_s=left_s
    )


def session_summary(session: Session, *, person: Person, session_id: int) -> SessionSummary:
    """Return what a person did in one of their review sessions.

    Raises:
        NotFoundError: the person has no such session.
    """
    review = session.get(ReviewSession, session_id)
    if review is None or review.person_id != person.id:
        raise NotFoundError("There is no such review session. Start a new one.")
    places = places_done(session, review=review)
    done = [place.answered_at for place in places if place.answered_at is not None]
    of_session = select(Assignment.response_id).where(Assignment.session_id == session_id)
    labels = session.exec(
        select(Label)
        .where(Label.person_id == person.id, col(Label.response_id).in_(of_session))
        .order_by(col(Label.id))
    ).all()
    standing = {(label.response_id, label.dimension): label for label in labels}.values()
    notes = session.exec(
        select(func.count(func.distinct(Note.response_id))).where(
            Note.person_id == person.id, col(Note.response_id).in_(of_session), Note.text != ""
        )
    ).one()
    return SessionSummary(
        title=review.title,
        total=len(places),
        labelled=len(done),
        cant_say=sum(label.cant_say for label in standing if not label.retracted),
        revised=sum(label.phase == "revised" for label in standing),
        notes=notes,
        put_aside=_aside(places),
        worked_s=sum(_working_gaps(review, done)),
    )


def places_done(session: Session, *, review: ReviewSession) -> Sequence[PlaceDone]:
    """Return for each place of the session, in order, whether its person is done with it."""
    of_session = select(Assignment).where(Assignment.session_id == review.id).order_by(col(Assignment.position))
    assignments = session.exec(of_session).all()
    ids = [row.response_id for row in assignments]
    locked = session.exec(
        select(LockedResponse.response_id, LockedResponse.locked_at).where(
            LockedResponse.person_id == review.person_id, col(LockedResponse.response_id).in_(ids)
        )
    )
    times = {(response_id, False): at for response_id, at in locked}
    times |= {(response_id, True): at for response_id, at in retests_done(session, review=review).items()}
    put_aside = set(
        session.exec(
            select(SkippedResponse.response_id).where(
                SkippedResponse.person_id == review.person_id,
                col(SkippedResponse.response_id).in_(ids),
                col(SkippedResponse.taken_back_at).is_(None),
            )
        )
    )
    return [PlaceDone(times.get((row.response_id, row.is_retest)), row.response_id in put_aside) for row in assignments]


def first_open_place(places: Sequence[PlaceDone]) -> int:
    """Return the number of the first place that is neither answered nor put aside, the last one if none is."""
    return next((number for number, place in enumerate(places) if place.is_open), max(0, len(places) - 1))


def add_session(
    session: Session,
    *,
    person: Person,
    title: str,
    country: str | None,
    places: Sequence[Place],
    plan_id: int | None = None,
) -> ReviewSession:
    """Store a session with its places, in their order, hold its responses for the person, and return it.

    Raises:
        UserError: the person has withdrawn, or is an expert who has not agreed.
    """
    refuse_without_consent(session, person=person)
    review = ReviewSession(person_id=person.id, title=title, country=country, planned=len(places), plan_id=plan_id)
    review.drawn_up_to = session.exec(select(func.max(Response.id))).one()
    session.add(review)
    session.flush()
    session.add_all(
        Assignment(session_id=review.id, position=position, **asdict(place)) for position, place in enumerate(places)
    )
    record_event(session, person=person, kind="review session started", subject=f"review_session/{review.id}")
    hold(session, review=review, response_ids=[place.response_id for place in places if not place.is_retest])
    return review


def _aside(places: Sequence[PlaceDone]) -> int:
    return sum(place.is_put_aside and place.answered_at is None for place in places)


def _working_gaps(review: ReviewSession, locked: Sequence[datetime]) -> list[float]:
    """Return the seconds between the start and each lock of this session, breaks left out."""
    times = [review.created_at, *sorted(at for at in locked if at >= review.created_at)]
    return [(later - sooner).total_seconds() for sooner, later in pairwise(times) if later - sooner <= BREAK]

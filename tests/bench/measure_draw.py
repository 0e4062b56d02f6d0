"""Time what comes before the first response: counting what waits by country, drawing, how far the team is."""

import time

from sqlmodel import Session, col, select

from core.db import transaction
from core.labels.queue import take_session
from core.labels.review_sessions import close_session, open_session
from core.labels.waiting import countries_to_label, team_progress
from core.models import LockedResponse, Response
from tests.bench.figures import Figure
from tests.builders import build_expert

ROUNDS, COUNT = 5, 100
TEAM, DONE_EACH = 30, 1000


def draw_figures() -> list[Figure]:
    """Return the figures for one who draws from all countries, the dearest draw, while thirty others are at work."""
    with transaction() as session:
        person = build_expert(session, f"drawing {time.time_ns()}")
        _team_at_work(session)
    counting, drawing, looking = [], [], []
    for _ in range(ROUNDS):
        with transaction() as session:
            if review := open_session(session, person=person):
                close_session(session, person=person, session_id=review.id)
            started = time.perf_counter()
            countries_to_label(session, person=person)
            counted = time.perf_counter()
            review = take_session(session, person=person, country=None, count=COUNT)
            drawn = time.perf_counter()
            team_progress(session, review=review)
            looking.append((time.perf_counter() - drawn) * 1000)
            counting.append((counted - started) * 1000)
            drawing.append((drawn - counted) * 1000)
    return [
        Figure("Validate: count what is left by country", 200, counting),
        Figure(f"Validate: draw {COUNT} of 80,892 responses", 300, drawing),
        Figure("Validate: how far the team is", 100, looking),
    ]


def _team_at_work(session: Session) -> None:
    """Add thirty people who have labelled a thousand responses each and hold a session now."""
    ids = session.exec(select(Response.id).order_by(col(Response.id))).all()
    for number in range(TEAM):
        person = build_expert(session, f"at work {time.time_ns()} {number}")
        mine = ids[number % 2 + number * DONE_EACH :][: 2 * DONE_EACH : 2]
        session.add_all(LockedResponse(person_id=person.id, response_id=response_id) for response_id in mine)
        session.flush()
        take_session(session, person=person, country="Morocco", count=COUNT)

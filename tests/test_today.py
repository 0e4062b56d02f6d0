"""How many responses a person answered today, for the goal they set themselves."""

from datetime import timedelta

from core.db import reading, transaction
from core.labels.today import answered_since
from core.models import LockedResponse, RetestLabel, ReviewSession, utc_now
from core.people import current_person
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_person, build_response


def test_only_what_this_person_locked_since_then_counts(workspace):
    morning = utc_now() - timedelta(hours=3)
    with transaction() as session:
        me, other = current_person(session), build_person(session)
        item = build_item(session)
        ids = [build_response(session, item).id for _ in range(3)]
        session.add(LockedResponse(person_id=me.id, response_id=ids[0], locked_at=morning - timedelta(seconds=1)))
        session.add(LockedResponse(person_id=me.id, response_id=ids[1], locked_at=morning))
        session.add(LockedResponse(person_id=other.id, response_id=ids[2], locked_at=utc_now()))
    with reading() as session:
        assert answered_since(session, person=current_person(session), since=morning) == 1


def test_a_response_that_came_back_counts_once_its_four_answers_are_given(workspace):
    with transaction() as session:
        me = current_person(session)
        response = build_response(session, build_item(session))
        review = ReviewSession(person_id=me.id, title="Morocco", planned=1)
        session.add(review)
        session.flush()
        labels = [
            RetestLabel(
                person_id=me.id, response_id=response.id, session_id=review.id, dimension=name, form_id=name, score=1
            )
            for name in DIMENSIONS
        ]
        session.add_all(labels[:3])
        session.flush()
        assert answered_since(session, person=me, since=utc_now() - timedelta(hours=1)) == 0
        session.add(labels[3])
        session.flush()
        assert answered_since(session, person=me, since=utc_now() - timedelta(hours=1)) == 1

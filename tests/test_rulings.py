"""Rulings: stored once, refused when stale, taken back without anything vanishing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from core.db import reading, transaction
from core.errors import NotFoundError, UserError
from core.labels.disagreements import standing_rulings
from core.labels.disputed import open_labels
from core.labels.rulings import (
    Decision,
    StaleRulingError,
    rule,
    ruling_records,
    rulings_done,
    take_back_ruling,
    undo_last_ruling,
)
from core.models import Person, Ruling, ScoresSeen, utc_now
from tests.builders import build_person
from tests.ruling_builders import YES, build_disputed, build_ruling

NO = Decision("settled", 0, "knowledge", "It never explains the norm.")


def standing(session, response) -> list[tuple[str, int | None]]:
    return [(row.outcome, row.score) for row in standing_rulings(session, response_ids=[response.id])]


def test_a_ruling_stands_with_its_cause_reason_and_author(session):
    response = build_disputed(session)
    lead = build_person(session, "lead")
    build_ruling(
        session, response, decision=Decision("several_right", None, "region", " In the south, yes. "), person=lead
    )
    ruling = standing_rulings(session, response_ids=[response.id])[0]
    assert (ruling.outcome, ruling.score, ruling.cause, ruling.reason, ruling.ruled_by) == (
        *("several_right", None, "region", "In the south, yes."),
        lead.id,
    )


def test_the_same_ruling_sent_fifty_times_is_stored_once(session):
    response = build_disputed(session)
    lead = build_person(session, "lead")
    ids = {build_ruling(session, response, person=lead).id for _ in range(50)}
    assert len(ids) == 1
    assert len(session.exec(select(Ruling)).all()) == 1


def test_a_second_lead_who_saw_none_is_refused_and_the_first_ruling_stands(session):
    response = build_disputed(session)
    build_ruling(session, response, person=build_person(session, "lead", name="Mei"))
    with pytest.raises(StaleRulingError, match="Mei ruled on this"):
        build_ruling(session, response, decision=NO)
    assert standing(session, response) == [("settled", 1)]


def test_whoever_has_seen_the_other_ruling_can_replace_it_and_both_are_kept(session):
    response = build_disputed(session)
    first = build_ruling(session, response)
    build_ruling(session, response, decision=NO, replaces=first.id)
    assert standing(session, response) == [("settled", 0)]
    assert [row.score for row in session.exec(select(Ruling).order_by(Ruling.id))] == [1, 0]


def test_of_twenty_leads_at_once_one_rules_and_the_others_are_told(workspace):
    with transaction() as session:
        response = build_disputed(session)
        leads = [build_person(session, "lead") for _ in range(20)]
        for lead in leads:
            open_labels(session, person=lead, response_id=response.id)

    def attempt(lead: Person) -> str:
        try:
            with transaction() as session:
                decision = Decision("settled", lead.id % 2, "other", f"by {lead.name}")
                rule(
                    session,
                    person=lead,
                    response_id=response.id,
                    dimension="education",
                    decision=decision,
                    replaces=0,
                )
        except StaleRulingError:
            return "refused"
        return lead.name

    with ThreadPoolExecutor(20) as threads:
        came = list(threads.map(attempt, leads))
    with reading() as session:
        stored = session.exec(select(Ruling)).all()
    assert came.count("refused") == 19
    assert [row.reason for row in stored] == [f"by {name}" for name in came if name != "refused"]


@pytest.mark.parametrize(
    "decision",
    [
        Decision("settled", None, "misread"),
        Decision("norm_wrong", 1, "item"),
        Decision("settled", 2, "misread"),
        Decision("gold", None, "item"),
        Decision("settled", 1, ""),
        Decision("settled", 1, "misread", "x" * 501),
    ],
)
def test_a_decision_that_is_not_whole_is_refused(session, decision):
    response = build_disputed(session)
    with pytest.raises(UserError):
        build_ruling(session, response, decision=decision)
    assert session.exec(select(Ruling)).all() == []


def test_what_the_experts_agree_on_cannot_be_ruled(session):
    response = build_disputed(session)
    with pytest.raises(NotFoundError):
        build_ruling(session, response, "awareness")


def test_nobody_rules_without_having_opened_the_labels(session):
    response = build_disputed(session)
    lead = build_person(session, "lead")
    with pytest.raises(UserError, match="Open the labels"):
        rule(session, person=lead, response_id=response.id, dimension="education", decision=YES, replaces=0)


def test_a_ruling_taken_back_stands_no_more_and_stays_on_record(session):
    response = build_disputed(session)
    ruling = build_ruling(session, response)
    lead = build_person(session, "lead")
    take_back_ruling(session, person=lead, ruling_id=ruling.id)
    assert standing(session, response) == []
    assert [(row.score, row.retracted) for row in session.exec(select(Ruling).order_by(Ruling.id))] == [
        (1, False),
        (1, True),
    ]


def test_after_a_taking_back_a_new_ruling_names_it(session):
    response = build_disputed(session)
    lead = build_person(session, "lead")
    build_ruling(session, response, person=lead)
    undo_last_ruling(session, person=lead)
    with pytest.raises(StaleRulingError):
        build_ruling(session, response, decision=NO)
    newest = session.exec(select(Ruling).order_by(Ruling.id.desc())).first()
    build_ruling(session, response, decision=NO, replaces=newest.id)
    assert standing(session, response) == [("settled", 0)]


def test_undo_goes_back_one_ruling_at_a_time(session):
    lead = build_person(session, "lead")
    first, second = build_disputed(session), build_disputed(session)
    build_ruling(session, first, person=lead)
    build_ruling(session, second, person=lead)
    assert undo_last_ruling(session, person=lead).response_id == second.id
    assert undo_last_ruling(session, person=lead).response_id == first.id
    with pytest.raises(UserError, match="no ruling of yours"):
        undo_last_ruling(session, person=lead)


def test_undo_leaves_a_ruling_alone_that_somebody_has_replaced(session):
    response = build_disputed(session)
    lead = build_person(session, "lead")
    mine = build_ruling(session, response, person=lead)
    build_ruling(session, response, decision=NO, replaces=mine.id)
    with pytest.raises(UserError, match="no ruling of yours"):
        undo_last_ruling(session, person=lead)
    assert standing(session, response) == [("settled", 0)]


def test_a_ruling_made_anew_after_the_judge_was_shown_says_so(session):
    response = build_disputed(session)
    lead = build_person(session, "lead")
    build_ruling(session, response, person=lead)
    undo_last_ruling(session, person=lead)
    newest = session.exec(select(Ruling).order_by(Ruling.id.desc())).first()
    assert build_ruling(session, response, decision=NO, person=lead, replaces=newest.id).judge_seen


def test_the_last_ruling_opens_the_scores_to_who_ruled(session):
    response = build_disputed(session)
    lead = build_person(session, "lead")
    open_labels(session, person=lead, response_id=response.id)
    assert session.exec(select(ScoresSeen)).all() == []
    build_ruling(session, response, person=lead)
    assert [row.person_id for row in session.exec(select(ScoresSeen))] == [lead.id]


def test_what_was_ruled_is_counted_without_what_was_taken_back(session):
    lead = build_person(session, "lead")
    build_ruling(session, build_disputed(session), person=lead)
    build_ruling(session, build_disputed(session), decision=Decision("norm_wrong", None, "item"), person=lead)
    build_ruling(session, build_disputed(session), person=lead)
    undo_last_ruling(session, person=lead)
    done = rulings_done(session, person=lead, since=utc_now() - timedelta(hours=1))
    assert (done.responses, done.rulings, done.by_outcome["settled"], done.by_outcome["norm_wrong"]) == (2, 2, 1, 1)


def test_exported_rulings_name_their_author_by_pseudonym_and_say_which_stand(session):
    response = build_disputed(session)
    lead = build_person(session, "lead", name="Mei", pseudonym="expert-77")
    ruling = build_ruling(session, response, person=lead)
    undo_last_ruling(session, person=lead)
    records = list(ruling_records(session))
    assert [(row["superseded"], row["retracted"], row["replaces"]) for row in records] == [
        (True, False, 0),
        (False, True, ruling.id),
    ]
    assert {row["ruled_by"] for row in records} == {"expert-77"}
    assert "Mei" not in str(records)

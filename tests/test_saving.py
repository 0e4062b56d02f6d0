"""Answers, notes and reasons are saved once, locked by the fourth, and revised with what was before kept."""

import re
import sqlite3
import uuid
from datetime import timedelta

from sqlalchemy import event
from sqlmodel import col, select

import core.db
from core.labels.cards import cards
from core.labels.entries import MAX_OF_A_RESPONSE
from core.labels.queue import take_session
from core.labels.review_sessions import (
    open_session,
)
from core.labels.saving import save_entries, store_message
from core.labels.standing import standing_labels
from core.models import Assignment, Label, LockedResponse, Note, ScoresSeen, SkippedResponse, utc_now
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_person, build_response
from tests.label_builders import NOBODYS, answer, assigned, by_place, four, lines, note, refusals, save


def test_the_fourth_answer_locks_a_response(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    answers = four(response, "ync" + "y")
    save(session, person, *answers[:3])
    assert session.get(LockedResponse, (person.id, response.id)) is None
    save(session, person, answers[3])
    assert session.get(LockedResponse, (person.id, response.id)) is not None
    assert [(r.score, r.cant_say, r.phase) for r in session.exec(select(Label).order_by(col(Label.id)))] == [
        (1, False, "blind"),
        (0, False, "blind"),
        (None, True, "blind"),
        (1, False, "blind"),
    ]


def test_a_message_that_arrives_again_changes_nothing(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    message = [*four(response), note(response, "A word"), answer(response, "education", "no")]
    assert save(session, person, *message) == save(session, person, *message)
    assert len(session.exec(select(Label)).all()) == 5
    assert len(session.exec(select(Note)).all()) == 1


def test_undo_before_the_lock_takes_a_decision_back_and_keeps_the_row(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    save(session, person, answer(response, "awareness", "no"), answer(response, "awareness", "undone"))
    assert lines(session) == [("awareness", "blind", 0, False), ("awareness", "blind", 0, True)]
    assert standing_labels(session, person=person, response_ids=[response.id]) == []


def test_an_undone_answer_does_not_count_towards_the_four(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    answers = four(response)
    save(session, person, *answers[:3], answer(response, "awareness", "undone"), answers[3])
    assert session.get(LockedResponse, (person.id, response.id)) is None
    save(session, person, answer(response, "awareness", "no"))
    assert session.get(LockedResponse, (person.id, response.id)) is not None


def test_undo_of_nothing_adds_no_row(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    save(session, person, answer(response, "awareness", "undone"))
    assert lines(session) == []


def test_nothing_is_undone_after_the_lock(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    save(session, person, *four(response))
    assert refusals(session, person, answer(response, "awareness", "undone")) == [
        "These four answers are locked. Press M to revise one of them."
    ]


def test_a_revision_keeps_both_answers_and_its_reason(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    save(session, person, *four(response), answer(response, "education", "no", reason=" The judge is right. "))
    assert lines(session)[1] == ("education", "blind", 1, False)
    assert lines(session)[4] == ("education", "revised", 0, False)
    standing = {row.dimension: row for row in standing_labels(session, person=person, response_ids=[response.id])}
    assert (standing["education"].score, standing["education"].reason) == (0, "The judge is right.")


def test_a_reason_written_later_goes_to_its_revision_once(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    revision = answer(response, "education", "no")

    def reason(text):
        return {
            "kind": "reason",
            "form_id": str(uuid.uuid4()),
            "response": response.id,
            "label": revision["form_id"],
            "text": text,
        }

    blind = four(response)
    save(session, person, *blind, revision, reason("I misread it."), reason("Another reason."))
    assert [row.reason for row in session.exec(select(Label).where(Label.phase == "revised"))] == ["I misread it."]
    assert refusals(session, person, reason("No label") | {"label": blind[0]["form_id"]}) == [
        "The revision this reason belongs to is not stored. Revise the answer again."
    ]


def test_who_saw_the_scores_before_labels_unblinded(session):
    person = build_person(session, role="lead")
    (response,) = assigned(session, person)
    session.add(ScoresSeen(person_id=person.id, response_id=response.id))
    save(session, person, *four(response), answer(response, "awareness", "no"))
    assert [phase for _, phase, _, _ in lines(session)] == ["unblinded"] * 4 + ["revised"]


def test_a_label_keeps_what_was_shown_and_how_likely_it_was_drawn(session):
    person = build_person(session)
    for _ in range(4):
        build_response(session, build_item(session, language="fa", wording="translation"))
    review = take_session(session, person=person, country=None, count=2)
    place = session.exec(select(Assignment).where(Assignment.session_id == review.id)).first()
    save(session, person, answer(place.response_id, language_shown="en", translation_shown=True))
    save(session, person, answer(place.response_id, "education", language_shown="tlh"))
    first, second = session.exec(select(Label).order_by(col(Label.id)))
    assert (first.language_shown, first.translation_shown, first.inclusion_probability) == ("en", True, 0.5)
    assert (second.language_shown, second.translation_shown) == ("fa", False)


def test_times_of_the_browser_are_kept_where_they_are_plausible(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    now = int(utc_now().timestamp() * 1000)
    times = [(now, now), (now + 60_000, now), (now - 3_600_000, now), (2**53 - 1, 0)]
    for dimension, (opened_at, first_key_at) in zip(DIMENSIONS, times, strict=True):
        save(session, person, answer(response, dimension, opened_at=opened_at, first_key_at=first_key_at))
    kept = [(row.opened_at is not None, row.first_key_at is not None) for row in session.exec(select(Label))]
    assert kept == [(True, True), (False, True), (False, True), (False, False)]
    assert all(utc_now() - row.submitted_at < timedelta(seconds=10) for row in session.exec(select(Label)))


def test_a_response_of_nobodys_session_is_refused_and_the_rest_is_stored(session):
    person, other = build_person(session), build_person(session)
    (mine,) = assigned(session, person)
    (theirs,) = assigned(session, other)
    good, bad = answer(mine), answer(theirs)
    receipt = save_entries(session, person=person, entries=[bad, good])
    assert receipt.stored == [good["form_id"]]
    assert receipt.refused == {bad["form_id"]: NOBODYS}


def test_what_is_too_much_for_one_message_is_stored_with_the_next(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    message = [answer(response, choice=("yes", "no")[n % 2]) for n in range(MAX_OF_A_RESPONSE + 3)]
    stored = save(session, person, *message)
    assert len(stored) == MAX_OF_A_RESPONSE
    assert len(save(session, person, *[entry for entry in message if entry["form_id"] not in stored])) == 3
    assert len(lines(session)) == MAX_OF_A_RESPONSE + 3


def test_the_labels_of_a_response_are_read_once_for_a_message(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    read: list[str] = []
    event.listen(session.connection().engine, "before_cursor_execute", lambda *given: read.append(given[2]))
    save(session, person, *[answer(response, choice=("yes", "no")[n % 2]) for n in range(30)])
    assert len([statement for statement in read if re.search(r"FROM label\b", statement)]) == 1


def test_a_note_is_kept_word_for_word_and_the_newest_stands(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    save(session, person, note(response, "first"), note(response, "<b>rc banana</b> 1qaz"))
    review = open_session(session, person=person)
    assert cards(session, person=person, review=review, positions=[0])[0].note == "<b>rc banana</b> 1qaz"
    assert refusals(session, person, note(response, "x" * 4001)) == [
        "The text is too long: notes hold 4,000 characters, reasons 500. Shorten it."
    ]


def test_a_note_cannot_take_the_name_of_another_persons_note(session):
    person, other = build_person(session), build_person(session)
    (mine,), (theirs,) = assigned(session, person), assigned(session, other)
    written = note(mine, "mine")
    save(session, person, written)
    assert len(refusals(session, other, note(theirs, "theirs", form_id=written["form_id"]))) == 1


def test_a_note_cannot_take_the_name_of_a_note_on_another_response_or_with_another_text(session):
    person = build_person(session)
    first, second = assigned(session, person, 2)
    written = note(first, "mine")
    save(session, person, written, written)
    assert len(refusals(session, person, note(second, "mine", form_id=written["form_id"]))) == 1
    assert len(refusals(session, person, note(first, "other", form_id=written["form_id"]))) == 1
    assert session.exec(select(Note.text)).all() == ["mine"]


def test_a_database_that_is_busy_is_a_problem_named_and_nothing_is_lost(workspace, monkeypatch):
    with core.db.transaction() as session:
        person = build_person(session)
        (response,) = assigned(session, person)
        message = by_place(open_session(session, person=person), 0, *four(response))
    monkeypatch.setitem(core.db._PATIENCE_S, "now", 0.05)
    core.db._engine.cache_clear()
    holder = sqlite3.connect(workspace / "review.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    receipt = store_message(person, message)
    holder.execute("ROLLBACK")
    holder.close()
    assert (receipt.stored, receipt.problem is not None) == ([], True)
    assert store_message(person, message).stored == [entry["form_id"] for entry in message]
    core.db._engine.cache_clear()


def test_a_message_sent_again_takes_back_nothing_that_was_put_aside_since(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    first, again = (
        {"kind": "skip", "form_id": str(uuid.uuid4()), "response": response.id, "how": "later"} for _ in range(2)
    )
    message = [first, first | {"form_id": f"{first['form_id']}-undone", "how": "back"}, again]
    save(session, person, *message)
    save(session, person, *message)
    standing = select(SkippedResponse.form_id).where(col(SkippedResponse.taken_back_at).is_(None))
    assert session.exec(standing).all() == [again["form_id"]]

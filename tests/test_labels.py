"""Sessions are drawn, answers saved once, locked, revealed and revised, whatever the browser sends."""

import json
import sqlite3
import uuid
from dataclasses import asdict
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session, col, select

import core.db
from core.errors import NotFoundError, UserError
from core.labels.cards import cards, last_decisions
from core.labels.entries import MAX_OF_A_RESPONSE, form_id_of, read_entry
from core.labels.places import handle_of, place_to_begin
from core.labels.review_sessions import (
    CountryToLabel,
    close_session,
    countries_to_label,
    open_session,
    reopen_session,
    session_progress,
    session_summary,
    start_item_session,
    start_random_session,
)
from core.labels.saving import save_entries, store_message
from core.labels.standing import labels_of, standing_labels
from core.models import Assignment, Label, LockedResponse, Note, Person, Response, ReviewSession, ScoresSeen, utc_now
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_judgements, build_person, build_response

NOBODYS = "This response is in none of your sessions. Load the page again."


def answer(response: Response | int, dimension: str = "awareness", choice: str = "yes", **given: object) -> dict:
    response_id = response if isinstance(response, int) else response.id
    entry = {"kind": "answer", "response": response_id, "dimension": dimension, "choice": choice}
    return {"form_id": str(uuid.uuid4())} | entry | given


def four(response: Response, choices: str = "yyyy", **given: object) -> list[dict]:
    words = {"y": "yes", "n": "no", "c": "cant_say"}
    return [answer(response, d, words[c], **given) for d, c in zip(DIMENSIONS, choices, strict=True)]


def by_place(review: ReviewSession, position: int, *entries: dict) -> list[dict]:
    """Return entries as the browser sends them: with the handle of a place, without the response's id."""
    unnamed = [{name: entry[name] for name in entry if name != "response"} for entry in entries]
    return [entry | {"handle": handle_of(review.id, position)} for entry in unnamed]


def assigned(session: Session, person: Person, count: int = 1, **given: object) -> list[Response]:
    """Return responses of one item that are in an open session of the person, in their order there."""
    item = build_item(session, **given)
    for _ in range(count):
        build_judgements(session, build_response(session, item))
    review = start_item_session(session, person=person, item_id=item.id)
    places = select(Response).join(Assignment).where(Assignment.session_id == review.id)
    return list(session.exec(places.order_by(col(Assignment.position))))


def save(session: Session, person: Person, *entries: object) -> list[str]:
    receipt = save_entries(session, person=person, entries=entries)
    assert receipt.refused == {}
    return receipt.stored


def refusals(session: Session, person: Person, *entries: object) -> list[str]:
    return list(save_entries(session, person=person, entries=entries).refused.values())


def lines(session: Session) -> list[tuple[str, str, int | None, bool]]:
    return [(r.dimension, r.phase, r.score, r.retracted) for r in session.exec(select(Label).order_by(col(Label.id)))]


# -- sessions ---------------------------------------------------------------------------------------------------------


def test_only_readable_responses_to_items_with_a_norm_are_offered(session):
    person = build_person(session)
    item = build_item(session, country="Iran")
    build_response(session, item)
    build_response(session, item, status="failed", text="")
    build_response(session, build_item(session, country="Iran", norm=None))
    build_response(session, build_item(session, country="Iran", norm="  "))
    build_response(session, build_item(session, country="China"))
    assert countries_to_label(session, person=person) == [CountryToLabel("China", 1), CountryToLabel("Iran", 1)]


def test_what_is_locked_is_not_offered_again_but_to_others(session):
    person, other = build_person(session), build_person(session)
    (response,) = assigned(session, person)
    save(session, person, *four(response))
    assert countries_to_label(session, person=person) == []
    assert countries_to_label(session, person=other) == [CountryToLabel("Morocco", 1)]


def test_a_random_session_stores_how_likely_each_response_was_to_be_drawn(session):
    person = build_person(session)
    for _ in range(8):
        build_response(session, build_item(session, country="Iran"))
    build_response(session, build_item(session, country="China"))
    review = start_random_session(session, person=person, country="Iran", count=6)
    drawn = session.exec(select(Assignment).where(Assignment.session_id == review.id)).all()
    assert [row.inclusion_probability for row in drawn] == [6 / 8] * 6
    assert [row.position for row in drawn] == list(range(6))


def test_a_session_holds_fewer_responses_where_there_are_fewer(session):
    person = build_person(session)
    build_response(session, build_item(session))
    review = start_random_session(session, person=person, country=None, count=30)
    assert review.planned == 1
    assert session.exec(select(Assignment.inclusion_probability)).one() == 1.0


def test_the_draw_is_the_same_for_a_person_and_another_for_others(session):
    for _ in range(40):
        build_response(session, build_item(session))

    def drawn(person):
        review = start_random_session(session, person=person, country=None, count=10)
        close_session(session, person=person, session_id=review.id)
        return list(
            session.exec(
                select(Assignment.response_id)
                .where(Assignment.session_id == review.id)
                .order_by(col(Assignment.position))
            )
        )

    first, second = build_person(session), build_person(session)
    assert drawn(first) == drawn(first)
    assert drawn(first) != drawn(second)


def test_start_pressed_twice_gives_one_session(session):
    person = build_person(session)
    for _ in range(3):
        build_response(session, build_item(session))
    first = start_random_session(session, person=person, country=None, count=2)
    assert start_random_session(session, person=person, country=None, count=2).id == first.id


def test_nothing_left_to_draw_is_said(session):
    with pytest.raises(UserError, match="Nothing is left to label there"):
        start_random_session(session, person=build_person(session), country="Iran", count=30)


def test_a_hand_picked_session_has_no_probability_and_leaves_locked_responses_out(session):
    person = build_person(session)
    done, waiting = assigned(session, person, 2)
    save(session, person, *four(done))
    close_session(session, person=person, session_id=open_session(session, person=person).id)
    review = start_item_session(session, person=person, item_id=done.item_id)
    rows = session.exec(select(Assignment).where(Assignment.session_id == review.id)).all()
    assert [(row.response_id, row.inclusion_probability) for row in rows] == [(waiting.id, None)]
    assert start_item_session(session, person=person, item_id=done.item_id).id == review.id


def test_a_hand_picked_session_needs_an_item_with_something_to_label(session):
    person = build_person(session)
    with pytest.raises(NotFoundError, match="no such item"):
        start_item_session(session, person=person, item_id="own/<b>/1")
    with pytest.raises(UserError, match="no response left"):
        start_item_session(session, person=person, item_id=build_item(session).id)


def test_an_earlier_session_goes_on_when_the_hand_picked_one_ends(session):
    person = build_person(session)
    build_response(session, build_item(session))
    drawn = start_random_session(session, person=person, country=None, count=30)
    assigned(session, person)
    picked = open_session(session, person=person)
    assert picked.id != drawn.id
    close_session(session, person=person, session_id=picked.id)
    assert open_session(session, person=person).id == drawn.id


def test_nobody_ends_the_session_of_somebody_else(session):
    person = build_person(session)
    assigned(session, person)
    review = open_session(session, person=person)
    close_session(session, person=build_person(session), session_id=review.id)
    assert review.closed_at is None


def test_an_ended_session_is_gone_on_with_unless_a_newer_one_is_under_way(session):
    person, other = build_person(session), build_person(session)
    assigned(session, person)
    review = open_session(session, person=person)
    close_session(session, person=person, session_id=review.id)
    reopen_session(session, person=other, session_id=review.id)
    assert open_session(session, person=person) is None
    reopen_session(session, person=person, session_id=review.id)
    assert open_session(session, person=person) == review
    close_session(session, person=person, session_id=review.id)
    assigned(session, person)
    with pytest.raises(UserError, match="another session since"):
        reopen_session(session, person=person, session_id=review.id)


def test_time_left_is_the_mean_pace_without_breaks(session):
    # Locked 60, 120 and then, after an hour's break, 3,780 seconds after the start: gaps 60, 60, (3,660) -> pace 60 s.
    # One of four is left, so 60 s.
    person = build_person(session)
    responses = assigned(session, person, 4)
    review = open_session(session, person=person)
    for response, seconds in zip(responses, (60, 120, 3780), strict=False):
        at = review.created_at + timedelta(seconds=seconds)
        session.add(LockedResponse(person_id=person.id, response_id=response.id, locked_at=at))
    session.flush()
    progress = session_progress(session, review=review)
    assert (progress.total, progress.done, progress.first_open, progress.left_s) == (4, 3, 3, 60.0)
    assert session_summary(session, person=person, session_id=review.id).worked_s == 120.0


def test_time_left_is_unknown_before_the_first_lock(session):
    person = build_person(session)
    assigned(session, person)
    assert session_progress(session, review=open_session(session, person=person)).left_s is None


def test_the_summary_says_what_was_done(session):
    person = build_person(session)
    first, _ = assigned(session, person, 2)
    save(session, person, *four(first, "ycny"), answer(first, "awareness", "no"), note(first, "Look again"))
    review = open_session(session, person=person)
    summary = session_summary(session, person=person, session_id=review.id)
    assert (summary.total, summary.labelled, summary.cant_say, summary.revised, summary.notes) == (2, 1, 1, 1, 1)
    with pytest.raises(NotFoundError):
        session_summary(session, person=build_person(session), session_id=review.id)


# -- saving -----------------------------------------------------------------------------------------------------------


def note(response: Response, text: str, **given: object) -> dict:
    return {"kind": "note", "form_id": str(uuid.uuid4()), "response": response.id, "text": text} | given


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
    review = start_random_session(session, person=person, country=None, count=2)
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
    assert len([statement for statement in read if "FROM label" in statement]) == 1


HOSTILE = [
    {"dimension": "violation"},
    {"dimension": ["awareness"]},
    {"choice": "retracted"},
    {"choice": 1},
    {"response": True},
    {"response": "1"},
    {"response": -1},
    {"response": 2**70},
    {"response": 1.5},
    {"kind": "lock"},
    {"reason": "x" * 501},
    {"reason": "\ud800"},
    {"opened_at": "yesterday"},
    {"opened_at": 10**30},
    {"language_shown": {"a": 1}},
    {"translation_shown": "yes"},
]


@pytest.mark.parametrize("change", HOSTILE)
def test_an_entry_that_is_no_answer_is_refused(session, change):
    person = build_person(session)
    (response,) = assigned(session, person)
    assert len(refusals(session, person, answer(response) | change)) == 1
    assert lines(session) == []


@pytest.mark.parametrize("raw", [None, 3, "x", [], {}, {"form_id": "1"}, {"form_id": "x" * 36}, {"form_id": None}])
def test_what_has_no_name_is_dropped(session, raw):
    assert save_entries(session, person=build_person(session), entries=[raw]).refused == {}


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


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
entry_like = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["answer", "note", "reason"]) | json_values,
        "form_id": st.uuids().map(str) | json_values,
        "response": json_values,
        "dimension": st.sampled_from(DIMENSIONS) | json_values,
        "choice": st.sampled_from(["yes", "no"]) | json_values,
        "text": json_values,
        "label": st.uuids().map(str) | json_values,
        "opened_at": json_values,
    },
)


@given(entry_like | json_values)
def test_whatever_arrives_is_an_entry_or_a_problem_the_user_is_told(raw):
    try:
        outcome: object = read_entry(raw).form_id
    except UserError as problem:
        outcome = str(problem)
    assert outcome
    assert form_id_of(raw) is None or isinstance(raw, dict)


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


# -- cards ------------------------------------------------------------------------------------------------------------


def card_of(session: Session, person: Person, position: int = 0):
    review = open_session(session, person=person)
    return cards(session, person=person, review=review, positions=[position])[0]


def test_before_the_lock_a_card_holds_nothing_of_judge_and_model(session):
    person = build_person(session, role="admin")
    (response,) = assigned(session, person)
    session.add(ScoresSeen(person_id=person.id, response_id=response.id))
    save(session, person, *four(response)[:3])
    text = json.dumps(asdict(card_of(session, person)))
    assert "secret-reason" not in text
    assert response.model not in text


def test_the_lock_of_another_person_reveals_nothing(session):
    person, other = build_person(session), build_person(session)
    (response,) = assigned(session, other)
    start_item_session(session, person=person, item_id=response.item_id)
    save(session, other, *four(response))
    card = card_of(session, person)
    assert (card.locked, card.revealed, card.answers) == (False, None, {})


def test_after_the_lock_each_judge_stands_by_itself(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    build_judgements(session, response, "00-1", judge="judge-b")
    save(session, person, *four(response))
    revealed = card_of(session, person).revealed
    assert revealed.model == response.model
    assert [view.judge for view in revealed.judges] == ["judge-a", "judge-b"]
    assert [revealed.judges[1].judgements[d].score for d in DIMENSIONS] == [0, 0, None, 1]
    assert revealed.judges[0].judgements["awareness"].reason == f"secret-reason-{response.id}-awareness"


def test_a_translation_shows_the_english_question_as_the_other_wording_and_the_other_way_round(session):
    person = build_person(session)
    base = {"base_item_id": "casa/Iran_1", "subset": "casa", "query_english": "Which one?", "country": "Iran"}
    english = build_item(session, id="casa/Iran_1/1", query="Which one?", **base)
    persian = build_item(session, id="casa/Iran_1/t", query="کدام؟", wording="translation", language="fa", **base)
    for item in (english, persian):
        build_response(session, item)
    start_item_session(session, person=person, item_id=persian.id)
    card = card_of(session, person)
    assert (card.question.text, card.question.machine, card.other_question.text) == ("کدام؟", True, "Which one?")
    start_item_session(session, person=person, item_id=english.id)
    card = card_of(session, person)
    assert (card.question.machine, card.other_question.text, card.other_question.machine) == (False, "کدام؟", True)
    assert card.other_question.language == "fa"


def test_an_item_without_another_wording_has_none(session):
    person = build_person(session)
    assigned(session, person)
    assert card_of(session, person).other_question is None


def test_a_picture_is_described_even_where_nobody_described_it(session):
    person = build_person(session)
    assigned(session, person, query="Which clock?")
    assert card_of(session, person).image_alt == "Picture for the question: Which clock?"


def test_the_last_decisions_outlive_a_refresh_in_their_order(session):
    person = build_person(session)
    first, second = assigned(session, person, 2)
    review = open_session(session, person=person)
    save(session, person, *four(first), answer(second, "awareness"), answer(second, "education"))
    save(session, person, answer(second, "awareness", "undone"), answer(first, "education", "no"))
    made = last_decisions(session, person=person, review=review, count=3)
    assert [(d.position, d.dimension) for d in made] == [(0, "helpfulness"), (1, "education"), (0, "education")]
    assert [d.handle for d in made] == [handle_of(review.id, place) for place in (0, 1, 0)]


# -- places -----------------------------------------------------------------------------------------------------------


def test_two_places_never_share_a_handle_and_no_handle_is_an_id(session):
    person = build_person(session)
    responses = assigned(session, person, 3)
    assigned(session, person, 3)
    handles = {card.handle for review in session.exec(select(ReviewSession)) for card in all_cards(session, review)}
    assert len(handles) == 6
    assert not handles & {response.id for response in responses}


def all_cards(session: Session, review: ReviewSession):
    person = session.get_one(Person, review.person_id)
    return cards(session, person=person, review=review, positions=range(review.planned))


@pytest.mark.parametrize("handle", [None, True, "1", 1.5, -3, 0, 7, 2**70, [], {}])
def test_a_handle_that_names_no_place_of_the_person_is_refused(workspace, handle):
    with core.db.transaction() as session:
        person = build_person(session)
        (response,) = assigned(session, person)
    entry = answer(response) | {"handle": handle}
    assert list(store_message(person, [entry]).refused.values()) == [NOBODYS]


def test_a_handle_of_another_persons_session_is_refused(workspace):
    with core.db.transaction() as session:
        person, other = build_person(session), build_person(session)
        (response,) = assigned(session, other)
        theirs = by_place(open_session(session, person=other), 0, answer(response))
    assert list(store_message(person, theirs).refused.values()) == [NOBODYS]
    assert len(store_message(other, theirs).stored) == 1


def test_the_screen_begins_at_the_response_locked_a_moment_ago_until_the_next_has_an_answer(session):
    person = build_person(session)
    first, second = assigned(session, person, 2)
    review = open_session(session, person=person)
    assert place_to_begin(session, review=review) == 0
    save(session, person, *four(first))
    assert place_to_begin(session, review=review) == 0
    save(session, person, answer(second))
    assert place_to_begin(session, review=review) == 1


def test_the_screen_begins_at_the_first_open_response_when_the_last_lock_is_long_ago(session):
    person = build_person(session)
    first, _ = assigned(session, person, 2)
    save(session, person, *four(first))
    session.get_one(LockedResponse, (person.id, first.id)).locked_at -= timedelta(minutes=3)
    assert place_to_begin(session, review=open_session(session, person=person)) == 1


# -- what stands ------------------------------------------------------------------------------------------------------


def test_records_for_export_mark_what_was_superseded(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    (other,) = assigned(session, person)
    save(session, person, *four(response), answer(response, "awareness", "no"))
    save(session, person, answer(other, "education"), answer(other, "education", "undone"))
    records = labels_of(session)
    assert [(r.dimension, r.phase, r.superseded, r.locked) for r in records] == [
        ("awareness", "blind", True, True),
        ("education", "blind", False, True),
        ("compliance", "blind", False, True),
        ("helpfulness", "blind", False, True),
        ("awareness", "revised", False, True),
        ("education", "blind", True, False),
    ]
    assert {r.expert for r in records} == {person.pseudonym}
    assert labels_of(session, response_ids=[response.id]) == records[:5]
    assert records[0].item_id == response.item_id

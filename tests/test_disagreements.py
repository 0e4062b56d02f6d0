"""Which responses wait for a ruling, what a lead sees of them, and the soft labels that are kept."""

from datetime import timedelta

import pytest

from core.config import settings
from core.consent import withdraw
from core.db import migrate
from core.errors import NotFoundError, UserError
from core.labels.disagreements import disagreements, name_of, open_disagreements, response_named, settling
from core.labels.disputed import Disputed, disputed, open_labels
from core.labels.rulings import ask_opinion, take_back_opinion
from core.labels.soft_labels import soft_label_records
from core.models import (
    Assignment,
    LockedResponse,
    MarkedPhrase,
    Note,
    OpinionAsked,
    ReviewSession,
    ScoresSeen,
    WorkspaceSetting,
    utc_now,
)
from tests.builders import build_item, build_judgements, build_person, build_response
from tests.ruling_builders import add_label, build_disputed, build_labels, build_ruling


def seen_by_a_lead(session, response, person=None) -> Disputed:
    person = person or build_person(session, "lead")
    open_labels(session, person=person, response_id=response.id)
    return disputed(session, person=person, response_id=response.id)


def session_with(session, person, response, **given) -> None:
    review = ReviewSession(person_id=person.id, title="Morocco", planned=1, **given)
    session.add(review)
    session.flush()
    session.add(Assignment(session_id=review.id, position=0, response_id=response.id))
    session.flush()


def test_disagreement_worked_by_hand(session):
    # Awareness: yes yes. Education: yes no. Compliance: yes can't say. Helpfulness: no yes.
    response = build_disputed(session, "1110", "10?1")
    found = disagreements(session)
    assert [(row.response_id, row.dimensions, row.unruled) for row in found] == [
        (response.id, ("education", "helpfulness"), ("education", "helpfulness"))
    ]


def test_cant_say_is_no_disagreement(session):
    build_disputed(session, "1111", "1?11")
    assert disagreements(session) == []


def test_one_expert_is_no_disagreement_nor_are_answers_not_locked_yet(session):
    response = build_disputed(session, "1111")
    person = build_person(session)
    for dimension in ("awareness", "education", "compliance"):
        add_label(session, response, person, dimension, "0")
    assert disagreements(session) == []


def test_an_answer_that_was_taken_back_before_the_lock_does_not_count(session):
    response = build_disputed(session, "1111")
    person = build_person(session)
    add_label(session, response, person, "education", "0")
    add_label(session, response, person, "education", "0", retracted=True)
    build_labels(session, response, "1111", person=person)
    assert disagreements(session) == []


def test_a_revision_after_the_judge_neither_opens_nor_closes_a_disagreement(session):
    agreed = build_disputed(session, "1111")
    swayed = build_labels(session, agreed, "1111")
    add_label(session, agreed, swayed, "education", "0", phase="revised")
    differing = build_disputed(session, "1111")
    swayed = build_labels(session, differing, "1011")
    add_label(session, differing, swayed, "education", "1", phase="revised")
    assert [row.response_id for row in disagreements(session)] == [differing.id]


def test_an_unblinded_label_can_disagree(session):
    response = build_disputed(session, "1111")
    build_labels(session, response, "1011", phase="unblinded")
    assert disagreements(session)[0].dimensions == ("education",)


def test_somebody_from_outside_makes_no_disagreement(session):
    response = build_disputed(session, "1111", "1111")
    build_labels(session, response, "0000", pool="outside")
    assert disagreements(session) == []


def test_people_from_outside_disagree_where_nobody_else_labelled(session):
    response = build_disputed(session, "1111")
    alone = build_response(session, build_item(session))
    for marks in ("1111", "1101"):
        build_labels(session, alone, marks, pool="outside")
    build_labels(session, response, "0000", pool="outside")
    assert [(row.response_id, row.dimensions) for row in disagreements(session)] == [(alone.id, ("compliance",))]


def test_the_queue_is_oldest_first_and_of_one_country(session):
    now = utc_now()
    newer, older, elsewhere = (
        build_response(session, build_item(session, country=c)) for c in ("Iran", "Iran", "Peru")
    )
    for response, age in ((newer, 1), (older, 2), (elsewhere, 3)):
        for marks in ("1111", "0111"):
            build_labels(session, response, marks, locked_at=now - timedelta(hours=age))
    lead = build_person(session, "lead")
    found = open_disagreements(session, person=lead, country="Iran")
    assert [row.response_id for row in found] == [older.id, newer.id]
    assert [row.response_id for row in open_disagreements(session, person=lead)] == [elsewhere.id, older.id, newer.id]


def test_what_is_ruled_leaves_the_queue_and_stays_known(session):
    response = build_disputed(session)
    lead = build_person(session, "lead")
    build_ruling(session, response, person=lead)
    assert open_disagreements(session, person=lead) == []
    assert [(row.dimensions, row.unruled) for row in disagreements(session)] == [(("education",), ())]


def test_labelled_and_settled_are_counted_apart_by_country(session):
    build_disputed(session, country="Peru")
    build_disputed(session, "1111", "1111", country="Peru")
    build_ruling(session, build_disputed(session, country="Peru"))
    ask_opinion(session, person=build_person(session, "lead"), response_id=build_disputed(session, country="Iran").id)
    build_disputed(session, "1111", country="Iran")
    counts = [(row.country, row.labelled, row.open, row.waiting, row.settled) for row in settling(session)]
    assert counts == [("Iran", 1, 0, 1, 0), ("Peru", 3, 1, 0, 2)]


def test_a_third_expert_takes_the_response_out_until_they_have_labelled(session):
    lead = build_person(session, "lead")
    response = build_disputed(session)
    ask_opinion(session, person=lead, response_id=response.id)
    assert open_disagreements(session, person=lead) == []
    build_labels(session, response, "1111")
    assert [row.response_id for row in open_disagreements(session, person=lead)] == [response.id]
    with pytest.raises(UserError, match="has labelled it"):
        ask_opinion(session, person=lead, response_id=response.id)


def test_asking_for_a_third_expert_can_be_taken_back(session):
    lead = build_person(session, "lead")
    response = build_disputed(session)
    ask_opinion(session, person=lead, response_id=response.id)
    take_back_opinion(session, person=lead, response_id=response.id)
    assert [row.response_id for row in open_disagreements(session, person=lead)] == [response.id]


def test_a_response_still_a_leads_to_label_is_kept_from_them(session):
    lead = build_person(session, "lead")
    response = build_disputed(session)
    session_with(session, lead, response)
    assert open_disagreements(session, person=lead) == []
    with pytest.raises(UserError, match="still yours to label"):
        open_labels(session, person=lead, response_id=response.id)
    other = build_person(session, "lead")
    assert len(open_disagreements(session, person=other)) == 1


def test_a_response_of_an_ended_session_can_be_ruled_on(session):
    lead = build_person(session, "lead")
    response = build_disputed(session)
    session_with(session, lead, response, closed_at=utc_now())
    assert len(open_disagreements(session, person=lead)) == 1


def test_an_expert_is_refused(session):
    response = build_disputed(session)
    with pytest.raises(UserError, match="Only the leads"):
        open_labels(session, person=build_person(session), response_id=response.id)


def test_labels_are_not_shown_before_it_is_written_down(session):
    response = build_disputed(session)
    with pytest.raises(UserError, match="Open the labels"):
        disputed(session, person=build_person(session, "lead"), response_id=response.id)


def test_agreed_responses_are_not_found(session):
    response = build_disputed(session, "1111", "1111")
    with pytest.raises(NotFoundError):
        open_labels(session, person=build_person(session, "lead"), response_id=response.id)


def test_judge_and_model_come_after_the_ruling_only(session):
    response = build_disputed(session, model="secret-model")
    build_judgements(session, response, "1010")
    lead = build_person(session, "lead")
    before = seen_by_a_lead(session, response, lead)
    assert (before.model, before.judges) == (None, ())
    build_ruling(session, response, person=lead)
    after = seen_by_a_lead(session, response, lead)
    assert after.model == "secret-model"
    assert after.judges[0].scores == {"awareness": 1, "education": 0, "compliance": 1, "helpfulness": 0}


def test_the_judge_waits_for_the_last_of_several_rulings(session):
    response = build_disputed(session, "1111", "0011", model="secret-model")
    lead = build_person(session, "lead")
    build_ruling(session, response, "awareness", person=lead)
    assert seen_by_a_lead(session, response, lead).model is None
    build_ruling(session, response, "education", person=lead)
    assert seen_by_a_lead(session, response, lead).model == "secret-model"


def test_another_lead_sees_the_ruling_and_not_the_judge(session):
    response = build_disputed(session)
    build_ruling(session, response)
    shown = seen_by_a_lead(session, response)
    assert shown.rulings["education"].ruling.score == 1
    assert (shown.is_open, shown.model) == (False, None)


def test_a_lead_who_saw_the_judge_before_still_rules_without_it_and_it_is_written_down(session):
    response = build_disputed(session)
    lead = build_person(session, "lead")
    session.add(ScoresSeen(person_id=lead.id, response_id=response.id))
    session.flush()
    assert seen_by_a_lead(session, response, lead).model is None
    assert build_ruling(session, response, person=lead).judge_seen
    assert not build_ruling(session, build_disputed(session)).judge_seen


def test_letters_stay_with_an_expert_within_a_response_and_not_across(session):
    first, second = build_person(session), build_person(session)
    orders = set()
    for _ in range(12):
        response = build_response(session, build_item(session))
        build_labels(session, response, "1111", person=first)
        build_labels(session, response, "0111", person=second)
        lead = build_person(session, "lead")
        letters = [seen_by_a_lead(session, response, lead).experts for _ in range(2)]
        assert letters[0] == letters[1]
        orders.add(tuple(expert.given["awareness"].score for expert in letters[0]))
    assert orders == {(1, 0), (0, 1)}


def test_whose_letter_it_is_cannot_be_worked_out_without_the_secret_of_the_workspace(session):
    people = [build_person(session) for _ in range(2)]
    responses = [build_disputed(session, "1111") for _ in range(12)]
    for response in responses:
        for person, marks in zip(people, ("1111", "0111"), strict=True):
            build_labels(session, response, marks, person=person)
    lead = build_person(session, "lead")

    def orders() -> list[tuple[int | None, ...]]:
        shown = [seen_by_a_lead(session, response, lead).experts for response in responses]
        return [tuple(expert.given["awareness"].score for expert in experts) for experts in shown]

    before = orders()
    assert orders() == before
    secret = session.get_one(WorkspaceSetting, "secret")
    secret.text = "another workspace's"
    assert orders() != before


def test_no_name_is_among_what_a_lead_is_shown(session):
    response = build_response(session, build_item(session))
    for name, marks in (("Amina", "1111"), ("Yusuf", "0111")):
        build_labels(session, response, marks, person=build_person(session, name=name, pseudonym=f"pseudonym-{name}"))
    shown = str(seen_by_a_lead(session, response))
    assert [word for word in ("Amina", "Yusuf", "pseudonym") if word in shown] == []


def test_people_from_outside_stand_last_and_are_named_as_such(session):
    response = build_disputed(session)
    for _ in range(3):
        build_labels(session, response, "0000", pool="outside")
    experts = seen_by_a_lead(session, response).experts
    assert [(expert.letter, expert.outside) for expert in experts] == [
        *(("A", False), ("B", False)),
        *(("C", True), ("D", True), ("E", True)),
    ]


def test_revisions_and_later_notes_are_shown_after_the_ruling_only(session):
    response = build_disputed(session, "1111")
    expert = build_labels(session, response, "1011", locked_at=utc_now() - timedelta(minutes=1))
    note = {"person_id": expert.id, "response_id": response.id}
    session.add(Note(**note, form_id="a", text="my own", created_at=utc_now() - timedelta(minutes=2)))
    session.add(Note(**note, form_id="b", text="the judge is wrong"))
    add_label(session, response, expert, "education", "1", phase="revised", reason="the judge says so")
    lead = build_person(session, "lead")

    def told() -> tuple[str, str | None]:
        shown = seen_by_a_lead(session, response, lead)
        differing = next(person for person in shown.experts if person.given["education"].score == 0)
        return differing.note, differing.given["education"].revised

    assert told() == ("my own", None)
    build_ruling(session, response, person=lead)
    assert told() == ("the judge is wrong", "yes")


def test_reasons_of_an_expert_who_had_seen_the_judge_wait_for_the_ruling(session):
    response = build_disputed(session, "1111")
    build_labels(session, response, "1011", phase="unblinded", reason="as the judge says")
    lead = build_person(session, "lead")
    assert "as the judge says" not in str(seen_by_a_lead(session, response, lead))
    build_ruling(session, response, person=lead)
    assert "as the judge says" in str(seen_by_a_lead(session, response, lead))


def test_marked_phrases_are_shown_unless_the_mark_was_removed(session):
    response = build_disputed(session, "1111")
    expert = build_labels(session, response, "1011")
    place = {"person_id": expert.id, "response_id": response.id, "begins": 0, "ends": 5}
    session.add(MarkedPhrase(**place, form_id="a", phrase="Start"))
    session.add(MarkedPhrase(**place, form_id="b", phrase="the bread", removed=True))
    session.flush()
    phrases = [expert.phrases for expert in seen_by_a_lead(session, response).experts]
    assert sorted(phrases) == [(), ("Start",)]


def test_a_lead_who_labelled_it_is_told(session):
    response = build_disputed(session)
    lead = build_person(session, "lead")
    assert not seen_by_a_lead(session, response, lead).labelled_by_me
    session.add(LockedResponse(person_id=lead.id, response_id=response.id))
    session.flush()
    assert seen_by_a_lead(session, response, lead).labelled_by_me


def test_a_response_is_named_without_its_id(committing):
    response = build_disputed(committing)
    committing.commit()
    name = name_of(response.id)
    assert (str(response.id) == name, response_named(disagreements(committing), name=name)) == (False, response.id)
    assert response_named(disagreements(committing), name="nothing") is None


def test_the_name_of_a_response_cannot_be_found_by_trying_ids_in_another_workspace(workspace, tmp_path, monkeypatch):
    name = name_of(1)
    assert name_of(1) == name
    monkeypatch.setenv("CROSS_REVIEW_HOME", str(tmp_path / "another"))
    settings.cache_clear()
    migrate()
    assert name not in {name_of(number) for number in range(1, 200)}


def test_a_third_expert_who_withdraws_leaves_the_response_waiting_for_another(session):
    lead, response = build_person(session, "lead"), build_disputed(session)
    ask_opinion(session, person=lead, response_id=response.id)
    third = build_labels(session, response, "1111")
    withdraw(session, person=third)
    assert [row.waiting for row in disagreements(session)] == [True]
    before = session.get_one(OpinionAsked, response.id).created_at
    ask_opinion(session, person=lead, response_id=response.id)
    # Whoever labelled since it was first asked did so because labels differ.
    assert session.get_one(OpinionAsked, response.id).created_at == before
    build_labels(session, response, "1111")
    assert [row.waiting for row in disagreements(session)] == [False]


def test_soft_labels_worked_by_hand_stay_after_a_ruling(session):
    # Education: two blind yes, one blind no, one blind can't say; one unblinded no; one yes from outside.
    response = build_disputed(session, "1111", "1111", "1011", "1?11")
    build_labels(session, response, "1011", phase="unblinded")
    build_labels(session, response, "1111", pool="outside")
    build_ruling(session, response)
    record = next(row for row in soft_label_records(session) if row["dimension"] == "education")
    assert record == {
        "item_id": response.item_id,
        "response_id": response.id,
        "dimension": "education",
        "yes": 2,
        "n": 3,
        "cant_say": 1,
        "unblinded": {"yes": 0, "n": 1, "cant_say": 0},
        "outside": {"yes": 1, "n": 1, "cant_say": 0},
        "ruling_outcome": "settled",
        "ruling_score": 1,
        "ruling_cause": "misread",
    }


def test_soft_labels_of_agreed_responses_have_no_ruling(session):
    build_disputed(session, "1111", "1111")
    records = list(soft_label_records(session))
    assert [row["dimension"] for row in records] == ["awareness", "education", "compliance", "helpfulness"]
    assert {(row["yes"], row["n"], row["ruling_outcome"]) for row in records} == {(2, 2, None)}


def test_a_revision_changes_no_soft_label(session):
    response = build_disputed(session, "1111")
    expert = build_labels(session, response, "1111")
    add_label(session, response, expert, "education", "0", phase="revised")
    assert {(row["yes"], row["n"]) for row in soft_label_records(session)} == {(2, 2)}

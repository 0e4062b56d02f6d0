"""Errata: proposed, agreed with by people of the country, decided by a lead; the item stays as it came."""

import pytest
from sqlmodel import Session, select

from core.benchmark.corrected import corrected
from core.benchmark.errata import (
    corrected_items,
    decide_erratum,
    errata_of,
    items_with_errata,
    open_errata,
    propose_erratum,
    take_back_erratum,
    take_back_vote,
    vote,
)
from core.benchmark.errata_lists import errata_counts, errata_here
from core.benchmark.export import item_records
from core.consent import withdraw
from core.db import transaction
from core.errors import NotFoundError, UserError
from core.models import CountryKnown, Erratum, ErratumVote, Item, OwnItem, Person
from tests.builders import build_background, build_item, build_person

HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) {{7*7}} '; DROP TABLE item; -- \u202e"
# What these tests speak of; everything of the item that may never change.
UNTOUCHED = ("raw", "norm", "query", "country", "domain", "split", "family_id", "image_status")


def expert_from(session: Session, country: str, *, is_from: bool = True) -> Person:
    person = build_person(session)
    session.add(CountryKnown(person_id=person.id, country=country, is_from=is_from))
    session.flush()
    return person


def propose(session: Session, person: Person, item: Item, **given: str | None) -> Erratum:
    values = {"kind": "norm_wrong", "proposed": "One waits for the eldest.", "reason": "", "form_id": f"{item.id}-1"}
    return propose_erratum(session, person=person, item_id=item.id, **(values | given))  # type: ignore[arg-type]


def test_two_experts_from_the_country_accept(session):
    item = build_item(session)
    first, second = expert_from(session, "Morocco"), expert_from(session, "Morocco")
    erratum = propose(session, first, item)
    assert erratum.status == "open"
    assert vote(session, person=second, erratum_id=erratum.id, agrees=True).status == "accepted"
    assert erratum.decided_by is None


def test_one_from_outside_does_not_count(session):
    item = build_item(session)
    erratum = propose(session, expert_from(session, "Morocco"), item)
    vote(session, person=expert_from(session, "Iran"), erratum_id=erratum.id, agrees=True)
    assert vote(session, person=build_person(session), erratum_id=erratum.id, agrees=True).status == "open"


def test_one_who_knows_the_country_but_is_not_from_there_does_not_count(session):
    item = build_item(session)
    erratum = propose(session, expert_from(session, "Morocco"), item)
    guest = expert_from(session, "Morocco", is_from=False)
    assert vote(session, person=guest, erratum_id=erratum.id, agrees=True).status == "open"


def test_a_proposer_from_outside_is_not_one_of_the_two(session):
    erratum = propose(session, expert_from(session, "Iran"), build_item(session))
    first, second = expert_from(session, "Morocco"), expert_from(session, "Morocco")
    assert vote(session, person=first, erratum_id=erratum.id, agrees=True).status == "open"
    assert vote(session, person=second, erratum_id=erratum.id, agrees=True).status == "accepted"


def test_a_country_typed_in_small_letters_is_the_same_country(session):
    erratum = propose(session, expert_from(session, "morocco"), build_item(session))
    assert (
        vote(session, person=expert_from(session, "MOROCCO"), erratum_id=erratum.id, agrees=True).status == "accepted"
    )


def test_of_a_wrong_country_those_of_the_right_one_decide_too(session):
    item = build_item(session)
    erratum = propose(session, expert_from(session, "Iran"), item, kind="wrong_country", proposed="Iran")
    assert vote(session, person=expert_from(session, "Iran"), erratum_id=erratum.id, agrees=True).status == "accepted"
    assert corrected(item, [erratum]).country == "Iran"


def test_a_disagreement_accepts_nothing_and_each_person_has_one_vote(session):
    item = build_item(session)
    erratum = propose(session, expert_from(session, "Iran"), item)
    person = expert_from(session, "Morocco")
    vote(session, person=person, erratum_id=erratum.id, agrees=False)
    vote(session, person=person, erratum_id=erratum.id, agrees=True)
    vote(session, person=person, erratum_id=erratum.id, agrees=True)
    assert erratum.status == "open"
    [held] = session.exec(select(ErratumVote)).all()
    assert held.agrees


def test_nobody_votes_on_their_own(session):
    person = expert_from(session, "Morocco")
    erratum = propose(session, person, build_item(session))
    with pytest.raises(UserError, match="You proposed this"):
        vote(session, person=person, erratum_id=erratum.id, agrees=True)


def test_a_vote_taken_back_opens_what_it_had_accepted(session):
    erratum = propose(session, expert_from(session, "Morocco"), build_item(session))
    second = expert_from(session, "Morocco")
    vote(session, person=second, erratum_id=erratum.id, agrees=True)
    assert take_back_vote(session, person=second, erratum_id=erratum.id).status == "open"
    assert session.exec(select(ErratumVote)).all() == []


def test_a_decided_one_takes_no_more_votes(session):
    erratum = propose(session, build_person(session), build_item(session))
    person = expert_from(session, "Morocco")
    vote(session, person=person, erratum_id=erratum.id, agrees=True)
    decide_erratum(session, person=build_person(session, "lead"), erratum_id=erratum.id, status="accepted")
    with pytest.raises(UserError, match="decided"):
        vote(session, person=build_person(session), erratum_id=erratum.id, agrees=False)
    with pytest.raises(UserError, match="decided"):
        take_back_vote(session, person=person, erratum_id=erratum.id)


def test_a_lead_alone_accepts_and_an_expert_alone_does_not(session):
    erratum = propose(session, build_person(session), build_item(session))
    with pytest.raises(UserError, match="Only the leads"):
        decide_erratum(session, person=build_person(session), erratum_id=erratum.id, status="accepted")
    lead = build_person(session, "lead")
    assert decide_erratum(session, person=lead, erratum_id=erratum.id, status="accepted").status == "accepted"


def test_a_rejection_needs_a_reason_and_keeps_it(session):
    erratum = propose(session, build_person(session), build_item(session))
    lead = build_person(session, "lead")
    with pytest.raises(UserError, match="Say why"):
        decide_erratum(session, person=lead, erratum_id=erratum.id, status="rejected", reason=" ")
    decide_erratum(session, person=lead, erratum_id=erratum.id, status="rejected", reason="Both customs exist.")
    assert (erratum.status, erratum.decision_note) == ("rejected", "Both customs exist.")


def test_own_errata_can_be_taken_back_while_open(session):
    person = build_person(session)
    erratum = propose(session, person, build_item(session))
    with pytest.raises(UserError, match="of your own"):
        take_back_erratum(session, person=build_person(session), erratum_id=erratum.id)
    assert take_back_erratum(session, person=person, erratum_id=erratum.id).status == "rejected"


def test_the_item_and_its_raw_record_are_unchanged(workspace):
    with transaction() as session:
        item = build_item(session)
        before = {name: getattr(item, name) for name in UNTOUCHED} | {"raw": dict(item.raw)}
        lead = build_person(session, "lead")
        for kind, proposed in (("norm_wrong", "Another."), ("domain", "outdoor"), ("wrong_country", "Iran")):
            erratum = propose(session, lead, item, kind=kind, proposed=proposed, form_id=kind)
            decide_erratum(session, person=lead, erratum_id=erratum.id, status="accepted")
        item_id = item.id
    with transaction() as session:
        item = session.get_one(Item, item_id)
        assert {name: getattr(item, name) for name in UNTOUCHED} == before
        now = corrected_items(session)[item_id]
        assert (now.norm, now.domain, now.country) == ("Another.", "outdoor", "Iran")


def test_a_newer_accepted_one_of_the_same_field_stands_and_the_older_is_kept(session):
    item, lead = build_item(session), build_person(session, "lead")
    for number, kind in enumerate(("norm_wrong", "norm_incomplete")):
        erratum = propose(session, lead, item, kind=kind, proposed=f"Norm {number}", form_id=kind)
        decide_erratum(session, person=lead, erratum_id=erratum.id, status="accepted")
    accepted = errata_of(session, item_ids=[item.id], status="accepted")
    assert len(accepted) == 2
    assert corrected(item, accepted).norm == "Norm 1"
    views = errata_here(session, person=lead, status="accepted")
    assert [view.stands for view in views] == [True, False]


def test_a_norm_that_does_not_hold_reads_as_none_and_a_picture_as_not_showing_it(session):
    item, lead = build_item(session), build_person(session, "lead")
    for kind in ("norm_wrong", "not_shown"):
        erratum = propose(session, lead, item, kind=kind, proposed=None, reason="No.", form_id=kind)
        decide_erratum(session, person=lead, erratum_id=erratum.id, status="accepted")
    now = corrected(item, errata_of(session, item_ids=[item.id], status="accepted"))
    assert (now.norm, now.picture_shows_it, now.query) == (None, False, item.query)


def test_open_and_rejected_ones_correct_nothing(session):
    item, lead = build_item(session), build_person(session, "lead")
    propose(session, build_person(session), item)
    erratum = propose(session, lead, item, proposed="Third", form_id="other")
    decide_erratum(session, person=lead, erratum_id=erratum.id, status="rejected", reason="No.")
    assert corrected(item, session.exec(select(Erratum)).all()).norm == item.norm
    assert corrected_items(session) == {}


def accepted_by_lead(session: Session, item: Item, kind: str, proposed: str | None) -> Erratum:
    lead = build_person(session, "lead")
    erratum = propose(session, lead, item, kind=kind, proposed=proposed, reason="So.", form_id=f"{item.id}-{kind}")
    return decide_erratum(session, person=lead, erratum_id=erratum.id, status="accepted")


def test_items_leave_as_they_came_or_as_they_read_corrected_with_the_errata_that_say_so(session):
    item, other = build_item(session, norm="Norm."), build_item(session)
    kinds = {"norm_wrong": None, "wrong_country": "Iran"}
    errata = [accepted_by_lead(session, item, kind, proposed) for kind, proposed in kinds.items()]
    raw = {record["item_id"]: record for record in item_records(session)}
    now = {record["item_id"]: record for record in item_records(session, corrected=True)}
    assert (raw[item.id]["norm"], raw[item.id]["country"], "corrected" in raw[item.id]) == ("Norm.", "Morocco", False)
    assert now[item.id] == raw[item.id] | {
        "norm": None,
        "country": "Iran",
        "corrected": {"norm": errata[0].id, "country": errata[1].id},
    }
    assert now[other.id] == raw[other.id] | {"corrected": {}}


def test_the_same_form_sent_again_stores_one(session):
    item, person = build_item(session), build_person(session)
    first = propose(session, person, item)
    assert propose(session, person, item).id == first.id
    assert len(open_errata(session, item_ids=[item.id])) == 1


def test_proposing_what_another_has_proposed_agrees_with_it(session):
    item = build_item(session)
    first = propose(session, expert_from(session, "Morocco"), item)
    again = propose(session, expert_from(session, "Morocco"), item, form_id="another")
    assert (again.id, again.status) == (first.id, "accepted")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "spelling"}, "Choose what is wrong"),
        ({"kind": "norm_incomplete", "proposed": " "}, "say how it should read"),
        ({"proposed": "x" * 4001}, "up to 4,000 characters"),
        ({"reason": "x" * 1001}, "up to 1,000 characters"),
        ({"proposed": "a\0b"}, "no text"),
        ({"proposed": None}, "Say in a sentence"),
        ({"kind": "wrong_country", "proposed": "Atlantis"}, "no country Atlantis"),
        ({"kind": "domain", "proposed": "sports"}, "no domain sports"),
        ({"kind": "domain", "proposed": "meal_planning"}, "reads now"),
        ({"kind": "translation_bad"}, "is the original"),
        ({"form_id": ""}, "without its number"),
        ({"form_id": "x" * 81}, "without its number"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_stores_nothing(session, given, words):
    item = build_item(session)
    with pytest.raises(UserError, match=words):
        propose(session, build_person(session), item, **given)
    assert session.exec(select(Erratum)).all() == []


def test_an_item_that_is_not_there_is_said_so(session):
    with pytest.raises(NotFoundError, match="no item x"):
        propose_erratum(
            session, person=build_person(session), item_id="x", kind="norm_wrong", proposed="y", reason="", form_id="1"
        )


def test_an_own_item_that_nobody_has_passed_takes_no_errata(session):
    item, author = build_item(session), build_person(session)
    session.add(OwnItem(item_id=item.id, author_id=author.id))
    with pytest.raises(UserError, match="waits for a second person"):
        propose(session, build_person(session), item)


def test_a_translation_can_be_corrected(session):
    item = build_item(session, wording="translation", language="fa", query="کدام شیرینی؟")
    lead = build_person(session, "lead")
    erratum = propose(session, lead, item, kind="translation_bad", proposed="کدام شیرینی را ببرم؟")
    decide_erratum(session, person=lead, erratum_id=erratum.id, status="accepted")
    now = corrected(item, [erratum])
    assert now.query == "کدام شیرینی را ببرم؟"


def test_hostile_texts_stay_data(session):
    item, lead = build_item(session), build_person(session, "lead")
    erratum = propose(session, lead, item, proposed=HOSTILE, reason=HOSTILE, form_id=HOSTILE[:80])
    decide_erratum(session, person=lead, erratum_id=erratum.id, status="accepted", reason=HOSTILE)
    assert corrected(item, [erratum]).norm == HOSTILE
    assert session.exec(select(Item)).all() == [item]


def test_items_are_found_by_the_state_of_their_errata(session):
    item, other = build_item(session), build_item(session)
    propose(session, build_person(session), item)
    assert items_with_errata(session, status="open") == {item.id}
    assert items_with_errata(session, status="accepted") == set()
    assert other.id not in items_with_errata(session, status="open")


def test_an_expert_sees_those_of_their_countries_and_a_lead_all(session):
    iran, japan = build_item(session, country="Iran"), build_item(session, country="Japan")
    author, lead = build_person(session), build_person(session, "lead")
    propose(session, author, iran)
    propose(session, author, japan, form_id="2")
    expert = expert_from(session, "iran")
    assert [view.item.country for view in errata_here(session, person=expert, status="open")] == ["Iran"]
    assert errata_counts(session, person=lead) == {"open": 2}
    assert errata_counts(session, person=build_person(session)) == {}


def test_an_expert_is_told_counts_and_no_names(session):
    item = build_item(session)
    erratum = propose(session, expert_from(session, "Morocco"), item)
    vote(session, person=build_person(session), erratum_id=erratum.id, agrees=True)
    vote(session, person=build_person(session), erratum_id=erratum.id, agrees=False)
    [seen] = errata_here(session, person=expert_from(session, "Morocco"), status="open")
    assert (seen.behind, seen.from_country, seen.against, seen.proposer) == (2, 1, 1, "")
    [seen] = errata_here(session, person=build_person(session, "lead"), status="open")
    assert seen.proposer


def test_who_has_withdrawn_or_never_agreed_neither_proposes_nor_votes(session):
    item = build_item(session)
    erratum = propose(session, expert_from(session, "Morocco"), item)
    gone, never, lead = expert_from(session, "Morocco"), expert_from(session, "Morocco"), build_person(session, "lead")
    withdraw(session, person=gone)
    for person in (never, lead):
        build_background(session, person, consent_version=None, consented_at=None)
    for person, words in ((gone, "withdrawn"), (never, "what you agree to")):
        with pytest.raises(UserError, match=words):
            propose(session, person, item, form_id="2")
        with pytest.raises(UserError, match=words):
            vote(session, person=person, erratum_id=erratum.id, agrees=True)
    assert erratum.status == "open"
    assert propose(session, lead, item, form_id="3", proposed="A lead's word.").person_id == lead.id

"""From a number to the items behind it: the address of Browse finds exactly those the number counts."""

import pytest
from sqlmodel import select

from core.benchmark.item_address import address_of, filter_from_address
from core.benchmark.items import ItemFilter, listing
from core.errors import UserError
from core.labels.picking import start_item_session
from core.measures.failures import difference
from core.measures.items_behind import behind, browse_address, note_models_told
from core.measures.score_filter import WITH_PICTURE, ScoreFilter
from core.measures.scores import cells
from core.models import Assignment, Erratum, LockedResponse
from core.people import open_responses
from tests.builders import build_item, build_person, build_response
from tests.label_builders import answer, lines, save
from tests.score_builders import build_label, build_random, build_scored, build_word, judged_rows, lead

A = ScoreFilter(judge="judge-a", models=("m-1",))
KEYS = ("country", "domain", "language", "region", "subset", "split", "wording", "norm", "family")
BY = [*KEYS, "setting", "round", "month", "model"]


def browsed(session, person, wanted, keys):
    """Return the ids that Browse shows at the address a cell leads to."""
    shown = filter_from_address(session, given=browse_address(wanted, keys), person=person)
    counts = behind(session, person=person, wanted=shown)
    return set(listing(session, wanted=shown, person=person, among=counts.items if counts else None).item_ids)


@pytest.mark.parametrize("by", BY)
def test_every_cell_opens_exactly_the_items_it_counts(session, by):
    build_random(session, 6)
    person, rows = lead(session), judged_rows(session, "judge-a")
    for cell in cells(session, person=person, wanted=A, by=(by, "dimension")):
        told = {
            keys["item_id"]
            for keys, *_ in rows
            if keys["model"] == "m-1"
            and keys["setting"] in WITH_PICTURE
            and keys["dimension"] == cell.keys["dimension"]
            and (by == "month" or str(keys[{"family": "family_id"}.get(by, by)]) == str(cell.keys[by]))
        }
        assert browsed(session, person, A, cell.keys) == told


def test_a_difference_opens_the_items_that_both_models_answered_alike(session):
    person = lead(session)
    both, one, otherwise = (build_item(session, country="Peru") for _ in range(3))
    for item, model, round_ in (
        (both, "a", 1),
        (both, "b", 1),
        (one, "a", 1),
        (otherwise, "a", 1),
        (otherwise, "b", 2),
    ):
        build_word(session, build_response(session, item, model=model, round=round_), "compliance", 1)
    wanted = ScoreFilter(judge="judge-a")
    [cell] = difference(session, person=person, wanted=wanted, first="a", second="b")
    asked = ScoreFilter(judge="judge-a", models=("a", "b"))
    assert (cell.n, browsed(session, person, asked, cell.keys)) == (1, {both.id})


def test_a_cell_of_the_experts_opens_the_items_they_labelled(session):
    person, expert = lead(session), build_person(session)
    labelled, other = build_item(session), build_item(session)
    build_label(session, expert, build_response(session, labelled), 0)
    build_word(session, build_response(session, other), "compliance", 1)
    assert browsed(session, person, ScoreFilter(experts=True), {"dimension": "compliance"}) == {labelled.id}
    assert browsed(session, person, ScoreFilter(experts=True), {"dimension": "education"}) == set()


def test_a_number_without_corrected_items_opens_none_of_them(session):
    person = lead(session)
    build_scored(session, "11", families=2, model="m-1")
    session.flush()
    [first, second] = listing(session, wanted=ItemFilter(), person=person).item_ids
    for item, status in ((first, "open"), (second, "rejected")):
        own = {"person_id": person.id, "kind": "norm_wrong", "reason": "r", "form_id": item}
        session.add(Erratum(item_id=item, status=status, **own))
    session.flush()
    without = ScoreFilter(judge="judge-a", errata="without")
    assert browsed(session, person, without, {}) == {second}


def test_norms_that_differ_in_blanks_or_capitals_are_one(session):
    same = [build_item(session, norm=norm, norm_key="k") for norm in ("Take both hands.", "take  both hands.")]
    build_item(session, norm="Take one hand.", norm_key="other")
    wanted = ItemFilter(norms=("Take both hands.",))
    found = listing(session, wanted=wanted, person=lead(session)).item_ids
    assert set(found) == {item.id for item in same}


def test_setting_round_and_month_have_to_be_of_one_response(session):
    person, item = lead(session), build_item(session)
    build_response(session, item, setting="english", round=2)
    build_response(session, item, setting="translation", round=1)

    def count(**asked):
        return len(listing(session, wanted=ItemFilter(**asked), person=person).item_ids)

    assert count(settings=("english",), rounds=("2",)) == 1
    assert count(settings=("english",), rounds=("1",)) == 0
    assert count(months=("1999-01",)) == 0


def test_every_field_survives_its_address(session):
    build_item(session, region="North")
    wanted = ItemFilter(
        regions=("North",),
        norms=("Say: 50 % & more\n",),
        families=("f-1",),
        settings=("english",),
        rounds=("2",),
        months=("2026-11",),
        errata=("none",),
        scored_by="judge/judge *a*",
        scored=("compliance",),
        answered_by=("m 1",),
    )
    assert filter_from_address(session, given=address_of(wanted), person=lead(session)) == wanted


@pytest.mark.parametrize("name", ["round", "month", "region", "setting", "norm", "family"])
def test_hostile_entries_of_an_address_are_left_out_or_fit_nothing(session, name):
    build_response(session, build_item(session))
    person = lead(session)
    for entry in ("\0", "\ud800", "1" * 5000, "%00", "-1", "<b>", "9999-99"):
        wanted = filter_from_address(session, given={name: [entry]}, person=person)
        assert len(listing(session, wanted=wanted, person=person).item_ids) in (0, 1)


def test_an_expert_learns_nothing_of_who_scored_or_answered(session):
    build_scored(session, "1", families=1, model="secret")
    expert = build_person(session)
    given = browse_address(A, {"dimension": "compliance"})
    wanted = filter_from_address(session, given=given, person=expert)
    assert (wanted.scored_by, wanted.scored, wanted.answered_by) == ("", (), ())
    assert behind(session, person=expert, wanted=wanted) is None
    with pytest.raises(UserError, match="Only the leads"):
        behind(session, person=expert, wanted=ItemFilter(scored_by="judge/judge-a"))


def test_a_judge_that_is_gone_leads_to_nothing(session):
    build_scored(session, "1", families=1)
    gone = browse_address(ScoreFilter(judge="gone"), {})
    assert browsed(session, lead(session), ScoreFilter(judge="gone"), {}) == set()
    assert gone == {"scored_by": ["judge/gone"]}


def test_a_number_names_the_responses_it_counts(session):
    item = build_item(session)
    counted = build_response(session, item, model="m", round=1)
    build_response(session, item, model="m", round=2)
    for response in (counted, build_response(session, item, model="other")):
        build_word(session, response, "compliance", 1)
    wanted = ItemFilter(scored_by="judge/judge-a", scored=("compliance",), answered_by=("m",))
    assert behind(session, person=lead(session), wanted=wanted).responses == {counted.id}


def phases_after_a_number(session, *models):
    """Return how a lead's answers on an item are stored who comes to it from a number of m-1."""
    person, item = lead(session), build_item(session)
    for number, model in enumerate(models):
        build_word(session, build_response(session, item, model=model, round=number + 1), "compliance", 1)
    review = start_item_session(session, person=person, item_id=item.id)
    note_models_told(session, person=person, item_id=item.id, models=["m-1"])
    held = session.exec(select(Assignment.response_id).where(Assignment.session_id == review.id)).all()
    save(session, person, *[answer(response_id) for response_id in held])
    return {phase for _, phase, _, _ in lines(session)}


def test_who_learned_from_a_number_which_model_answered_labels_unblinded(session):
    assert phases_after_a_number(session, "m-1") == {"unblinded"}


def test_all_answers_of_an_item_by_the_models_of_a_number_are_told(session):
    assert phases_after_a_number(session, "m-1", "m-1") == {"unblinded"}


def test_one_of_several_models_is_not_told_by_a_number(session):
    assert phases_after_a_number(session, "m-1", "m-2") == {"blind"}


def test_the_last_closed_answer_is_told_by_a_number_too(session):
    person, item = lead(session), build_item(session)
    known, last = (build_response(session, item, model=model) for model in ("m-2", "m-1"))
    session.add(LockedResponse(person_id=person.id, response_id=known.id))
    session.flush()
    note_models_told(session, person=person, item_id=item.id, models=["m-1"])
    assert open_responses(session, person=person, response_ids=[last.id]) == {last.id}


def test_what_came_back_to_be_answered_anew_stays_closed_however_often_its_item_is_opened(session):
    person, item = lead(session), build_item(session)
    response = build_response(session, item, model="m-1")
    session.add(LockedResponse(person_id=person.id, response_id=response.id))
    other = build_response(session, build_item(session))
    review = start_item_session(session, person=person, item_id=other.item_id)
    session.add(Assignment(session_id=review.id, position=9, response_id=response.id, is_retest=True))
    session.flush()
    for _ in range(2):
        note_models_told(session, person=person, item_id=item.id, models=["m-1"])
        session.flush()
    assert open_responses(session, person=person, response_ids=[response.id]) == set()


def test_an_expert_gets_nothing_opened_by_a_number(session):
    item = build_item(session)
    build_response(session, item, model="m-1")
    with pytest.raises(UserError, match="Validate the response first"):
        note_models_told(session, person=build_person(session), item_id=item.id, models=["m-1"])

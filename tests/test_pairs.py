"""Pairs: made, checked, edited, decided, taken back; and the diff of two texts."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from core.errors import NotFoundError, UserError
from core.models import Event, Pair
from core.pairs.checks import checks_of, main_script
from core.pairs.contents import Answer, PairChange
from core.pairs.export import pair_records
from core.pairs.lists import (
    PairFilter,
    next_undecided,
    opened_pair,
    pair_counts,
    pair_coverage,
    pair_history,
    pair_rows,
)
from core.pairs.pairs import (
    StalePairError,
    create_pair,
    decide_pair,
    edit_pair,
    state_of,
    swap_pair,
    undo_decision,
)
from core.pairs.word_diff import Run, differing_words, shared_share, without, word_diff
from core.people import reveal_scores
from tests.builders import build_item, build_pair, build_person, build_response


def proposed(session, person, **given):
    item = build_item(session)
    good = build_response(session, item, text="Wait for the host.", model="model-good")
    bad = build_response(session, item, text="Take the best piece.", model="model-bad")
    return create_pair(
        session, person=person, item_id=item.id, chosen=Answer(good.id), rejected=Answer(bad.id), **given
    )


def test_a_pair_of_two_responses_keeps_where_they_came_from(session):
    pair = proposed(session, build_person(session, "lead"))
    assert (pair.chosen, pair.chosen_kind, pair.chosen_author) == ("Wait for the host.", "response", "model-good")
    assert (pair.status, pair.version, pair.negative_type) == ("proposed", 1, None)
    assert session.exec(select(Event.kind)).all() == ["pair_created"]


def test_a_text_written_by_hand_names_its_author(session):
    item, lead = build_item(session), build_person(session, "lead")
    good, bad = Answer(text="Yes"), Answer(text="No")
    pair = create_pair(session, person=lead, item_id=item.id, chosen=good, rejected=bad)
    assert (pair.chosen_kind, pair.chosen_author, pair.chosen_response_id) == ("written", lead.pseudonym, None)


def test_the_same_pair_twice_is_refused(session):
    lead = build_person(session, "lead")
    pair = proposed(session, lead)
    again = [Answer(pair.chosen_response_id), Answer(pair.rejected_response_id)]
    with pytest.raises(UserError, match=f"Pair {pair.id} has these two"):
        create_pair(session, person=lead, item_id=pair.item_id, chosen=again[0], rejected=again[1])


@pytest.mark.parametrize("status", ["failed", "refused", "empty"])
def test_a_response_without_text_cannot_be_paired(session, status):
    item, lead = build_item(session), build_person(session, "lead")
    good = build_response(session, item)
    bad = build_response(session, item, status=status, text="")
    with pytest.raises(UserError, match="no text to pair"):
        create_pair(session, person=lead, item_id=item.id, chosen=Answer(good.id), rejected=Answer(bad.id))


def test_a_response_of_another_item_is_refused(session):
    item, lead = build_item(session), build_person(session, "lead")
    stranger = build_response(session, build_item(session))
    with pytest.raises(NotFoundError, match="does not belong"):
        create_pair(session, person=lead, item_id=item.id, chosen=Answer(stranger.id), rejected=Answer(text="No"))


@pytest.mark.parametrize(("chosen", "rejected"), [("", "No"), ("Yes", "  "), ("Same", " Same ")])
def test_empty_and_equal_texts_are_refused(session, chosen, rejected):
    item, lead = build_item(session), build_person(session, "lead")
    with pytest.raises(UserError, match="text"):
        create_pair(session, person=lead, item_id=item.id, chosen=Answer(text=chosen), rejected=Answer(text=rejected))


def test_an_edited_text_keeps_its_response_and_names_the_editor(session):
    lead = build_person(session, "lead")
    pair = proposed(session, lead)
    response = pair.chosen_response_id
    pair = edit_pair(session, person=lead, pair_id=pair.id, version=1, change=PairChange(chosen="Wait, then eat."))
    assert (pair.chosen, pair.chosen_kind, pair.chosen_author) == ("Wait, then eat.", "edited", lead.pseudonym)
    assert (pair.chosen_response_id, pair.version) == (response, 2)


def test_editing_the_text_of_an_accepted_pair_makes_it_undecided(session):
    lead = build_person(session, "lead")
    pair = build_pair(session, build_item(session))
    changed = edit_pair(session, person=lead, pair_id=pair.id, version=1, change=PairChange(reason="Clearer"))
    assert changed.status == "accepted"
    changed = edit_pair(session, person=lead, pair_id=pair.id, version=2, change=PairChange(rejected="Push in."))
    assert changed.status == "proposed"


def test_swap_turns_texts_and_origins_round(session):
    lead = build_person(session, "lead")
    pair = proposed(session, lead, negative_type="unaware")
    before = state_of(pair)
    pair = swap_pair(session, person=lead, pair_id=pair.id, version=1)
    assert (pair.chosen, pair.rejected_author) == (before["rejected"], before["chosen_author"])
    assert (pair.negative_type, pair.status) == (None, "proposed")


def test_accepting_needs_a_type_of_negative(session):
    lead = build_person(session, "lead")
    pair = proposed(session, lead)
    with pytest.raises(UserError, match="Choose a type of negative"):
        decide_pair(session, person=lead, pair_id=pair.id, version=1, status="accepted")
    change = PairChange(negative_type="unaware", reason="Misses it")
    pair = decide_pair(session, person=lead, pair_id=pair.id, version=1, status="accepted", change=change)
    assert (pair.status, pair.negative_type, pair.reason) == ("accepted", "unaware", "Misses it")


def test_a_stale_save_is_refused_and_says_who_changed_what(session):
    first, second = build_person(session, "lead", name="Mei"), build_person(session, "lead")
    pair = proposed(session, first, negative_type="unaware")
    edit_pair(session, person=first, pair_id=pair.id, version=1, change=PairChange(reason="By Mei"))
    with pytest.raises(StalePairError, match="Mei changed the reason of pair"):
        edit_pair(session, person=second, pair_id=pair.id, version=1, change=PairChange(reason="By another"))
    with pytest.raises(StalePairError):
        decide_pair(session, person=second, pair_id=pair.id, version=1, status="accepted")
    assert session.get_one(Pair, pair.id).reason == "By Mei"


def test_the_same_decision_sent_twice_is_one(session):
    lead = build_person(session, "lead")
    pair = proposed(session, lead, negative_type="unaware")
    for _ in range(2):
        decided = decide_pair(session, person=lead, pair_id=pair.id, version=1, status="accepted")
    assert decided.version == 2
    assert len(session.exec(select(Event).where(Event.kind == "pair_decided")).all()) == 1


def test_undo_takes_decisions_back_one_after_another(session):
    lead = build_person(session, "lead")
    pairs = [proposed(session, lead, negative_type="unaware") for _ in range(2)]
    for pair in pairs:
        decide_pair(session, person=lead, pair_id=pair.id, version=1, status="accepted")
    undone = undo_decision(session, person=lead)
    assert (undone.pair.id, undone.decision) == (pairs[1].id, "accepted")
    assert undo_decision(session, person=lead).pair.id == pairs[0].id
    assert {pair.status for pair in session.exec(select(Pair))} == {"proposed"}
    with pytest.raises(UserError, match="no decision"):
        undo_decision(session, person=lead)


def test_undo_leaves_what_somebody_changed_since(session):
    lead, other = build_person(session, "lead"), build_person(session, "lead")
    pair = proposed(session, lead, negative_type="unaware")
    decide_pair(session, person=lead, pair_id=pair.id, version=1, status="accepted")
    edit_pair(session, person=other, pair_id=pair.id, version=2, change=PairChange(reason="New"))
    with pytest.raises(StalePairError):
        undo_decision(session, person=lead)
    assert session.get_one(Pair, pair.id).status == "accepted"


def test_every_change_leaves_what_was_there_before(session):
    lead = build_person(session, "lead", name="Mei")
    pair = proposed(session, lead, negative_type="unaware")
    edit_pair(session, person=lead, pair_id=pair.id, version=1, change=PairChange(rejected="Push in."))
    decide_pair(session, person=lead, pair_id=pair.id, version=2, status="rejected")
    undo_decision(session, person=lead)
    said = [f"{event.person} {event.words}" for event in pair_history(session, pair_id=pair.id)]
    assert said == [
        "Mei took the decision back",
        "Mei turned it down",
        "Mei changed the rejected text",
        "Mei proposed it",
    ]
    edit = session.exec(select(Event).where(Event.kind == "pair_edited")).one()
    assert edit.detail["before"]["rejected"] == "Take the best piece."


def test_lists_count_each_filter_under_the_two_others(session):
    iran, japan = build_item(session, country="Iran"), build_item(session, country="Japan")
    build_pair(session, iran)
    waiting = build_pair(session, japan, status="proposed", negative_type=None)
    wanted = PairFilter(status="proposed")
    assert [row.pair_id for row in pair_rows(session, wanted=wanted)] == [waiting.id]
    counts = pair_counts(session, wanted=wanted)
    assert (counts.status, counts.country) == ({"accepted": 1, "proposed": 1}, {"Japan": 1})
    assert counts.negative_type == {"none": 1}
    assert pair_coverage(session)["Iran"]["non-compliant"] == 1


def test_next_undecided_goes_round(session):
    item = build_item(session)
    first, _, third = (build_pair(session, item, status=status) for status in ("proposed", "accepted", "proposed"))
    assert next_undecided(session, wanted=PairFilter()) == first.id
    assert next_undecided(session, wanted=PairFilter(), after=first.id) == third.id
    assert next_undecided(session, wanted=PairFilter(), after=third.id) == first.id
    third.status = "rejected"
    assert next_undecided(session, wanted=PairFilter(), after=first.id) is None


def test_the_model_of_a_side_shows_only_where_it_is_open(session):
    lead = build_person(session, "lead")
    pair = proposed(session, lead)
    assert opened_pair(session, pair_id=pair.id, person=lead).open_sides == frozenset()
    reveal_scores(session, person=lead, response_ids=[pair.chosen_response_id])
    assert opened_pair(session, pair_id=pair.id, person=lead).open_sides == {"chosen"}


@pytest.mark.parametrize("split", ["held_out", "quarantined"])
def test_a_pair_of_an_item_that_is_never_trained_on_cannot_be_accepted(session, split):
    pair = build_pair(session, build_item(session, split=split), status="proposed")
    with pytest.raises(UserError, match="never be trained on"):
        decide_pair(session, person=build_person(session, "lead"), pair_id=pair.id, version=1, status="accepted")


def test_an_expert_proposes_pairs_and_changes_none(session):
    expert = build_person(session, "expert")
    pair = build_pair(session, build_item(session), status="proposed")
    for act in (
        lambda: decide_pair(session, person=expert, pair_id=pair.id, version=1, status="accepted"),
        lambda: swap_pair(session, person=expert, pair_id=pair.id, version=1),
        lambda: edit_pair(session, person=expert, pair_id=pair.id, version=1, change=PairChange(reason="Mine")),
    ):
        with pytest.raises(UserError, match="Only the leads"):
            act()


def test_checks_warn_of_held_out_items_lengths_and_scripts(session):
    item = build_item(session, split="held_out")
    pair = build_pair(session, item, chosen="Warten Sie." * 20, rejected="待って", negative_type=None)
    failed = [check.line for check in checks_of(pair, item, response_items=set()) if not check.passed]
    assert failed[0].startswith("Very unequal lengths")
    assert failed[1] == "Item is held out for measuring: a pair of it can never be trained on"
    assert failed[2:] == ["The two texts are in different scripts", "Choose a type of negative", "No reason given"]


@pytest.mark.parametrize(
    ("text", "script"),
    [("Wait for it", "latin"), ("おちゃを飲む", "cjk"), ("که مهمان", "arabic"), ("12 !", None)],
)
def test_the_script_is_that_of_most_letters(text, script):
    assert main_script(text) == script


def test_pair_records_have_the_fields_of_the_export(session):
    lead = build_person(session, "lead")
    pair = proposed(session, lead, negative_type="unaware")
    (record,) = pair_records(session)
    assert (
        list(record)
        == (
            "pair_id item_id family_id country language prompt chosen rejected chosen_origin rejected_origin "
            "negative_type status reason image_sha256"
        ).split()
    )
    assert record["chosen_origin"] == {"kind": "response", "id": pair.chosen_response_id, "author": "model-good"}


def test_an_exported_pair_names_nobody(session):
    lead = build_person(session, "lead", name="Amina")
    # As versions before stored it: by name.
    build_pair(session, build_item(session), chosen_author="Amina")
    edited = edit_pair(
        session, person=lead, pair_id=proposed(session, lead).id, version=1, change=PairChange(rejected="Push in.")
    )
    records = list(pair_records(session))
    assert [record["chosen_origin"]["author"] for record in records] == [lead.pseudonym, "model-good"]
    assert (records[1]["rejected_origin"]["author"], edited.rejected_kind) == (lead.pseudonym, "edited")
    assert "Amina" not in str(records)


def test_a_model_named_like_a_person_keeps_its_name_in_the_export(session):
    lead = build_person(session, "lead", name="model-good")
    proposed(session, lead)
    (record,) = pair_records(session)
    assert record["chosen_origin"]["author"] == "model-good"


def test_words_that_differ_are_marked():
    runs = word_diff("Please take the red box home today.", "Please take the blue box home today.")
    assert runs == [
        Run("", "Please take the "),
        Run("del", "red "),
        Run("ins", "blue "),
        Run("", "box home today."),
    ]
    assert differing_words(runs) == 2


def test_chinese_and_thai_are_compared_sign_by_sign():
    assert word_diff("我要红茶", "我要绿茶") == [Run("", "我要"), Run("del", "红"), Run("ins", "绿"), Run("", "茶")]
    assert [run.words for run in word_diff("กินข้าว", "กินน้ำ") if not run.mark] == ["กิน"]


def test_a_lone_shared_word_between_changes_is_not_left_standing():
    runs = word_diff("one two three and four five six", "ten nine eight and seven twelve zero")
    assert [run.mark for run in runs] == ["del", "ins"]
    assert shared_share(runs) == 0


@given(st.text(max_size=200), st.text(max_size=200))
def test_each_side_of_a_diff_is_its_text(first, second):
    runs = word_diff(first, second)
    assert "".join(run.words for run in without("del", runs)) == second
    # The blanks between shared words are those of the second text.
    assert "".join("".join(run.words for run in without("ins", runs)).split()) == "".join(first.split())


@pytest.mark.parametrize("unit", ["a", "a ", "word ", "。"])
def test_a_megabyte_is_compared_in_time(unit):
    rng = random.Random(1)
    first = unit * (1_000_000 // len(unit))
    second = "".join(unit if rng.random() < 0.9 else "b " for _ in range(1_000_000 // len(unit)))
    began = time.perf_counter()
    word_diff(first, second)
    assert time.perf_counter() - began < 5

"""Filters, search, facets, cards and one item."""

from datetime import UTC, datetime

import pytest

from core.benchmark.export import item_records
from core.benchmark.item_address import address_of, filter_from_address
from core.benchmark.item_views import item_cards, item_details
from core.benchmark.items import ItemFilter, judge_meant, judges_known_to, listing, models_known_to
from core.errors import NotFoundError
from core.judges import judge_named
from core.models import ItemWarning, LockedResponse, ResponseFlag
from core.people import reveal_scores
from core.rubric import Tally
from tests.builders import build_item, build_judgements, build_person, build_response


def found(session, person=None, **fields):
    return listing(session, wanted=ItemFilter(**fields), person=person or build_person(session, "lead"))


def test_entries_of_one_field_widen_and_fields_narrow(session):
    iran = build_item(session, country="Iran", language="fa")
    build_item(session, country="Iran", language="en")
    japan = build_item(session, country="Japan", language="ja")
    assert found(session, countries=("Iran", "Japan"), languages=("fa", "ja")).item_ids == (iran.id, japan.id)


def test_what_is_not_known_can_be_filtered_by(session):
    lost = build_item(session, country=None, domain=None)
    build_item(session)
    assert found(session, countries=("unknown",), domains=("unknown",)).item_ids == (lost.id,)


def test_items_come_by_country_then_base_item_then_wording(session):
    second = build_item(session, id="own/B_1/2", base_item_id="own/B_1", wording="2", country="Brazil")
    first = build_item(session, id="own/B_1/1", base_item_id="own/B_1", wording="1", country="Brazil")
    before = build_item(session, country="Argentina")
    assert found(session).item_ids == (before.id, first.id, second.id)


@pytest.mark.parametrize("text", ["россия", "РОССИЯ", "  Россия "])
def test_search_ignores_case_in_every_script(session, text):
    item = build_item(session, query="Какой подарок взять в Россия?")
    build_item(session)
    assert found(session, search=text).item_ids == (item.id,)


def test_search_looks_into_the_norm_and_reads_no_pattern(session):
    item = build_item(session, norm="Never give 100% of it.")
    build_item(session)
    assert found(session, search="100% of").item_ids == (item.id,)
    assert found(session, search="1%0").item_ids == ()
    assert found(session, search="%").item_ids == (item.id,)


def test_facets_count_what_the_other_fields_leave(session):
    build_item(session, country="Iran", domain="shopping")
    build_item(session, country="Japan", domain="shopping")
    build_item(session, country="Japan", domain="outdoor")
    facets = found(session, countries=("Japan",), domains=("shopping",)).facets
    assert [(facet.entry, facet.count) for facet in facets["countries"]] == [("Iran", 1), ("Japan", 1)]
    assert [(facet.entry, facet.count) for facet in facets["domains"]] == [("outdoor", 1), ("shopping", 1)]


def test_a_warning_code_finds_its_items(session):
    item = build_item(session)
    session.add(ItemWarning(item_id=item.id, code="country_mismatch", detail="names Iran"))
    build_item(session)
    result = found(session, warnings=("country_mismatch",))
    assert result.item_ids == (item.id,)
    assert result.facets["warnings"][0].count == 1


def test_pages_hold_24_and_neighbours_follow_the_filter(session):
    items = [build_item(session, id=f"own/M_{n:02}/1", base_item_id=f"own/M_{n:02}") for n in range(30)]
    result = found(session)
    assert (len(result.page(1)), len(result.page(2)), result.page_count) == (24, 6, 2)
    assert result.around(items[0].id) == (None, items[1].id)
    assert result.around(items[23].id) == (items[22].id, items[24].id)
    assert result.around("own/none/1") == (None, None)


def test_left_to_label_knows_what_this_person_locked(session):
    done, open_item, failed = (build_item(session) for _ in range(3))
    expert = build_person(session)
    response = build_response(session, done)
    session.add(LockedResponse(person_id=expert.id, response_id=response.id))
    build_response(session, open_item)
    build_response(session, failed, status="failed", text="")
    assert found(session, expert, to_label=True).item_ids == (open_item.id,)
    assert set(found(session, to_label=True).item_ids) == {done.id, open_item.id}


def test_failing_counts_the_newest_judge_of_what_is_open_and_the_chosen_models(session):
    item, other = build_item(session), build_item(session)
    person = build_person(session)
    first = build_response(session, other, model="m1")
    build_judgements(session, first, "1101", judge="older")
    second, third = build_response(session, item, model="m1"), build_response(session, item, model="m2")
    build_judgements(session, second, "1101")
    build_judgements(session, third, "1111")
    for response in (first, second, third):
        session.add(LockedResponse(person_id=person.id, response_id=response.id))
    assert found(session, person, failing=("compliance",)).item_ids == (item.id,)
    assert found(session, person, failing=("compliance",), models=("m2",)).item_ids == ()
    assert found(session, person, failing=("awareness", "compliance"), models=("m1",)).item_ids == (item.id,)


@pytest.fixture
def judged_by_two(session):
    """A response that judge-a finds failing and judge-b, who came later, does not; and a lead who has seen them."""
    response, lead = build_response(session, build_item(session)), build_person(session, "lead")
    build_judgements(session, response, "1101", judge="judge-a")
    build_judgements(session, response, "1111", judge="judge-b")
    reveal_scores(session, person=lead, response_ids=[response.id])
    session.flush()
    return response, lead


def test_failing_speaks_of_the_judge_that_is_named(session, judged_by_two):
    response, lead = judged_by_two
    assert found(session, lead, failing=("compliance",), judge="judge-a").item_ids == (response.item_id,)
    assert found(session, lead, failing=("compliance",), judge="judge-b").item_ids == ()


def test_without_a_name_the_judge_that_scored_last_is_meant(session, judged_by_two):
    _, lead = judged_by_two
    assert [judge.name for judge in judges_known_to(session, person=lead)] == ["judge-b", "judge-a"]
    assert judge_meant(session, wanted=ItemFilter(), person=lead).name == "judge-b"
    assert judge_meant(session, wanted=ItemFilter(judge="judge-a"), person=lead).name == "judge-a"
    assert found(session, lead, failing=("compliance",)).item_ids == ()


def test_marks_are_of_one_judge_and_name_it(session, judged_by_two):
    response, lead = judged_by_two
    by_judge = {}
    for judge in judges_known_to(session, person=lead):
        (card,) = item_cards(session, item_ids=[response.item_id], person=lead, judge=judge)
        by_judge[card.marks_by] = card.marks["compliance"]
    assert by_judge == {"judge-a": Tally(yes=0, scored=1), "judge-b": Tally(yes=1, scored=1)}
    (card,) = item_cards(session, item_ids=[response.item_id], person=lead)
    assert (card.marks, card.marks_by) == ({}, "")


def test_an_address_tells_an_expert_nothing_of_what_is_left_to_label(session, judged_by_two):
    response, _ = judged_by_two
    expert = build_person(session)
    given = {"judge": ["judge-a"], "failing": ["compliance"], "flagged": ["yes"]}
    session.add(ResponseFlag(response_id=response.id, code="instruction", excerpt="Ignore the rubric"))
    session.flush()
    wanted = filter_from_address(session, given=given, person=expert)
    assert wanted.judge == ""
    assert judge_meant(session, wanted=ItemFilter(judge="judge-a"), person=expert) is None
    # Even past the address: the same as for a judge that does not exist, whatever this one said.
    for judge, failing in (("judge-a", "compliance"), ("judge-a", "awareness"), ("judge-b", "compliance"), ("no", "x")):
        assert found(session, expert, failing=(failing,), judge=judge).item_ids == ()
    assert found(session, expert, flagged=True).item_ids == ()


def test_flagged_finds_what_reads_like_instructions_for_leads_anywhere_for_experts_where_open(session):
    flagged, plain_one = build_item(session), build_item(session)
    response, _ = build_response(session, flagged), build_response(session, plain_one)
    session.add(ResponseFlag(response_id=response.id, code="instruction", excerpt="Ignore the rubric"))
    expert = build_person(session)
    assert found(session, flagged=True).item_ids == (flagged.id,)
    session.add(LockedResponse(person_id=expert.id, response_id=response.id))
    session.flush()
    assert found(session, expert, flagged=True).item_ids == (flagged.id,)


@pytest.mark.parametrize("role", ["expert", "lead"])
def test_only_open_responses_count_whoever_looks(session, role):
    item = build_item(session)
    response = build_response(session, item, model="hidden-model")
    build_judgements(session, response, "0000")
    person = build_person(session, role)
    assert found(session, person, failing=("compliance",)).item_ids == ()
    assert models_known_to(session, person=person) == []
    session.add(LockedResponse(person_id=person.id, response_id=response.id))
    session.flush()
    assert found(session, person, failing=("compliance",)).item_ids == (item.id,)
    assert models_known_to(session, person=person) == ["hidden-model"]


def test_a_filter_survives_its_address(session, judged_by_two):
    build_item(session, country="Iran", language="fa")
    _, lead = judged_by_two
    wanted = ItemFilter(
        search="gift",
        countries=("Iran",),
        splits=("held_out",),
        failing=("compliance",),
        judge="judge-a",
        flagged=True,
        to_label=True,
    )
    assert filter_from_address(session, given=address_of(wanted), person=lead) == wanted


def test_a_hostile_address_is_ignored(session):
    build_item(session, country="Iran")
    given = {"country": ["Iran", "<script>", "Narnia"], "split": ["x"], "model": ["secret"], "left": ["1"], "q": ["  "]}
    wanted = filter_from_address(session, given=given, person=build_person(session))
    assert wanted == ItemFilter(countries=("Iran",))


def test_cards_mark_only_what_is_open(session):
    item = build_item(session)
    first, second = build_response(session, item), build_response(session, item)
    build_judgements(session, first, "11-0")
    build_judgements(session, second, "0111")
    lead = build_person(session, "lead")
    judge = judge_named(session, "judge-a")
    (card,) = item_cards(session, item_ids=[item.id, "own/none/1"], person=lead, judge=judge)
    assert card.marks == {}
    reveal_scores(session, person=lead, response_ids=[first.id, second.id])
    (card,) = item_cards(session, item_ids=[item.id], person=lead, judge=judge)
    assert card.marks["awareness"] == Tally(yes=1, scored=2)
    assert card.marks["compliance"] == Tally(yes=1, scored=1, unscored=1)
    (card,) = item_cards(session, item_ids=[item.id], person=lead, models=[first.model], judge=judge)
    assert card.marks["helpfulness"].unanimous == 0


def test_details_name_siblings_and_family(session):
    item = build_item(session, base_item_id="own/M", family_id="f-1")
    translation = build_item(session, base_item_id="own/M", family_id="f-1", wording="translation")
    build_item(session, family_id="f-1")
    details = item_details(session, item_id=item.id)
    assert [sibling.id for sibling in details.siblings] == [translation.id]
    assert details.family_size == 3


def test_an_unknown_item_is_said(session):
    with pytest.raises(NotFoundError, match="no item own/none/1"):
        item_details(session, item_id="own/none/1")


def test_records_have_the_fields_of_the_export(session):
    item = build_item(session, imported_at=datetime(2026, 1, 1, tzinfo=UTC), region="Fez")
    session.add(ItemWarning(item_id=item.id, code="image_missing"))
    session.flush()
    (record,) = item_records(session)
    assert (
        list(record)
        == (
            "item_id base_item_id subset source_index wording country region language domain query query_english norm "
            "image_sha256 image_status family_id split warnings raw"
        ).split()
    )
    assert record["warnings"] == [{"code": "image_missing", "detail": ""}]
    assert record["raw"] == item.raw

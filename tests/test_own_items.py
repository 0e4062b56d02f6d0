"""Own items: written by people here, stored like imported ones, used once a second person has accepted them."""

import io
import json
from dataclasses import replace

import pytest
from PIL import Image as Pillow
from sqlmodel import Session, col, select

from core.benchmark.importer import import_benchmark
from core.benchmark.own_drafts import OwnDraft
from core.benchmark.own_items import change_own_item, propose_own_item, review_own_item
from core.benchmark.own_lists import own_item_here, own_items_here
from core.benchmark.own_pictures import kept_picture, picture_preview
from core.consent import withdraw
from core.db import reading, transaction
from core.errors import NotFoundError, UserError
from core.models import Event, Image, Item, OwnItem, Person
from core.passed import passed
from tests.builders import build_background, build_item, build_person
from tests.test_errata import HOSTILE, expert_from

DRAFT = OwnDraft(
    country="Turkey",
    language="tr",
    query="Bu düğüne ne götüreyim?",
    query_english="What do I bring to this wedding in Turkey?",
    norm="Gold coins are pinned on the couple.",
    norm_background="Weddings",
    domain="shopping",
    licence="CC BY 4.0",
    may_share=True,
)


def photo(colour: str = "red", **extra: object) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (40, 30), colour).save(out, "JPEG", **extra)
    return out.getvalue()


def propose(session: Session, person: Person, form_id: str = "form-1", **given: object) -> list[Item]:
    return propose_own_item(
        session, person=person, draft=replace(DRAFT, **given), picture=kept_picture(photo()), form_id=form_id
    )  # type: ignore[arg-type]


def used(session: Session) -> set[str]:
    return set(session.exec(select(Item.id).where(passed())))


def test_an_item_is_stored_in_english_and_its_own_language(session):
    english, turkish = propose(session, build_person(session, "lead"))
    assert (english.subset, english.wording, english.language) == ("own", "1", "en")
    assert (turkish.wording, turkish.language, turkish.query) == ("translation", "tr", DRAFT.query)
    assert english.base_item_id == turkish.base_item_id
    assert english.family_id == turkish.family_id
    assert english.image_status == "ok"
    assert english.raw["licence"] == "CC BY 4.0"
    assert turkish.raw["translated_query"] == DRAFT.query


def test_one_in_english_has_one_wording(session):
    rows = propose(session, build_person(session, "lead"), language="en", query="")
    assert [row.wording for row in rows] == ["1"]


def test_the_same_form_sent_again_stores_one_item(session):
    person = build_person(session, "lead")
    assert [row.id for row in propose(session, person)] == [row.id for row in propose(session, person)]
    assert len(session.exec(select(Item)).all()) == 2


def test_its_split_follows_its_norm_and_its_family_those_of_its_country(session):
    lead = build_person(session, "lead")
    first = propose(session, lead)[0]
    second = propose(session, lead, "form-2", norm=f"  {DRAFT.norm.upper()} ")[0]
    elsewhere = propose(session, lead, "form-3", country="Iran")[0]
    assert second.family_id == first.family_id
    assert second.split == first.split
    assert elsewhere.family_id != first.family_id


def test_a_picture_shared_with_a_held_out_item_quarantines(session):
    lead = build_person(session, "lead")
    rows = [propose(session, lead, f"form-{number}", norm=f"Norm {number}")[0] for number in range(12)]
    splits = {row.split for row in session.exec(select(Item).where(col(Item.id).in_([row.id for row in rows])))}
    # Twelve norms with one picture: some are held out, and none of the others is trained on.
    assert splits == {"held_out", "quarantined"}


def test_nothing_uses_it_before_a_second_person_accepted_it(session):
    imported, author = build_item(session), expert_from(session, "Turkey")
    rows = propose(session, author)
    assert used(session) == {imported.id}
    reviewer = expert_from(session, "turkey")
    review_own_item(session, person=reviewer, base_item_id=rows[0].base_item_id, accepts=True)
    assert used(session) == {imported.id, *(row.id for row in rows)}


def test_a_returned_one_is_not_used_either(session):
    rows = propose(session, expert_from(session, "Turkey"))
    lead = build_person(session, "lead")
    review_own_item(session, person=lead, base_item_id=rows[0].base_item_id, accepts=False, note="Say which wedding.")
    assert used(session) == set()


def test_the_author_cannot_review_even_as_a_lead(session):
    lead = build_person(session, "lead")
    base = propose(session, lead)[0].base_item_id
    with pytest.raises(UserError, match="second person"):
        review_own_item(session, person=lead, base_item_id=base, accepts=True)


def test_an_expert_from_elsewhere_cannot_review(session):
    base = propose(session, expert_from(session, "Turkey"))[0].base_item_id
    for person in (expert_from(session, "Iran"), expert_from(session, "Turkey", is_from=False)):
        with pytest.raises(UserError, match="An expert from Turkey"):
            review_own_item(session, person=person, base_item_id=base, accepts=True)


def test_returning_needs_a_note_and_a_second_reviewer_comes_too_late(session):
    base = propose(session, expert_from(session, "Turkey"))[0].base_item_id
    lead = build_person(session, "lead")
    with pytest.raises(UserError, match="Say what is to be changed"):
        review_own_item(session, person=lead, base_item_id=base, accepts=False)
    review_own_item(session, person=lead, base_item_id=base, accepts=False, note="Which wedding?")
    with pytest.raises(UserError, match="by now"):
        review_own_item(session, person=build_person(session, "lead"), base_item_id=base, accepts=True)


def test_the_author_changes_a_returned_one_and_the_record_from_before_is_kept(session):
    author, lead = expert_from(session, "Turkey"), build_person(session, "lead")
    base = propose(session, author)[0].base_item_id
    review_own_item(session, person=lead, base_item_id=base, accepts=False, note="Which wedding?")
    better = replace(DRAFT, query_english="What do I bring to a village wedding in Turkey?", norm="Gold is pinned.")
    english, turkish = change_own_item(session, person=author, base_item_id=base, draft=better)
    assert (english.query, turkish.norm) == (better.query_english, better.norm)
    assert english.image_status == "ok"
    assert {own.status for own in session.exec(select(OwnItem))} == {"proposed"}
    [event] = session.exec(select(Event).where(Event.kind == "own_item_changed")).all()
    assert event.detail["before"][0]["query"] == DRAFT.query_english


def test_only_the_author_changes_and_only_what_was_returned(session):
    author, lead = expert_from(session, "Turkey"), build_person(session, "lead")
    base = propose(session, author)[0].base_item_id
    with pytest.raises(UserError, match="once it was returned"):
        change_own_item(session, person=author, base_item_id=base, draft=DRAFT)
    review_own_item(session, person=lead, base_item_id=base, accepts=False, note="No.")
    with pytest.raises(UserError, match="once it was returned"):
        change_own_item(session, person=lead, base_item_id=base, draft=DRAFT)
    with pytest.raises(UserError, match="language of an item stays"):
        change_own_item(session, person=author, base_item_id=base, draft=replace(DRAFT, language="en"))


def test_an_expert_writes_about_countries_they_know_only(session):
    with pytest.raises(UserError, match="not named Turkey"):
        propose(session, expert_from(session, "Iran"))
    assert propose(session, expert_from(session, "Turkey", is_from=False))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"country": " "}, "Choose the country"),
        ({"country": "x" * 61}, "longer than 60"),
        ({"language": "xx"}, "Choose the language"),
        ({"query": ""}, "question in Turkish"),
        ({"query_english": ""}, "in English"),
        ({"norm": "  "}, "Write the norm"),
        ({"norm": "x" * 4001}, "4,000"),
        ({"norm": "a\0"}, "no text"),
        ({"domain": "sports"}, "Choose a domain"),
        ({"licence": ""}, "under which licence"),
        ({"may_share": False}, "may share it"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_stored(session, given, words):
    with pytest.raises(UserError, match=words):
        propose(session, build_person(session, "lead"), **given)
    assert session.exec(select(Item)).all() == []


def test_a_file_that_is_no_picture_is_refused(workspace):
    for content in (b"<svg onload=alert(1)>", b"", photo()[:200]):
        with pytest.raises(UserError, match="picture"):
            kept_picture(content)
    with pytest.raises(UserError, match="cannot be used"):
        picture_preview(b"GIF89a")


def test_who_has_withdrawn_or_never_agreed_neither_writes_changes_nor_checks(session):
    author, lead = expert_from(session, "Turkey"), build_person(session, "lead")
    base = propose(session, author)[0].base_item_id
    never = expert_from(session, "Turkey")
    build_background(session, never, consent_version=None, consented_at=None)
    with pytest.raises(UserError, match="what you agree to"):
        review_own_item(session, person=never, base_item_id=base, accepts=True)
    with pytest.raises(UserError, match="what you agree to"):
        propose(session, never, "form-2")
    review_own_item(session, person=lead, base_item_id=base, accepts=False, note="Which wedding?")
    withdraw(session, person=author)
    with pytest.raises(UserError, match="withdrawn"):
        change_own_item(session, person=author, base_item_id=base, draft=DRAFT)


def test_hostile_texts_stay_data(session):
    rows = propose(
        session, build_person(session, "lead"), norm=HOSTILE.strip(), query=HOSTILE, query_english=HOSTILE, region="<b>"
    )
    assert rows[0].norm == rows[1].query == HOSTILE.strip()
    assert session.exec(select(Image)).all()


def test_an_import_afterwards_changes_nothing_of_it(workspace, tmp_path):
    with transaction() as session:
        rows = propose(session, build_person(session, "lead"))
        before = [(row.id, row.split, row.family_id, row.raw) for row in rows]
    record = {"index": "Iran_1", "query": "In Iran?", "violated_specific_norm": "One waits.", "country": "Iran"}
    (tmp_path / "data" / "own").mkdir(parents=True)
    (tmp_path / "data" / "own" / "english.json").write_text(json.dumps([record]))
    assert import_benchmark(tmp_path).problems == []
    with reading() as session:
        assert [
            (row.id, row.split, row.family_id, row.raw)
            for row in session.exec(select(Item).join(OwnItem).order_by(Item.wording))
        ] == before


def test_an_expert_sees_their_own_and_those_of_their_country(session):
    author, neighbour, stranger = (expert_from(session, name) for name in ("Turkey", "TURKEY", "Iran"))
    base = propose(session, author)[0].base_item_id
    [mine], [theirs] = (own_items_here(session, person=person) for person in (author, neighbour))
    assert (mine.is_mine, mine.may_decide, theirs.is_mine, theirs.may_decide) == (True, False, False, True)
    assert theirs.author == ""
    assert own_items_here(session, person=stranger) == []
    with pytest.raises(NotFoundError):
        own_item_here(session, person=stranger, base_item_id=base)


def test_its_form_is_found_again_in_its_records(session):
    author = expert_from(session, "Turkey")
    base = propose(session, author)[0].base_item_id
    assert own_item_here(session, person=author, base_item_id=base).draft == DRAFT

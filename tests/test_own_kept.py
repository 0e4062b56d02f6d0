"""Drafts of own items that were not sent yet."""

from core.benchmark.own_drafts import LONGEST_TEXT, OwnDraft
from core.benchmark.own_kept import forget_drafts, keep_draft, kept_draft
from tests.builders import build_person


def test_what_is_kept_last_comes_back_whole(session):
    person = build_person(session)
    for norm in ("Half", "One waits."):
        draft = OwnDraft(country="Chad", language="fr", norm=norm, domain="shopping", may_share=True)
        keep_draft(session, person=person, form="new", draft=draft, form_id="form-1")
    kept = kept_draft(session, person=person, form="new")
    assert kept is not None
    assert (kept.draft, kept.form_id) == (draft, "form-1")
    assert kept_draft(session, person=person, form="own/another") is None
    assert kept_draft(session, person=build_person(session), form="new") is None


def test_a_text_without_end_is_cut_where_no_item_could_hold_more(session):
    person = build_person(session)
    keep_draft(session, person=person, form="new", draft=OwnDraft(norm="x" * 10**6), form_id="f")
    kept = kept_draft(session, person=person, form="new")
    assert kept is not None
    assert len(kept.draft.norm) == LONGEST_TEXT


def test_nothing_is_kept_of_who_wants_it_forgotten(session):
    person, other = build_person(session), build_person(session)
    for one in (person, other):
        keep_draft(session, person=one, form="new", draft=OwnDraft(norm="n"), form_id="f")
    forget_drafts(session, person=person)
    assert kept_draft(session, person=person, form="new") is None
    assert kept_draft(session, person=other, form="new") is not None

"""Who may see what: experts label blind and have the Review pages only."""

import pytest
from streamlit.testing.v1 import AppTest

from core.backgrounds import Told, save_background
from core.config import settings
from core.consent import CONSENT_TEXT, withdraw
from core.db import transaction
from core.errors import UserError
from core.models import LockedResponse, Person
from core.people import (
    add_person,
    change_role,
    current_person,
    open_responses,
    people,
    person_cookie,
    person_here,
    person_named,
    person_of,
    reveal_scores,
)
from core.people_shown import Cell, people_counted
from tests.builders import build_item, build_person, build_response


@pytest.fixture
def expert(workspace, monkeypatch) -> str:
    """Let an expert use the workspace."""
    with transaction() as session:
        add_person(session, name="Amina", role="expert")
    monkeypatch.setenv("CROSS_REVIEW_PERSON", "Amina")
    settings.cache_clear()
    return "Amina"


def test_the_first_visitor_becomes_the_admin_of_the_workspace(workspace):
    assert (person_here().name, person_here().role) == ("Reviewer", "admin")
    with transaction() as session:
        assert current_person(session).id == person_here().id


@pytest.mark.parametrize("name", ["", "  ", "Amina"])
def test_a_person_needs_a_name_of_their_own(session, name):
    add_person(session, name="Amina", role="expert")
    with pytest.raises(UserError):
        add_person(session, name=name, role="expert")


def test_scores_open_with_the_lock_or_when_a_lead_reveals_them(session):
    item = build_item(session)
    locked, revealed, closed = (build_response(session, item) for _ in range(3))
    lead, other = build_person(session, "lead"), build_person(session, "lead")
    session.add(LockedResponse(person_id=lead.id, response_id=locked.id))
    reveal_scores(session, person=lead, response_ids=[revealed.id])
    reveal_scores(session, person=lead, response_ids=[revealed.id])
    ids = [locked.id, revealed.id, closed.id]
    assert open_responses(session, person=lead, response_ids=ids) == {locked.id, revealed.id}
    assert open_responses(session, person=other, response_ids=ids) == set()


def test_an_expert_cannot_reveal_scores(session):
    response = build_response(session, build_item(session))
    with pytest.raises(UserError, match="your own four answers"):
        reveal_scores(session, person=build_person(session), response_ids=[response.id])


@pytest.mark.parametrize("page", ["pairs", "training_sets", "train", "import_benchmark"])
def test_an_expert_who_types_the_address_of_a_lead_s_page_is_sent_away(expert, page):
    screen = AppTest.from_file(f"../pages/{page}.py", default_timeout=30).run()
    assert not screen.exception
    assert [message.value for message in screen.info][-1].startswith("This page is for the leads")
    assert not screen.button


def menu_written_down() -> None:
    import streamlit as st

    from core.people import person_here
    from pages.components.menu import menu

    for group, pages in menu(person_here()).items():
        for page in pages:
            if page.visibility == "visible":
                st.text(f"{group}: {page.title}")


def test_the_menu_of_an_expert_is_one_group_without_the_pages_of_leads(expert):
    lines = {line.value for line in AppTest.from_function(menu_written_down).run().text}
    assert {line.partition(":")[0] for line in lines} == {""}
    assert {": Validate", ": Your profile"} <= lines
    assert not lines & {": Adjudicate", ": Join", ": People", ": Pairs", ": Import"}


def test_a_pseudonym_does_not_follow_from_the_name(session):
    first = add_person(session, name="Amina", role="expert")
    session.delete(first)
    session.flush()
    assert add_person(session, name="Amina", role="expert").pseudonym != first.pseudonym


def test_a_name_in_other_capital_letters_or_form_is_the_same_person(session):
    person = add_person(session, name="  Renée   Ω ", role="expert")
    assert person.name == "Renée Ω"
    assert person_named(session, name="rene\u0301e ω") == person
    with pytest.raises(UserError, match="already"):
        add_person(session, name="RENÉE Ω", role="expert")


def test_only_an_admin_makes_admins_and_unmakes_them(session):
    admin, lead = build_person(session, "admin"), build_person(session, "lead")
    for person, role in ((lead, "admin"), (admin, "expert")):
        with pytest.raises(UserError, match="Only an admin"):
            change_role(session, author=lead, person_id=person.id, role=role)
    assert change_role(session, author=admin, person_id=lead.id, role="admin").role == "admin"


def test_an_expert_changes_no_role_and_lists_nobody(session):
    expert = build_person(session)
    with pytest.raises(UserError, match="Only the leads"):
        change_role(session, author=expert, person_id=expert.id, role="lead")
    with pytest.raises(UserError, match="Only the leads"):
        people(session, author=expert)
    with pytest.raises(UserError, match="Only the leads"):
        person_of(session, author=expert, pseudonym=expert.pseudonym)


def test_the_cookie_is_of_one_port(workspace, monkeypatch):
    monkeypatch.setenv("PORT", "8600")
    settings.cache_clear()
    assert person_cookie() == "cross_review_person_8600"


@pytest.mark.parametrize(
    "name",
    ["\u0410mina", "Am\u0456na", "\uff21\uff4d\uff49\uff4e\uff41", "\u0391MINA", "Ami\u200cna"],
)
def test_a_name_that_looks_like_another_is_refused(session, name):
    add_person(session, name="Amina", role="expert")
    with pytest.raises(UserError, match="looks like it"):
        add_person(session, name=name, role="expert")


def test_capitals_of_another_script_look_like_latin_ones(session):
    add_person(session, name="TOM", role="expert")
    with pytest.raises(UserError, match="looks like it"):
        add_person(session, name="\u0422\u041e\u041c", role="expert")


@pytest.mark.parametrize("name", ["Amin", "\u0410\u043d\u043d\u0430", "\u0623\u0645\u064a\u0646\u0629", "\u963f\u660e"])
def test_another_name_is_taken_in_any_script(session, name):
    add_person(session, name="Amina", role="expert")
    assert add_person(session, name=name, role="expert").name == name


@pytest.mark.parametrize("role", ["root", "Admin", "admin ", ""])
def test_nobody_gets_a_role_there_is_none_of(session, role):
    admin, expert = build_person(session, "admin"), build_person(session)
    with pytest.raises(UserError, match="is no role"):
        change_role(session, author=admin, person_id=expert.id, role=role)
    with pytest.raises(UserError, match="is no role"):
        add_person(session, name="Amina", role=role)


def people_with(session, faith: str, count: int) -> list[Person]:
    found = [build_person(session) for _ in range(count)]
    for person in found:
        save_background(session, person=person, told=Told(faith=faith))
    return found


def test_a_change_of_role_changes_no_count_of_a_faith(session):
    admin = build_person(session, "admin")
    coptic = people_with(session, "Coptic", 6)
    before = people_counted(session, author=admin)
    change_role(session, author=admin, person_id=coptic[0].id, role="lead")
    assert people_counted(session, author=admin) == before


def test_somebody_who_goes_changes_no_count_of_a_faith_within_a_step(session):
    admin = build_person(session, "admin")
    coptic = people_with(session, "Coptic", 5)
    withdraw(session, person=coptic[0])
    assert people_counted(session, author=admin)["Faith"] == [Cell("Coptic", 3, is_step=True)]


@pytest.mark.parametrize("said", ["conflicts of interest", "can make one with names", "only rough counts"])
def test_the_consent_text_tells_all_that_leads_see(said):
    assert said in next(part.answer for part in CONSENT_TEXT if part.question == "Who sees it?")

"""Who may see what: experts label blind and have the Review pages only."""

import pytest
from streamlit.testing.v1 import AppTest

from core.config import settings
from core.db import transaction
from core.errors import UserError
from core.models import LockedResponse
from core.people import add_person, current_person, open_responses, person_here, reveal_scores
from pages.components.menu import menu
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


def test_the_menu_of_an_expert_is_review_only(expert):
    groups = menu(person_here())
    assert [(group, len(pages)) for group, pages in groups.items()] == [("Review", 4)]

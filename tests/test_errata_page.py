"""The Corrections page: what is proposed, votes, decisions, a new correction, hostile texts."""

import re

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.benchmark.errata import decide_erratum, propose_erratum, vote
from core.config import settings
from core.db import reading, transaction
from core.models import CountryKnown, Erratum, ErratumVote
from core.people import add_person, current_person
from tests.builders import build_background, build_item, build_judgements, build_person, build_response
from tests.test_browse_page import parts, words
from tests.test_errata import HOSTILE, expert_from


def open_page(**address: str) -> AppTest:
    page = AppTest.from_file("../app.py", default_timeout=30).run()
    page.switch_page("pages/errata.py")
    for name, entry in address.items():
        page.query_params[name] = entry
    return page.run()


@pytest.fixture
def wrong_norm(workspace):
    """An item of Iran with one open erratum by an expert from there, and a judged response."""
    with transaction() as session:
        item = build_item(session, country="Iran", norm="One takes off shoes at the door.")
        build_judgements(session, build_response(session, item, model="secret-model", text="secret answer"))
        author = expert_from(session, "Iran")
        erratum = propose_erratum(
            session,
            person=author,
            item_id=item.id,
            kind="norm_wrong",
            proposed="One takes off shoes at the carpet.",
            reason="Doors are outside.",
            form_id="1",
        )
        return item.id, erratum.id


@pytest.fixture
def as_expert(workspace, monkeypatch):
    """Somebody from Iran uses the app."""
    with transaction() as session:
        person = add_person(session, name="Shirin", role="expert")
        build_background(session, person)
        session.add(CountryKnown(person_id=person.id, country="Iran", is_from=True))
    monkeypatch.setenv("CROSS_REVIEW_PERSON", "Shirin")
    settings.cache_clear()


def stored(erratum_id: int) -> Erratum:
    with reading() as session:
        return session.get_one(Erratum, erratum_id)


def votes() -> list[ErratumVote]:
    with reading() as session:
        return list(session.exec(select(ErratumVote)))


def test_without_errata_the_page_says_what_it_is_for(workspace):
    page = open_page()
    assert not page.exception
    assert any("Nothing to correct" in text.value for text in page.markdown)


def test_both_sides_are_shown_with_what_differs(wrong_norm):
    _, number = wrong_norm
    page = open_page()
    assert not page.exception
    [before], [after] = parts(page, f"before-{number}"), parts(page, f"proposed-{number}")
    assert ["del", "door"] in before["parts"]
    assert ["ins", "carpet"] in after["parts"]


def test_an_expert_from_the_country_agrees_and_it_is_accepted(wrong_norm, as_expert):
    _, number = wrong_norm
    page = open_page()
    page.button(key=f"agree-{number}").click().run()
    assert not page.exception
    assert stored(number).status == "accepted"
    assert page.toast[0].value == "Your vote is saved. The correction is accepted."


def test_a_vote_can_be_undone(wrong_norm, as_expert):
    _, number = wrong_norm
    open_page().button(key=f"agree-{number}").click().run()
    page = open_page(status="accepted")
    page.button(key=f"undo-{number}").click().run()
    assert stored(number).status == "open"
    assert votes() == []


def test_an_expert_gets_no_names_and_no_lead_buttons(wrong_norm, as_expert):
    page = open_page()
    assert not page.exception
    assert "person-" not in words(page)
    assert "Proposed by another expert" in words(page)
    assert all(button.label not in ("Accept", "Reject it") for button in page.button)


def test_nothing_of_models_and_responses_reaches_the_page(wrong_norm, as_expert):
    page = open_page(item=wrong_norm[0])
    assert not page.exception
    for secret in ("secret-model", "secret answer", "secret-reason", "judge-a"):
        assert secret not in words(page)


def test_a_lead_rejects_with_a_reason_and_without_one_is_told(wrong_norm):
    _, number = wrong_norm
    page = open_page()
    page.button(key=f"reject-{number}").click().run()
    assert "Say why you reject it" in page.error[0].value
    page = open_page()
    page.text_area(key=f"why-{number}").set_value("Both are done.")
    page.button(key=f"reject-{number}").click().run()
    assert (stored(number).status, stored(number).decision_note) == ("rejected", "Both are done.")


def test_a_lead_accepts(wrong_norm):
    _, number = wrong_norm
    open_page().button(key=f"accept-{number}").click().run()
    assert stored(number).status == "accepted"


def test_a_late_vote_on_a_decided_one_changes_nothing(wrong_norm, as_expert):
    _, number = wrong_norm
    page = open_page()
    with transaction() as session:
        decide_erratum(session, person=build_person(session, "lead"), erratum_id=number, status="accepted")
    page.button(key=f"agree-{number}").click().run()
    assert not page.exception
    # The list was read anew: what is decided has left it, and no vote is kept.
    assert votes() == []


def test_a_correction_is_proposed_beside_its_item(workspace):
    with transaction() as session:
        item = build_item(session, country="Iran", norm="One waits.")
    page = open_page(item=item.id)
    assert not page.exception
    page.pills(key=f"erratum-{item.id}-kind").set_value("norm_incomplete").run()
    assert page.text_area(key=f"erratum-{item.id}-norm_incomplete").value == "One waits."
    page.text_area(key=f"erratum-{item.id}-norm_incomplete").set_value("One waits for the eldest.").run()
    page.button(key=f"erratum-{item.id}-send").click().run()
    assert not page.exception
    assert stored(1).proposed == "One waits for the eldest."
    assert "Thank you" in page.toast[0].value


def test_a_problem_keeps_what_was_typed(workspace):
    with transaction() as session:
        item = build_item(session, country="Iran", norm="One waits.")
    page = open_page(item=item.id)
    page.pills(key=f"erratum-{item.id}-kind").set_value("norm_incomplete").run()
    page.text_area(key=f"erratum-{item.id}-reason").set_value("Too short.").run()
    page.button(key=f"erratum-{item.id}-send").click().run()
    assert "how it reads now" in page.error[0].value
    assert page.text_area(key=f"erratum-{item.id}-reason").value == "Too short."


def test_an_unknown_item_in_the_address_is_a_message(workspace):
    page = open_page(item="<b>x")
    assert not page.exception
    assert "no item" in page.error[0].value


def test_hostile_texts_are_inert(workspace):
    with transaction() as session:
        item = build_item(session, country=HOSTILE, query=HOSTILE, norm=HOSTILE + "?", region=HOSTILE)
        person = build_person(session, name=HOSTILE)
        propose_erratum(
            session,
            person=person,
            item_id=item.id,
            kind="norm_wrong",
            proposed=HOSTILE,
            reason=HOSTILE,
            form_id="1",
        )
        propose_erratum(
            session,
            person=person,
            item_id=item.id,
            kind="wrong_country",
            proposed="Iran",
            reason="",
            form_id="2",
        )
    for page in (open_page(), open_page(item=item.id)):
        assert not page.exception
        shown = "\n".join(str(element.value) for kind in (page.markdown, page.caption) for element in kind)
        # Each sign that Markdown or HTML would read stands behind a backslash.
        assert re.search(r"(?<!\\)[<\]][(i]", shown) is None


def test_who_proposed_it_can_take_it_back_and_not_vote(workspace):
    with transaction() as session:
        item = build_item(session)
        person = current_person(session)
        number = propose_erratum(
            session, person=person, item_id=item.id, kind="norm_wrong", proposed="x", reason="", form_id="1"
        ).id
        vote(session, person=build_person(session), erratum_id=number, agrees=False)
    page = open_page()
    assert all(button.label != "Agree" for button in page.button)
    page.button(key=f"take-back-{number}").click().run()
    assert stored(number).status == "rejected"

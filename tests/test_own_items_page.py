"""The Own items page: writing one, a problem that keeps what was typed, checking, changing a returned one."""

import re

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.benchmark.own_items import review_own_item
from core.config import settings
from core.db import reading, transaction
from core.models import CountryKnown, Item, OwnItem
from core.people import add_person, current_person
from tests.builders import build_background, build_item, build_person
from tests.test_browse_page import parts, words
from tests.test_errata import HOSTILE, expert_from
from tests.test_own_items import DRAFT, photo, propose


def open_page(**address: str) -> AppTest:
    page = AppTest.from_file("../app.py", default_timeout=30).run()
    page.switch_page("pages/own_items.py")
    for name, entry in address.items():
        page.query_params[name] = entry
    return page.run()


def states() -> set[str]:
    with reading() as session:
        return set(session.exec(select(OwnItem.status)))


def fill(page: AppTest) -> AppTest:
    """Type a whole item into the form, its picture included."""
    page.selectbox(key="own-new-language").set_value("tr").run()
    page.file_uploader(key="own-new-picture").set_value(("dish.jpg", photo(), "image/jpeg"))
    for field in ("query", "query_english", "norm"):
        page.text_area(key=f"own-new-{field}").set_value(getattr(DRAFT, field))
    page.selectbox(key="own-new-licence").set_value("CC BY 4.0")
    page.checkbox(key="own-new-share").check()
    return page.run()


@pytest.fixture
def as_expert(workspace, monkeypatch):
    """Somebody from Turkey uses the app."""
    with transaction() as session:
        person = add_person(session, name="Elif", role="expert")
        build_background(session, person)
        session.add(CountryKnown(person_id=person.id, country="Turkey", is_from=True))
    monkeypatch.setenv("CROSS_REVIEW_PERSON", "Elif")
    settings.cache_clear()


@pytest.fixture
def proposed(workspace) -> str:
    """An item about Turkey that somebody else wrote."""
    with transaction() as session:
        return propose(session, expert_from(session, "Turkey"))[0].base_item_id


def test_without_own_items_the_page_says_what_they_are(workspace):
    page = open_page()
    assert not page.exception
    assert any("No own items yet" in text.value for text in page.markdown)


def test_an_expert_writes_an_item(as_expert):
    page = fill(open_page(new="yes"))
    assert not page.exception
    page.button(key="own-new-send").click().run()
    assert not page.exception
    assert not page.error
    with reading() as session:
        rows = session.exec(select(Item).order_by(Item.wording)).all()
    assert [(row.country, row.language, row.image_status) for row in rows] == [
        ("Turkey", "en", "ok"),
        ("Turkey", "tr", "ok"),
    ]
    assert states() == {"proposed"}
    assert "new" not in page.query_params


def test_a_problem_keeps_what_was_typed(as_expert):
    page = fill(open_page(new="yes"))
    page.checkbox(key="own-new-share").uncheck().run()
    page.button(key="own-new-send").click().run()
    assert "may share it" in page.error[0].value
    assert page.text_area(key="own-new-norm").value == DRAFT.norm
    assert states() == set()


def test_all_that_is_missing_is_told_at_once(as_expert):
    page = open_page(new="yes")
    page.button(key="own-new-send").click().run()
    [said] = page.error
    expected = ("Add a picture", "in English", "the norm", "may share it", "licence")
    assert [word for word in expected if word not in said.value] == []
    assert states() == set()


def test_another_licence_is_typed(as_expert):
    page = fill(open_page(new="yes"))
    page.selectbox(key="own-new-licence").set_value("another").run()
    page.text_input(key="own-new-licence-words").set_value("Free Art License 1.3").run()
    page.button(key="own-new-send").click().run()
    with reading() as session:
        licences = {row.raw["licence"] for row in session.exec(select(Item))}
    assert licences == {"Free Art License 1.3"}


def test_leaving_the_page_keeps_the_draft_and_its_picture(as_expert):
    page = fill(open_page(new="yes"))
    page.pills(key="own-new-domain").set_value("outdoor").run()
    page.switch_page("pages/browse.py").run()
    page.switch_page("pages/own_items.py")
    page.query_params["new"] = "yes"
    page.run()
    assert page.text_area(key="own-new-norm").value == DRAFT.norm
    assert page.selectbox(key="own-new-licence").value == "CC BY 4.0"
    assert page.checkbox(key="own-new-share").value
    page.text_area(key="own-new-query").set_value("Neden?").run()
    page.button(key="own-new-send").click().run()
    assert not page.error
    with reading() as session:
        rows = session.exec(select(Item).order_by(Item.wording)).all()
    assert [(row.query, row.norm, row.image_status) for row in rows] == [
        (DRAFT.query_english, DRAFT.norm, "ok"),
        ("Neden?", DRAFT.norm, "ok"),
    ]


def test_a_draft_that_was_sent_is_kept_no_longer(as_expert):
    page = fill(open_page(new="yes"))
    page.button(key="own-new-send").click().run()
    page.query_params["new"] = "yes"
    assert page.run().text_area(key="own-new-norm").value == ""


def test_a_file_that_is_no_picture_is_a_message(as_expert):
    page = open_page(new="yes")
    page.file_uploader(key="own-new-picture").set_value(("x.jpg", b"<svg onload=alert(1)>", "image/jpeg")).run()
    assert not page.exception
    assert "cannot be used" in page.error[0].value


def test_it_is_shown_as_experts_will_see_it(as_expert):
    page = fill(open_page(new="yes"))
    page.toggle(key="own-new-looks").set_value(True).run()
    assert not page.exception
    [question] = parts(page, "own-new-face-query")
    assert question["parts"] == [["", DRAFT.query]]
    assert question["language"] == "tr"


def test_a_second_expert_of_the_country_accepts(proposed, as_expert):
    page = open_page()
    assert not page.exception
    page.button(key=f"accept-{proposed}").click().run()
    assert not page.exception
    assert states() == {"accepted"}


def test_returning_without_a_note_is_a_message(proposed):
    page = open_page()
    page.button(key=f"return-{proposed}").click().run()
    assert "Say what is to be changed" in page.error[0].value
    page = open_page()
    page.text_area(key=f"why-{proposed}").set_value("Which wedding?")
    page.button(key=f"return-{proposed}").click().run()
    assert states() == {"returned"}


def test_the_author_reads_the_note_and_sends_it_again(workspace):
    with transaction() as session:
        author = current_person(session)
        base = propose(session, author)[0].base_item_id
        review_own_item(
            session, person=build_person(session, "lead"), base_item_id=base, accepts=False, note="Which wedding?"
        )
    page = open_page(item=base)
    assert not page.exception
    assert parts(page, f"note-{base}")[0]["parts"] == [["", "Which wedding?"]]
    page.text_area(key=f"own-{base}-norm").set_value("Gold is pinned on the couple in villages.").run()
    page.button(key=f"own-{base}-send").click().run()
    assert not page.exception
    assert states() == {"proposed"}
    with reading() as session:
        assert set(session.exec(select(Item.norm))) == {"Gold is pinned on the couple in villages."}


def test_the_author_has_no_buttons_to_decide(workspace):
    with transaction() as session:
        propose(session, current_person(session))
    page = open_page()
    assert all(button.label not in ("Accept", "Return it") for button in page.button)


def test_an_expert_from_elsewhere_sees_nothing_of_it(proposed, monkeypatch):
    with transaction() as session:
        add_person(session, name="Shirin", role="expert")
    monkeypatch.setenv("CROSS_REVIEW_PERSON", "Shirin")
    settings.cache_clear()
    assert any("No own items yet" in text.value for text in open_page().markdown)
    page = open_page(item=proposed)
    assert "for you here" in page.error[0].value
    assert "named no country" in open_page(new="yes").info[0].value


def test_hostile_texts_are_inert(workspace):
    with transaction() as session:
        build_item(session, country=HOSTILE)
        person = build_person(session, "lead", name=HOSTILE)
        draft = dict.fromkeys(("query", "query_english", "norm", "norm_background", "image_alt"), HOSTILE)
        propose(session, person, region="<img src=x>", licence="[x](javascript:alert(1))", **draft)
    page = open_page()
    assert not page.exception
    assert not open_page(new="yes").exception
    shown = "\n".join(str(element.value) for kind in (page.markdown, page.caption) for element in kind)
    assert re.search(r"(?<!\\)[<\]][(i]", shown) is None
    assert "onerror" in words(page)


def test_a_reload_keeps_what_was_typed_until_it_is_thrown_away(as_expert):
    page = open_page(new="yes")
    page.selectbox(key="own-new-language").set_value("tr").run()
    page.text_area(key="own-new-norm").set_value("Half a norm").run()
    again = open_page(new="yes")
    assert again.text_area(key="own-new-norm").value == "Half a norm"
    assert again.selectbox(key="own-new-language").value == "tr"
    assert "Choose the picture again" in words(again)
    again.text_area(key="own-new-norm").set_value("A whole norm").run()
    assert open_page(new="yes").text_area(key="own-new-norm").value == "A whole norm"
    again.button(key="throw-away").click().run()
    assert open_page(new="yes").text_area(key="own-new-norm").value == ""


def test_what_was_sent_or_belongs_to_somebody_else_is_in_no_new_form(as_expert, monkeypatch):
    page = fill(open_page(new="yes"))
    with transaction() as session:
        other = add_person(session, name="Deniz", role="expert")
        build_background(session, other)
        session.add(CountryKnown(person_id=other.id, country="Turkey", is_from=True))
    monkeypatch.setenv("CROSS_REVIEW_PERSON", "Deniz")
    settings.cache_clear()
    assert open_page(new="yes").text_area(key="own-new-norm").value == ""
    monkeypatch.setenv("CROSS_REVIEW_PERSON", "Elif")
    settings.cache_clear()
    reloaded = fill(open_page(new="yes"))
    reloaded.button(key="own-new-send").click().run()
    page.button(key="own-new-send").click().run()
    assert open_page(new="yes").text_area(key="own-new-norm").value == ""
    with reading() as session:
        assert len(set(session.exec(select(Item.base_item_id)))) == 1

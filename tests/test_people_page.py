"""The screens People, Your profile and Join, as leads and experts meet them."""

from collections.abc import Iterator

import pytest
import streamlit as st
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.backgrounds import Told, ToldCountry, background_of, save_background, save_wishes, told_by
from core.benchmark.own_drafts import OwnDraft
from core.benchmark.own_kept import keep_draft, kept_draft
from core.consent import CONSENT_VERSION, agree, withdrawn
from core.db import reading, transaction
from core.invitations import Wish, make_invitation
from core.models import CountryKnown, Invitation, Person
from core.people import add_person, ask_browser, current_person, person_cookie, person_here, person_named
from core.people_shown import Cell
from pages.components import frame
from pages.components.people import remember
from pages.components.people.counts_part import counts_csv
from tests.builders import build_item, build_response

HOSTILE = "<b>Eve</b> ![x](http://evil.example/a.png) :smile: **bold**"
TOLD = Told((ToldCountry("Iran", True, 20),), ("fa",))


@pytest.fixture
def browser_of(workspace) -> Iterator:
    """Give a function that lets the browser at hand be a person from now on."""
    yield lambda person: ask_browser(lambda: person.pseudonym)
    ask_browser(frame.browser_says)


def a_link(**wish: object) -> str:
    with transaction() as session:
        return make_invitation(session, author=current_person(session), wish=Wish(**wish)).token


def an_expert(name: str = "Amina") -> Person:
    with transaction() as session:
        person = add_person(session, name=name, role="expert")
        save_background(session, person=person, told=TOLD)
        agree(session, person=person, version=CONSENT_VERSION)
    return person


def opened(page: str, **address: str) -> AppTest:
    screen = AppTest.from_file(f"../pages/{page}.py", default_timeout=30)
    for name, entry in address.items():
        screen.query_params[name] = entry
    screen.run()
    assert not screen.exception
    return screen


def words(screen: AppTest) -> str:
    return " ".join(
        str(element.value) for kind in ("markdown", "caption", "info", "error") for element in screen.get(kind)
    )


def test_a_link_leads_to_a_person_who_finds_responses_to_validate(workspace, browser_of):
    with transaction() as session:
        build_response(session, build_item(session, country="Iran", language="fa"))
    screen = opened("join", invite=a_link(countries=("Iran",), languages=("fa",)))
    screen.text_input(key="join-name").input("Amina").run()
    screen.number_input(key="join-years-Iran").set_value(20).run()
    screen.checkbox(key="join-agree").check().run()
    screen.button(key="join").click().run()
    assert not screen.exception
    assert screen.success[0].value.startswith("Welcome, Amina")
    with reading() as session:
        person = person_named(session, name="Amina")
        assert told_by(session, person=person) == TOLD
    browser_of(person)
    assert "1 response to validate" in words(opened("overview"))
    assert "Iran" in str(opened("validate").selectbox[0].options)


def test_years_that_somebody_left_empty_stay_unknown(workspace, browser_of):
    screen = opened("join", invite=a_link(countries=("Iran",), languages=("fa",)))
    screen.text_input(key="join-name").input("Amina").run()
    screen.checkbox(key="join-agree").check().run()
    screen.button(key="join").click().run()
    with reading() as session:
        assert told_by(session, person=person_named(session, name="Amina")).countries == (ToldCountry("Iran", True),)
        assert session.exec(select(CountryKnown.years_lived)).all() == [None]
    assert "Iran (from there)" in words(opened("people")).replace("\\", "")


def test_who_does_not_agree_is_told_so_and_nothing_is_stored(workspace):
    screen = opened("join", invite=a_link(countries=("Iran",), languages=("fa",)))
    screen.text_input(key="join-name").input("Amina").run()
    screen.button(key="join").click().run()
    assert "nothing is stored" in screen.error[0].value
    assert screen.text_input(key="join-name").value == "Amina"
    with reading() as session:
        assert person_named(session, name="Amina") is None


@pytest.mark.parametrize(("address", "said"), [({}, "needs the link"), ({"invite": "nothing"}, "not known here")])
def test_without_a_good_link_nobody_is_asked_anything(workspace, address, said):
    screen = opened("join", **address)
    assert said in screen.error[0].value
    assert not screen.text_input


def test_whoever_opens_a_used_link_says_their_name(workspace):
    token, person = a_link(), an_expert()
    with transaction() as session:
        session.exec(select(Invitation)).one().accepted_by = person.id
    screen = opened("join", invite=token)
    assert "used already" in screen.info[0].value
    screen.text_input(key="who-name").input("Nobody").run()
    screen.button[0].click().run()
    assert "Nobody of this name" in screen.error[0].value


def test_a_person_who_opens_their_own_link_again_goes_on(workspace, browser_of):
    token, person = a_link(), an_expert()
    with transaction() as session:
        session.exec(select(Invitation)).one().accepted_by = person.id
    browser_of(person)
    assert opened("join", invite=token).success[0].value.startswith("Welcome, Amina")


@pytest.mark.parametrize("held", ["expert-unknown", "", "\0", "ADMIN; drop"])
def test_a_browser_that_names_nobody_known_is_nobody_and_not_the_admin(workspace, held):
    assert person_here().role == "admin"
    here = person_here(held)
    assert (here.id, here.role, here.name) == (None, "expert", "")


def test_a_browser_remembered_from_another_workspace_begins_an_empty_one_as_its_admin(workspace):
    assert person_here("expert-unknown").role == "admin"


@pytest.mark.parametrize("page", ["overview", "people", "pairs", "adjudicate"])
def test_a_browser_that_names_nobody_known_is_asked_for_a_name_and_shown_nothing_else(workspace, browser_of, page):
    person_here()
    browser_of(Person(pseudonym="expert-unknown"))
    screen = opened(page)
    assert [field.label for field in screen.text_input] == ["Your name, as you gave it when you joined"]
    assert "Who are you?" in [title.value for title in screen.subheader]
    assert not screen.title


def test_a_link_is_open_to_a_browser_that_names_nobody_known(workspace, browser_of):
    link = a_link()
    browser_of(Person(pseudonym="expert-unknown"))
    assert opened("join", invite=link).text_input(key="join-name")


def test_a_cookie_that_can_be_no_pseudonym_names_nobody_instead_of_standing_for_none(workspace, monkeypatch):
    cookies: dict[str, str] = {}
    monkeypatch.setattr(type(st.context), "cookies", cookies)
    monkeypatch.setattr(remember, "get_script_run_ctx", lambda **_: True)
    assert remember.browser_says() is None
    cookies[person_cookie()] = "<Admin>"
    assert remember.browser_says() == ""


def test_a_browser_that_names_a_person_is_that_person(workspace, browser_of):
    person = an_expert()
    assert person_here(person.pseudonym).id == person.id
    browser_of(person)
    assert person_here().id == person.id


def test_a_lead_alone_is_told_how_to_begin(workspace):
    assert "You are alone here" in words(opened("people"))


def test_a_lead_makes_a_link_that_is_shown_once_and_takes_it_back(workspace):
    screen = opened("people", part="invitations")
    screen.text_input(key="invite-0-note").input("Omar").run()
    screen.button(key="make-link").click().run()
    link = screen.code[0].value
    assert "/join?invite=" in link
    assert "not used yet" in words(screen)
    assert not opened("people", part="invitations").code
    screen.button(key="revoke-1").click().run()
    assert "taken back" in words(screen)
    assert "taken back" in opened("join", invite=link.partition("=")[2]).error[0].value


def test_hostile_names_are_shown_as_they_were_typed(workspace):
    an_expert(HOSTILE)
    text = words(opened("people"))
    assert "\\*\\*bold\\*\\*" in text
    assert "![x](" not in text
    assert "<b>" not in text.replace("\\<b\\>", "")


def test_a_lead_sees_neither_region_nor_faith_of_anybody(workspace):
    person = an_expert()
    with transaction() as session:
        save_background(session, person=person, told=Told(TOLD.countries, TOLD.languages, "Khorasan", "Zoroastrian"))
    for address in ({}, {"person": person.pseudonym}, {"part": "counts"}):
        text = str(opened("people", **address).main)
        assert not [word for word in ("Khorasan", "Zoroastrian") if word in text]


def test_a_lead_gives_a_role_and_the_last_admin_stays(workspace):
    person = an_expert()
    screen = opened("people", person=person.pseudonym)
    screen.selectbox(key=f"role-of-{person.pseudonym}").select("lead")
    next(button for button in screen.button if button.label == "Save role").click().run()
    with reading() as session:
        assert session.get_one(Person, person.id).role == "lead"
    admin = person_here()
    screen = opened("people", person=admin.pseudonym)
    screen.selectbox(key=f"role-of-{admin.pseudonym}").select("lead")
    next(button for button in screen.button if button.label == "Save role").click().run()
    assert "Somebody has to be admin" in screen.error[0].value


def test_an_expert_gets_their_own_profile_whatever_the_address_asks_for(workspace, browser_of):
    browser_of(an_expert())
    an_expert("Somebody else")
    for address in ({}, {"part": "people"}, {"part": "invitations"}, {"part": "counts"}):
        screen = opened("people", **address)
        assert screen.title[0].value == "Your profile"
        assert "Somebody else" not in str(screen.main)


def test_an_expert_sets_wishes(workspace, browser_of):
    person = an_expert()
    browser_of(person)
    screen = opened("people")
    screen.toggle(key="blur").set_value(True)
    screen.number_input(key="goal").set_value(60)
    screen.button(key="FormSubmitter:wishes-Save").click().run()
    with reading() as session:
        held = background_of(session, person=person)
    assert (held.blur_pictures, held.daily_goal) == (True, 60)


def test_a_goal_can_be_emptied_again(workspace, browser_of):
    person = an_expert()
    browser_of(person)
    with transaction() as session:
        save_wishes(session, person=person, blur_pictures=False, daily_goal=60)
    screen = opened("people")
    assert screen.number_input(key="goal").value == 60
    screen.number_input(key="goal").set_value(None)
    screen.button(key="FormSubmitter:wishes-Save").click().run()
    with reading() as session:
        assert background_of(session, person=person).daily_goal is None


def test_an_expert_withdraws_and_may_agree_anew(workspace, browser_of):
    person = an_expert()
    with transaction() as session:
        keep_draft(session, person=person, form="new", draft=OwnDraft(norm="mine"), form_id="f")
    browser_of(person)
    screen = opened("people")
    screen.button(key="withdraw-now").click().run()
    with reading() as session:
        assert withdrawn(session) == {person.id}
        assert kept_draft(session, person=person, form="new") is None
    screen = opened("people")
    assert "You have withdrawn" in screen.info[0].value
    screen.button(key="agree").click().run()
    with reading() as session:
        assert withdrawn(session) == set()


OLD_WORDS, NEW_WORDS = "Files that leave this project", "Only a lead can make one with names"


def agreed_to_the_first_text(role: str) -> Person:
    person = an_expert()
    with transaction() as session:
        background_of(session, person=person).consent_version = "2026-11"
        session.get_one(Person, person.id).role = role
    return person


def test_an_expert_who_agreed_to_an_older_text_reads_both_and_agrees_to_that_of_today(workspace, browser_of):
    browser_of(agreed_to_the_first_text("expert"))
    screen = opened("people")
    assert NEW_WORDS in words(screen)
    (held,) = screen.expander
    assert "What you agreed to on" in held.label
    assert any(OLD_WORDS in element.value for element in held.markdown)
    screen.button(key="agree").click().run()
    assert screen.multiselect
    assert OLD_WORDS not in words(screen)


def test_a_lead_reads_the_text_they_agreed_to_and_not_that_of_today_in_its_place(workspace, browser_of):
    browser_of(agreed_to_the_first_text("lead"))
    screen = opened("people", part="profile")
    agreed = next(part for part in screen.expander if part.label == "Read the text")
    assert any(OLD_WORDS in element.value for element in agreed.markdown)
    assert not any(NEW_WORDS in element.value for element in agreed.markdown)


def test_who_came_without_a_link_agrees_before_they_tell_anything(workspace, browser_of):
    with transaction() as session:
        person = add_person(session, name="Amina", role="expert")
    browser_of(person)
    screen = opened("people")
    assert not screen.multiselect
    screen.button(key="agree").click().run()
    assert screen.multiselect


@pytest.mark.parametrize(
    ("step", "said"), [(3, "3 to 5"), (6, "6 to 10"), (11, "11 to 20"), (21, "more than 20"), (None, "fewer than 3")]
)
def test_faiths_and_regions_are_said_in_steps(step, said):
    assert counts_csv({"Faith": [Cell("Coptic", step, is_step=True)]}).splitlines()[1] == f"Faith,Coptic,{said}"


def test_the_counts_leave_the_screen_as_they_stand_on_it():
    counts = {"From": [Cell("=Iran", 3), Cell("Egypt", None)], "Reads": [Cell("fa", 4)]}
    assert counts_csv(counts).splitlines() == [
        "what,which,people",
        "From,'=Iran,3",
        "From,Egypt,fewer than 3",
        "Reads,Persian,4",
    ]

"""Links that let one person join, once."""

import json
import threading
from datetime import timedelta

import pytest
import typer
from sqlmodel import select
from typer.testing import CliRunner

from core.backgrounds import Told, ToldCountry, background_of, told_by
from core.cli.people import invite_command
from core.consent import CONSENT_VERSION, withdraw
from core.db import reading, transaction
from core.errors import UserError
from core.invitations import (
    Joining,
    Wish,
    accept_invitation,
    invitation_states,
    join_link,
    joined_with,
    make_invitation,
    revoke_invitation,
    usable_invitation,
)
from core.models import Event, Invitation, Person, utc_now
from tests.builders import build_person

TOLD = Told((ToldCountry("Iran", True, 20),), ("fa",))


def joining(name: str = "Amina", told: Told = TOLD, version: str | None = CONSENT_VERSION) -> Joining:
    return Joining(name, told, version)


@pytest.fixture
def made(session):
    return make_invitation(session, author=build_person(session, "lead"), wish=Wish(note="Amina from the institute"))


def test_a_link_makes_the_person_with_role_background_and_consent(session, made):
    person = accept_invitation(session, token=made.token, joining=joining())
    held = background_of(session, person=person)
    assert (person.name, person.role, told_by(session, person=person)) == ("Amina", "expert", TOLD)
    assert (held.consent_version, held.consented_at is not None) == (CONSENT_VERSION, True)
    assert joined_with(session, token=made.token) == person


def test_a_link_works_once(session, made):
    accept_invitation(session, token=made.token, joining=joining())
    with pytest.raises(UserError, match="used already"):
        accept_invitation(session, token=made.token, joining=joining("Somebody else"))


def test_a_link_ends_with_its_days(session, made):
    made.invitation.expires_at = utc_now() - timedelta(seconds=1)
    session.add(made.invitation)
    with pytest.raises(UserError, match="was good until"):
        accept_invitation(session, token=made.token, joining=joining())


def test_a_link_taken_back_lets_nobody_in(session, made):
    revoke_invitation(session, author=build_person(session, "lead"), invitation_id=made.invitation.id)
    with pytest.raises(UserError, match="taken back"):
        usable_invitation(session, token=made.token)


def test_a_used_link_cannot_be_taken_back(session, made):
    accept_invitation(session, token=made.token, joining=joining())
    with pytest.raises(UserError, match="joined with this link"):
        revoke_invitation(session, author=build_person(session, "lead"), invitation_id=made.invitation.id)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t + "a", lambda t: t.swapcase(), lambda t: "", lambda t: "\udc80"]
)
def test_a_changed_link_is_not_known(session, made, change):
    with pytest.raises(UserError, match="not known here"):
        usable_invitation(session, token=change(made.token))


def test_the_hash_that_is_stored_opens_nothing(session, made):
    with pytest.raises(UserError, match="not known here"):
        usable_invitation(session, token=made.invitation.token_hash)


def test_the_secret_stands_nowhere_in_the_workspace(workspace):
    with transaction() as session:
        made = make_invitation(session, author=build_person(session, "lead"), wish=Wish())
        accept_invitation(session, token=made.token, joining=joining())
    stored = b"".join(path.read_bytes() for path in workspace.rglob("*") if path.is_file())
    assert len(made.token) >= 43
    assert made.token.encode() not in stored
    assert join_link("http://127.0.0.1:8501/", made.token) == f"http://127.0.0.1:8501/join?invite={made.token}"


def test_of_twenty_who_press_at_once_one_is_let_in(workspace):
    with transaction() as session:
        token = make_invitation(session, author=build_person(session, "lead"), wish=Wish()).token
    problems: list[str] = []

    def press(number: int) -> None:
        try:
            with transaction() as session:
                accept_invitation(session, token=token, joining=joining(f"Amina {number}"))
        except UserError as problem:
            problems.append(str(problem))

    threads = [threading.Thread(target=press, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading() as session:
        assert len(session.exec(select(Person).where(Person.role == "expert")).all()) == 1
    assert len(problems) == 19


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (joining(version=None), "agree"),
        (joining(name=" "), "needs a name"),
        (joining(told=Told(languages=("fa",))), "country"),
        (joining(told=Told((ToldCountry("Iran", True),))), "language"),
        (joining(name="Am\u202eina"), "cannot be seen"),
        (joining(name="x" * 81), "longer than 80"),
    ],
)
def test_who_leaves_something_out_is_told_and_the_link_stays_good(workspace, said, why):
    with transaction() as session:
        token = make_invitation(session, author=build_person(session, "lead"), wish=Wish()).token
    with pytest.raises(UserError, match=why), transaction() as session:
        accept_invitation(session, token=token, joining=said)
    with reading() as session:
        assert usable_invitation(session, token=token).accepted_at is None
        assert session.exec(select(Person).where(Person.role == "expert")).all() == []


def test_an_expert_can_neither_make_nor_see_nor_take_back_invitations(session, made):
    expert = build_person(session)
    with pytest.raises(UserError, match="Only the leads"):
        make_invitation(session, author=expert, wish=Wish())
    with pytest.raises(UserError, match="Only the leads"):
        invitation_states(session, author=expert)
    with pytest.raises(UserError, match="Only the leads"):
        revoke_invitation(session, author=expert, invitation_id=made.invitation.id)


def test_only_an_admin_invites_admins(session):
    with pytest.raises(UserError, match="Only an admin"):
        make_invitation(session, author=build_person(session, "lead"), wish=Wish(role="admin"))
    assert make_invitation(session, author=build_person(session, "admin"), wish=Wish(role="admin")).token


@pytest.mark.parametrize("role", ["root", "Admin"])
def test_a_link_gives_no_role_there_is_none_of(session, role):
    with pytest.raises(UserError, match="is no role"):
        make_invitation(session, author=build_person(session, "lead"), wish=Wish(role=role))


@pytest.mark.parametrize("days", [0, 91])
def test_a_link_is_good_for_a_bounded_time(session, days):
    with pytest.raises(UserError, match="1 to 90 days"):
        make_invitation(session, author=build_person(session, "lead"), wish=Wish(days=days))


def test_the_leads_see_how_each_link_stands(session, made):
    lead = build_person(session, "lead")
    old, gone = (make_invitation(session, author=lead, wish=Wish()).invitation for _ in range(2))
    old.expires_at = utc_now() - timedelta(days=1)
    session.add(old)
    revoke_invitation(session, author=lead, invitation_id=gone.id)
    accept_invitation(session, token=made.token, joining=joining())
    make_invitation(session, author=lead, wish=Wish())
    statuses = [state.status for state in invitation_states(session, author=lead)]
    assert statuses == ["waiting", "revoked", "expired", "accepted"]


def test_withdrawing_empties_the_note_of_the_invitation(session, made):
    person = accept_invitation(session, token=made.token, joining=joining())
    withdraw(session, person=person)
    session.refresh(made.invitation)
    assert made.invitation.note == ""


def test_the_log_of_an_invitation_names_nobody(session, made):
    accept_invitation(session, token=made.token, joining=joining())
    logged = " ".join(event.model_dump_json() for event in session.exec(select(Event)))
    assert not [word for word in ("Amina", "institute", made.token) if word in logged]
    assert session.exec(select(Invitation)).one().accepted_by


def test_the_command_prints_a_link_that_works(workspace):
    app = typer.Typer()
    app.command()(invite_command)
    done = CliRunner().invoke(app, ["--country", "Iran", "--language", "fa", "--note", "Omar", "--json"])
    assert done.exit_code == 0, done.output
    link = json.loads(done.stdout.splitlines()[-1])["link"]
    with transaction() as session:
        invitation = usable_invitation(session, token=link.partition("invite=")[2])
    assert (invitation.countries, invitation.languages, invitation.note) == (["Iran"], ["fa"], "Omar")


def test_the_command_refuses_a_role_there_is_none_of(workspace):
    app = typer.Typer()
    app.command()(invite_command)
    done = CliRunner().invoke(app, ["--role", "owner"])
    assert (done.exit_code, "no role" in done.output) == (1, True)

"""People who work here, what they have seen, and what they did. Sign-in is not built yet: a browser says who it is."""

import secrets
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from core.config import settings
from core.db import reading, transaction
from core.errors import NotFoundError, UserError
from core.look_alike import looks_of
from core.models import (
    Assignment,
    Event,
    LockedResponse,
    Person,
    Response,
    ReviewSession,
    ScoresSeen,
)
from core.passed import can_be_labelled
from core.rubric import Role

MAY_LEAD: tuple[Role, ...] = ("lead", "engineer", "admin")
ROLE_TITLES: dict[Role, str] = {
    "expert": "Expert: labels responses",
    "lead": "Lead: plans the work and settles differences",
    "engineer": "Engineer: builds training sets and trains",
    "admin": "Admin: everything, other admins too",
}
LONGEST_NAME = 80
# Persian and Indic names need the two joiners; other unseen characters would make two names look like one.
_JOINERS = "\u200c\u200d"
# How to learn whom the browser at hand says it is; the screens put it in, since nothing in here knows of browsers.
_BROWSER: dict[str, Callable[[], str | None]] = {"says": lambda: None}


def person_cookie() -> str:
    """Return the name of the cookie that holds a person's pseudonym; browsers share cookies between ports."""
    return f"cross_review_person_{settings().port}"


def ask_browser(says: Callable[[], str | None]) -> None:
    """Let `person_here` learn from now on whom the browser at hand says it is, as a pseudonym."""
    _BROWSER["says"] = says


def current_person(session: Session) -> Person:
    """Return who uses this workspace where no browser says: `CROSS_REVIEW_PERSON`, added as admin if new."""
    name = settings().person
    return person_named(session, name=name) or add_person(session, name=name, role="admin")


def person_here(pseudonym: str | None = None) -> Person:
    """Return who is here: whom the browser names; whom `CROSS_REVIEW_PERSON` names only where it names nobody at all.

    It protects nothing. A browser that names somebody unknown is nobody: an unsaved expert without an id, since the
    local person may be an admin. Only the very first visit writes.

    Args:
        pseudonym: whom the browser names, from where it cannot be asked: the server's own routes.
    """
    said = _BROWSER["says"]() if pseudonym is None else pseudonym
    with reading() as session:
        person = _known_as(session, said) if said is not None else person_named(session, name=settings().person)
        if person is None and said is not None and _admins(session):
            return Person(name="", role="expert", pseudonym="")
    if person is not None:
        return person
    with transaction() as session:
        return current_person(session)


def _known_as(session: Session, pseudonym: str) -> Person | None:
    # Anything may stand in a cookie; PostgreSQL fails at some of it.
    if not pseudonym.isprintable():
        return None
    return session.exec(select(Person).where(Person.pseudonym == pseudonym)).first()


def checked_text(text: str, *, what: str, longest: int) -> str:
    """Return a short text of a person as one line, in composed form.

    Raises:
        UserError: it is too long or holds characters that cannot be seen; `what` names it.
    """
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(line) > longest:
        raise UserError(f"{what} is longer than {longest} characters. Shorten it.")
    if any(unicodedata.category(letter)[0] == "C" and letter not in _JOINERS for letter in line):
        raise UserError(f"{what} holds characters that cannot be seen. Type it anew instead of pasting it.")
    return line


def add_person(session: Session, *, name: str, role: Role) -> Person:
    """Add a person.

    Raises:
        UserError: the name is blank, too long, holds unseen characters or looks like another's; or there is no such
            role.
    """
    refuse_unknown_role(role)
    held = checked_text(name, what="The name", longest=LONGEST_NAME)
    if not held.strip(_JOINERS):
        raise UserError("A person needs a name.")
    if person_named(session, name=held):
        raise UserError(f"A person named {held} is here already, or a name that looks like it. Choose another name.")
    # By chance: made from the name, it could be found out by trying names.
    person = Person(name=held, role=role, pseudonym=f"expert-{secrets.token_hex(5)}")
    session.add(person)
    session.flush()
    return person


def person_named(session: Session, *, name: str) -> Person | None:
    """Return the person of that name, else the first whose name looks like it: in other capitals, width or script."""
    held = unicodedata.normalize("NFC", " ".join(name.split()))
    exact = session.exec(select(Person).where(Person.name == held)).first()
    if exact:
        return exact
    wanted = looks_of(held)
    named = session.exec(select(Person.id, Person.name).order_by(col(Person.id)))
    alike = next((number for number, other in named if wanted & looks_of(other)), None)
    return session.get(Person, alike) if alike else None


def people(session: Session, *, author: Person) -> Sequence[Person]:
    """Return everybody, by name.

    Raises:
        UserError: an expert asks.
    """
    needs_lead(author, "see who works here")
    return session.exec(select(Person).order_by(func.lower(Person.name), col(Person.id))).all()


def person_of(session: Session, *, author: Person, pseudonym: str) -> Person:
    """Return one person.

    Raises:
        UserError: an expert asks.
        NotFoundError: there is none.
    """
    needs_lead(author, "see who works here")
    person = session.exec(select(Person).where(Person.pseudonym == pseudonym)).first()
    if person is None:
        raise NotFoundError("There is no such person. Go back to the list.")
    return person


def change_role(session: Session, *, author: Person, person_id: int, role: Role) -> Person:
    """Give a person another role.

    Raises:
        UserError: the author may not, there is no such role, or nobody would be admin any more.
    """
    needs_lead(author, "change roles")
    refuse_unknown_role(role)
    person = session.get_one(Person, person_id)
    needs_admin_for(author, role, person.role)
    if person.role == "admin" != role and len(_admins(session)) == 1:
        raise UserError("Somebody has to be admin. Make somebody else admin first.")
    if person.role != role:
        record_event(session, person=author, kind="role", subject=person.pseudonym, before=person.role, after=role)
        person.role = role
        session.add(person)
    return person


def refuse_unknown_role(role: str) -> None:
    """Refuse what is no role; a role in other letters would pass by the rules for admins.

    Raises:
        UserError: there is no such role.
    """
    if role not in ROLE_TITLES:
        raise UserError(f"{role[:40]!r} is no role. There are {', '.join(ROLE_TITLES)}.")


def needs_admin_for(author: Person, *roles: str) -> None:
    """Refuse that somebody else makes or unmakes an admin.

    Raises:
        UserError: one of the roles is admin, and the author is none.
    """
    if "admin" in roles and author.role != "admin":
        raise UserError("Only an admin makes or changes admins. Ask one of them.")


def _admins(session: Session) -> Sequence[Person]:
    return session.exec(select(Person).where(Person.role == "admin")).all()


def record_event(session: Session, *, person: Person | None, kind: str, subject: str, **detail: Any) -> None:  # noqa: ANN401
    """Write down who did what; `detail` is stored as JSON."""
    session.add(Event(person_id=person.id if person else None, kind=kind, subject=subject, detail=detail))


def needs_lead(person: Person, what: str) -> None:
    """Refuse what experts do not do; the data layer asks, whatever page or command came here.

    Args:
        person: who wants to.
        what: for the message, such as "decide about pairs".

    Raises:
        UserError: the person is an expert.
    """
    if person.role not in MAY_LEAD:
        raise UserError(f"Only the leads of this project {what}. Ask one of them.")


def open_responses(session: Session, *, person: Person, response_ids: list[int]) -> set[int]:
    """Return those of the responses whose scores and model names this person may see.

    They are the ones the person has locked, or has chosen to see before (`reveal_scores`); not those that have come
    back to be answered anew.
    """
    locked = select(LockedResponse.response_id).where(
        LockedResponse.person_id == person.id, col(LockedResponse.response_id).in_(response_ids)
    )
    seen = select(ScoresSeen.response_id).where(
        ScoresSeen.person_id == person.id, col(ScoresSeen.response_id).in_(response_ids)
    )
    came_back: set[int] = set(session.exec(come_back_to(person)))
    return {*session.exec(locked), *session.exec(seen)} - came_back


def come_back_to(person: Person) -> SelectOfScalar[int]:
    """Return the query for the responses that came back to a person, unseen, in a session that is still open."""
    held = select(Assignment.response_id).join(ReviewSession, col(ReviewSession.id) == Assignment.session_id)
    return held.where(
        ReviewSession.person_id == person.id,
        col(ReviewSession.closed_at).is_(None),
        col(Assignment.is_retest).is_(True),
    )


def left_to_label(person: Person) -> ColumnElement[bool]:
    """Return the condition, on Response joined with Item, that a response can be labelled and this person has not."""
    locked = exists().where(
        and_(col(LockedResponse.person_id) == person.id, col(LockedResponse.response_id) == Response.id)
    )
    return and_(can_be_labelled(), ~locked)


def reveal_scores(session: Session, *, person: Person, response_ids: list[int]) -> None:
    """Open scores and model names of responses to a person before labelling; later labels are `unblinded`.

    Raises:
        UserError: the person is an expert; experts answer first.
    """
    if person.role not in MAY_LEAD:
        raise UserError("Scores open after your own four answers. Validate the response first.")
    seen = select(ScoresSeen.response_id).where(ScoresSeen.person_id == person.id)
    already = open_responses(session, person=person, response_ids=response_ids) | set(session.exec(seen))
    for response_id in sorted(set(response_ids) - already):
        session.add(ScoresSeen(person_id=person.id, response_id=response_id))

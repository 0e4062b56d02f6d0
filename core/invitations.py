"""Links that let one person join: made by a lead, used once; of its secret only a hash is stored."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlmodel import Session, col, select

from core.backgrounds import Told, ToldCountry, checked_countries, checked_languages, save_background
from core.consent import agree
from core.errors import NotFoundError, UserError
from core.models import Invitation, Person, utc_now
from core.people import add_person, checked_text, needs_admin_for, needs_lead, record_event, refuse_unknown_role
from core.rubric import Role

MOST_DAYS = 90
DAYS = 14

InvitationStatus = Literal["waiting", "accepted", "expired", "revoked"]
_LEADS_DO = "invite people"


@dataclass(frozen=True)
class Wish:
    """What an invitation is to say."""

    role: Role = "expert"
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    note: str = ""
    days: int = DAYS


@dataclass(frozen=True)
class MadeInvitation:
    """An invitation, and its secret, which nobody can read again later."""

    invitation: Invitation
    token: str


@dataclass(frozen=True)
class InvitationState:
    """An invitation as the leads see it; `joined` is who used it."""

    invitation: Invitation
    status: InvitationStatus
    joined: Person | None


@dataclass(frozen=True)
class Joining:
    """What somebody who joins says."""

    name: str
    told: Told
    consent_version: str | None


def make_invitation(session: Session, *, author: Person, wish: Wish) -> MadeInvitation:
    """Make an invitation.

    Raises:
        UserError: the author may not, or the wish cannot be meant.
    """
    needs_lead(author, _LEADS_DO)
    refuse_unknown_role(wish.role)
    needs_admin_for(author, wish.role)
    if not 1 <= wish.days <= MOST_DAYS:
        raise UserError(f"A link is good for 1 to {MOST_DAYS} days.")
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        token_hash=_hash(token),
        role=wish.role,
        note=checked_text(wish.note, what="The note", longest=200),
        countries=[one.country for one in checked_countries(ToldCountry(name, True) for name in wish.countries)],
        languages=checked_languages(wish.languages),
        expires_at=utc_now() + timedelta(days=wish.days),
        created_by=author.id,
    )
    session.add(invitation)
    session.flush()
    record_event(session, person=author, kind="invitation", subject=f"invitation {invitation.id}", role=wish.role)
    return MadeInvitation(invitation, token)


def join_link(origin: str, token: str) -> str:
    """Return the link to send, such as http://127.0.0.1:8501/join?invite=TOKEN."""
    return f"{origin.rstrip('/')}/join?invite={token}"


def usable_invitation(session: Session, *, token: str) -> Invitation:
    """Return the invitation a link stands for.

    Raises:
        UserError: it is unknown, used, revoked or too old; the text says what to do.
    """
    wanted = _hash(token)
    # Locked where the database knows row locks, so that two who press at once are not both let in.
    found = session.exec(select(Invitation).where(Invitation.token_hash == wanted).with_for_update()).first()
    if found is None or not hmac.compare_digest(found.token_hash, wanted):
        raise NotFoundError("This link is not known here. Was it copied whole? If so, ask for a new one.")
    status = invitation_status(found)
    if status == "accepted":
        raise UserError("This link was used already, and works once only. Ask for a new one if it was not you.")
    if status == "revoked":
        raise UserError("This link was taken back. Ask whoever sent it to you.")
    if status == "expired":
        raise UserError(f"This link was good until {found.expires_at:%d %B %Y}. Ask for a new one.")
    return found


def joined_with(session: Session, *, token: str) -> Person | None:
    """Return who joined with a link."""
    return session.exec(
        select(Person)
        .join(Invitation, col(Invitation.accepted_by) == Person.id)
        .where(Invitation.token_hash == _hash(token))
    ).first()


def invitation_status(invitation: Invitation) -> InvitationStatus:
    """Return how an invitation stands now."""
    if invitation.accepted_at:
        return "accepted"
    if invitation.revoked_at:
        return "revoked"
    return "expired" if invitation.expires_at <= utc_now() else "waiting"


def accept_invitation(session: Session, *, token: str, joining: Joining) -> Person:
    """Make the person an invitation was for, with what they told and agreed to; the link is used up.

    Raises:
        UserError: the link cannot be used, the person did not agree, or something they told cannot be meant.
    """
    invitation = usable_invitation(session, token=token)
    if joining.consent_version is None:
        raise UserError("Tick that you have read this and agree. Without it nothing is stored.")
    if not joining.told.countries:
        raise UserError("Name at least one country that you are from or know: it decides what you get to read.")
    if not joining.told.languages:
        raise UserError("Name at least one language that you read: it decides what you get to read.")
    role: Role = invitation.role  # type: ignore[assignment]
    person = add_person(session, name=joining.name, role=role)
    save_background(session, person=person, told=joining.told)
    agree(session, person=person, version=joining.consent_version)
    invitation.accepted_by, invitation.accepted_at = person.id, utc_now()
    session.add(invitation)
    record_event(session, person=person, kind="joined", subject=f"invitation {invitation.id}")
    return person


def revoke_invitation(session: Session, *, author: Person, invitation_id: int) -> Invitation:
    """Take a link back that nobody has used yet.

    Raises:
        UserError: the author is an expert, or somebody joined with it.
    """
    needs_lead(author, _LEADS_DO)
    found = session.exec(select(Invitation).where(Invitation.id == invitation_id).with_for_update()).one()
    if found.accepted_at:
        raise UserError("Somebody has joined with this link already.")
    if found.revoked_at is None:
        found.revoked_at = utc_now()
        session.add(found)
        record_event(session, person=author, kind="invitation_revoked", subject=f"invitation {found.id}")
    return found


def invitation_states(session: Session, *, author: Person) -> Sequence[InvitationState]:
    """Return all invitations, newest first.

    Raises:
        UserError: an expert asks.
    """
    needs_lead(author, _LEADS_DO)
    found = session.exec(
        select(Invitation, Person)
        .join(Person, col(Person.id) == col(Invitation.accepted_by), isouter=True)
        .order_by(col(Invitation.id).desc())
    )
    return [InvitationState(invitation, invitation_status(invitation), joined) for invitation, joined in found]


def _hash(token: str) -> str:
    # The token holds 256 bits of chance: a slow hash would protect nothing more.
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()

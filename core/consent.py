"""What experts agree to, word for word and with a version; agreeing, withdrawing, and whose labels count no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session, col, delete, select, update

from core.backgrounds import background_of
from core.errors import UserError
from core.models import Background, CountryKnown, Invitation, Lease, Person, ReviewSession, utc_now
from core.people import MAY_LEAD, record_event

ConsentState = Literal["given", "older", "none", "withdrawn"]
CONSENT_TITLES: dict[ConsentState, str] = {
    "given": "agreed",
    "older": "agreed to an older text",
    "none": "not asked yet",
    "withdrawn": "withdrawn",
}


@dataclass(frozen=True)
class ConsentPart:
    """One question a person has, and our answer."""

    question: str
    answer: str


_FIRST: tuple[ConsentPart, ...] = (
    ConsentPart(
        "What is this about?",
        "AI models were asked about everyday life in your part of the world. You read their answers and say whether "
        "they fit. Your answers show where models do harm, and help to make better ones. Results may be published.",
    ),
    ConsentPart(
        "What is stored?",
        "Your name and what you tell here about yourself; your answers, notes and corrections; when you opened and "
        "saved each one. Region and faith only if you fill them in.",
    ),
    ConsentPart(
        "Who sees it?",
        "The leads of this project see your name, countries, languages and answers. Nobody is shown your region or "
        "faith beside your name: only counts of three people or more. Where experts differ, others may read your "
        "reasons, without your name. Files that leave this project say a made-up name in place of yours. Whoever runs "
        "the computer this stands on can read all that is stored.",
    ),
    ConsentPart(
        "Are you measured?",
        "No. Times are kept to plan the work. They are never shown beside your name and never used to compare people.",
    ),
    ConsentPart(
        "May you stop?",
        "At any time, and skip any response, without giving a reason. Some answers and pictures may hurt or offend; "
        "pictures can be blurred until you want to see them.",
    ),
    ConsentPart(
        "How long is it kept?",
        "What you told about yourself: until you change or withdraw it. Your answers: as long as this project keeps "
        "its data, under the made-up name.",
    ),
    ConsentPart(
        "How do you withdraw?",
        "Under Your profile, with one button, without a reason. You then get no more responses. What you told about "
        "yourself is deleted at once. Your answers are left out of every number and every file made from then on; "
        "they stay stored under the made-up name, so that earlier results can be explained. Your name stays too, for "
        "the leads only. What was published, decided or trained with them before cannot be called back.",
    ),
)


def _amended(text: tuple[ConsentPart, ...], changed: Mapping[str, str]) -> tuple[ConsentPart, ...]:
    """Return a text with other answers to some of its questions."""
    return tuple(ConsentPart(part.question, changed.get(part.question, part.answer)) for part in text)


_SECOND = _amended(
    _FIRST,
    {
        "Who sees it?": "The leads of this project see your name, countries, languages, conflicts of interest and "
        "answers. Nobody is shown your region or faith beside your name: only rough counts of three people or more. "
        "Where experts differ, others may read your reasons, without your name. Files of your answers say a made-up "
        "name in place of yours. Only a lead can make one with names, to work with inside this project, and it is "
        "written down who did. Whoever runs the computer this stands on can read all that is stored."
    },
)

_THIRD = _amended(
    _SECOND,
    {
        "Who sees it?": "The leads of this project see your name, countries, languages, conflicts of interest and "
        "answers. Nobody is shown your region or faith beside your name: only rough counts of three people or more. "
        "Where experts differ, others may read your reasons, without your name. Files of your answers say a made-up "
        "name in place of yours, and whether you are from the country, know it, or neither. Only a lead can make one "
        "with names, to work with inside this project, and it is written down who did. Whoever runs the computer this "
        "stands on can read all that is stored.",
        "Are you measured?": "No. Times are kept to plan the work. They are never shown beside your name and never "
        "used to compare people. How often answers stay the same, a week later or after the judge was seen, is shown "
        "for three people or more, under letters instead of names.",
    },
)

# Every text that people ever agreed to, by version. A change that means something is a new entry at the end, and
# people are then asked anew; an entry that stands here is never changed, so that all can read what they agreed to.
CONSENT_TEXTS: dict[str, tuple[ConsentPart, ...]] = {"2026-11": _FIRST, "2026-11-2": _SECOND, "2026-11-3": _THIRD}
CONSENT_VERSION = list(CONSENT_TEXTS)[-1]
CONSENT_TEXT = CONSENT_TEXTS[CONSENT_VERSION]


def consent_state(held: Background) -> ConsentState:
    """Return how a person stands to the consent text of today."""
    if held.withdrawn_at:
        return "withdrawn"
    if held.consent_version is None:
        return "none"
    return "given" if held.consent_version == CONSENT_VERSION else "older"


def agree(session: Session, *, person: Person, version: str) -> Background:
    """Store that a person agrees; it ends a withdrawal.

    Args:
        session: a transaction.
        person: who agrees.
        version: of the text the person was shown.

    Raises:
        UserError: the text was changed since it was shown.
    """
    if version != CONSENT_VERSION:
        raise UserError("The text was changed while you read it. Read it once more, then agree.")
    held = background_of(session, person=person)
    held.consent_version, held.consented_at, held.withdrawn_at = version, utc_now(), None
    session.add(held)
    record_event(session, person=person, kind="consent", subject=person.pseudonym, version=version)
    return held


def withdraw(session: Session, *, person: Person) -> Background:
    """Withdraw a person's consent: no more responses, their background deleted, their labels left out from now on."""
    held = background_of(session, person=person)
    if held.withdrawn_at:
        return held
    now = utc_now()
    held.withdrawn_at = held.changed_at = now
    held.languages, held.region, held.faith, held.conflicts = [], None, None, ""
    session.add(held)
    session.exec(delete(CountryKnown).where(col(CountryKnown.person_id) == person.id))
    _forget_invitation(session, person)
    session.exec(
        update(Lease).where(col(Lease.person_id) == person.id, col(Lease.ended_at).is_(None)).values(ended_at=now)
    )
    session.exec(
        update(ReviewSession)
        .where(col(ReviewSession.person_id) == person.id, col(ReviewSession.closed_at).is_(None))
        .values(closed_at=now)
    )
    record_event(session, person=person, kind="consent_withdrawn", subject=person.pseudonym)
    return held


def _forget_invitation(session: Session, person: Person) -> None:
    """Empty what their invitation says of a person: the note and what was filled in for them."""
    session.exec(
        update(Invitation).where(col(Invitation.accepted_by) == person.id).values(note="", countries=[], languages=[])
    )


def withdrawn(session: Session) -> set[int]:
    """Return who has withdrawn: their labels enter no export, statistic, pair or training set made from now on."""
    return set(session.exec(select(Background.person_id).where(col(Background.withdrawn_at).is_not(None))))


def refuse_without_consent(session: Session, *, person: Person) -> None:
    """Refuse new work of a person who has withdrawn, or of an expert who has not agreed to the text of today.

    Raises:
        UserError: that is so.
    """
    state = consent_state(background_of(session, person=person))
    if state == "withdrawn":
        raise UserError("You have withdrawn, so there is nothing to label. To go on, agree anew under Your profile.")
    if person.role not in MAY_LEAD and state != "given":
        raise UserError("First read what you agree to, under Your profile.")

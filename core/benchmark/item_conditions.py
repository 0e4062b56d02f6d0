"""Conditions on items that look at their norm or at their responses; which of them a person may ask is said here."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, extract, or_
from sqlmodel import col, select

from core.models import Item, LockedResponse, Person, Response, ResponseFlag, ScoresSeen
from core.people import MAY_LEAD, come_back_to, left_to_label

# Stands in a filter for what an item does not say: its country, its domain, its region or its norm.
UNKNOWN = "unknown"


def of_norms(norms: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that an item has one of these norms, whatever its blanks and capitals; or names none."""
    same = select(Item.norm_key).where(col(Item.norm).in_(norms), col(Item.norm_key).is_not(None))
    held = [col(Item.norm).in_(norms), col(Item.norm_key).in_(same)]
    return or_(*held, *([col(Item.norm).is_(None)] if UNKNOWN in norms else []))


def answered(
    *, settings: Sequence[str] = (), rounds: Sequence[str] = (), months: Sequence[str] = ()
) -> ColumnElement[bool]:
    """Return the condition that there is a response in one of the settings, of one of the rounds and months at once.

    It says nothing of a response's model or scores, so that everybody may ask it. Months read "2026-11".
    """
    responses = select(Response.id).where(Response.item_id == Item.id)
    if settings:
        responses = responses.where(col(Response.setting).in_(settings))
    if rounds:
        responses = responses.where(col(Response.round).in_([int(number) for number in rounds]))
    if months:
        when = col(Response.created_at)
        of_month = [
            and_(extract("year", when) == int(month[:4]), extract("month", when) == int(month[5:])) for month in months
        ]
        responses = responses.where(or_(*of_month))
    return exists(responses)


def something_flagged(person: Person) -> ColumnElement[bool]:
    """Return the condition that a response reads like instructions to a judge.

    That is known from its text alone, so a lead finds it anywhere; an expert reads what is left to label unwarned.
    """
    flagged = select(Response.id).where(
        Response.item_id == Item.id, exists().where(col(ResponseFlag.response_id) == Response.id)
    )
    return exists(flagged if person.role in MAY_LEAD else flagged.where(is_open_to(person)))


def is_open_to(person: Person) -> ColumnElement[bool]:
    """Return what `open_responses` says, as a condition on Response."""
    is_seen = or_(
        *(
            exists().where(and_(col(table.person_id) == person.id, col(table.response_id) == Response.id))
            for table in (LockedResponse, ScoresSeen)
        )
    )
    return and_(is_seen, col(Response.id).not_in(come_back_to(person)))


def something_left_for(person: Person) -> ColumnElement[bool]:
    """Return the condition that a response is this person's to label."""
    return exists(select(Response.id).where(Response.item_id == Item.id, left_to_label(person)))

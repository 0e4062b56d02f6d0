"""Turn what a person wants of a pair into its fields, or say why that cannot be."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from core.benchmark.items import READABLE
from core.errors import NotFoundError, UserError
from core.models import Pair, Person, Response
from core.rubric import NEGATIVE_TYPES

LONGEST_TEXT = 20_000
LONGEST_REASON = 1_000


@dataclass(frozen=True)
class Answer:
    """One side of a new pair: a response, or a text written by hand."""

    response_id: int | None = None
    text: str = ""


@dataclass(frozen=True)
class PairChange:
    """What a person wants to be otherwise; None leaves a field as it is, an empty type or reason clears it."""

    chosen: str | None = None
    rejected: str | None = None
    negative_type: str | None = None
    reason: str | None = None


def side_fields(session: Session, person: Person, item_id: str, side: str, answer: Answer) -> dict[str, Any]:
    """Return the fields of one side of a new pair.

    Raises:
        NotFoundError: the response is not one of the item's.
        UserError: the response has no text, or the text is too long.
    """
    if answer.response_id is None:
        text, kind, author = answer.text, "written", person.pseudonym
    else:
        response = session.get(Response, answer.response_id)
        if response is None or response.item_id != item_id:
            raise NotFoundError("One of the two responses does not belong to this item. Choose two of this item's.")
        if response.status not in READABLE:
            raise UserError("A failed, refused or empty response has no text to pair. Choose another one.")
        text, kind, author = response.text, "response", response.model
    return {
        side: _text(text),
        f"{side}_kind": kind,
        f"{side}_response_id": answer.response_id,
        f"{side}_author": author,
    }


def changed_fields(pair: Pair, person: Person, change: PairChange) -> dict[str, Any]:
    """Return the fields that differ; an edited text keeps its response, with the person's pseudonym as its author."""
    fields: dict[str, Any] = {}
    for side in ("chosen", "rejected"):
        text = getattr(change, side)
        if text is not None and text != getattr(pair, side):
            kind = "written" if getattr(pair, f"{side}_kind") == "written" else "edited"
            fields |= {
                side: _text(text),
                f"{side}_kind": kind,
                f"{side}_author": person.pseudonym,
                "status": "proposed",
            }
    if "chosen" in fields or "rejected" in fields:
        check_texts(fields.get("chosen", pair.chosen), fields.get("rejected", pair.rejected))
    if change.negative_type is not None and (change.negative_type or None) != pair.negative_type:
        fields["negative_type"] = checked_type(change.negative_type)
    if change.reason is not None and change.reason.strip() != pair.reason:
        fields["reason"] = checked_reason(change.reason)
    if pair.status == "accepted" and fields.get("negative_type", "") is None:
        fields["status"] = "proposed"
    return fields


def check_texts(chosen: str, rejected: str) -> None:
    """Raise a UserError where a text is missing or both are the same."""
    if not chosen.strip() or not rejected.strip():
        raise UserError("Both answers need a text. Write one, or choose another response.")
    if chosen.strip() == rejected.strip():
        raise UserError("The chosen and the rejected answer are the same text. Change one of them.")


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise UserError(
            f"An answer may have up to {LONGEST_TEXT:,} characters; this one has {len(text):,}. Shorten it."
        )
    return text


def checked_reason(reason: str) -> str:
    """Return a reason as it is stored; one that is too long is a UserError."""
    if len(reason) > LONGEST_REASON:
        raise UserError(f"A reason may have up to {LONGEST_REASON:,} characters. Shorten it.")
    return reason.strip()


def checked_type(name: str | None) -> str | None:
    """Return a type of negative as it is stored; an unknown one is a UserError."""
    if name and name not in NEGATIVE_TYPES:
        raise UserError(f"There is no type of negative {name[:40]}. Choose one of {', '.join(NEGATIVE_TYPES)}.")
    return name or None

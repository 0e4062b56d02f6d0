"""Make, edit and decide pairs. Each change names the version it saw, and leaves an event with what was there before."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select, update

from core.errors import NotFoundError, UserError
from core.models import Event, Item, Pair, Person, Response, utc_now
from core.pairs.checks import checks_of
from core.pairs.contents import (
    Answer,
    PairChange,
    changed_fields,
    check_texts,
    checked_reason,
    checked_type,
    side_fields,
)
from core.passed import is_passed
from core.people import needs_lead, record_event
from core.rubric import PairStatus

FIELD_WORDS = {
    "chosen": "the chosen text",
    "rejected": "the rejected text",
    "negative_type": "the type of negative",
    "reason": "the reason",
    "status": "the decision",
}
_EDITABLE = (
    *("chosen", "rejected", "chosen_kind", "rejected_kind", "chosen_response_id", "rejected_response_id"),
    *("chosen_author", "rejected_author", "negative_type", "reason", "status"),
)


class StalePairError(UserError):
    """Somebody else changed the pair since this person opened it."""


@dataclass(frozen=True)
class Undone:
    """A decision that was taken back, and its pair as it is now."""

    pair: Pair
    decision: PairStatus


def create_pair(
    session: Session,
    *,
    person: Person,
    item_id: str,
    chosen: Answer,
    rejected: Answer,
    negative_type: str | None = None,
    reason: str = "",
) -> Pair:
    """Propose a pair.

    Raises:
        NotFoundError: there is no such item or response.
        UserError: a text is missing, both are the same, or there is such a pair already.
    """
    if session.get(Item, item_id) is None:
        raise NotFoundError(f"There is no item {item_id[:80]}. Choose another one.")
    if not is_passed(session, item_id=item_id):
        raise UserError("This item waits for a second person, under Own items. Pairs can be made of it after that.")
    fields = side_fields(session, person, item_id, "chosen", chosen) | side_fields(
        session, person, item_id, "rejected", rejected
    )
    check_texts(fields["chosen"], fields["rejected"])
    known = session.exec(
        select(Pair.id).where(
            Pair.item_id == item_id,
            Pair.chosen == fields["chosen"],
            Pair.rejected == fields["rejected"],
            Pair.status != "rejected",
        )
    ).first()
    if known is not None:
        raise UserError(f"Pair {known} has these two answers already. Open it in Pairs.")
    pair = Pair(
        item_id=item_id,
        negative_type=checked_type(negative_type),
        reason=checked_reason(reason),
        created_by=person.id,
        **fields,
    )
    session.add(pair)
    session.flush()
    record_event(
        session, person=person, kind="pair_created", subject=f"pair/{pair.id}", after=state_of(pair), version=1
    )
    return pair


def edit_pair(session: Session, *, person: Person, pair_id: int, version: int, change: PairChange) -> Pair:
    """Change texts, type or reason; a pair whose texts change is undecided again.

    Raises:
        StalePairError: the pair has another version by now.
        UserError: a text would be empty, or both the same.
    """
    pair = pair_now(session, pair_id)
    fields = changed_fields(pair, person, change)
    return _store(session, person=person, pair=pair, version=version, fields=fields, kind="pair_edited")


def swap_pair(session: Session, *, person: Person, pair_id: int, version: int) -> Pair:
    """Make the rejected answer the chosen one; the type of negative goes, it spoke of the other text.

    Raises:
        StalePairError: the pair has another version by now.
    """
    pair = pair_now(session, pair_id)
    fields: dict[str, Any] = {"negative_type": None, "status": "proposed"}
    for side, other in (("chosen", "rejected"), ("rejected", "chosen")):
        for part in ("", "_kind", "_response_id", "_author"):
            fields[side + part] = getattr(pair, other + part)
    return _store(session, person=person, pair=pair, version=version, fields=fields, kind="pair_edited")


def decide_pair(
    session: Session,
    *,
    person: Person,
    pair_id: int,
    version: int,
    status: PairStatus,
    change: PairChange | None = None,
) -> Pair:
    """Accept or reject a pair, with the type and reason as they stand in the form.

    Raises:
        StalePairError: the pair has another version by now.
        UserError: the person is an expert, or a pair to be accepted lacks a type of negative, has empty or equal texts,
            or is of an item that is never trained on.
    """
    pair = pair_now(session, pair_id)
    fields = changed_fields(pair, person, change or PairChange()) | {"status": status}
    if status == "accepted":
        _refuse_unfit(session, pair, fields)
    return _store(session, person=person, pair=pair, version=version, fields=fields, kind="pair_decided")


def undo_decision(session: Session, *, person: Person) -> Undone:
    """Take this person's last decision back that is not taken back yet.

    Raises:
        StalePairError: the pair was changed after the decision.
        UserError: there is nothing to take back.
    """
    event = last_decision(session, person=person)
    if event is None:
        raise UserError("There is no decision of yours to take back.")
    pair = pair_now(session, int(event.subject.removeprefix("pair/")))
    fields = event.detail["before"]
    version = event.detail["version"]
    pair = _store(
        session, person=person, pair=pair, version=version, fields=fields, kind="pair_undone", undoes=event.id
    )
    return Undone(pair, event.detail["after"]["status"])


def last_decision(session: Session, *, person: Person) -> Event | None:
    """Return this person's last decision that is not taken back, of their last hundred."""
    recent = session.exec(
        select(Event)
        .where(Event.person_id == person.id, col(Event.kind).in_(("pair_decided", "pair_undone")))
        .order_by(col(Event.id).desc())
        .limit(100)
    ).all()
    undone = {event.detail["undoes"] for event in recent if event.kind == "pair_undone"}
    return next((event for event in recent if event.kind == "pair_decided" and event.id not in undone), None)


def pair_now(session: Session, pair_id: int) -> Pair:
    """Return a pair as it is stored now.

    Raises:
        NotFoundError: there is no such pair.
    """
    pair = session.get(Pair, pair_id, populate_existing=True)
    if pair is None:
        raise NotFoundError(f"There is no pair {pair_id} in this workspace. Choose one from the list.")
    return pair


def state_of(pair: Pair) -> dict[str, Any]:
    """Return everything of a pair that can change, as JSON takes it."""
    return {name: getattr(pair, name) for name in _EDITABLE}


def _store(
    session: Session,
    *,
    person: Person,
    pair: Pair,
    version: int,
    fields: dict[str, Any],
    kind: str,
    **detail: Any,  # noqa: ANN401 - stored as JSON
) -> Pair:
    """Write the fields if the pair still has the version seen, with an event; nothing to write changes nothing."""
    needs_lead(person, "change pairs")
    before = state_of(pair)
    if all(before[name] == held for name, held in fields.items()):
        return pair
    if version != pair.version:
        raise StalePairError(_who_changed(session, pair, version))
    new = {**fields, "version": version + 1, "changed_at": utc_now()}
    found = session.exec(update(Pair).where(col(Pair.id) == pair.id, col(Pair.version) == version).values(**new))
    if found.rowcount != 1:
        raise StalePairError(_who_changed(session, pair_now(session, pair.id), version))
    after = before | fields
    changed = {"before": before, "after": after, "version": version + 1}
    record_event(session, person=person, kind=kind, subject=f"pair/{pair.id}", **changed, **detail)
    return pair_now(session, pair.id)


def _who_changed(session: Session, pair: Pair, seen: int) -> str:
    rows = session.exec(
        select(Event, Person.name)
        .join(Person, col(Person.id) == Event.person_id)
        .where(Event.subject == f"pair/{pair.id}")
        .order_by(col(Event.id))
    ).all()
    newer = [(event, name) for event, name in rows if event.detail.get("version", 0) > seen]
    if not newer:
        return f"Pair {pair.id} was changed since you opened it. Nothing of yours is saved yet."
    names = " and ".join(dict.fromkeys(name for _, name in newer))
    fields = ", ".join(
        words
        for field, words in FIELD_WORDS.items()
        if any(event.detail["before"].get(field) != event.detail["after"].get(field) for event, _ in newer)
    )
    return (
        f"{names} changed {fields or 'it'} of pair {pair.id} since you opened it. Yours is not saved, and kept here: "
        "compare the two, then save again or take the newer one."
    )


def _refuse_unfit(session: Session, pair: Pair, fields: dict[str, Any]) -> None:
    wanted = Pair(**{**pair.model_dump(), **fields})
    item = session.get_one(Item, pair.item_id)
    answered = session.exec(
        select(Response.item_id).where(col(Response.id).in_((pair.chosen_response_id, pair.rejected_response_id)))
    )
    for check in checks_of(wanted, item, response_items=set(answered)):
        if check.needed and not check.passed:
            raise UserError(f"This pair cannot be accepted. {check.line}.")

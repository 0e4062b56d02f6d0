"""One dimension of one response, scored by hand where no judge's reply could be read -> that person's label."""

from sqlmodel import Session, select

from core.backgrounds import pool_of
from core.errors import NotFoundError, UserError
from core.labels.entries import SCORES, AnswerEntry, Choice, read_entry
from core.labels.standing import standing_labels
from core.models import Item, Label, LockedResponse, Person, Response, utc_now
from core.people import needs_lead, open_responses
from core.rubric import DIMENSIONS


def label_by_hand(
    session: Session,
    *,
    person: Person,
    response_id: int,
    dimension: str,
    choice: Choice,
    reason: str = "",
    form_id: str,
) -> Label:
    """Store a lead's answer, or its undoing, as the lead's own label and return it; no judgement changes.

    The response must be open to the lead, so the label is `unblinded`, or `revised` once the lead's four answers are
    locked. Where it completes the four, it locks them, as under Validate.

    Args:
        session: to store with.
        person: a lead.
        response_id: what is scored.
        dimension: on which dimension.
        choice: "undone" takes the standing answer back.
        reason: up to 500 characters.
        form_id: a UUID for this one decision; sent again, it changes nothing and returns what is stored.

    Raises:
        NotFoundError: there is no such response.
        UserError: the person is an expert, the response is closed or has no whole text, the reason is too long, or
            there is no answer that could be taken back.
    """
    needs_lead(person, "score replies by hand")
    entry = _entry(response_id, dimension, choice, reason, form_id)
    stored = session.exec(
        select(Label).where(
            Label.person_id == person.id,
            Label.response_id == response_id,
            Label.dimension == entry.dimension,
            Label.form_id == entry.form_id,
        )
    ).first()
    return stored or _stored_anew(session, person, entry)


def is_locked(session: Session, *, person: Person, response_id: int) -> bool:
    """Return whether the person's four answers to a response are given, so that none can be taken back."""
    return session.get(LockedResponse, (person.id, response_id)) is not None


def _entry(response_id: int, dimension: str, choice: str, reason: str, form_id: str) -> AnswerEntry:
    given = {"kind": "answer", "form_id": form_id, "response": response_id, "dimension": dimension, "choice": choice}
    entry = read_entry(given | {"reason": reason})
    assert isinstance(entry, AnswerEntry)
    return entry


def _stored_anew(session: Session, person: Person, entry: AnswerEntry) -> Label:
    item = _item_of(session, person, entry.response)
    locked = is_locked(session, person=person, response_id=entry.response)
    labels = standing_labels(session, person=person, response_ids=[entry.response])
    standing = {label.dimension: label for label in labels}
    label = Label(
        person_id=person.id,
        response_id=entry.response,
        dimension=entry.dimension,
        form_id=entry.form_id,
        phase="revised" if locked else "unblinded",
        score=SCORES.get(entry.choice),
        cant_say=entry.choice == "cant_say",
        reason=entry.reason.strip() or None,
        pool=pool_of(session, person=person, country=item.country),
        language_shown=item.language,
    )
    if entry.choice == "undone":
        if locked:
            raise UserError("Your four answers to this response are locked. Score the reply again to revise this one.")
        if entry.dimension not in standing:
            raise UserError("There is no answer of yours to take back here.")
        undone = standing[entry.dimension]
        label.score, label.cant_say, label.retracted = undone.score, undone.cant_say, True
    session.add(label)
    if not locked and not label.retracted and standing.keys() | {entry.dimension} == set(DIMENSIONS):
        session.add(
            LockedResponse(person_id=person.id, response_id=entry.response, pool=label.pool, locked_at=utc_now())
        )
    session.flush()
    return label


def _item_of(session: Session, person: Person, response_id: int) -> Item:
    """Return the item of a response that this person may score by hand."""
    response = session.get(Response, response_id)
    if response is None:
        raise NotFoundError("This response is not in the workspace any more. Load the page again.")
    if response.status != "ok":
        raise UserError("This response has no whole text to score.")
    if not open_responses(session, person=person, response_ids=[response_id]):
        raise UserError("Open this reply before you score what it is about.")
    return session.get_one(Item, response.item_id)

"""What somebody types for an item of their own -> kept until it is sent, so that a reload loses nothing of it."""

from dataclasses import asdict, dataclass, fields

from sqlmodel import Session, col, delete

from core.benchmark.own_drafts import LONGEST_TEXT, OwnDraft
from core.models import KeptDraft, Person, utc_now

_FIELDS = {field.name for field in fields(OwnDraft)}


@dataclass(frozen=True)
class Kept:
    """A draft that was not sent yet, and the number of its form, by which it is sent once only."""

    draft: OwnDraft
    form_id: str


def kept_draft(session: Session, *, person: Person, form: str) -> Kept | None:
    """Return what a person typed into a form and did not send; None where there is nothing."""
    row = session.get(KeptDraft, (person.id, form))
    if row is None:
        return None
    return Kept(OwnDraft(**{name: held for name, held in row.draft.items() if name in _FIELDS}), row.form_id)


def keep_draft(session: Session, *, person: Person, form: str, draft: OwnDraft, form_id: str) -> None:
    """Keep what stands in a form, in place of what was kept of it before; its picture is not kept."""
    row = session.get(KeptDraft, (person.id, form)) or KeptDraft(person_id=person.id, form=form, form_id=form_id)
    held = asdict(draft).items()
    row.draft = {name: text[:LONGEST_TEXT] if isinstance(text, str) else text for name, text in held}
    row.form_id, row.changed_at = form_id, utc_now()
    session.add(row)


def forget_draft(session: Session, *, person: Person, form: str) -> None:
    """Forget what was kept of a form."""
    session.exec(delete(KeptDraft).where(col(KeptDraft.person_id) == person.id, col(KeptDraft.form) == form))


def forget_drafts(session: Session, *, person: Person) -> None:
    """Forget all that a person typed and did not send."""
    session.exec(delete(KeptDraft).where(col(KeptDraft.person_id) == person.id))

"""Labels of one response -> the experts' words side by side, without names, and without what tells of the judge."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.labels.disagreements import first_version_ids, is_locked
from core.labels.entries import said
from core.models import Label, LockedResponse, MarkedPhrase, Note
from core.responses.views import letters
from core.workspace_secret import secret_in


@dataclass(frozen=True)
class Given:
    """One expert's first version on one dimension; `score` None is "can't say".

    `judge_seen`: the expert had seen the judge before. `revised` is what they changed it to once the judge was shown,
    "yes", "no" or "can't say"; None if nothing, and until the ruling.
    """

    score: int | None
    confidence: int | None
    reason: str | None
    judge_seen: bool
    revised: str | None = None


@dataclass(frozen=True)
class Expert:
    """One expert's word on a response; the letter means this expert on this response only."""

    letter: str
    outside: bool
    given: Mapping[str, Given]
    note: str
    phrases: tuple[str, ...]


def experts_of(session: Session, *, response_id: int, ruled: bool) -> tuple[Expert, ...]:
    """Return the experts in the order of their letters, those from outside last.

    Until the response is ruled, what may speak of the judge is left out: revisions, notes from after the judge was
    shown, and the reasons of experts who had seen it before.
    """
    versions = first_version_ids().where(col(Label.response_id) == response_id)
    labels = session.exec(
        select(Label)
        .join(LockedResponse, is_locked())
        .where(col(Label.id).in_(versions), col(Label.retracted).is_(False))
    ).all()
    given: dict[int, list[Label]] = {}
    for label in labels:
        given.setdefault(label.person_id, []).append(label)
    revised = _revised(session, response_id) if ruled else {}
    notes, phrases = _notes(session, response_id, ruled), _phrases(session, response_id)

    def expert(place: int, person_id: int) -> Expert:
        rows = given[person_id]
        # Whoever had seen the judge may speak of it.
        quiet = not ruled and any(row.phase == "unblinded" for row in rows)
        return Expert(
            letter=letters(place),
            outside=_is_outside(rows),
            given={row.dimension: _given(row, revised.get((person_id, row.dimension)), quiet) for row in rows},
            note="" if quiet else notes.get(person_id, ""),
            phrases=tuple(phrases.get(person_id, ())),
        )

    # Random across responses, stable within one: a letter follows nobody to the next response. Whoever knows the
    # numbers of people cannot work out whose letter it is without the secret.
    key = secret_in(session).encode()
    mixed = sorted(given, key=lambda person_id: (_is_outside(given[person_id]), _mixed(key, response_id, person_id)))
    return tuple(expert(place, person_id) for place, person_id in enumerate(mixed))


def _is_outside(labels: Iterable[Label]) -> bool:
    return all(label.pool == "outside" for label in labels)


def _mixed(key: bytes, response_id: int, person_id: int) -> bytes:
    return hashlib.blake2b(b"letter/%d/%d" % (response_id, person_id), key=key, digest_size=8).digest()


def _given(label: Label, revised: Label | None, quiet: bool) -> Given:
    changed = revised is not None and (revised.score, revised.cant_say) != (label.score, label.cant_say)
    return Given(
        score=None if label.cant_say else label.score,
        confidence=label.confidence,
        reason=None if quiet else label.reason,
        judge_seen=label.phase == "unblinded",
        revised=said(revised.score, revised.cant_say) if revised and changed else None,
    )


def _revised(session: Session, response_id: int) -> dict[tuple[int, str], Label]:
    rows = session.exec(
        select(Label).where(Label.response_id == response_id, Label.phase == "revised").order_by(col(Label.id))
    )
    return {(row.person_id, row.dimension): row for row in rows if not row.retracted}


def _notes(session: Session, response_id: int, ruled: bool) -> dict[int, str]:
    """Return each expert's newest note; until the ruling, the newest from before the judge was shown to them."""
    query = (
        select(Note.person_id, Note.text)
        .join(
            LockedResponse,
            (col(LockedResponse.person_id) == Note.person_id) & (col(LockedResponse.response_id) == Note.response_id),
        )
        .where(Note.response_id == response_id)
        .order_by(col(Note.id))
    )
    return dict(session.exec(query if ruled else query.where(Note.created_at <= LockedResponse.locked_at)).all())


def _phrases(session: Session, response_id: int) -> dict[int, list[str]]:
    rows = session.exec(
        select(MarkedPhrase)
        .where(MarkedPhrase.response_id == response_id, col(MarkedPhrase.removed).is_(False))
        .order_by(col(MarkedPhrase.begins), col(MarkedPhrase.id))
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row.phrase)
    return found

"""Everybody's labels -> the text of a file in one of the formats, for the leads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from core.consent import withdrawn
from core.db import reading, transaction
from core.labels.exchange.argilla import argilla_pieces, argilla_settings
from core.labels.exchange.label_studio import label_studio_pieces, labeling_config
from core.labels.exchange.shapes import NAMES_MODELS, SUFFIXES, LabelFormat, LabelRecord
from core.labels.exchange.tables import csv_pieces, jsonl_pieces
from core.labels.exchange.tasks import labelled_tasks
from core.labels.standing import labels_of
from core.models import Label, LabelsSeen, LockedResponse, Person, ScoresSeen
from core.people import needs_lead, record_event


@dataclass(frozen=True)
class Companion:
    """A second file that tells another tool how to show the first."""

    ending: str
    text: str


@dataclass(frozen=True)
class LabelFile:
    """An export of labels: its text and how many labels it holds."""

    text: str
    labels: int


def label_file(*, author: Person, form: LabelFormat, identify: bool = False) -> LabelFile:
    """Return all labels as a file's text, experts by pseudonym.

    What a person exports they have seen: labels they give to these responses later are unblinded.

    Args:
        author: who exports.
        form: the format.
        identify: whether experts stand in it by name; that is written down.

    Raises:
        UserError: the author is an expert.
    """
    needs_lead(author, "export labels")
    # Apart from reading, so that nobody who labels waits while the file is made.
    with transaction() as session:
        _note_seen(session, author, with_models=form in NAMES_MODELS)
        if identify:
            record_event(session, person=author, kind="export", subject="labels", form=form, with_names=True)
    with reading() as session:
        labels = labels_of(session)
        if identify:
            names = dict(session.exec(select(Person.id, Person.name)).all())
            labels = [replace(label, expert=names[label.person_id]) for label in labels]
        return LabelFile("".join(_pieces(session, form, labels)), len(labels))


def _pieces(session: Session, form: LabelFormat, labels: Sequence[LabelRecord]) -> Iterable[str]:
    match form:
        case "jsonl":
            return jsonl_pieces(labels)
        case "csv":
            return csv_pieces(labelled_tasks(session, labels, with_judge=False))
        case "label-studio":
            return label_studio_pieces(labelled_tasks(session, labels))
        case "argilla":
            return argilla_pieces(labelled_tasks(session, labels))


def companion(form: LabelFormat) -> Companion | None:
    """Return the file that tells another tool how to show labels in this format; None where it needs none."""
    if form == "label-studio":
        return Companion("config.xml", labeling_config())
    return Companion("settings.json", argilla_settings()) if form == "argilla" else None


def file_name(form: LabelFormat) -> str:
    """Return the usual name of such a file."""
    return f"labels-{form}.{SUFFIXES[form]}" if companion(form) else f"labels.{SUFFIXES[form]}"


def _note_seen(session: Session, author: Person, *, with_models: bool) -> None:
    locked: set[int] = set(
        session.exec(select(LockedResponse.response_id).where(LockedResponse.person_id == author.id))
    )
    labelled: set[int] = set(session.exec(select(Label.response_id).distinct()))
    for table in (LabelsSeen, ScoresSeen) if with_models else (LabelsSeen,):
        known = set(session.execute(select(table.response_id).where(table.person_id == author.id)).scalars())
        rows = [
            {"person_id": author.id, "response_id": response_id} for response_id in sorted(labelled - locked - known)
        ]
        if rows:
            session.execute(insert(table), rows)


def labels_to_export(session: Session) -> int:
    """Return how many labels an export would hold."""
    theirs = select(func.count()).select_from(Label).where(col(Label.retracted).is_(False))
    return session.exec(theirs.where(col(Label.person_id).not_in(withdrawn(session)))).one()

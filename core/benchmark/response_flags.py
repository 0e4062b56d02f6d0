"""Texts of responses -> flags on those that read like instructions to a judge, whoever brought them in."""

from collections.abc import Iterable, Mapping

from sqlalchemy import insert
from sqlmodel import Session

from core.benchmark.injection import Mark, injection_marks
from core.models import ResponseFlag

Marked = Mapping[str, tuple[Mark, ...]]


def marked_texts(texts: Iterable[str]) -> Marked:
    """Return the suspicious ones among texts, with their marks.

    A long text takes some milliseconds: look before the database is locked, so that nobody waits for that.
    """
    return {text: marks for text in dict.fromkeys(texts) if (marks := injection_marks(text))}


def store_flags(session: Session, responses: Iterable[tuple[int, str]], marked: Marked) -> None:
    """Add the flags of new responses, given by id and text."""
    rows = [
        {"response_id": response_id, "code": mark.code, "excerpt": mark.excerpt}
        for response_id, text in responses
        for mark in marked.get(text, ())
    ]
    if rows:
        session.execute(insert(ResponseFlag), rows)

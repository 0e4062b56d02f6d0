"""Time how 10,000 labels leave in each format, and come in again."""

import re
import time
import uuid

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from core.db import reading, transaction
from core.labels.exchange.exporting import file_name, label_file
from core.labels.exchange.files import read_labels
from core.labels.exchange.importing import import_labels
from core.labels.exchange.shapes import LABEL_FORMATS, LabelFormat
from core.models import Label, LockedResponse, Person, Response
from core.people import add_person
from core.rubric import DIMENSIONS
from tests.bench.figures import Figure
from tests.builders import build_expert

LABELS = 10_000


def label_export_figures() -> list[Figure]:
    """Return the figures of exporting 10,000 labels of two experts, with a judge beside them, in each format."""
    with transaction() as session:
        lead = add_person(session, name=f"bench-{uuid.uuid4().hex[:8]}", role="lead")
        _add_labels(session)
    figures = []
    for form in LABEL_FORMATS:
        started = time.perf_counter()
        file = label_file(author=lead, form=form)
        elapsed = time.perf_counter() - started
        # Labels of other parts of this bench may lie in the workspace too: the goal holds for 10,000.
        assert file.labels >= LABELS
        figures.append(Figure(f"Export 10,000 labels, {form}", 1, [elapsed * LABELS / file.labels], unit="s"))
    return figures


def label_import_figures() -> list[Figure]:
    """Return the figures of importing what was exported: what is here already, in each format, and what is new."""
    with reading() as session:
        lead = session.exec(select(Person).where(Person.role == "lead").order_by(col(Person.id).desc())).first()
        pseudonyms = session.exec(select(Person.pseudonym)).all()
    assert lead is not None
    figures = []
    for form in LABEL_FORMATS:
        file = label_file(author=lead, form=form)
        elapsed, accepted = _imported(lead, form, file.text)
        assert accepted == 0
        figures.append(
            Figure(f"Import 10,000 labels that are here, {form}", 1, [elapsed * LABELS / file.labels], unit="s")
        )
    file = label_file(author=lead, form="csv")
    # The same labels of people who are nobody here.
    others = re.sub("|".join(map(re.escape, pseudonyms)), lambda found: f"elsewhere-{found[0]}", file.text)
    elapsed, accepted = _imported(lead, "csv", others)
    assert accepted == file.labels
    return [*figures, Figure("Import 10,000 new labels, csv", 1, [elapsed * LABELS / file.labels], unit="s")]


def _imported(lead: Person, form: LabelFormat, text: str) -> tuple[float, int]:
    """Return the seconds an import of this text took, and how many labels came in."""
    started = time.perf_counter()
    entries = read_labels(text.encode(), file_name(form))
    with transaction() as session:
        report = import_labels(session, entries, author=lead, name=form)
    return time.perf_counter() - started, report.accepted


def _add_labels(session: Session) -> None:
    """Add four labels of two experts each to so many responses that they come to 10,000; the judge is there already."""
    experts = [build_expert(session, f"bench-{uuid.uuid4().hex[:8]}") for _ in range(2)]
    count = LABELS // len(DIMENSIONS) // len(experts)
    readable = select(Response.id).where(Response.status == "ok").order_by(func.length(Response.text).desc())
    ids = session.exec(readable.limit(count)).all()
    assert len(ids) == count, "full CROSS has responses enough"
    labels = [
        {"person_id": expert.id, "response_id": response_id, "dimension": dimension, "form_id": str(uuid.uuid4())}
        | {"phase": "blind", "score": response_id % 2, "language_shown": "en", "reason": "As my mother taught me. " * 4}
        for response_id in ids
        for expert in experts
        for dimension in DIMENSIONS
    ]
    locks = [{"person_id": expert.id, "response_id": response_id} for response_id in ids for expert in experts]
    for table, rows in ((Label, labels), (LockedResponse, locks)):
        session.execute(insert(table), rows)

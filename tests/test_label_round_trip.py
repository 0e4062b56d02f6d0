"""Labels taken out and brought in again, elsewhere and where they came from: the same as before, or refused."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from core.config import settings
from core.db import migrate, reading, transaction
from core.labels.exchange.exporting import file_name, label_file
from core.labels.exchange.shapes import LABEL_FORMATS
from core.labels.standing import label_records
from core.models import Person
from tests.builders import build_item, build_person, build_response
from tests.label_file_builders import BEGIN, TEXTS, add_label, add_labels, build_labelled
from tests.label_import_builders import imported, response


@pytest.fixture
def labelled_workspace(workspace: Path) -> Iterator[None]:
    """Build a workspace with labels: revised, unfinished, taken back."""
    with transaction() as session:
        build_person(session, "lead", pseudonym="lead-here")
        responses, experts = build_labelled(session, experts=3)
        later = BEGIN + timedelta(hours=1)
        add_label(session, experts[0], responses[0], "education", "n", phase="revised", submitted_at=later, reason=None)
        unfinished = build_person(session)
        add_labels(session, unfinished, responses[1], "y--n", at=90, phase="unblinded", inclusion_probability=None)
        add_label(session, unfinished, responses[1], "awareness", "y", retracted=True, submitted_at=later)
    yield
    settings.cache_clear()


def exported_here(form: str) -> str:
    with reading() as session:
        lead = session.exec(select(Person).where(Person.role == "lead")).one()
    return label_file(author=lead, form=form).text


def open_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, same_numbers: bool = False) -> None:
    monkeypatch.setenv("CROSS_REVIEW_HOME", str(tmp_path / "another"))
    settings.cache_clear()
    migrate()
    numbered = list(enumerate(TEXTS))
    with transaction() as session:
        build_person(session, "lead")
        if not same_numbers:
            numbered.reverse()
            response(session)
        for number, text in numbered:
            item = build_item(session, id=f"own/Morocco_x{number}/1", norm=f"Norm {number}")
            build_response(session, item, text=text, model=f"model-{number}")


def comparable() -> list[tuple]:
    """Return the export of labels without numbers and pseudonyms; experts by the first of their labels."""
    with reading() as session:
        records = list(label_records(session))
    firsts: dict[str, str] = {}
    for record in sorted(records, key=lambda row: (row["submitted_at"], row["item_id"], row["dimension"])):
        firsts.setdefault(record["expert"], f"{record['submitted_at']} {record['item_id']}")
    rows = [
        tuple(firsts[value] if name == "expert" else value for name, value in record.items() if name != "response_id")
        for record in records
    ]
    return sorted(rows, key=str)


@pytest.mark.parametrize("form", ["csv", "label-studio", "argilla"])
def test_an_export_imported_elsewhere_is_exported_the_same(labelled_workspace, tmp_path, monkeypatch, form):
    before, text = comparable(), exported_here(form)
    open_another(tmp_path, monkeypatch)
    with transaction() as session:
        report = imported(session, text, file_name(form))
    assert report.refused == []
    assert comparable() == before
    with transaction() as session:
        assert imported(session, text, file_name(form)).accepted == 0
    assert comparable() == before


@pytest.mark.parametrize("form", LABEL_FORMATS)
def test_an_export_imported_where_it_came_from_changes_nothing(labelled_workspace, form):
    before, text = comparable(), exported_here(form)
    with transaction() as session:
        report = imported(session, text, file_name(form))
    assert (report.accepted, report.refused) == (0, [])
    assert report.unchanged == len(before)
    assert not [rater for rater in report.raters if rater.is_new]
    assert comparable() == before


def test_jsonl_imported_where_the_responses_have_the_same_numbers_is_exported_the_same(
    labelled_workspace, tmp_path, monkeypatch
):
    before, text = comparable(), exported_here("jsonl")
    open_another(tmp_path, monkeypatch, same_numbers=True)
    with transaction() as session:
        assert imported(session, text).refused == []
    assert comparable() == before


def test_jsonl_whose_numbers_mean_other_items_there_is_refused_whole(labelled_workspace, tmp_path, monkeypatch):
    text = exported_here("jsonl")
    open_another(tmp_path, monkeypatch)
    with transaction() as session:
        report = imported(session, text)
        assert report.accepted == 0
    assert "is another one" in report.refused[0].reason

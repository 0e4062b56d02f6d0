"""Labels come in from four formats: what they are matched by, whose they are, what stays out, hostile files."""

import contextlib
import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from core.cli.labels import import_labels_command
from core.config import settings
from core.consent import withdraw
from core.db import migrate, reading, transaction
from core.errors import BenchmarkFormatError, UserError
from core.labels.exchange.exporting import file_name, label_file
from core.labels.exchange.files import read_labels
from core.labels.exchange.importing import LabelReport, import_labels, preview_labels
from core.labels.exchange.shapes import LABEL_FORMATS, LabelEntry
from core.labels.standing import label_records
from core.models import Label, LockedResponse, Person, Response
from core.responses.table_rows import RefusedRow
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_person, build_response
from tests.label_file_builders import BEGIN, TEXTS, add_label, add_labels, build_labelled

ANSWERS = dict.fromkeys(DIMENSIONS, 1)


def read(content: str | bytes | list, name: str = "a.jsonl") -> list[LabelEntry | RefusedRow]:
    if isinstance(content, list):
        content = "".join(json.dumps(record) + "\n" for record in content)
    return read_labels(content if isinstance(content, bytes) else content.encode(), name)


def imported(session: Session, content: str | bytes | list, name: str = "a.jsonl") -> LabelReport:
    lead = session.exec(select(Person).where(Person.role == "lead")).first() or build_person(session, "lead")
    return import_labels(session, read(content, name), author=lead, name=name)


def why(session: Session, *records: dict, name: str = "a.jsonl") -> list[str]:
    return [row.reason for row in imported(session, list(records), name).refused]


def response(session: Session, **given: object) -> Response:
    return build_response(session, build_item(session), **given)


def told(answers: Response, **given: object) -> dict:
    named = {"response_id": answers.id, "item_id": answers.item_id, "response_model": answers.model}
    return named | {"dimension": "education", "expert": "Ana", "score": 1} | given


def stored(session: Session) -> list[Label]:
    return list(session.exec(select(Label).order_by(col(Label.id))))


# -- there and back -------------------------------------------------------------------------------------------------


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


# -- which response -------------------------------------------------------------------------------------------------


def test_a_number_is_believed_only_where_nothing_else_speaks_against_it(session):
    one, other = response(session), response(session)
    assert imported(session, [told(one)]).found_by == {"number": 1}
    assert imported(session, [told(one, response_model=None)]).found_by == {"number alone": 1}
    assert "is another one" in why(session, told(one, item_id="nowhere", response_model=None))[0]
    # What else it says names another response.
    assert imported(session, [told(other, response_id=one.id)]).found_by == {"name": 1}


def test_without_a_number_item_model_setting_and_round_find_it(session):
    one = response(session, model="m")
    build_response(session, session.get_one(type(build_item(session)), one.item_id), model="m", round=2)
    named = told(one, response_id=None)
    assert why(session, named) == ["fits 2 responses here: name its item, model, setting and round"]
    report = imported(session, [named | {"setting": "english", "response_round": 1}])
    assert (report.found_by, stored(session)[0].response_id) == ({"name": 1}, one.id)


def test_the_exact_text_finds_it_and_a_text_that_stands_twice_does_not(session):
    one = response(session, text="A text of its own.")
    label = {"expert": "Ana", "dimension": "education", "score": 0, "response": "A text of its own."}
    assert imported(session, [label]).found_by == {"text": 1}
    assert "no response with this text here" in why(session, label | {"response": "A text of its own"})[0]
    response(session, text="A text of its own.")
    assert "fits 2 responses" in why(session, label)[0]
    assert {row.response_id for row in stored(session)} == {one.id}


def test_what_names_no_response_stays_out(session):
    named = {"expert": "Ana", "dimension": "education", "score": 1}
    assert "names no response" in why(session, named)[0]
    assert "no response 99 here" in why(session, named | {"response_id": 99})[0]


# -- whose, and how -------------------------------------------------------------------------------------------------


def test_a_rater_who_is_nobody_here_becomes_an_expert_named_as_imported_once(session):
    one, other = response(session), response(session)
    imported(session, [told(one), told(one, dimension="awareness")])
    imported(session, [told(other, expert="ana")])
    people = session.exec(select(Person).where(col(Person.name).startswith("imported"))).all()
    assert [(person.name, person.role) for person in people] == [("imported: Ana", "expert")]
    assert people[0].pseudonym.startswith("expert-")
    assert {label.person_id for label in stored(session)} == {people[0].id}


def test_a_pseudonym_of_somebody_here_is_them(session):
    person = build_person(session)
    report = imported(session, [told(response(session), expert=person.pseudonym)])
    assert [rater.is_new for rater in report.raters] == [False]
    assert stored(session)[0].person_id == person.id


def test_labels_are_unblinded_and_without_a_probability_unless_the_file_says_otherwise(session):
    one, other = response(session), response(session)
    imported(session, [told(one), told(other, phase="blind", inclusion_probability=0.5)])
    said = [(label.phase, label.inclusion_probability) for label in stored(session)]
    assert said == [("unblinded", None), ("blind", 0.5)]


def test_four_answers_lock_the_response_and_three_do_not(session):
    one, other = response(session), response(session)
    wide = {"expert": "Ana", "awareness": "yes", "education": "No", "compliance": "can't say", "helpfulness": 1}
    imported(session, [{"response_id": one.id} | wide, {"response_id": other.id} | wide | {"helpfulness": None}])
    assert list(session.exec(select(LockedResponse.response_id))) == [one.id]
    said = [(label.score, label.cant_say) for label in stored(session)[:4]]
    assert said == [(1, False), (0, False), (None, True), (1, False)]


def test_an_answer_given_here_stays_where_the_file_has_another(session):
    one = response(session)
    person = build_person(session)
    add_labels(session, person, one, "yyyy")
    reasons = why(session, told(one, expert=person.pseudonym, score=0))
    assert reasons == ["its expert has answered this here already, and otherwise: the answer here stays"]
    assert len(stored(session)) == 4


def test_a_revision_made_since_is_added_to_what_came_before(session):
    one = response(session)
    first = told(one, submitted_at="2026-01-01T00:00:00", phase="blind", expert="Ana")
    imported(session, [first])
    second = first | {"submitted_at": "2026-01-02T00:00:00", "phase": "revised", "score": 0}
    report = imported(session, [first | {"superseded": True}, second])
    assert (report.accepted, report.unchanged) == (1, 1)
    assert [(label.phase, label.score) for label in stored(session)] == [("blind", 1), ("revised", 0)]


def test_a_second_answer_to_the_same_in_one_file_is_refused(session):
    one = response(session)
    reasons = why(session, told(one), told(one, score=0))
    assert reasons == ["answers for the same expert, response and dimension as row 1"]
    assert [label.score for label in stored(session)] == [1]


def test_the_same_file_twice_is_stored_once_even_without_times(session):
    one = response(session)
    labels = [told(one, dimension=dimension) for dimension in DIMENSIONS]
    assert imported(session, labels).accepted == 4
    again = imported(session, labels)
    assert (again.accepted, again.unchanged) == (0, 4)


def test_labels_of_somebody_who_has_withdrawn_come_in_no_more(session):
    person = build_person(session)
    withdraw(session, person=person)
    assert "has withdrawn" in why(session, told(response(session), expert=person.pseudonym))[0]


def test_a_preview_says_the_same_and_stores_nothing(session):
    lead, one = build_person(session, "lead"), response(session)
    entries = read([told(one), told(one, score=2)])
    seen = preview_labels(session, entries, author=lead)
    assert stored(session) == []
    assert seen == import_labels(session, entries, author=lead, name="a.jsonl")


def test_an_expert_neither_imports_nor_previews_labels(session):
    expert, entries = build_person(session), read([told(response(session))])
    for asked in (
        lambda: import_labels(session, entries, author=expert, name="a"),
        lambda: preview_labels(session, entries, author=expert),
    ):
        with pytest.raises(UserError, match="Only the leads"):
            asked()


# -- other tools ----------------------------------------------------------------------------------------------------


def task(one: Response, *annotations: dict) -> str:
    return json.dumps([{"data": {"response_id": one.id, "response": one.text}, "annotations": list(annotations)}])


def chosen(answer: object, **given: object) -> dict:
    result = {"from_name": "education", "to_name": "response", "type": "choices", "value": {"choices": [answer]}}
    return {"completed_by": {"id": 7, "email": "ana@example.org"}, "result": [result | given]}


def test_an_annotation_made_in_label_studio_comes_in(session):
    one = response(session)
    report = imported(session, task(one, chosen("no") | {"created_at": "2026-02-01T10:00:00Z"}), "a.json")
    assert [rater.name for rater in report.raters] == ["ana@example.org"]
    (label,) = stored(session)
    assert (label.score, label.phase, label.submitted_at.isoformat()) == (0, "unblinded", "2026-02-01T10:00:00+00:00")


def test_an_answer_changed_in_label_studio_is_no_longer_blind(session):
    one = response(session)
    meta = {"answer": "yes", "phase": "blind", "inclusion_probability": 0.5}
    imported(session, task(one, chosen("no", meta=meta)), "a.json")
    (label,) = stored(session)
    assert (label.score, label.phase, label.inclusion_probability) == (0, "unblinded", None)


def test_an_annotation_skipped_in_label_studio_stays_out(session):
    content = task(response(session), chosen("no") | {"was_cancelled": True})
    assert [row.reason for row in imported(session, content, "a.json").refused] == ["was skipped there"]


def record(one: Response, metadata: object = None, **given: object) -> dict:
    said = [{"value": "no", "user_id": str(uuid.UUID(int=7))} | given]
    return {"id": "x", "fields": {"response": one.text}, "responses": {"education": said}, "metadata": metadata}


def test_a_response_made_in_argilla_comes_in_and_a_discarded_one_does_not(session):
    one = response(session, text="Of its own.")
    assert why(session, record(one, status="discarded")) == ["was discarded there"]
    imported(session, [record(one, status="submitted")])
    assert [(label.score, label.phase) for label in stored(session)] == [(0, "unblinded")]


def test_an_answer_changed_in_argilla_is_no_longer_blind(session):
    one = response(session, text="Of its own.")
    story = {"expert": "e", "dimension": "education", "answer": "yes", "phase": "blind", "superseded": False}
    imported(session, [record(one, {"labels": json.dumps([story])}, user_id="e")])
    assert [(label.score, label.phase) for label in stored(session)] == [(0, "unblinded")]


# -- hostile files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("score", 2, "its answer is a number"),
        ("score", True, None),
        ("score", [1], "its answer is a list"),
        ("score", None, "its answer is nothing"),
        ("dimension", "beauty", "its dimension is 'beauty'"),
        ("dimension", {"a": 1}, "its dimension is an object"),
        ("expert", "", "does not say whose"),
        ("expert", "\u202eanA", "does not say whose"),
        ("expert", "x" * 61, "longer than 60"),
        # Composed, each of these is two letters.
        ("expert", "\u0958" * 40, "longer than 60"),
        ("expert", "می\u200cشود", None),
        ("expert", "\ud800", "no text"),
        ("phase", "golden", "its phase is 'golden'"),
        ("confidence", 4, "its confidence is none of"),
        ("inclusion_probability", 0, "no number above 0"),
        ("inclusion_probability", "1e999", "no number above 0"),
        ("inclusion_probability", "nan", "no number above 0"),
        ("inclusion_probability", 10**400, "no number above 0"),
        ("submitted_at", "yesterday", "write it as"),
        ("submitted_at", "2999-01-01T00:00:00", "in the future"),
        ("response_id", -1, "no whole number"),
        ("response_id", 10**30, "no whole number"),
        ("response_id", "1e3", "no whole number"),
        ("item_id", ["a"], "a list where a text"),
        ("reason", "x" * 4001, "longer than 4,000"),
        ("reason", "a\0b", "no text"),
        ("superseded", "maybe", "neither true nor false"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_reason(session, field, value, reason):
    said = why(session, told(response(session), **{field: value}))
    assert (reason is None and said == []) or (len(said) == 1 and reason in said[0]), said


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("[" * 100_000, "a.json", "nested too deeply"),
        ('{"a": ' * 100_000, "a.jsonl", "line 1: is nested too deeply"),
        ('[{"response_id": ' + "9" * 5000 + "}]", "a.json", "no usable JSON"),
        ('{"score": NaN}', "a.jsonl", "NaN is no JSON number"),
        (b'{"a": "\xff"}', "a.jsonl", "not valid UTF-8 at byte 7"),
        (b"a,b\n\xff,1\n", "a.csv", "not valid UTF-8"),
        ("{}", "a.json", "no list of tasks"),
        ("", "a.jsonl", "holds no labels"),
        ("[]", "a.json", "holds no labels"),
        ("x", "a.xlsx", "none of csv"),
        ('{"cut', "a.jsonl", "line 1: is no JSON at line 1"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole_with_a_message(content, name, message):
    with pytest.raises(BenchmarkFormatError, match=message):
        read(content, name)


NAMES = (
    *("data", "annotations", "result", "value", "choices", "from_name", "completed_by", "meta", "earlier", "fields"),
    *("responses", "metadata", "labels", "response", "response_id", "dimension", "education", "expert", "user_id"),
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["yes", *NAMES])
JSON = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=20,
)


@given(JSON, st.sampled_from(["flat", "label-studio", "argilla"]))
def test_whatever_stands_in_a_file_it_is_read_or_refused_with_a_message(value, form):
    first = {"flat": {}, "label-studio": {"data": {}, "annotations": value}, "argilla": {"fields": {}}}[form]
    records = [first, value]
    if form == "label-studio":
        records += [{"data": {"response_id": 1}, "annotations": [value, {"result": value}, {"result": [value]}]}]
    if form == "argilla":
        records += [{"fields": {"response": "x"}, "responses": {"education": [value]}, "metadata": value}]
    try:
        found = read(json.dumps(records), "a.json")
    except BenchmarkFormatError:
        return
    assert all(isinstance(one, LabelEntry | RefusedRow) for one in found)


@given(st.binary(max_size=60), st.sampled_from(["csv", "json", "jsonl"]))
def test_whatever_the_bytes_it_is_a_message_or_a_list(content, suffix):
    with contextlib.suppress(BenchmarkFormatError):
        assert read(content, f"a.{suffix}")


def test_a_file_is_stored_whole_or_not_at_all(workspace):
    with transaction() as session:
        lead = build_person(session, "lead")
        labels = [told(response(session), expert=f"rater {number}") for number in range(300)]

    def on_a_disk_that_fills_up() -> None:
        with transaction() as session:
            pages = session.execute(sql("PRAGMA page_count")).scalar_one()
            session.execute(sql(f"PRAGMA max_page_count = {pages + 15}"))
            import_labels(session, read(labels), author=lead, name="a")

    with pytest.raises(OperationalError, match="full"):
        on_a_disk_that_fills_up()
    with reading() as session:
        assert stored(session) == []
        assert session.exec(select(Person).where(Person.role == "expert")).all() == []


# -- the command and the screen ---------------------------------------------------------------------------------------


def test_the_command_shows_what_would_come_in_and_then_brings_it_in(workspace, tmp_path):
    with transaction() as session:
        one = response(session)
    (tmp_path / "a.jsonl").write_text(json.dumps(told(one)) + "\n{}\n", encoding="utf-8")
    app = typer.Typer()
    app.command()(import_labels_command)

    def said(*words: str) -> dict:
        return json.loads(
            CliRunner().invoke(app, [str(tmp_path / "a.jsonl"), "--json", *words]).stdout.splitlines()[-1]
        )

    seen = said("--dry-run")
    assert (seen["accepted"], [row["row"] for row in seen["refused"]]) == (1, [2])
    with reading() as session:
        assert stored(session) == []
    assert said()["accepted"] == 1
    again = said()
    assert (again["accepted"], again["unchanged"]) == (0, 1)


def part() -> None:
    from core.people import person_here
    from pages.components.labels_exchange import labels_exchange

    labels_exchange(person_here())


def uploaded(content: str) -> AppTest:
    app = AppTest.from_function(part, default_timeout=30).run()
    app.file_uploader[0].set_value(("a.jsonl", content.encode(), "application/json")).run()
    assert not app.exception
    return app


def test_the_screen_shows_what_would_come_in_before_anything_is_stored(workspace):
    with transaction() as session:
        one = response(session)
    app = uploaded(json.dumps(told(one)) + "\n" + json.dumps(told(one, score=7)))
    shown = [row for frame in app.dataframe for row in frame.value.astype(object).to_numpy().tolist()]
    assert shown == [
        ["Ana", "new, added as an expert", 1],
        [2, "its answer is a number; known are 1, 0, yes, no, cant_say"],
    ]
    with reading() as session:
        assert stored(session) == []
    app.button[0].click().run()
    assert app.success[0].value == "1 label imported from a\\.jsonl."
    with reading() as session:
        assert len(stored(session)) == 1


def test_the_screen_warns_where_a_number_is_all_that_is_known(workspace):
    with transaction() as session:
        one = response(session)
    assert uploaded(json.dumps(told(one))).warning == []
    app = uploaded(json.dumps(told(one, response_model=None)))
    assert "by their number alone" in app.warning[0].value


def test_a_file_that_cannot_be_read_is_named_on_the_screen(workspace):
    app = uploaded("[" * 100_000)
    assert "nested too deeply" in app.error[0].value
    assert not app.button

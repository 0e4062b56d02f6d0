"""Hostile files of labels: refused row by row or whole, each with a message, and nothing by halves."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from core.db import reading, transaction
from core.errors import BenchmarkFormatError
from core.labels.exchange.importing import import_labels
from core.labels.exchange.shapes import LabelEntry
from core.models import Person
from core.responses.table_rows import RefusedRow
from tests.builders import build_person
from tests.label_import_builders import read, response, stored, told, why


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

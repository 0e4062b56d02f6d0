"""Whatever the browser sends is an entry or a refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UserError
from core.labels.entries import form_id_of, read_entry
from core.labels.saving import save_entries
from core.rubric import DIMENSIONS
from tests.builders import build_person
from tests.label_builders import answer, assigned, lines, refusals

HOSTILE = [
    {"dimension": "violation"},
    {"dimension": ["awareness"]},
    {"choice": "retracted"},
    {"choice": 1},
    {"response": True},
    {"response": "1"},
    {"response": -1},
    {"response": 2**70},
    {"response": 1.5},
    {"kind": "lock"},
    {"reason": "x" * 501},
    {"reason": "\ud800"},
    {"opened_at": "yesterday"},
    {"opened_at": 10**30},
    {"language_shown": {"a": 1}},
    {"translation_shown": "yes"},
]


@pytest.mark.parametrize("change", HOSTILE)
def test_an_entry_that_is_no_answer_is_refused(session, change):
    person = build_person(session)
    (response,) = assigned(session, person)
    assert len(refusals(session, person, answer(response) | change)) == 1
    assert lines(session) == []


@pytest.mark.parametrize("raw", [None, 3, "x", [], {}, {"form_id": "1"}, {"form_id": "x" * 36}, {"form_id": None}])
def test_what_has_no_name_is_dropped(session, raw):
    assert save_entries(session, person=build_person(session), entries=[raw]).refused == {}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
entry_like = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["answer", "note", "reason"]) | json_values,
        "form_id": st.uuids().map(str) | json_values,
        "response": json_values,
        "dimension": st.sampled_from(DIMENSIONS) | json_values,
        "choice": st.sampled_from(["yes", "no"]) | json_values,
        "text": json_values,
        "label": st.uuids().map(str) | json_values,
        "opened_at": json_values,
    },
)


@given(entry_like | json_values)
def test_whatever_arrives_is_an_entry_or_a_problem_the_user_is_told(raw):
    try:
        outcome: object = read_entry(raw).form_id
    except UserError as problem:
        outcome = str(problem)
    assert outcome
    assert form_id_of(raw) is None or isinstance(raw, dict)

"""Labels made or changed in Label Studio and Argilla come in."""

import json
import uuid

from core.models import Response
from tests.builders import build_person
from tests.label_import_builders import imported, response, stored, why


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


def test_who_completed_an_annotation_decides_whose_labels_it_holds(session):
    one, somebody = response(session), build_person(session)
    meta = {"answer": "no", "expert": somebody.pseudonym}
    earlier = [{"dimension": "awareness", "answer": "yes", "expert": somebody.pseudonym}]
    report = imported(session, task(one, chosen("no", meta=meta) | {"earlier": earlier}), "a.json")
    assert [rater.name for rater in report.raters] == ["ana@example.org"]
    assert somebody.id not in {label.person_id for label in stored(session)}


def test_an_annotation_that_nobody_completed_stays_out_whatever_its_hidden_fields_say(session):
    annotation = chosen("no", meta={"answer": "no", "expert": "Ana"}) | {"completed_by": None}
    refused = imported(session, task(response(session), annotation), "a.json").refused
    assert "does not say whose label it is" in refused[0].reason


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

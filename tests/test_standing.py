"""Which labels stand."""

from core.labels.standing import labels_of
from tests.builders import build_person
from tests.label_builders import answer, assigned, four, save


def test_records_for_export_mark_what_was_superseded(session):
    person = build_person(session)
    (response,) = assigned(session, person)
    (other,) = assigned(session, person)
    save(session, person, *four(response), answer(response, "awareness", "no"))
    save(session, person, answer(other, "education"), answer(other, "education", "undone"))
    records = labels_of(session)
    assert [(r.dimension, r.phase, r.superseded, r.locked) for r in records] == [
        ("awareness", "blind", True, True),
        ("education", "blind", False, True),
        ("compliance", "blind", False, True),
        ("helpfulness", "blind", False, True),
        ("awareness", "revised", False, True),
        ("education", "blind", True, False),
    ]
    assert {r.expert for r in records} == {person.pseudonym}
    assert labels_of(session, response_ids=[response.id]) == records[:5]
    assert records[0].item_id == response.item_id

"""An own item that no second person has passed is collected, judged, labelled, paired and trained on nowhere."""

import pytest
from sqlmodel import Session, select

from core.benchmark.errata import decide_erratum, propose_erratum
from core.benchmark.own_items import review_own_item
from core.db import reading, transaction
from core.errors import UserError
from core.judging.selection import Selection, chosen_responses
from core.models import Erratum, Item, Response
from core.pairs.contents import Answer
from core.pairs.pairs import create_pair
from core.people import current_person, left_to_label
from core.responses.collecting import ItemChoice, collect_extent
from core.sample_workspace import empty_sample, load_sample
from core.training_sets.candidates import accepted_pair_ids
from tests.builders import build_pair, build_person, build_response
from tests.test_browse_page import cards, open_page
from tests.test_own_items import propose


def uses(session: Session) -> tuple[int, int, int, int]:
    """Return how many items, responses, responses and pairs would be collected, judged, labelled, trained on."""
    person = build_person(session)
    labelled = session.exec(select(Response.id).join(Item).where(left_to_label(person))).all()
    return (
        collect_extent(session, chosen=ItemChoice(), stored_as="m", rounds=1).items,
        len(chosen_responses(session, Selection())),
        len(labelled),
        len(accepted_pair_ids(session)),
    )


def test_nothing_uses_it_until_it_is_accepted(session):
    english = propose(session, build_person(session, "lead"))[0]
    build_response(session, english)
    build_pair(session, english)
    assert uses(session) == (0, 0, 0, 0)
    review_own_item(session, person=build_person(session, "lead"), base_item_id=english.base_item_id, accepts=True)
    assert uses(session) == (1, 1, 1, 1)


def test_no_pair_is_made_of_it(session):
    english = propose(session, build_person(session, "lead"))[0]
    with pytest.raises(UserError, match="waits for a second person"):
        create_pair(
            session,
            person=build_person(session, "lead"),
            item_id=english.id,
            chosen=Answer(text="a"),
            rejected=Answer(text="b"),
        )


def test_browse_lists_it_once_accepted_and_shows_how_items_read_corrected(workspace):
    with transaction() as session:
        lead = current_person(session)
        waiting, other = (propose(session, lead, form_id)[0] for form_id in ("1", "2"))
        reviewer = build_person(session, "lead")
        review_own_item(session, person=reviewer, base_item_id=other.base_item_id, accepts=True)
        for kind, proposed in (("norm_wrong", "Silver is pinned."), ("domain", "outdoor")):
            propose_erratum(
                session, person=lead, item_id=other.id, kind=kind, proposed=proposed, reason="", form_id=kind
            )
        decide_erratum(session, person=lead, erratum_id=1, status="accepted")
        names = waiting.id, other.id
    page = open_page(item=names[0])
    assert not page.exception
    assert any("waits for a second person" in badge.value for badge in page.markdown)
    page = open_page(item=names[1])
    assert not page.exception
    assert any("Corrected" in text.value for text in page.markdown)
    assert [card["id"] for card in cards(open_page(errata="open"))] == [names[1]]
    assert names[0] not in {card["id"] for card in cards(open_page())}


def test_the_sample_workspace_is_emptied_with_its_errata(workspace):
    load_sample()
    with transaction() as session:
        person = current_person(session)
        item = session.exec(select(Item).where(Item.subset == "sample")).first()
        propose_erratum(
            session, person=person, item_id=item.id, kind="not_shown", proposed=None, reason="No.", form_id="1"
        )
    empty_sample(person=person)
    with reading() as session:
        assert session.exec(select(Erratum)).all() == []

"""From a number of agreement to the answers behind it: those both sides scored, and no others."""

import pytest
from sqlmodel import col, select

from core.benchmark.item_address import filter_from_address
from core.benchmark.items import listing
from core.measures.agreement import agreement_cells, pool_cells
from core.measures.compared_behind import Sides
from core.measures.items_behind import behind
from core.measures.score_filter import ScoreFilter
from core.models import Response
from pages.components.agreement.grids import answers_address
from tests.agreement_builders import build_agreeing, build_labelled
from tests.builders import build_person
from tests.score_builders import build_label, lead

A = ScoreFilter(judge="judge-a")


def opened(session, wanted, keys, sides=None):
    """Return how many responses Browse says are behind a number."""
    given = answers_address(wanted, keys, sides)
    shown = filter_from_address(session, given=given, person=lead(session))
    found = behind(session, person=lead(session), wanted=shown)
    items = listing(session, wanted=shown, person=lead(session), among=found.items).item_ids
    rows = session.exec(select(Response.id).where(col(Response.item_id).in_(items))).all()
    return len(set(rows) & found.responses)


def test_each_grid_opens_as_many_answers_as_it_says(session):
    build_agreeing(session, "1010-" + "-" * 7, "1100-1?10101", "11-0----1---")
    [cell] = agreement_cells(session, person=lead(session), wanted=A)
    assert (cell.with_judge.n, cell.among_experts.n) == (4, 4)
    build_label(session, build_person(session), build_agreeing(session, "1", "1")[0], 0)
    [cell] = agreement_cells(session, person=lead(session), wanted=A)
    assert (cell.with_judge.n, opened(session, A, cell.keys, Sides("from", judge="judge-a"))) == (5, 5)
    assert (cell.among_experts.n, opened(session, A, cell.keys, Sides("from"))) == (5, 5)


def test_both_sides_open_different_answers(session):
    build_agreeing(session, "1" * 9 + "-" * 3, "1" * 12, "-" * 8 + "1111", country="Chad")
    [cell] = agreement_cells(session, person=lead(session), wanted=A)
    assert (cell.with_judge.n, opened(session, A, cell.keys, Sides("from", judge="judge-a"))) == (9, 9)
    assert (cell.among_experts.n, opened(session, A, cell.keys, Sides("from"))) == (4, 4)
    assert opened(session, A, cell.keys) == 12


def test_every_field_of_random_labels_opens_as_many_answers_as_it_says(session):
    build_labelled(session, 5)
    cells = agreement_cells(session, person=lead(session), wanted=A)
    told = [(cell.with_judge.n, cell.among_experts.n) for cell in cells]
    assert any(first != second for first, second in told)
    for cell, (first, second) in zip(cells, told, strict=True):
        assert opened(session, A, cell.keys, Sides("from", judge="judge-a")) == first
        assert opened(session, A, cell.keys, Sides("from")) == second


def test_every_two_pools_open_as_many_answers_as_they_compare(session):
    build_labelled(session, 5)
    cells = pool_cells(session, person=lead(session), wanted=A, by=("dimension",))
    assert len(cells) > 4
    for cell in cells:
        assert opened(session, A, cell.keys, Sides(cell.first, cell.second)) == cell.compared.n


@pytest.mark.parametrize("sides", [Sides("from", judge="gone"), Sides("from"), Sides("knows", "outside")])
def test_where_nothing_was_compared_nothing_opens(session, sides):
    build_agreeing(session, "1", "1")
    assert opened(session, A, {}, sides) == 0

"""What agreement leaves out and tells of: answers given back, and labels asked for because experts differ."""

import numpy as np
import pytest
from sqlmodel import select

from core.labels.queue import take_session
from core.labels.rulings import ask_opinion
from core.labels.skipping import skip_response
from core.labels.soft_labels import soft_label_records
from core.measures.agreement import agreement_cells
from core.measures.agreement_base import agreement_base
from core.measures.score_filter import ScoreFilter
from core.measures.scores import cells
from core.models import Assignment, CountryKnown
from tests.agreement_builders import build_agreeing
from tests.builders import build_background, build_person
from tests.score_builders import build_label, lead

A = ScoreFilter(judge="judge-a")


def only(found):
    [cell] = found
    return cell


def given_back(session, number, *, is_from=True):
    """Somebody who knows Morocco is drawn all there is, and gives the first so many back."""
    person = build_person(session)
    build_background(session, person, languages=["en"])
    session.add(CountryKnown(person_id=person.id, country="Morocco", is_from=is_from))
    session.flush()
    review = take_session(session, person=person, country=None, count=40)
    query = select(Assignment.response_id).where(Assignment.session_id == review.id).order_by(Assignment.response_id)
    for response_id in session.exec(query).all()[:number]:
        given = {"kind": "not_for_me", "reason": "", "form_id": f"{person.id}/{response_id}"}
        skip_response(session, person=person, response_id=response_id, **given)
    return person


def test_what_was_given_back_widens_what_the_percentage_could_be(session):
    build_agreeing(session, "1111", "110-", families=4)
    person = lead(session)
    given_back(session, 4)
    cell = only(agreement_cells(session, person=person, wanted=A, by=("country", "dimension")))
    assert (cell.with_judge.n, cell.given_back, cell.unsaid) == (3, 4, 0)
    assert cell.with_judge.percent.value == pytest.approx(2 / 3)
    # Of the first three one expert of two is missing, of the fourth the only one.
    assert (cell.worst, cell.best) == (pytest.approx((0.5 + 0.5 + 0) / 4), pytest.approx((1 + 1 + 0.5 + 1) / 4))


def test_only_what_people_of_the_pool_gave_back_counts(session):
    build_agreeing(session, "1111", "1101", families=4)
    given_back(session, 4, is_from=False)
    person = lead(session)
    assert only(agreement_cells(session, person=person, wanted=A)).given_back == 0
    assert only(agreement_cells(session, person=person, wanted=A, pools=("from", "knows"))).given_back == 4


def test_nothing_but_given_back_answers_makes_no_field(session):
    build_agreeing(session, "1", "1", families=1, country="Peru")
    build_agreeing(session, "11", families=2)
    given_back(session, 2)
    found = agreement_cells(session, person=lead(session), wanted=A, by=("country",))
    assert [cell.keys["country"] for cell in found] == ["Peru"]


def test_what_was_given_back_and_labelled_after_all_is_a_label_only(session):
    [response] = build_agreeing(session, "1", "1", families=1)
    person = given_back(session, 1)
    assert only(agreement_cells(session, person=lead(session), wanted=A)).given_back == 1
    build_label(session, person, response, 0)
    cell = only(agreement_cells(session, person=lead(session), wanted=A))
    assert (cell.given_back, cell.with_judge.percent.value, cell.worst) == (0, 0.5, 0.5)


def asked_on(session, responses):
    """A lead asks for one more expert on each response, some of whom answer "yes"."""
    person = lead(session)
    third = build_person(session)
    for response in responses:
        ask_opinion(session, person=person, response_id=response.id)
        build_label(session, third, response, 1)
    return third


def test_a_label_asked_for_because_two_differ_is_in_no_statistic(session):
    responses = build_agreeing(session, "1100" * 5, "1101" * 5, "1000" * 5, families=20)
    person = lead(session)
    before = only(agreement_cells(session, person=person, wanted=A))
    mean = only(cells(session, person=person, wanted=ScoreFilter(experts=True), by=("dimension",))).mean
    asked_on(session, [response for place, response in enumerate(responses) if place % 2])
    assert only(agreement_cells(session, person=person, wanted=A)) == before
    assert only(cells(session, person=person, wanted=ScoreFilter(experts=True), by=("dimension",))).mean == mean
    base = agreement_base(session, person=person, wanted=A)
    assert (base.labels, base.experts, base.asked_for) == (40, 2, 10)
    assert agreement_base(session, person=person, wanted=A, pools=("knows",)).asked_for == 0


def test_a_label_asked_for_stays_a_soft_label(session):
    [response] = build_agreeing(session, "1", "1", "0", families=1)
    asked_on(session, [response])
    [record] = soft_label_records(session)
    assert (record["yes"], record["n"]) == (2, 3)


def test_asking_only_where_two_differ_does_not_make_a_judge_look_worse(session):
    # Judge and experts are all alike: each says yes with the same chance. Without care the difference is -0.1.
    rng = np.random.default_rng(3)
    chance = np.repeat(np.clip(rng.normal(0.7, 0.1, 80), 0, 1), 4)
    rows = ["".join(str(int(one)) for one in rng.random(320) < chance) for _ in range(3)]
    responses = build_agreeing(session, *rows, families=80)
    asked_on(session, [one for one, first, second in zip(responses, *rows[1:], strict=True) if first != second])
    test = only(agreement_cells(session, person=lead(session), wanted=A)).test
    assert abs(test.value) < 0.06
    assert test.p > 0.05


def test_what_is_given_back_after_one_more_was_asked_for_is_left_out_too(session):
    [response] = build_agreeing(session, "1", "1", "0", families=1)
    ask_opinion(session, person=lead(session), response_id=response.id)
    given_back(session, 1)
    assert only(agreement_cells(session, person=lead(session), wanted=A)).given_back == 0

"""Agreement of judge and experts: every figure is what plain Python makes of the exported rows; blind labels only."""

import random
from itertools import product

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, confusion_matrix
from sqlmodel import select

from core.db import reading, transaction
from core.errors import NotFoundError, UserError
from core.judges import settled_judge
from core.measures.agreement import agreement_cells, method_of, pool_cells
from core.measures.agreement_base import agreement_base, judge_beside_labels
from core.measures.agreement_labels import all_blind_labels
from core.measures.blind_labels import blind_labels
from core.measures.false_discovery import benjamini_yekutieli
from core.measures.family_intervals import NO_SCORES, NO_VARIATION, too_few_families
from core.measures.score_filter import ScoreFilter
from core.models import Erratum, Judge, Label, LockedResponse
from core.rubric import DIMENSIONS
from tests.agreement_builders import (
    answers,
    between_pairs,
    build_agreeing,
    build_labelled,
    experts_worked_out,
    grouped,
    judge_pairs,
    worked_out,
)
from tests.builders import build_background, build_item, build_person, build_response
from tests.score_builders import VERSION, build_label, build_word, lead

A = ScoreFilter(judge="judge-a")
EXACT = 1e-9
# Alpha of two groups counts as many scores as there are pairs of one of the first with the others: no textbook has it.
NO_ALPHA = ("kappa", "ac1")
WITH_PICTURE = ("english", "translation")


def only(found):
    [cell] = found
    return cell


def assert_same(compared, plain, *, names=("kappa", "alpha", "ac1")):
    assert (compared.n, compared.families) == (plain.n, plain.families)
    percent = compared.percent
    assert (percent.value, percent.low, percent.high) == pytest.approx(plain.percent, abs=EXACT)
    for name in names:
        assert getattr(compared, name).value == pytest.approx(getattr(plain, name), abs=EXACT), name
    assert np.array(compared.shares) == pytest.approx(np.array(plain.shares), abs=EXACT)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_is_what_plain_python_makes_of_the_exported_rows(session, seed):
    person, pool_of = lead(session), build_labelled(session, seed)
    held_by = {judge: answers(session, judge, pool_of) for judge in ("judge-a", "judge-b")}
    bys = (("country", "dimension"), ("model", "setting", "dimension"), ("domain",), ())
    for judge, by in product(held_by, bys):
        told = grouped(held_by[judge], by, lambda keys: keys["setting"] in WITH_PICTURE)
        found = agreement_cells(session, person=person, wanted=ScoreFilter(judge=judge), by=by)
        assert {tuple(cell.keys.values()) for cell in found} == told.keys()
        for cell in found:
            held = told[tuple(cell.keys.values())]
            assert_same(cell.with_judge, worked_out(judge_pairs(held)))
            assert_same(cell.among_experts, experts_worked_out(held, "from"))


def test_agreement_of_the_filters_responses_only_is_counted(session):
    person, pool_of = lead(session), build_labelled(session, 3)
    item = session.exec(select(Label.response_id)).first()
    wanted = ScoreFilter(
        judge="judge-a", models=("m-1",), dimensions=("compliance",), splits=("held_out",), countries=("Iran", "Peru")
    )
    told = grouped(
        answers(session, "judge-a", pool_of),
        ("country",),
        lambda keys: (
            keys["setting"] in WITH_PICTURE
            and (keys["model"], keys["dimension"], keys["split"]) == ("m-1", "compliance", "held_out")
            and keys["country"] in ("Iran", "Peru")
        ),
    )
    found = agreement_cells(session, person=person, wanted=wanted, by=("country",))
    assert item is not None
    assert [cell.keys["country"] for cell in found] == ["Iran", "Peru"]
    for cell in found:
        assert_same(cell.with_judge, worked_out(judge_pairs(told[cell.keys["country"],])))


def test_with_equal_weights_and_two_experts_other_libraries_say_the_same(session):
    rng = random.Random(5)
    truth = [rng.randrange(2) for _ in range(90)]
    rows = ["".join(str(one if rng.random() < 0.75 else 1 - one) for one in truth) for _ in range(3)]
    build_agreeing(session, *rows, families=45)
    cell = only(agreement_cells(session, person=lead(session), wanted=A))
    judge, first, second = ([int(mark) for mark in row] for row in rows)
    both = [judge, judge], [first, second]
    pooled = [score for row in both[0] for score in row], [score for row in both[1] for score in row]
    assert cell.with_judge.kappa.value == pytest.approx(cohen_kappa_score(*pooled), abs=EXACT)
    assert np.array(cell.with_judge.counts).tolist() == confusion_matrix(*pooled).tolist()
    alpha = krippendorff.alpha([first, second], level_of_measurement="nominal")
    assert cell.among_experts.alpha.value == pytest.approx(alpha, abs=EXACT)


def test_alpha_of_a_judge_and_one_expert_is_that_of_the_library(session):
    rng = random.Random(6)
    rows = ["".join(str(rng.randrange(2)) for _ in range(60)) for _ in range(2)]
    build_agreeing(session, *rows, families=30)
    cell = only(agreement_cells(session, person=lead(session), wanted=A))
    alpha = krippendorff.alpha([[int(mark) for mark in row] for row in rows], level_of_measurement="nominal")
    assert cell.with_judge.alpha.value == pytest.approx(alpha, abs=EXACT)


def test_labels_of_people_from_the_country_are_those_that_other_numbers_use(session):
    build_labelled(session, 4)
    columns = (Label.response_id, Label.dimension, Label.person_id, Label.score)
    held = {tuple(row) for row in session.execute(blind_labels(*columns)).all()}
    found = all_blind_labels(session)
    found = found.at(found.pools == 0)
    scores = [None if score != score else int(score) for score in found.scores]
    rows = zip(
        found.responses.tolist(), [DIMENSIONS[row] for row in found.rows], found.experts.tolist(), scores, strict=True
    )
    assert set(rows) == held


def test_an_answer_drawn_at_one_in_ten_weighs_ten(session):
    build_agreeing(session, "11", "1-", families=2, inclusion_probability=0.1)
    build_agreeing(session, "1", "0", families=1)
    cell = only(agreement_cells(session, person=lead(session), wanted=A))
    assert cell.with_judge.percent.value == pytest.approx(10 / 11)
    assert cell.with_judge.counts == ((0, 0), (1, 1))


def test_pools_agree_within_and_between_as_worked_out_plainly(session):
    person, pool_of = lead(session), build_labelled(session, 5)
    held = [one for one in answers(session, "judge-a", pool_of) if one.keys["setting"] in WITH_PICTURE]
    found = pool_cells(session, person=person, wanted=A, by=("dimension",))
    assert {(cell.first, cell.second) for cell in found} == {
        *(("from", "from"), ("from", "knows"), ("from", "outside"), ("knows", "knows"), ("knows", "outside")),
    }
    for cell in found:
        mine = [one for one in held if one.keys["dimension"] == cell.keys["dimension"]]
        if cell.first == cell.second:
            assert_same(cell.compared, experts_worked_out(mine, cell.first))
        else:
            assert_same(cell.compared, worked_out(between_pairs(mine, cell.first, cell.second)), names=NO_ALPHA)


def test_pools_that_agree_within_can_disagree_between(session):
    ours, theirs = "1100" * 6, "0011" * 6
    responses = build_agreeing(session, ours, ours, ours)
    for person in (build_person(session), build_person(session)):
        for response, mark in zip(responses, theirs, strict=True):
            build_label(session, person, response, int(mark), pool="outside")
    found = {(one.first, one.second): one.compared for one in pool_cells(session, person=lead(session), wanted=A)}
    assert {pair: one.percent.value for pair, one in found.items()} == {
        ("from", "from"): 1.0,
        ("from", "outside"): 0.0,
        ("outside", "outside"): 1.0,
    }
    assert found["from", "outside"].n == len(ours)
    assert found["from", "outside"].counts == ((0, 48), (48, 0))


def test_only_labels_from_the_country_count_unless_others_are_asked_for(session):
    [response] = build_agreeing(session, "1", "1")
    build_label(session, build_person(session), response, 0, pool="outside")
    person = lead(session)
    assert only(agreement_cells(session, person=person, wanted=A)).with_judge.percent.value == 1.0
    asked = only(agreement_cells(session, person=person, wanted=A, pools=("outside",)))
    assert asked.with_judge.percent.value == 0.0


def test_a_judge_that_is_worse_than_experts_is_found_and_one_that_is_not_is_not(session):
    rng = random.Random(7)
    truth = [rng.randrange(2) for _ in range(240)]

    def marks(share):
        return "".join(str(one if rng.random() < share else 1 - one) for one in truth)

    build_agreeing(session, marks(0.6), marks(0.95), marks(0.95), families=60, country="Chad")
    build_agreeing(session, marks(0.95), marks(0.95), marks(0.95), families=60, country="Peru")
    found = agreement_cells(session, person=lead(session), wanted=A)
    assert [(cell.keys["country"], cell.verdict) for cell in found] == [("Chad", "less"), ("Peru", "no sign")]
    assert [cell.q for cell in found] == benjamini_yekutieli([cell.test.p for cell in found])


def test_of_a_judges_rounds_one_is_drawn_at_random(session):
    # The judge says yes, no, no of the first answer and yes, no of the second; both experts say yes of both.
    first, second = build_agreeing(session, "11", "11", "11", families=2)
    for judge_round in (2, 3):
        build_word(session, first, "compliance", 0, judge_round=judge_round)
    build_word(session, second, "compliance", 0, judge_round=2)
    cell = only(agreement_cells(session, person=lead(session), wanted=A))
    assert (cell.with_judge.n, cell.with_judge.percent.value) == (2, pytest.approx((1 / 3 + 1 / 2) / 2))
    assert cell.with_judge.shares[1] == (0.0, pytest.approx((1 / 3 + 1 / 2) / 2))
    assert np.sum(cell.with_judge.counts) == cell.with_judge.labels == 4
    assert cell.test.first == pytest.approx((1 / 3 + 1 / 2) / 2)


def test_cant_say_is_left_out_and_bounds_say_what_it_could_change(session):
    build_agreeing(session, "1111", "11?0", families=4)
    cell = only(agreement_cells(session, person=lead(session), wanted=A))
    assert (cell.with_judge.n, cell.unsaid) == (3, 1)
    assert cell.with_judge.percent.value == pytest.approx(2 / 3)
    assert (cell.worst, cell.best) == (0.5, 0.75)


def test_cant_say_beside_a_judge_that_wavers_can_neither_wholly_agree_nor_differ(session):
    [first, _] = build_agreeing(session, "11", "?1", families=2)
    for judge_round in (2, 3):
        build_word(session, first, "compliance", 0, judge_round=judge_round)
    cell = only(agreement_cells(session, person=lead(session), wanted=A))
    assert (cell.worst, cell.best) == (pytest.approx((1 / 3 + 1) / 2), pytest.approx((2 / 3 + 1) / 2))


def test_without_labels_there_is_no_cell(session):
    build_word(session, build_response(session, build_item(session)), "compliance", 1)
    assert agreement_cells(session, person=lead(session), wanted=A) == []
    assert pool_cells(session, person=lead(session), wanted=A) == []


def test_without_judgements_experts_still_have_their_agreement(session):
    build_agreeing(session, "-" * 24, "10" * 12, "10" * 12)
    settled_judge(session, name="judge-a", model="m", prompt_version=VERSION)
    person = lead(session)
    for wanted in (A, ScoreFilter(experts=True)):
        cell = only(agreement_cells(session, person=person, wanted=wanted))
        assert (cell.with_judge.n, cell.with_judge.percent.note) == (0, NO_SCORES)
        assert (cell.among_experts.n, cell.among_experts.percent.value) == (24, 1.0)
        assert cell.verdict == "untested"


def test_one_expert_only_gives_the_judge_its_number_and_no_ceiling(session):
    build_agreeing(session, "10" * 12, "11" * 12)
    cell = only(agreement_cells(session, person=lead(session), wanted=A))
    assert (cell.with_judge.n, cell.with_judge.experts, cell.with_judge.percent.value) == (24, 1, 0.5)
    assert (cell.among_experts.n, cell.among_experts.percent.value) == (0, None)
    assert (cell.test.n, cell.verdict) == (0, "untested")


def test_where_all_scores_are_equal_kappa_and_alpha_are_undefined_and_it_is_said(session):
    build_agreeing(session, "1" * 24, "1" * 24, "1" * 24)
    cell = only(agreement_cells(session, person=lead(session), wanted=A))
    for compared in (cell.with_judge, cell.among_experts):
        assert compared.percent.value == 1.0
        assert (compared.kappa.value, compared.kappa.note) == (None, NO_VARIATION)
        assert (compared.alpha.value, compared.alpha.note) == (None, NO_VARIATION)


def test_two_labels_in_a_cell_have_an_n_and_no_interval(session):
    build_agreeing(session, "1", "1", "0", families=1)
    cell = only(agreement_cells(session, person=lead(session), wanted=A))
    assert (cell.among_experts.n, cell.among_experts.labels) == (1, 2)
    assert (cell.among_experts.percent.low, cell.test.p, cell.q) == (None, None, None)
    assert cell.test.note == too_few_families(1)


def test_one_country_is_one_row_over_its_dimensions(session):
    build_agreeing(session, "10" * 6, "10" * 6)
    assert [dict(cell.keys) for cell in agreement_cells(session, person=lead(session), wanted=A)] == [
        {"country": "Morocco", "dimension": "compliance"}
    ]


def test_a_retired_judge_still_has_its_agreement(session):
    build_agreeing(session, "10" * 6, "10" * 6)
    session.exec(select(Judge)).one().base_url = None
    session.flush()
    assert only(agreement_cells(session, person=lead(session), wanted=A)).with_judge.n == 12


def test_judges_are_never_mixed(session):
    responses = build_agreeing(session, "11", "11", families=2)
    for response in responses:
        build_word(session, response, "compliance", 0, judge="judge-b")
    person = lead(session)
    for judge, share in (("judge-a", 1.0), ("judge-b", 0.0)):
        found = only(agreement_cells(session, person=person, wanted=ScoreFilter(judge=judge)))
        assert (found.judge, found.with_judge.percent.value) == (judge, share)


def test_items_with_a_correction_are_left_out_where_wanted(session):
    first, _ = build_agreeing(session, "10", "11", families=2)
    person = lead(session)
    erratum = Erratum(
        item_id=first.item_id, kind="norm_wrong", proposed="x", reason="y", person_id=person.id, form_id="1"
    )
    session.add(erratum)
    session.flush()
    wanted = ScoreFilter(judge="judge-a", errata="without")
    assert only(agreement_cells(session, person=person, wanted=wanted)).with_judge.percent.value == 0.0


def test_how_an_interval_was_made_is_told_in_the_words_of_scores(session):
    methods = {}
    for families in (5, 20, 45):
        country = f"c-{families:02}"
        build_agreeing(session, "10" * 45, "1101" * 22 + "11", "10" * 45, families=families, country=country)
    for cell in agreement_cells(session, person=lead(session), wanted=A):
        methods[cell.with_judge.families] = (method_of(cell.with_judge.percent), method_of(cell.among_experts.kappa))
    assert methods[5] == ("too few families", "too few families")
    assert methods[20][0] == "t, families"
    assert methods[45][0] == "cluster bootstrap"


def test_experts_and_unknown_judges_keys_and_pools_are_refused(session):
    build_agreeing(session, "1", "1")
    person = lead(session)
    with pytest.raises(UserError, match="scores over all responses"):
        agreement_cells(session, person=build_person(session), wanted=A)
    with pytest.raises(NotFoundError, match="nobody"):
        agreement_cells(session, person=person, wanted=ScoreFilter(judge="nobody"))
    with pytest.raises(UserError, match="mood"):
        agreement_cells(session, person=person, wanted=A, by=("mood",))
    with pytest.raises(UserError, match="Choose of: from, knows, outside"):
        agreement_cells(session, person=person, wanted=A, pools=("abroad",))
    with pytest.raises(UserError, match="scores over all responses"):
        pool_cells(session, person=build_person(session), wanted=A)


def test_the_base_tells_labels_experts_and_answers_picked_by_hand(session):
    build_agreeing(session, "1-", "11", "1-", families=2)
    build_agreeing(session, "1", "1", families=1, inclusion_probability=0.5)
    base = agreement_base(session, person=lead(session), wanted=A)
    assert (base.labels, base.experts, base.responses, base.judged, base.by_hand) == (4, 3, 3, 2, 2)
    assert base.mixed.items == 3


def test_the_first_judge_is_one_that_scored_labelled_answers(session):
    person = lead(session)
    assert judge_beside_labels(session, person=person) == ""
    build_word(session, build_response(session, build_item(session)), "compliance", 1, judge="judge-0")
    build_agreeing(session, "1", "1")
    assert judge_beside_labels(session, person=person) == "judge-a"


def now():
    with transaction() as session:
        person = lead(session)
    with reading() as session:
        found = agreement_cells(session, person=person, wanted=A)
        return [(cell.with_judge.n, cell.with_judge.percent.value) for cell in found]


@pytest.mark.usefixtures("workspace")
def test_labels_added_taken_back_locked_changed_and_withdrawn_count_at_once():
    with transaction() as session:
        responses = build_agreeing(session, "11", "11", families=2)
    assert now() == [(2, 1.0)]
    with transaction() as session:
        build_label(session, build_person(session), responses[0], 0)
    assert now() == [(2, 0.75)]
    with transaction() as session:
        label = session.exec(select(Label).order_by(Label.id.desc())).first()
        label.score = 1
        session.add(label)
    assert now() == [(2, 1.0)]
    with transaction() as session:
        label = session.exec(select(Label).order_by(Label.id)).first()
        first = label.person_id
        label.retracted = True
        session.add(label)
    assert now() == [(2, 1.0)]
    with transaction() as session:
        session.delete(session.get(LockedResponse, (first, responses[1].id)))
    assert now() == [(1, 1.0)]
    with transaction() as session:
        newest = session.exec(select(Label).order_by(Label.id.desc())).first()
        background = build_background(session, lead(session))
        background.person_id = background.person_id
        session.get_one(type(background), newest.person_id).withdrawn_at = newest.submitted_at
    assert now() == []

"""The page Agreement, as AppTest sees it."""

import random
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.config import PROJECT
from core.db import reading, transaction
from core.judges import settled_judge
from core.labels.queue import take_session
from core.labels.rulings import ask_opinion
from core.labels.skipping import skip_response
from core.measures.agreement import AgreementCell, agreement_cells
from core.measures.score_filter import ScoreFilter
from core.models import CountryKnown, Judge, Person
from core.people import current_person
from pages.components.agreement.agreement_words import hover_lines, is_small
from tests.agreement_builders import build_agreeing, build_labelled
from tests.builders import build_background, build_item, build_person, build_response
from tests.score_builders import VERSION, build_label, build_word

HOSTILE = "<b>Oz</b> **x** $y$"
TRUTH = "1101" * 60


def open_page(**address: str) -> AppTest:
    page = AppTest.from_file(str(PROJECT / "pages" / "agreement.py"), default_timeout=60)
    for name, entry in address.items():
        page.query_params[name] = entry
    page.run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    kinds = ("markdown", "caption", "info", "error", "subheader", "title")
    told = " ".join(element.value for kind in kinds for element in getattr(page, kind))
    # As it is read: marks made inert and lines broken for the source look like any others.
    return " ".join(told.replace("\\", "").split())


def charts(page: AppTest) -> str:
    return "\n".join(chart.proto.spec for chart in page.get("plotly_chart"))


def frame_with(page: AppTest, column: str):
    return next(one.value for one in page.dataframe if column in one.value.columns)


def marks(share: float, seed: int) -> str:
    rng = random.Random(seed)
    return "".join(mark if rng.random() < share else str(1 - int(mark)) for mark in TRUTH)


@pytest.fixture
def person(workspace) -> Person:
    with transaction() as session:
        return current_person(session)


@pytest.fixture
def bad_judge(person: Person) -> Person:
    """A judge that agrees with experts less often than they do, in Morocco on compliance."""
    with transaction() as session:
        build_agreeing(session, marks(0.6, 1), marks(0.95, 2), marks(0.95, 3), families=60)
    return person


def cells(person: Person) -> list[AgreementCell]:
    with reading() as session:
        return agreement_cells(session, person=person, wanted=ScoreFilter(judge="judge-a"))


def test_without_labels_the_page_says_what_to_do(person):
    with transaction() as session:
        build_word(session, build_response(session, build_item(session)), "compliance", 1)
    page = open_page()
    assert "No labels by experts yet" in words(page)
    assert "Plan what experts label" in [button.label for button in page.button]


def test_an_empty_workspace_is_told_the_same(person):
    assert "No labels by experts yet" in words(open_page())


def test_filters_that_leave_nothing_can_be_taken_away(bad_judge):
    with transaction() as session:
        build_response(session, build_item(session, country="Peru"))
    page = open_page(country="Peru")
    assert "No blind label fits these filters" in words(page)
    next(button for button in page.button if button.label == "Clear the filters").click().run()
    assert "480 blind labels by 2 experts" in words(page)


def test_without_a_judge_experts_are_shown_alone(person):
    with transaction() as session:
        build_agreeing(session, "-" * 24, "10" * 12, "10" * 12)
    told = words(open_page())
    assert "No judge has scored anything yet" in told
    assert "on compliance, two experts agree in 100 %" in told


def test_a_judge_without_scores_of_labelled_answers_is_told_so(bad_judge):
    with transaction() as session:
        settled_judge(session, name="judge-0", model="m", prompt_version=VERSION)
    assert "The judge has scored none of these answers" in words(open_page(judge="judge-0"))
    assert "judge-a scored 240 of these answers" in words(open_page())


def test_one_expert_only_leaves_the_ceiling_unknown(person):
    with transaction() as session:
        build_agreeing(session, "10" * 12, "11" * 12)
    told = words(open_page())
    assert "No answer has labels by two experts" in told
    assert "the judge agrees with an expert in 50 % of answers" in told
    assert "Not tested: no answer has a score of the judge and labels of two experts" in told


def test_labels_asked_for_because_experts_differ_are_told_as_left_out(person):
    with transaction() as session:
        responses = build_agreeing(session, "10" * 12, "11" * 12, "10" * 12)
        ask_opinion(session, person=person, response_id=responses[1].id)
        build_label(session, build_person(session), responses[1], 1)
    told = words(open_page())
    assert "48 blind labels by 2 experts" in told
    assert "1 label, asked for because experts differed, is left out of these numbers" in told


def test_what_was_given_back_is_told_with_how_far_it_could_move_the_number(person):
    with transaction() as session:
        responses = build_agreeing(session, "1" * 24, "10" * 12)
        expert = build_person(session)
        build_background(session, expert, languages=["en"])
        session.add(CountryKnown(person_id=expert.id, country="Morocco", is_from=True))
        session.flush()
        take_session(session, person=expert, country="Morocco", count=40)
        given = {"kind": "not_for_me", "reason": "", "form_id": "1"}
        skip_response(session, person=expert, response_id=responses[0].id, **given)
    [cell] = cells(person)
    page, line = open_page(), "1 answer given back as not for them left out: counted too, agreement would be between"
    assert line in "".join(hover_lines(cell, "percent", of_judge=True))
    assert line in words(page)
    assert frame_with(page, "Given back")["Given back"].tolist() == [1]


def test_a_field_is_read_out_in_sentences(bad_judge):
    told = words(open_page(field="Morocco", on="compliance"))
    [cell] = cells(bad_judge)
    judge, experts = cell.with_judge.percent, cell.among_experts.percent
    assert f"In Morocco, on compliance, the judge agrees with an expert in {judge.value * 100:.0f} % of answers" in told
    assert f"({judge.low * 100:.0f} to {judge.high * 100:.0f}; n 240 in 60 families)" in told
    assert f"Two experts agree in {experts.value * 100:.0f} % of answers" in told
    assert "The judge agrees less often than experts do. On the same 240 answers in 60 families" in told


def test_a_field_that_is_surely_lower_bears_a_mark_that_is_no_colour(bad_judge):
    page = open_page()
    assert "\\u25bc " in charts(page)
    assert "In 1 of the 1 field that could be tested, the judge agrees less often" in words(page)


def test_no_sign_is_not_told_as_proof(person):
    with transaction() as session:
        build_agreeing(session, marks(0.95, 1), marks(0.95, 2), marks(0.95, 3), families=60)
    told = words(open_page())
    assert "No sign that the judge agrees less often than experts do" in told
    assert "This may be chance" in told
    assert "is no proof that the judge is as good" in told


def test_the_table_is_what_the_data_layer_says(person):
    with transaction() as session:
        build_labelled(session, 3)
    shown = frame_with(open_page(judge="judge-a"), "Agreement of judge, %")
    found = cells(person)
    assert shown["n judge"].tolist() == [cell.with_judge.n for cell in found]
    assert shown["n experts"].tolist() == [cell.among_experts.n for cell in found]
    for column, of in (("Agreement of judge, %", "with_judge"), ("Agreement of experts, %", "among_experts")):
        compared = [getattr(cell, of) for cell in found]
        told = [float("nan") if is_small(one) else one.percent.value * 100 for one in compared]
        assert shown[column].to_numpy(float, na_value=float("nan")) == pytest.approx(np.array(told), nan_ok=True)
        assert not all(is_small(one) for one in compared)


def test_two_labels_show_their_n_and_no_number(person):
    with transaction() as session:
        build_agreeing(session, "1", "1", "0", families=1)
    page = open_page(field="Morocco")
    assert "n 1, too few" in charts(page)
    assert "there are too few answers to say how often two experts agree (n 1 in 1 family)" in words(page).lower()
    assert "Too few families to test: 1 of 10" in words(page)


def test_where_scores_do_not_vary_the_page_says_undefined(person):
    with transaction() as session:
        build_agreeing(session, "1" * 24, "1" * 24, "1" * 24)
    page = open_page(measure="kappa")
    assert "undefined n 24" in charts(page)
    assert "undefined: scores do not vary" in page.table[0].value.to_string()
    assert "nan" not in (words(page) + charts(page)).lower()


def test_a_retired_judge_is_still_there(bad_judge):
    with transaction() as session:
        session.get_one(Judge, 1).base_url = None
    assert "judge-a scored 240 of these answers" in words(open_page(judge="judge-a"))


def test_each_part_view_and_measure_opens_by_its_address(bad_judge):
    for measure in ("percent", "kappa", "alpha", "ac1"):
        assert "n 240" in charts(open_page(measure=measure))
    for by in ("domain", "language", "region", "subset", "wording", "round", "setting", "split", "model"):
        assert "Read one field" in words(open_page(view="other", by=by))
    for part in ("corrected", "next", "second"):
        open_page(part=part)


def test_pools_stand_beside_each_other(bad_judge):
    with transaction() as session:
        responses = build_agreeing(session, marks(0.6, 1), marks(0.95, 4), families=60, country="Peru")
        outsider = build_person(session)
        for response in responses:
            build_label(session, outsider, response, 0, pool="outside")
    page = open_page(view="pools", on="compliance")
    shown = frame_with(page, "Who").set_index("Who")
    assert shown.index.tolist() == [
        *("From the country, among themselves", "From the country · from elsewhere"),
        *("Judge · from the country", "Judge · from elsewhere"),
    ]
    assert shown.loc["From the country · from elsewhere", "n"] == 240
    assert "From the country, among themselves" in charts(page)


def test_names_from_data_are_inert(person):
    with transaction() as session:
        build_agreeing(session, "10" * 12, "11" * 12, country=HOSTILE)
    page = open_page(field=HOSTILE)
    assert "<b>Oz</b>" not in charts(page)
    assert "**x**" not in "".join(one.value for one in page.markdown)


def test_an_expert_is_sent_away(bad_judge):
    with transaction() as session:
        current_person(session).role = "expert"
    page = open_page()
    assert "for the leads" in words(page)
    assert not page.dataframe


def test_each_side_of_a_row_opens_its_own_answers(person):
    with transaction() as session:
        build_agreeing(session, "1" * 20 + "-" * 4, "1" * 24, "1" * 12 + "-" * 12)
    row = frame_with(open_page(), "Read: judge").iloc[0]
    asked = [parse_qs(urlsplit(row[title]).query)["scored_by"] for title in ("Read: judge", "Read: experts")]
    assert asked == [["both/from/judge-a"], ["among/from/from"]]


def test_a_side_without_answers_opens_nothing(person):
    with transaction() as session:
        build_agreeing(session, "10" * 12, "11" * 12)
    page = open_page()
    assert frame_with(page, "Read: experts")["Read: experts"].tolist() == [None]
    assert "field-read-experts" not in [button.key for button in page.button]


@pytest.mark.parametrize("part", ["corrected", "next"])
def test_where_no_judge_scored_anything_no_field_is_named_that_is_not_drawn(person, part):
    with transaction() as session:
        build_agreeing(session, "-" * 24, "10" * 12, "10" * 12)
    page = open_page(part=part)
    assert "No judge has scored anything yet" in words(page)
    assert "Let a judge score answers" in [button.label for button in page.button]


def test_second_looks_let_a_judge_be_chosen(bad_judge):
    with transaction() as session:
        settled_judge(session, name="judge-0", model="m", prompt_version=VERSION)
    page = open_page(part="second")
    page.selectbox(key="score-Judge").set_value(0).run()
    assert page.query_params["judge"] == "judge-0"
    assert [field.label for field in page.selectbox] == ["Judge"]


def test_where_judge_and_expert_meet_is_told_with_its_unit_and_is_in_the_table(person):
    with transaction() as session:
        build_agreeing(session, "1" * 15 + "0" * 9, "1" * 12 + "0" * 12)
    page = open_page()
    told = charts(page).replace("\\u003cbr\\u003e", "; ")
    with reading() as session:
        [cell] = agreement_cells(session, person=person, wanted=ScoreFilter(judge="judge-a"))
    both = cell.with_judge.share_statistics()[1][1]
    ends = f"({both.low * 100:.1f} to {both.high * 100:.1f})"
    assert f"Judge: yes, expert: yes; 50.0 % of answers {ends}, weighted; 12 pairs of scores" in told
    row = frame_with(page, "Read: judge").iloc[0]
    heads = [f"Judge {judge}, expert {expert}" for judge in ("yes", "no") for expert in ("yes", "no")]
    assert [row[f"{head}, n"] for head in heads] == [12, 3, 0, 9]
    assert [row[f"{head}, %"] for head in heads] == pytest.approx([50, 12.5, 0, 37.5])


def test_where_few_answers_meet_only_their_n_is_shown(person):
    with transaction() as session:
        build_agreeing(session, "1", "1", families=1)
    page = open_page(field="Morocco")
    assert "100.0 % of answers" not in charts(page)
    assert frame_with(page, "Read: judge")["Judge yes, expert yes, %"].isna().all()


def test_the_table_of_pools_holds_numbers_and_the_way_to_their_answers(bad_judge):
    shown = frame_with(open_page(view="pools", on="compliance"), "Who").set_index("Who")
    [cell] = cells(bad_judge)
    row = shown.loc["From the country, among themselves"]
    experts = cell.among_experts
    numbers = [row[title] for title in ("Agreement, %", "Agreement, %: from", "Cohen's kappa")]
    assert numbers == pytest.approx([experts.percent.value * 100, experts.percent.low * 100, experts.kappa.value])
    assert parse_qs(urlsplit(row["Read"]).query)["scored_by"] == ["among/from/from"]


# -- what a link means ---------------------------------------------------------------------------------------------


def test_whatever_a_link_asks_for_in_vain_is_told(bad_judge):
    [warning] = open_page(judge="gone-judge", model="gone-model", country="Atlantis").warning
    told = warning.value.replace("\\", "")
    assert "Left out: Scores by: gone-judge; Model: gone-model; Country: Atlantis." in told
    assert "Shown instead: Scores by: judge-a; Model: all; Country: all." in told
    assert not open_page(judge="judge-a", country="Morocco").warning


def test_where_filters_are_not_drawn_a_judge_that_is_gone_is_told_too(bad_judge):
    assert open_page(part="second", judge="gone-judge").warning


def test_a_link_made_by_any_change_names_the_judge(bad_judge):
    page = open_page()
    page.selectbox(key="score-Items with corrections").set_value(1).run()
    assert page.query_params == {"errata": "without", "judge": "judge-a"}

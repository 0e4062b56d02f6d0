"""The page Failures, as AppTest sees it."""

import pytest
from streamlit.testing.v1 import AppTest

from core.config import PROJECT
from core.db import reading, transaction
from core.judges import settled_judge
from core.measures.failures import difference
from core.measures.leaderboard import leaderboard
from core.measures.patterns import pattern_cells
from core.measures.score_filter import ScoreFilter
from core.measures.scores import Cell, cells
from core.models import Erratum, Person
from core.people import current_person
from pages.components.charts import colour_at, ink_on
from pages.components.failures.breakdown_part import BY
from pages.components.failures.cell_words import hover_lines, short_difference, short_words
from tests.builders import build_item, build_person, build_response
from tests.score_builders import VERSION, build_label, build_random, build_scored, build_word

HOSTILE = "<b>Oz</b> **x** $y$"


def open_page(**address: str) -> AppTest:
    page = AppTest.from_file(str(PROJECT / "pages" / "failures.py"), default_timeout=60)
    for name, entry in address.items():
        page.query_params[name] = entry
    page.run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    kinds = ("markdown", "caption", "info", "error", "subheader", "title")
    return "\n".join(element.value for kind in kinds for element in getattr(page, kind))


def figures(found: list[Cell]) -> list[tuple]:
    """Return what a table has to show of cells: small ones have neither mean nor interval."""
    told = []
    for cell in found:
        ends = [None if cell.is_small else 100 * (end or 0.0) for end in (cell.mean, cell.low, cell.high)]
        told.append((*ends, cell.n, cell.n_unscored, cell.families))
    return told


def shown(page: AppTest, unit: str = "Mean, %") -> list[tuple]:
    frame = page.dataframe[0].value[[unit, "From", "To", "n", "Without a score", "Families"]]
    rows = frame.astype(object).to_numpy(na_value=float("nan")).tolist()
    return [tuple(None if one != one else one for one in row) for row in rows]


def chart_text(page: AppTest) -> str:
    return "\n".join(chart.proto.spec for chart in page.get("plotly_chart"))


@pytest.fixture
def person(workspace) -> Person:
    with transaction() as session:
        return current_person(session)


@pytest.fixture
def random_scores(person: Person) -> Person:
    with transaction() as session:
        build_random(session, 7)
    return person


def judged(person: Person, **given: object) -> list[Cell]:
    with reading() as session:
        return cells(
            session,
            person=person,
            wanted=ScoreFilter(judge="judge-a", models=("m-1",), **given),
            by=("country", "dimension"),
        )


def test_without_any_score_the_page_says_what_to_do_first(person):
    assert "Nothing is scored yet" in words(open_page())


def test_no_labels_are_told_from_filters_that_leave_nothing(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
        build_response(session, build_item(session, country="Peru"), model="m-1")
    assert "No labels by experts yet" in words(open_page(experts="yes"))
    assert "No scored response fits these filters" in words(open_page(country="Peru"))


def test_a_judge_that_has_scored_nothing_is_told_so(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
        settled_judge(session, name="judge-0", model="m", prompt_version=VERSION)
    assert "judge\\-0 has scored nothing yet" in words(open_page(judge="judge-0"))
    assert "Scores by judge judge\\-a" in words(open_page())


def test_clearing_the_filters_brings_the_numbers_back(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
        build_response(session, build_item(session, country="Peru"), model="m-1")
    page = open_page(country="Peru")
    next(button for button in page.button if button.label == "Clear the filters").click().run()
    assert "20 responses" in words(page)


def test_an_expert_is_sent_away(person):
    with transaction() as session:
        current_person(session).role = "expert"
        build_scored(session, "01" * 10, families=10)
    page = open_page()
    assert "for the leads" in words(page)
    assert not page.dataframe


def test_the_table_is_what_the_data_layer_says(random_scores):
    assert shown(open_page(judge="judge-a", model="m-1")) == figures(judged(random_scores))


def test_filters_of_the_address_are_in_force(random_scores):
    page = open_page(judge="judge-a", model="m-1", setting="translation", split="held_out", country="Iran")
    wanted = {"settings": ("translation",), "splits": ("held_out",), "countries": ("Iran",)}
    assert shown(page) == figures(judged(random_scores, **wanted))
    assert any(button.label == "Country: Iran" for button in page.button)


def test_a_judge_is_always_named_and_another_can_be_chosen(random_scores):
    page = open_page(judge="judge-a")
    assert "Scores by judge judge\\-a" in words(page)
    page.selectbox(key="score-Scores by").set_value(1).run()
    assert page.query_params["judge"] == "judge-b"
    assert set(page.dataframe[0].value["Scores by"]) == {"judge-b"}


def test_what_is_mixed_is_said(random_scores):
    line = next(one.value for one in open_page(judge="judge-a").caption if "Mixed here" in one.value)
    assert "English and translation; held-out and training items; rounds 1, 2" in line


def test_items_with_corrections_are_told_and_can_be_left_out(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
        held = build_item(session)
        build_word(session, build_response(session, held, model="m-1"), "compliance", 1)
        session.add(Erratum(item_id=held.id, person_id=person.id, kind="norm_wrong", reason="r", form_id="f"))
    assert "1 item with a correction" in words(open_page())
    assert "20 responses" in words(open_page(errata="without"))


def test_a_small_cell_shows_its_n_and_no_mean(person):
    with transaction() as session:
        build_scored(session, "111111", families=6, country="Chad")
    page = open_page()
    assert "n 6, too few" in chart_text(page)
    assert shown(page)[0][:4] == (None, None, None, 6)
    assert "No field has enough responses to be ranked" in words(page)


def test_the_surely_worst_come_first_with_a_way_to_their_items(person):
    with transaction() as session:
        build_scored(session, "0001" * 10, families=20, country="Iran")
        build_scored(session, "0111" * 10, families=20, country="Peru")
    page = open_page()
    listed = [one.value for one in page.markdown if " · n " in one.value]
    assert [one.split(" ")[0] for one in listed[:5]] == ["Iran"] * 4 + ["Peru"]


def test_experts_stand_in_their_own_numbers(person):
    with transaction() as session:
        expert = build_person(session)
        for number in range(12):
            item = build_item(session, family_id=f"f-{number}")
            build_label(session, expert, build_response(session, item, model="m-1"), number % 2)
    page = open_page()
    assert "Blind labels by experts" in words(page)
    assert shown(page)[0][0] == pytest.approx(50)


def test_names_from_data_stay_inert(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10, country=HOSTILE, model=HOSTILE)
    page = open_page()
    assert HOSTILE not in words(page)
    assert "&lt;b&gt;Oz" in chart_text(page)
    assert "<b>Oz" not in chart_text(page).replace("\\u003c", "<")


def test_the_board_is_what_the_data_layer_says_and_names_the_papers_figure(random_scores):
    page = open_page(part="models", judge="judge-a", shown="compliance")
    with reading() as session:
        board = leaderboard(session, person=random_scores, wanted=ScoreFilter(judge="judge-a"))
    assert shown(page) == figures([one.score for one in board])
    assert "37.73 % (arXiv 2505.14972)" in words(page)


def test_patterns_are_what_the_data_layer_says(random_scores):
    with reading() as session:
        found = pattern_cells(session, person=random_scores, wanted=ScoreFilter(judge="judge-a"))
    page = open_page(part="patterns", judge="judge-a")
    assert shown(page, "Share, %") == figures([cell for held in found.values() for cell in held])
    assert "Aware but complies anyway" in words(page)


def test_the_difference_is_what_the_data_layer_says(random_scores):
    wanted = ScoreFilter(judge="judge-a")
    with reading() as session:
        found = difference(session, person=random_scores, wanted=wanted, first="m-1", second="m-2")
    page = open_page(part="difference", judge="judge-a", model="m-1", **{"with": "m-2"})
    assert shown(page, "Difference, points") == figures(found)


def test_one_model_alone_has_no_difference(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
    assert "A difference needs two" in words(open_page(part="difference"))


@pytest.mark.parametrize("by", BY)
def test_every_breakdown_is_what_the_data_layer_says(random_scores, by):
    wanted = ScoreFilter(judge="judge-a", models=("m-1",))
    with reading() as session:
        found = cells(session, person=random_scores, wanted=wanted, by=(by, "dimension"))
    assert shown(open_page(part="breakdown", by=by, judge="judge-a", model="m-1")) == figures(found)


def test_over_rounds_the_change_is_shown_and_the_judges_drift_is_spoken_of(random_scores):
    page = open_page(part="time", period="round", judge="judge-a", model="m-1")
    assert "Change since Round 1" in words(page)
    assert "Drift of judge" in words(page)


def cell(mean: float, low: float, high: float) -> Cell:
    return Cell({"country": "Iran"}, "judge-a", 124, 3, 60, mean, low, high, "cluster bootstrap")


def test_a_field_says_mean_longer_side_and_n():
    assert short_words(cell(0.31, 0.27, 0.36)) == "<b>31</b> ±5 <span style='font-size:10.5px'>n 124</span>"
    assert short_difference(cell(-0.1, -0.2, 0.05)).startswith("<b>−10</b> ±15")


def test_a_hover_tells_unit_interval_n_families_and_rater():
    told = "\n".join(hover_lines(cell(0.31, 0.27, 0.36), rater="scores by judge a"))
    for part in ("31.0 %", "27.0 to 36.0", "124 scored responses in 60 families", "3 more without", "judge a"):
        assert part in told
    assert "Not clear" in "\n".join(hover_lines(cell(0.1, -0.1, 0.2), rater="r", is_difference=True))


def test_ink_stands_out_on_every_place_of_the_scale():
    scale = ["#7F3B08", "#F3E3D3", "#0E4A80"]
    assert colour_at(0.5, scale) == "#F3E3D3"
    assert [ink_on(colour_at(place, scale)) for place in (0, 0.5, 1)] == ["#FFFFFF", "#14181C", "#FFFFFF"]

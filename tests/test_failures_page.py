"""The page Failures, as AppTest sees it."""

import json
import re
from dataclasses import replace

import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from core.benchmark.countries import KNOWN_COUNTRIES
from core.config import PROJECT
from core.db import reading, transaction
from core.judges import settled_judge
from core.measures.failures import difference
from core.measures.leaderboard import leaderboard
from core.measures.patterns import pattern_cells
from core.measures.score_filter import ScoreFilter
from core.measures.scores import Cell, cells
from core.models import Erratum, Judge, Person
from core.people import current_person
from pages.components.charts import colour_at, ink_on
from pages.components.failures.breakdown_part import BY
from pages.components.failures.cell_words import hover_lines, short_difference, short_words
from pages.components.failures.outlines import OUTLINES_ADDRESS, name_on_map
from pages.components.server import outlines
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


def test_a_field_whose_interval_reaches_all_is_not_surely_bad(person):
    with transaction() as session:
        build_scored(session, "0001" * 10, families=20, country="Iran")
        build_scored(session, "1" * 40, families=20, country="Peru")
    page = open_page()
    assert {one.value.split(" ")[0] for one in page.markdown if " · n " in one.value} == {"Iran"}
    assert "4 fields whose interval reaches 100 % left out" in words(page)


def test_all_fields_that_are_ranked_can_be_shown_and_the_link_says_so(person):
    with transaction() as session:
        for country in ("Iran", "Peru"):
            build_scored(session, "0011" * 10, families=20, country=country)
    page = open_page()
    assert len([one for one in page.markdown if " · n " in one.value]) == 6
    page.button(key="worst-all").click().run()
    assert len([one for one in page.markdown if " · n " in one.value]) == 8
    assert page.query_params["worst"] == "all"


def test_a_dimension_without_scores_is_told_so_among_all_models(person):
    with transaction() as session:
        for number in range(12):
            item = build_item(session, family_id=f"f-{number}")
            build_word(session, build_response(session, item, model="m-1"), "compliance", 1)
    assert "There are no scores on Awareness" in words(open_page(part="models", shown="awareness"))
    assert "There are no scores" not in words(open_page(part="models", shown="compliance"))


def test_charts_are_told_in_words_with_unit_interval_and_n(person):
    with transaction() as session:
        for number in range(40):
            item = build_item(session, family_id=f"f-{number % 20}", country="Iran")
            for model, score in (("m-1", number % 4 == 0), ("m-2", number % 2)):
                build_word(session, build_response(session, item, model=model), "compliance", int(score))
    told = [chart.proto.alt for chart in open_page(model="m-1").get("plotly_chart")]
    lowest = re.compile(r"Lowest: Iran · Compliance, 25\.0 %, 95 % interval [\d.]+ to [\d.]+, n 40\.")
    assert [bool(lowest.search(one)) for one in told] == [True, True]
    page = open_page(part="difference", model="m-1", **{"with": "m-2"})
    [told] = [chart.proto.alt for chart in page.get("plotly_chart")]
    assert re.search(r"Lowest: Iran · Compliance, \+25\.0 points, 95 % interval .* to .*, n 40\.", told)


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


def test_patterns_by_country_are_of_the_chosen_model_alone(random_scores):
    wanted = ScoreFilter(judge="judge-a", models=("m-2",))
    with reading() as session:
        found = pattern_cells(session, person=random_scores, wanted=wanted, by=("country",))
    page = open_page(part="patterns", patterns="country", judge="judge-a", model="m-2")
    assert shown(page, "Share, %") == figures([cell for held in found.values() for cell in held])
    assert "of m\\-2 that show it" in words(page)


# -- the map -------------------------------------------------------------------------------------------------------


def test_every_country_of_cross_is_on_the_map_and_odd_spellings_are_too():
    assert [name_on_map(country) for country in KNOWN_COUNTRIES] == list(KNOWN_COUNTRIES)
    told = {"usa": "United States", " côte  d’ivoire": None, "CÔTE D'IVOIRE": "Côte d'Ivoire", "Viet Nam": "Vietnam"}
    assert {name: name_on_map(name) for name in told} == told
    assert [name_on_map(name) for name in ("", "Oz", "W. Sahara", "No country", HOSTILE)] == [None] * 5


def test_the_map_shows_the_chosen_dimension_and_small_cells_without_colour(person):
    with transaction() as session:
        build_scored(session, "0001" * 10, families=20, country="Iran")
        build_scored(session, "11", families=2, country="Peru")
    whole, few = map_series(open_page(shown="compliance"))
    assert (whole["locations"], whole["z"]) == (["Iran"], [25.0])
    assert "Compliance" in whole["customdata"][0]
    assert "95 % interval" in whole["customdata"][0]
    assert (few["locations"], few["z"]) == (["Peru"], [0])
    assert "Too few to say" in few["customdata"][0]


def test_what_is_not_on_the_map_is_named_beside_it(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10, country=HOSTILE)
        build_scored(session, "01" * 10, families=10, country=None)
    page = open_page()
    line = next(one.value for one in page.caption if "Not on the map" in one.value)
    assert HOSTILE not in line
    assert "country unknown" in line
    assert map_series(page) == []


def test_the_outlines_come_from_the_app_itself_and_no_map_asks_elsewhere(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10, country="Iran")
    charts = open_page().get("plotly_chart")
    [drawn] = [json.loads(chart.proto.spec) for chart in charts if "choropleth" in chart.proto.spec]
    # Plotly looks at the first series alone to see whether it needs outlines of its own.
    assert drawn["data"][0]["type"] == "scattergeo"
    assert {one["geojson"] for one in drawn["data"][1:]} == {"/outlines/world.json"}
    assert drawn["layout"]["geo"]["visible"] is False
    assert {json.loads(chart.proto.config)["topojsonURL"] for chart in charts} == {"/outlines/"}
    answer = TestClient(Starlette(routes=[Route(OUTLINES_ADDRESS, outlines)])).get(OUTLINES_ADDRESS)
    assert {"Iran", "Brazil", "no country"} < {one["id"] for one in answer.json()["features"]}


# -- little to go by -----------------------------------------------------------------------------------------------


def test_a_link_to_a_judge_or_model_that_is_gone_says_so(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
    told = "\n".join(one.value for one in open_page(judge="retired *one*", model="m-9").warning)
    assert "Left out: Scores by: retired \\*one\\*; Model: m\\-9." in told
    assert "Shown instead: Scores by: judge\\-a; Model: m\\-1." in told
    assert not open_page(judge="judge-a", model="m-1").warning


@pytest.mark.parametrize(
    ("name", "entry", "told"),
    [
        ("country", "Atlantis", "Left out: Country: Atlantis. Shown instead: Country: all."),
        ("split", "bogus", "Left out: Use: bogus. Shown instead: Use: all."),
        ("judge", "unknown", "Left out: Scores by: unknown. Shown instead: Scores by: judge\\-a."),
        ("setting", "french", "Left out: Setting: french. Shown instead: Setting: all."),
    ],
)
def test_whatever_a_link_asks_for_in_vain_is_told(person, name, entry, told):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
    [warning] = open_page(**{name: entry}).warning
    assert told in warning.value


def test_a_link_to_a_second_model_that_is_not_here_says_so(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
        build_scored(session, "01" * 10, families=10, model="m-2")
    [warning] = open_page(part="difference", **{"with": "nobody"}).warning
    assert "Left out: Compared with: nobody. Shown instead: Compared with: no model." in warning.value
    assert not open_page(part="difference", **{"with": "m-2"}).warning


def test_a_link_made_by_any_change_means_the_same_once_another_judge_or_model_comes_first(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
    page = open_page()
    assert not page.query_params
    page.selectbox(key="score-Items with corrections").set_value(1).run()
    with transaction() as session:
        build_word(session, build_response(session, build_item(session), model="m-0"), "compliance", 1)
        build_word(session, build_response(session, build_item(session), model="m-1"), "compliance", 1, judge="judge-0")
    assert "Scores by judge judge\\-0" in words(open_page())
    assert "Scores by judge judge\\-a: 20 responses of m\\-1" in words(open_page(**page.query_params))


def test_the_next_change_takes_what_is_not_here_out_of_the_link(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
    page = open_page(country="Atlantis", judge="gone")
    page.selectbox(key="score-Items with corrections").set_value(1).run()
    assert page.query_params == {"errata": "without", "judge": "judge-a", "model": "m-1"}
    assert not page.warning


def test_a_judge_that_scores_no_more_keeps_its_numbers(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
        session.exec(select(Judge)).one().origin = "imported"
        item = build_item(session, family_id="late")
        build_word(session, build_response(session, item, model="m-1"), "compliance", 1, judge="judge-b")
    page = open_page(judge="judge-a")
    assert shown(page)[0][0] == pytest.approx(50)
    assert set(page.dataframe[0].value["Scores by"]) == {"judge-a"}


def test_one_expert_alone_is_enough_for_a_mean_and_two_labels_are_not(person):
    with transaction() as session:
        expert = build_person(session)
        for number in range(12):
            item = build_item(session, family_id=f"f-{number}", country="Iran")
            build_label(session, expert, build_response(session, item, model="m-1"), number % 2)
        for number in range(2):
            item = build_item(session, family_id=f"p-{number}", country="Peru")
            build_label(session, expert, build_response(session, item, model="m-1"), 1)
    rows = shown(open_page(experts="yes"))
    assert [row[3] for row in rows] == [12, 2]
    assert rows[0][0] == pytest.approx(50)
    assert rows[1][:3] == (None, None, None)


@pytest.mark.parametrize("part", ["where", "models", "patterns", "difference", "breakdown", "time"])
def test_one_country_whose_scores_are_all_equal_has_bounds_and_no_nan(person, part):
    with transaction() as session:
        build_scored(session, "1" * 60, families=45, country="Iran")
        build_scored(session, "1" * 60, families=45, country="Iran", model="m-2")
    page = open_page(part=part, **{"with": "m-2"})
    held = "\n".join([chart_text(page), words(page), *(frame.value.to_csv() for frame in page.dataframe)])
    assert "nan" not in held.lower().replace("banan", "")
    if part == "where":
        mean, low, high, n, *_ = shown(page)[0]
        assert (mean, high, n) == (100, 100, 60)
        assert 85 < low < 100


@pytest.mark.parametrize("part", ["where", "models", "patterns", "difference", "breakdown", "time"])
def test_responses_without_any_score_are_counted_and_never_zero(person, part):
    with transaction() as session:
        for model in ("m-1", "m-2"):
            build_scored(session, "-" * 12, families=12, country="Iran", model=model)
    page = open_page(part=part, **{"with": "m-2"})
    assert not page.error
    if part == "where":
        assert shown(page)[0] == (None, None, None, 0, 12, 0)


def test_many_rows_without_a_number_are_told_and_not_drawn(person):
    with transaction() as session:
        for number in range(40):
            item = build_item(session, family_id=f"f-{number}", norm=f"Norm {number}.", norm_key=str(number))
            build_word(session, build_response(session, item, model="m-1"), "compliance", 1)
    page = open_page(part="breakdown", by="norm")
    assert "None of these 40 has enough responses" in words(page)
    assert not page.get("plotly_chart")
    assert len(page.dataframe[0].value) == 40


def test_norms_without_a_number_are_listed_by_n_with_the_way_to_their_answers(person):
    with transaction() as session:
        for number in range(40):
            own = {"family_id": f"f-{number}", "norm": f"Norm {number}.", "norm_key": str(number)}
            for _ in range(12 if number == 7 else 1):
                item = build_item(session, **own)
                build_word(session, build_response(session, item, model="m-1"), "compliance", 1)
    page = open_page(part="breakdown", by="norm")
    assert "None of these 40 has answers on 10 families of items" in words(page)
    assert "A norm is one family: read its answers" in words(page)
    listed = [one.value for one in page.markdown if ":small[:gray[n " in one.value]
    assert listed[0] == "Norm 7\\.  \n:small[:gray[n 12 in 1 family]]"
    assert len(listed) == 12
    page.button(key="failures-by-norm-read-0").click().run()
    [way] = [json.loads(part.proto.json) for part in page.get("bidi_component") if "leaving" in part.proto.id]
    assert way["address"].startswith("/browse?norm=Norm+7.&")


def test_patterns_say_that_a_press_opens_all_they_were_counted_over(random_scores):
    page = open_page(part="patterns", judge="judge-a")
    assert "read all answers that its share was counted over, not only those that show the pattern" in words(page)
    assert "Press: opens all it was counted over" in chart_text(page)
    assert "Read all counted over" in page.dataframe[0].value


def test_two_models_are_both_in_what_is_mixed_and_their_lengths_are_told(person):
    with transaction() as session:
        for number in range(12):
            item = build_item(session, family_id=f"f-{number}")
            for model, length in (("m-1", 100), ("m-2", 250)):
                build_word(session, build_response(session, item, model=model, text="x" * length), "compliance", 1)
        longer = build_response(session, build_item(session), model="m-2", text="x" * 9000)
        build_word(session, longer, "compliance", 1)
    page = open_page(part="difference", model="m-1", **{"with": "m-2"})
    assert "25 responses of m\\-1 and m\\-2 to 13 items" in words(page)
    assert "Mean length of the answers compared: m\\-2 250 characters, m\\-1 100" in words(page)


def map_series(page: AppTest) -> list[dict]:
    """Return the series of countries with numbers, as the map was given them."""
    [drawn] = [chart.proto.spec for chart in page.get("plotly_chart") if "choropleth" in chart.proto.spec]
    return [one for one in json.loads(drawn)["data"] if one["type"] == "choropleth" and one["customdata"][0]]


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


def test_a_hover_tells_how_far_what_experts_cannot_say_could_move_a_share():
    # 0.6 of 3 in 4, and 1 in 4 unknown: from 0.45 to 0.70.
    experts = replace(cell(0.6, 0.5, 0.7), rater="experts", unsaid=0.25)
    told = hover_lines(experts, rater="blind labels by experts")
    assert "3 more where experts can't say" in told
    assert "Whatever they would have been: 45.0 to 70.0 %" in told


def test_ink_stands_out_on_every_place_of_the_scale():
    scale = ["#7F3B08", "#F3E3D3", "#0E4A80"]
    assert colour_at(0.5, scale) == "#F3E3D3"
    assert [ink_on(colour_at(place, scale)) for place in (0, 0.5, 1)] == ["#FFFFFF", "#14181C", "#FFFFFF"]


def test_labels_of_answers_picked_by_hand_are_told_beside_the_experts_numbers(workspace):
    with transaction() as session:
        current_person(session)
        expert, responses = build_person(session), [build_response(session, build_item(session)) for _ in range(2)]
        for response, chance in zip(responses, (None, 0.5), strict=True):
            build_label(session, expert, response, 1, inclusion_probability=chance)
            build_word(session, response, "compliance", 1)
    assert "1 answer picked by hand, each counted as one" in words(open_page(experts="yes", model=responses[0].model))
    assert "picked by hand" not in words(open_page(judge="judge-a", model=responses[0].model))

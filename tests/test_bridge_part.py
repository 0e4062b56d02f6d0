"""Comparing judges, and answers with and without the picture, on the screen; and tables for spreadsheets."""

import csv
import io
import json
import re

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.db import reading, transaction
from core.judges import settled_judge
from core.judging.bridge import judge_bridge
from core.judging.freshness import scores_mark
from core.measures.statistics import Estimate
from core.models import Judgement, ScoresSeen
from core.people import current_person, reveal_scores
from pages.components.csv_table import csv_text
from pages.components.judging.bridge_part import cells_csv
from pages.components.judging.compared import Compared, WantedFlips
from pages.components.judging.estimate_words import TOO_FEW, points_with_interval, share_with_interval
from pages.components.judging.flips_list import flips_csv
from pages.components.judging.item_link import item_link
from tests.builders import build_item, build_judgements, build_response
from tests.test_browse_page import words

# Without punctuation, so that a search finds a name that was made inert too.
SECRETS = ("Secretmodel", "secret-reason")


def bridge_page() -> None:
    from core.people import person_here
    from pages.components.judging.bridge_part import bridge_part

    bridge_part(person_here())


def sight_page() -> None:
    from core.people import person_here
    from pages.components.judging.sight_part import sight_part

    sight_part(person_here())


def open_part(part, **address: str) -> AppTest:
    page = AppTest.from_function(part, default_timeout=30)
    for name, entry in address.items():
        page.query_params[name] = entry
    page.run()
    assert not page.exception
    return page


def tables(page: AppTest) -> list[list[list[str]]]:
    return [table.value.to_numpy().tolist() for table in page.table]


@pytest.fixture
def judged(workspace) -> int:
    """Twelve families in Peru and one in Iran; compliance flips from yes to no in three; one response is open.

    Returns:
        The id of the open response, which flips.
    """
    with transaction() as session:
        lead = current_person(session)
        for number in range(12):
            response = build_response(session, build_item(session, country="Peru"), model=f"Secretmodel{number}x")
            build_judgements(session, response, "1111", judge="judge-a")
            build_judgements(session, response, "1101" if number < 3 else "1111", judge="judge-b")
            if number == 0:
                opened = response.id
        alone = build_response(session, build_item(session, country="Iran"), model="Secretmodeliran")
        build_judgements(session, alone, "0000", judge="judge-a")
        build_judgements(session, alone, "0000", judge="judge-b")
        reveal_scores(session, person=lead, response_ids=[opened])
    return opened


# -- two judges ---------------------------------------------------------------------------------------------------


def test_one_judge_alone_leads_to_a_second(workspace):
    with transaction() as session:
        current_person(session)
        settled_judge(session, name="judge-a", model="m", prompt_version="one-call-1")
    page = open_part(bridge_page)
    assert "A comparison takes two judges" in page.markdown[0].value
    page.button(key="to-second-judge").click().run()
    assert page.query_params["part"] == "judge"


def test_judges_without_a_response_in_common_are_told_so(workspace):
    with transaction() as session:
        current_person(session)
        for judge in ("judge-a", "judge-b"):
            build_judgements(session, build_response(session, build_item(session)), judge=judge)
    assert "no response in common" in open_part(bridge_page).info[0].value


def test_the_two_judges_with_the_most_in_common_are_compared_first(judged):
    with transaction() as session:
        shared = [build_response(session, build_item(session)) for _ in range(2)]
        # Two before them in the list: one alone, one with two responses in common with the last.
        build_judgements(session, build_response(session, build_item(session)), judge="a-alone")
        for response in shared:
            build_judgements(session, response, judge="a-few")
            build_judgements(session, response, judge="judge-b")
    page = open_part(bridge_page)
    assert [box.value for box in page.selectbox][:2] == ["judge-a", "judge-b"]
    page = open_part(bridge_page, first="a-few")
    assert [box.value for box in page.selectbox][:2] == ["a-few", "judge-b"]


def test_a_judge_without_scores_is_not_offered(judged):
    with transaction() as session:
        settled_judge(session, name="a-judge", model="m", prompt_version="one-call-1")
        build_judgements(session, build_response(session, build_item(session)), "----", judge="b-judge")
    page = open_part(bridge_page, first="a-judge")
    assert [box.value for box in page.selectbox][:2] == ["judge-a", "judge-b"]
    assert all("a-judge" not in option for box in page.selectbox for option in box.options)


def test_the_table_gives_agreement_means_shift_and_flips(judged):
    page = open_part(bridge_page)
    assert [box.value for box in page.selectbox][:2] == ["judge-a", "judge-b"]
    overall = [[cell.replace("\xa0", " ") for cell in row] for row in tables(page)[0]]
    # 13 responses agree but 3 times on compliance: 10/13 = 76.9 %; means 12/13 and 9/13, shift -3/13 = -23.1 points.
    name, base, agreement, first, second, shift, flips = overall[2]
    assert (name, base, flips) == ("Compliance", "13 in 13 families", "0 up, 3 down")
    assert (agreement[:6], first, second, shift[:5]) == ("76.9 %", "92.3 %", "69.2 %", "−23.1")
    assert list(page.table[0].value.columns)[3:5] == ["Mean 1", "Mean 2"]
    assert r"Mean 1 is of judge\-a, mean 2 of judge\-b" in "".join(text.value for text in page.markdown)


def test_too_few_families_show_no_number_that_could_be_one_response(judged):
    iran, peru = tables(open_part(bridge_page))[1]
    assert [cell.replace("\xa0", " ") for cell in iran[:2]] == [":gray[Iran]", ":gray[1 in 1 family]"]
    assert TOO_FEW in iran[2].replace("\xa0", " ")
    assert set(iran[3:7]) == {":gray[–]"}
    assert peru[0] == "Peru"


def test_the_page_says_whom_the_numbers_speak_of(judged):
    shown = "\n".join(text.value for text in open_part(bridge_page).markdown)
    assert "these items and of these two judges, not of a country" in shown


def test_two_judges_of_one_beginning_stay_apart(workspace):
    with transaction() as session:
        current_person(session)
        response = build_response(session, build_item(session))
        for end in ("first", "second"):
            build_judgements(session, response, judge=f"a judge with a very long name, the {end}")
    shown = "".join(text.value for text in open_part(bridge_page).markdown)
    assert re.search(r"Mean 1 is of a judge [^;]* the first, mean 2 of a judge [^;]* the second;", shown)


def test_models_and_settings_are_kept_in_the_address(judged):
    page = open_part(bridge_page)
    page.multiselect(key="several-model").set_value(["Secretmodel1x"]).run()
    assert page.query_params["model"] == "Secretmodel1x"
    assert tables(page)[0][2][1].startswith(":gray[1\xa0in")


def test_scores_that_came_since_are_in_the_numbers(judged):
    assert tables(open_part(bridge_page))[0][2][1].startswith("13\xa0in")
    with transaction() as session:
        response = build_response(session, build_item(session))
        for judge in ("judge-a", "judge-b"):
            build_judgements(session, response, judge=judge)
    assert tables(open_part(bridge_page))[0][2][1].startswith("14\xa0in")


def test_the_mark_changes_when_the_newest_judgement_is_made_anew_under_its_id(judged):
    with transaction() as session:
        before = scores_mark(session, judges=["judge-b"])
        newest = session.exec(select(Judgement).order_by(Judgement.id.desc())).first()
        fields = newest.model_dump(exclude={"created_at"})
        session.delete(newest)
        session.flush()
        session.add(Judgement(**fields))
        session.flush()
        assert scores_mark(session, judges=["judge-b"]) != before


def test_responses_without_a_score_are_counted_beside_those_with_one(judged):
    with transaction() as session:
        response = build_response(session, build_item(session))
        build_judgements(session, response, "1111", judge="judge-a")
        build_judgements(session, response, "11-1", judge="judge-b")
    assert tables(open_part(bridge_page))[0][2][1].replace("\xa0", " ") == "13 in 13 families, 1 unscored"


# -- flips --------------------------------------------------------------------------------------------------------


def test_a_closed_flip_shows_neither_model_nor_scores_until_it_is_opened(judged):
    page = open_part(bridge_page)
    rows = tables(page)[2]
    assert len(rows) == 3
    assert [row[3:] for row in rows if "still to label" in row[3]] == [
        [":gray[:material/visibility_off: still to label]", "", ""]
    ] * 2
    [shown] = [row for row in rows if "still to label" not in row[3]]
    assert shown[1:4] == ["Peru", "Compliance", "Secretmodel0x"]
    assert ("yes" in shown[4], "no" in shown[5]) == (True, True)
    # Nothing else on the page names a model, but the list of all models to choose from.
    chosen_from = page.multiselect(key="several-model")
    everything = words(page).replace(str(chosen_from.proto), "")
    assert re.findall(r"Secretmodel\w*", everything) == ["Secretmodel0x"]
    assert "secret-reason" not in everything
    page.button(key="open-flips").click().run()
    assert not [row for row in tables(page)[2] if "still to label" in row[3]]
    with reading() as session:
        assert len(session.exec(select(ScoresSeen)).all()) == 3


def test_flips_chosen_by_model_do_not_name_the_item_of_a_closed_one(judged):
    row = tables(open_part(bridge_page, model="Secretmodel1x"))[-1][0]
    assert row == [":gray[closed]", "Peru", "Compliance", ":gray[:material/visibility_off: still to label]", "", ""]


def test_flips_are_of_the_chosen_country_and_dimension(judged):
    page = open_part(bridge_page, country="Iran")
    assert "0 flips on compliance" in [head.value for head in page.subheader]
    page = open_part(bridge_page, dimension="awareness")
    assert "0 flips on awareness" in [head.value for head in page.subheader]


def test_a_page_that_does_not_exist_is_the_first(judged):
    assert len(tables(open_part(bridge_page, page="99"))[2]) == 3


def test_the_csv_of_flips_keeps_closed_ones_closed(judged):
    with reading() as session:
        lead = current_person(session)
    wanted = WantedFlips(Compared("judge-a", "judge-b"), "compliance", None)
    rows = list(csv.DictReader(io.StringIO(flips_csv(wanted, "mark", lead))))
    assert [row["state"] for row in rows].count("still to label") == 2
    assert {(row["model"], row["judge-a"]) for row in rows if row["state"] != "open"} == {("", "")}
    assert [(row["model"], row["judge-a"], row["judge-b"]) for row in rows if row["state"] == "open"] == [
        ("Secretmodel0x", "1.0", "0.0")
    ]


def test_the_csv_of_cells_names_both_judges_and_keeps_small_cells_to_counts(judged):
    with reading() as session:
        bridge = judge_bridge(session, first="judge-a", second="judge-b")
    table = cells_csv(bridge, Compared("judge-a", "judge-b"))
    rows = {(row["country"], row["dimension"]): row for row in csv.DictReader(io.StringIO(table))}
    assert len(rows) == 12
    overall, small = rows["all", "compliance"], rows["Iran", "compliance"]
    assert (overall["first_judge"], overall["second_judge"], overall["flips_down"]) == ("judge-a", "judge-b", "3")
    assert float(overall["shift"]) == pytest.approx(-3 / 13)
    assert (small["n"], small["method"], small["agreement"], small["mean_first"]) == ("1", "too few families", "", "")


def test_the_csv_of_cells_says_which_responses_were_chosen(judged):
    compared = Compared("judge-a", "judge-b", settings=("english", "text-only"))
    with reading() as session:
        bridge = judge_bridge(session, first="judge-a", second="judge-b", settings=compared.settings)
    row = next(csv.DictReader(io.StringIO(cells_csv(bridge, compared))))
    assert (row["models"], row["settings"]) == ("all", "english, text-only")


def test_a_flip_of_a_response_without_the_picture_says_so_on_screen_and_in_the_csv(judged):
    with transaction() as session:
        blind = build_response(session, build_item(session, country="Peru"), model="blind", setting="text-only")
        build_judgements(session, blind, "1111", judge="judge-a")
        build_judgements(session, blind, "1101", judge="judge-b")
        lead = current_person(session)
    items = [row[0] for row in tables(open_part(bridge_page))[2]]
    assert ["without the picture" in item for item in items] == [False, False, False, True]
    wanted = WantedFlips(Compared("judge-a", "judge-b"), "compliance", None)
    rows = csv.DictReader(io.StringIO(flips_csv(wanted, "with-a-blind-one", lead)))
    assert [row["setting"] for row in rows] == ["english", "english", "english", "text-only"]


# -- drift --------------------------------------------------------------------------------------------------------


def test_drift_is_shown_where_there_are_anchor_rounds(judged):
    assert not [head for head in open_part(bridge_page).subheader if "Drift" in head.value]
    with transaction() as session:
        for row in session.exec(select(Judgement).where(Judgement.judge == "judge-a")).all():
            session.add(Judgement(**(row.model_dump() | {"id": None, "judge_round": 1001, "score": 0})))
    page = open_part(bridge_page)
    assert [head.value for head in page.subheader if "Drift" in head.value] == [
        r"Drift of judge\-a \(judge\-model · one\-call\-1\)"
    ]
    awareness = page.dataframe[0].value.iloc[0]
    # 12 of 13 went from yes to no: agreement 1/13, shift -12/13.
    assert (awareness["Dimension"], awareness["n"], awareness["Families"]) == ("Awareness", 13, 13)
    assert [awareness[name] for name in ("Agreement, %", "Shift, points")] == pytest.approx([100 / 13, -1200 / 13])
    assert awareness["Shift from"] < awareness["Shift, points"] < awareness["Shift to"]
    assert "Download as CSV" in [button.proto.label for button in page.get("download_button")]


def test_the_chart_of_drift_tells_n_in_its_hover_and_in_words_and_can_be_saved_as_a_picture(judged):
    with transaction() as session:
        for row in session.exec(select(Judgement).where(Judgement.judge == "judge-a")).all():
            session.add(Judgement(**(row.model_dump() | {"id": None, "judge_round": 1001, "score": 0})))
    drawn = open_part(bridge_page, drift="judge-a").get("plotly_chart")[0].proto
    assert "toImage" in drawn.config
    [hover, *_] = [one["customdata"] for one in json.loads(drawn.spec)["data"] if one["name"] == "Awareness"]
    for told in (hover[0], drawn.alt):
        assert "−92.3" in told
        assert "13 responses in 13 families" in told


def test_two_anchor_rounds_of_one_minute_have_a_row_each_in_the_chart(judged):
    with transaction() as session:
        for row in session.exec(select(Judgement).where(Judgement.judge == "judge-a")).all():
            for number in (1001, 1002):
                session.add(Judgement(**(row.model_dump() | {"id": None, "judge_round": number, "score": 0})))
    drawn = json.loads(open_part(bridge_page, drift="judge-a").get("plotly_chart")[0].proto.spec)
    assert len(drawn["layout"]["yaxis"]["ticktext"]) == 2


def test_a_link_to_the_drift_of_a_judge_shows_it_alone(judged):
    assert "so there is no drift to see" in open_part(bridge_page, drift="judge-a").info[0].value
    with transaction() as session:
        for row in session.exec(select(Judgement).where(Judgement.judge == "judge-a")).all():
            session.add(Judgement(**(row.model_dump() | {"id": None, "judge_round": 1001, "score": 0})))
    page = open_part(bridge_page, drift="judge-a")
    assert [head.value[:8] for head in page.subheader] == ["Drift of"]
    page.button(key="from-drift").click().run()
    assert "Compare judges" in [head.value for head in page.subheader]


# -- without the picture ------------------------------------------------------------------------------------------


@pytest.fixture
def both_ways(workspace) -> list[int]:
    """Two items failed with and without the picture, and one that is not; the first one's responses are named."""
    with transaction() as session:
        current_person(session)
        ids: list[int] = []
        for country, scores in (("Peru", ("0", "0")), ("Iran", ("0", "0")), ("Mali", ("0", "1"))):
            item = build_item(session, country=country, norm=f"Norm of {country}.")
            for setting, mark in zip(("english", "text-only"), scores, strict=True):
                response = build_response(session, item, model="Secretmodel", setting=setting)
                build_judgements(session, response, f"11{mark}1")
                ids += [response.id] if country == "Peru" else []
    return ids


def test_without_such_responses_the_screen_says_how_to_get_them(workspace):
    with transaction() as session:
        current_person(session)
        build_judgements(session, build_response(session, build_item(session)))
    page = open_part(sight_page)
    assert "Nothing was answered both ways yet" in page.markdown[0].value
    page.button(key="sight-to-collect").click().run()
    assert page.query_params["part"] == "collect"


def test_items_of_closed_responses_are_counted_and_not_named(both_ways):
    page = open_part(sight_page)
    shown = "\n".join(text.value for text in page.markdown)
    assert "scored 3 answered questions with and without the picture on compliance" in shown
    assert "With the picture, 3 of them failed; **2 of these failed just as much without it.**" in shown
    assert not page.table
    everything = words(page).replace(str(page.selectbox(key="one-model").proto), "")
    assert not [secret for secret in (*SECRETS, "Norm of", "Peru") if secret in everything]


def test_items_of_open_responses_are_named(both_ways):
    with transaction() as session:
        reveal_scores(session, person=current_person(session), response_ids=both_ways)
    page = open_part(sight_page)
    [[row]] = tables(page)
    assert row[1:] == ["Peru", r"Norm of Peru\.", "Secretmodel", "0.0 %", "0.0 %"]
    assert "1 of them not shown" in page.caption[0].value
    page.button(key="open-sight").click().run()
    assert [row[1] for row in tables(page)[0]] == ["Peru", "Iran"]
    with reading() as session:
        assert len(session.exec(select(ScoresSeen)).all()) == 4


def test_one_response_that_is_closed_keeps_its_item_closed(both_ways):
    with transaction() as session:
        reveal_scores(session, person=current_person(session), response_ids=both_ways[:1])
    assert not open_part(sight_page).table


# -- words and tables ---------------------------------------------------------------------------------------------


def test_estimates_read_as_shares_and_points():
    estimate = Estimate(0.9236, 0.9, 0.95, 50, 45, "cluster bootstrap")
    assert share_with_interval(estimate) == "92.4 % (90.0 to 95.0)"
    shift = Estimate(-0.031, -0.05, 0.0004, 50, 45, "cluster bootstrap")
    assert points_with_interval(shift) == "−3.1 (−5.0 to 0.0)"
    assert points_with_interval(Estimate(-1.0, None, None, 30, 1, "too few families")) == TOO_FEW
    assert share_with_interval(Estimate(None, None, None, 0, 0, "none")) == "–"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", " =", "\t=", "＝", "＋", "－", "＠"])
def test_a_text_that_a_spreadsheet_would_reckon_with_gets_a_quote(start):
    [row] = csv.reader(io.StringIO(csv_text([f"{start}1+1", "n"], [])))
    assert row[0].startswith("'")


def test_numbers_and_harmless_texts_stay_as_they_are():
    text = csv_text(["a", "b", "c", "d"], [[-0.5, "a-b=c", None, 'say "x", y']])
    assert list(csv.reader(io.StringIO(text)))[1] == ["-0.5", "a-b=c", "", 'say "x", y']


def test_a_link_to_an_item_is_nothing_but_that():
    link = item_link("a](//b.example) c=1/1")
    assert link == r"[a\]\(\/\/b\.example\) c\=1\/1](/browse?item=a%5D%28%2F%2Fb.example%29+c%3D1%2F1)"

"""The parts of Agreement on corrected scores, next labels and second looks, as AppTest sees them."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from core.config import PROJECT
from core.db import reading, transaction
from core.measures.corrected_cells import corrected_cells
from core.measures.next_labels import next_labels
from core.measures.score_filter import ScoreFilter
from core.models import Person
from core.people import current_person
from core.people_shown import LEAST_PEOPLE
from pages.components.agreement.plan_link import plan_address
from tests.builders import build_item, build_person, build_response
from tests.score_builders import build_label, build_word
from tests.test_cli import answer, run
from tests.test_corrected_cells import build_labelled, responses
from tests.test_second_looks import build_again, build_shown, build_three

A = ScoreFilter(judge="judge-a")
HOSTILE = "<b>Oz</b> **x** $y$"


def corrected_page() -> None:
    from core.measures.score_filter import ScoreFilter
    from core.people import person_here
    from pages.components.agreement.corrected_part import draw_corrected

    draw_corrected(ScoreFilter(judge="judge-a"), person_here())


def experts_page() -> None:
    from core.measures.score_filter import ScoreFilter
    from core.people import person_here
    from pages.components.agreement.corrected_part import draw_corrected

    draw_corrected(ScoreFilter(experts=True), person_here())


def next_page() -> None:
    from core.measures.score_filter import ScoreFilter
    from core.people import person_here
    from pages.components.agreement.next_labels_part import draw_next_labels

    draw_next_labels(ScoreFilter(judge="judge-a"), person_here())


def looks_page() -> None:
    from core.people import person_here
    from pages.components.agreement.second_looks_part import draw_second_looks

    draw_second_looks(person_here())


def drawn(script, **address: str) -> AppTest:
    page = AppTest.from_function(script, default_timeout=60)
    for name, entry in address.items():
        page.query_params[name] = entry
    page.run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    kinds = ("markdown", "caption", "info", "error")
    return "\n".join(element.value for kind in kinds for element in getattr(page, kind))


def chart(page: AppTest) -> dict:
    [found] = page.get("plotly_chart")
    return json.loads(found.proto.spec)


@pytest.fixture
def person(workspace) -> Person:
    with transaction() as session:
        return current_person(session)


@pytest.fixture
def labelled(person: Person) -> Person:
    with transaction() as session:
        build_labelled(session, each=6)
        build_labelled(session, country="Peru", model="m-2", labelled=1)
    return person


def test_the_three_estimates_stand_side_by_side_as_the_data_layer_has_them(labelled):
    page = drawn(corrected_page, shown="compliance")
    with reading() as session:
        [first, second] = corrected_cells(session, person=labelled, wanted=A)
    found = {trace["name"]: trace["x"] for trace in chart(page)["data"]}
    assert found == {
        "The judge": [pytest.approx(100 * one.score.judge.value) for one in (first, second)],
        "Experts alone": [pytest.approx(100 * one.score.labels_only.value) for one in (first, second)],
        "Both together": [pytest.approx(100 * first.score.corrected.value)],
    }


def test_the_table_has_every_number_with_its_n(labelled):
    row, refused = drawn(corrected_page, shown="compliance").dataframe[0].value.to_dict("records")
    with reading() as session:
        score = corrected_cells(session, person=labelled, wanted=A)[0].score
    assert [row[f"Both together, {what}"] for what in ("%", "from", "to")] == pytest.approx(
        [100 * score.corrected.value, 100 * score.corrected.low, 100 * score.corrected.high]
    )
    assert (row["Labelled"], row["Judged"], row["Families labelled"], row["Judge"]) == (36, 72, 12, "judge-a")
    assert row["Trust in the judge, %"] == pytest.approx(100 * score.reliance)
    assert (refused["Labels missing"], refused["Note"]) == (18, "18 more labels needed")


def test_what_experts_skipped_bounds_their_own_number_even_where_nothing_is_corrected(person):
    with transaction() as session:
        build_labelled(session, labelled=1)
        expert = build_person(session)
        for response in responses(session)[1::8]:
            build_label(session, expert, response, None, inclusion_probability=0.5)
    page = drawn(corrected_page, shown="compliance")
    [row] = page.dataframe[0].value.to_dict("records")
    # 12 labels, of them 4 yes, and 6 unsaid: 4 to 10 of 18.
    assert (row["Not said by experts"], row["Labels missing"]) == (6, 18)
    bounds = [row["Experts alone, if all no"], row["Experts alone, if all yes"]]
    assert bounds == pytest.approx([400 / 18, 1000 / 18])
    told = json.dumps(chart(page)["data"][1])
    assert "6 responses experts could not say or skipped: with those, 22.2 to 55.6 %" in told


def test_where_labels_are_missing_it_says_how_many(labelled):
    told = words(drawn(corrected_page, shown="compliance"))
    assert "1 model of 2 cannot be corrected yet" in told
    assert r"m\-2: 18 more labels needed" in told


def test_without_any_label_nothing_is_corrected_and_the_judge_is_shown(person):
    with transaction() as session:
        build_labelled(session, labelled=0)
    page = drawn(corrected_page, shown="compliance")
    assert "Nothing can be corrected yet" in words(page)
    assert [trace["name"] for trace in chart(page)["data"]] == ["The judge"]


def test_without_scores_it_says_so(person):
    with transaction() as session:
        build_word(session, build_response(session, build_item(session), setting="text-only"), "compliance", 1)
    assert "Neither this judge nor experts" in words(drawn(corrected_page))


def test_without_any_judge_the_way_to_one_is_offered(person):
    page = drawn(experts_page)
    assert "No judge has scored anything yet" in words(page)
    assert [button.label for button in page.button] == ["Let a judge score answers"]


def test_each_row_opens_what_the_judge_scored_and_what_experts_labelled(labelled):
    row = drawn(corrected_page, shown="compliance").dataframe[0].value.iloc[0]
    asked = [parse_qs(urlsplit(row[title]).query) for title in ("Read: judge", "Read: experts")]
    assert [one["scored_by"] for one in asked] == [["judge/judge-a"], ["experts"]]
    assert all((one["answered_by"], one["scored"]) == (["m-1"], ["compliance"]) for one in asked)


def test_answers_picked_by_hand_are_told_beside_corrected_scores(person):
    with transaction() as session:
        expert, response = build_person(session), build_response(session, build_item(session))
        build_word(session, response, "compliance", 1)
        build_label(session, expert, response, 1)
    assert "1 answer picked by hand, each counted as one" in words(drawn(corrected_page, shown="compliance"))


def test_second_looks_say_which_answers_are_in_them(person):
    with transaction() as session:
        for one in [build_person(session) for _ in range(LEAST_PEOPLE)]:
            build_shown(session, one, "1", "0", "0", family=f"f-{one.id}")
        response = build_response(session, build_item(session), round=2)
        build_word(session, response, "compliance", 1)
        build_label(session, one, response, 1)
        build_response(session, build_item(session), round=3)
    told = words(drawn(looks_page))
    assert "at 4 answers of 4 models to 4 items. Mixed here: rounds 1, 2." in told


def test_by_country_one_model_is_asked_for(labelled):
    page = drawn(corrected_page, shown="compliance", scope="country")
    assert page.dataframe[0].value["Country"].tolist() == ["Iran"]
    page.selectbox(key="of-model").set_value(1).run()
    assert page.dataframe[0].value["Country"].tolist() == ["Peru"]
    assert page.query_params["of-model"] == "m-2"


def test_names_from_data_stay_inert(person):
    with transaction() as session:
        build_labelled(session, model=HOSTILE)
        build_labelled(session, model="m-2", labelled=0)
        build_labelled(session, model=f"{HOSTILE} 2", labelled=0)
    page = drawn(corrected_page, shown="compliance")
    assert HOSTILE not in words(page)
    assert "<b>Oz" not in json.dumps(chart(page))
    assert HOSTILE not in words(drawn(next_page))


def test_the_cell_that_gains_most_has_a_plan_one_press_away(labelled):
    page = drawn(next_page, scope="country")
    told = [one.value for one in page.markdown]
    assert r"**m\-1 · Iran · Compliance**" in told
    assert any(one.startswith("±") and one.endswith("points**") for one in told)
    assert "18 more labels needed" in told
    assert [button.label for button in page.button] == ["Plan them", "Plan them"]


def planned(cell) -> str:
    """Return how many responses the form of a plan says it draws, opened for a cell."""
    page = AppTest.from_file(str(PROJECT / "pages" / "plans.py"), default_timeout=60)
    for name, entries in plan_address(A, cell).items():
        page.query_params[name] = entries
    page.run()
    assert not page.exception
    return next(one.value for one in page.metric if one.label == "Responses")


def test_the_plan_opens_filled_for_the_cell(labelled):
    with reading() as session:
        cell = next_labels(session, person=labelled, wanted=A)[0]
    page = AppTest.from_file(str(PROJECT / "pages" / "plans.py"), default_timeout=60)
    for name, entries in plan_address(A, cell).items():
        page.query_params[name] = entries
    page.run()
    assert not page.exception
    assert page.multiselect(key="plan-models").value == ["m-1"]
    assert page.multiselect(key="plan-countries").value == ["Iran"]
    assert page.multiselect(key="plan-balance").value == ["compliance"]
    assert page.multiselect(key="plan-settings").value == ["english"]
    # 36 of 72 are left, so 40 are drawn; a half of those that the judge said yes to, and of the others.
    assert page.number_input(key="plan-count").value == 40
    assert page.number_input(key="plan-failing").value == 0
    assert next(one.value for one in page.metric if one.label == "Responses") == "40"


def test_a_plan_of_all_countries_asks_for_a_share(labelled):
    with reading() as session:
        cell = next_labels(session, person=labelled, wanted=A, by_country=False)[0]
    page = AppTest.from_file(str(PROJECT / "pages" / "plans.py"), default_timeout=60)
    for name, entries in plan_address(A, cell).items():
        page.query_params[name] = entries
    page.run()
    assert page.multiselect(key="plan-countries").value == []
    assert next(one.value for one in page.metric if one.label == "Responses") == "40"


def test_the_card_says_how_many_the_plan_of_all_countries_draws(person):
    with transaction() as session:
        for country in ("Chad", "Fiji", "Iran", "Mali", "Oman", "Peru", "Togo"):
            build_labelled(session, country=country, families=3, each=6)
    # 63 of 126 are left: 40 would be enough, but of each country's 18 that is 5.7, so 6.
    told = words(drawn(next_page, scope="all"))
    assert "63 of 126 responses labelled; the plan draws 42, about 21 of them new" in told
    with reading() as session:
        [cell] = next_labels(session, person=person, wanted=A, by_country=False)
    assert planned(cell) == "42"


def test_the_card_says_how_many_the_plan_of_a_country_draws(person):
    with transaction() as session:
        build_labelled(session, families=11, each=5)
    with reading() as session:
        [cell] = next_labels(session, person=person, wanted=A)
    told = words(drawn(next_page, scope="country"))
    # 22 of 55 are left, and 50 are drawn; the judge said no to 28, yes to 27: 25.5 and 24.5, so 26 and 25.
    assert "33 of 55 responses labelled; the plan draws 51, about 20 of them new" in told
    assert planned(cell) == "51"


def test_where_a_plan_cannot_be_as_narrow_as_the_numbers_no_count_is_promised(labelled):
    def narrowed() -> None:
        from core.measures.score_filter import ScoreFilter
        from core.people import person_here
        from pages.components.agreement.next_labels_part import draw_next_labels

        draw_next_labels(ScoreFilter(judge="judge-a", errata="without"), person_here())

    told = words(drawn(narrowed))
    assert "the plan draws" not in told
    assert "A plan cannot be narrowed to" in told


def test_second_looks_of_too_few_people_are_not_shown(labelled):
    assert words(drawn(looks_page)).count(f"Shown once {LEAST_PEOPLE} experts or more") == 2


def test_second_looks_say_what_became_of_answers(person):
    with transaction() as session:
        for one in [build_person(session) for _ in range(LEAST_PEOPLE)]:
            for number in range(4):
                build_shown(session, one, "1", "0", "0" if number else "", family=f"f-{one.id}-{number}")
                build_again(session, one, "1", "1", family=f"f-{one.id}-{number}")
    page = drawn(looks_page)
    whole, each, again, again_each = (table.value for table in page.table)
    assert whole.iloc[0].tolist()[:6] == ["Compliance", "12", "12", "9", "9", "0"]
    assert whole.iloc[0]["Of changes, to the judge"] == "n 9, too few to say"
    assert whole.iloc[0]["Of those not as the judge, moved to it"].startswith("75 % (")
    assert each["Expert"].tolist() == ["A", "B", "C"]
    assert again.iloc[0]["Beyond chance"] == "not defined: all answers alike"
    assert again_each["Answered twice"].tolist() == ["4", "4", "4"]


def test_it_says_where_another_judge_may_have_moved_an_answer(person):
    with transaction() as session:
        build_three(session)
    told = words(drawn(looks_page))
    assert "under 10 families of questions there is none" in told
    assert "scores of all judges at once" not in told
    with transaction() as session:
        build_word(session, responses(session)[0], "compliance", 1, judge="judge-b")
    assert "scores of all judges at once, so a change to this one's may follow another" in words(drawn(looks_page))


def test_the_command_says_the_three_estimates(labelled):
    said = answer("scores", "--corrected", "--judge", "judge-a", "--model", "m-1")
    with reading() as session:
        [cell] = corrected_cells(session, person=labelled, wanted=ScoreFilter(judge="judge-a", models=("m-1",)))
    [told] = said["cells"]
    assert (told["model"], told["dimension"], told["judge"]["n"], told["labels_only"]["n"]) == (
        "m-1",
        "compliance",
        72,
        36,
    )
    assert told["corrected"]["value"] == cell.score.corrected.value
    assert told["reliance"] == cell.score.reliance
    assert said["made_of"][0]["splits"] == ["training_pool"]
    lines = run("scores", "--corrected").stdout.splitlines()
    assert lines[0].startswith("m-1, compliance: judge judge-a 50.0% (")
    assert lines[1].endswith("both together 18 more labels needed")


def test_the_command_refuses_what_has_no_meaning(labelled):
    assert "Leave out --experts" in answer("scores", "--corrected", "--experts", status=1)["error"]
    assert "Choose of: country" in answer("scores", "--corrected", "--by", "domain", status=1)["error"]

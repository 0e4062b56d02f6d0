"""The page Sampling plans, as AppTest sees it."""

import csv
import io
from pathlib import Path

import pytest
import streamlit as st
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.config import PROJECT, settings
from core.db import reading, transaction
from core.labels.plan_draws import PlanWish
from core.labels.plans import freeze_plan
from core.models import CountryKnown, Item, LockedResponse, PlannedResponse, Response, SamplingPlan
from core.people import current_person
from pages.components.plans.foreseen_view import hours_text
from pages.components.plans.plan_view import rows_csv
from tests.builders import build_item, build_judgements, build_person, build_response

HOSTILE = ":red[x] <b>$y$</b> **z**"


def open_page(**address: str) -> AppTest:
    page = AppTest.from_file(str(PROJECT / "pages" / "plans.py"), default_timeout=60)
    for name, entry in address.items():
        page.query_params[name] = entry
    page.run()
    assert not page.exception
    return page


def end_dialog_page() -> None:
    from core.db import reading
    from core.labels.plans import plan_of
    from core.people import person_here
    from pages.components.plans.plan_view import ask_to_end

    with reading() as session:
        plan = plan_of(session, plan_id=1)
    ask_to_end(plan, person_here())


def open_dialog_page() -> None:
    from core.db import reading
    from core.labels.plans import plan_of
    from core.people import person_here
    from pages.components.plans.plan_view import ask_to_open

    with reading() as session:
        plan = plan_of(session, plan_id=1)
    ask_to_open(plan, 8, person_here())


def open_dialog(script) -> AppTest:
    """A dialog alone: AppTest runs the whole page for a press inside one, as no browser does."""
    return AppTest.from_function(script, default_timeout=60).run()


def words(page: AppTest) -> str:
    kinds = ("markdown", "caption", "info", "error", "warning", "subheader", "title")
    return "\n".join(element.value for kind in kinds for element in getattr(page, kind))


def tables(page: AppTest) -> list[list[list[str]]]:
    return [table.value.to_numpy().tolist() for table in page.table]


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


@pytest.fixture
def responses(workspace: Path) -> None:
    """Sixty responses of Iran and twenty of Peru; one expert is from Iran."""
    with transaction() as session:
        current_person(session)
        for country, count in (("Iran", 60), ("Peru", 20)):
            for _ in range(count):
                build_response(session, build_item(session, country=country), model="Secretmodel")
        session.add(CountryKnown(person_id=build_person(session).id, country="Iran", is_from=True))


@pytest.fixture
def plan(responses: None) -> SamplingPlan:
    with transaction() as session:
        return freeze_plan(
            session, wish=PlanWish(share=0.1), name=HOSTILE, seed=1, author=current_person(session), overlap_share=0.5
        )


def test_without_responses_the_page_says_what_a_plan_draws_from(workspace):
    page = open_page()
    assert "There are none yet" in page.info[0].value
    assert [button.label for button in page.button if button.label == "Collect responses"] == ["Collect responses"]


def test_an_expert_is_sent_away(responses, monkeypatch):
    with transaction() as session:
        expert = build_person(session)
    monkeypatch.setenv("CROSS_REVIEW_PERSON", expert.name)
    settings.cache_clear()
    page = open_page()
    assert "for the leads" in page.info[0].value
    assert not page.metric


def test_the_form_shows_at_once_what_a_tenth_would_bring(responses):
    page = open_page()
    # 6 and 2 responses, two answers each, 40 s an answer.
    assert metrics(page) == {"Responses": "8", "Answers of experts": "16", "Work, about": "11 min"}
    assert [row[:3] for row in tables(page)[0]] == [["Iran", "6", "12"], ["Peru", "2", "4"]]


def test_a_changed_wish_is_foreseen_at_once(responses):
    page = open_page()
    page.number_input(key="plan-percent").set_value(50.0).run()
    assert metrics(page)["Responses"] == "40"


def test_the_form_in_the_address_is_the_form_on_the_screen(responses):
    page = open_page(**{"plan-percent": "25", "plan-countries": "Peru"})
    assert metrics(page)["Responses"] == "5"


def test_countries_short_of_experts_are_named(responses):
    assert "Fewer than 3 experts are here from any of these countries" in open_page().warning[0].value
    with transaction() as session:
        for _ in range(2):
            session.add(CountryKnown(person_id=build_person(session).id, country="Iran", is_from=True))
    st.cache_data.clear()
    assert "Fewer than 3 experts are here from Peru" in open_page().warning[0].value


def test_of_a_country_with_one_expert_neither_their_number_nor_their_hours_are_shown(responses):
    found = tables(open_page())[0]
    assert [row[3:] for row in found] == [["fewer than 3", "not shown for so few"], ["0", "nobody is there yet"]]


def test_intervals_stand_by_country_and_too_few_families_have_none(responses):
    found = tables(open_page(**{"plan-percent": "20"}))[1]
    assert [row[:2] for row in found] == [["All countries", "16"], ["Iran", "12"], ["Peru", "4"]]
    assert found[2][2:] == ["too few"] * 4
    assert "→" in found[1][2]


def test_freezing_stores_the_plan_and_opens_it(responses):
    page = open_page()
    page.text_input[0].set_value("Pilot").run()
    press(page, "Freeze the plan")
    with reading() as session:
        assert session.exec(select(SamplingPlan.name)).all() == ["Pilot"]
        assert len(session.exec(select(PlannedResponse)).all()) == 8
    assert page.subheader[0].value == "Pilot"


def test_a_name_that_is_taken_is_refused_and_the_form_stays(plan):
    with transaction() as session:
        freeze_plan(session, wish=PlanWish(share=0.1), name="Taken", seed=1, author=current_person(session))
    page = open_page(new="1")
    page.text_input[0].set_value("Taken").run()
    press(page, "Freeze the plan")
    assert "a plan named Taken already" in page.error[0].value
    assert page.number_input(key="plan-percent").value == 10.0


def test_plans_are_listed_with_their_progress(plan):
    page = open_page()
    assert "8 responses · 2 countries" in words(page)
    assert not page.metric


def test_a_plan_shows_its_progress_and_what_was_wished(plan):
    page = open_page(plan=str(plan.id))
    # Iran's first three of six are shared, and one of Peru's two.
    assert [row[:2] + row[3:] for row in tables(page)[0]] == [
        ["Iran", "6", "0", "0", "6"],
        ["Peru", "2", "0", "0", "2"],
    ]
    assert "10 % of each country" in words(page).replace("\\", "")
    assert "50 % to 2 experts, the others to one" in words(page).replace("\\", "")


def test_answers_from_elsewhere_stand_apart_and_only_where_there_are_any(plan):
    assert "from elsewhere" not in words(open_page())
    assert len(tables(open_page(plan=str(plan.id)))[0][0]) == 6
    with transaction() as session:
        of_peru = select(PlannedResponse.response_id).join(Response).join(Item).where(Item.country == "Peru")
        response_id = session.exec(of_peru).first()
        session.add(LockedResponse(person_id=build_person(session).id, response_id=response_id, pool="outside"))
    assert "1 answer of people from elsewhere, kept apart" in words(open_page())
    page = open_page(plan=str(plan.id))
    assert [(row[0], row[3], row[6]) for row in tables(page)[0]] == [("Iran", "0", "0"), ("Peru", "0", "1")]
    assert "kept apart" in words(page)


def test_a_name_from_people_is_inert(plan):
    for page in (open_page(), open_page(plan=str(plan.id))):
        assert HOSTILE not in words(page)
        assert r"\:" in words(page)


def test_an_address_of_no_plan_says_so(plan):
    for number in ("999", "x", "0"):
        assert "no such sampling plan" in open_page(plan=number).error[0].value


def test_the_table_of_a_closed_plan_names_items_alone_and_of_an_opened_one_everything(plan):
    with reading() as session:
        lead = current_person(session)
    closed = list(csv.DictReader(io.StringIO(rows_csv(plan, lead))))
    assert len(closed) == 8
    assert {(row["response"], row["stratum"], row["inclusion_probability"], row["state"]) for row in closed} == {
        ("", "", "", "closed to you")
    }
    press(open_dialog(open_dialog_page), "Open them")
    opened = list(csv.DictReader(io.StringIO(rows_csv(plan, lead))))
    assert {(row["stratum"], row["inclusion_probability"]) for row in opened} == {("Iran", "0.1"), ("Peru", "0.1")}
    assert all(row["item"] and row["response"] for row in opened)


def test_ending_a_plan_asks_first(plan):
    press(open_page(plan=str(plan.id)), "End the plan")
    with reading() as session:
        assert session.get_one(SamplingPlan, plan.id).ended_at is None
    press(open_dialog(end_dialog_page), "End it")
    with reading() as session:
        assert session.get_one(SamplingPlan, plan.id).ended_at is not None


def test_failures_and_differing_judges_are_asked_for_where_there_are_judges(responses):
    assert "plan-judge" not in [box.key for box in open_page().selectbox]
    with transaction() as session:
        response = build_response(session, build_item(session, country="Iran"))
        build_judgements(session, response, "1111", judge="a")
        build_judgements(session, response, "1011", judge="b")
    page = open_page(**{"plan-first": "a", "plan-second": "b", "plan-countries": "Iran", "plan-percent": "10"})
    # A tenth of the other sixty, and the one on which they differ.
    assert metrics(page)["Responses"] == "7"


@pytest.mark.parametrize(("hours", "text"), [(0.001, "1 min"), (0.5, "30 min"), (3.46, "3.5 h"), (1234.0, "1,234 h")])
def test_hours_read_as_people_say_them(hours, text):
    assert hours_text(hours) == text

"""The Validate page: begin a session, take in what the component sends, reveal after the lock, end."""

import json
import uuid
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
import streamlit as st
from sqlmodel import Session, col, select
from streamlit.testing.v1 import AppTest

from core.backgrounds import background_of, save_wishes
from core.db import reading, transaction
from core.labels.content_warning import record_warning
from core.labels.picking import start_item_session
from core.labels.places import handle_of
from core.labels.review_sessions import close_session, open_session
from core.labels.skipping import skip_response
from core.models import Assignment, CountryKnown, Event, Label, LockedResponse, Response, ReviewSession, utc_now
from core.people import current_person
from core.rubric import DIMENSIONS
from pages.components.moment import midnight
from tests.builders import build_item, build_judgements, build_person, build_response


def open_page(**address: str) -> AppTest:
    page = AppTest.from_file("../app.py", default_timeout=30)
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    return page.switch_page("pages/validate.py").run()


def build_responses(*countries: str) -> list[int]:
    with transaction() as session:
        responses = [build_response(session, build_item(session, country=country)) for country in countries]
        for response in responses:
            build_judgements(session, response)
        return [response.id for response in responses]


def start_session(response_id: int) -> ReviewSession:
    """Begin a session of a person who was warned today."""
    with transaction() as session:
        person = current_person(session)
        record_warning(session, person=person)
        return start_item_session(session, person=person, item_id=item_of(session, response_id))


def item_of(session: Session, response_id: int) -> str:
    return session.get_one(Response, response_id).item_id


def shown(page: AppTest) -> dict:
    return json.loads(page.get("bidi_component")[0].proto.json)


def send(page: AppTest, review: ReviewSession, *entries: dict, n: int = 1, **more: object) -> AppTest:
    page.session_state[f"review-{review.id}"] = {"outbox": {"entries": list(entries), "at": 0, "n": n} | more}
    return page.run()


def handle_for(response_id: int) -> int:
    """Return the handle of a response's newest place; of any response, so that a test can send what is not allowed."""
    with reading() as session:
        places = select(Assignment).where(Assignment.response_id == response_id)
        place = session.exec(places.order_by(col(Assignment.session_id).desc())).first()
        return handle_of(place.session_id, place.position) if place else handle_of(99, response_id)


def four(response_id: int) -> list[dict]:
    handle = handle_for(response_id)
    return [
        {
            "kind": "answer",
            "form_id": str(uuid.uuid4()),
            "handle": handle,
            "dimension": dimension,
            "choice": "yes",
        }
        for dimension in DIMENSIONS
    ]


def texts(page: AppTest) -> str:
    kinds = (page.markdown, page.subheader, page.caption, page.info)
    return " ".join(element.value for kind in kinds for element in kind)


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


def here_from(country: str) -> None:
    with transaction() as session:
        session.add(CountryKnown(person_id=current_person(session).id, country=country, is_from=True))
        session.add(CountryKnown(person_id=current_person(session).id, country="Peru", is_from=False))


def test_without_a_session_the_page_asks_for_country_and_number(workspace):
    build_responses("Morocco", "Morocco", "Iran")
    page = open_page()
    assert page.selectbox[0].options == ["All countries (3 to label)", "Iran (1 to label)", "Morocco (2 to label)"]
    assert [button.label for button in page.button] == ["Start"]
    assert not page.exception


def test_the_address_chooses_the_country(workspace):
    build_responses("Morocco", "Iran")
    assert open_page(country="Morocco").selectbox[0].value == "Morocco"
    assert open_page(country="Nowhere").selectbox[0].value is None


def test_start_waits_for_a_country_and_all_countries_is_one_of_the_choices(workspace):
    build_responses("Morocco", "Iran")
    page = open_page()
    assert (page.selectbox[0].value, page.button[0].disabled) == (None, True)
    page.selectbox[0].select("").run()
    page.button[0].click().run()
    assert shown(page)["total"] == 2


def test_start_draws_a_session_and_shows_its_first_response(workspace):
    build_responses("Morocco", "Iran")
    page = open_page(country="Iran")
    page.button[0].click().run()
    assert (shown(page)["total"], shown(page)["cards"][0]["country"]) == (1, "Iran")
    assert open_page().get("bidi_component"), "a refresh goes on with the open session"


def test_an_item_of_the_address_starts_a_session_of_its_responses(workspace):
    (response_id, _) = build_responses("Morocco", "Morocco")
    with reading() as session:
        item_id = item_of(session, response_id)
    page = press(open_page(item=item_id), "Begin")
    assert [card["handle"] for card in shown(page)["cards"]] == [handle_for(response_id)]
    assert "item" not in page.query_params
    with reading() as session:
        assert session.exec(select(Assignment.inclusion_probability)).all() == [None]


def test_an_item_that_is_not_there_is_said(workspace):
    build_responses("Morocco")
    page = open_page(item="own/*nowhere*/1")
    assert "There is no such item" in page.error[0].value


def test_an_empty_workspace_says_what_to_do_next(workspace):
    page = open_page()
    assert "Nothing is waiting for you" in texts(page)
    assert not page.button


def test_the_judge_reaches_the_browser_only_after_the_fourth_answer(workspace):
    (response_id,) = build_responses("Morocco")
    review = start_session(response_id)
    answers = four(response_id)
    page = send(open_page(), review, *answers[:3])
    assert "secret-reason" not in page.get("bidi_component")[0].proto.json
    assert "model-" not in page.get("bidi_component")[0].proto.json
    page = send(page, review, answers[3], n=2)
    card = shown(page)["cards"][0]
    assert (
        card["revealed"]["judges"][0]["judgements"]["education"]["reason"] == f"secret-reason-{response_id}-education"
    )


def test_a_message_is_named_as_stored_and_its_repetition_changes_nothing(workspace):
    (response_id,) = build_responses("Morocco")
    review = start_session(response_id)
    answers = four(response_id)[:2]
    page = send(open_page(), review, *answers)
    assert shown(page)["stored"] == [entry["form_id"] for entry in answers]
    page = send(page, review, *answers, n=2)
    assert (shown(page)["seen"], len(shown(page)["stored"])) == (2, 2)
    with reading() as session:
        assert len(session.exec(select(Label)).all()) == 2


def test_a_state_that_outlived_the_server_is_taken_in_without_its_callback(workspace):
    (response_id,) = build_responses("Morocco")
    review = start_session(response_id)
    page = AppTest.from_file("../app.py", default_timeout=30)
    page.session_state[f"review-{review.id}"] = {"outbox": {"entries": four(response_id), "at": 0, "n": 5}}
    page.run().switch_page("pages/validate.py").run()
    with reading() as session:
        assert len(session.exec(select(LockedResponse)).all()) == 1


@pytest.mark.parametrize(
    "outbox",
    [None, "x", 7, [], {}, {"n": "1"}, {"n": 1, "entries": "x", "at": []}, {"n": 1, "entries": [None, {}], "at": 99}],
)
def test_whatever_the_browser_sends_the_page_stands(workspace, outbox):
    (response_id,) = build_responses("Morocco")
    review = start_session(response_id)
    page = open_page()
    page.session_state[f"review-{review.id}"] = {"outbox": outbox}
    page.run()
    assert not page.exception
    assert shown(page)["at"] == 0


def test_an_entry_that_is_not_allowed_is_refused_by_name(workspace):
    mine, foreign = build_responses("Morocco", "Iran")
    review = start_session(mine)
    entry = four(foreign)[0]
    page = send(open_page(), review, entry)
    assert shown(page)["refused"] == {
        entry["form_id"]: "This response is in none of your sessions. Load the page again."
    }


def test_the_end_screen_says_what_was_done_and_what_next(workspace):
    build_responses("Iran")
    (response_id,) = build_responses("Morocco")
    review = start_session(response_id)
    page = send(open_page(), review, *four(response_id), finish=True)
    assert not page.exception
    assert "All done" in texts(page)
    assert "1 of 1" in texts(page)
    with reading() as session:
        assert session.exec(select(ReviewSession.closed_at)).one() is not None
    page.button[0].click().run()
    assert page.selectbox[0].options[-1] == "Iran (1 to label)"


def test_a_session_that_is_ended_early_goes_back_to_the_pool(workspace):
    (response_id,) = build_responses("Morocco")
    review = start_session(response_id)
    page = send(open_page(), review, finish=True)
    assert "Session ended" in texts(page)
    with transaction() as session:
        person = current_person(session)
        assert open_session(session, person=person) is None
        close_session(session, person=person, session_id=review.id)
    page.button[0].click().run()
    assert page.button[0].label == "Start"


def test_an_ended_session_is_gone_on_with_from_the_end_screen(workspace):
    first, second = build_responses("Iran", "Iran")
    page = open_page(country="Iran")
    page.button[0].click().run()
    with reading() as session:
        review = session.exec(select(ReviewSession)).one()
    page = send(page, review, *four(first)[:2], finish=True)
    page = next(button for button in page.button if button.label == "Go on with this session").click().run()
    assert shown(page)["total"] == 2
    page = send(page, review, *four(second), n=2)
    assert shown(page)["done"] == 1


def test_no_id_of_a_response_reaches_the_browser(workspace):
    with transaction() as session:
        item = build_item(session, country="Iran")
        ids = [build_response(session, item, id=number).id for number in (918_273_641, 918_273_642)]
    page = open_page(country="Iran")
    page.button[0].click().run()
    with reading() as session:
        review = session.exec(select(ReviewSession)).one()
    page = send(page, review, *four(ids[0]), *four(ids[1])[:1])
    assert not [number for number in ids if str(number) in page.get("bidi_component")[0].proto.json]


def test_a_session_of_someone_else_is_not_shown(workspace, monkeypatch):
    (response_id,) = build_responses("Morocco")
    start_session(response_id)
    with transaction() as session:
        review = session.exec(select(ReviewSession)).one()
        review.person_id = build_person(session).id
    assert not open_page().get("bidi_component")


def test_positions_are_in_the_order_of_the_session(workspace):
    build_responses("Iran", "Iran", "Iran")
    page = open_page(country="Iran")
    page.button[0].click().run()
    with reading() as session:
        order = session.exec(select(Assignment.response_id).order_by(col(Assignment.position))).all()
    assert [card["handle"] for card in shown(page)["cards"]] == [handle_for(response_id) for response_id in order]


def test_no_html_css_or_script_travels_with_an_answer(workspace):
    (response_id,) = build_responses("Morocco")
    review = start_session(response_id)
    page = send(open_page(), review, *four(response_id)[:1])
    sent = page.get("bidi_component")[0].proto
    assert (sent.js_source_path, sent.css_source_path) == ("review.js", "review.css")
    assert [sent.html_content, sent.css_content, sent.js_content] == ["", "", ""]
    assert len(sent.SerializeToString()) < 4000


def test_the_component_is_found_without_an_installed_package(workspace, monkeypatch):
    monkeypatch.setattr("importlib.metadata.distributions", list)
    (response_id,) = build_responses("Morocco")
    start_session(response_id)
    page = open_page()
    assert not page.exception
    assert page.get("bidi_component")[0].proto.js_source_path == "review.js"


def test_the_goal_of_the_day_counts_what_was_answered_today(workspace):
    first, second = build_responses("Morocco", "Morocco")
    with transaction() as session:
        save_wishes(session, person=current_person(session), blur_pictures=True, daily_goal=60)
    review = start_session(first)
    page = send(open_page(), review, *four(first))
    data = shown(page)
    assert (data["daily_goal"], data["done_today"], data["blur_pictures"]) == (60, 1, True)
    with transaction() as session:
        locked = session.exec(select(LockedResponse)).one()
        locked.locked_at = utc_now() - timedelta(days=2)
    assert shown(send(page, review, n=2))["done_today"] == 0
    assert second != first


@pytest.mark.parametrize(
    "zone", ["Asia/Kathmandu", "Pacific/Kiritimati", "America/Los_Angeles", "No/Where", "../../x", None]
)
def test_the_day_begins_at_midnight_where_the_viewer_is(zone):
    began = midnight(zone)
    here = began.astimezone(ZoneInfo(zone) if zone and zone[0] in "AP" else UTC)
    assert (here.hour, here.minute, here.second) == (0, 0, 0)
    assert timedelta(0) <= utc_now() - began < timedelta(hours=25)


def test_the_teams_progress_is_that_of_the_sessions_country(workspace):
    first, _ = build_responses("Burkina_Faso", "Iran")
    review = start_session(first)
    send(open_page(), review, *four(first))
    # It is counted once for everybody, and kept for some seconds.
    st.cache_data.clear()
    assert shown(open_page())["team"] == {
        "done": 1,
        "total": 2,
        "of": "Burkina Faso",
        "who": "people from elsewhere",
    }


def test_confidence_marks_and_faults_come_back_with_the_card(workspace):
    (response_id,) = build_responses("Morocco")
    review = start_session(response_id)
    base = {"handle": handle_for(response_id)}
    more = [
        base | {"kind": "confidence", "form_id": str(uuid.uuid4()), "level": 3},
        base | {"kind": "phrase", "form_id": str(uuid.uuid4()), "begins": 0, "ends": 5},
        base | {"kind": "erratum", "form_id": str(uuid.uuid4()), "fault": "not_shown", "reason": "It is a car."},
        base | {"kind": "skip", "form_id": str(uuid.uuid4()), "how": "later", "reason": ""},
    ]
    page = send(open_page(), review, four(response_id)[0], *more)
    assert shown(page)["refused"] == {}
    card = shown(page)["cards"][0]
    assert card["answers"]["awareness"]["confidence"] == 3
    assert [(mark["begins"], mark["ends"]) for mark in card["phrases"]] == [(0, 5)]
    assert (card["errata"], card["put_aside"]) == (["not_shown"], True)


def test_an_answer_given_in_another_window_is_not_overwritten_but_named(workspace):
    (response_id,) = build_responses("Morocco")
    review = start_session(response_id)
    here, there = four(response_id)[0], four(response_id)[0]
    page = send(open_page(), review, there | {"replaces": ""})
    page = send(page, review, here | {"choice": "no", "replaces": ""}, n=2)
    (message,) = shown(page)["refused"].values()
    assert message.startswith("Awareness: in another window you answered yes, here no.")
    assert shown(page)["cards"][0]["answers"]["awareness"]["choice"] == "yes"


def test_whoever_comes_from_browse_is_warned_before_the_first_response(workspace):
    (response_id,) = build_responses("Morocco")
    with reading() as session:
        item_id = item_of(session, response_id)
    page = open_page(item=item_id)
    assert "Some responses may offend" in texts(page)
    assert not page.get("bidi_component")
    assert press(page, "Begin").get("bidi_component")
    assert open_page().get("bidi_component"), "after a refresh the warning is not shown again"


def test_a_warning_of_yesterday_does_not_count_for_today(workspace):
    (response_id,) = build_responses("Morocco")
    start_session(response_id)
    with transaction() as session:
        for event in session.exec(select(Event)):
            event.created_at = utc_now() - timedelta(days=1, hours=1)
    assert not open_page().get("bidi_component")


def test_the_warning_of_somebody_else_does_not_count(workspace):
    (response_id,) = build_responses("Morocco")
    start_session(response_id)
    with transaction() as session:
        other = build_person(session).id
        for event in session.exec(select(Event).where(Event.kind == "content warning seen")):
            event.person_id = other
    assert not open_page().get("bidi_component")


def test_work_under_way_is_not_stopped_by_a_warning(workspace):
    (response_id,) = build_responses("Morocco")
    review = start_session(response_id)
    page = open_page()
    with transaction() as session:
        for event in session.exec(select(Event)):
            event.created_at = utc_now() - timedelta(days=2)
    assert shown(send(page, review, *four(response_id)))["done"] == 1


def test_blurred_pictures_are_wished_for_beside_the_warning(workspace):
    (response_id,) = build_responses("Morocco")
    with reading() as session:
        item_id = item_of(session, response_id)
    page = open_page(item=item_id)
    page.checkbox[0].check().run()
    assert shown(press(page, "Begin"))["blur_pictures"] is True


def test_who_takes_up_what_they_skipped_is_warned_on_the_card(workspace):
    (response_id,) = build_responses("Morocco")
    with transaction() as session:
        skip_response(
            session, person=current_person(session), response_id=response_id, kind="later", reason="", form_id="f"
        )
    page = open_page()
    assert "Some responses may offend" in texts(page)
    assert press(page, "Take up 1 response you skipped").get("bidi_component")


def test_a_goal_for_the_day_is_set_where_one_begins(workspace):
    build_responses("Morocco", "Morocco")
    page = open_page(country="Morocco")
    assert page.number_input[0].value is None
    page.number_input[0].set_value(25).run()
    assert "0 of 25" in page.number_input[0].label
    with reading() as session:
        assert background_of(session, person=current_person(session)).daily_goal == 25
    assert shown(press(page, "Start"))["daily_goal"] == 25


def test_a_goal_and_blurred_pictures_leave_each_other_alone(workspace):
    build_responses("Morocco")
    page = open_page()
    page.checkbox[0].check().run()
    page.number_input[0].set_value(25).run()
    page.checkbox[0].uncheck().run()
    with reading() as session:
        held = background_of(session, person=current_person(session))
    assert (held.daily_goal, held.blur_pictures) == (25, False)


def test_who_is_not_from_the_country_reads_that_their_labels_are_kept_apart(workspace):
    build_responses("Morocco", "Peru")
    here_from("Morocco")
    apart = "kept apart from those of people from there"
    assert f"You are not from Peru: your labels are {apart}" in texts(open_page(country="Peru"))
    assert apart not in texts(open_page(country="Morocco"))
    page = open_page()
    page.selectbox[0].select("").run()
    assert f"countries you are not from are {apart}" in texts(page)


def test_the_teams_bar_is_named_and_kept_for_people_from_there_and_others_apart(workspace):
    first, _ = build_responses("Iran", "Iran")
    review = start_session(first)
    send(open_page(), review, *four(first))
    st.cache_data.clear()
    assert {name: shown(open_page())["team"][name] for name in ("done", "who")} == {
        "done": 1,
        "who": "people from elsewhere",
    }
    here_from("Iran")
    # Not what was counted a moment ago for those from elsewhere.
    assert {name: shown(open_page())["team"][name] for name in ("done", "who")} == {"done": 0, "who": "team"}


def test_the_models_name_reaches_the_browser_not_even_after_the_lock(workspace):
    (response_id,) = build_responses("Morocco")
    review = start_session(response_id)
    with reading() as session:
        model = session.get_one(Response, response_id).model
    page = send(open_page(), review, *four(response_id))
    assert shown(page)["cards"][0]["locked"]
    assert model not in page.get("bidi_component")[0].proto.json

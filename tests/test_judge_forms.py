"""The forms that start a judge and collect responses: what they keep, what they ask before they start."""

from collections.abc import Iterator

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.db import reading, transaction
from core.endpoints import add_endpoint
from core.judging.anchors import create_anchor_set
from core.judging.judge_run import Bounds, JudgeSettings, start_judge_run
from core.judging.prompts import current_words
from core.judging.selection import Selection
from core.models import AnchorSet, Judge, Judgement, JudgeRun, Person, ResponseRun
from core.people import current_person
from core.prices import PriceEntry, set_price
from core.responses.collecting import CollectBounds, CollectSettings, ItemChoice, start_response_run
from tests.builders import build_item, build_judgements, build_response
from tests.fakes import StubEndpoint
from tests.test_judge_page import address, button, field, labels, lead, opened, texts, wait_until_ended

__all__ = ["lead"]

OLD, NEW = "http://127.0.0.1:9/v1", "http://127.0.0.1:10/v1"


@pytest.fixture
def stub() -> Iterator[StubEndpoint]:
    with StubEndpoint() as stub:
        yield stub


def add_endpoints(lead: Person, **urls: str) -> None:
    with transaction() as session:
        for name, url in urls.items():
            add_endpoint(session, name=name, base_url=url, api_key_env=None, author=lead)


def known_judge(lead: Person, url: str) -> Judge:
    """Return a judge that has scored twelve responses at that address."""
    with transaction() as session:
        responses = [build_response(session, build_item(session), model="answerer") for _ in range(12)]
        run = start_judge_run(
            session,
            settings=JudgeSettings("judge-a", url, "judge-model", "one-call"),
            words=current_words("one-call"),
            chosen=Selection(),
            bounds=Bounds(),
            author=lead,
        )
        judge = session.get_one(Judge, run.judge_id)
        for response in responses:
            build_judgements(session, response, judge="rows")
        session.connection().exec_driver_sql("UPDATE judgement SET judge = 'judge-a', prompt_version = 'one-call-1'")
        session.connection().exec_driver_sql("UPDATE job SET state = 'stopped'")
        return judge


def part(app: AppTest, name: str) -> None:
    app.segmented_control(key="judging-part").set_value(name).run()
    assert not app.exception


# -- what is kept -------------------------------------------------------------------------------------------------


def test_what_was_typed_in_the_collect_form_is_there_after_another_part(lead):
    with transaction() as session:
        build_item(session, country="Japan")
    add_endpoints(lead, near=OLD)
    app = opened(part="collect")
    field(app, "Model").set_value("answerer").run()
    field(app, "Stored as").set_value("answerer low").run()
    field(app, "Countries", "multiselect").set_value(["Japan"]).run()
    field(app, "System prompt", "text_area").set_value("Be brief.").run()
    field(app, "Budget in calls", "number_input").set_value(7).run()
    part(app, "endpoints")
    part(app, "collect")
    assert (field(app, "Model").value, field(app, "Stored as").value) == ("answerer", "answerer low")
    assert field(app, "Countries", "multiselect").value == ["Japan"]
    assert field(app, "System prompt", "text_area").value == "Be brief."
    assert field(app, "Budget in calls", "number_input").value == 7


def test_what_was_typed_in_the_judge_form_is_there_after_another_part(lead):
    known_judge(lead, OLD)
    app = opened(part="judge")
    field(app, "Model").set_value("other-model").run()
    field(app, "Name of the judge").set_value("my judge").run()
    app.segmented_control(key="judge-prompt").set_value("four-calls").run()
    part(app, "runs")
    part(app, "judge")
    assert (field(app, "Model").value, field(app, "Name of the judge").value) == ("other-model", "my judge")
    assert app.segmented_control(key="judge-prompt").value == "four-calls"


def test_neither_the_variable_of_a_key_nor_a_folder_of_this_machine_goes_to_the_address(lead):
    known_judge(lead, OLD)
    app = opened(part="judge")
    field(app, "Address").set_value(OLD).run()
    field(app, "Variable of its key").set_value("MY_KEY").run()
    app.segmented_control(key="judge-prompt").set_value("cross-official").run()
    field(app, "Folder of your CROSS checkout").set_value("/folder").run()
    part(app, "runs")
    part(app, "judge")
    assert field(app, "Variable of its key").value == "MY_KEY"
    # What goes to the address is put there as the form is drawn again.
    assert address(app)["judge-address"] == OLD
    assert not {"MY_KEY", "/folder"} & set(address(app).values())


def test_a_link_to_judge_a_models_responses_wins_over_what_was_chosen_before(lead):
    with transaction() as session:
        item = build_item(session)
        for model in ("one", "two"):
            build_response(session, item, model=model)
    app = opened(part="judge")
    field(app, "Responses of", "multiselect").set_value(["one"]).run()
    part(app, "runs")
    app.query_params.update({"part": "judge", "of": "two"})
    app.run()
    assert field(app, "Responses of", "multiselect").value == ["two"]


def test_after_the_start_the_address_names_the_run_and_nothing_of_the_form(lead, stub):
    with transaction() as session:
        build_item(session)
    add_endpoints(lead, stub=stub.url)
    app = opened(part="collect")
    field(app, "Model").set_value("answerer").run()
    app.segmented_control(key="collect-setting").set_value("text-only").run()
    button(app, "Start collecting").click().run()
    assert not app.exception
    assert list(address(app)) == ["run"]
    with reading() as session:
        job_id = session.get_one(ResponseRun, address(app)["run"]).job_id
    assert wait_until_ended(job_id).state == "done"


# -- moved --------------------------------------------------------------------------------------------------------


def test_a_judge_that_has_moved_is_started_at_its_new_address(lead, stub):
    known_judge(lead, OLD)
    with transaction() as session:
        build_response(session, build_item(session), model="answerer")
    add_endpoints(lead, here=stub.url)
    app = opened(part="judge")
    field(app, "Judge", "selectbox").set_value("judge-a").run()
    assert "Endpoint" not in [box.label for box in app.selectbox]
    field(app, "It has moved: the same model answers at a new address", "checkbox").check().run()
    assert field(app, "Endpoint", "selectbox").value == "here"
    assert app.code[-1].value.endswith(" --moved")
    button(app, "Start judging").click().run()
    assert not app.exception
    with reading() as session:
        run = session.get_one(JudgeRun, address(app)["run"])
        assert session.get_one(Judge, run.judge_id).base_url == stub.url
    assert (wait_until_ended(run.job_id).state, run.base_url) == ("done", stub.url)


def test_a_new_judge_does_not_get_the_name_of_one_at_another_address(lead):
    known_judge(lead, OLD)
    with transaction() as session:
        build_response(session, build_item(session), model="answerer")
    add_endpoints(lead, here=NEW)
    app = opened(part="judge")
    field(app, "Model").set_value("judge-model").run()
    assert not button(app, "Start judging").disabled
    field(app, "Name of the judge").set_value("judge-a").run()
    assert "can be another one" in app.warning[0].value
    assert button(app, "Start judging").disabled


def test_a_name_collected_elsewhere_needs_another_name_or_the_word_that_it_has_moved(lead, stub):
    with transaction() as session:
        build_item(session)
        start_response_run(
            session,
            settings=CollectSettings(OLD, "answerer"),
            chosen=ItemChoice("text-only"),
            bounds=CollectBounds(),
            author=lead,
        )
        session.connection().exec_driver_sql("UPDATE job SET state = 'failed'")
    add_endpoints(lead, here=stub.url)
    app = opened(part="collect")
    app.segmented_control(key="collect-setting").set_value("text-only").run()
    field(app, "Model").set_value("answerer").run()
    assert button(app, "Start collecting").disabled
    field(app, "Stored as").set_value("another name").run()
    assert not button(app, "Start collecting").disabled
    field(app, "Stored as").set_value("").run()
    app.checkbox[-1].check().run()
    assert app.code[-1].value.endswith(" --moved")
    button(app, "Start collecting").click().run()
    assert not app.exception
    with reading() as session:
        run = session.get_one(ResponseRun, address(app)["run"])
    assert (wait_until_ended(run.job_id).state, run.base_url) == ("done", stub.url)


# -- anchor sets --------------------------------------------------------------------------------------------------


def test_scoring_anew_first_says_what_it_uses_and_what_leaves_this_machine(lead, stub):
    known_judge(lead, stub.url)
    with transaction() as session:
        create_anchor_set(session, name="monthly", judge="judge-a", count=10, author=current_person(session))
    app = opened(part="anchors")
    button(app, "Score anew now").click().run()
    # After those of a set that would be drawn.
    assert [metric.value for metric in app.metric][3:5] == ["10", "unknown"]
    assert "on this machine: 10 queries" in texts(app).replace("\\", "")
    assert not button(app, "Start").disabled
    # The one of the judge so far.
    with reading() as session:
        assert len(session.exec(select(JudgeRun)).all()) == 1


def test_what_a_new_anchor_set_sends_every_month_is_told_before_it_is_drawn(lead):
    known_judge(lead, OLD)
    app = opened(part="anchors")
    assert [metric.value for metric in app.metric][:2] == ["12", "unknown"]
    assert "Every month, while the app is on, and without asking again:" in texts(app)
    assert "on this machine: 12 queries" in texts(app).replace("\\", "")
    field(app, "Responses", "number_input").set_value(10).run()
    assert app.metric[0].value == "10"
    with reading() as session:
        assert session.exec(select(AnchorSet)).all() == []


def test_the_drift_of_a_set_is_the_first_thing_its_link_shows(lead):
    judge = known_judge(lead, OLD)
    with transaction() as session:
        create_anchor_set(session, name="monthly", judge="judge-a", count=10, author=current_person(session))
        anchors, run = session.exec(select(AnchorSet)).one(), session.exec(select(JudgeRun)).one()
        run.anchor_set_id = anchors.id
        for row in session.exec(select(Judgement).where(Judgement.judge == judge.name)).all():
            session.add(Judgement(**(row.model_dump() | {"id": None, "judge_round": 1001, "score": 0})))
    app = opened(part="anchors")
    button(app, "See the drift").click().run()
    assert not app.exception
    assert [head.value for head in app.subheader] == [r"Drift of judge\-a \(judge\-model · one\-call\-1\)"]
    button(app, "Compare judges").click().run()
    assert "drift" not in address(app)


def test_the_budget_of_an_anchor_set_needs_a_price_and_is_kept(lead):
    known_judge(lead, OLD)
    app = opened(part="anchors")
    assert field(app, "Budget in dollars, each time", "number_input").disabled
    with transaction() as session:
        set_price(session, entry=PriceEntry("judge-model", 1, 2), author=lead)
    app = opened(part="anchors")
    field(app, "Name").set_value("monthly").run()
    field(app, "Responses", "number_input").set_value(10).run()
    field(app, "Budget in dollars, each time", "number_input").set_value(1.5).run()
    button(app, "Draw it").click().run()
    assert not app.exception
    assert r"at most \$1.50 each time" in texts(app)
    with reading() as session:
        assert session.exec(select(AnchorSet)).one().budget_usd == 1.5
    assert "Score anew now" in labels(app)


# -- budgets and addresses ----------------------------------------------------------------------------------------


def test_a_budget_that_is_too_small_is_told_beside_the_button(lead):
    with transaction() as session:
        for _ in range(3):
            build_item(session)
            build_response(session, build_item(session), model="answerer")
    add_endpoints(lead, here=OLD)
    for name in ("judge", "collect"):
        app = opened(part=name)
        field(app, "Model").set_value("m").run()
        if name == "collect":
            app.segmented_control(key="collect-setting").set_value("text-only").run()
        assert not app.warning
        missing = int(app.metric[0].value.split(" ")[0])
        field(app, "Budget in calls", "number_input").set_value(missing - 1).run()
        said = app.warning[0].value.replace("\\", "")
        assert said.startswith(f"The budget ends this run at about {missing - 1} of {missing} answers.")


def test_what_an_unfinished_run_has_used_counts_for_the_budget(lead):
    judge = known_judge(lead, OLD)
    with transaction() as session:
        for _ in range(3):
            build_response(session, build_item(session), model="answerer")
        session.exec(select(JudgeRun)).one().calls = 4
    app = opened(part="judge")
    field(app, "Judge", "selectbox").set_value(judge.name).run()
    field(app, "Budget in calls", "number_input").set_value(5).run()
    assert "An unfinished run of the same goes on; its 4 calls so far count." in texts(app)
    assert "at about 1 of 3 answers" in app.warning[0].value


def test_an_address_is_shown_so_that_it_can_be_copied(lead):
    judge = known_judge(lead, OLD)
    add_endpoints(lead, here=OLD)
    with reading() as session:
        run_id = session.exec(select(JudgeRun)).one().id
    form = opened(part="judge")
    field(form, "Judge", "selectbox").set_value(judge.name).run()
    for app in (form, opened(part="endpoints"), opened(run=run_id)):
        assert OLD in [block.value for block in app.code]
        assert "127" not in "".join(text.value for text in (*app.markdown, *app.caption))

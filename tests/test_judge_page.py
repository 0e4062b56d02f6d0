"""The page Responses and judges, as AppTest sees it, with a real endpoint where it asks one."""

import shlex
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import typer
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from core.chat.exchange import BUDGET_USED_UP
from core.cli import command
from core.config import settings
from core.db import reading, transaction
from core.endpoints import add_endpoint, endpoints
from core.errors import UserError
from core.jobs import ALIVE, job_now
from core.judging.calls import calls_of_run, opened_call
from core.judging.commands import collect_command_for, judge_command_for, judge_run_command
from core.judging.judge_run import Bounds, JudgeSettings, start_judge_run
from core.judging.prompts import current_words
from core.judging.selection import Selection
from core.models import AnchorSet, Job, Judge, JudgeCall, JudgeRun, ModelPrice, Person, Response, ResponseRun
from core.people import add_person, current_person, reveal_scores
from core.prices import PriceEntry, prices, set_price
from core.responses.collecting import CollectBounds, CollectSettings, ItemChoice
from pages.components.judging.prices_part import price_entries, prices_csv, save_prices
from pages.components.judging.replies_part import replies_csv
from tests.builders import build_item, build_judgements, build_response
from tests.fakes import StubEndpoint

TEXTS = ("markdown", "caption", "info", "error", "warning", "success", "subheader")
HOSTILE = ":red[x] <b>$y$</b> **z**"


@pytest.fixture
def stub() -> Iterator[StubEndpoint]:
    with StubEndpoint() as stub:
        yield stub


@pytest.fixture
def lead(workspace: Path) -> Person:
    """The person the app takes everybody for."""
    with transaction() as session:
        return current_person(session)


@pytest.fixture
def run(lead: Person) -> JudgeRun:
    """A run over two responses that is waiting for its process."""
    with transaction() as session:
        for _ in range(2):
            build_response(session, build_item(session), model="answerer")
        return start_judge_run(
            session,
            settings=JudgeSettings("judge-a", "http://127.0.0.1:9/v1", "judge-model", "one-call"),
            words=current_words("one-call"),
            chosen=Selection(),
            bounds=Bounds(),
            author=lead,
        )


@pytest.fixture
def call(run: JudgeRun) -> JudgeCall:
    """A reply of that run, with its four scores."""
    with transaction() as session:
        response = session.exec(select(Response).order_by(Response.id)).first()
        assert response is not None
        found = JudgeCall(
            run_id=run.id,
            response_id=response.id,
            asked="all",
            status="scored",
            raw_reply="secret-reply",
            prompt_tokens=1200,
            completion_tokens=80,
            latency_s=1.5,
            request_id="req-7",
        )
        session.add(found)
        session.flush()
        build_judgements(session, response, "1010", judge="judge-a-of-rows")
        session.connection().exec_driver_sql(f"UPDATE judgement SET call_id = {found.id}")
        return found


def opened(**address: str) -> AppTest:
    app = AppTest.from_file("../app.py", default_timeout=30).run()
    app.query_params.update(address)
    app.switch_page("pages/judge.py").run()
    assert not app.exception
    return app


def address(app: AppTest) -> dict[str, str]:
    return {name: held if isinstance(held, str) else held[0] for name, held in app.query_params.items()}


def texts(app: AppTest) -> str:
    shown = [element.value for kind in (*TEXTS, "code") for element in getattr(app, kind)]
    labels = [element.label for kind in ("button", "selectbox", "text_input", "metric") for element in app.get(kind)]
    return "\n".join([*shown, *labels, *(metric.value for metric in app.metric)])


def button(app: AppTest, label: str):
    return next(button for button in app.button if button.label == label)


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def field(app: AppTest, label: str, kind: str = "text_input"):
    return next(element for element in app.get(kind) if element.label == label)


def cells(app: AppTest) -> list[list[object]]:
    return [row for frame in app.dataframe for row in frame.value.astype(object).to_numpy().tolist()]


def wait_until_ended(job_id: int) -> Job:
    ends = time.monotonic() + 40
    while time.monotonic() < ends:
        with transaction() as look:
            job = job_now(look, job_id)
        if job.state not in ALIVE:
            return job
        time.sleep(0.2)
    raise AssertionError("the job did not end")


# -- runs ---------------------------------------------------------------------------------------------------------


def test_an_expert_is_sent_away(workspace, monkeypatch):
    with transaction() as session:
        add_person(session, name="Amina", role="expert")
    monkeypatch.setenv("CROSS_REVIEW_PERSON", "Amina")
    settings.cache_clear()
    # The menu leads an expert nowhere near; its address can still be typed.
    app = AppTest.from_file("../pages/judge.py", default_timeout=30).run()
    assert "for the leads" in app.info[0].value
    assert labels(app) == []


def test_without_a_key_three_lines_say_how_to_set_one(lead, monkeypatch):
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    with transaction() as session:
        add_endpoint(session, name="far", base_url="https://far.example/v1", api_key_env="NO_SUCH_KEY", author=lead)
    lines = opened().info[0].value.split("\n")
    assert "vLLM, Ollama) needs none" in lines[0]
    assert [line[:2] for line in lines[1:]] == ["1.", "2.", "3."]
    assert "export OPENAI_API_KEY=..." in lines[1]
    assert ".streamlit/secrets.toml" in lines[1]
    assert "Start the app again" in lines[2]
    monkeypatch.setenv("NO_SUCH_KEY", "something")
    assert not opened().info


def test_the_empty_screen_says_what_comes_first(lead):
    app = opened()
    assert "Nothing has been asked yet" in texts(app)
    button(app, "Enter an endpoint").click().run()
    assert address(app) == {"part": "endpoints"}
    assert "Endpoints" in [head.value for head in app.subheader]


def test_the_part_stands_in_the_address(run):
    app = opened(part="collect", run=run.id)
    app.segmented_control(key="judging-part").set_value("endpoints").run()
    assert address(app) == {"part": "endpoints"}
    assert opened(part="nowhere").segmented_control(key="judging-part").value == "runs"


def test_a_run_that_is_nowhere_is_a_message(lead):
    app = opened(run="**judge-x**")
    assert "There is no run" in app.error[0].value
    assert "**judge-x**" not in app.error[0].value


def test_the_list_says_what_a_run_asks_how_far_it_is_and_what_it_cost(run):
    with transaction() as session:
        stored = session.get_one(JudgeRun, run.id)
        stored.cost_usd, stored.budget_usd = 0.25, 2.0
        job = session.get_one(Job, run.job_id)
        job.state, job.progress_done, job.progress_total = "stopped", 1, 2
    shown = texts(opened())
    assert r"Judge **judge\-a**" in shown
    assert r"judge\-model · one\-call\-1 · 1 of 2 · \$0.25 of \$2.00" in shown
    assert "paused" in shown


def test_an_unknown_price_is_no_zero(run):
    with transaction() as session:
        session.get_one(JudgeRun, run.id).cost_usd = None
    assert "cost unknown" in texts(opened())
    app = opened(run=run.id)
    assert app.metric[0].value == "cost unknown"
    assert "The price of this model is not known" in texts(app)


def test_a_price_that_was_entered_later_is_not_asked_for_again(run, lead):
    with transaction() as session:
        session.get_one(JudgeRun, run.id).cost_usd = None
        set_price(session, entry=PriceEntry("judge-model", 1, 2), author=lead)
    shown = texts(opened(run=run.id))
    assert "was not known when it started" in shown
    assert "enter it under" not in shown


def test_a_waiting_run_is_paused_and_offered_to_go_on(run):
    app = opened(run=run.id)
    button(app, "Pause").click().run()
    with transaction() as session:
        assert job_now(session, run.job_id).state == "stopped"
    assert {"Resume", "Change the budget", "Give up"} <= set(labels(app))


def test_the_budget_is_changed_while_nothing_is_under_way(run):
    assert "Change the budget" not in labels(opened(run=run.id))
    end(run, "stopped")
    app = opened(run=run.id)
    button(app, "Change the budget").click().run()
    assert field(app, "Dollars, at most", "number_input").disabled
    field(app, "Calls, at most", "number_input").set_value(7)
    button(app, "Save").click().run()
    assert not app.exception
    with reading() as session:
        assert session.get_one(JudgeRun, run.id).budget_calls == 7


def test_a_run_is_given_up_after_a_question(run):
    end(run, "stopped")
    app = opened(run=run.id)
    button(app, "Give up").click().run()
    with reading() as session:
        assert session.get_one(JudgeRun, run.id).closed_at is None
    button(app, "Give it up").click().run()
    with reading() as session:
        assert session.get_one(JudgeRun, run.id).closed_at is not None
    app = opened(run=run.id)
    assert "given up" in texts(app)
    assert "Resume" not in labels(app)


def end(run: JudgeRun, state: str, reason: str | None = None) -> None:
    with transaction() as session:
        job = session.get_one(Job, run.job_id)
        job.state, job.reason = state, reason


def test_a_run_that_failed_says_why_and_how_often_calls_failed(run):
    end(run, "failed", "The endpoint refuses the key.")
    with transaction() as session:
        session.get_one(JudgeRun, run.id).failures = {"rate limit": 12, "wrong key": 1}
    app = opened(run=run.id)
    assert "refuses the key" in app.error[0].value
    assert "rate limit 12" in texts(app)
    assert "wrong key 1" in texts(app)


def test_a_wrong_key_is_told_by_its_variable_and_the_endpoints_own_words(run):
    with transaction() as session:
        session.get_one(JudgeRun, run.id).api_key_env = "MY_KEY"
    end(run, "failed", "wrong key: 401: Error code: 401 - Incorrect key **given**")
    said = opened(run=run.id).error[0].value
    assert r"The endpoint does not take the key in MY\_KEY." in said
    assert r"own words: Incorrect key \*\*given\*\*" in said
    assert "401" not in said


def test_the_list_says_in_a_few_words_why_a_run_failed(run):
    with transaction() as session:
        session.get_one(JudgeRun, run.id).api_key_env = "MY_KEY"
    end(run, "failed", "wrong key: 401: Error code: 401 - Incorrect key **given**")
    assert r":small[:red[The endpoint does not take the key in MY\_KEY.]]" in texts(opened())
    end(run, "failed", f"Something {HOSTILE} of our own.")
    shown = texts(opened())
    assert "of our own" in shown
    assert "<b>" not in shown
    end(run, "failed", BUDGET_USED_UP)
    assert ":red[" not in texts(opened())


def test_a_used_up_budget_is_no_failure_and_asks_for_a_new_budget_first(run):
    end(run, "failed", BUDGET_USED_UP)
    with transaction() as session:
        stored = session.get_one(JudgeRun, run.id)
        stored.calls = stored.budget_calls = 5
    app = opened(run=run.id)
    assert not app.error
    assert "The budget is used up" in app.warning[0].value
    assert "yellow-badge[:material/savings: budget used up]" in texts(app)
    kinds = {button.label: button.proto.type for button in app.button}
    assert (kinds["Change the budget"], kinds["Resume"]) == ("primary", "secondary")
    assert "budget used up" in texts(opened())


def test_a_budget_that_was_raised_lets_the_run_go_on(run):
    end(run, "failed", BUDGET_USED_UP)
    with transaction() as session:
        stored = session.get_one(JudgeRun, run.id)
        stored.calls, stored.budget_calls = 5, 9
    kinds = {button.label: button.proto.type for button in opened(run=run.id).button}
    assert (kinds["Change the budget"], kinds["Resume"]) == ("secondary", "primary")


def test_scores_that_could_not_be_read_are_counted_and_lead_to_the_list(run, call):
    end(run, "done")
    with transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE judgement SET judge = 'judge-a', prompt_version = 'one-call-1' WHERE call_id IS NOT NULL"
        )
        session.connection().exec_driver_sql(
            "UPDATE judgement SET score = NULL, status = 'unreadable' WHERE dimension <> 'awareness'"
        )
    app = opened(run=run.id)
    assert [metric.value for metric in app.metric if metric.label == "Scores"] == ["1 of 4"]
    button(app, "3 scores could not be read: read them").click().run()
    assert address(app) == {"part": "replies", "status": "unreadable", "judge": "judge-a"}


def test_a_run_of_an_anchor_set_names_it_in_the_list_and_on_its_own_screen(run, lead):
    with transaction() as session:
        anchors = AnchorSet(
            name="monthly", judge_id=run.judge_id, response_ids=[1], next_due_at=run.created_at, created_by=lead.id
        )
        session.add(anchors)
        session.flush()
        session.get_one(JudgeRun, run.id).anchor_set_id = anchors.id
    assert "anchor set monthly" in texts(opened())
    assert "anchor set monthly" in opened(run=run.id).caption[1].value


def test_a_key_that_one_of_two_endpoints_lacks_is_told_folded_away(lead, monkeypatch):
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    with transaction() as session:
        add_endpoint(session, name="far", base_url="https://far.example/v1", api_key_env="NO_SUCH_KEY", author=lead)
        add_endpoint(session, name="near", base_url="http://127.0.0.1:9/v1", api_key_env=None, author=lead)
    app = opened(part="endpoints")
    assert not app.info
    assert r"Not set yet: NO\_SUCH\_KEY. How to set a key" in [fold.label for fold in app.expander]


def test_the_lines_about_keys_wait_to_be_opened_where_there_are_runs(run, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    app = opened()
    assert not app.info
    assert "No endpoint is entered yet. How to set a key" in [fold.label for fold in app.expander]


# -- replies ------------------------------------------------------------------------------------------------------


def test_scores_and_replies_are_closed_until_they_are_opened(run, call):
    end(run, "stopped")
    app = opened(run=run.id)
    # Item, dimension, round, attempt, status, score.
    assert cells(app)[0][1:] == ["all four", 1, 1, "scored", "closed"]
    assert "secret-reply" not in str(app)
    button(app, "Open the replies of this page (labels you give afterwards count as unblinded)").click().run()
    assert not app.exception
    # Awareness 1, education 0, compliance 1, helpfulness 0.
    assert cells(app)[0][-1] == "1 0 1 0"
    assert not any(label.startswith("Open the replies") for label in labels(app))


def test_a_closed_reply_is_not_had_by_its_address(run, call):
    end(run, "stopped")
    app = opened(run=run.id, call=str(call.id))
    assert "closed" in app.error[0].value
    assert "secret-reply" not in str(app)


def test_an_open_reply_is_read_in_full(run, call, lead):
    end(run, "stopped")
    with transaction() as session:
        reveal_scores(session, person=lead, response_ids=[call.response_id])
    app = opened(run=run.id, call=str(call.id))
    assert "Awareness **1** · Education **0**" in texts(app)
    for fact in ("1,200 tokens in, 80 out", "cost unknown", r"1\.5 s", r"request req\-7"):
        assert fact.replace("1\\.5", "1.5") in texts(app).replace("\\.", ".").replace("\\,", ",")


def test_a_reply_that_was_cut_off_says_so_and_one_that_ended_says_nothing(run, call, lead):
    end(run, "stopped")
    with transaction() as session:
        reveal_scores(session, person=lead, response_ids=[call.response_id])
        session.get_one(JudgeCall, call.id).finish_reason = "stop"
    assert "stop" not in texts(opened(run=run.id, call=str(call.id))).split("request")[0].split("tokens in")[1]
    with transaction() as session:
        session.get_one(JudgeCall, call.id).finish_reason = "length"
    assert "cut off" in texts(opened(run=run.id, call=str(call.id)))


def test_the_csv_of_replies_keeps_closed_scores_closed(run, call, lead):
    with reading() as session:
        closed = replies_csv(calls_of_run(session, run_id=run.id, person=lead))
    assert closed.splitlines()[1].endswith("all four,1,1,scored,closed")


def test_the_status_that_is_looked_at_stands_in_the_address(run, call):
    app = opened(run=run.id, status="unreadable")
    assert "No reply has this status." in texts(app)
    assert cells(app) == []
    assert "Scored · 1" in opened(run=run.id, status="nonsense").pills[0].options


def test_a_page_of_calls_is_in_order_and_names_no_score_of_a_closed_response(lead, session):
    run, responses = stored_run(session), [build_response(session, build_item(session)) for _ in range(2)]
    for response in reversed(responses):
        session.add(JudgeCall(run_id=run.id, response_id=response.id, asked="all", status="failed", error="timeout: x"))
    session.add(JudgeCall(run_id=run.id, response_id=responses[0].id, asked="all", status="scored", raw_reply="{}"))
    session.flush()
    rows = calls_of_run(session, run_id=run.id, person=lead)
    assert [(row.response_id, row.status) for row in rows] == [
        (responses[0].id, "failed"),
        (responses[0].id, "scored"),
        (responses[1].id, "failed"),
    ]
    # A failed call tells nothing of its response.
    assert [row.is_open for row in rows] == [True, False, True]
    assert opened_call(session, run_id=run.id, call_id=rows[0].call_id, person=lead).call.error == "timeout: x"
    with pytest.raises(UserError, match="closed"):
        opened_call(session, run_id=run.id, call_id=rows[1].call_id, person=lead)
    with pytest.raises(UserError, match="no reply"):
        opened_call(session, run_id="judge-20261121-00000000", call_id=rows[0].call_id, person=lead)


def stored_run(session: Session) -> JudgeRun:
    job = Job(kind="judge", title="Judge", state="stopped")
    judge = Judge(name="judge-b", model="m", prompt_version="one-call-1", prompt="one-call")
    session.add_all([job, judge])
    session.flush()
    run = JudgeRun(
        id="judge-20261121-12345678",
        job_id=job.id,
        judge_id=judge.id,
        prompt_version="one-call-1",
        base_url="http://127.0.0.1:9/v1",
        selection={},
        secret="s",
    )
    session.add(run)
    session.flush()
    return run


# -- the form of a judge --------------------------------------------------------------------------------------------


def test_without_responses_the_form_leads_to_collecting(lead):
    app = opened(part="judge")
    assert "no response to judge yet" in app.info[0].value
    assert "Start judging" not in labels(app)


def test_a_judge_is_started_watched_and_done(lead, stub):
    with transaction() as session:
        item = build_item(session)
        build_response(session, item, model="answerer")
        build_response(session, item, model="other")
        add_endpoint(session, name="stub", base_url=stub.url, api_key_env=None, author=lead)
    app = opened(part="judge")
    assert "Name a model" in app.info[0].value
    field(app, "Model").set_value("judge-model").run()
    assert field(app, "Name of the judge").placeholder == "judge-model one-call"
    assert app.metric[0].value == "2 of 2"
    # Nobody has entered a price.
    assert app.metric[1].value == "unknown"
    assert field(app, "Budget in dollars", "number_input").disabled
    field(app, "Responses of", "multiselect").set_value(["answerer"]).run()
    assert app.metric[0].value == "1 of 1"
    assert app.code[0].value == (
        f"cross-review judge --judge 'judge-model one-call' --base-url {stub.url} --model judge-model "
        "--prompt one-call --response-model answerer --rounds 1 --concurrency 8"
    )
    button(app, "Start judging").click().run()
    assert not app.exception
    run_id = address(app)["run"]
    with reading() as session:
        run = session.get_one(JudgeRun, run_id)
    assert (wait_until_ended(run.job_id).state, len(stub.calls)) == ("done", 1)
    app = opened(run=run_id)
    assert "**1 of 1**" in texts(app)
    assert cells(app)[0][-2:] == ["scored", "closed"]


def test_a_judge_that_has_scored_everything_is_not_started_again(run):
    end(run, "done")
    with transaction() as session:
        for response in session.exec(select(Response)).all():
            build_judgements(session, response, judge="judge-a-rows")
        session.connection().exec_driver_sql("UPDATE judgement SET judge = 'judge-a'")
    app = opened(part="judge")
    field(app, "Judge", "selectbox").set_value("judge-a").run()
    assert app.metric[0].value == "0 of 2"
    assert button(app, "Start judging").disabled


def test_a_key_that_is_not_set_is_told_and_nothing_starts(run, lead, monkeypatch):
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    with transaction() as session:
        add_endpoint(session, name="far", base_url="https://far.example/v1", api_key_env="NO_SUCH_KEY", author=lead)
    app = opened(part="judge")
    field(app, "Model").set_value("judge-model").run()
    assert "far.example" in texts(app).replace("\\", "")
    button(app, "Start judging").click().run()
    assert "NO_SUCH_KEY is not set" in app.error[0].value.replace("\\", "")
    with reading() as session:
        assert len(session.exec(select(JudgeRun)).all()) == 1


def test_the_official_prompts_are_asked_for_by_their_folder(run, lead, tmp_path):
    with transaction() as session:
        add_endpoint(session, name="near", base_url="http://127.0.0.1:9/v1", api_key_env=None, author=lead)
    app = opened(part="judge")
    field(app, "Model").set_value("judge-model").run()
    app.segmented_control[1].set_value("cross-official").run()
    assert "Name the folder of your CROSS checkout" in app.info[0].value
    field(app, "Folder of your CROSS checkout").set_value(str(tmp_path)).run()
    assert "there is no such file" in app.error[0].value


def test_names_from_people_and_models_stay_text(lead, stub):
    with transaction() as session:
        build_response(session, build_item(session, country=HOSTILE), model=HOSTILE)
        add_endpoint(session, name=HOSTILE, base_url=stub.url, api_key_env=None, author=lead)
        set_price(session, entry=PriceEntry(HOSTILE, 1, 1), author=lead)
        run = start_judge_run(
            session,
            settings=JudgeSettings(HOSTILE, stub.url, HOSTILE, "one-call"),
            words=current_words("one-call"),
            chosen=Selection(models=(HOSTILE,)),
            bounds=Bounds(),
            author=lead,
        )
    judge = opened(part="judge")
    field(judge, "Model").set_value(HOSTILE).run()
    for app in (opened(), opened(part="endpoints"), opened(run=run.id), judge):
        assert not app.exception
        shown = [
            element.value for kind in ("markdown", "caption", "info", "subheader") for element in getattr(app, kind)
        ]
        assert not any(":red[x]" in text or "<b>" in text for text in shown)


# -- collecting -----------------------------------------------------------------------------------------------------


def test_responses_are_collected_and_then_offered_to_a_judge(lead, stub):
    with transaction() as session:
        build_item(session)
        add_endpoint(session, name="stub", base_url=stub.url, api_key_env=None, author=lead)
    app = opened(part="collect")
    field(app, "Model").set_value("answerer").run()
    # The item has no picture.
    assert app.metric[0].value == "0 of 0"
    assert "without a picture" in texts(app)
    assert button(app, "Start collecting").disabled
    app.segmented_control[1].set_value("text-only").run()
    assert app.metric[0].value == "1 of 1"
    button(app, "Start collecting").click().run()
    assert not app.exception
    run_id = address(app)["run"]
    with reading() as session:
        job_id = session.get_one(ResponseRun, run_id).job_id
    assert wait_until_ended(job_id).state == "done"
    app = opened(run=run_id)
    assert any(block.value.startswith("cross-review respond") for block in app.code)
    button(app, "Judge these responses").click().run()
    assert field(app, "Responses of", "multiselect").value == ["answerer"]


def test_without_items_there_is_nothing_to_collect(lead):
    app = opened(part="collect")
    assert "Import the benchmark first" in app.info[0].value


# -- endpoints and prices -------------------------------------------------------------------------------------------


def test_an_endpoint_is_entered_tested_changed_and_removed(lead, stub):
    app = opened(part="endpoints")
    field(app, "Name").set_value("stub")
    field(app, "Address").set_value(stub.url)
    button(app, "Save the endpoint").click().run()
    assert "needs no key" in texts(app)
    assert "this machine" in texts(app)
    field(app, "Model").set_value("some-model")
    button(app, "Test call").click().run()
    assert r"**some\-model\-snapshot** answered" in app.success[0].value
    assert len(stub.calls) == 1
    button(app, "Change").click().run()
    assert field(app, "Address").value == stub.url
    field(app, "Variable that holds its key").set_value("STUB_KEY")
    button(app, "Save the endpoint").click().run()
    assert "key not set" in texts(app)
    button(app, "Remove it").click().run()
    with reading() as session:
        assert endpoints(session) == []


def test_a_test_call_that_fails_says_why_and_never_shows_the_key(lead, monkeypatch):
    monkeypatch.setenv("STUB_KEY", "sk-CANARY-123456")
    with StubEndpoint(require_key="another") as stub:
        with transaction() as session:
            add_endpoint(session, name="stub", base_url=stub.url, api_key_env="STUB_KEY", author=lead)
        app = opened(part="endpoints")
        assert "key set" in texts(app)
        button(app, "Test call").click().run()
        assert "Name a model" in app.warning[0].value
        field(app, "Model").set_value("some-model")
        button(app, "Test call").click().run()
    assert "wrong key" in app.error[0].value
    assert "CANARY" not in str(app)


def test_a_key_typed_in_the_place_of_its_variable_is_refused_and_kept_nowhere(lead):
    app = opened(part="endpoints")
    field(app, "Name").set_value("far")
    field(app, "Address").set_value("https://far.example/v1")
    field(app, "Variable that holds its key").set_value("sk-CANARY-123456")
    button(app, "Save the endpoint").click().run()
    assert "never typed in here" in app.error[0].value
    assert "CANARY" not in app.error[0].value
    with reading() as session:
        assert endpoints(session) == []


def test_saving_the_table_changes_adds_and_removes_prices(lead, session):
    for model in ("kept", "changed", "gone"):
        set_price(session, entry=PriceEntry(model, 1, 2), author=lead)
    session.flush()
    stored = list(prices(session))
    entries = [PriceEntry("kept", 1, 2), PriceEntry("changed", 3, 2), PriceEntry("new", 5, 6)]
    save_prices(session, stored=stored, entries=entries, author=lead)
    session.flush()
    assert [(row.model, row.input_usd) for row in prices(session)] == [("changed", 3), ("kept", 1), ("new", 5)]


def test_a_model_that_stands_in_the_table_twice_is_refused(lead, session):
    with pytest.raises(UserError, match="twice"):
        save_prices(session, stored=[], entries=[PriceEntry("m", 1, 2), PriceEntry("m", 3, 4)], author=lead)
    assert session.exec(select(ModelPrice)).all() == []


def test_a_price_that_is_half_filled_in_is_refused_and_an_empty_row_is_not_one():
    half = {"model": "m", "input_usd": 1.0, "output_usd": None, "image_tokens": 900, "batch_share": 1.0, "source": ""}
    empty = half | {"model": None, "input_usd": None}
    with pytest.raises(UserError, match="Row 2 .* lacks Dollars per million out"):
        price_entries(pd.DataFrame([empty, half]))
    assert price_entries(pd.DataFrame([empty])) == []


def test_a_name_that_is_taken_changes_no_endpoint(lead):
    with transaction() as session:
        add_endpoint(session, name="far", base_url="https://far.example/v1", api_key_env=None, author=lead)
    app = opened(part="endpoints")
    field(app, "Name").set_value("far")
    field(app, "Address").set_value("https://other.example/v1")
    button(app, "Save the endpoint").click().run()
    assert "far is entered already" in app.error[0].value
    with reading() as session:
        assert [state.endpoint.base_url for state in endpoints(session)] == ["https://far.example/v1"]


def test_an_address_of_no_run_leads_back_to_the_list(lead):
    app = opened(run="judge-nowhere")
    assert "There is no run" in app.error[0].value
    button(app, "All runs").click().run()
    assert address(app) == {}


def test_the_prices_are_shown_as_they_are_stored(lead):
    with transaction() as session:
        set_price(session, entry=PriceEntry("some-model", 0.5, 1.5, 900, 0.5, "their page"), author=lead)
    assert cells(opened(part="endpoints")) == [["some-model", 0.5, 1.5, 900, 0.5, "their page"]]


def test_the_csv_of_prices_is_for_spreadsheets_too(lead, session):
    set_price(session, entry=PriceEntry("=cmd()", 0.5, 1.5, 900, 0.5, "their page"), author=lead)
    session.flush()
    assert prices_csv(prices(session)).splitlines()[1] == "'=cmd(),0.5,1.5,900,0.5,their page"


# -- commands -------------------------------------------------------------------------------------------------------


def parsed(line: str) -> dict[str, object]:
    """Return what the command line takes a line for."""
    words = shlex.split(line)
    group = typer.main.get_command(command)
    named = group.commands[words[1]]  # type: ignore[attr-defined]
    return named.make_context(words[1], words[2:]).params


def test_the_command_of_a_judge_says_what_the_form_says():
    given = parsed(
        judge_command_for(
            JudgeSettings("--my judge", "https://far.example/v1", "m", "four-calls", "KEY", reasoning_effort="low"),
            Selection(models=("a", "b"), countries=("New Zealand",), settings=("english",), limit=5),
            Bounds(rounds=2, concurrency=16, budget_usd=1.5, budget_calls=90, mode="batch", ask_unreadable_again=True),
        )
    )
    assert given["judge"] == "--my judge"
    assert (given["base_url"], given["model"], given["api_key_env"]) == ("https://far.example/v1", "m", "KEY")
    assert (given["prompt"], given["reasoning_effort"], given["temperature"]) == ("four-calls", "low", None)
    assert (list(given["response_model"]), list(given["country"])) == (["a", "b"], ["New Zealand"])
    assert (given["rounds"], given["concurrency"], given["limit"]) == (2, 16, 5)
    assert (given["budget_usd"], given["budget_calls"]) == (1.5, 90)
    assert (given["batch"], given["ask_unreadable_again"]) == (True, True)


def test_the_command_that_collects_says_what_the_form_says():
    given = parsed(
        collect_command_for(
            CollectSettings("http://127.0.0.1:9/v1", "m", "m low", None, "Be brief.", 0.2, 0.9, 300, 7, "low", 512),
            ItemChoice("text-only", ("1", "translation"), ("Iran",), ("casa",), ("held_out",), 3),
            CollectBounds(2, 4, None, 10),
        )
    )
    assert (given["name"], given["system_prompt"], given["setting"]) == ("m low", "Be brief.", "text-only")
    assert (given["temperature"], given["top_p"], given["max_tokens"], given["seed"]) == (0.2, 0.9, 300, 7)
    assert (given["reasoning_effort"], given["max_side"], given["limit"]) == ("low", 512, 3)
    assert list(given["wording"]) == ["1", "translation"]
    assert (given["rounds"], given["concurrency"], given["budget_calls"]) == (2, 4, 10)


def test_responses_chosen_one_by_one_have_no_command(session):
    judge = Judge(name="j", model="m", prompt_version="one-call-1", prompt="one-call", base_url="http://127.0.0.1:9/v1")
    run = JudgeRun(
        id="judge-20261121-12345678",
        job_id=1,
        base_url="http://127.0.0.1:9/v1",
        judge_id=1,
        prompt_version="one-call-1",
        selection={},
    )
    assert judge_run_command(run, judge) is not None
    run.selection = {"response_ids": [1, 2]}
    assert judge_run_command(run, judge) is None

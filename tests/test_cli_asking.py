"""The commands that ask models, as they are used from outside: JSON, exit statuses, going on."""

import json
from pathlib import Path

from sqlmodel import select

from core.chat.exchange import NO_BATCH_API
from core.db import reading, transaction
from core.judges import judge_named
from core.judging.commands import judge_run_command
from core.judging.judge_run import judge_run_overview
from core.models import AnchorSet, utc_now
from tests.builders import build_item, build_judgements, build_response
from tests.fakes import StubEndpoint
from tests.job_watch import wait_until
from tests.test_cli import answer, lines, run
from tests.test_collecting import item_with_picture

JUDGE_FIELDS = {"ok", "elapsed_s", "judge", "responses", "calls", "scored", "unscored", "retries", "cost_usd"}


def responses(count: int) -> None:
    with transaction() as session:
        for _ in range(count):
            build_response(session, build_item(session))


def test_judge_answers_with_the_contract_s_fields_and_a_second_one_has_nothing_to_do(workspace, tmp_path):
    responses(5)
    with StubEndpoint() as stub:
        words = ("judge", "--judge", "j", "--base-url", stub.url, "--model", "m", "--prompt", "one-call")
        said = answer(*words, "--rounds", 2, "--concurrency", 4)
        again = answer("judge", "--judge", "j", "--rounds", 2)
    assert said.keys() >= JUDGE_FIELDS
    assert (said["judge"], said["responses"], said["calls"], said["scored"]) == ("j", 5, 10, 40)
    assert (said["unscored"], said["retries"], said["cost_usd"]) == (0, 0, None)
    assert (again["calls"], len(stub.served)) == (0, 10)
    answer("export", "judgements", tmp_path / "out.jsonl")
    rows = lines(tmp_path / "out.jsonl")
    assert len(rows) == 40
    assert rows[0].keys() == {
        *("item_id", "response_id", "response_model", "response_round", "setting", "dimension", "judge"),
        *("judge_model", "judge_round", "prompt_version", "score", "raw_score", "status", "rationale", "raw_reply"),
        *("cost_usd", "created_at"),
    }
    assert rows[0]["raw_reply"] in {served.content for served in stub.served}


def test_respond_collects_and_its_responses_can_be_exported(workspace, tmp_path):
    for _ in range(3):
        item_with_picture()
    with StubEndpoint() as stub:
        said = answer("respond", "--base-url", stub.url, "--model", "m", "--name", "m warm", "--temperature", 1)
    assert (said["ok"], said["responses"], said["calls"], said["retries"], said["cost_usd"]) == (True, 3, 3, 0, None)
    answer("export", "responses", tmp_path / "out.jsonl")
    assert {(row["response_model"], row["status"]) for row in lines(tmp_path / "out.jsonl")} == {("m warm", "ok")}


def test_a_budget_needs_a_price_and_the_price_command_enters_one(workspace):
    responses(2)
    with StubEndpoint() as stub:
        words = ("judge", "--judge", "j", "--base-url", stub.url, "--model", "m", "--budget-usd", 1)
        refused = run(*words)
        assert refused.returncode == 1
        assert "price of m is not known" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
        assert answer("price", "m", "--input-usd", 1, "--output-usd", 2)["prices"][0]["model"] == "m"
        said = answer(*words)
    assert 0 < said["cost_usd"] < 1


def test_a_run_whose_budget_is_used_up_says_what_it_has_brought(workspace):
    responses(3)
    with StubEndpoint() as stub:
        words = ("judge", "--judge", "j", "--base-url", stub.url, "--model", "m", "--prompt", "one-call")
        said = answer(*words, "--budget-calls", 2, "--concurrency", 1, status=1)
    assert "budget" in said["error"]
    assert (said["ok"], said["responses"], said["scored"], said["calls"]) == (False, 2, 8, 2)


def test_what_a_run_uses_and_sends_is_said_before_it_starts(workspace):
    responses(2)
    with StubEndpoint() as stub:
        words = ("judge", "--judge", "j", "--base-url", stub.url, "--model", "m", "--prompt", "one-call")
        said = run(*words).stdout
        again = answer(*words)
    sends, estimate, done = said.splitlines()
    assert "on this machine: 2 queries with country, norm and background and 2 responses" in sends
    assert estimate.startswith("2 calls are missing: cost unknown (no price), about ")
    assert done.startswith("j: 8 scored, 0 not, 2 responses.")
    assert again["outlook"]["calls"] == 0
    assert "on this machine: nothing." in again["outlook"]["sends"]


def test_a_budget_that_is_too_small_is_told_before_the_start(workspace):
    responses(4)
    with StubEndpoint() as stub:
        words = ("judge", "--judge", "j", "--base-url", stub.url, "--model", "m", "--prompt", "one-call")
        done = run(*words, "--budget-calls", 3)
        assert "The budget ends this run at about 3 of 4 answers." in done.stdout
        assert "Raise it and go on" in done.stderr
        refused = run(*words, "--budget-calls", 2)
        again = answer(*words, "--budget-calls", 9)
    assert "has made 3 calls so far, and that counts: a budget of 2 calls is below it" in refused.stderr
    assert again["outlook"]["answers_in_budget"] is None
    # The totals are the run's; beside them stands what this command made.
    assert (again["calls"], again["this_command"]) == (4, {"calls": 1, "retries": 0, "cost_usd": None})
    assert (again["lost_calls"], again["reserved_usd"]) == (0, 0)


def test_respond_says_which_questions_have_no_picture_here(workspace):
    item_with_picture()
    with transaction() as session:
        build_item(session, image_status="missing")
    with StubEndpoint() as stub:
        words = ("respond", "--base-url", stub.url, "--model", "m")
        said = answer(*words)
        told = run(*words).stdout
    assert (said["model"], said["without_picture"], said["responses"]) == ("m", 1, 1)
    assert "0 responses of m: nothing was missing." in told
    assert "1 questions without a picture here were left out." in told


def test_a_wrong_key_is_one_line_and_status_one(workspace, monkeypatch):
    responses(2)
    monkeypatch.setenv("MY_KEY", "sk-CANARY-0123456789")
    with StubEndpoint(require_key="another") as stub:
        done = run("judge", "--judge", "j", "--base-url", stub.url, "--model", "m", "--api-key-env", "MY_KEY")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("The endpoint does not take the key in MY_KEY. Set MY_KEY right")
    assert "401" not in done.stderr
    assert "CANARY" not in done.stderr + done.stdout


def test_seed_and_picture_bound_are_part_of_what_a_judge_is(workspace):
    responses(1)
    with StubEndpoint() as stub:
        words = ("judge", "--judge", "j", "--base-url", stub.url, "--model", "m", "--prompt", "one-call")
        assert "64 to 2048 pixels" in run(*words, "--max-side", 10).stderr
        said = answer(*words, "--seed", 7, "--max-side", 512)
        assert "never mixed" in run("judge", "--judge", "j", "--seed", 8).stderr
        assert answer("judge", "--judge", "j")["calls"] == 0
    with reading() as session:
        overview = judge_run_overview(session, run_id=said["run_id"])
    assert [call["seed"] for call in stub.calls] == [7]
    assert overview.judge.parameters == {"temperature": 0.0, "seed": 7, "max_side": 512}
    assert "--seed 7 --max-side 512" in (judge_run_command(overview.run, overview.judge) or "")


def test_wrong_usage_is_status_two(workspace):
    assert run("judge").returncode == 2
    assert run("judge", "--judge", "j", "--prompt", "five-calls").returncode == 2
    assert run("respond", "--model", "m", "--base-url", "http://127.0.0.1:1/v1", "--setting", "french").returncode == 2


def test_a_new_judge_without_an_endpoint_is_a_problem(workspace):
    responses(1)
    done = run("judge", "--judge", "unknown")
    assert done.returncode == 1
    assert "needs --base-url and --model" in done.stderr


def test_an_imported_judge_is_said_to_be_one(workspace):
    with transaction() as session:
        build_judgements(session, build_response(session, build_item(session)), judge="released")
        judge_named(session, "released").origin = "imported"
    done = run("judge", "--judge", "released")
    assert done.returncode == 1
    assert "The judge released was imported and cannot be asked. A new judge needs another name." in done.stderr


def test_the_official_prompts_are_read_once_and_never_run(workspace, tmp_path: Path):
    responses(1)
    code = tmp_path / "code"
    code.mkdir()
    asks = dict.fromkeys(("Awareness", "Education", "Violation", "Helpfulness"), "End with 0 or 1.")
    marker = tmp_path / "ran"
    (code / "evaluation.py").write_text(
        f"open({str(marker)!r}, 'w')\nSYSTEM_PROMPT = 'You judge.'\nDIMENSION_PROMPTS = {json.dumps(asks)}\n",
        encoding="utf-8",
    )
    with StubEndpoint() as stub:
        words = ("judge", "--judge", "o", "--base-url", stub.url, "--model", "m", "--prompt", "cross-official")
        assert "--checkout" in run(*words).stderr
        said = answer(*words, "--checkout", tmp_path)
        assert answer("judge", "--judge", "o", "--rounds", 2)["scored"] == 4
    assert said["scored"] == 4
    assert not marker.exists()


def test_anchor_sets_are_drawn_and_listed(workspace):
    responses(12)
    with StubEndpoint() as stub:
        answer("judge", "--judge", "j", "--base-url", stub.url, "--model", "m", "--prompt", "one-call")
        drawn = run("anchors", "--create", "monthly", "--judge", "j", "--count", 10)
        said = answer("anchors")
        assert answer("anchors", "--due")["started"] == []
    (row,) = said["anchor_sets"]
    assert (row["name"], row["judge"], row["responses"], row["times"]) == ("monthly", "j", 10, 0)
    told = drawn.stdout.splitlines()
    assert told[0].startswith("Every month, while the app is on")
    assert "on this machine: 10 queries with country, norm and background and 10 responses" in told[2]
    assert told[3].startswith("10 calls are missing: cost unknown (no price), about ")


def test_scoring_a_set_anew_says_first_what_leaves_this_machine(workspace):
    responses(12)
    with StubEndpoint() as stub:
        answer("judge", "--judge", "j", "--base-url", stub.url, "--model", "m", "--prompt", "one-call")
        answer("anchors", "--create", "monthly", "--judge", "j", "--count", 10)
        with transaction() as session:
            session.exec(select(AnchorSet)).one().next_due_at = utc_now()
        due = answer("anchors", "--due")
        (run_id,) = due["started"]
        wait_until(lambda: state_of(run_id) == "done")
        told = run("anchors", "--now", "monthly").stdout
    assert due["outlooks"]["monthly"]["calls"] == 10
    assert "10 queries" in due["outlooks"]["monthly"]["sends"]
    assert told.index("10 queries") < told.index("started.")


def state_of(run_id: str) -> str:
    with reading() as session:
        return judge_run_overview(session, run_id=run_id).job.state


def test_without_a_batch_api_the_command_says_what_to_do(workspace):
    responses(1)
    with StubEndpoint() as stub:
        words = ("judge", "--judge", "j", "--base-url", f"{stub.url}/nowhere", "--model", "m")
        done = run(*words, "--batch")
    assert (done.returncode, done.stderr.strip()) == (1, NO_BATCH_API)

"""The command line as it is used from outside: its own process, JSON, exit statuses."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.db import transaction
from core.jobs import ALIVE, job_now
from core.models import AnchorSet, Erratum, Judge, Judgement, utc_now
from core.sample_workspace import load_sample
from tests.builders import build_item, build_pair, build_person, build_response
from tests.test_importer import checkout, write
from tests.test_jobs import wait_until
from tests.test_reader import casa


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def answer(*words: object, status: int = 0) -> dict[str, Any]:
    done = run(*words, "--json")
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_import_answers_with_the_contract_s_fields(workspace, tmp_path):
    said = answer("import", checkout(tmp_path / "cross"))
    assert said["ok"]
    assert said["elapsed_s"] > 0
    english = next(file for file in said["files"] if file["path"] == "data/casa/english.json")
    assert (english["kind"], english["subset"], english["setting"]) == ("items", "casa", "english")
    assert (english["accepted"], english["unchanged"], english["changed"], english["refused"]) == (6, 0, [], [])
    assert english["warnings"] == {"image_missing": 6}
    assert said["images"] == {"new": 0, "missing": 2, "rejected": 0}


def test_a_problem_is_one_line_and_status_one(workspace, tmp_path):
    done = run("import", tmp_path / "nowhere")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "no such file or folder" in done.stderr


def test_an_unreadable_file_among_others_is_status_one_and_the_others_enter(workspace, tmp_path):
    write(tmp_path, "good.json", [casa()])
    (tmp_path / "bad.json").write_text('{"no": "list"}', encoding="utf-8")
    said = answer("import", tmp_path, status=1)
    assert said["ok"] is False
    assert "bad.json: holds an object" in said["error"]
    assert [file["accepted"] for file in said["files"]] == [1]


@pytest.mark.parametrize("words", [["import"], ["export", "cakes", "out.jsonl"], ["bake"], ["train", "a", "--bogus"]])
def test_wrong_usage_is_status_two(workspace, words):
    assert run(*words).returncode == 2


def test_a_detached_import_goes_on_by_itself(workspace, tmp_path):
    said = answer("import", checkout(tmp_path / "cross"), "--detach")
    assert wait_until(said["job_id"], lambda job: job.state not in ALIVE).state == "done"
    with transaction() as session:
        assert job_now(session, said["job_id"]).result is not None


def test_items_and_responses_are_exported_with_the_contract_s_fields(workspace, tmp_path):
    load_sample()
    assert answer("export", "items", tmp_path / "items.jsonl")["rows"] == 64
    item = lines(tmp_path / "items.jsonl")[0]
    fields = "item_id base_item_id subset source_index wording country region language domain query query_english norm "
    fields += "image_sha256 image_status family_id split warnings raw"
    assert set(fields.split()) <= item.keys()
    assert {row["wording"] for row in lines(tmp_path / "items.jsonl")} == {1, "translation"}
    assert answer("export", "responses", tmp_path / "responses.jsonl")["rows"] == 192
    response = lines(tmp_path / "responses.jsonl")[0]
    fields = "item_id response_id response_model setting response_round status text error created_at"
    assert set(fields.split()) <= response.keys()


def test_items_are_exported_as_corrected_where_that_is_asked_for_and_nothing_else_is(workspace, tmp_path):
    with transaction() as session:
        item = build_item(session, norm="As it came.")
        own = {"kind": "norm_wrong", "proposed": "As corrected.", "form_id": "f", "person_id": build_person(session).id}
        session.add(Erratum(item_id=item.id, status="accepted", decided_at=utc_now(), **own))
    answer("export", "items", tmp_path / "raw.jsonl")
    answer("export", "items", tmp_path / "corrected.jsonl", "--corrected")
    raw, corrected = (lines(tmp_path / name)[0] for name in ("raw.jsonl", "corrected.jsonl"))
    assert (raw["norm"], corrected["norm"], corrected["corrected"]) == ("As it came.", "As corrected.", {"norm": 1})
    assert "Only items" in answer("export", "pairs", tmp_path / "pairs.jsonl", "--corrected", status=1)["error"]


def test_texts_come_out_as_they_went_in(workspace, tmp_path):
    record = casa(query="=1+1 “quoted”, a\u200cjoiner, Morocco\u2028and\r\nlines", item=" padded ")
    write(tmp_path, "flat.json", [record])
    answer("import", tmp_path / "flat.json")
    answer("export", "items", tmp_path / "items.jsonl")
    (item,) = [json.loads(line) for line in (tmp_path / "items.jsonl").read_bytes().split(b"\n") if line]
    assert item["raw"] == record
    assert item["query"] == record["query"]


def test_freezing_nothing_and_training_on_nothing_say_what_to_do(workspace):
    assert "Accept pairs" in answer("freeze", "first", status=1)["error"]
    assert "first" in answer("train", "first", status=1)["error"]


def test_freeze_train_and_resume_from_the_command_line(workspace):
    with transaction() as session:
        for number in range(3):
            build_pair(session, build_item(session, image_status="ok"), reason=str(number))
        held_out = build_pair(session, build_item(session, split="held_out")).id
    frozen = answer("freeze", "first", "--kind", "dpo", "--allow-missing-pictures")
    assert (frozen["name"], frozen["kind"], frozen["rows"]) == ("first", "dpo", 3)
    assert len(frozen["sha256"]) == 64
    assert Path(frozen["path"], "manifest.json").is_file()
    assert [row["pair_id"] for row in frozen["refused"]] == [held_out]
    trained = answer("train", "first", "--recipe", "smoke-test", "--set", "max_steps=2")
    assert (trained["state"], trained["steps"]) == ("done", 2)
    assert Path(trained["path"], "final", "adapter_model.safetensors").is_file()
    assert "loss" in trained["final"]
    assert "finished" in answer("train", trained["run_id"], "--resume", status=1)["error"]
    said = answer("export", "pairs", Path(trained["path"]).parent / "pairs.jsonl")
    assert said["rows"] == 4
    assert lines(Path(said["path"]))[0]["chosen_origin"]["kind"] == "written"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--model", "/nowhere/model"), "/nowhere/model"),
        (("--recipe", "cake"), "cake"),
        (("--set", "beta=-1"), "beta"),
        (("--set", "bogus=1"), "bogus"),
    ],
)
def test_a_training_that_cannot_be_says_why_before_it_starts(workspace, words, said):
    with transaction() as session:
        build_pair(session, build_item(session))
    answer("freeze", "first", "--allow-missing-pictures")
    assert said in answer("train", "first", *words, status=1)["error"]


def test_doctor_tells_what_is_there_and_what_is_not(workspace, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-CANARY")
    done = run("doctor", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 0
    assert {check["name"] for check in said["checks"]} >= {"Python", "Workspace", "Database", "Training", "Jobs"}
    assert "CANARY" not in done.stdout + done.stderr


def test_doctor_names_what_judges_wait_for(workspace):
    with transaction() as session:
        judge = Judge(name="j", model="dear-one", prompt_version="v", base_url="http://127.0.0.1:9", api_key_env="MINE")
        session.add(judge)
        session.flush()
        response = build_response(session, build_item(session))
        session.add(
            Judgement(
                response_id=response.id,
                dimension="awareness",
                judge="j",
                judge_model="dear-one",
                prompt_version="v",
                status="unreadable",
            )
        )
        session.add(AnchorSet(name="monthly", judge_id=judge.id, response_ids=[response.id], next_due_at=utc_now()))
    found = {check["name"]: check for check in answer("doctor")["checks"]}
    assert (found["Prices"]["ok"], found["Prices"]["detail"]) == (False, "unknown for dear-one")
    assert (found["Replies to read"]["ok"], found["Replies to read"]["detail"]) == (False, "1 wait for a person")
    assert (found["Anchor sets"]["ok"], found["Anchor sets"]["detail"]) == (False, "due: monthly")
    assert found["MINE"]["detail"] == "not set"

"""Labels brought in by the command and on the screen."""

import json

import typer
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from core.cli.labels import import_labels_command
from core.db import reading, transaction
from core.models import ScoresSeen
from tests.builders import build_person
from tests.label_import_builders import response, stored, told


def test_the_command_shows_what_would_come_in_and_then_brings_it_in(workspace, tmp_path):
    with transaction() as session:
        one = response(session)
    (tmp_path / "a.jsonl").write_text(json.dumps(told(one)) + "\n{}\n", encoding="utf-8")
    app = typer.Typer()
    app.command()(import_labels_command)

    def said(*words: str) -> dict:
        return json.loads(
            CliRunner().invoke(app, [str(tmp_path / "a.jsonl"), "--json", *words]).stdout.splitlines()[-1]
        )

    seen = said("--dry-run")
    assert (seen["accepted"], [row["row"] for row in seen["refused"]]) == (1, [2])
    with reading() as session:
        assert stored(session) == []
    assert said()["accepted"] == 1
    again = said()
    assert (again["accepted"], again["unchanged"]) == (0, 1)


def test_the_command_says_what_rests_on_the_word_of_the_file_alone(workspace, tmp_path):
    with transaction() as session:
        rows = [told(response(session), expert="Ana", phase="blind", pool="from") for _ in range(2)]
        seen = response(session)
        expert = build_person(session)
        session.add(ScoresSeen(person_id=expert.id, response_id=seen.id))
        rows.append(told(seen, expert=expert.pseudonym, phase="blind"))
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    app = typer.Typer()
    app.command()(import_labels_command)
    said = CliRunner().invoke(app, [str(file), "--dry-run"]).stdout
    assert "2 given blind, by the word of the file alone" in said
    assert "2 of somebody who knows the country, by the word of the file alone" in said
    assert "1 said to be blind, and kept as not blind" in said


def part() -> None:
    from core.people import person_here
    from pages.components.labels_exchange import labels_exchange

    labels_exchange(person_here())


def uploaded(content: str) -> AppTest:
    app = AppTest.from_function(part, default_timeout=30).run()
    app.file_uploader[0].set_value(("a.jsonl", content.encode(), "application/json")).run()
    assert not app.exception
    return app


def test_the_screen_shows_what_would_come_in_before_anything_is_stored(workspace):
    with transaction() as session:
        one = response(session)
    app = uploaded(json.dumps(told(one)) + "\n" + json.dumps(told(one, score=7)))
    shown = [row for frame in app.dataframe for row in frame.value.astype(object).to_numpy().tolist()]
    assert shown == [
        ["Ana", "new, added as an expert", 1],
        [2, "its answer is a number; known are 1, 0, yes, no, cant_say"],
    ]
    with reading() as session:
        assert stored(session) == []
    app.button[0].click().run()
    assert app.success[0].value == "1 label imported from a\\.jsonl."
    with reading() as session:
        assert len(stored(session)) == 1


def test_the_screen_warns_where_a_number_is_all_that_is_known(workspace):
    with transaction() as session:
        one = response(session)
    assert uploaded(json.dumps(told(one))).warning == []
    app = uploaded(json.dumps(told(one, response_model=None)))
    assert "by their number alone" in app.warning[0].value


def test_the_screen_warns_of_what_only_the_file_says(workspace):
    with transaction() as session:
        one = response(session)
    app = uploaded(json.dumps(told(one, phase="blind", pool="from")))
    assert "1 label to have been given blind, and of 1 label to be of somebody who knows" in app.warning[0].value


def test_the_screen_refuses_a_file_that_takes_something_else_for_experts(workspace):
    with transaction() as session:
        one = response(session)
    app = uploaded("\n".join(json.dumps(told(one, expert=f"rater {place}")) for place in range(501)))
    assert "names 501 experts who are not known here" in app.error[0].value
    assert not app.button


def test_a_file_that_cannot_be_read_is_named_on_the_screen(workspace):
    app = uploaded("[" * 100_000)
    assert "nested too deeply" in app.error[0].value
    assert not app.button

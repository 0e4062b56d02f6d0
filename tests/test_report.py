"""The report: its numbers are those of the commands, every text is inert, nobody is told by it, nothing is fetched."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from core.cli.report import report_command
from core.cli.scores import scores_command
from core.config import PROJECT
from core.db import reading, transaction
from core.errors import UserError
from core.judges import settled_judge
from core.labels.queue import take_session
from core.labels.skipping import skip_response
from core.measures.agreement import agreement_cells
from core.measures.corrected_cells import corrected_cells
from core.measures.score_filter import ScoreFilter
from core.models import CountryKnown, Erratum, Judgement, Person, utc_now
from core.people import current_person
from core.report.fields import percent
from core.report.file import report_bytes
from core.rubric import DIMENSIONS
from core.sample_workspace import load_sample
from pages.components.charts import colour_at, ink_on
from tests.builders import build_background, build_item, build_person, build_response
from tests.report_tables import ReportFile
from tests.score_builders import build_label, build_random, build_scored, build_word
from tests.test_second_looks import build_three

HOSTILE = "<script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)>\"'&amp;\u202egnp"


@pytest.fixture
def person(workspace) -> Person:
    with transaction() as session:
        return current_person(session)


def report(person: Person, **given: object) -> ReportFile:
    with reading() as session:
        return ReportFile(report_bytes(session, person=person, wanted=ScoreFilter(**given)).decode())


def run(command, *words: str) -> tuple[int, dict]:
    app = typer.Typer()
    app.command()(command)
    result = CliRunner().invoke(app, [*words, "--json"])
    return result.exit_code, json.loads(result.stdout.splitlines()[-1])


def build_labelled(session, *, country: str, experts: list[Person], families: int = 12, lies: int = 4) -> None:
    """Add responses the judge calls good; experts label all of them alike, and call the first `lies` bad."""
    for number in range(families):
        item = build_item(session, country=country, family_id=f"{country}-{number:02}")
        response = build_response(session, item, model="m-1")
        for dimension in DIMENSIONS:
            build_word(session, response, dimension, 1)
            for expert in experts:
                build_label(
                    session, expert, response, int(number >= lies), dimension=dimension, inclusion_probability=1.0
                )


def test_every_figure_of_the_heat_tables_is_the_one_the_command_scores_tells(person):
    with transaction() as session:
        build_random(session, 11)
        build_scored(session, "0111" * 12, families=24, country="Mali")
    found = report(person, judge="judge-a")
    _, told = run(scores_command, "--judge", "judge-a")
    assert len(told["cells"]) > 30
    compared = 0
    for cell in told["cells"]:
        table = found.table(f"{cell['model']}:", "by country")
        value, *lines = table.at(cell["country"] or "country unknown", cell["dimension"].capitalize())
        assert f"n {cell['n']:,}" in lines
        if cell["n"] < 10 or cell["low"] is None:
            assert value == "too few"
            continue
        compared += 1
        assert (value, lines[0]) == (percent(cell["mean"]), f"{percent(cell['low'])} to {percent(cell['high'])}")
        assert lines[2] == f"{cell['families']:,} families"
    assert compared >= 20


def test_the_board_says_means_by_setting_and_the_published_figures_with_their_source(person):
    with transaction() as session:
        build_random(session, 3)
    found = report(person, judge="judge-b")
    _, told = run(scores_command, "--judge", "judge-b", "--by", "dimension", "--setting", "english")
    board = found.table("All models, English")
    for cell in told["cells"]:
        assert board.at(cell["model"], cell["dimension"].capitalize())[0] == percent(cell["mean"])
    published = board.rows["Published, to orient by"]
    assert published[0] == ["61.79", "best awareness in the paper", "arXiv 2505.14972"]
    assert published[2] == ["37.73", "best compliance in the paper", "arXiv 2505.14972"]


def test_texts_from_data_are_words_and_never_tags(person):
    with transaction() as session:
        settled_judge(session, name="judge-a", model=HOSTILE, prompt_version="one-call-1")
        for number in range(12):
            item = build_item(session, country=f"{HOSTILE}", family_id=f"f-{number}")
            response = build_response(session, item, model=HOSTILE)
            build_word(session, response, "compliance", 1, judge="judge-z")
    found = report(person, judge="judge-z")
    assert not {"script", "img", "iframe", "object", "link", "form"} & set(found.tags)
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]
    assert found.text.count("<script>alert(1)</script><img src=") >= 3
    assert "\u202e" not in found.text
    assert "[U+202E]gnp" in found.text


def test_a_hostile_judge_and_workspace_are_words_too(person, workspace, monkeypatch):
    with transaction() as session:
        response = build_response(session, build_item(session), model="m-1")
        settled_judge(session, name="<b onclick=x>", model="</style><script>", prompt_version="{{ 7 * 7 }}")
        build_word(session, response, "compliance", 1)
    found = report(person, judge="<b onclick=x>")
    assert "judge <b onclick=x>" in found.text
    assert "</style><script>" in found.text
    assert "{{ 7 * 7 }}" in found.text
    assert "script" not in found.tags


def test_nothing_is_fetched_from_anywhere(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
    with reading() as session:
        text = report_bytes(session, person=person, wanted=ScoreFilter()).decode()
    found = ReportFile(text)
    assert [
        value for _, name, value in found.attributes if name in ("src", "srcset", "data", "action", "xlink:href")
    ] == []
    assert {value[0] for _, name, value in found.attributes if name == "href"} == {"#"}
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert "script" not in found.tags


def test_every_table_has_a_caption_and_names_for_rows_and_columns(person):
    with transaction() as session:
        build_scored(session, "01" * 20, families=20)
    found = report(person)
    assert found.tables
    for table in found.tables:
        assert table.caption
        assert all(len(fields) == len(table.columns) - 1 for fields in table.rows.values())
    scopes = [value for tag, name, value in found.attributes if (tag, name) == ("th", "scope")]
    assert len(scopes) == found.tags.count("th")


def test_an_empty_workspace_says_what_is_missing(person):
    found = report(person)
    assert "There are no items: import a benchmark" in found.text
    assert not found.tables
    assert "How these numbers are made" in found.text


def test_items_without_responses_and_responses_without_scores_are_told_apart(person):
    with transaction() as session:
        item = build_item(session)
    assert "There are no responses" in report(person).text
    with transaction() as session:
        build_response(session, item)
    assert "Nothing is scored that fits" in report(person).text


def test_scores_without_labels_say_that_there_is_no_agreement(person):
    with transaction() as session:
        build_scored(session, "01" * 20, families=20)
    found = report(person)
    assert "No blind labels by people from the country fit" in found.text
    assert [table.caption for table in found.tables if "ceiling" in table.caption or "corrected" in table.caption] == []


def test_the_sample_workspace_says_at_the_top_that_its_scores_are_illustrative(person):
    load_sample()
    found = report(person)
    notice, rest = found.text.split("Scores by", 1)
    assert "all 192 responses counted here belong to it" in notice
    assert "no model gave these scores" in notice
    assert "illustration" not in rest


@pytest.mark.parametrize(
    ("judge", "word"),
    [
        ({"name": "stub-judge", "model": "m"}, "By its name, the judge is a stand-in"),
        ({"name": "j", "model": "m", "base_url": "http://127.0.0.1:9/v1"}, "asked on the machine the app runs on"),
        ({"name": "j", "model": "m", "base_url": "https://api.example.org/v1"}, None),
    ],
)
def test_a_judge_that_may_be_a_stand_in_is_said_to_be_one(person, judge, word):
    with transaction() as session:
        settled_judge(session, prompt_version="one-call-1", **judge)
        row = {"judge": judge["name"], "judge_model": "m", "prompt_version": "one-call-1", "score": 1}
        session.add(
            Judgement(response_id=build_response(session, build_item(session)).id, dimension="compliance", **row)
        )
    found = report(person, judge=judge["name"])
    assert ("Read this first" in found.text) is (word is not None)
    assert (word or "") in found.text


def test_a_judge_that_has_scored_nothing_is_told_so(person):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
        settled_judge(session, name="judge-0", model="m", prompt_version="one-call-1")
    found = report(person, judge="judge-0")
    assert "This rater has scored nothing that fits" in found.text
    assert not found.tables
    assert "Nothing is scored that fits" in report(person, judge="judge-a", splits=("quarantined",)).text


def test_two_judges_are_never_mixed_and_the_other_is_named(person):
    with transaction() as session:
        build_scored(session, "1" * 20, families=20)
        for number in range(12):
            item = build_item(session, country="Morocco", family_id=f"other-{number}")
            build_word(session, build_response(session, item, model="m-1"), "compliance", 0, judge="judge-b")
    found = report(person)
    assert found.table("m-1:", "by country").at("Morocco", "Compliance")[0] == "100.0"
    assert "judge-b. None of their scores are in this report." in found.text
    assert report(person, judge="judge-b").table("m-1:", "by country").at("Morocco", "Compliance")[0] == "0.0"


def test_held_out_items_only_and_items_without_corrections_only(person):
    with transaction() as session:
        build_scored(session, "1" * 12, families=12, split="held_out")
        build_scored(session, "0" * 12, families=12, split="training_pool", country="Peru")
        wrong = build_item(session, country="Chad", split="held_out")
        build_word(session, build_response(session, wrong, model="m-1"), "compliance", 1)
        session.add(Erratum(item_id=wrong.id, kind="norm_wrong", reason="r", form_id="f", person_id=person.id))
    assert "Held-out" not in report(person).text
    assert "held-out and training items; 1 item with a correction proposed or accepted" in report(person).text
    held_out = report(person, splits=("held_out",))
    assert "Peru" not in held_out.text
    assert "13 responses" in held_out.text
    assert "12 responses" in report(person, splits=("held_out",), errata="without").text


def test_numbers_of_fewer_than_three_people_are_kept_back(person):
    with transaction() as session:
        build_labelled(session, country="Peru", experts=[build_person(session) for _ in range(4)])
        build_labelled(session, country="Chad", experts=[build_person(session) for _ in range(2)])
        build_labelled(session, country="Mali", experts=[build_person(session) for _ in range(3)])
    by_country = report(person).table("Agreement of the judge with one expert by country")
    assert by_country.at("Peru", "Compliance")[0] == percent(8 / 12)
    assert by_country.at("Chad", "Compliance") == ["kept back", "too few people"]
    # Else the two of Chad could be worked out from all countries together.
    assert by_country.at("Mali", "Compliance") == ["kept back", "too few people"]
    heat = report(person, experts=True).table("m-1:", "by country")
    assert heat.at("Peru", "Awareness")[0] == percent(8 / 12)
    assert heat.at("Chad", "Awareness")[0] == heat.at("Mali", "Awareness")[0] == "kept back"


def test_the_word_of_two_people_alone_is_in_no_table(person):
    with transaction() as session:
        build_labelled(session, country="Chad", experts=[build_person(session) for _ in range(2)], families=40)
    found = report(person)
    assert found.table("Judge judge-a with one expert").at("Compliance", "Agreement, %") == [
        "kept back",
        "too few people",
    ]
    value, *lines = found.table("All models: corrected scores").at("m-1", "Compliance")
    assert value == "kept back"
    assert not [line for line in lines if line.startswith("labels")]
    experts = report(person, experts=True)
    fields = {
        tuple(one) for table in experts.tables for name, row in table.rows.items() if name == "m-1" for one in row
    }
    assert fields == {("kept back", "too few people")}
    assert "No cell has enough responses to be ranked" in experts.text


def test_agreement_is_that_of_the_agreement_step_and_undefined_is_said_so(person):
    with transaction() as session:
        build_labelled(session, country="Peru", experts=[build_person(session) for _ in range(3)], families=12, lies=0)
        build_labelled(session, country="Chad", experts=[build_person(session) for _ in range(3)], families=12)
    found = report(person)
    with reading() as session:
        wanted = ScoreFilter(judge="judge-a")
        told = agreement_cells(session, person=person, wanted=wanted, by=("country", "dimension"))
        (whole,) = agreement_cells(
            session, person=person, wanted=ScoreFilter(judge="judge-a", dimensions=("compliance",)), by=("dimension",)
        )
    table = found.table("Agreement of the judge with one expert by country")
    for cell in told:
        value = table.at(cell.keys["country"], cell.keys["dimension"].capitalize())[0]
        assert value == percent(cell.with_judge.percent.value)
    alone = report(person, countries=("Peru",)).table("Experts among themselves")
    assert alone.at("Compliance", "Krippendorff's alpha") == ["undefined", "scores do not vary"]
    matrix = found.table("Compliance: which scores came together")
    assert matrix.at("Judge 1", "Expert 0")[0] == percent(whole.with_judge.shares[1][0])


def test_what_experts_gave_back_stands_beside_what_they_could_not_say(person):
    with transaction() as session:
        experts = [build_person(session) for _ in range(3)]
        build_labelled(session, country="Peru", experts=experts)
        given_back, unsaid = (
            build_response(session, build_item(session, country="Peru"), model="m-1") for _ in range(2)
        )
        for response in (given_back, unsaid):
            build_word(session, response, "compliance", 1)
        for expert, score in zip(experts, (None, 1, 1), strict=True):
            build_label(session, expert, unsaid, score, inclusion_probability=1.0)
        build_label(session, experts[0], given_back, 1, inclusion_probability=1.0)
        other = build_person(session)
        build_background(session, other, languages=["en"])
        session.add(CountryKnown(person_id=other.id, country="Peru", is_from=True))
        session.flush()
        take_session(session, person=other, country="Peru", count=40)
        given = {"kind": "not_for_me", "reason": "", "form_id": "1"}
        skip_response(session, person=other, response_id=given_back.id, **given)
    lines = report(person).table("Judge judge-a with one expert").at("Compliance", "Made from")
    assert lines[-1].startswith('1 "can\'t say", 1 given back: ')


def test_corrected_scores_stand_beside_the_raw_judge_and_the_labels_alone(person):
    with transaction() as session:
        build_labelled(session, country="Peru", experts=[build_person(session) for _ in range(3)], families=45, lies=9)
        build_scored(session, "1" * 30, families=30, model="m-2")
    found = report(person).table("All models: corrected scores")
    with reading() as session:
        told = corrected_cells(session, person=person, wanted=ScoreFilter(judge="judge-a"))
    (cell,) = (one for one in told if (one.keys["model"], one.keys["dimension"]) == ("m-1", "compliance"))
    value, *lines = found.at("m-1", "Compliance")
    assert value == percent(cell.score.corrected.value)
    assert any(line.startswith("judge: 100.0 (") for line in lines)
    assert any(line.startswith("labels: 80.0 (") for line in lines)
    assert found.at("m-2", "Compliance")[:2] == ["too few labels", "30 labels missing"]


def test_what_experts_left_unsaid_bounds_the_labels_where_nothing_can_be_corrected(person):
    with transaction() as session:
        experts = [build_person(session) for _ in range(3)]
        build_labelled(session, country="Peru", experts=experts)
        for number in range(3):
            response = build_response(session, build_item(session, country="Peru"), model="m-1")
            build_word(session, response, "compliance", 1)
            build_label(session, experts[number], response, None, inclusion_probability=1.0)
    # 8 of 12 did well; of 15, 8 to 11.
    lines = report(person).table("All models: corrected scores").at("m-1", "Compliance")
    assert lines[:2] == ["too few labels", "18 labels missing"]
    assert lines[-1] == "3 unsaid: labels 53.3 to 73.3"


def test_second_looks_say_where_another_judge_may_have_moved_an_answer(person):
    words = "Several judges are shown at once"
    with transaction() as session:
        build_three(session)
    assert report(person, judge="judge-a").text.count(words) == 0
    with transaction() as session:
        build_scored(session, "1", families=1)
        response = build_response(session, build_item(session), model="m-1")
        build_word(session, response, "compliance", 1, judge="judge-b")
    assert report(person, judge="judge-a").text.count(words) == 1


def test_an_expert_is_refused(person):
    with reading() as session, pytest.raises(UserError, match="leads"):
        report_bytes(session, person=Person(name="E", role="expert", pseudonym="e"), wanted=ScoreFilter())


def test_the_command_writes_the_whole_file_and_says_where(person, tmp_path):
    with transaction() as session:
        build_scored(session, "01" * 10, families=10)
    out = tmp_path / "report.html"
    code, told = run(report_command, str(out), "--judge", "judge-a", "--split", "training-pool")
    assert (code, told["ok"], told["path"], told["bytes"]) == (0, True, str(out), out.stat().st_size)
    assert "split training pool" in ReportFile(out.read_text()).text


@pytest.mark.parametrize("words", [("--judge", "nobody"), ("--split", "all")])
def test_what_cannot_be_meant_leaves_the_file_that_is_there(person, tmp_path, words):
    out = tmp_path / "report.html"
    out.write_text("before")
    assert run(report_command, str(out), *words)[0] == 1
    assert out.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["report.html"]


def test_a_folder_that_is_not_there_is_said_so(person, tmp_path):
    code, told = run(report_command, str(tmp_path / "none" / "report.html"))
    assert code == 1
    assert "the folder does not exist" in told["error"]


def test_the_colours_are_those_of_the_app():
    style = Path(PROJECT / "core" / "report" / "templates" / "report.css").read_text()
    theme = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text())["theme"]
    light, dark = style.split("prefers-color-scheme: dark")
    for part, name in ((light, "light"), (dark, "dark")):
        scale = theme[name]["chartDivergingColors"]
        told = re.findall(r"--s(\d+): (#\w+); --i\d+: (#\w+);", part)
        assert told == [(str(n), colour := colour_at(n / 20, scale), ink_on(colour)) for n in range(21)]


def test_the_same_moment_is_said_and_the_versions(person):
    found = report(person)
    assert f"{utc_now():%d %B %Y}" in found.text
    assert re.search(r"checksum [0-9a-f]{16}", found.text)
    assert re.search(r"SQLite, schema \d{4}", found.text)

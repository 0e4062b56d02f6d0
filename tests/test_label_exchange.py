"""Labels leave in four formats, by pseudonym, for the leads."""

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from datetime import timedelta

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from core.cli.labels import export_labels_command
from core.config import settings
from core.consent import withdraw
from core.csv_text import csv_text, without_guard
from core.db import reading, transaction
from core.errors import UserError
from core.labels.exchange.exporting import companion, label_file
from core.labels.exchange.shapes import LABEL_FORMATS
from core.labels.standing import label_records, retest_records
from core.models import (
    CountryKnown,
    Event,
    Image,
    Item,
    LabelsSeen,
    Person,
    RetestLabel,
    ReviewSession,
    ScoresSeen,
)
from core.rubric import DIMENSIONS
from tests.builders import build_background, build_person
from tests.label_file_builders import BEGIN, POOLS, TEXTS, add_label, add_labels, build_labelled


@pytest.fixture
def lead(workspace) -> Person:
    with transaction() as session:
        return build_person(session, "lead")


def exported(lead: Person, form: str, **given) -> str:
    return label_file(author=lead, form=form, **given).text


def tasks(lead: Person) -> list[dict]:
    return json.loads(exported(lead, "label-studio"))


def records(lead: Person) -> list[dict]:
    return [json.loads(line) for line in exported(lead, "argilla").splitlines()]


def labelled(**given) -> tuple[list, list[Person]]:
    with transaction() as session:
        return build_labelled(session, **given)


# -- Label Studio ---------------------------------------------------------------------------------------------------


def test_label_studio_gets_one_task_for_each_labelled_response(lead):
    responses, _ = labelled()
    found = tasks(lead)
    assert [task["data"]["response_id"] for task in found] == [response.id for response in responses]
    assert [task["data"]["response"] for task in found] == list(TEXTS)
    assert (found[0]["data"]["norm"], found[0]["data"]["country"]) == ("Norm 0", "Morocco")
    named = ("item_id", "response_model", "setting", "response_round")
    assert [found[0]["data"][name] for name in named] == ["own/Morocco_x0/1", "model-0", "english", 1]


def test_label_studio_gets_one_annotation_for_each_expert_with_a_choice_for_each_dimension(lead):
    _, experts = labelled()
    annotations = tasks(lead)[0]["annotations"]
    raters = [annotation["completed_by"]["email"].split("@")[0] for annotation in annotations]
    assert raters == [expert.pseudonym for expert in experts]
    choices = [(found["from_name"], found["value"]) for found in annotations[1]["result"]]
    assert choices == [(dimension, {"choices": ["no"]}) for dimension in DIMENSIONS]


def test_label_studio_gets_the_judge_s_scores_as_predictions_and_none_where_it_gave_none(lead):
    labelled()
    (prediction,) = tasks(lead)[0]["predictions"]
    assert prediction["model_version"] == "judge-a one-call-1"
    # The judge said 1, 0, nothing, 1.
    said = {found["from_name"]: found["value"]["choices"] for found in prediction["result"]}
    assert said == {"awareness": ["yes"], "education": ["no"], "helpfulness": ["yes"]}


def test_label_studio_s_annotations_hold_the_answer_that_stands_and_keep_the_earlier_one_apart(lead):
    responses, experts = labelled(experts=1)
    with transaction() as session:
        moment = BEGIN + timedelta(hours=1)
        add_label(session, experts[0], responses[0], "education", "n", phase="revised", submitted_at=moment)
    (annotation,) = tasks(lead)[0]["annotations"]
    standing = {found["from_name"]: found["meta"]["phase"] for found in annotation["result"]}
    assert standing == dict.fromkeys(DIMENSIONS, "blind") | {"education": "revised"}
    assert [(one["dimension"], one["answer"], one["phase"]) for one in annotation["earlier"]] == [
        ("education", "yes", "blind")
    ]


def test_the_labeling_config_asks_for_what_the_tasks_hold(lead):
    labelled()
    task = tasks(lead)[0]
    config = companion("label-studio")
    assert config is not None
    root = ElementTree.fromstring(config.text)
    shown = {found.get("value", "").removeprefix("$") for found in root if found.tag in ("Text", "Image")}
    assert shown <= task["data"].keys()
    choices = {found.get("name"): [one.get("alias") for one in found] for found in root.iter("Choices")}
    assert choices == {dimension: ["yes", "no", "cant_say"] for dimension in DIMENSIONS}
    names = {found.get("name") for found in root.iter()}
    assert {found["to_name"] for found in task["annotations"][0]["result"]} <= names


def test_a_picture_is_named_by_its_place_in_the_workspace_s_pictures(lead):
    responses, _ = labelled()
    sha256 = "ab" * 32
    with transaction() as session:
        session.add(Image(sha256=sha256, media_type="image/png", width=1, height=1, byte_count=1))
        session.flush()
        item = session.get_one(Item, responses[0].item_id)
        item.image_sha256 = sha256
    assert tasks(lead)[0]["data"]["image"] == f"/data/local-files/?d=images/ab/{sha256}.png"
    assert tasks(lead)[1]["data"]["image"] == ""


# -- Argilla --------------------------------------------------------------------------------------------------------


def test_argilla_gets_experts_as_responses_and_the_judge_as_suggestions_without_a_score(lead):
    _, experts = labelled()
    record = records(lead)[0]
    assert record["fields"]["response"] == TEXTS[0]
    assert record["responses"]["awareness"] == [
        {"value": "yes", "user_id": experts[0].pseudonym, "status": "submitted"},
        {"value": "no", "user_id": experts[1].pseudonym, "status": "submitted"},
    ]
    assert record["suggestions"]["education"] == {"value": "no", "score": None, "agent": "judge-a one-call-1"}
    assert record["suggestions"].keys() == {"awareness", "education", "helpfulness"}


def test_unfinished_answers_are_drafts_in_argilla(lead):
    responses, experts = labelled(experts=1)
    with transaction() as session:
        other = build_person(session)
        add_labels(session, other, responses[0], "y---")
    statuses = {one["user_id"]: one["status"] for one in records(lead)[0]["responses"]["awareness"]}
    assert statuses == {experts[0].pseudonym: "submitted", other.pseudonym: "draft"}


def test_argilla_s_settings_ask_the_four_questions_that_the_records_answer(lead):
    labelled()
    second = companion("argilla")
    assert second is not None
    settings = json.loads(second.text)
    values = {found["name"]: [one["value"] for one in found["settings"]["options"]] for found in settings["questions"]}
    assert values == {dimension: ["yes", "no", "cant_say"] for dimension in DIMENSIONS}
    assert records(lead)[0]["fields"].keys() <= {found["name"] for found in settings["fields"]}


# -- pools ----------------------------------------------------------------------------------------------------------


def pools_in_label_studio(lead: Person) -> set[tuple[str, str]]:
    return {
        (annotation["completed_by"]["email"].split("@")[0], label["meta"]["pool"])
        for task in tasks(lead)
        for annotation in task["annotations"]
        for label in annotation["result"]
    }


def pools_in_rows(rows: Iterable[dict]) -> set[tuple[str, str]]:
    return {(row["expert"], row["pool"]) for row in rows}


def pools_in_argilla(lead: Person) -> set[tuple[str, str]]:
    return {pool for record in records(lead) for pool in pools_in_rows(json.loads(record["metadata"]["labels"]))}


def test_every_format_says_how_the_expert_knows_the_country(lead):
    _, experts = labelled(experts=3)
    held = {(expert.pseudonym, pool) for expert, pool in zip(experts, POOLS, strict=True)}
    rows = csv.DictReader(io.StringIO(exported(lead, "csv").removeprefix("\ufeff"), newline=""))
    assert pools_in_rows(rows) == held
    assert pools_in_rows(map(json.loads, exported(lead, "jsonl").splitlines())) == held
    assert pools_in_label_studio(lead) == held
    assert pools_in_argilla(lead) == held


# -- tables ---------------------------------------------------------------------------------------------------------


def test_jsonl_holds_the_contract_s_fields(lead):
    labelled()
    record = json.loads(exported(lead, "jsonl").splitlines()[0])
    assert list(record) == [
        *("item_id", "response_id", "dimension", "expert", "phase", "score", "cant_say", "confidence", "reason"),
        *("language_shown", "translation_shown", "inclusion_probability", "opened_at", "submitted_at", "superseded"),
        *("locked", "pool"),
    ]
    with reading() as session:
        assert record == next(label_records(session))


def test_no_reason_in_the_csv_is_a_formula(lead):
    labelled()
    text = exported(lead, "csv")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert len(rows) == 24
    assert {row["reason"][:2] for row in rows} == {"'="}


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n ＝ab")))
def test_a_guarded_cell_reads_back_as_it_was(text):
    written = csv_text(["a"], [[text, "end"]])
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert without_guard(rows[1][0]) == text


# -- who is in it, who may ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", LABEL_FORMATS)
def test_names_stand_in_an_export_only_where_asked_for_and_that_is_written_down(lead, form):
    _, experts = labelled()
    hidden = exported(lead, form)
    assert experts[0].pseudonym in hidden
    with transaction() as session:
        session.get_one(Person, experts[0].id).name = "Fatima Real-Name"
        assert session.exec(select(Event)).all() == []
    assert "Fatima" not in exported(lead, form)
    shown = exported(lead, form, identify=True)
    assert "Fatima Real-Name" in shown
    assert experts[0].pseudonym not in shown
    with reading() as session:
        (event,) = session.exec(select(Event)).all()
    assert (event.person_id, event.kind, event.detail["with_names"]) == (lead.id, "export", True)


@pytest.mark.parametrize("form", LABEL_FORMATS)
def test_nothing_of_a_person_s_background_is_in_an_export(lead, form):
    _, experts = labelled()
    with transaction() as session:
        build_background(session, experts[0], region="canary-region", faith="canary-faith", languages=["qx"])
        session.add(CountryKnown(person_id=experts[0].id, country="Canarystan", is_from=True, years_lived=4321))
    text = exported(lead, form, identify=True).casefold()
    assert not [word for word in ("canary", "4321", '"qx"') if word in text]


@pytest.mark.parametrize("form", LABEL_FORMATS)
def test_labels_of_people_who_have_withdrawn_are_in_no_export(lead, form):
    _, experts = labelled()
    with transaction() as session:
        withdraw(session, person=session.get_one(Person, experts[0].id))
    text = exported(lead, form)
    assert experts[0].pseudonym not in text
    assert experts[1].pseudonym in text


@pytest.mark.parametrize("form", LABEL_FORMATS)
def test_an_expert_cannot_export_labels(lead, form):
    _, experts = labelled()
    with pytest.raises(UserError, match="Only the leads"):
        label_file(author=experts[0], form=form)


@pytest.mark.parametrize("form", LABEL_FORMATS)
def test_an_export_without_labels_is_a_file_that_can_be_read(lead, form):
    text = exported(lead, form)
    if form == "label-studio":
        assert json.loads(text) == []
    else:
        assert len(text.splitlines()) == (1 if form == "csv" else 0)


def seen(session: Session, lead: Person) -> tuple[set[int], set[int]]:
    found = [
        set(session.exec(select(table.response_id).where(table.person_id == lead.id)))
        for table in (LabelsSeen, ScoresSeen)
    ]
    return found[0], found[1]


def test_whoever_exports_has_seen_labels_and_the_judge_only_where_it_is_in_the_file(lead):
    responses, _ = labelled()
    ids = {response.id for response in responses}
    exported(lead, "jsonl")
    with reading() as session:
        assert seen(session, lead) == (ids, set())
    exported(lead, "argilla")
    exported(lead, "argilla")
    with reading() as session:
        assert seen(session, lead) == (ids, ids)


def test_answers_given_anew_are_a_kind_of_their_own(session):
    responses, experts = build_labelled(session, experts=1)
    review = ReviewSession(person_id=experts[0].id, title="r", planned=1)
    session.add(review)
    session.flush()
    for number, score in enumerate((1, 0)):
        session.add(
            RetestLabel(
                person_id=experts[0].id,
                response_id=responses[0].id,
                session_id=review.id,
                dimension="education",
                form_id=str(number),
                score=score,
            )
        )
    session.flush()
    found = list(retest_records(session))
    assert [(row["expert"], row["score"], row["superseded"]) for row in found] == [
        (experts[0].pseudonym, 1, True),
        (experts[0].pseudonym, 0, False),
    ]
    assert len(list(label_records(session))) == 12
    withdraw(session, person=experts[0])
    assert list(retest_records(session)) == []


# -- the command and the screen ---------------------------------------------------------------------------------------


def command(*words: object) -> dict:
    app = typer.Typer()
    app.command()(export_labels_command)
    done = CliRunner().invoke(app, [*map(str, words), "--json"])
    return json.loads(done.stdout.splitlines()[-1])


def test_the_command_writes_the_file_and_beside_it_how_to_show_it(lead, tmp_path):
    labelled()
    said = command(tmp_path / "out.json", "--format", "label-studio")
    assert (said["ok"], said["labels"]) == (True, 24)
    assert len(json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))) == 3
    assert (tmp_path / "out.config.xml").read_text(encoding="utf-8").startswith("<View>")


def test_the_command_writes_csv_with_the_line_ends_of_csv(lead, tmp_path):
    labelled()
    command(tmp_path / "out.csv", "--format", "csv")
    assert (tmp_path / "out.csv").read_bytes().splitlines(keepends=True)[0].endswith(b"response_round\r\n")


def test_the_command_is_refused_to_an_expert(workspace, tmp_path, monkeypatch):
    with transaction() as session:
        build_person(session, name="Expert of the machine")
    monkeypatch.setenv("CROSS_REVIEW_PERSON", "Expert of the machine")
    settings.cache_clear()
    said = command(tmp_path / "out.csv")
    assert not said["ok"]
    assert "Only the leads" in said["error"]
    assert not (tmp_path / "out.csv").exists()


def part() -> None:
    from core.people import person_here
    from pages.components.labels_exchange import labels_exchange

    labels_exchange(person_here())


def test_the_screen_offers_the_formats_and_how_to_show_them_where_another_tool_needs_that(lead):
    labelled()
    app = AppTest.from_function(part, default_timeout=30).run()
    offered = [button.label for button in app.get("download_button")]
    assert offered == ["Download 24 labels"]
    app.radio(key="labels-format").set_value("label-studio").run()
    offered = [button.label for button in app.get("download_button")]
    assert offered == ["Download 24 labels", "Its labelling screen (XML)"]


def test_without_labels_the_screen_says_so(lead):
    app = AppTest.from_function(part, default_timeout=30).run()
    assert "There are no labels yet" in app.info[0].value

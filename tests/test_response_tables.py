"""Responses from CSV and JSONL: files, columns, rows, storing, the command."""

import json
from datetime import UTC, datetime

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session, select
from typer.testing import CliRunner

from core.cli.responses import import_responses_command
from core.db import reading, transaction, write_engine
from core.errors import BenchmarkFormatError, UserError
from core.models import Job, Response, ResponseRun
from core.people import current_person
from core.responses import tables
from core.responses.table_import import ChangedRow, TableReport, import_table, preview
from core.responses.table_rows import ColumnMapping, RefusedRow, ResponseRecord, guessed_mapping, records_of
from core.responses.tables import read_table
from core.responses.views import response_records
from core.rubric import RESPONSE_SETTINGS
from tests.builders import build_item, build_person, build_response

FIELDS = ("item_id", "response_model", "setting", "response_round", "status", "text", "error", "created_at")


def cells(content: str | bytes, name: str = "a.csv") -> list[tuple[object, ...]]:
    table = read_table(content if isinstance(content, bytes) else content.encode(), name)
    return [table.columns, *(row.cells for row in table.rows)]


def rows_of(content: str, name: str = "a.jsonl", **mapping: object) -> list[ResponseRecord | RefusedRow]:
    table = read_table(content.encode(), name)
    given = ColumnMapping(**mapping) if mapping else guessed_mapping(table.columns)  # type: ignore[arg-type]
    return list(records_of(table, given))


def row(**given: object) -> str:
    return json.dumps({"item_id": "own/a/1", "model": "m", "text": "Bread."} | given) + "\n"


def reason(**given: object) -> str:
    (found,) = rows_of(row(**given))
    assert isinstance(found, RefusedRow)
    return found.reason


def imported(session: Session, content: str, name: str = "a.jsonl", **mapping: object) -> TableReport:
    table = read_table(content.encode(), name)
    given = ColumnMapping(**mapping) if mapping else guessed_mapping(table.columns)  # type: ignore[arg-type]
    return import_table(session, table=table, mapping=given, author=current_person(session))


# -- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_is_read_whatever_its_delimiter_and_byte_order_mark(delimiter, mark):
    text = mark + delimiter.join(("item_id", "text")) + "\r\n" + delimiter.join(("a", "b")) + "\r\n"
    assert cells(text) == [("item_id", "text"), ("a", "b")]


def test_a_quoted_cell_keeps_its_line_breaks_quotes_and_delimiters():
    assert cells('item,text\na,"one,\r\ntwo ""x""; three"\n')[1] == ("a", 'one,\r\ntwo "x"; three')


def test_rows_are_numbered_as_a_spreadsheet_and_an_editor_number_them():
    # The head is row 1, the broken cell is one row, the empty row counts: the last is row 4.
    table = read_table(b'item,text\na,"x\ny"\n\nb,z\n', "a.csv")
    assert [row.number for row in table.rows] == [2, 4]
    table = read_table(b'{"a": 1}\n\n{"a": 2}\n', "a.jsonl")
    assert [row.number for row in table.rows] == [1, 3]


def test_fields_of_json_lines_may_come_and_go():
    assert cells('{"a": 1}\r\n{"b": "x\u2028y", "a": null}', "a.jsonl") == [
        ("a", "b"),
        (1, None),
        (None, "x\u2028y"),
    ]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"item,text\na,caf\xe9\n", "a.csv", "UTF-8 at byte 15"),
        (b"\xef\xbb\xbfitem,text\na,caf\xe9\n", "a.csv", "UTF-8 at byte 18"),
        (b'{"a": 1}\n{"a": NaN}\n', "a.jsonl", "line 2: no usable JSON .NaN is no JSON number"),
        (b'{"a": 1, "a": 2}', "a.jsonl", "line 1: no usable JSON .two fields are named 'a'"),
        (b'{"a": 1}\n{"a": ', "a.jsonl", "line 2, column 7"),
        (b'{"a": ' + b"[" * 200_000, "a.jsonl", "line 1: no usable JSON .nested too deeply"),
        (b"[1]", "a.jsonl", "line 1: holds a list"),
        (b'{"a": ' + b"1" * 5000 + b"}", "a.jsonl", "line 1: no usable JSON"),
        (b'item,text\na,"never closed\n', "a.csv", "line 2: no valid CSV"),
        (b"text,text\na,b\n", "a.csv", "two columns are named text"),
        (b"item,text\n", "a.csv", "no rows"),
        (b"", "a.jsonl", "no rows"),
        (b"PK\x03\x04", "a.csv", "workbook"),
        (b"{}", "a.txt", "neither .csv nor .jsonl"),
        (b"a," * 200 + b"a\n", "a.csv", "more than 200 columns"),
        (b'{"\\ud800": 1}', "a.jsonl", "no text"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(content, name, said):
    with pytest.raises(BenchmarkFormatError, match=said):
        read_table(content, name)


@pytest.mark.parametrize(
    ("limit", "value", "content", "name"),
    [
        ("MAX_FILE_BYTES", 5, b"item,text\n", "a.csv"),
        ("MAX_ROWS", 1, b"item,text\na,b\nc,d\n", "a.csv"),
        ("MAX_ROWS", 1, b'{"a": 1}\n{"a": 2}\n', "a.jsonl"),
        ("MAX_CELLS", 3, b"item,text\na,b\nc,d\n", "a.csv"),
        ("MAX_CELL", 3, b"item,text\na,four\n", "a.csv"),
        ("MAX_CELL", 3, b'{"a": "four"}\n', "a.jsonl"),
        ("LONGEST_LINE", 8, b"item,text\na,b\n", "a.csv"),
    ],
)
def test_what_is_beyond_a_limit_is_refused(monkeypatch, limit, value, content, name):
    assert read_table(b'{"a": "four"}\n', "a.jsonl").rows
    monkeypatch.setattr(tables, limit, value)
    with pytest.raises(BenchmarkFormatError):
        read_table(content, name)


def test_a_response_longer_than_the_csv_library_allows_by_itself_is_read():
    assert len(cells("item,text\na," + "x" * 200_000 + "\n")[1][1]) == 200_000  # type: ignore[arg-type]


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.jsonl"]))
def test_no_bytes_bring_reading_down(content, name):
    try:
        table = read_table(content, name)
    except BenchmarkFormatError:
        return
    named = ColumnMapping(text=table.columns[0], item=table.columns[-1], model_name="m")
    assert len(list(records_of(table, named))) == len(table.rows)


# -- columns --------------------------------------------------------------------------------------------------------


def test_the_columns_of_our_own_export_need_no_choosing():
    columns = ("item_id", "response_id", "response_model", "setting", "response_round", "status", "text", "error")
    assert guessed_mapping((*columns, "created_at")) == ColumnMapping(
        text="text",
        item="item_id",
        model="response_model",
        setting="setting",
        round="response_round",
        status="status",
        error="error",
        created_at="created_at",
    )


@pytest.mark.parametrize("name", ["text", "Response", "model_response", "Model Response", "output", "answer"])
def test_usual_names_are_guessed_whatever_their_case(name):
    found = guessed_mapping(("ID", "Model", name))
    assert (found.item, found.model, found.text) == ("ID", "Model", name)


def test_an_item_named_in_parts_is_preferred_to_a_column_that_is_only_called_id():
    found = guessed_mapping(("id", "subset", "index", "wording", "text"))
    assert (found.item, found.subset, found.index, found.wording) == (None, "subset", "index", "wording")


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (ColumnMapping(item="item", model_name="m"), "text of the responses"),
        (ColumnMapping(text="text", model_name="m"), "names the item"),
        (ColumnMapping(text="text", item="item"), "names the model"),
        (ColumnMapping(text="text", item="item", model="modell"), "no column named modell"),
        (ColumnMapping(text="text", item="item", model_name="a\nb"), "one line"),
    ],
)
def test_a_mapping_that_is_not_complete_says_what_is_missing(mapping, said):
    table = read_table(b"item,text\na,b\n", "a.csv")
    with pytest.raises(BenchmarkFormatError, match=said):
        records_of(table, mapping)


# -- rows -----------------------------------------------------------------------------------------------------------


def test_a_row_without_a_status_is_read_as_cross_s_results_are():
    texts = ["Bread.", " ", "ERROR: The API call failed.", None]
    found = [rows_of(row(text=text))[0] for text in texts]
    assert [(one.status, one.text, one.error) for one in found if isinstance(one, ResponseRecord)] == [
        ("ok", "Bread.", None),
        ("empty", "", None),
        ("failed", "", "ERROR: The API call failed."),
        ("empty", "", None),
    ]
    (failed,) = rows_of(row(text="", error="timed out"))
    assert isinstance(failed, ResponseRecord)
    assert (failed.status, failed.error) == ("failed", "timed out")


def test_what_a_status_says_stands_and_a_refusal_is_no_text():
    (refused,) = rows_of(row(status="refused", text="I cannot help."))
    (cut_off,) = rows_of(row(status="cut_off", text="First the"))
    assert isinstance(refused, ResponseRecord)
    assert isinstance(cut_off, ResponseRecord)
    assert (refused.status, refused.text, refused.error) == ("refused", "", "I cannot help.")
    assert (cut_off.status, cut_off.text) == ("cut_off", "First the")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"status": "done"}, "its status is 'done'; known are ok, failed, refused, empty, cut_off"),
        ({"status": "ok", "text": " "}, "its status is ok, but it has no text"),
        ({"status": "empty"}, "its status is empty, but it has a text"),
        ({"setting": "french"}, "its setting is 'french'"),
        ({"round": "0"}, "its round is '0'"),
        ({"round": "١"}, "its round is '١'"),
        ({"round": 1.5}, "its round is a number"),
        ({"text": {"a": 1}}, "its text is an object"),
        ({"text": 42}, "its text is a number"),
        ({"text": "a\0b"}, "characters that are no text"),
        ({"text": "\ud800"}, "characters that are no text"),
        ({"item_id": None}, "names no item"),
        ({"item_id": "x" * 301}, "longer than 300"),
        ({"model": " "}, "names no model"),
        ({"model": "a\nb"}, "one line"),
        ({"created_at": "yesterday"}, "its time is 'yesterday'"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "its time is"),
    ],
)
def test_a_row_that_cannot_be_meant_is_refused_with_its_reason(given, said):
    assert said in reason(**given)


def test_an_item_can_be_named_by_subset_index_and_wording():
    content = '{"subset": "casa", "index": "New Zealand_1", "wording": 2, "text": "x", "model": "m"}'
    (found,) = rows_of(content)
    assert isinstance(found, ResponseRecord)
    # A blank is written as its byte, as the importer of items does.
    assert found.item_id == "casa/New%20Zealand_1/2"


def test_a_csv_row_with_another_number_of_cells_is_refused():
    found = rows_of("item,model,text\na,m\nb,m,x,y\nc,m,x\n", "a.csv")
    assert [type(one) for one in found] == [RefusedRow, RefusedRow, ResponseRecord]
    assert found[0] == RefusedRow(2, "has fewer cells than there are columns; are its quotes right?")


# -- storing --------------------------------------------------------------------------------------------------------


def build_responses(session: Session) -> None:
    """Add a response of each status, in each setting, some with a second round and hostile text."""
    states = [
        ("ok", " Bread,\r\n\"first\"; 'then'\t<b>\u2028\u202e ", None),
        ("ok", "ERROR: is what I would avoid saying.", None),
        ("cut_off", "=1+1", None),
        ("failed", "", "timeout: no answer"),
        ("refused", "", "I cannot help."),
        ("empty", "", None),
    ]
    for number, (status, text, error) in enumerate(states):
        item = build_item(session, id=f"own/x_{number}/1")
        written = datetime(2026, 1, 2, 3, 4, 5, number, tzinfo=UTC)
        for setting in RESPONSE_SETTINGS:
            for turn in (1, 2):
                kept = {"status": status, "text": text, "error": error, "created_at": written}
                build_response(session, item, model="a/model:1 é", setting=setting, round=turn, **kept)


def exported(session: Session) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in response_records(session))


def told(export: str) -> list[list[object]]:
    """Return the lines of an export but for the number of the response, which is the workspace's own."""
    return [[json.loads(line)[field] for field in FIELDS] for line in export.split("\n") if line]


def test_export_and_import_into_a_workspace_with_the_same_items_is_the_identity(session):
    build_responses(session)
    before = exported(session)
    for stored in session.exec(select(Response)).all():
        session.delete(stored)
    session.flush()
    report = imported(session, before)
    # 6 states, 3 settings, 2 rounds.
    assert report == TableReport(accepted=36, unchanged=0, changed=[], refused=[])
    assert told(exported(session)) == told(before)


def test_a_second_import_changes_nothing(session):
    build_responses(session)
    before = exported(session)
    assert imported(session, before) == TableReport(accepted=0, unchanged=36, changed=[], refused=[])
    assert exported(session) == before


def test_a_row_that_differs_is_listed_and_the_stored_one_stays(session):
    item = build_item(session)
    stored = build_response(session, item, model="m", text="Bread.")
    report = imported(session, row(item_id=item.id, text="Soup."))
    assert report.changed == [ChangedRow(1, item.id, "m", "english", 1, ("text",))]
    assert (report.accepted, stored.text) == (0, "Bread.")


def test_the_setting_follows_the_item_s_wording_where_no_column_says_it(session):
    english, translated = build_item(session), build_item(session, wording="translation")
    imported(session, row(item_id=english.id) + row(item_id=translated.id))
    found = session.exec(select(Response.item_id, Response.setting)).all()
    assert set(found) == {(english.id, "english"), (translated.id, "translation")}


def test_one_setting_and_one_model_can_be_given_for_all_rows(session):
    item = build_item(session)
    imported(
        session,
        f"item,text\n{item.id},x\n",
        "a.csv",
        text="text",
        item="item",
        model_name="m",
        setting_name="text-only",
    )
    assert session.exec(select(Response.model, Response.setting)).all() == [("m", "text-only")]


def test_unknown_items_and_rows_told_twice_are_refused_and_the_rest_enters(session):
    item = build_item(session)
    report = imported(session, row(item_id=item.id) + row(item_id="own/none/1") + row(item_id=item.id, text="Soup."))
    assert report.accepted == 1
    assert report.refused == [
        RefusedRow(2, "no item here is named own/none/1: import the items first"),
        RefusedRow(3, "answers as row 1 does: item, model, setting and round are the same"),
    ]
    assert session.exec(select(Response.text)).one() == "Bread."


def test_a_model_whose_responses_were_collected_here_takes_no_others(session):
    first, second = build_item(session), build_item(session)
    job = Job(kind="respond", title="Collect m")
    session.add(job)
    session.flush()
    session.add(
        ResponseRun(
            id="respond-1", job_id=job.id, selection={}, stored_as="m", model="m", base_url="http://x", parameters={}
        )
    )
    build_response(session, first, model="m", text="Bread.")
    report = imported(session, row(item_id=first.id) + row(item_id=second.id))
    # What is stored already is recognised; what is not would be mixed with it.
    assert (report.accepted, report.unchanged) == (0, 1)
    assert "responses of m were collected here" in report.refused[0].reason


def test_experts_import_nothing(session):
    table = read_table(row().encode(), "a.jsonl")
    with pytest.raises(UserError, match="Only the leads"):
        import_table(session, table=table, mapping=guessed_mapping(table.columns), author=build_person(session))


def test_a_preview_shows_what_would_enter_and_stores_nothing(session):
    item = build_item(session, wording="translation")
    table = read_table((row(item_id="none") + row(item_id=item.id) + row(item_id=item.id, round=2)).encode(), "a.jsonl")
    seen = preview(session, table, guessed_mapping(table.columns), limit=1)
    assert [(one.row, one.setting, one.text) for one in seen.rows] == [(2, "translation", "Bread.")]
    assert (seen.report.accepted, len(seen.report.refused)) == (2, 1)
    assert session.exec(select(Response)).all() == []


def test_many_rows_take_few_queries(session):
    items = [build_item(session) for _ in range(12)]
    content = "".join(row(item_id=item.id, round=turn) for item in items for turn in range(1, 501))
    current_person(session)
    # 12 items with 500 rounds: 6,000 rows, two chunks of up to 5,000.
    asked: list[str] = []
    event.listen(write_engine(), "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert imported(session, content).accepted == 6000
    # The person, the runs, for each chunk two queries and an insert: 1 + 1 + 2 * 3.
    assert len(asked) == 8


# -- the command ----------------------------------------------------------------------------------------------------


def said_by(*words: object) -> tuple[int, dict[str, object], str]:
    command = typer.Typer()
    command.command()(import_responses_command)
    done = CliRunner().invoke(command, [*map(str, words), "--json"])
    last = done.stdout.splitlines()[-1] if done.stdout else "{}"
    return done.exit_code, json.loads(last), done.stderr


def test_the_command_answers_with_its_fields_and_a_dry_run_stores_nothing(workspace, tmp_path):
    with transaction() as session:
        item = build_item(session)
    path = tmp_path / "answers.csv"
    path.write_text(f"item,answer\n{item.id},Bread.\nnone,Soup.\n", encoding="utf-8")
    for words, there in ((("--dry-run",), 0), ((), 1)):
        status, said, _ = said_by(path, "--model", "m", *words)
        assert status == 0
        assert said.keys() == {"ok", "elapsed_s", "accepted", "unchanged", "changed", "refused"}
        assert (said["ok"], said["accepted"], said["unchanged"], said["changed"]) == (True, 1, 0, [])
        assert said["refused"] == [{"row": 3, "reason": "no item here is named none: import the items first"}]
        with reading() as session:
            assert len(session.exec(select(Response)).all()) == there


def test_the_command_says_in_one_line_what_is_missing(workspace, tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("item,answer\na,Bread.\n", encoding="utf-8")
    status, _, problem = said_by(path)
    assert (status, len(problem.splitlines())) == (1, 1)
    assert "Choose the column that names the model" in problem
    assert said_by(tmp_path / "none.csv")[0] == 1
    assert said_by(path, "--setting", "french")[0] == 2

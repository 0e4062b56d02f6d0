"""The Import page: upload, progress, report."""

import json

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.benchmark.uploads import keep_uploads
from core.config import settings
from core.db import reading
from core.errors import BenchmarkFormatError
from core.jobs import ALIVE
from core.models import Item, Job
from tests.test_jobs import wait_until
from tests.test_reader import casa


def open_page() -> AppTest:
    page = AppTest.from_file("../app.py", default_timeout=30).run()
    return page.switch_page("pages/import_benchmark.py").run()


def ended_import() -> Job:
    with reading() as session:
        job = session.exec(select(Job)).one()
    return wait_until(job.id, lambda job: job.state not in ALIVE)


def upload(page: AppTest, content: bytes) -> AppTest:
    page.file_uploader[1].upload("english.json", content, "application/json")
    page.button[0].click().run()
    ended_import()
    return open_page()


def test_an_upload_is_imported_and_reported(workspace):
    page = upload(open_page(), json.dumps([casa(), casa(index=None)]).encode())
    assert not page.exception
    with reading() as session:
        assert session.exec(select(Item.id)).all() == ["casa/Morocco_4/1"]
    assert any("Refused records" in expander.label for expander in page.expander)
    assert not list(settings().uploads.iterdir())


def test_a_bad_upload_is_a_message_and_nothing_enters(workspace):
    page = upload(open_page(), b'{"no": "list"}')
    assert not page.exception
    (message,) = page.error
    assert "holds an object where a list" in message.value
    with reading() as session:
        assert session.exec(select(Item.id)).all() == []


def test_a_folder_on_this_machine_is_imported(workspace, tmp_path):
    (tmp_path / "flat.json").write_text(json.dumps([casa()]), encoding="utf-8")
    page = open_page()
    page.text_input[0].set_value(str(tmp_path))
    page.button[1].click().run()
    assert ended_import().state == "done"


def test_uploads_keep_the_layout_of_a_chosen_folder(workspace):
    folder = keep_uploads(
        [("CROSS/data/casa/english.json", b"[]"), ("CROSS/images/casa/a.jpg", b"x"), ("CROSS/a.sh", b"")]
    )
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == [
        "data/casa/english.json",
        "images/casa/a.jpg",
    ]


@pytest.mark.parametrize("name", ["../evil.json", "/etc/evil.json", "a/../../evil.json", "..\\evil.json"])
def test_uploads_never_leave_their_folder(workspace, name):
    with pytest.raises(BenchmarkFormatError, match="leaves the folder"):
        keep_uploads([(name, b"[]")])


def test_uploads_without_a_json_file_say_so(workspace):
    with pytest.raises(BenchmarkFormatError, match=r"no \.json file"):
        keep_uploads([("a.jpg", b"")])

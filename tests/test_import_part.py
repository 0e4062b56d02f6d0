"""The part of the screen that brings in responses from a file, as AppTest sees it."""

import json
from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.db import reading, transaction
from core.models import Item, Response
from core.people import current_person
from tests.builders import build_item


def part() -> None:
    from core.people import person_here
    from pages.components.judging.import_part import import_part

    import_part(person_here())


@pytest.fixture
def items(workspace: Path) -> list[Item]:
    with transaction() as session:
        current_person(session)
        return [build_item(session), build_item(session)]


def uploaded(name: str, content: str | bytes) -> AppTest:
    app = AppTest.from_function(part, default_timeout=30).run()
    given = content if isinstance(content, bytes) else content.encode()
    app.file_uploader[0].set_value((name, given, "application/octet-stream")).run()
    assert not app.exception
    return app


def box(app: AppTest, label: str):
    return next(box for box in app.selectbox if box.label == label)


def cells(app: AppTest) -> list[list[object]]:
    return [row for frame in app.dataframe for row in frame.value.astype(object).to_numpy().tolist()]


def stored() -> list[tuple[str, str, str]]:
    with reading() as session:
        rows = session.exec(select(Response).order_by(Response.id)).all()
        return [(row.item_id, row.model, row.text) for row in rows]


def test_without_a_file_it_says_what_the_file_needs(workspace):
    app = AppTest.from_function(part, default_timeout=30).run()
    assert "the item it answers and the model that wrote it" in app.info[0].value
    assert not app.button


def test_a_file_is_previewed_imported_and_reported(items):
    rows = [{"item_id": item, "model": "m", "response": "Bread."} for item in (items[0].id, "none")]
    app = uploaded("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert [box(app, label).value for label in ("Text", "Item", "Model")] == ["response", "item_id", "model"]
    assert cells(app)[0] == [1, items[0].id, "m", "English", 1, "ok", "Bread."]
    assert cells(app)[1] == [2, "no item here is named none: import the items first"]
    assert stored() == []
    assert app.button[0].label == "Import 1 response"
    app.button[0].click().run()
    assert "1 response imported from a\\.jsonl" in app.success[0].value
    assert "0 unchanged, 0 changed, 1 refused" in app.caption[0].value
    assert stored() == [(items[0].id, "m", "Bread.")]


def test_columns_that_no_name_tells_are_asked_for(items):
    content = "subset;index;wording;words\n" + "".join(f"own;{item.source_index};1;Bread.\n" for item in items)
    app = uploaded("a.csv", content)
    assert "column that holds the text" in app.info[0].value
    box(app, "Text").set_value("words").run()
    assert "name of the model" in app.info[0].value
    assert box(app, "Index").value == "index"
    app.text_input[0].set_value("my model").run()
    app.button[0].click().run()
    assert stored() == [(item.id, "my model", "Bread.") for item in items]


def test_one_setting_can_hold_for_all_rows(items):
    app = uploaded("a.csv", f"item,model,text\n{items[0].id},m,Bread.\n")
    box(app, "Setting").set_value(("text-only",)).run()
    assert cells(app)[0][3] == "Without the picture"


def test_a_file_with_nothing_new_has_nothing_to_import(items):
    content = f"item,model,text\n{items[0].id},m,Bread.\n"
    uploaded("a.csv", content).button[0].click().run()
    app = uploaded("a.csv", content)
    assert "1 unchanged" in app.caption[0].value
    assert app.button[0].disabled


def test_a_file_that_cannot_be_read_says_why_and_the_page_goes_on(items):
    app = uploaded("a.csv", b"item,text\na,caf\xe9\n")
    assert "not valid UTF\\-8 at byte 15" in app.error[0].value
    assert not app.button


def test_names_and_texts_of_a_file_stay_text(items):
    hostile = ":red[x] <b>$y$</b> **z**"
    app = uploaded(f"{hostile}.csv".replace("/", ""), f'item,model,{hostile}\n"{hostile}",m,{hostile}\n')
    box(app, "Text").set_value(hostile).run()
    shown = [element.value for kind in ("markdown", "caption", "info", "error") for element in getattr(app, kind)]
    assert cells(app)[0][1] == f"no item here is named {hostile}: import the items first"
    assert not any("<b>" in text or ":red[x]" in text for text in shown)

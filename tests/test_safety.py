"""What the code must never do, read off the code itself, and what the settings must say."""

import ast
import re
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from core.db import MIGRATIONS, transaction, write_engine
from core.models import WorkspaceSetting

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [
    ROOT / "app.py",
    *sorted(path for folder in ("core", "pages", "data/sample") for path in (ROOT / folder).rglob("*.py")),
]
FORBIDDEN = [
    r"unsafe_allow_html\s*=\s*True",
    r"components\.html",
    r"st\.iframe",
    r"shell\s*=\s*True",
    r"trust_remote_code\s*=\s*True",
    r"weights_only\s*=\s*False",
    r"allow_pickle\s*=\s*True",
    r"\bimport pickle\b",
    r"joblib",
    r"yaml\.load\(",
    r"\beval\(",
    r"\bexec\(",
    r"os\.system",
]


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_source_does_what_is_forbidden(pattern):
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line) and "session.exec(" not in line
    ]
    assert found == []


def test_html_is_written_only_where_it_is_constant():
    """`st.html` stands in the frame alone, and there it takes constants."""
    found = [path.name for path in SOURCES if "st.html(" in path.read_text(encoding="utf-8")]
    assert found == ["frame.py"]


def test_components_set_text_never_html_from_data():
    for path in (ROOT / "pages" / "components").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        for pattern in ("insertAdjacentHTML", "document.write", "outerHTML", "new Function"):
            assert pattern not in text, path.name
        # innerHTML may only take a literal without holes.
        for found in re.finditer(r"innerHTML\s*=\s*(.*)", text):
            assert "${" not in found[1], f"{path.name}: {found[0]}"


def test_pages_hold_no_query_and_no_try():
    for path in sorted((ROOT / "pages").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert "select" not in names, path.name
        assert not any(isinstance(node, ast.Try) for node in ast.walk(tree)), path.name


def test_the_app_listens_on_this_machine_only_and_shows_no_tracebacks():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["server"]["enableXsrfProtection"] is True
    assert config["client"]["showErrorDetails"] == "none"
    assert config["browser"]["gatherUsageStats"] is False
    assert config["runner"]["magicEnabled"] is False


def test_migrations_and_tables_agree(workspace):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with write_engine().begin() as connection:
        config.attributes["connection"] = connection
        # Raises where a table has no migration.
        assert command.check(config) is None


def test_concurrent_changes_lose_nothing(workspace):
    """Twenty threads add one to a number fifty times each: with SQLite's defaults most of them would be lost."""
    with transaction() as session:
        session.add(WorkspaceSetting(key="count", text="0"))

    def add() -> None:
        for _ in range(50):
            with transaction() as session:
                row = session.get_one(WorkspaceSetting, "count")
                row.text = str(int(row.text) + 1)

    with ThreadPoolExecutor(20) as pool:
        for future in [pool.submit(add) for _ in range(20)]:
            future.result()
    with transaction() as session:
        assert session.get_one(WorkspaceSetting, "count").text == "1000"

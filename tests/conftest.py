"""An empty workspace for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from core.config import settings
from core.db import migrate, transaction, write_engine


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder of an empty, migrated workspace that this process and its children use."""
    home = tmp_path / "workspace"
    monkeypatch.setenv("CROSS_REVIEW_HOME", str(home))
    for name in ("DATABASE_URL", "CROSS_REVIEW_PERSON", "CROSS_REVIEW_SPLIT_SEED", "CROSS_REVIEW_HELD_OUT_SHARE"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    migrate()
    yield home
    settings.cache_clear()


@pytest.fixture
def session(workspace: Path) -> Iterator[Session]:
    """Give a session on the empty workspace; it commits at the end of the test."""
    with transaction() as session:
        yield session


@pytest.fixture
def committing(workspace: Path) -> Iterator[Session]:
    """Give a session that a test commits itself, so that others see what it has stored."""
    with Session(write_engine(), expire_on_commit=False) as session:
        yield session
        session.commit()

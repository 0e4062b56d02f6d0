"""The engine, and the two ways to use it: `transaction()` to change, `reading()` to look."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, create_engine

from core.config import PROJECT, settings
from core.errors import UserError
from core.turns import Turns

MIGRATIONS = PROJECT / "core" / "migrations"
# A page gives up after this long and says so; a job can wait.
_PATIENCE_S = {"now": 5.0}
JOB_PATIENCE_S = 60.0
_WRITING = Turns()


def _lower(text: object) -> object:
    return text.lower() if isinstance(text, str) else text


def _sqlite_engine(url: str, begin: str) -> Engine:
    """Return an engine whose transactions start as told.

    The driver's own transactions lose updates without an error (1,000 read-modify-writes by 20 processes left 60);
    with BEGIN IMMEDIATE, WAL and a busy timeout all 1,000 arrive.
    """
    engine = create_engine(
        url, connect_args={"timeout": _PATIENCE_S["now"], "check_same_thread": False}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - sqlite3's connection
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            f"busy_timeout={int(_PATIENCE_S['now'] * 1000)}",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
        # SQLite's own lower() knows ASCII only, so that a search for Россия would miss россия.
        connection.create_function("lower", 1, _lower, deterministic=True)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def wait_for_other_writers(seconds: float = JOB_PATIENCE_S) -> None:
    """Let this process wait that long for the database; for jobs and commands, where nobody looks at a screen."""
    _PATIENCE_S["now"] = seconds
    _engine.cache_clear()


@lru_cache(maxsize=8)
def _engine(url: str, writes: bool) -> Engine:
    if url.startswith("sqlite"):
        return _sqlite_engine(url, "BEGIN IMMEDIATE" if writes else "BEGIN")
    return create_engine(url, pool_pre_ping=True, hide_parameters=True)


def write_engine() -> Engine:
    """Return the engine for changes, for the database the settings name now."""
    if settings().database_url.startswith("sqlite"):
        try:
            settings().workspace.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"{settings().workspace} cannot be a workspace ({error.strerror}). Set CROSS_REVIEW_HOME to a folder."
            ) from error
    return _engine(settings().database_url, writes=True)


def read_engine() -> Engine:
    """Return the engine for looking: it never waits for a writer on SQLite."""
    return _engine(settings().database_url, writes=False)


@contextmanager
def transaction() -> Iterator[Session]:
    """Give a session that commits when the block ends and rolls back when it raises; nobody else commits."""
    engine = write_engine()
    with _turn(engine), Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Let one thread of this process write at a time.

    SQLite lets those who wait look again and again, and whoever looks at the right moment wins: with 20 writers some
    waited for all of five seconds. PostgreSQL keeps its own queue.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    if not _WRITING.take(_PATIENCE_S["now"]):
        raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
    try:
        yield
    finally:
        _WRITING.give()


@contextmanager
def reading() -> Iterator[Session]:
    """Give a session that only looks; changes made in it are dropped when it closes, and its rows stay readable."""
    with Session(read_engine(), expire_on_commit=False) as session:
        yield session


def migrate() -> None:
    """Bring the database to the newest schema; a database that is there already costs one query."""
    if _stored_revision() == _newest_revision():
        return
    # Imported only where there is something to do: it costs a third of a second of every start.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with write_engine().begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _newest_revision() -> str:
    """Return the newest schema's number; a migration's file name begins with it."""
    return max(path.name.split("_", 1)[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _stored_revision() -> str | None:
    with write_engine().connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

"""A workspace of an earlier version comes through an upgrade whole."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlmodel import select

from core.config import settings
from core.db import MIGRATIONS, migrate, reading, write_engine
from core.models import Judge, Judgement, Response

_BEFORE = """
INSERT INTO item (id, base_item_id, subset, source_index, wording, language, query, query_english, image_status,
    family_id, split, content_hash, raw, imported_at)
  VALUES ('own/a/1', 'own/a', 'own', 'a', '1', 'en', 'q', 'q', 'missing', 'f', 'held_out', 'h', '{}', '2026-11-01');
INSERT INTO response (id, item_id, model, setting, round, status, text, created_at)
  VALUES (1, 'own/a/1', 'm', 'english', 1, 'ok', 'kept', '2026-11-01');
INSERT INTO judgement (id, response_id, dimension, judge, judge_model, judge_round, prompt_version, score, status,
    created_at) VALUES (1, 1, 'awareness', 'cross-eval', 'gpt-4o', 1, 'older', 0, 'scored', '2026-11-01');
INSERT INTO judgement (id, response_id, dimension, judge, judge_model, judge_round, prompt_version, score, status,
    created_at) VALUES (2, 1, 'awareness', 'cross-eval', 'gpt-4o', 1, 'newer', 1, 'scored', '2026-11-02');
"""


def test_judges_of_earlier_imports_get_their_row_and_nothing_is_lost(tmp_path, monkeypatch):
    monkeypatch.setenv("CROSS_REVIEW_HOME", str(tmp_path))
    settings.cache_clear()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with write_engine().begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in filter(str.strip, _BEFORE.split(";")):
            connection.execute(text(statement))
    migrate()
    with reading() as session:
        (judge,) = session.exec(select(Judge)).all()
        scores = {row.id: row.score for row in session.exec(select(Judgement))}
        kept = session.get_one(Response, 1)
    settings.cache_clear()
    assert (judge.name, judge.origin, judge.model, judge.prompt_version) == (
        "cross-eval",
        "imported",
        "gpt-4o",
        "newer",
    )
    assert scores == {1: 0, 2: 1}
    assert (kept.text, kept.run_id, kept.prompt_tokens) == ("kept", None, None)

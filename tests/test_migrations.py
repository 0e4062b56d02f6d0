"""A workspace of an earlier version comes through an upgrade whole."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlmodel import select

from core.config import settings
from core.db import MIGRATIONS, migrate, reading, write_engine
from core.models import (
    Assignment,
    CountryKnown,
    Judge,
    Judgement,
    JudgeRun,
    Lease,
    LockedResponse,
    Response,
    ReviewSession,
)

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


_RUN_BEFORE = """
INSERT INTO job (id, kind, title, arguments, state, progress_done, progress_from, progress_note, stop_requested,
    created_at) VALUES (1, 'judge', 't', '{}', 'done', 0, 0, '', 0, '2026-11-01');
INSERT INTO judge (id, name, origin, model, prompt_version, base_url, api_key_env, parameters, created_at)
  VALUES (1, 'j', 'run', 'm', 'v', 'http://127.0.0.1:9/v1', 'MY_KEY', '{}', '2026-11-01');
INSERT INTO judge_run (id, job_id, selection, rounds, concurrency, calls, retries, reserved_usd, largest_call_usd,
    in_flight, lost_calls, failures, created_at, judge_id, prompt_version, mode, first_round, secret,
    ask_unreadable_again)
  VALUES ('judge-20261101-00000001', 1, '{}', 1, 8, 0, 0, 0, 0, 0, 0, '{}', '2026-11-01', 1, 'v', 'live', 1, 's', 0);
"""


def upgraded(home: Path, monkeypatch, revision: str, rows: str) -> None:
    """Make a workspace of an earlier version with these rows, then bring it up to date."""
    monkeypatch.setenv("CROSS_REVIEW_HOME", str(home))
    settings.cache_clear()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with write_engine().begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for statement in filter(str.strip, rows.split(";")):
            connection.execute(text(statement))
    migrate()


_PEOPLE_BEFORE = """
INSERT INTO person (id, name, role, pseudonym, created_at) VALUES (1, 'Amina', 'expert', 'expert-1', '2026-11-01');
INSERT INTO country_known (person_id, country, is_from, years_lived) VALUES (1, 'Iran', 1, 20), (1, 'Japan', 0, 0);
"""


def test_years_kept_as_0_were_never_said(tmp_path, monkeypatch):
    upgraded(tmp_path, monkeypatch, "0004", _PEOPLE_BEFORE)
    with reading() as session:
        years = {row.country: row.years_lived for row in session.exec(select(CountryKnown))}
    settings.cache_clear()
    assert years == {"Iran": 20, "Japan": None}


_LABELLING_BEFORE = (
    _PEOPLE_BEFORE
    + _BEFORE.replace("item (id,", "item (country, id,").replace("VALUES ('own/a/1'", "VALUES ('Iran', 'own/a/1'")
    + """
INSERT INTO response (id, item_id, model, setting, round, status, text, created_at)
  VALUES (2, 'own/a/1', 'm', 'english', 2, 'ok', 'came later', '2026-11-09');
INSERT INTO review_session (id, person_id, title, planned, created_at) VALUES (1, 1, 't', 1, '2026-11-05');
INSERT INTO assignment (session_id, position, response_id) VALUES (1, 0, 1);
INSERT INTO lease (session_id, response_id, person_id, expires_at) VALUES (1, 1, 1, '2026-11-05');
INSERT INTO label (person_id, response_id, dimension, form_id, phase, score, cant_say, retracted, pool, language_shown,
    translation_shown, submitted_at) VALUES (1, 1, 'awareness', 'x', 'blind', 1, 0, 0, 'from', 'en', 0, '2026-11-05');
INSERT INTO locked_response (person_id, response_id, locked_at) VALUES (1, 1, '2026-11-05');
"""
)


def test_leases_and_locks_learn_how_their_person_knows_the_country_and_sessions_what_there_was(tmp_path, monkeypatch):
    upgraded(tmp_path, monkeypatch, "0004", _LABELLING_BEFORE)
    with reading() as session:
        found = (session.exec(select(Lease.pool)).one(), session.exec(select(LockedResponse.pool)).one())
        up_to = session.exec(select(ReviewSession.drawn_up_to)).one()
        follows = session.exec(select(Assignment.follows)).one()
    settings.cache_clear()
    assert (found, up_to, follows) == (("from", "from"), 1, False)


def test_a_run_of_before_is_given_the_address_of_its_judge(tmp_path, monkeypatch):
    upgraded(tmp_path, monkeypatch, "0002", _RUN_BEFORE)
    with reading() as session:
        run = session.exec(select(JudgeRun)).one()
    settings.cache_clear()
    assert (run.base_url, run.api_key_env) == ("http://127.0.0.1:9/v1", "MY_KEY")


def test_judges_of_earlier_imports_get_their_row_and_nothing_is_lost(tmp_path, monkeypatch):
    upgraded(tmp_path, monkeypatch, "0001", _BEFORE)
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

"""Responses to judge, runs of a judge over them, and a check of every score against what the stub served."""

import hashlib
import hmac
import re
from collections import defaultdict

from sqlmodel import col, select

from core.db import reading, transaction
from core.job_process import run_here
from core.judging.judge_run import Bounds, JudgeSettings, start_judge_run
from core.judging.prompts import current_words
from core.judging.selection import Selection
from core.models import JudgeCall, Judgement, JudgeRun
from core.people import current_person
from tests.builders import build_item, build_response
from tests.fake_replies import Served, expected_score
from tests.fakes import StubEndpoint

KEY = "sk-CANARY-0123456789"


def settings(stub: StubEndpoint, **given) -> JudgeSettings:
    known = {"name": "judge-x", "base_url": stub.url, "model": "some-model", "prompt": "four-calls"}
    return JudgeSettings(**(known | given))


def start(
    judge: JudgeSettings, chosen: Selection | None = None, *, words=None, has_moved: bool = False, **bounds
) -> JudgeRun:
    with transaction() as session:
        return start_judge_run(
            session,
            settings=judge,
            words=words or current_words(judge.prompt),
            chosen=chosen or Selection(),
            bounds=Bounds(**bounds),
            author=current_person(session),
            has_moved=has_moved,
        )


def judged(judge: JudgeSettings, chosen: Selection | None = None, **given) -> JudgeRun:
    run = start(judge, chosen, **given)
    run_here(run.job_id)
    return run


def responses(count: int, **given) -> list[int]:
    with transaction() as session:
        return [build_response(session, build_item(session), **given).id for _ in range(count)]


def judgements(**where) -> list[Judgement]:
    with reading() as session:
        query = select(Judgement).filter_by(**where).order_by(col(Judgement.response_id), col(Judgement.id))
        return list(session.exec(query))


def assert_as_served(stub: StubEndpoint, run_id: str) -> int:
    """Return how many judgements have a score, all of a run of four calls.

    Each must have the score the endpoint gave for that response and dimension, by a reply it really gave, and be there
    once.
    """
    with reading() as session:
        secret = session.get_one(JudgeRun, run_id).secret
        replies = {call.id: call.raw_reply for call in session.exec(select(JudgeCall).filter_by(run_id=run_id))}
    given: dict[str, list[Served]] = defaultdict(list)
    for one in stub.served:
        given[re.findall(r"<<<(response-\w+)>>>", one.text)[0]].append(one)
    rows = judgements()
    for row in [row for row in rows if row.score is not None]:
        name = hmac.new(secret.encode(), f"{row.response_id}/{row.dimension}".encode(), hashlib.sha256).hexdigest()
        served = given[f"response-{name[:32]}"]
        assert row.score == expected_score(served[0].text)
        assert replies[row.call_id] in [one.content for one in served]
    assert len({(row.response_id, row.dimension, row.judge_round) for row in rows}) == len(rows)
    return sum(row.score is not None for row in rows)

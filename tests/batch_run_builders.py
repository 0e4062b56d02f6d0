"""Runs of a judge through batches that go wrong in a way of the test's own, and what is stored of them."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlmodel import col, select
from starlette.responses import Response

from core.db import reading, transaction
from core.job_process import run_here
from core.jobs import look_at_job, start_job
from core.judging.batch_files import call_named
from core.judging.judge_run import Bounds, JudgeSettings, start_judge_run
from core.judging.prompts import current_words
from core.judging.selection import Selection
from core.models import Job, JudgeBatch, JudgeCall, Judgement, JudgeRun
from core.people import current_person
from core.prices import PriceEntry, set_price
from core.rubric import DIMENSIONS
from tests.builders import build_item, build_response
from tests.fake_replies import expected_score, request_text
from tests.fakes import Batch, StubEndpoint
from tests.job_watch import wait_until

KEY = "sk-CANARY-0123456789"
Line = dict[str, Any]


class BatchStub(StubEndpoint):
    """The stub, with batches that go wrong in a way of the test's own.

    `rates` are the shares of errors of the first batch, the second and so on; `rewrite` changes the lines a batch
    brings; files of errors cannot be had while `holds_error_files`.
    """

    def __init__(
        self,
        *,
        rates: tuple[float, ...] = (),
        rewrite: Callable[[Batch, list[Line]], list[Line]] | None = None,
        **given: Any,
    ) -> None:
        super().__init__(**given)
        self.rates, self.rewrite = rates, rewrite
        self.holds_error_files = False

    def _complete(self, batch: Batch) -> None:
        number = list(self.batches).index(batch.id)
        if self.rates:
            self.batch_error_rate = self.rates[number] if number < len(self.rates) else 0.0
        super()._complete(batch)
        if self.rewrite is not None and batch.output_file_id is not None:
            lines = [json.loads(line) for line in self.files[batch.output_file_id].splitlines()]
            rewritten = [json.dumps(line) for line in self.rewrite(batch, lines)]
            self.files[batch.output_file_id] = "\n".join(rewritten).encode()

    async def _content(self, request: Any) -> Any:
        error_files = {batch.error_file_id for batch in self.batches.values()}
        if self.holds_error_files and request.path_params["id"] in error_files:
            self.count["held"] += 1
            return Response(status_code=503)
        return await super()._content(request)

    def asked(self) -> list[str]:
        """Return the custom ids of all batches there are, in the order they were given."""
        return [name for one in self.batches.values() for name in self.asked_in(one)]

    def asked_in(self, one: Batch) -> list[str]:
        return [json.loads(line)["custom_id"] for line in self.files[one.input_file_id].splitlines()]

    def truth(self) -> dict[tuple[int, str], int]:
        """Return the score the stub gives, by response and dimension; of runs with four calls a response."""
        found = {}
        for one in self.batches.values():
            for line in map(json.loads, self.files[one.input_file_id].splitlines()):
                name = call_named(line["custom_id"])
                assert name is not None
                found[name.response_id, name.asked] = expected_score(request_text(line["body"]))
        return found


def build(count: int) -> list[int]:
    with transaction() as session:
        return [build_response(session, build_item(session)).id for _ in range(count)]


def start(stub: StubEndpoint, *, prompt: str = "four-calls", key_env: str | None = None, **bounds: Any) -> JudgeRun:
    with transaction() as session:
        return start_judge_run(
            session,
            settings=JudgeSettings(
                name="judge-x", base_url=stub.url, model="some-model", prompt=prompt, api_key_env=key_env
            ),
            words=current_words(prompt),
            chosen=Selection(),
            bounds=Bounds(**({"mode": "batch"} | bounds)),
            author=current_person(session),
        )


def judged(stub: StubEndpoint, **given: Any) -> JudgeRun:
    run = start(stub, **given)
    run_here(run.job_id)
    return run_now(run)


def run_now(run: JudgeRun) -> JudgeRun:
    with reading() as session:
        return session.get_one(JudgeRun, run.id)


def batches(run: JudgeRun) -> list[JudgeBatch]:
    with reading() as session:
        query = select(JudgeBatch).where(JudgeBatch.run_id == run.id).order_by(col(JudgeBatch.id))
        return list(session.exec(query))


def judgements() -> list[Judgement]:
    with reading() as session:
        return list(session.exec(select(Judgement).order_by(col(Judgement.id))))


def calls(run: JudgeRun) -> list[JudgeCall]:
    with reading() as session:
        return list(session.exec(select(JudgeCall).where(JudgeCall.run_id == run.id).order_by(col(JudgeCall.id))))


def assert_all_scored_as_served(stub: BatchStub, response_ids: list[int]) -> None:
    rows = judgements()
    assert Counter((row.response_id, row.dimension) for row in rows) == Counter(
        (response_id, dimension) for response_id in response_ids for dimension in DIMENSIONS
    )
    assert {(row.response_id, row.dimension): row.score for row in rows} == stub.truth()


def gone_on(run: JudgeRun, seconds: float = 60) -> Job:
    """Start the run's job again, in a process of its own, and return it when it has ended."""
    start_job(run.job_id)
    wait_until(lambda: look_at_job(run.job_id).state not in ("queued", "running"), seconds)
    return look_at_job(run.job_id)


def priced(**given: Any) -> None:
    with transaction() as session:
        entry = PriceEntry(**({"model": "some-model", "input_usd": 1.0, "output_usd": 10.0} | given))
        set_price(session, entry=entry, author=current_person(session))

"""Runs to estimate, and earlier calls to estimate them by."""

from collections.abc import Iterable

from sqlmodel import Session

from core.estimates import RunEstimate
from core.judges import settled_judge
from core.judging.estimates import judge_estimate
from core.judging.judge_run import Bounds, JudgeSettings
from core.judging.prompts import current_words
from core.judging.selection import Selection
from core.models import Job, JudgeCall, JudgeRun, Response
from core.prices import PriceEntry, set_price
from core.responses.collecting import CollectBounds, CollectSettings, ItemChoice
from core.responses.estimates import collect_estimate
from tests.builders import build_person

WORDS = current_words("four-calls")
JUDGE = JudgeSettings("judge-x", "https://api.example.org/v1", "some-model", "four-calls")
MODEL = CollectSettings("http://127.0.0.1:8000/v1", "some-model")


def estimate(session: Session, judge: JudgeSettings = JUDGE, *, words=WORDS, chosen=None, **given) -> RunEstimate:
    counting = {name: given.pop(name) for name in ("tokenizer", "with_tokenizer") if name in given}
    return judge_estimate(
        session, settings=judge, words=words, chosen=chosen or Selection(), bounds=Bounds(**given), **counting
    )


def collecting(session: Session, model: CollectSettings = MODEL, chosen: ItemChoice | None = None) -> RunEstimate:
    return collect_estimate(session, settings=model, chosen=chosen or ItemChoice(), bounds=CollectBounds())


def price(session: Session, **given: float) -> None:
    entry = PriceEntry("some-model", **({"input_usd": 2.0, "output_usd": 10.0, "image_tokens": 1000} | given))
    set_price(session, entry=entry, author=build_person(session, "lead"))


def queued_job(session: Session) -> int:
    job = Job(kind="judge", title="earlier")
    session.add(job)
    session.flush()
    return job.id


def build_calls(
    session: Session, response: Response, *, prompt: int, completion: int, latencies: Iterable[float], **judge: object
) -> None:
    """Add a run of a judge of `some-model` with a call for each latency."""
    known = {"name": "earlier", "model": "some-model", "prompt": "four-calls", "prompt_version": WORDS.version}
    settled = settled_judge(session, **(known | judge))
    run = JudgeRun(
        id=f"run-{settled.name}",
        job_id=queued_job(session),
        base_url="http://127.0.0.1:9/v1",
        selection={},
        judge_id=settled.id,
        prompt_version=settled.prompt_version,
        secret="s",
    )
    session.add(run)
    session.flush()
    for latency in latencies:
        run.calls += 1
        tokens = {"prompt_tokens": prompt, "completion_tokens": completion, "latency_s": latency}
        session.add(JudgeCall(run_id=run.id, response_id=response.id, asked="education", status="scored", **tokens))
    session.flush()

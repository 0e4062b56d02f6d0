"""A judge and a choice of responses -> a run: created, gone on with, listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import Session, col, select

from core.call_runs import checked_bounds, checked_price, new_run_id, resumable, run_with_id, runs_alive
from core.chat.address import checked_base_url
from core.chat.exchange import Sampling
from core.chat.keys import checked_key_name, needed_key
from core.errors import UserError
from core.jobs import ALIVE, create_job, look_at_job
from core.judges import settled_judge
from core.judging.fence import new_secret
from core.judging.prompts import JudgeWords, as_stored, from_stored
from core.judging.selection import Selection, extent
from core.models import Job, Judge, JudgePrompt, JudgeRun, Person
from core.people import needs_lead, record_event
from core.prices import price_of
from core.rubric import LAST_SCORING_ROUND, PromptKind

Mode = Literal["live", "batch"]
SHORTEST_SIDE, MAX_SIDE = 64, 2048
# Room for a few sentences on each of four dimensions, and for a model that thinks before it writes.
MAX_TOKENS = {"four-calls": 800, "cross-official": 800, "one-call": 2000}


@dataclass(frozen=True)
class JudgeSettings:
    """What a judge is, besides its words: model, endpoint, parameters. `max_side` bounds its pictures, in pixels."""

    name: str
    base_url: str
    model: str
    prompt: PromptKind
    api_key_env: str | None = None
    temperature: float | None = 0.0
    reasoning_effort: str | None = None
    max_tokens: int | None = None
    seed: int | None = None
    max_side: int = MAX_SIDE

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that make two judges of one model different ones; what is not set is left out."""
        given = {
            "temperature": self.temperature,
            "reasoning_effort": self.reasoning_effort,
            "max_tokens": self.max_tokens,
            "seed": self.seed,
            "max_side": None if self.max_side == MAX_SIDE else self.max_side,
        }
        return {name: setting for name, setting in given.items() if setting is not None}


@dataclass(frozen=True)
class Bounds:
    """How a run goes about it: rounds, calls at once, and what it may use."""

    rounds: int = 1
    concurrency: int = 8
    budget_usd: float | None = None
    budget_calls: int | None = None
    mode: Mode = "live"
    ask_unreadable_again: bool = False


@dataclass(frozen=True)
class JudgeRunOverview:
    """A run with its judge and its job as it truly is now."""

    run: JudgeRun
    judge: Judge
    job: Job


def sampling_of(parameters: Mapping[str, Any], prompt: str | None) -> Sampling:
    """Return how a judge is asked, from its stored parameters."""
    return Sampling(
        max_tokens=parameters.get("max_tokens") or MAX_TOKENS[prompt or "four-calls"],
        temperature=parameters.get("temperature"),
        seed=parameters.get("seed"),
        reasoning_effort=parameters.get("reasoning_effort"),
    )


def start_judge_run(
    session: Session,
    *,
    settings: JudgeSettings,
    words: JudgeWords,
    chosen: Selection,
    bounds: Bounds,
    author: Person,
    first_round: int = 1,
    anchor_set_id: int | None = None,
) -> JudgeRun:
    """Add a run with its queued job, or return the unfinished one that wants the same; then give the job a process.

    Raises:
        UserError: something in it cannot be meant, the key is not set, nothing can be judged, or the judge is at work.
    """
    needs_lead(author, "start a judge")
    checked_bounds(
        rounds=bounds.rounds,
        concurrency=bounds.concurrency,
        budget_usd=bounds.budget_usd,
        budget_calls=bounds.budget_calls,
    )
    checked_price(price_of(session, settings.model), settings.model, budget_usd=bounds.budget_usd)
    judge = _judge_for(session, settings, words, author)
    if any(run.judge_id == judge.id for run in runs_alive(session, JudgeRun)):
        raise UserError(f"The judge {judge.name} is at work. Wait for it, or pause it first.")
    unfinished = _unfinished(session, judge, words.version, chosen, bounds, first_round)
    if unfinished is not None:
        unfinished.concurrency = bounds.concurrency
        unfinished.budget_usd, unfinished.budget_calls = bounds.budget_usd, bounds.budget_calls
        return unfinished
    scope = extent(
        session,
        chosen=chosen,
        judge=judge,
        version=words.version,
        asked=len(words.asked),
        first_round=first_round,
        rounds=bounds.rounds,
    )
    if not scope.responses:
        raise UserError(
            "There is nothing to judge: no response that can be read, of a question with a norm, is chosen. "
            "Import or collect responses first, or choose others."
        )
    _keep_words(session, words)
    run_id = new_run_id("judge")
    job = create_job(session, kind="judge", title=f"Judge {judge.name}", arguments={"run_id": run_id})
    run = JudgeRun(
        id=run_id,
        job_id=job.id,
        judge_id=judge.id,
        prompt_version=words.version,
        mode=bounds.mode,
        first_round=first_round,
        rounds=bounds.rounds,
        concurrency=bounds.concurrency,
        budget_usd=bounds.budget_usd,
        budget_calls=bounds.budget_calls,
        ask_unreadable_again=bounds.ask_unreadable_again,
        selection=chosen.as_stored(),
        secret=new_secret(),
        anchor_set_id=anchor_set_id,
        created_by=author.id,
    )
    session.add(run)
    record_event(session, person=author, kind="judge", subject=f"judge_run/{run_id}", judge=judge.name)
    session.flush()
    return run


def resume_judge_run(session: Session, *, run_id: str, author: Person) -> JudgeRun:
    """Return a run whose job may be started again.

    Raises:
        UserError: it is finished, given up or under way, or its judge is at work for another run.
    """
    needs_lead(author, "start a judge")
    run = run_with_id(session, JudgeRun, run_id)
    job = resumable(session, run)
    if any(other.judge_id == run.judge_id for other in runs_alive(session, JudgeRun)):
        raise UserError("This judge is at work for another run. Wait for that one, or pause it first.")
    record_event(session, person=author, kind="resume", subject=f"judge_run/{run_id}", state=job.state)
    return run


def words_of(session: Session, version: str) -> JudgeWords:
    """Return the words of a prompt version as they were first sent."""
    return from_stored(session.get_one(JudgePrompt, version).words)


def judge_runs(session: Session, *, limit: int | None = None) -> list[JudgeRunOverview]:
    """Return runs with their judges and true states, newest first; all unless limited. Needs `reading()`."""
    query = select(JudgeRun, Judge, Job).join(Judge).join(Job, col(Job.id) == JudgeRun.job_id)
    rows = session.exec(query.order_by(col(JudgeRun.created_at).desc(), col(JudgeRun.id)).limit(limit)).all()
    return [
        JudgeRunOverview(run, judge, look_at_job(job.id) if job.state in ALIVE else job) for run, judge, job in rows
    ]


def judge_run_overview(session: Session, *, run_id: str) -> JudgeRunOverview:
    """Return one run with its judge and its true state. Needs `reading()`.

    Raises:
        NotFoundError: there is none with that id.
    """
    run = run_with_id(session, JudgeRun, run_id)
    return JudgeRunOverview(run, session.get_one(Judge, run.judge_id), look_at_job(run.job_id))


def _judge_for(session: Session, settings: JudgeSettings, words: JudgeWords, author: Person) -> Judge:
    if not settings.model.strip():
        raise UserError("A judge needs the name of a model, as its endpoint knows it.")
    if not SHORTEST_SIDE <= settings.max_side <= MAX_SIDE:
        raise UserError(f"The longest side of a picture is {SHORTEST_SIDE} to {MAX_SIDE} pixels.")
    variable = checked_key_name(settings.api_key_env)
    needed_key(variable)
    return settled_judge(
        session,
        name=settings.name,
        model=settings.model.strip(),
        prompt=settings.prompt,
        prompt_version=words.version,
        base_url=checked_base_url(settings.base_url),
        api_key_env=variable,
        parameters=settings.parameters,
        author=author,
    )


def _unfinished(
    session: Session, judge: Judge, version: str, chosen: Selection, bounds: Bounds, first_round: int
) -> JudgeRun | None:
    """Return the newest run that wants exactly this and has not come to its end: its fences must stay the same."""
    rows = session.exec(
        select(JudgeRun)
        .join(Job, col(Job.id) == JudgeRun.job_id)
        .where(
            JudgeRun.judge_id == judge.id,
            JudgeRun.prompt_version == version,
            JudgeRun.first_round == first_round,
            JudgeRun.rounds == bounds.rounds,
            JudgeRun.mode == bounds.mode,
            JudgeRun.ask_unreadable_again == bounds.ask_unreadable_again,
            col(JudgeRun.closed_at).is_(None),
            col(Job.state).in_(("failed", "stopped", "interrupted", "queued")),
        )
        .order_by(col(JudgeRun.created_at).desc())
    )
    return next((run for run in rows if run.selection == chosen.as_stored()), None)


def _keep_words(session: Session, words: JudgeWords) -> None:
    if session.get(JudgePrompt, words.version) is None:
        session.add(JudgePrompt(version=words.version, words=as_stored(words)))


def next_rounds(session: Session, judge: Judge) -> int:
    """Return the first round number of a judge's next re-judging of an anchor set."""
    newest = session.exec(
        select(JudgeRun.first_round)
        .where(JudgeRun.judge_id == judge.id, col(JudgeRun.first_round) > LAST_SCORING_ROUND)
        .order_by(col(JudgeRun.first_round).desc())
        .limit(1)
    ).first()
    return (newest or LAST_SCORING_ROUND) + 1

"""A judge and a choice of responses -> a run: created, gone on with, listed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlmodel import Session, col, select

from core.benchmark.sent_pictures import LONGEST_SIDE, check_side
from core.budgets import bound_anew
from core.call_runs import (
    RunBounds,
    check_bounds,
    check_choice,
    check_model,
    check_price,
    new_run_id,
    resumable,
    run_with_id,
    runs_alive,
    unfinished_run,
)
from core.chat.address import checked_base_url
from core.chat.exchange import Sampling
from core.chat.keys import checked_key_name, needed_key
from core.errors import UserError
from core.jobs import ALIVE, create_job, look_at_job
from core.judges import settled_judge
from core.judging.fence import new_secret
from core.judging.prompts import JudgeWords, as_stored, from_stored
from core.judging.selection import Selection, unordered
from core.models import Job, Judge, JudgePrompt, JudgeRun, Person
from core.people import needs_lead, record_event
from core.rubric import PROMPT_KINDS, PromptKind
from core.stored_settings import sampling_from

Mode = Literal["live", "batch"]
MAX_SIDE = LONGEST_SIDE
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
class Bounds(RunBounds):
    """How a run that judges goes about it."""

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
    return sampling_from(parameters, max_tokens=MAX_TOKENS[prompt or "four-calls"])


def settings_of(judge: Judge) -> JudgeSettings:
    """Return what a judge that has an endpoint was set up with."""
    prompt: PromptKind = next((kind for kind in PROMPT_KINDS if kind == judge.prompt), "four-calls")
    return JudgeSettings(
        name=judge.name,
        base_url=judge.base_url or "",
        model=judge.model,
        prompt=prompt,
        api_key_env=judge.api_key_env,
        **{"temperature": None, **judge.parameters},
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
    has_moved: bool = False,
) -> JudgeRun:
    """Add a run with its queued job, or return the unfinished one that wants the same; then give the job a process.

    Raises:
        UserError: something in it cannot be meant, the key is not set, nothing can be judged, the judge is at work, or
            it is known at another address and nobody says that it has moved.
    """
    needs_lead(author, "start a judge")
    check_bounds(bounds)
    check_choice(chosen)
    check_price(session, model=settings.model.strip(), bounds=bounds)
    judge = _judge_for(session, settings, words, author, has_moved=has_moved)
    if any(run.judge_id == judge.id for run in runs_alive(session, JudgeRun)):
        raise UserError(f"The judge {judge.name} is at work. Wait for it, or pause it first.")
    unfinished = unfinished_judge_run(
        session, judge=judge, version=words.version, chosen=chosen, bounds=bounds, first_round=first_round
    )
    if unfinished is not None:
        bound_anew(unfinished, bounds)
        unfinished.base_url, unfinished.api_key_env = judge.base_url or "", judge.api_key_env
        return unfinished
    _keep_words(session, words)
    return _new_run(session, judge, words.version, chosen, bounds, author, first_round, anchor_set_id)


def unfinished_judge_run(
    session: Session, *, judge: Judge | None, version: str, chosen: Selection, bounds: Bounds, first_round: int = 1
) -> JudgeRun | None:
    """Return the run that wants exactly this and goes on when it is started again; None where a new one begins."""
    if judge is None:
        return None
    # As it was: its fences must stay the same.
    same = (
        JudgeRun.judge_id == judge.id,
        JudgeRun.prompt_version == version,
        JudgeRun.first_round == first_round,
        JudgeRun.mode == bounds.mode,
        JudgeRun.ask_unreadable_again == bounds.ask_unreadable_again,
    )
    return unfinished_run(session, JudgeRun, *same, chosen=chosen, bounds=bounds)


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


def _judge_for(
    session: Session, settings: JudgeSettings, words: JudgeWords, author: Person, *, has_moved: bool
) -> Judge:
    check_model(settings.model, sampling_from(settings.parameters, max_tokens=MAX_TOKENS[settings.prompt]))
    check_side(settings.max_side)
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
        has_moved=has_moved,
    )


def _new_run(
    session: Session,
    judge: Judge,
    version: str,
    chosen: Selection,
    bounds: Bounds,
    author: Person,
    first_round: int,
    anchor_set_id: int | None,
) -> JudgeRun:
    if session.exec(unordered(chosen).limit(1)).first() is None:
        raise UserError(
            "There is nothing to judge: no response that can be read, of a question with a norm, is chosen. "
            "Import or collect responses first, or choose others."
        )
    run_id = new_run_id("judge")
    job = create_job(session, kind="judge", title=f"Judge {judge.name}", arguments={"run_id": run_id})
    run = JudgeRun(
        id=run_id,
        job_id=job.id,
        base_url=judge.base_url or "",
        api_key_env=judge.api_key_env,
        judge_id=judge.id,
        prompt_version=version,
        first_round=first_round,
        **asdict(bounds),
        selection=chosen.as_stored(),
        secret=new_secret(),
        anchor_set_id=anchor_set_id,
        created_by=author.id,
    )
    session.add(run)
    record_event(session, person=author, kind="judge", subject=f"judge_run/{run_id}", judge=judge.name)
    session.flush()
    return run


def _keep_words(session: Session, words: JudgeWords) -> None:
    if session.get(JudgePrompt, words.version) is None:
        session.add(JudgePrompt(version=words.version, words=as_stored(words)))

"""The job of a judge run: ask what is missing, store each reply as it comes."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from core.call_job import make_calls, raise_if_unfinished
from core.call_runs import CallsMade, calls_made
from core.chat.exchange import ChatModel
from core.db import reading, transaction
from core.job_process import JobContext
from core.judges import let_version_stand
from core.judging.asking import MissingCalls, Notes
from core.judging.batch import work_off_batches
from core.judging.judge_run import MAX_SIDE, sampling_of, words_of
from core.judging.keeping import Keeper
from core.judging.prompts import JudgeWords
from core.judging.selection import Extent, Selection, chosen_responses, extent
from core.models import Judge, JudgeCall, Judgement, JudgeRun
from core.prices import price_of


@dataclass(frozen=True)
class JudgeResult(CallsMade):
    """What a run has brought: responses with a judgement, judgements with a score and without."""

    responses: int
    scored: int
    unscored: int


def run_job(context: JobContext) -> dict[str, Any]:
    """Run or go on with the judge run that the job names; return its `JudgeResult` as JSON."""
    run_id = context.arguments["run_id"]
    with reading() as session:
        run = session.get_one(JudgeRun, run_id)
        judge = session.get_one(Judge, run.judge_id)
        words = words_of(session, run.prompt_version)
        response_ids = chosen_responses(session, Selection.stored(run.selection))
        price = price_of(session, judge.model, in_batch=run.mode == "batch")
        scope = _scope(session, run, judge, words)
    notes = Notes()
    missing = MissingCalls(
        run,
        judge,
        words,
        sampling=sampling_of(judge.parameters, judge.prompt),
        max_side=judge.parameters.get("max_side", MAX_SIDE),
        notes=notes,
    )
    keeper = Keeper(run, judge, words.kind, notes)
    context.log(f"{scope.missing} of {scope.wanted} answers are missing, of {scope.responses} responses.")
    work = make_calls if run.mode == "live" else work_off_batches
    ending = work(
        context,
        run,
        ChatModel(run.base_url, judge.model, run.api_key_env),
        missing.calls(response_ids),
        price=price,
        total=scope.wanted,
        done=scope.wanted - scope.missing,
        is_readable=keeper.is_readable,
        keep=keeper.keep,
    )
    context.log(f"Ended: {ending.reason}. {ending.message}")
    with transaction() as session:
        if not let_version_stand(session, session.get_one(Judge, judge.id), run.prompt_version):
            context.log(
                f"{judge.prompt_version} goes on to stand: it has scored more than {run.prompt_version} so far."
            )
    raise_if_unfinished(ending)
    return asdict(run_result(run_id))


def run_result(run_id: str) -> JudgeResult:
    """Return what a run has brought so far."""
    with reading() as session:
        run = session.get_one(JudgeRun, run_id)
        calls = select(JudgeCall.id).where(JudgeCall.run_id == run_id)
        responses, judgements, scored = session.exec(
            select(
                func.count(func.distinct(Judgement.response_id)),
                func.count(),
                func.count(col(Judgement.score)),
            ).where(col(Judgement.call_id).in_(calls))
        ).one()
    return JudgeResult(**asdict(calls_made(run)), responses=responses, scored=scored, unscored=judgements - scored)


def _scope(session: Session, run: JudgeRun, judge: Judge, words: JudgeWords) -> Extent:
    return extent(
        session,
        chosen=Selection.stored(run.selection),
        judge=judge,
        version=run.prompt_version,
        asked=len(words.asked),
        first_round=run.first_round,
        rounds=run.rounds,
        ask_unreadable_again=run.ask_unreadable_again,
    )

"""What a judge's calls brought -> calls, judgements and flags, in the transaction of the run's account."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, col

from core.chat.exchange import Reply
from core.chat.many import Answered
from core.judging.asking import CallKey, Notes, dimensions_asked
from core.judging.replies import Verdict, read_reply
from core.models import Judge, JudgeCall, Judgement, JudgeRun, ResponseFlag, utc_now
from core.rubric import JudgementStatus, PromptKind


class Keeper:
    """Stores the outcomes of one run's calls."""

    def __init__(self, run: JudgeRun, judge: Judge, kind: PromptKind, notes: Notes) -> None:
        """Take over what the run is."""
        self._run, self._judge, self._kind, self._notes = run, judge, kind, notes

    def is_readable(self, key: CallKey, reply: Reply) -> bool:
        """Whether a reply can be read strictly."""
        return self._verdicts(key, reply) is not None

    def _verdicts(self, key: CallKey, reply: Reply) -> tuple[Verdict, ...] | None:
        return read_reply(self._kind, key.asked, reply.text, reply.finish_reason)

    def keep(self, session: Session, answered: Sequence[Answered[CallKey]]) -> None:
        """Store replies and last failures, with the judgements they settle; a failure that is tried again is none."""
        rows: list[dict[str, Any]] = []
        for one in answered:
            if one.reply is None and not one.is_last:
                continue
            verdicts = self._verdicts(one.key, one.reply) if one.reply is not None else None
            status = _status(one, verdicts)
            call = self._call(one, status)
            session.add(call)
            session.flush()
            if one.is_last:
                self._forget_earlier_try(session, one.key)
                rows += self._judgements(one.key, call.id, status, verdicts)
                self._keep_flags(session, one.key.response_id)
        if rows:
            session.execute(insert(Judgement), rows)

    def _call(self, one: Answered[CallKey], status: JudgementStatus) -> JudgeCall:
        reply, failure = one.reply, one.failure
        call = JudgeCall(
            run_id=self._run.id,
            response_id=one.key.response_id,
            asked=one.key.asked,
            judge_round=one.key.round,
            attempt=one.attempt,
            status=status,
            cost_usd=one.cost_usd,
            error=f"{failure.kind}: {failure.message}" if failure else None,
        )
        if reply is not None:
            call.raw_reply = reply.text if reply.text is not None else reply.refusal
            call.finish_reason, call.snapshot, call.request_id = reply.finish_reason, reply.model, reply.request_id
            call.prompt_tokens, call.completion_tokens = reply.prompt_tokens, reply.completion_tokens
            call.latency_s = reply.latency_s
        return call

    def _judgements(
        self, key: CallKey, call_id: int, status: JudgementStatus, verdicts: tuple[Verdict, ...] | None
    ) -> list[dict[str, Any]]:
        by_dimension = {verdict.dimension: verdict for verdict in verdicts or ()} if status == "scored" else {}
        common = {
            "response_id": key.response_id,
            "judge": self._judge.name,
            "judge_model": self._judge.model,
            "judge_round": key.round,
            "prompt_version": self._run.prompt_version,
            "status": status,
            "call_id": call_id,
            "created_at": utc_now(),
        }
        return [
            common
            | {
                "dimension": dimension,
                "score": verdict.score if (verdict := by_dimension.get(dimension)) else None,
                "raw_score": verdict.raw_score if verdict else None,
                "rationale": verdict.rationale if verdict else None,
            }
            for dimension in dimensions_asked(key.asked)
        ]

    def _forget_earlier_try(self, session: Session, key: CallKey) -> None:
        """Make room for the judgements of a key that failed, or could not be read, before; its calls stay."""
        if key not in self._notes.stale:
            return
        self._notes.stale.discard(key)
        session.execute(
            delete(Judgement).where(
                col(Judgement.response_id) == key.response_id,
                col(Judgement.dimension).in_(dimensions_asked(key.asked)),
                col(Judgement.judge) == self._judge.name,
                col(Judgement.judge_round) == key.round,
                col(Judgement.prompt_version) == self._run.prompt_version,
            )
        )

    def _keep_flags(self, session: Session, response_id: int) -> None:
        for mark in self._notes.marks.pop(response_id, ()):
            if session.get(ResponseFlag, (response_id, mark.code)) is None:
                session.add(ResponseFlag(response_id=response_id, code=mark.code, excerpt=mark.excerpt))


def _status(one: Answered[CallKey], verdicts: tuple[Verdict, ...] | None) -> JudgementStatus:
    if one.reply is None:
        return "failed"
    if one.reply.is_refused:
        return "refused"
    return "scored" if verdicts is not None else "unreadable"

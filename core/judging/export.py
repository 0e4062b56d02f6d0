"""Judgements -> the records of an export."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, select

from core.models import JudgeCall, Judgement, Response
from core.rubric import DIMENSIONS


def judgement_records(session: Session) -> Iterator[dict[str, Any]]:
    """Yield every judgement as one record in the fields of the export format, by item, response and id.

    All prompt versions and rounds are among them, each with its name. Where one call scored all dimensions, each
    judgement bears an equal share of its cost.
    """
    rows = (
        select(Judgement, Response, JudgeCall)
        .join(Response, col(Response.id) == Judgement.response_id)
        .outerjoin(JudgeCall, col(JudgeCall.id) == Judgement.call_id)
        .order_by(col(Response.item_id), col(Response.id), col(Judgement.id))
        .execution_options(yield_per=1000)
    )
    for judgement, response, call in session.exec(rows):
        yield {
            "item_id": response.item_id,
            "response_id": response.id,
            "response_model": response.model,
            "response_round": response.round,
            "setting": response.setting,
            "dimension": judgement.dimension,
            "judge": judgement.judge,
            "judge_model": judgement.judge_model,
            "judge_round": judgement.judge_round,
            "prompt_version": judgement.prompt_version,
            "score": judgement.score,
            "raw_score": judgement.raw_score,
            "status": judgement.status,
            "rationale": judgement.rationale,
            "raw_reply": call.raw_reply if call else None,
            "cost_usd": _share(call),
            "created_at": judgement.created_at.isoformat(),
        }


def _share(call: JudgeCall | None) -> float | None:
    if call is None or call.cost_usd is None:
        return None
    return call.cost_usd / (len(DIMENSIONS) if call.asked == "all" else 1)

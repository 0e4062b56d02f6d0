"""Store what CROSS's generator and judge wrote: responses and judgements of items that are already here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from core.benchmark.reader import FileMeaning, ItemRecord, Refusal, is_failed_call, item_records
from core.benchmark.reports import FileReport
from core.models import Item, Judgement, Response
from core.rubric import CROSS_EVAL_KEYS, ResponseStatus, score_from_cross_eval


@dataclass(frozen=True)
class JudgeIdentity:
    """Which judge wrote the judgements of a file; CROSS's files do not say."""

    name: str
    model: str
    prompt_version: str


DEFAULT_JUDGE = JudgeIdentity("cross-eval", "gpt-4o", "cross-official")


def store_results(
    session: Session, records: Sequence[Any], meaning: FileMeaning, report: FileReport, judge: JudgeIdentity
) -> None:
    """Add the responses, and in files of judgements the judgements, that are not stored yet; fills the report."""
    parsed = list(item_records(list(records), meaning))
    items = _items_by_query(session, {item.base_item_id for _, item in parsed if isinstance(item, ItemRecord)})
    for record, understood in parsed:
        if isinstance(understood, Refusal):
            report.refuse(understood)
            continue
        item_id = items.get((understood.base_item_id, understood.wording == "translation", understood.query))
        if item_id is None:
            reason = "no item here has this index and query: import the items first"
            report.refuse(Refusal(understood.item_id, reason))
            continue
        response, outcome = _stored_response(session, item_id, record.get("model_response"), meaning)
        if meaning.kind == "judgements":
            outcome = _store_judgements(session, response, record.get("evaluation"), judge, outcome)
        if outcome == "accepted":
            report.accepted += 1
        elif outcome == "unchanged":
            report.unchanged += 1
        elif outcome == "changed":
            report.changed.append(
                {"record": item_id, "fields": ["model_response" if meaning.kind == "responses" else "evaluation"]}
            )
        else:
            report.refuse(Refusal(item_id, outcome))


def response_state(text: object) -> tuple[ResponseStatus, str, str | None]:
    """Return status, text and error of what stands in `model_response`; a failed call is never a text."""
    if text is None or (isinstance(text, str) and not text.strip()):
        return "empty", "", None
    if not isinstance(text, str):
        return "failed", "", "what stands in model_response is no text"
    if is_failed_call(text):
        return "failed", "", text.strip()[:500]
    return "ok", text, None


def _items_by_query(session: Session, base_item_ids: set[str]) -> dict[tuple[str, bool, str], str]:
    """Return item ids by (base item, is a translation, query).

    Files of results may lack records, so that counting occurrences would name the wrong wording.
    """
    rows = session.exec(
        select(Item.id, Item.base_item_id, Item.wording, Item.query)
        .where(col(Item.base_item_id).in_(base_item_ids))
        .order_by(col(Item.id).desc())
    )
    return {(base, wording == "translation", query): item_id for item_id, base, wording, query in rows}


def _stored_response(session: Session, item_id: str, text: object, meaning: FileMeaning) -> tuple[Response, str]:
    setting = "translation" if meaning.setting == "multilingual" else "english"
    status, words, error = response_state(text)
    found = session.exec(
        select(Response).where(
            Response.item_id == item_id,
            Response.model == meaning.model,
            Response.setting == setting,
            Response.round == meaning.round,
        )
    ).first()
    if found is not None:
        same = (found.status, found.text, found.error) == (status, words, error)
        return found, "unchanged" if same else "changed"
    response = Response(
        item_id=item_id,
        model=meaning.model or "",
        setting=setting,
        round=meaning.round,
        status=status,
        text=words,
        error=error,
    )
    session.add(response)
    session.flush()
    return response, "accepted"


def _store_judgements(
    session: Session, response: Response, evaluation: object, judge: JudgeIdentity, outcome: str
) -> str:
    """Add the judgements of one record and return what to report of it."""
    if outcome == "changed":
        return outcome
    if response.status != "ok":
        return "judges a failed or empty response, which has no score"
    if not isinstance(evaluation, dict) or not isinstance(evaluation.get("dim_profile"), dict):
        return "has no evaluation"
    known = {
        row.dimension: row
        for row in session.exec(
            select(Judgement).where(
                Judgement.response_id == response.id,
                Judgement.judge == judge.name,
                Judgement.prompt_version == judge.prompt_version,
            )
        )
    }
    reasons = evaluation.get("reasoning") if isinstance(evaluation.get("reasoning"), dict) else {}
    result = "unchanged"
    for key, dimension in CROSS_EVAL_KEYS.items():
        raw = evaluation["dim_profile"].get(key)
        score = score_from_cross_eval(key, raw)
        rationale = reasons.get(key) if isinstance(reasons.get(key), str) else None  # type: ignore[union-attr]
        if (row := known.get(dimension)) is not None:
            if (row.score, row.rationale) != (score, rationale):
                return "changed"
            continue
        result = "accepted"
        session.add(
            Judgement(
                response_id=response.id,
                dimension=dimension,
                judge=judge.name,
                judge_model=judge.model,
                prompt_version=judge.prompt_version,
                score=score,
                raw_score=None if raw is None else str(raw)[:200],
                status="scored" if score is not None else "unreadable",
                rationale=rationale,
            )
        )
    return result

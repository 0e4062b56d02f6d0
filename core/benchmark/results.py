"""Store what CROSS's generator and judge wrote: responses and judgements of items that are already here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from core.benchmark.reader import FileMeaning, ItemRecord, Refusal, is_failed_call
from core.benchmark.reports import FileReport
from core.benchmark.response_flags import marked_texts, store_flags
from core.judges import settled_judge
from core.models import Item, Judgement, Response
from core.rubric import CROSS_EVAL_KEYS, Dimension, ResponseStatus, score_from_cross_eval


@dataclass(frozen=True)
class JudgeIdentity:
    """Which judge wrote the judgements of a file; CROSS's files do not say."""

    name: str
    model: str
    prompt_version: str


DEFAULT_JUDGE = JudgeIdentity("cross-eval", "gpt-4o", "cross-official")


@dataclass
class _Result:
    """One record of a file: the item it answers, the response stored or to be stored, and what becomes of it."""

    item_id: str
    response: Response
    new: bool
    changed: bool
    evaluation: object
    judgements: list[dict[str, Any]] = field(default_factory=list)


def store_results(
    session: Session,
    understood: Sequence[tuple[Any, ItemRecord | Refusal]],
    meaning: FileMeaning,
    report: FileReport,
    judge: JudgeIdentity,
) -> None:
    """Add the responses, and in files of judgements the judgements, that are not stored yet; fills the report.

    Few queries, whatever the number of records: nobody who is labelling should wait for an import.
    """
    results = _store_responses(session, understood, meaning, report)
    known = {}
    if meaning.kind == "judgements":
        settled_judge(
            session, name=judge.name, model=judge.model, prompt_version=judge.prompt_version, origin="imported"
        )
        known = _known_judgements(session, results, judge)
    rows: list[dict[str, Any]] = []
    for result in results:
        problem = _judged(result, known, judge) if meaning.kind == "judgements" else None
        if problem:
            report.refuse(Refusal(result.item_id, problem))
        elif result.changed:
            report.changed.append({"record": result.item_id, "fields": [_FIELD[meaning.kind]]})
        elif result.new or result.judgements:
            report.accepted += 1
            rows += result.judgements
        else:
            report.unchanged += 1
    if rows:
        session.execute(insert(Judgement), rows)


_FIELD = {"responses": "model_response", "judgements": "evaluation"}


def _store_responses(
    session: Session, understood: Sequence[tuple[Any, ItemRecord | Refusal]], meaning: FileMeaning, report: FileReport
) -> list[_Result]:
    """Add the responses that are not stored yet, flagged where they read like instructions to a judge."""
    answers = [record.get("model_response") for record, item in understood if isinstance(item, ItemRecord)]
    marked = marked_texts(response_state(answer)[1] for answer in answers)
    results = _results(session, understood, meaning, report)
    new = [result.response for result in results if result.new]
    session.add_all(new)
    session.flush()
    store_flags(session, ((response.id, response.text) for response in new), marked)
    return results


def response_state(text: object) -> tuple[ResponseStatus, str, str | None]:
    """Return status, text and error of what stands in `model_response`; a failed call is never a text."""
    if text is None or (isinstance(text, str) and not text.strip()):
        return "empty", "", None
    if not isinstance(text, str):
        return "failed", "", "what stands in model_response is no text"
    if is_failed_call(text):
        return "failed", "", text.strip()[:500]
    return "ok", text, None


def _items_by_query(session: Session, base_item_ids: set[str]) -> dict[tuple[str, bool, str], list[str]]:
    """Return item ids by (base item, is a translation, query), wordings in their order.

    Files of results may lack records, so that counting occurrences would name the wrong wording.
    """
    rows = session.exec(
        select(Item.id, Item.base_item_id, Item.wording, Item.query)
        .where(col(Item.base_item_id).in_(base_item_ids))
        .order_by(col(Item.id))
    )
    found: dict[tuple[str, bool, str], list[str]] = {}
    for item_id, base, wording, query in rows:
        found.setdefault((base, wording == "translation", query), []).append(item_id)
    return found


def _results(
    session: Session, understood: Sequence[tuple[Any, ItemRecord | Refusal]], meaning: FileMeaning, report: FileReport
) -> list[_Result]:
    """Return the records that answer an item that is here; the others are refused in the report."""
    items = _items_by_query(session, {item.base_item_id for _, item in understood if isinstance(item, ItemRecord)})
    answered: set[str] = set()
    setting = "translation" if meaning.setting == "multilingual" else "english"
    stored = {
        row.item_id: row
        for row in session.exec(
            select(Response).where(
                Response.model == meaning.model, Response.setting == setting, Response.round == meaning.round
            )
        )
    }
    results = []
    for record, item in understood:
        if isinstance(item, Refusal):
            report.refuse(item)
            continue
        candidates = items.get((item.base_item_id, item.wording == "translation", item.query), [])
        # Wordings may be equal: then the n-th record answers the n-th of them.
        item_id = next((one for one in candidates if one not in answered), None)
        if item_id is None:
            problem = "answers a query a second time" if candidates else "no item here has this index and query"
            report.refuse(Refusal(item.item_id, problem + ("" if candidates else ": import the items first")))
            continue
        answered.add(item_id)
        status, text, error = response_state(record.get("model_response"))
        found = stored.get(item_id)
        row = found or Response(
            item_id=item_id,
            model=meaning.model or "",
            setting=setting,
            round=meaning.round,
            status=status,
            text=text,
            error=error,
        )
        stored[item_id] = row
        changed = (row.status, row.text, row.error) != (status, text, error)
        results.append(_Result(item_id, row, found is None, changed, record.get("evaluation")))
    return results


def _known_judgements(
    session: Session, results: Sequence[_Result], judge: JudgeIdentity
) -> dict[tuple[int, str], Judgement]:
    """Return what this judge has said of these responses, by response and dimension."""
    rows = session.exec(
        select(Judgement).where(
            Judgement.judge == judge.name,
            Judgement.prompt_version == judge.prompt_version,
            col(Judgement.response_id).in_([result.response.id for result in results if not result.new]),
        )
    )
    return {(row.response_id, row.dimension): row for row in rows}


def _judged(result: _Result, known: dict[tuple[int, str], Judgement], judge: JudgeIdentity) -> str | None:
    """Fill in the judgements to add, or return why the record has none that can be stored."""
    if result.changed:
        return None
    if result.response.status != "ok":
        # The failure itself is stored; what a judge made of it is no score.
        return None
    evaluation = result.evaluation
    if not isinstance(evaluation, dict) or not isinstance(evaluation.get("dim_profile"), dict):
        return "has no evaluation"
    reasons = evaluation.get("reasoning")
    for key, dimension in CROSS_EVAL_KEYS.items():
        raw = evaluation["dim_profile"].get(key)
        reason = reasons.get(key) if isinstance(reasons, dict) else None
        row = _judgement_row(result.response.id, dimension, score_from_cross_eval(key, raw), raw, reason, judge)
        before = known.get((result.response.id, dimension))
        if before is None:
            result.judgements.append(row)
        elif (before.score, before.rationale) != (row["score"], row["rationale"]):
            result.changed = True
    if result.changed:
        result.judgements.clear()
    return None


def _judgement_row(
    response_id: int, dimension: Dimension, score: int | None, raw: object, reason: object, judge: JudgeIdentity
) -> dict[str, Any]:
    return {
        "response_id": response_id,
        "dimension": dimension,
        "judge": judge.name,
        "judge_model": judge.model,
        "judge_round": 1,
        "prompt_version": judge.prompt_version,
        "score": score,
        "raw_score": None if raw is None else str(raw)[:200],
        "status": "scored" if score is not None else "unreadable",
        "rationale": reason if isinstance(reason, str) else None,
    }

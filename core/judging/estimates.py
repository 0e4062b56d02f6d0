"""A judge and a choice of responses -> what its run will use and what it sends away, before it starts."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, func, select

from core.departure import Departure
from core.estimates import (
    SAMPLE,
    Assumed,
    EarlierCall,
    Outlook,
    Prompt,
    RunEstimate,
    at_address,
    earlier_calls,
    known_tokenizer,
    run_estimate,
    spread,
    tokens_a_call,
)
from core.judges import known_judge
from core.judging.cases import case_of
from core.judging.fence import fence_delimiter
from core.judging.judge_run import MAX_TOKENS, Bounds, JudgeSettings
from core.judging.prompts import JudgeWords, response_format, user_text
from core.judging.selection import Selection, extent, missing_responses, unordered
from core.models import Item, Judge, JudgeCall, JudgeRun, Response
from core.prices import IMAGE_TOKENS, price_of
from core.rubric import Asked, PromptKind

# A few sentences for each dimension, and the score.
_REPLY_TOKENS: dict[PromptKind, int] = {"four-calls": 150, "cross-official": 150, "one-call": 500}
_LATENCY_S = 3.0
# What else than model and words decides how many tokens a call is.
_DECIDING = ("reasoning_effort", "max_side")


def judge_estimate(
    session: Session,
    *,
    settings: JudgeSettings,
    words: JudgeWords,
    chosen: Selection,
    bounds: Bounds,
    tokenizer: str | None = None,
    with_tokenizer: bool = False,
    first_round: int = 1,
) -> RunEstimate:
    """Return what the missing calls of a run will use.

    Args:
        session: to look with.
        settings: the judge; it need not be there yet.
        words: its words.
        chosen: the responses.
        bounds: rounds, calls at once, live or batch.
        tokenizer: a folder or a hub name; None takes the one known for the model, if any.
        with_tokenizer: whether to count with it, in a process that takes seconds and may fetch it from the hub.
        first_round: the first of the rounds.

    Raises:
        UserError: the judge's address is none.
    """
    is_batch, model = bounds.mode == "batch", settings.model.strip()
    price = price_of(session, model, in_batch=is_batch)
    runs = _runs_of(session, model)
    alike = [run for run, parameters in runs if run.prompt_version == words.version and _is_alike(parameters, settings)]
    tokens, latency_s = tokens_a_call(
        alike=_calls_of(session, alike),
        timed=[_calls_of(session, at_address(some, settings.base_url)) for some in (alike, [run for run, _ in runs])],
        prompts=lambda: _prompts(session, words, chosen),
        assumed=Assumed(
            completion_tokens=min(_REPLY_TOKENS[words.kind], settings.max_tokens or MAX_TOKENS[words.kind]),
            latency_s=_LATENCY_S,
            image_tokens=price.image_tokens if price is not None else IMAGE_TOKENS,
        ),
        tokenizer=(tokenizer or known_tokenizer(model)) if with_tokenizer else None,
    )
    return run_estimate(
        calls=_calls(session, settings, words, chosen, bounds, first_round),
        tokens=tokens,
        price=price,
        # How long a batch takes is its endpoint's to say.
        latency_s=None if is_batch else latency_s,
        concurrency=bounds.concurrency,
    )


def judge_outlook(
    session: Session,
    *,
    settings: JudgeSettings,
    words: JudgeWords,
    chosen: Selection,
    bounds: Bounds,
    first_round: int = 1,
) -> Outlook:
    """Return what a person is told before a run of a judge starts.

    Raises:
        UserError: the judge's address is none.
    """
    departure = judge_departure(
        session, settings=settings, words=words, chosen=chosen, bounds=bounds, first_round=first_round
    )
    estimate = judge_estimate(
        session, settings=settings, words=words, chosen=chosen, bounds=bounds, first_round=first_round
    )
    return Outlook(estimate, departure)


def judge_departure(
    session: Session,
    *,
    settings: JudgeSettings,
    words: JudgeWords,
    chosen: Selection,
    bounds: Bounds,
    first_round: int = 1,
) -> Departure:
    """Return what a run over these responses sends away: of those that still need a call.

    Raises:
        UserError: the judge's address is none.
    """
    missing = missing_responses(
        chosen,
        judge=known_judge(session, settings.name.strip()),
        version=words.version,
        first_round=first_round,
        rounds=bounds.rounds,
        ask_unreadable_again=bounds.ask_unreadable_again,
    )
    items = (
        select(col(Response.item_id).label("item_id"), func.count().label("responses"))
        .where(col(Response.id).in_(missing))
        .group_by(col(Response.item_id))
        .subquery()
    )
    responses, queries, norms, pictures = session.exec(
        select(
            func.coalesce(func.sum(items.c.responses), 0),
            func.count(),
            func.count(func.distinct(Item.norm)),
            func.count(func.distinct(Item.image_sha256)),
        ).join(items, items.c.item_id == Item.id)
    ).one()
    return Departure.to(
        settings.base_url,
        pictures=pictures,
        max_side=settings.max_side if pictures else None,
        queries=queries,
        norms=norms,
        responses=int(responses),
    )


def _calls(
    session: Session, settings: JudgeSettings, words: JudgeWords, chosen: Selection, bounds: Bounds, first_round: int
) -> int:
    judge = known_judge(session, settings.name.strip())
    return extent(
        session,
        chosen=chosen,
        judge=judge,
        version=words.version,
        asked=len(words.asked),
        first_round=first_round,
        rounds=bounds.rounds,
        ask_unreadable_again=bounds.ask_unreadable_again,
    ).missing


def _calls_of(session: Session, runs: Sequence[JudgeRun]) -> list[EarlierCall]:
    return earlier_calls(session, JudgeCall, runs=runs, spread_over=col(JudgeCall.response_id))


def _runs_of(session: Session, model: str) -> Sequence[tuple[JudgeRun, Mapping[str, Any]]]:
    """Return the runs of a model with their judges' parameters, newest first."""
    query = select(JudgeRun, Judge.parameters).join(Judge).where(Judge.model == model)
    return session.exec(query.order_by(col(JudgeRun.created_at).desc(), col(JudgeRun.id))).all()


def _is_alike(parameters: Mapping[str, Any], settings: JudgeSettings) -> bool:
    return all(parameters.get(name) == settings.parameters.get(name) for name in _DECIDING)


def _prompts(session: Session, words: JudgeWords, chosen: Selection) -> list[Prompt]:
    """Return all prompts of some of the responses, chosen evenly among them."""
    ids = unordered(chosen).subquery()
    sample = select(ids.c.id).order_by(spread(ids.c.id)).limit(SAMPLE)
    rows = session.exec(
        select(Response, Item).join(Item).where(col(Response.id).in_(sample)).order_by(col(Response.id))
    )
    return [_prompt(words, asked, response, item) for response, item in rows for asked in words.asked]


def _prompt(words: JudgeWords, asked: Asked, response: Response, item: Item) -> Prompt:
    has_picture = item.image_sha256 is not None
    case = case_of(response, item, has_picture=has_picture)
    # The delimiter of a run to come is not known; every one is as long as this.
    texts = [words.system, user_text(words, asked, case, fence_delimiter("", response.id, asked))]
    if form := response_format(words):
        texts.append(json.dumps(form))
    return Prompt("\n".join(texts), has_picture)

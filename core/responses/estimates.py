"""A model and a choice of items -> what collecting its responses will use and what it sends away, before it starts."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from core.call_runs import unfinished_run
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
    tokens_a_call,
)
from core.models import Item, Response, ResponseRun
from core.prices import IMAGE_TOKENS, price_of
from core.responses.collecting import (
    CollectBounds,
    CollectSettings,
    ItemChoice,
    chosen_items,
    collect_extent,
    settled_responses,
    unordered,
)

# About 300 words of advice, at some 60 tokens a second.
_REPLY_TOKENS = 400
_LATENCY_S = 6.0
# What else than the model and the setting decides how many tokens a call is.
_DECIDING = ("system_prompt", "max_tokens", "reasoning_effort", "max_side")


def collect_estimate(
    session: Session,
    *,
    settings: CollectSettings,
    chosen: ItemChoice,
    bounds: CollectBounds,
    tokenizer: str | None = None,
    with_tokenizer: bool = False,
) -> RunEstimate:
    """Return what the missing calls of a run will use.

    Args:
        session: to look with.
        settings: the model and how it is asked.
        chosen: the items.
        bounds: rounds and calls at once.
        tokenizer: a folder or a hub name; None takes the one known for the model, if any.
        with_tokenizer: whether to count with it, in a process that takes seconds and may fetch it from the hub.

    Raises:
        UserError: the model's address is none.
    """
    model = settings.model.strip()
    price = price_of(session, model)
    runs = session.exec(select(ResponseRun).where(ResponseRun.model == model)).all()
    alike = [run for run in runs if _is_alike(run, settings.parameters, chosen)]
    tokens, latency_s = tokens_a_call(
        alike=_calls_of(session, alike),
        timed=[_calls_of(session, at_address(some, settings.base_url)) for some in (alike, runs)],
        prompts=lambda: _prompts(session, settings, chosen),
        assumed=Assumed(
            completion_tokens=min(_REPLY_TOKENS, settings.max_tokens),
            latency_s=_LATENCY_S,
            image_tokens=price.image_tokens if price is not None else IMAGE_TOKENS,
        ),
        tokenizer=(tokenizer or known_tokenizer(model)) if with_tokenizer else None,
    )
    scope = collect_extent(session, chosen=chosen, stored_as=settings.name, rounds=bounds.rounds)
    return run_estimate(
        calls=scope.missing, tokens=tokens, price=price, latency_s=latency_s, concurrency=bounds.concurrency
    )


def collect_outlook(
    session: Session, *, settings: CollectSettings, chosen: ItemChoice, bounds: CollectBounds
) -> Outlook:
    """Return what a person is told before responses are collected.

    Raises:
        UserError: the model's address is none.
    """
    departure = collect_departure(session, settings=settings, chosen=chosen, bounds=bounds)
    return Outlook(collect_estimate(session, settings=settings, chosen=chosen, bounds=bounds), departure)


def goes_on(
    session: Session, *, settings: CollectSettings, chosen: ItemChoice, bounds: CollectBounds
) -> ResponseRun | None:
    """Return the unfinished run that goes on when this is started; None where a new one begins."""
    same = ResponseRun.stored_as == settings.name
    return unfinished_run(session, ResponseRun, same, chosen=chosen, bounds=bounds)


def collect_departure(
    session: Session, *, settings: CollectSettings, chosen: ItemChoice, bounds: CollectBounds
) -> Departure:
    """Return what a run over these items sends away: of those that still need a call.

    Raises:
        UserError: the model's address is none.
    """
    ids = _missing_items(chosen, stored_as=settings.name, rounds=bounds.rounds)
    queries, pictures = session.exec(
        select(func.count(), func.count(func.distinct(Item.image_sha256))).where(col(Item.id).in_(ids))
    ).one()
    sent = 0 if chosen.setting == "text-only" else pictures
    return Departure.to(settings.base_url, pictures=sent, max_side=settings.max_side if sent else None, queries=queries)


def _missing_items(chosen: ItemChoice, *, stored_as: str, rounds: int) -> SelectOfScalar[str]:
    """Return the query of the ids of the chosen items that still need a call."""
    ids = unordered(chosen).subquery()
    finished = (
        select(Response.item_id)
        .where(*settled_responses(chosen, stored_as, rounds))
        .group_by(col(Response.item_id))
        .having(func.count() >= rounds)
    )
    return select(ids.c.id).where(ids.c.id.not_in(finished))


def _calls_of(session: Session, runs: Sequence[ResponseRun]) -> list[EarlierCall]:
    return earlier_calls(session, Response, runs=runs, spread_over=col(Response.id))


def _is_alike(run: ResponseRun, parameters: Mapping[str, Any], chosen: ItemChoice) -> bool:
    same = all(run.parameters.get(name) == parameters.get(name) for name in _DECIDING)
    return same and run.selection.get("setting") == chosen.setting


def _prompts(session: Session, settings: CollectSettings, chosen: ItemChoice) -> list[Prompt]:
    """Return the prompts about some of the items, chosen evenly among them."""
    ids = session.exec(chosen_items(chosen)).all()
    count = min(SAMPLE, len(ids))
    sample = [ids[place * len(ids) // count] for place in range(count)]
    queries = session.exec(select(Item.query).where(col(Item.id).in_(sample)).order_by(Item.id)).all()
    has_picture = chosen.setting != "text-only"
    return [Prompt(f"{settings.system_prompt}\n{query}".strip(), has_picture) for query in queries]

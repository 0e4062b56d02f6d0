"""The job of a response run: ask about the items that are missing, store each response as it comes."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from core.benchmark.response_flags import marked_texts, store_flags
from core.benchmark.sent_pictures import picture_url
from core.call_job import make_calls, raise_if_unfinished
from core.call_runs import CallsMade, calls_made
from core.chat.exchange import ChatModel, Reply, Request
from core.chat.many import Answered, Call
from core.db import reading
from core.job_process import JobContext
from core.models import Image, Item, Response, ResponseRun, utc_now
from core.prices import price_of
from core.responses.collecting import MAX_SIDE, MAX_TOKENS, ItemChoice, chosen_items, collect_extent
from core.rubric import ResponseStatus
from core.stored_settings import sampling_from

_PAGE = 200


@dataclass(frozen=True)
class ItemKey:
    """What one call asks about: an item, in a round."""

    item_id: str
    round: int


@dataclass(frozen=True)
class CollectResult(CallsMade):
    """What a run has brought: responses, also by status."""

    responses: int
    statuses: dict[str, int]


def run_job(context: JobContext) -> dict[str, Any]:
    """Run or go on with the response run that the job names; return its `CollectResult` as JSON."""
    run_id = context.arguments["run_id"]
    with reading() as session:
        run = session.get_one(ResponseRun, run_id)
        chosen = ItemChoice.stored(run.selection)
        item_ids = session.exec(chosen_items(chosen)).all()
        price = price_of(session, run.model)
        scope = collect_extent(session, chosen=chosen, stored_as=run.stored_as, rounds=run.rounds)
    context.log(f"{scope.missing} of {scope.wanted} responses are missing; {scope.without_picture} without a picture.")
    ending = make_calls(
        context,
        run,
        ChatModel(run.base_url, run.model, run.api_key_env),
        _missing_calls(run, chosen, item_ids),
        price=price,
        total=scope.wanted,
        done=scope.wanted - scope.missing,
        is_readable=lambda _key, _reply: True,
        keep=lambda session, answered: _keep(session, run, chosen, answered),
    )
    context.log(f"Ended: {ending.reason}. {ending.message}")
    raise_if_unfinished(ending)
    return asdict(run_result(run_id))


def run_result(run_id: str) -> CollectResult:
    """Return what a run has brought so far."""
    with reading() as session:
        run = session.get_one(ResponseRun, run_id)
        statuses = dict(
            session.exec(
                select(Response.status, func.count()).where(Response.run_id == run_id).group_by(Response.status)
            ).all()
        )
    return CollectResult(**asdict(calls_made(run)), responses=sum(statuses.values()), statuses=statuses)


def _missing_calls(run: ResponseRun, chosen: ItemChoice, item_ids: Sequence[str]) -> Iterator[Call[ItemKey]]:
    for start in range(0, len(item_ids), _PAGE):
        page = item_ids[start : start + _PAGE]
        with reading() as session:
            rows = session.exec(
                select(Item, Image)
                .outerjoin(Image, col(Image.sha256) == Item.image_sha256)
                .where(col(Item.id).in_(page))
            ).all()
            there = set(
                session.exec(
                    select(Response.item_id, Response.round).where(
                        Response.model == run.stored_as,
                        Response.setting == chosen.setting,
                        Response.status != "failed",
                        col(Response.item_id).in_(page),
                    )
                )
            )
        found = {item.id: (item, image) for item, image in rows}
        for item, image in (found[item_id] for item_id in page if item_id in found):
            request = _request(run, chosen, item, image)
            for number in range(1, run.rounds + 1):
                if request is not None and (item.id, number) not in there:
                    yield Call(ItemKey(item.id, number), request)


def _request(run: ResponseRun, chosen: ItemChoice, item: Item, image: Image | None) -> Request | None:
    """Return what the model is asked about an item; None when its picture has gone from the disk."""
    content: list[dict[str, Any]] = [{"type": "text", "text": item.query}]
    if chosen.setting != "text-only":
        max_side = run.parameters.get("max_side", MAX_SIDE)
        url = picture_url(image, max_side=max_side) if image is not None else None
        if url is None:
            return None
        content.insert(0, {"type": "image_url", "image_url": {"url": url}})
    messages: list[dict[str, Any]] = [{"role": "user", "content": content}]
    if prompt := run.parameters.get("system_prompt"):
        messages.insert(0, {"role": "system", "content": prompt})
    return Request(messages, sampling_from(run.parameters, max_tokens=MAX_TOKENS))


def _keep(session: Session, run: ResponseRun, chosen: ItemChoice, answered: Sequence[Answered[ItemKey]]) -> None:
    for one in answered:
        if not one.is_last:
            continue
        row = session.exec(
            select(Response).where(
                Response.item_id == one.key.item_id,
                Response.model == run.stored_as,
                Response.setting == chosen.setting,
                Response.round == one.key.round,
            )
        ).first()
        # A call that failed in an earlier run has its row; what it brought now takes its place.
        row = row or Response(item_id=one.key.item_id, model=run.stored_as, setting=chosen.setting, round=one.key.round)
        row.run_id, row.created_at, row.cost_usd = run.id, utc_now(), one.cost_usd
        row.error = f"{one.failure.kind}: {one.failure.message}" if one.failure else None
        row.status, row.text = "failed", ""
        if one.reply is not None:
            _fill_in(row, one.reply)
        session.add(row)
        session.flush()
        store_flags(session, [(row.id, row.text)], marked_texts([row.text]))


def _fill_in(row: Response, reply: Reply) -> None:
    row.status = _status_of(reply)
    row.text = (reply.text or "") if row.status in ("ok", "cut_off") else ""
    row.error = (reply.refusal or reply.text or None) if row.status == "refused" else None
    row.snapshot, row.request_id, row.latency_s = reply.model, reply.request_id, reply.latency_s
    row.prompt_tokens, row.completion_tokens = reply.prompt_tokens, reply.completion_tokens


def _status_of(reply: Reply) -> ResponseStatus:
    """Return what a reply is: a text, a refusal, nothing, or a text that was cut off."""
    if reply.is_refused:
        return "refused"
    if not (reply.text or "").strip():
        return "empty"
    return "cut_off" if reply.finish_reason == "length" else "ok"

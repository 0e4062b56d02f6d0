"""A run's calls -> what they brought, stored as it comes: the part of a run that needs the network."""

import asyncio
import gc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from sqlmodel import Session

from core.call_runs import opened_ledger, write_ledger
from core.chat.asking import Asker
from core.chat.exchange import ChatModel, Reply
from core.chat.ledger import Price
from core.chat.many import Answered, Call, Ending, Key, ManyCalls
from core.db import transaction
from core.errors import UserError
from core.job_process import JobContext, StoppedByRequest
from core.models import CallRun


def make_calls(
    context: JobContext,
    run: CallRun,
    chat_model: ChatModel,
    calls: Iterator[Call[Key]],
    *,
    price: Price | None,
    total: int,
    done: int,
    is_readable: Callable[[Key, Reply], bool],
    keep: Callable[[Session, Sequence[Answered[Key]]], None],
) -> Ending:
    """Make a run's calls in this process; each outcome and the account are stored in one transaction as they come.

    Args:
        context: of the run's job.
        run: as it stands in the database.
        chat_model: whom to ask.
        calls: what to ask, made as it is needed.
        price: None where it is not known.
        total: how many answers the run wants, those it has included.
        done: how many it has.
        is_readable: whether a reply needs no second asking.
        keep: stores what has come.

    Raises:
        StoppedByRequest: a stop was asked for; everything that came is stored.
        UserError: the key is not set, the endpoint refuses everything, or the budget is used up.
    """
    table, ledger, finished = type(run), opened_ledger(run, price), Counter[str](done=done)

    def store(answered: Sequence[Answered[Key]]) -> None:
        with transaction() as session:
            keep(session, answered)
            limit = int(many.pace.limit)
            write_ledger(session, table, run.id, ledger, in_flight=run.concurrency, concurrency_now=limit)
        finished["done"] += sum(one.is_last for one in answered)
        context.progress(finished["done"], total)

    async def ask_all() -> Ending:
        async with asker:
            return await many.run(calls)

    asker = Asker(chat_model)
    # Before anything is asked: a kill at any moment leaves a row that knows of these calls.
    with transaction() as session:
        write_ledger(session, table, run.id, ledger, in_flight=run.concurrency, concurrency_now=run.concurrency)
    many = ManyCalls(
        asker,
        concurrency=run.concurrency,
        ledger=ledger,
        is_readable=is_readable,
        store=store,
        stop_asked=context.stop_asked,
    )
    # What the imports left is passed over when garbage is collected while calls are under way.
    gc.collect()
    gc.freeze()
    try:
        ending = asyncio.run(ask_all())
    finally:
        with transaction() as session:
            write_ledger(session, table, run.id, ledger, in_flight=0, concurrency_now=None)
    context.progress(finished["done"], total, force=True)
    return ending


def raise_if_unfinished(ending: Ending) -> None:
    """Turn an ending that left something unasked into how a job says so.

    Raises:
        StoppedByRequest: somebody asked for a stop.
        UserError: the budget or the patience of the endpoint is at an end.
    """
    if ending.reason == "stopped":
        raise StoppedByRequest
    if ending.reason != "all asked":
        raise UserError(ending.message)

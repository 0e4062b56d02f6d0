"""Runs of many calls: their bounds, their account in the database, going on with one, giving one up."""

import re
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from core.chat.exchange import Sampling
from core.chat.ledger import Ledger, Price
from core.errors import JobError, NotFoundError, UserError
from core.jobs import ALIVE, job_now
from core.models import CallRun, Job, Person, utc_now
from core.people import needs_lead, record_event
from core.prices import price_of
from core.stored_settings import StoredChoice

Run = TypeVar("Run", bound=CallRun)

MOST_AT_ONCE = 256
MOST_TOKENS = 100_000
LONGEST_MODEL = 200
MOST_ROUNDS = 20
# What is no id is not looked up: the database may be unable to take it.
_RUN_ID = re.compile(r"[a-z]+-[0-9]{8}-[0-9a-f]{8}")


@dataclass(frozen=True)
class RunBounds:
    """How a run goes about its calls: rounds, calls at once, and what it may use."""

    rounds: int = 1
    concurrency: int = 8
    budget_usd: float | None = None
    budget_calls: int | None = None


@dataclass(frozen=True)
class CallsMade:
    """What a run has used so far, with failed attempts by kind; `cost_usd` is None where no price is known.

    At most `lost_calls` more were under way when a process was killed, and calls whose outcome is not known may have
    cost up to `reserved_usd` more.
    """

    calls: int
    retries: int
    cost_usd: float | None
    failures: dict[str, int]
    lost_calls: int
    reserved_usd: float


def calls_made(run: CallRun) -> CallsMade:
    """Return what a run has used, as its row says."""
    return CallsMade(
        calls=run.calls,
        retries=run.retries,
        cost_usd=run.cost_usd,
        failures=dict(run.failures),
        lost_calls=run.lost_calls,
        reserved_usd=run.reserved_usd,
    )


def new_run_id(kind: str) -> str:
    """Return a new run's id, such as "judge-20261121-9f3b0c1d"."""
    return f"{kind}-{utc_now():%Y%m%d}-{secrets.token_hex(4)}"


def run_with_id(session: Session, table: type[Run], run_id: str) -> Run:
    """Return a run.

    Raises:
        NotFoundError: there is none with that id.
    """
    run = session.get(table, run_id) if _RUN_ID.fullmatch(run_id) else None
    if run is None:
        raise NotFoundError(f"There is no run {run_id[:80]!r}. Look at the list under Responses and judges.")
    return run


def check_bounds(bounds: RunBounds) -> None:
    """Refuse bounds that cannot be meant.

    Raises:
        UserError: a number is out of its range.
    """
    if not 1 <= bounds.rounds <= MOST_ROUNDS:
        raise UserError(f"Rounds are 1 to {MOST_ROUNDS}.")
    if not 1 <= bounds.concurrency <= MOST_AT_ONCE:
        raise UserError(f"Calls at once are 1 to {MOST_AT_ONCE}.")
    if bounds.budget_usd is not None and not 0 < bounds.budget_usd < 1_000_000:
        raise UserError("A budget in dollars is above 0. Leave it out for none.")
    if bounds.budget_calls is not None and not 1 <= bounds.budget_calls < 2**31:
        raise UserError("A budget in calls is 1 or more. Leave it out for none.")


def check_model(model: str, sampling: Sampling) -> None:
    """Refuse a model and a sampling that cannot be meant, before they reach the database or an endpoint.

    Raises:
        UserError: that is so.
    """
    if not model.strip() or len(model) > LONGEST_MODEL or not model.isprintable():
        raise UserError(f"A run needs the name of a model, as its endpoint knows it: 1 to {LONGEST_MODEL} characters.")
    if not 1 <= sampling.max_tokens <= MOST_TOKENS:
        raise UserError(f"What comes back is 1 to {MOST_TOKENS:,} tokens long.")
    if not all(number is None or 0 <= number <= 2 for number in (sampling.temperature, sampling.top_p)):
        raise UserError("Temperature is 0 to 2, and so is top p.")
    if sampling.seed is not None and abs(sampling.seed) >= 2**53:
        raise UserError("A seed has at most 15 digits.")
    if sampling.reasoning_effort is not None and not sampling.reasoning_effort.isalpha():
        raise UserError("Reasoning effort is a word, such as low or high.")


def check_choice(chosen: StoredChoice) -> None:
    """Refuse a choice that no database can look for.

    Raises:
        UserError: a text in it has characters that are none, or its limit is out of range.
    """
    for name, held in chosen.as_stored().items():
        for entry in held if isinstance(held, list) else [held]:
            if isinstance(entry, str) and not entry.isprintable():
                raise UserError(f"{entry!r} is no {name.removesuffix('s')}. Type it again.")
            if isinstance(entry, int) and not 0 < entry < 2**31:
                raise UserError(f"{entry:,} is out of range.")


def check_price(session: Session, *, model: str, bounds: RunBounds) -> None:
    """Refuse a budget in dollars for a model whose price nobody knows.

    Raises:
        UserError: that is so.
    """
    if bounds.budget_usd is not None and price_of(session, model) is None:
        raise UserError(
            f"The price of {model} is not known, so a budget in dollars cannot be kept. Enter its price "
            f"(cross-review price {model} --input-usd X --output-usd Y, or under Prices), or bound the calls instead."
        )


def unfinished_run(
    session: Session,
    table: type[Run],
    *same: ColumnElement[bool] | bool,
    chosen: StoredChoice,
    bounds: RunBounds,
) -> Run | None:
    """Return the newest run that can be gone on with, wants as many rounds of the same choice and is the `same`."""
    rows = session.exec(
        select(table)
        .join(Job, col(Job.id) == table.job_id)
        .where(
            *same,
            table.rounds == bounds.rounds,
            col(table.closed_at).is_(None),
            col(Job.state).not_in((*ALIVE, "done")),
        )
        .order_by(col(table.created_at).desc())
    )
    return next((run for run in rows if run.selection == chosen.as_stored()), None)


def resumable(session: Session, run: CallRun) -> Job:
    """Return the job of a run that may be started again.

    Raises:
        JobError: it is under way, finished or given up.
    """
    job = job_now(session, run.job_id)
    if run.closed_at is not None:
        raise JobError(f"The run {run.id} was given up. Start a new one.")
    if job.state in ALIVE:
        raise JobError(f"The run {run.id} is under way. Wait for it or pause it first.")
    if job.state == "done":
        raise JobError(f"The run {run.id} is finished. Start a new one for what is missing.")
    return job


def give_up_run(session: Session, run: CallRun, *, author: Person) -> None:
    """Close a run for good: what it has brought stays, what is missing can be asked for by a new one.

    Raises:
        UserError: the person is an expert.
    """
    needs_lead(author, "give up a run")
    run.closed_at = utc_now()
    session.add(run)
    record_event(session, person=author, kind="run_given_up", subject=f"run/{run.id}")


def opened_ledger(run: CallRun, price: Price | None) -> Ledger:
    """Return the account of a run that starts, or goes on.

    After a kill nobody knows what became of the calls that were under way: each is counted as made, and as if it had
    cost the most it could.
    """
    return Ledger(
        price=price,
        budget_usd=run.budget_usd,
        budget_calls=run.budget_calls,
        calls=run.calls,
        lost_calls=run.lost_calls + run.in_flight,
        retries=run.retries,
        cost_usd=run.cost_usd or 0.0,
        reserved_usd=run.reserved_usd + run.in_flight * run.largest_call_usd,
        is_price_known=price is not None and run.cost_usd is not None,
        failures=Counter(run.failures),
        largest_call_usd=run.largest_call_usd,
    )


def write_ledger(
    session: Session, table: type[CallRun], run_id: str, ledger: Ledger, *, in_flight: int, concurrency_now: int | None
) -> None:
    """Write a run's account down, in the transaction that stores what its calls brought."""
    session.execute(
        update(table)
        .where(col(table.id) == run_id)
        .values(
            # Calls that are under way now are counted by `in_flight` until it is known what became of them.
            calls=ledger.calls - ledger.under_way,
            lost_calls=ledger.lost_calls,
            retries=ledger.retries,
            cost_usd=ledger.cost_usd if ledger.is_price_known else None,
            reserved_usd=ledger.reserved_usd,
            largest_call_usd=ledger.largest_call_usd,
            in_flight=in_flight,
            failures=dict(ledger.failures),
            concurrency_now=concurrency_now,
        )
    )


def runs_alive(session: Session, table: type[Run]) -> Sequence[Run]:
    """Return the runs whose jobs are under way, oldest first. Needs a `transaction()`."""
    rows = session.exec(
        select(table, Job).join(Job, col(Job.id) == table.job_id).where(col(Job.state).in_(ALIVE)).order_by(table.id)
    ).all()
    return [run for run, job in rows if job_now(session, job.id).state in ALIVE]

"""Runs of many calls: their bounds, their account in the database, going on with one, giving one up."""

import re
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from sqlmodel import Session, col, select, update

from core.chat.ledger import Ledger, Price
from core.errors import JobError, NotFoundError, UserError
from core.jobs import ALIVE, job_now
from core.models import CallRun, Job, Person, utc_now
from core.people import needs_lead, record_event

Run = TypeVar("Run", bound=CallRun)

MOST_AT_ONCE = 256
MOST_ROUNDS = 20
# What is no id is not looked up: the database may be unable to take it.
_RUN_ID = re.compile(r"[a-z]+-[0-9]{8}-[0-9a-f]{8}")


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


def checked_bounds(*, rounds: int, concurrency: int, budget_usd: float | None, budget_calls: int | None) -> None:
    """Refuse bounds of a run that cannot be meant.

    Raises:
        UserError: a number is out of its range.
    """
    if not 1 <= rounds <= MOST_ROUNDS:
        raise UserError(f"Rounds are 1 to {MOST_ROUNDS}.")
    if not 1 <= concurrency <= MOST_AT_ONCE:
        raise UserError(f"Calls at once are 1 to {MOST_AT_ONCE}.")
    if budget_usd is not None and not 0 < budget_usd < 1_000_000:
        raise UserError("A budget in dollars is above 0. Leave it out for none.")
    if budget_calls is not None and budget_calls < 1:
        raise UserError("A budget in calls is 1 or more. Leave it out for none.")


def checked_price(price: Price | None, model: str, *, budget_usd: float | None) -> None:
    """Refuse a budget in dollars for a model whose price nobody knows.

    Raises:
        UserError: that is so.
    """
    if budget_usd is not None and price is None:
        raise UserError(
            f"The price of {model} is not known, so a budget in dollars cannot be kept. Enter its price "
            f"(cross-review price {model} --input-usd X --output-usd Y, or under Prices), or bound the calls instead."
        )


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


def change_budget(
    session: Session, run: CallRun, *, budget_usd: float | None, budget_calls: int | None, author: Person
) -> None:
    """Set the budget of a run that is not under way; what was used before counts."""
    needs_lead(author, "change the budget of a run")
    checked_bounds(rounds=run.rounds, concurrency=run.concurrency, budget_usd=budget_usd, budget_calls=budget_calls)
    run.budget_usd, run.budget_calls = budget_usd, budget_calls
    session.add(run)
    record_event(session, person=author, kind="budget", subject=f"run/{run.id}", usd=budget_usd, calls=budget_calls)


def give_up_run(session: Session, run: CallRun, *, author: Person) -> None:
    """Close a run for good: what it has brought stays, what is missing can be asked for by a new one."""
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
